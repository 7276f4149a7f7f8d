public import TandemCore

extension StoreTransaction {
    /// Takes back what waits of a resource, and whatever was done to others in the same edit.
    ///
    /// A series that was divided here is whole again: the later part goes, also where its provider
    /// has it already, the earlier part and its instances come back. An edit of a series that is
    /// taken back brings back the instances that it changed or dropped. Nobody is mailed about it.
    ///
    /// - Parameters:
    ///   - resource: The resource as the caller saw it.
    ///   - run: The run of the command that takes it back.
    /// - Returns: What was taken back, the resource first.
    /// - Throws: ``TandemError`` with code `denied` while a part of the edit is on its way, or where
    ///   the account may no longer write; ``StoreError``, with code `stale` where the resource
    ///   changed after it was read.
    public func takeBackLocally(
        _ resource: StoredResource, run: RunID?
    ) throws -> [StoredResource] {
        var taking = TakingBack(edit: LocalEdit(in: self, run: run))
        return try taking.takeBack(try taking.edit.current(resource))
    }

    /// Makes a series whole again that was divided here, where its earlier part is no longer cut:
    /// somebody else's rule for it was chosen.
    ///
    /// - Parameters:
    ///   - earlier: The earlier part.
    ///   - run: The run of the command that decides so.
    /// - Throws: ``TandemError`` with code `denied` while a part of the edit is on its way;
    ///   ``StoreError``.
    public func takeBackSplits(of earlier: StoredResource, run: RunID?) throws {
        var taking = TakingBack(edit: LocalEdit(in: self, run: run))
        try taking.takeBackSplits(of: earlier)
    }

    /// Whether the earlier part of a split still has to be cut at its provider.
    /// - Throws: ``StoreError``.
    public func isOpen(_ split: Split) throws -> Bool {
        guard let earlier = try resources.find(split.earlier), earlier.deletedAt == nil,
            let later = try resources.find(split.later), later.deletedAt == nil
        else { return false }
        // While a person has to decide on the cut, other edits of the same series are answered.
        let fields = try rulebook.rules(for: earlier.kind).slotFields
        return try earlier.acknowledgedEdit < split.edit
            || conflicts.open(for: earlier.id).contains { fields.contains($0.field) }
    }
}

/// One edit under way that takes others back.
private struct TakingBack {
    let edit: LocalEdit
    private var splits: [Split] = []
    private var vanishing: [ResourceID] = []
    private var uncut: [ResourceID] = []
    private var taken: [StoredResource] = []

    private var transaction: StoreTransaction { edit.transaction }

    init(edit: LocalEdit) { self.edit = edit }

    mutating func takeBack(_ row: StoredResource) throws -> [StoredResource] {
        try collect(from: row)
        try requireRest(of: row)
        try removeLaterParts()
        for id in uncut { try revert(id) }
        if !vanishing.contains(row.id), !uncut.contains(row.id) { try revert(row.id) }
        for operation in try operations(of: row) { try bringBack(operation) }
        let now = try find(row.id)
        return [now] + taken.filter { $0.id != row.id }
    }

    mutating func takeBackSplits(of earlier: StoredResource) throws {
        for split in try transaction.splits.cutting(earlier.id) { try remove(split) }
        try requireRest(of: earlier)
        try removeLaterParts()
        for operation in splits.map(\.operation) { try bringBack(operation) }
    }

    // MARK: What is part of it

    private mutating func collect(from row: StoredResource) throws {
        if let split = try transaction.splits.continuing(in: row.id), try transaction.isOpen(split)
        {
            try makeWhole(split)
        }
        try mend(row.id)
        guard let operation = row.operation else { return }
        for split in try transaction.splits.made(by: operation) where try transaction.isOpen(split)
        {
            try makeWhole(split)
        }
    }

    private mutating func makeWhole(_ split: Split) throws {
        guard !splits.contains(split) else { return }
        try remove(split)
        try mend(split.earlier)
    }

    private mutating func remove(_ split: Split) throws {
        guard !splits.contains(split) else { return }
        splits.append(split)
        try vanish(split.later)
    }

