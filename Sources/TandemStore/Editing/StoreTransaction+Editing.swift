public import LosslessJSON
public import TandemCore

/// The one way in which local changes enter the store.
///
/// Each raises the resource's edit number, writes its row and projection and one entry of the log,
/// in the caller's transaction; nothing is sent.
extension StoreTransaction {
    /// Makes a resource here.
    ///
    /// - Parameters:
    ///   - json: The resource; a name that it carries stays, else the rules choose one, which
    ///     becomes its member `id`.
    ///   - kind: What sort of thing it is.
    ///   - collection: Where it goes.
    ///   - base: What the provider has of it as part of another resource, such as an instance of a
    ///     series; then only what differs is sent.
    ///   - sendUpdates: Whom the provider may mail about it.
    ///   - run: The run of the command that makes it.
    ///   - operation: The edit that this is a part of; `nil` for one on its own.
    ///   - verb: What the log says: a cancelled instance of a series is made by deleting it.
    /// - Returns: The resource, dirty. A resource of that name that is gone comes back with its id.
    /// - Throws: ``TandemError`` with code `invalid` where the rules refuse it or the collection has
    ///   a resource of that name, `denied` where the account may not write; ``StoreError``.
    @discardableResult
    public func createLocally(
        _ json: JSON, kind: Kind, in collection: RemoteCollection, base: JSON? = nil,
        sendUpdates: SendUpdates = .none, run: RunID?, operation: OperationID? = nil,
        verb: ChangeVerb = .created
    ) throws -> StoredResource {
        let edit = LocalEdit(in: self, run: run, operation: operation)
        try edit.requireWriting(in: collection)
        guard kind == collection.kind else {
            throw TandemError(
                .invalid, "A collection of kind '\(collection.kind)' cannot hold a '\(kind)'.")
        }
        let rules = try rulebook.rules(for: kind)
        let (named, remoteID) = name(json, by: rules)
        try rules.validate(named)
        let entry = LocalEdit.Entry(verb: verb, before: base, after: named)
        let namesake = try remoteID.flatMap {
            try resources.find(remoteID: $0, in: collection.id)
        }
        guard var row = namesake, row.remoteID == remoteID, row.collection == collection.id else {
            let draft = ResourceDraft(
                remoteID: remoteID, base: base, local: named, sendUpdates: sendUpdates,
                operation: edit.operation, run: run)
            let made = try resources.insert(draft, into: collection)
            try edit.log(made, entry)
            return made
        }
        guard row.deletedAt != nil else {
            throw TandemError(
                .invalid, "The collection has an item of that id already.",
                remedy: "Edit that item, or leave the id out.")
        }
        row.deletedAt = nil
        row.base = base
        row.etag = nil
        row.generation = base == nil ? 0 : StoredResource.unseen
        row.local = .edited(named)
        try edit.begin(&row, sendUpdates: sendUpdates)
        return try edit.write(row, entry)
    }

    /// The resource under its name: its own, or one that the rules choose.
    private func name(_ json: JSON, by rules: any KindRules) -> (JSON, RemoteID?) {
        if let own = rules.remoteID(of: json) { return (json, own) }
        let made = rules.makeRemoteID(for: json, random: environment.random)
        guard let made else { return (json, nil) }
        var named = json
        named["id"] = .string(made.rawValue)
        return (named, made)
    }

