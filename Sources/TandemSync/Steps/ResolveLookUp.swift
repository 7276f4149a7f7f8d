import LosslessJSON
import TandemCore
import TandemStore

/// Storing what a look-up found.
extension PassTransaction {
    /// How long a write of something missing rests before it is tried again.
    private static let restWhileMissing = Duration.seconds(60)

    func resolve(
        _ request: PushRequest, found: LookUp, in collection: RemoteCollection
    ) throws -> SettleSummary {
        let rules = try rules(of: collection)
        var summary = SettleSummary()
        guard let intent = try store.intents.find(request.operation),
            let row = try store.resources.find(intent.resource)
        else { return summary }
        switch found {
        case .present(let remote) where !remote.isTombstone:
            try settlePresent(intent, row, remote, in: collection, rules, into: &summary)
        case .present, .tombstone:
            // Where a move led to the thing may have been before, and have gone from.
            guard intent.verb != .move else {
                try settleAbsent(intent, row, in: collection)
                break
            }
            try settleTombstone(intent, row, in: collection, into: &summary)
        case .absent:
            try settleAbsent(intent, row, in: collection)
        }
        return summary
    }

    /// What was not made, or not moved, is sent again; but what was refused because it is not where
    /// it lay, and has not arrived either, is missing like any other.
    private func settleAbsent(
        _ intent: Intent, _ row: StoredResource, in collection: RemoteCollection
    ) throws {
        try store.intents.remove(intent.id)
        let isRefusedMove = intent.verb == .move && intent.outcome == .pending
        if intent.verb == .create, intent.outcome == .unknown {
            // It may arrive yet: moved meanwhile, it is made where it was sent, and moved then.
            var row = row
            row.missingSince = row.missingSince ?? now
            try store.resources.update(row)
        }
        guard [.patch, .delete].contains(intent.verb) || isRefusedMove else { return }
        try noteMissing(row, in: collection)
    }

    /// What the remote now holds is met like any pulled version; what we sent is known to it.
    private func settlePresent(
        _ intent: Intent, _ row: StoredResource, _ remote: RemoteResource,
        in collection: RemoteCollection, _ rules: any KindRules, into summary: inout SettleSummary
    ) throws {
        try store.intents.remove(intent.id)
        guard !mayBeItsSeries(remote, row, sent: intent.local, rules) else {
            return try leaveToSeries(row, found: remote, rules)
        }
        let former = row
        var row = row
        var place = collection
        let hasOwnName = row.remoteID != nil && row.remoteID != remote.remoteID
        if let twin = try twin(of: row, named: remote.remoteID, in: collection) {
            return try giveWay(row, to: twin, remote, in: collection, rules, into: &summary)
        }
        if intent.verb == .move {
            place = try self.place(of: intent, row)
            row.movedFrom = place.id == row.collection ? nil : place.id
            row.generation = max(place.generation, place.listing?.generation ?? 0)
            try store.takeInstances(of: row, from: row.collection)
            summary.hasMoved = true
        }
        let wasDirty = row.isDirty || intent.verb == .move
        var page = PageSummary()
        // Under another name than ours it is not what we sent, so nothing of ours is known to it.
        try meet(
            remote, row: row, in: place, rules: rules, sent: hasOwnName ? nil : intent.local,
            mayBeAnothers: try mayBeAnothers(intent, row), into: &page)
        summary.conflicts += page.conflicts
        summary.broughtBack += page.broughtBack
        guard wasDirty, let after = try store.resources.find(row.id), !after.isDirty,
            page.conflicts == 0, page.broughtBack.isEmpty
        else { return }
        if intent.verb == .create {
            summary.pushed.created += 1
        } else {
            summary.pushed.updated += 1
            try removeLostExceptions(of: former, by: intent, rules: rules)
        }
    }

    /// Whether what a write found may be another's making: it was refused because its id is taken, an
    /// earlier one may have arrived that said something else, or it brings to life what other
    /// machines bring to life under the same name.
    func mayBeAnothers(_ intent: Intent, _ row: StoredResource) throws -> Bool {
        try intent.outcome == .pending || intent.editNumber > 1 || hasOtherMakers(row)
    }

    /// Whether what was found may be no more than what a series says of an instance that is none of
    /// its own yet: then it tells what somebody made of the series, and nothing of the instance.
    ///
    /// Also where that is what the edit began from: taken for the instance's own, its version would
    /// make the next change of the series one of the instance.
    ///
    /// A provider that refused twice counts versions in its own way, so the found one is taken.
    private func mayBeItsSeries(
        _ found: RemoteResource, _ row: StoredResource, sent: JSON?, _ rules: any KindRules
    ) -> Bool {
        guard row.isNoneOfItsOwn, row.pushRounds < 2 else { return false }
        return sent.map(rules.canonical) != rules.canonical(found.json)
    }