    /// A series that goes back to its base is no longer cut anywhere; one that never was at its
    /// provider is gone then, so that the one before it must be whole again.
    private mutating func mend(_ earlier: ResourceID) throws {
        let cuts = try transaction.splits.cutting(earlier).filter(transaction.isOpen)
        for split in cuts { try remove(split) }
        guard !cuts.isEmpty || splits.contains(where: { $0.earlier == earlier }) else { return }
        if !uncut.contains(earlier) { uncut.append(earlier) }
        if try find(earlier).base == nil,
            let split = try transaction.splits.continuing(in: earlier)
        {
            try makeWhole(split)
        }
    }

    /// A later part that goes takes with it what it was divided into.
    private mutating func vanish(_ later: ResourceID) throws {
        guard !vanishing.contains(later) else { return }
        vanishing.append(later)
        for split in try transaction.splits.cutting(later) { try remove(split) }
    }

    /// What is on its way must be known before it can be taken back.
    private func requireRest(of row: StoredResource) throws {
        for id in [row.id] + vanishing + uncut
        where try !transaction.intents.open(for: id).isEmpty {
            throw TandemError(
                .denied, "The edit is on its way; what became of it is not known yet.",
                remedy: "tandem sync")
        }
    }

    /// The edits whose other parts come back: all that divided a series, and the one of a series
    /// itself, or of the instance that went with it.
    private func operations(of row: StoredResource) throws -> [OperationID] {
        var operations = splits.map(\.operation)
        guard let own = row.operation, !operations.contains(own) else { return operations }
        if row.projection.isSeries { operations.append(own) }
        if row.local == .deleted, let link = row.projection.exception,
            let series = try transaction.resources.find(
                remoteID: link.series, in: row.collection),
            series.operation == own, series.isDirty
        {
            operations.append(own)
        }
        return operations
    }

    // MARK: Taking back

    private func find(_ id: ResourceID) throws -> StoredResource {
        guard let row = try transaction.resources.find(id) else {
            throw StoreError.notFound("item")
        }
        return row
    }

    private mutating func removeLaterParts() throws {
        for id in vanishing {
            let later = try find(id)
            if let name = later.remoteID {
                for exception in try transaction.resources.exceptions(
                    of: name, in: later.collection) where exception.live != nil
                {
                    try remove(exception)
                }
            }
            if later.live != nil { try remove(later) }
        }
        for split in splits { try transaction.splits.remove(split) }
    }

    private mutating func remove(_ row: StoredResource) throws {
        if row.isUnseen {
            // It was never more than a wish to change an instance that goes.
            _ = try transaction.revertLocally(row, run: edit.run, operation: edit.operation)
        } else {
            try transaction.deleteLocally(row, run: edit.run, operation: edit.operation)
        }
        taken.append(try find(row.id))
    }

    private mutating func revert(_ id: ResourceID) throws {
        guard !vanishing.contains(id) else { return }
        taken.append(
            try transaction.revertLocally(
                try find(id), run: edit.run, operation: edit.operation))
    }

    /// Undoes what an edit did to resources that nothing was done to since.
    private mutating func bringBack(_ operation: OperationID) throws {
        let gone = try vanishing.compactMap { try find($0).remoteID }
        for entry in try transaction.changes.list(operation: operation) {
            guard let id = entry.resource, !vanishing.contains(id), !uncut.contains(id),
                let row = try transaction.resources.find(id), row.operation == operation,
                row.projection.exception.map({ !gone.contains($0.series) }) ?? true,
                try transaction.intents.open(for: id).isEmpty
            else { continue }
            if let back = try broughtBack(row, as: entry) { taken.append(back) }
        }
    }

    private mutating func broughtBack(
        _ row: StoredResource, as entry: ChangeEntry
    ) throws -> StoredResource? {
        guard let before = entry.before else {
            // It was made by the edit; what the provider has already stays.
            guard row.live != nil, row.base == nil || row.isUnseen else { return nil }
            try remove(row)
            return nil
        }
        if row.deletedAt != nil {
            guard row.base == nil,
                let place = try transaction.collections.find(row.collection)
            else { return nil }
            return try transaction.createLocally(
                before, kind: row.kind, in: place, run: edit.run, operation: edit.operation,
                verb: .restored)
        }
        guard row.isDirty else { return nil }
        guard row.live != nil else {
            return try transaction.restoreLocally(
                row, to: before, run: edit.run, operation: edit.operation)
        }
        return try transaction.editLocally(
            row, to: before, run: edit.run, operation: edit.operation, verb: .restored)
    }
}
