import LosslessJSON
import TandemCore
import TandemStore

/// Telling what a page's item is to us: known here, moved here by somebody else, or new.
extension PassTransaction {
    /// The resource that an item of a page means; `nil` for one that is new here.
    ///
    /// A tombstone under a former name means nothing that lives. A resource that belongs here and
    /// lay in another collection was moved by somebody else: it keeps our id.
    func known(
        _ remote: RemoteResource, in collection: RemoteCollection, rules: any KindRules,
        isFirstListing: Bool, into summary: inout PageSummary
    ) throws -> StoredResource? {
        let found = try store.resources.find(remoteID: remote.remoteID, in: collection.id)
        let isHere = found?.collection == collection.id || found?.movedFrom == collection.id
        if let found, isHere, found.remoteID == remote.remoteID {
            guard try isMoved(found, remote, to: collection, rules: rules) else { return found }
            return try follow(found, to: collection, rules: rules, into: &summary)
        }
        guard !remote.isTombstone else { return nil }
        // What a first listing brings was there before, wherever else it is.
        if !isFirstListing, rules.home(of: remote.json) == collection.remoteID,
            let moved = try store.resources.elsewhere(remote.remoteID, than: collection)
                .first(where: { try isAtHome($0, rules: rules) })
        {
            // What was brought to life again may live in two places.
            let mayLiveTwice =
                try moved.pendingDelete == nil && !store.revivals.list(of: moved.id).isEmpty
            return mayLiveTwice
                ? nil : try follow(moved, to: collection, rules: rules, into: &summary)
        }
        // It lay here before and is gone from where it went: it came back.
        if !isFirstListing, let found, !isHere, found.remoteID == remote.remoteID, isGone(found) {
            return try follow(found, to: collection, rules: rules, into: &summary)
        }
        return found?.remoteID == remote.remoteID ? found : nil
    }

    /// Whether a move that waits here was made over there already, by somebody else or by what this
    /// store forgot: what is gone from where it lay is then no deletion.
    private func isMoved(
        _ row: StoredResource, _ remote: RemoteResource, to collection: RemoteCollection,
        rules: any KindRules
    ) throws -> Bool {
        guard row.movedFrom != nil, row.collection == collection.id, !remote.isTombstone else {
            return false
        }
        return try rules.home(of: remote.json) == collection.remoteID
            && isAtHome(row, rules: rules)
    }

    /// Whether nothing of it is left where it lies: it was deleted, or all that its collection still
    /// says of it is that it was cancelled.
    private func isGone(_ row: StoredResource) -> Bool {
        row.deletedAt != nil
            || (row.projection.isCancelled && row.local == .unchanged && row.movedFrom == nil)
    }

    /// Whether the resource was no copy of a thing that belongs to another collection.
    ///
    /// What was made here, and not seen there yet, has a name that chance gave it. What bears that
    /// name there is the same thing: its answer was lost, or the store was put back to a copy.
    func isAtHome(_ row: StoredResource, rules: any KindRules) throws -> Bool {
        if row.base == nil, row.deletedAt == nil, row.projection.exception == nil {
            return row.live != nil
        }
        guard let base = row.base else { return false }
        // What was made or moved here, and answered without a word, has no version that says where.
        let isUntold = row.etag == nil && row.projection.exception == nil
        guard !isUntold, let home = rules.home(of: base) else { return isUntold }
        let place = try store.collections.find(row.movedFrom ?? row.collection)
        return place?.remoteID == home
    }

