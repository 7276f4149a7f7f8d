public import LosslessJSON
public import TandemCore

extension StoreTransaction {
    /// Takes back whatever was done to a resource here and is not pushed yet.
    ///
    /// What was never sent is gone. Where an edit is on its way, the former version becomes a new
    /// edit, so that it wins once the answer is known. Nobody is mailed about it.
    ///
    /// - Parameters:
    ///   - resource: The resource as the caller saw it.
    ///   - run: The run of the command that takes it back.
    ///   - operation: The edit that this is a part of; `nil` for one on its own.
    /// - Returns: The resource as it is now; as it was, where nothing waits.
    /// - Throws: ``StoreError``, with code `stale` where it changed after it was read.
    public func revertLocally(
        _ resource: StoredResource, run: RunID?, operation: OperationID? = nil
    ) throws -> StoredResource {
        let edit = LocalEdit(in: self, run: run, operation: operation)
        var row = try edit.current(resource)
        guard row.isDirty, row.deletedAt == nil else { return row }
        let before = row.live
        let intents = try intents.open(for: row.id)
        try edit.begin(&row, sendUpdates: .none)
        // Nobody asked for mail about what takes an edit back.
        row.sendUpdates = .none
        var entry = LocalEdit.Entry(verb: .deleted, before: before)
        if let place = row.movedFrom, !intents.contains(where: { $0.verb == .move }) {
            let moved = row.collection
            row.collection = place
            row.movedFrom = nil
            try takeInstances(of: row, from: moved)
            entry.changes = [.place(from: moved, to: place)]
        }
        guard let base = row.base, !row.isUnseen || !intents.isEmpty else {
            if intents.isEmpty {
                // An instance of a series is that again, and no resource of its own.
                row.base = nil
                row.deletedAt = environment.now()
                edit.settle(&row)
                for conflict in try conflicts.open(for: row.id) {
                    try conflicts.resolve(conflict.id, as: .moot)
                }
            } else {
                row.local = .deleted
            }
            return try edit.write(row, entry)
        }
        if intents.isEmpty { edit.settle(&row) } else { row.local = .edited(base) }
        let rules = try rulebook.rules(for: row.kind)
        let isOnlyMoved =
            !entry.changes.isEmpty && before.map(rules.canonical) == rules.canonical(base)
        entry.verb = before == nil ? .restored : isOnlyMoved ? .moved : .updated
        entry.after = base
        return try edit.write(row, entry)
    }

    /// Brings back a resource that was deleted.
    ///
    /// A delete that still waits is taken back. What both sides deleted is made anew under another
    /// name, since a provider does not give a name out twice; ours stays.
    ///
    /// - Parameters:
    ///   - resource: The resource as the caller saw it.
    ///   - json: The version that comes back, such as the log's `before`.
    ///   - sendUpdates: Whom the provider may mail about it.
    ///   - run: The run of the command that brings it back.
    ///   - operation: The edit that this is a part of; `nil` for one on its own.
    /// - Returns: The resource as it is now.
    /// - Throws: ``TandemError`` with code `invalid` where it is not deleted or the rules refuse it,
    ///   `denied` where the account may not write; ``StoreError``, with code `stale` where it
    ///   changed after it was read.
    public func restoreLocally(
        _ resource: StoredResource, to json: JSON, sendUpdates: SendUpdates = .none, run: RunID?,
        operation: OperationID? = nil
    ) throws -> StoredResource {
        let edit = LocalEdit(in: self, run: run, operation: operation)
        var row = try edit.current(resource)
        guard row.live == nil else {
            throw TandemError(.invalid, "The item is not deleted.")
        }
        _ = try edit.writableCollection(row.collection)
        let rules = try rulebook.rules(for: row.kind)
        try edit.begin(&row, sendUpdates: sendUpdates)
        let version: JSON
        if row.deletedAt == nil, let base = row.base {
            version = json
            row.local = .edited(json)
            if rules.canonical(json) == rules.canonical(base), try !edit.isInFlight(row) {
                edit.settle(&row)
            }
        } else {
            let remoteID = try nameOfNextLife(of: row, as: json, rules: rules)
            version = rules.recreated(json, as: remoteID)
            row.deletedAt = nil
            row.base = nil
            row.etag = nil
            row.remoteID = remoteID
            row.hold = nil
            row.local = .edited(version)
        }
        try rules.validate(version)
        return try edit.write(row, LocalEdit.Entry(verb: .restored, after: version))
    }

    /// A name that nothing here has or had.
    ///
    /// The names on the way to it are noted, too: another machine may have brought the resource to
    /// life already.
    private func nameOfNextLife(
        of row: StoredResource, as json: JSON, rules: any KindRules
    ) throws -> RemoteID? {
        guard let collection = try collections.find(row.collection) else { return nil }
        var name = row.remoteID
        var names = [name].compactMap { $0 }
        for _ in 0..<Revivals.mostLives {
            name = revivals.nextName(after: name, of: json, rules: rules)
            guard let next = name else { break }
            names.append(next)
            let isTaken =
                try resources.find(remoteID: next, in: collection.id) != nil
                || !resources.elsewhere(next, than: collection).isEmpty
            guard isTaken else { break }
        }
        if row.remoteID != nil { try revivals.note(names, of: row) }
        return name
    }
}
