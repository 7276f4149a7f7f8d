import LosslessJSON
import TandemCore
public import TandemStore

extension Resolutions {
    /// Takes back what waits of a resource, and whatever was done to others in the same edit.
    ///
    /// A series that was divided here is whole again: the later part goes, also where its provider
    /// has it already, and the earlier part and its instances are as they were before the cut. An
    /// edit of a series that is taken back brings back the instances that it changed or dropped.
    /// Nobody is mailed about it.
    ///
    /// - Parameter resource: The resource as the caller saw it.
    /// - Returns: What was taken back, the resource first.
    /// - Throws: `TandemError` with code `denied` while a part of the edit is on its way;
    ///   `StoreError`, with code `stale` where the resource changed after it was read.
    public func takeBack(_ resource: StoredResource) throws -> [StoredResource] {
        var taking = TakingBack(store: store, run: run)
        return try taking.takeBack(resource)
    }
}

/// One edit under way that takes others back.
struct TakingBack {
    private let store: StoreTransaction
    private let run: RunID
    private let operation: OperationID
    private var splits: [Split] = []
    private var vanishing: [ResourceID] = []
    private var taken: [StoredResource] = []

    init(store: StoreTransaction, run: RunID) {
        self.store = store
        self.run = run
        operation = store.environment.makeID()
    }

    mutating func takeBack(_ row: StoredResource) throws -> [StoredResource] {
        var own = try store.splits.cutting(row.id)
        own += try [store.splits.continuing(in: row.id)].compactMap { $0 }
        own += try row.operation.map { try store.splits.made(by: $0) } ?? []
        for split in try own.filter(store.splits.isOpen) { try collect(split) }
        try requireRest(of: row)
        if splits.isEmpty, let carried = try carriedVersion(of: row) {
            return [try store.editLocally(row, to: carried, run: run, operation: operation)]
        }
        let operations = try operations(of: row)
        try removeLaterParts()
        for id in Set(splits.map(\.earlier)).sorted() where !vanishing.contains(id) {
            if id == row.id { try revert(id) } else { try mend(id) }
        }
        if splits.isEmpty { try revert(row.id) }
        try bringBack(operations)
        try settleSlots(of: row.projection.isSeries ? [row.id] : [])
        return [try find(row.id)] + taken.filter { $0.id != row.id }
    }

    /// Takes the later parts back, and leaves the earlier one as it is: somebody else's rule for it
    /// was chosen.
    mutating func takeBack(_ splits: [Split], of earlier: StoredResource) throws {
        for split in splits { try collect(split) }
        try requireRest(of: earlier)
        let operations = self.splits.map(\.operation)
        try removeLaterParts()
        try bringBack(operations)
        try settleSlots(of: [])
    }

    // MARK: What is part of it

    /// A later cut of the same series was made in what this one had left of it.
    private mutating func collect(_ split: Split) throws {
        guard !splits.contains(split) else { return }
        splits.append(split)
        for other in try store.splits.cutting(split.earlier)
        where other.number > split.number {
            try collect(other)
        }
        try vanish(split.later)
    }

    /// A later part that goes takes with it what it was divided into.
    private mutating func vanish(_ later: ResourceID) throws {
        guard !vanishing.contains(later) else { return }
        vanishing.append(later)
        for split in try store.splits.cutting(later) where !splits.contains(split) {
            splits.append(split)
            try vanish(split.later)
        }
    }

