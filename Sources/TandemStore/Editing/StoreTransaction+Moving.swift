public import LosslessJSON
public import TandemCore

extension StoreTransaction {
    /// Takes a resource into another collection of its account.
    ///
    /// What was never sent simply lies elsewhere; for the rest the store remembers where the remote
    /// copy is, until the move is pushed. Back at that place nothing waits any more.
    ///
    /// - Parameters:
    ///   - resource: The resource as the caller saw it.
    ///   - collection: Where it goes.
    ///   - sendUpdates: Whom the provider may mail about it; while an edit waits, the wider of both
    ///     counts.
    ///   - run: The run of the command that moves it.
    /// - Returns: The resource as it is now; as it was, where it lies there already.
    /// - Throws: ``TandemError`` with code `notFound` where it is deleted, `invalid` where the
    ///   collection belongs to another account, holds another kind or has a resource of that name,
    ///   `denied` where the account may not write; ``StoreError``, with code `stale` where it
    ///   changed after it was read.
    public func moveLocally(
        _ resource: StoredResource, to collection: RemoteCollection,
        sendUpdates: SendUpdates = .none, run: RunID?
    ) throws -> StoredResource {
        let edit = LocalEdit(in: self, run: run)
        var row = try edit.current(resource)
        guard let live = row.live else {
            throw TandemError(.notFound, "The item is deleted.")
        }
        guard row.collection != collection.id else { return row }
        guard collection.account == row.account, collection.kind == row.kind else {
            throw TandemError(
                .invalid, "An item can only move within its account, to where its like are kept.")
        }
        try edit.requireWriting(in: collection)
        let left = try edit.writableCollection(row.collection)
        try makeRoom(for: row, in: collection)
        let isKnownThere = try row.base != nil || edit.isInFlight(row)
        try edit.begin(&row, sendUpdates: sendUpdates)
        if isKnownThere { row.movedFrom = row.movedFrom ?? left.id }
        if row.movedFrom == collection.id { row.movedFrom = nil }
        row.collection = collection.id
        if !row.isDirty { edit.settle(&row) }
        var entry = LocalEdit.Entry(verb: .moved, before: live, after: live)
        entry.changes = [
            FieldChange(
                field: "collection", before: .string(left.id.rawValue),
                after: .string(collection.id.rawValue))
        ]
        return try edit.write(row, entry)
    }

    /// A name is unique in a collection; something that is gone gives its name up.
    private func makeRoom(for row: StoredResource, in collection: RemoteCollection) throws {
        guard let remoteID = row.remoteID,
            let namesake = try resources.find(remoteID: remoteID, in: collection.id),
            namesake.id != row.id, namesake.collection == collection.id,
            namesake.remoteID == remoteID
        else { return }
        guard namesake.deletedAt != nil else {
            throw TandemError(
                .invalid, "That collection has an item of the same id already.",
                remedy: "Delete one of the two.")
        }
        try resources.forgetName(of: namesake)
    }

    /// Takes back whatever was done to a resource here and is not pushed yet.
    ///
    /// What was never sent is gone. Where an edit is on its way, the former version becomes a new
    /// edit, so that it wins once the answer is known. Nobody is mailed about it.
    ///
    /// - Parameters:
    ///   - resource: The resource as the caller saw it.
    ///   - run: The run of the command that takes it back.
    /// - Returns: The resource as it is now; as it was, where nothing waits.
    /// - Throws: ``StoreError``, with code `stale` where it changed after it was read.
    public func revertLocally(
        _ resource: StoredResource, run: RunID?
    ) throws -> StoredResource {
        let edit = LocalEdit(in: self, run: run)
        var row = try edit.current(resource)
        guard row.isDirty, row.deletedAt == nil else { return row }
        let before = row.live
        let intents = try intents.open(for: row.id)
        try edit.begin(&row, sendUpdates: .none)
        // Nobody asked for mail about what takes an edit back.
        row.sendUpdates = .none
        if let place = row.movedFrom, !intents.contains(where: { $0.verb == .move }) {
            row.collection = place
            row.movedFrom = nil
        }
        guard let base = row.base, !row.isUnseen || !intents.isEmpty else {
            if intents.isEmpty {
                // An instance of a series is that again, and no resource of its own.
                row.base = nil
                row.deletedAt = environment.now()
                edit.settle(&row)
            } else {
                row.local = .deleted
            }
            return try edit.write(row, LocalEdit.Entry(verb: .deleted, before: before))
        }
        if intents.isEmpty { edit.settle(&row) } else { row.local = .edited(base) }
        return try edit.write(
            row,
            LocalEdit.Entry(
                verb: before == nil ? .restored : .updated, before: before, after: base))
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
    /// - Returns: The resource as it is now.
    /// - Throws: ``TandemError`` with code `invalid` where it is not deleted or the rules refuse it,
    ///   `denied` where the account may not write; ``StoreError``, with code `stale` where it
    ///   changed after it was read.
    public func restoreLocally(
        _ resource: StoredResource, to json: JSON, sendUpdates: SendUpdates = .none, run: RunID?
    ) throws -> StoredResource {
        let edit = LocalEdit(in: self, run: run)
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
            let remoteID = rules.makeRemoteID(
                for: rules.recreated(json, as: nil), random: environment.random)
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
}
