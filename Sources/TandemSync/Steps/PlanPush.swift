import LosslessJSON
import TandemCore
import TandemStore

/// Working out what to send; there is no queue that could disagree with the resources.
extension PassTransaction {
    /// Computes the next independent writes of a collection and commits their intents.
    func plan(_ collection: RemoteCollection, limit: Int) throws -> PushPlan {
        let rules = try rules(of: collection)
        var plan = PushPlan()
        plan.conflicts = try decideOnEdited(in: collection, rules: rules)
        let waiting = try waiting(in: collection)
        let stopped = try stopMassDelete(among: waiting, in: collection)
        plan.held = stopped.count
        for row in waiting where !stopped.contains(row.id) {
            guard row.hold == nil, try store.intents.open(for: row.id).isEmpty else { continue }
            guard !rests(until: row.parkedUntil, atMost: Self.longestRest) else {
                plan.parked += 1
                continue
            }
            guard plan.requests.count < limit else {
                plan.remaining += 1
                continue
            }
            guard try !settleLostSlot(row, in: collection, rules: rules, into: &plan) else {
                continue
            }
            if let request = try intend(row, in: collection, rules: rules) {
                plan.requests.append(request)
            }
        }
        return plan
    }

    /// No item rests longer; what says so was written before the clock was set back.
    private static let longestRest = Duration.seconds(600)

    /// What waits where the remote copy lies: a moved resource still lies in its old collection.
    ///
    /// What is deleted there waits for a decision, not for a write.
    func waiting(in collection: RemoteCollection) throws -> [StoredResource] {
        let here = try store.resources.dirty(in: collection.id).filter { $0.movedFrom == nil }
        let all = try here + store.resources.movingOut(of: collection.id)
        return all.filter { $0.pendingDelete == nil && $0.deletedAt == nil }
    }

    /// A mass delete made here waits for a person, as one made there does.
    /// - Returns: What was stopped.
    private func stopMassDelete(
        among waiting: [StoredResource], in collection: RemoteCollection
    ) throws -> Set<ResourceID> {
        let released = try releasedDeletes(in: collection)
        let deletes = waiting.filter {
            $0.local == .deleted && $0.base != nil && $0.hold == nil && !released.contains($0.id)
        }
        let live = try store.resources.count(in: collection.id) + deletes.count
        guard context.gate.holds(deletes: deletes.count, of: live) else { return [] }
        for var row in deletes {
            row.hold = .pushHeld
            try store.resources.update(row)
        }
        _ = try store.holds.add(
            collection: collection.id, direction: .push, resources: deletes.map(\.id), of: live)
        return Set(deletes.map(\.id))
    }

    /// The local deletes that a person let pass.
    private func releasedDeletes(in collection: RemoteCollection) throws -> Set<ResourceID> {
        let holds = try store.holds.list(in: collection.id, includesDecided: true)
        return Set(
            holds.filter { $0.direction == .push && $0.decision == .released }
                .flatMap(\.resources))
    }

    /// The write that a resource needs next, its intent stored; `nil` when it needs none, or has
    /// to wait for another resource.
    private func intend(
        _ row: StoredResource, in collection: RemoteCollection, rules: any KindRules
    ) throws -> PushRequest? {
        guard let draft = draft(of: row, rules: rules) else {
            try settleWithoutWrite(row)
            return nil
        }
        if try waitsForSeries(row, in: collection) { return nil }
        let operation: OperationID = store.environment.makeID()
        let destination = try draft.verb == .move ? store.collections.find(row.collection) : nil
        let intent = Intent(
            id: operation, resource: row.id, collection: collection.id,
            editNumber: row.editNumber, verb: draft.verb,
            target: row.remoteID ?? RemoteID(rawValue: operation.rawValue),
            // A move changes no content, so it is bound to no version of it.
            etag: draft.verb == .move ? nil : row.etag,
            body: draft.body, local: row.live, sendUpdates: row.sendUpdates,
            destination: destination?.remoteID, createdAt: now, run: context.run)
        try store.intents.add(intent)
        return request(for: intent, in: collection)
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
        if row.local == .deleted, row.base == nil { row.deletedAt = now }
        row.local = .unchanged
        row.acknowledgedEdit = row.editNumber
        try store.resources.update(row)
    }

    /// An exception cannot be written before its series and what was edited of that, nor after its
    /// series was deleted.
    private func waitsForSeries(
        _ row: StoredResource, in collection: RemoteCollection
    ) throws -> Bool {
        guard let link = row.projection.exception,
            let series = try store.resources.find(remoteID: link.series, in: collection.id)
        else { return false }
        return series.base == nil || (series.local != .unchanged && series.hold == nil)
    }

    /// An instance that was never sent and whose slot an edit of the series here took away has
    /// nothing left to change there: an edit of it is a person's to decide on, a delete is done.
    private func settleLostSlot(
        _ row: StoredResource, in collection: RemoteCollection, rules: any KindRules,
        into plan: inout PushPlan
    ) throws -> Bool {
        guard row.isUnseen, let link = row.projection.exception, let shown = row.live ?? row.base,
            let series = try store.resources.find(remoteID: link.series, in: collection.id)?.live,
            rules.projection(of: series).isSeries, !rules.slotExists(for: shown, in: series)
        else { return false }
        if try askAboutSlot(of: row) {
            plan.conflicts += 1
            return true
        }
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