    /// What is on its way must be known before it can be taken back.
    private func requireRest(of row: StoredResource) throws {
        for id in [row.id] + vanishing + splits.map(\.earlier)
        where try !store.intents.open(for: id).isEmpty {
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
        let series = try row.projection.exception.flatMap {
            try store.resources.find(remoteID: $0.series, in: row.collection)
        }
        let went = row.local == .deleted && series?.operation == own && series?.isDirty == true
        if row.projection.isSeries || went { operations.append(own) }
        return operations
    }

    /// What an instance was when a division carried it over, where it was edited since.
    private func carriedVersion(of row: StoredResource) throws -> JSON? {
        guard row.isUnseen || row.base == nil, row.live != nil,
            let link = row.projection.exception,
            let series = try store.resources.find(remoteID: link.series, in: row.collection),
            let split = try store.splits.continuing(in: series.id),
            row.operation != split.operation
        else { return nil }
        return try store.changes.list(resource: row.id, operation: split.operation).last?.after
    }

    // MARK: Taking back

    private func find(_ id: ResourceID) throws -> StoredResource {
        guard let row = try store.resources.find(id) else {
            throw TandemError(.notFound, "The item '\(id)' is not in the store any more.")
        }
        return row
    }

    private func mayWrite(_ row: StoredResource) throws -> Bool {
        guard let place = try store.collections.find(row.collection) else { return false }
        return place.access.allowsWriting && !place.isGone
    }

    private mutating func removeLaterParts() throws {
        for id in vanishing {
            let later = try find(id)
            let exceptions = try later.remoteID.map {
                try store.resources.exceptions(of: $0, in: later.collection)
            }
            for exception in exceptions ?? [] where exception.live != nil {
                try remove(exception)
            }
            if later.live != nil { try remove(later) }
        }
        for split in splits {
            for clash in try store.splits.clashes(about: split) where clash.resolvedAt == nil {
                try store.conflicts.resolve(clash.id, as: .moot)
            }
            // Deleting what was left of its parts may have closed it, and so forgotten it.
            guard try store.splits.continuing(in: split.later) != nil else { continue }
            try store.splits.remove(split)
        }
    }

    /// What the provider never had is gone at once, whatever may be written there.
    private mutating func remove(_ row: StoredResource) throws {
        guard row.base != nil, !row.isUnseen, try mayWrite(row) else {
            return try revert(row.id)
        }
        try store.deleteLocally(row, run: run, operation: operation)
        taken.append(try find(row.id))
    }

    private mutating func revert(_ id: ResourceID) throws {
        taken.append(try store.revertLocally(try find(id), run: run, operation: operation))
    }

    /// Gives a series back the slots that it had before its oldest cut; other edits of it stay.
    private mutating func mend(_ earlier: ResourceID) throws {
        let row = try find(earlier)
        let cuts = splits.filter { $0.earlier == earlier }
        let oldest = cuts.min { $0.number < $1.number }
        guard let live = row.live, let oldest, try mayWrite(row) else { return try revert(earlier) }
        let rules = try store.rulebook.rules(for: row.kind)
        taken.append(
            try store.editLocally(
                row, to: rules.putting(slots: oldest.before, into: live),
                sendUpdates: row.sendUpdates, run: run, operation: operation))
    }

    /// Undoes what edits did to resources that nothing was done to since.
    private mutating func bringBack(_ operations: [OperationID]) throws {
        let untouched = Set(vanishing + splits.map(\.earlier))
        let gone = try vanishing.compactMap { try find($0).remoteID }
        for operation in operations.sorted(by: { $0.rawValue > $1.rawValue }) {
            var seen: Set<ResourceID> = []
            for entry in try store.changes.list(operation: operation).reversed() {
                guard let id = entry.resource, !untouched.contains(id), seen.insert(id).inserted,
                    let row = try store.resources.find(id), row.operation == operation,
                    row.projection.exception.map({ !gone.contains($0.series) }) ?? true,
                    try store.intents.open(for: id).isEmpty
                else { continue }
                try bringBack(row, from: entry)
            }
        }
    }

    private mutating func bringBack(_ row: StoredResource, from entry: ChangeEntry) throws {
        guard let before = entry.before else {
            // It was made by the edit; what the provider has already stays.
            if row.live != nil, row.base == nil || row.isUnseen { try remove(row) }
            return
        }
        guard let place = try store.collections.find(row.collection), try mayWrite(row) else {
            return row.isDirty ? try revert(row.id) : ()
        }
        if row.deletedAt != nil {
            guard row.base == nil else { return }
            taken.append(
                try store.createLocally(
                    before, kind: row.kind, in: place, run: run, operation: operation,
                    verb: .restored))
        } else if let live = row.live, row.isDirty {
            // What somebody else changed since stays.
            let merged = ThreeWayMerge(rules: try store.rulebook.rules(for: row.kind))
                .merge(base: entry.after ?? before, local: before, remote: live).merged
            taken.append(
                try store.editLocally(
                    row, to: merged, run: run, operation: operation, verb: .restored))
        } else if row.isDirty {
            taken.append(
                try store.restoreLocally(row, to: before, run: run, operation: operation))
        }
    }

    /// An instance that has its slot again needs nobody to decide on it.
    private func settleSlots(of series: [ResourceID]) throws {
        for id in series + splits.map(\.earlier) where !vanishing.contains(id) {
            let row = try find(id)
            guard let live = row.live, let name = row.remoteID else { continue }
            let rules = try store.rulebook.rules(for: row.kind)
            for var exception in try store.resources.exceptions(of: name, in: row.collection)
            where exception.hold == .conflict {
                guard let shown = exception.live, rules.slotExists(for: shown, in: live) else {
                    continue
                }
                for conflict in try store.conflicts.open(for: exception.id)
                where conflict.field == ConflictRecord.slot {
                    try store.conflicts.resolve(conflict.id, as: .moot)
                    exception.hold = nil
                }
                try store.resources.update(exception)
            }
        }
    }
}
