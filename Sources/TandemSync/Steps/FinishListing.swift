import LosslessJSON
import TandemCore
import TandemStore

/// What is decided once a listing was read to its end.
extension PassTransaction {
    func finishListing(
        _ collection: inout RemoteCollection, listing: Listing, rules: any KindRules,
        into summary: inout PageSummary
    ) throws {
        if listing == .full, let generation = collection.listing?.generation {
            // Where nothing was ever listed before, nothing can have vanished.
            if generation > 1, try !listsNameless(collection) {
                summary.signs += try sweep(before: generation, in: collection, rules: rules)
            }
            // Counted when it is complete: one that broke off must not bar the next try. The first
            // one repeats nothing, and a person asks as often as they like.
            if collection.generation > 0, !context.isFull { collection.noteFullListing(at: now) }
            collection.generation = generation
            collection.listing = nil
            try store.resources.noteNotReturned(to: collection.id)
        }
        summary.asksForDeletes = try store.resources.hasPlainDeletes(in: collection.id)
    }

    /// Whether the listing brought something without a name: that may be any of what is missing.
    private func listsNameless(_ collection: RemoteCollection) throws -> Bool {
        try !store.quarantine.nameless(in: collection.id).isEmpty
    }

    /// What listings asked to delete.
    private struct AskedFor {
        /// What nobody has to decide on.
        var deletes: [StoredResource] = []
        /// What may lie where it lay before, and passes once it is known that it does not.
        var later: [StoredResource] = []
        /// What was edited here and is missing from a full listing; it is decided on one by one.
        var edited: [StoredResource] = []

        /// All that counts where the question is how much the listing lacks.
        var all: [StoredResource] { deletes + later + edited }
    }

    private func deletesAskedFor(in collection: CollectionID) throws -> AskedFor {
        var asked = AskedFor()
        for row in try store.resources.pendingDeletes(in: collection)
        where row.hold == nil && row.deletedAt == nil {
            if row.isDirty {
                if row.pendingDelete?.cause == .sweep { asked.edited.append(row) }
            } else if try mayHaveReturned(row) {
                asked.later.append(row)
            } else {
                asked.deletes.append(row)
            }
        }
        return asked
    }

    /// Only a complete listing proves anything by what it does not name.
    private func sweep(
        before generation: Int64, in collection: RemoteCollection, rules: any KindRules
    ) throws -> [ResourceID] {
        try store.resources.unseen(in: collection.id, before: generation).flatMap { row in
            let cause = PendingDelete(cause: .sweep, run: context.run)
            return try meetTombstone(of: row, cause: cause, rules: rules, in: collection)
        }
    }

    /// Lets the deletes that the listing asked for pass the gate together, or stops them together.
    ///
    /// Not before every collection was read: what is gone from one may have moved to another.
    func passDeletes(in collection: RemoteCollection) throws -> DeleteSummary {
        let rules = try rules(of: collection)
        var summary = DeleteSummary()
        let askedFor = try deletesAskedFor(in: collection.id)
        guard !askedFor.deletes.isEmpty else { return summary }
        if let live = try context.gate.stopped(
            independent(askedFor.all), in: collection.id, of: store)
        {
            // All of them, since what passed later would be the rest of one mass delete.
            let held = askedFor.deletes + askedFor.later
            for var row in held {
                row.hold = .pullHeld
                try store.resources.update(row)
            }
            _ = try store.holds.add(
                collection: collection.id, direction: .pull, resources: held.map(\.id), of: live)
            summary.held = held.count
            return summary
        }
        for row in askedFor.deletes {
            if row.isSeen { summary.deleted += 1 }
            // An exception may be gone already, with its series.
            guard let left = try store.resources.find(row.id), left.deletedAt == nil else {
                continue
            }
            summary.conflicts += try remove(left, in: collection, rules: rules)
        }
        return summary
    }

    /// The exceptions of a series go with it, so they do not count on their own; what stands for a
    /// cancelled instance was no thing to lose.
    private func independent(_ rows: [StoredResource]) -> Int {
        let going = Set(rows.compactMap(\.remoteID))
        return rows.count {
            guard !$0.projection.isCancelled else { return false }
            guard let series = $0.projection.exception?.series else { return true }
            return !going.contains(series)
        }
    }

    /// Takes a resource away here, because the remote has it no more.
    /// - Returns: How many conflicts wait because edits of its instances lost their slots.
    @discardableResult
    func remove(
        _ row: StoredResource, in collection: RemoteCollection, rules: any KindRules,
        cause: DeleteCause? = nil
    ) throws -> Int {
        var row = row
        let cause = cause ?? (row.pendingDelete?.cause == .sweep ? .sweep : .tombstone)
        let (before, wasSeen) = (row.live, row.isSeen)
        row.pendingDelete = nil
        row.hold = nil
        row.movedFrom = nil
        row.local = .unchanged
        row.deletedAt = now
        try store.resources.update(row)
        for conflict in try store.conflicts.open(for: row.id) {
            try store.conflicts.resolve(conflict.id, as: .moot)
        }
        // A cancelled instance was nothing to see, so nothing is told.
        if wasSeen || before == nil {
            try log(
                .deleted, resource: row.id, kind: row.kind, in: collection,
                title: row.projection.title, before: before, after: nil, rules: rules,
                cause: cause)
        }
        try forgetCollection(of: row)
        return try removeExceptions(of: row, cause: cause, rules: rules)
    }

    /// Without its entry in the list of collections a collection is out of sight; its resources
    /// stay, and what waits in it is set aside, since nobody is there any more to take it.
    private func forgetCollection(of row: StoredResource) throws {
        for var collection in try store.collections.list(of: context.account)
        where collection.resource == row.id && !collection.isGone {
            collection.isGone = true
            try store.collections.update(collection)
            var summary = SettleSummary()
            let left =
                try store.resources.dirty(in: collection.id)
                + store.resources.movingOut(of: collection.id)
            for item in left where item.hold == nil {
                try setAside(
                    item, body: nil,
                    why: "The collection '\(collection.name)' is gone at the provider, so the edit "
                        + "cannot be sent; drop it, or make the item anew elsewhere.",
                    in: collection, into: &summary)
            }
        }
    }
}