    /// Takes nothing of what a series says of an instance, and lets the edit be sent again: at once
    /// where that is what it began from, else when it was read what became of the series.
    private func leaveToSeries(
        _ instance: StoredResource, found: RemoteResource, _ rules: any KindRules
    ) throws {
        guard instance.base.map(rules.canonical) == rules.canonical(found.json) else {
            return try restUntilRead(instance.id, rounds: 0)
        }
        var instance = instance
        instance.pushRounds = 0
        try store.resources.update(instance)
    }

    /// A creation of ours met a thing that is here already under an id of its own, such as an event
    /// of the same UID: where that says the same, ours goes on as it; where it says something else,
    /// or is about to be deleted here, ours is set aside, for a person to compare.
    private func giveWay(
        _ row: StoredResource, to twin: StoredResource, _ remote: RemoteResource,
        in collection: RemoteCollection, _ rules: any KindRules, into summary: inout SettleSummary
    ) throws {
        // The provider names such things, and found an older one: ours was not made.
        guard row.remoteID != nil else { return }
        let side = LocalSide(base: nil, edit: LocalSide.Edit(row.local), sent: nil)
        if twin.live != nil,
            case .merged(nil, let clashes) = Reconciler(rules: rules).meet(remote.json, with: side),
            clashes.isEmpty
        {
            var row = row
            let before = row.live
            row.local = .unchanged
            row.deletedAt = now
            try store.resources.update(row)
            return try log(
                .deleted, resource: row.id, kind: row.kind, in: collection,
                title: row.projection.title, before: before, after: nil, rules: rules,
                cause: .adopted(twin.id))
        }
        try setAside(
            row, body: nil,
            why: "This is there already, as \(twin.id): edit that one, or drop this.",
            in: collection, into: &summary)
    }

    func settleTombstone(
        _ intent: Intent, _ row: StoredResource, in collection: RemoteCollection,
        into summary: inout SettleSummary
    ) throws {
        // Somebody moved it on meanwhile; what this collection says of it is history.
        let isHere = row.collection == collection.id || row.movedFrom == collection.id
        if !isHere || !mayBeMetWithSent(intent, row) { try store.intents.remove(intent.id) }
        guard isHere else { return }
        if intent.verb == .delete { summary.pushed.deleted += 1 }
        let rules = try rules(of: collection)
        var row = row
        if intent.verb == .create, row.live != nil, row.base == nil {
            // It has another name since.
            guard row.remoteID == intent.target else { return }
            // Our id was used, and is not free again, so another one is chosen; unless what bears
            // it was moved, and waits in another collection.
            row.pendingDelete = PendingDelete(cause: .tombstone, run: context.run)
            try store.resources.update(row)
            summary.signs.append(row.id)
            return
        }
        summary.signs += try meetTombstone(
            of: row, cause: PendingDelete(cause: .tombstone, run: context.run), rules: rules,
            in: collection)
    }

    /// Whether what is gone from where a write was sent may be met elsewhere with what was sent.
    ///
    /// Somebody moved it on then, and what was edited since is merged by what was sent. So the write
    /// is kept until the thing is met, or sure to be gone.
    private func mayBeMetWithSent(_ intent: Intent, _ row: StoredResource) -> Bool {
        intent.outcome == .unknown && [.create, .patch].contains(intent.verb)
            && row.remoteID == intent.target && row.editNumber != intent.editNumber
            && row.live != nil && row.hold == nil
    }

    /// Forgets what was sent of something that was met elsewhere, or whose fate is decided: where it
    /// lay nothing of that arrives any more.
    func forgetSent(of id: ResourceID) throws {
        guard let row = try store.resources.find(id), row.pendingDelete == nil else { return }
        for intent in try store.intents.open(for: id)
        where intent.outcome == .unknown && [.create, .patch].contains(intent.verb) {
            try store.intents.remove(intent.id)
        }
    }

    /// "Not found" may be a hiccup or a lost permission, so it deletes nothing: the write rests, and
    /// from the second time on a full listing tells whether the thing is still there.
    ///
    /// Where all was listed a short while ago that has to wait. The cursor stays then, since nothing
    /// else could be read without one either.
    private func noteMissing(_ row: StoredResource, in collection: RemoteCollection) throws {
        var row = row
        if row.missingSince != nil {
            var collection = try self.collection(collection.id)
            if fullListing(of: collection) == .allowed { collection.cursor = nil }
            try store.collections.update(collection)
        }
        row.missingSince = row.missingSince ?? now
        row.parkedUntil = now.advanced(by: Self.restWhileMissing)
        try store.resources.update(row)
    }
}
