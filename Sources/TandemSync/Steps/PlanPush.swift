import LosslessJSON
import TandemCore
import TandemStore

/// Working out what to send; there is no queue that could disagree with the resources.
extension PassTransaction {
    /// Computes the next independent writes of a collection and commits their intents.
    func plan(
        _ collection: RemoteCollection, limit: Int, doubt: Doubt
    ) throws -> PushPlan {
        let rules = try rules(of: collection)
        var plan = PushPlan()
        try reunite(in: collection, rules: rules, doubt: doubt, into: &plan)
        try decideOnEdited(in: collection, rules: rules, doubt: doubt, into: &plan)
        plan.held = try stopMassDelete(in: collection)
        var last: ResourceID?
        // Read in parts: what waits may be all of a large collection.
        while plan.requests.count < limit {
            let rows = try store.resources.waiting(
                in: collection.id, limit: Self.rowsRead, after: last)
            for row in rows where plan.requests.count < limit {
                last = row.id
                try consider(row, in: collection, rules: rules, into: &plan)
            }
            if rows.count < Self.rowsRead { break }
        }
        if plan.requests.count == limit {
            plan.remaining = try store.resources.countWaiting(in: collection.id) - limit
        }
        return plan
    }

    private static let rowsRead = 100

    private func consider(
        _ row: StoredResource, in collection: RemoteCollection, rules: any KindRules,
        into plan: inout PushPlan
    ) throws {
        let row = try letGoOn(row)
        guard row.hold == nil, try store.intents.open(for: row.id).isEmpty else { return }
        guard !rests(until: row.parkedUntil, atMost: Self.longestRest) else {
            plan.parked += 1
            return
        }
        guard try !settleLostSlot(row, in: collection, rules: rules, into: &plan) else { return }
        switch try otherPart(of: row) {
        case .isSettled: break
        case .comesFirst:
            plan.parked += 1
            return
        case .isHeld: return
        case .isKeptAside: return try keepAlong(row)
        }
        guard try !wasMadeElsewhere(row, rules: rules) else { return }
        if let request = try intend(row, in: collection, rules: rules) {
            plan.requests.append(request)
        }
    }

    /// No item rests longer; what says so was written before the clock was set back.
    private static let longestRest = Duration.seconds(600)

    /// A mass delete made here waits for a person, as one made there does.
    /// - Returns: How many deletes were stopped.
    private func stopMassDelete(in collection: RemoteCollection) throws -> Int {
        guard let (deletes, live) = try context.gate.massDelete(in: collection, of: store) else {
            return 0
        }
        for var row in deletes {
            row.hold = .pushHeld
            try store.resources.update(row)
        }
        _ = try store.holds.add(
            collection: collection.id, direction: .push, resources: deletes.map(\.id), of: live)
        return deletes.count
    }

    /// The write that a resource needs next, its intent stored; `nil` when it needs none, or has
    /// to wait for another resource.
    private func intend(
        _ row: StoredResource, in collection: RemoteCollection, rules: any KindRules
    ) throws -> PushRequest? {
        if try waitsForSeries(row, rules: rules) { return nil }
        guard let draft = draft(of: row, rules: rules) else {
            try settleWithoutWrite(row)
            return nil
        }
        let operation: OperationID = store.environment.makeID()
        let destination = try draft.verb == .move ? store.collections.find(row.collection) : nil
        let intent = Intent(
            id: operation, resource: row.id, collection: collection.id,
            editNumber: row.editNumber, verb: draft.verb,
            target: row.remoteID ?? RemoteID(rawValue: operation.rawValue),
            // A move changes no content, so it is bound to no version of it.
            etag: draft.verb == .move ? nil : try version(of: row),
            body: draft.body, local: row.live, sendUpdates: row.sendUpdates,
            destination: destination?.remoteID, createdAt: now, run: context.run)
        try store.intents.add(intent)
        return request(for: intent, in: collection)
    }

    /// The version that a write is meant for.
    ///
    /// An instance that is none of its own over there is at its series' version: without that
    /// condition a write would replace what somebody made of it meanwhile. A provider that counts
    /// otherwise refuses, and the look-up that follows tells the instance's own version.
    private func version(of row: StoredResource) throws -> ETag? {
        guard row.isNoneOfItsOwn, let link = row.projection.exception else { return row.etag }
        return try store.resources.find(remoteID: link.series, in: row.collection)?.etag
    }