    /// Changes a resource here.
    ///
    /// What is the same in the rules' canonical form changes nothing and is not logged; but it can
    /// widen whom the provider may mail about the edit that waits. What is the
    /// same as the base again waits no longer, unless an earlier edit is on its way.
    ///
    /// - Parameters:
    ///   - resource: The resource as the caller saw it.
    ///   - json: All of its new version.
    ///   - sendUpdates: Whom the provider may mail about it; while an earlier edit waits, the wider
    ///     of both counts.
    ///   - run: The run of the command that changes it.
    ///   - operation: The edit that this is a part of; `nil` for one on its own.
    ///   - verb: What the log says.
    /// - Returns: The resource as it is now.
    /// - Throws: ``TandemError`` with code `notFound` where it is deleted, `invalid` where the rules
    ///   refuse it or its name changes, `denied` where the account may not write; ``StoreError``,
    ///   with code `stale` where it changed after it was read.
    @discardableResult
    public func editLocally(
        _ resource: StoredResource, to json: JSON, sendUpdates: SendUpdates = .none,
        run: RunID?, operation: OperationID? = nil, verb: ChangeVerb = .updated
    ) throws -> StoredResource {
        let edit = LocalEdit(in: self, run: run, operation: operation)
        var row = try edit.current(resource)
        guard let live = row.live else {
            throw TandemError(
                .notFound, "The item is deleted.",
                remedy: "While the delete still waits, take it back: tandem queue drop ID")
        }
        _ = try edit.writableCollection(row.collection)
        let rules = try rulebook.rules(for: row.kind)
        let edited = try keepName(of: row, live: live, in: json, by: rules)
        try rules.validate(edited)
        let canonical = rules.canonical(edited)
        guard canonical != rules.canonical(live) else {
            // Whom to mail can be asked for after the edit, as long as that waits.
            return try widenMailing(of: row.id, to: sendUpdates) ?? row
        }
        try edit.begin(&row, sendUpdates: sendUpdates)
        row.local = .edited(edited)
        if let base = row.base, canonical == rules.canonical(base), try !edit.isInFlight(row) {
            edit.settle(&row)
        }
        return try edit.write(row, LocalEdit.Entry(verb: verb, before: live, after: edited))
    }

    /// An edit keeps the name: one that left it out gets it back, another one is refused.
    private func keepName(
        of row: StoredResource, live: JSON, in json: JSON, by rules: any KindRules
    ) throws(TandemError) -> JSON {
        guard json.object != nil else {
            throw TandemError(.invalid, "An item must be a JSON object.")
        }
        guard let before = rules.remoteID(of: live) else { return json }
        var named = json
        if rules.remoteID(of: json) == nil, let name = live["id"] { named["id"] = name }
        guard let after = rules.remoteID(of: named), after != before else { return named }
        throw TandemError(
            .invalid, "The id of an item cannot be changed.", remedy: "Leave the id as it is.")
    }

    /// Deletes a resource here.
    ///
    /// What was never sent is gone at once, and so is what the provider deleted already; the rest
    /// is gone once the delete is pushed.
    ///
    /// - Parameters:
    ///   - resource: The resource as the caller saw it.
    ///   - sendUpdates: Whom the provider may mail about it.
    ///   - run: The run of the command that deletes it.
    ///   - operation: The edit that this is a part of; `nil` for one on its own.
    /// - Throws: ``TandemError`` with code `notFound` where it is deleted, `denied` where the
    ///   account may not write; ``StoreError``, with code `stale` where it changed after it was
    ///   read.
    public func deleteLocally(
        _ resource: StoredResource, sendUpdates: SendUpdates = .none, run: RunID?,
        operation: OperationID? = nil
    ) throws {
        let edit = LocalEdit(in: self, run: run, operation: operation)
        var row = try edit.current(resource)
        guard let live = row.live else {
            throw TandemError(.notFound, "The item is deleted already.")
        }
        _ = try edit.writableCollection(row.collection)
        let isGoneThere = try resolveConflicts(of: row) || row.hold == .unreachable
        try edit.begin(&row, sendUpdates: sendUpdates)
        if row.hold == .conflict || row.hold == .unreachable { row.hold = nil }
        if try isGoneThere || row.base == nil && !edit.isInFlight(row) {
            row.deletedAt = environment.now()
            row.movedFrom = nil
            edit.settle(&row)
        } else {
            row.local = .deleted
        }
        _ = try edit.write(row, LocalEdit.Entry(verb: .deleted, before: live))
    }

    /// Settles what no longer matters once a resource is deleted.
    /// - Returns: Whether the provider deleted it, or its slot, before.
    private func resolveConflicts(of row: StoredResource) throws -> Bool {
        var isGoneThere = false
        for conflict in try conflicts.open(for: row.id) {
            try conflicts.resolve(conflict.id, as: .moot)
            if conflict.field == ConflictRecord.delete || conflict.field == ConflictRecord.slot {
                isGoneThere = true
            }
        }
        return isGoneThere
    }
}