    /// Takes a resource along to where somebody else moved it; a move of ours that waits then
    /// begins there.
    private func follow(
        _ row: StoredResource, to collection: RemoteCollection, rules: any KindRules,
        into summary: inout PageSummary
    ) throws -> StoredResource {
        var row = row
        let left = row.movedFrom ?? row.collection
        // A move of ours whose answer was lost; moved on since, it still waits to be.
        let isOurs = try store.intents.open(for: row.id).contains {
            $0.verb == .move && $0.destination == collection.remoteID
        }
        let isTold = isOurs || row.movedFrom != nil && row.collection == collection.id
        if row.movedFrom != nil || isOurs {
            row.movedFrom = row.collection == collection.id ? nil : collection.id
        } else {
            row.collection = collection.id
        }
        if row.hold == .pullHeld { try store.holds.withdraw(row.id) }
        if row.hold == .quarantined {
            // Where it went it can be read now, and what was refused may be taken there.
            try store.quarantine.remove(resource: row.id)
            row.hold = nil
        }
        let hasLeft = row.pendingDelete != nil
        row.pendingDelete = nil
        row.missingSince = nil
        let wasGone = isGone(row)
        // What was made and deleted here before anybody knew it there arrived late: it is new.
        let isNew = wasGone && row.base == nil
        if !isNew { row.deletedAt = nil }
        row.generation = collection.listing?.generation ?? collection.generation
        let written = try store.resources.update(row)
        if hasLeft, let name = row.remoteID { try store.resources.noteLeft(name, from: left) }
        // Those of a series that waits to be moved elsewhere follow one by one.
        if written.movedFrom == nil {
            try store.takeInstances(of: written, from: left, isMovedThere: true)
            try liftLostSlots(of: written, rules: rules)
        }
        // A move of ours was told when it was made.
        guard try !isTold && !isNew && !goesWithSeries(written, from: left) else { return written }
        summary.pulled.updated += 1
        let shown = wasGone ? row.base : row.live
        try log(
            .moved, resource: row.id, kind: row.kind, in: collection,
            title: written.projection.title, before: shown, after: shown, rules: rules,
            changes: [.place(from: left, to: collection.id)])
        return written
    }

    /// Whether what is gone may lie in another collection, where it lay before.
    ///
    /// Pages that are read at the same time are stored in any order, so that an older one may have
    /// had the last word. A whole listing of that place tells, or that its provider says it left.
    func mayHaveReturned(_ row: StoredResource) throws -> Bool {
        try store.resources.formerPlaces(of: row).contains {
            guard let place = try store.collections.find($0) else { return false }
            return try !place.isGone && place.state != .unreachable && !isUnread(row, in: place)
        }
    }

    /// The collection that lists something unreadable under the name of what is gone: it was moved
    /// there, be it to where a move of ours leads, and nothing of it is known but that it lives.
    func placeUnread(of row: StoredResource) throws -> RemoteCollection? {
        let left = row.movedFrom ?? row.collection
        return try store.collections.list(of: row.account).first {
            try $0.kind == row.kind && $0.id != left && isUnread(row, in: $0)
        }
    }

    private func isUnread(_ row: StoredResource, in place: RemoteCollection) throws -> Bool {
        guard let name = row.remoteID else { return false }
        return try store.quarantine.find(collection: place.id, resource: nil, remoteID: name) != nil
    }

    /// Keeps what was edited here until what was moved can be read.
    func setAsideUnread(
        _ row: StoredResource, in place: RemoteCollection, into plan: inout PushPlan
    ) throws {
        guard row.hold == nil else { return }
        try store.quarantine.remove(resource: row.id)
        var summary = SettleSummary()
        try setAside(
            row, body: nil,
            why: "It was moved to '\(place.name)', where it cannot be read yet; the edit waits "
                + "until it can. Drop the edit, or make the item anew elsewhere.",
            in: collection(row.collection), into: &summary)
        plan.quarantined += summary.quarantined
    }

    /// Whether it is an instance of a series that is known here: no instance moves on its own, and
    /// the series' move is told.
    private func goesWithSeries(_ row: StoredResource, from left: CollectionID) throws -> Bool {
        guard let link = row.projection.exception else { return false }
        return try [row.collection, left].contains {
            try store.resources.find(remoteID: link.series, in: $0) != nil
        }
    }

    /// Edits of instances that were asked about when their series went from where it lay: it only
    /// moved, so their slots are there.
    private func liftLostSlots(of series: StoredResource, rules: any KindRules) throws {
        guard let name = series.remoteID, let live = series.live else { return }
        for var instance in try store.resources.exceptions(of: name, in: series.collection)
        where instance.hold == .conflict && instance.isDirty {
            let open = try store.conflicts.open(for: instance.id)
            guard let shown = instance.live, rules.slotExists(for: shown, in: live),
                let conflict = open.first(where: { $0.field == ConflictRecord.slot }),
                open.count == 1
            else { continue }
            try store.conflicts.resolve(conflict.id, as: .moot)
            instance.hold = nil
            try store.resources.update(instance)
        }
    }
}