    private struct Draft {
        var verb: IntentVerb
        var body: JSON?
    }

    private func draft(of row: StoredResource, rules: any KindRules) -> Draft? {
        if row.movedFrom != nil, row.base != nil, row.local != .deleted {
            return Draft(verb: .move, body: nil)
        }
        switch row.local {
        case .unchanged:
            return nil
        case .deleted:
            return row.base == nil ? nil : Draft(verb: .delete, body: nil)
        case .edited(let json):
            guard let base = row.base else { return Draft(verb: .create, body: json) }
            let patch = rules.patch(from: base, to: json)
            return patch.object?.isEmpty == false ? Draft(verb: .patch, body: patch) : nil
        }
    }

    /// What differs only in form, or was made and deleted unseen, is settled without a write.
    private func settleWithoutWrite(_ row: StoredResource) throws {
        var row = row
        // An instance that is as its series has it anyway is none of its own there, so it must
        // not stand here for what the series becomes.
        if row.isUnseen { row.base = nil }
        if row.base == nil, row.local == .deleted || row.isUnseen { row.deletedAt = now }
        row.local = .unchanged
        row.acknowledgedEdit = row.editNumber
        try store.resources.update(row)
    }

    /// An exception cannot be written before its series and what was edited of that, nor after its
    /// series was deleted; while that edit is held, what follows from it is held with it.
    private func waitsForSeries(_ row: StoredResource, rules: any KindRules) throws -> Bool {
        guard let link = row.projection.exception,
            let series = try store.resources.find(remoteID: link.series, in: row.collection)
        else { return false }
        guard let base = series.base, series.movedFrom == nil, series.hold != .pullHeld else {
            return true
        }
        // What a division took from the series stays until it is sure that it goes on elsewhere.
        if row.local == .deleted, let operation = row.operation,
            try store.splits.made(by: operation).contains(where: store.splits.isOpen)
        {
            return true
        }
        guard series.local != .unchanged, series.hold != nil else {
            return series.local != .unchanged
        }
        guard let live = series.live, let shown = row.live ?? row.base else { return false }
        return rules.slotExists(for: shown, in: base) && !rules.slotExists(for: shown, in: live)
    }

    /// An instance whose slot left its series has nothing left to change there, nor has one that the
    /// provider never had of a series that is gone: an edit of it is a person's to decide on, a
    /// delete of what is gone is done.
    ///
    /// What waits of a series that is kept though its provider has it no more, or shows it only where
    /// nobody can read it, is kept like it.
    ///
    /// One that the provider listed may outlive its series here, as where we are a guest of that
    /// instance alone.
    private func settleLostSlot(
        _ row: StoredResource, in collection: RemoteCollection, rules: any KindRules,
        into plan: inout PushPlan
    ) throws -> Bool {
        guard let link = row.projection.exception, let shown = row.live ?? row.base,
            let series = try store.resources.find(remoteID: link.series, in: collection.id)
        else { return false }
        let isPartOfSeries = row.isUnseen || row.base == nil
        if isKeptAside(series), isPartOfSeries {
            try keepAlong(row)
            return true
        }
        let isGone = series.deletedAt != nil && isPartOfSeries
        if !isGone {
            guard let live = series.live, rules.projection(of: live).isSeries,
                !rules.slotExists(for: shown, in: live)
            else { return false }
        }
        if try askAboutSlot(of: row) {
            plan.conflicts += 1
            return true
        }
        guard row.isUnseen || isGone else { return false }
        var row = row
        row.local = .unchanged
        row.base = nil
        row.deletedAt = now
        row.acknowledgedEdit = row.editNumber
        try store.resources.update(row)
        return true
    }

    func request(for intent: Intent, in collection: RemoteCollection) -> PushRequest {
        PushRequest(
            operation: intent.id,
            collection: CollectionAddress(remoteID: collection.remoteID, kind: collection.kind),
            verb: intent.verb, target: intent.target, etag: intent.etag, body: intent.body,
            destination: intent.destination, sendUpdates: intent.sendUpdates)
    }
}
