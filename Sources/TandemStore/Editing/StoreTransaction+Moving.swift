import LosslessJSON
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
        guard try makeRoom(for: row, in: collection.id) else { throw Self.nameIsTaken }
        // What was sent and not found may arrive late, and must not be made elsewhere meanwhile.
        let isKnownThere =
            try row.base != nil || row.missingSince != nil || edit.isInFlight(row)
        try edit.begin(&row, sendUpdates: sendUpdates)
        if isKnownThere { row.movedFrom = row.movedFrom ?? left.id }
        if row.movedFrom == collection.id { row.movedFrom = nil }
        row.collection = collection.id
        try takeInstances(of: row, from: left.id)
        if !row.isDirty { edit.settle(&row) }
        var entry = LocalEdit.Entry(verb: .moved, before: live, after: live)
        entry.changes = [.place(from: left.id, to: collection.id)]
        row = try edit.write(row, entry)
        // Its provider never had it there, so that it is not to be looked for there.
        if !isKnownThere, let name = row.remoteID { try resources.noteLeft(name, from: left.id) }
        return row
    }

    /// Takes the instances of a series along: they lie where it lies, here and at the provider,
    /// which moves them with it.
    ///
    /// - Parameters:
    ///   - series: The series as it now lies, and the full listing that saw it there.
    ///   - left: Where its instances lie so far.
    ///   - isMovedThere: Whether somebody else moved it: then the listing that tells of it brings
    ///     what was not edited here, too, and may have brought it already.
    /// - Throws: ``TandemError`` with code `invalid` where a move made here would meet a resource of
    ///   the same name; ``StoreError``.
    public func takeInstances(
        of series: StoredResource, from left: CollectionID, isMovedThere: Bool = false
    ) throws {
        guard series.projection.isSeries, let name = series.remoteID else { return }
        for var instance in try resources.exceptions(of: name, in: left)
        where instance.deletedAt == nil && (instance.isDirty || !isMovedThere) {
            guard try makeRoom(for: instance, in: series.collection) else {
                if isMovedThere { continue }
                throw Self.nameIsTaken
            }
            instance.lie(with: series)
            try resources.update(instance)
        }
    }

    /// A name is unique in a collection; something that is gone gives its name up.
    /// - Returns: Whether the name is free there now.
    private func makeRoom(
        for row: StoredResource, in collection: CollectionID
    ) throws -> Bool {
        guard let remoteID = row.remoteID,
            let namesake = try resources.find(remoteID: remoteID, in: collection),
            namesake.id != row.id, namesake.collection == collection,
            namesake.remoteID == remoteID
        else { return true }
        guard namesake.deletedAt != nil else { return false }
        try resources.forgetName(of: namesake)
        return true
    }

    private static var nameIsTaken: TandemError {
        TandemError(
            .invalid, "That collection has an item of the same id already.",
            remedy: "Delete one of the two.")
    }
}

extension StoredResource {
    /// Lays an instance where its series lies; what the provider has as a part of the series alone
    /// lies nowhere there.
    fileprivate mutating func lie(with series: StoredResource) {
        let place = movedFrom ?? collection
        collection = series.collection
        guard base != nil, !isUnseen else { return }
        movedFrom = series.movedFrom
        guard place != movedFrom ?? collection else { return }
        // Moved at the provider, it is there as surely as the series is.
        generation = series.generation
        pendingDelete = nil
        missingSince = nil
    }
}
