import LosslessJSON
import TandemCore
import TandemStore

/// Making one again of what is there twice.
///
/// What was believed gone and was brought to life again may be met alive: somebody moved it back, or
/// it was listed late. And two machines that saw it in different places bring it to life in both.
extension PassTransaction {
    /// Lets what lives here twice go on as one, wherever it is known that both are the same.
    ///
    /// What was only moved looks for a moment as if it were there twice. So it is not decided on
    /// before every collection was read once more.
    ///
    /// - Parameters:
    ///   - collection: Where the things lie that were brought to life again.
    ///   - rules: The rules of their kind.
    ///   - doubt: What was not read again since it was met.
    ///   - plan: Where what came of it is counted.
    /// - Throws: ``StoreError``.
    func reunite(
        in collection: RemoteCollection, rules: any KindRules, doubt: Doubt,
        into plan: inout PushPlan
    ) throws {
        for var revival in try store.revivals.list(in: collection.id) {
            guard let row = try store.resources.find(revival.resource), row.live != nil,
                row.pendingDelete == nil, try store.intents.open(for: row.id).isEmpty,
                let twin = try livesAlso(row, as: revival.remoteID, rules: rules),
                try store.intents.open(for: twin.id).isEmpty
            else { continue }
            guard revival.adopted == twin.id, !doubt.covers(row.id) else {
                revival.adopted = twin.id
                try store.revivals.put(revival)
                plan.signs.append(row.id)
                plan.undecided += 1
                continue
            }
            // What its provider never held has nobody else seen.
            let isFirst =
                try row.base == nil || twin.remoteID != row.remoteID
                || place(of: twin) < place(of: row)
            let (left, kept) = isFirst ? (row, twin) : (twin, row)
            plan.conflicts += try giveWay(
                left, to: kept, agreed: revival.agreed, isThere: true, rules: rules)
            plan.hasRevived = true
        }
    }

    /// Another resource of the account that its provider holds under a name.
    func livesAlso(
        _ row: StoredResource, as name: RemoteID, rules: any KindRules
    ) throws -> StoredResource? {
        try namesakes(of: row, named: name).first { twin in
            // What a person is asked about, its provider has no more.
            try twin.remoteID == name && twin.base != nil && twin.live != nil && !twin.isUnseen
                && twin.pendingDelete == nil
                && ![.pullHeld, .unreachable, .conflict].contains(twin.hold)
                && isAtHome(twin, rules: rules)
        }
    }

    /// Whether another machine made already what was brought to life again here and is about to be
    /// made: then both become one before anything is sent.
    func wasMadeElsewhere(_ row: StoredResource, rules: any KindRules) throws -> Bool {
        guard row.base == nil, row.live != nil, try hasOtherMakers(row) else { return false }
        return try movedTwin(of: row, rules: rules) != nil
    }

    /// The provider's name for where the remote copy lies.
    private func place(of row: StoredResource) throws -> RemoteID {
        try collection(row.movedFrom ?? row.collection).remoteID
    }

    /// What is elsewhere under the name of something that is gone: it was moved there.
    func movedTwin(
        of row: StoredResource, rules: any KindRules
    ) throws -> StoredResource? {
        try row.remoteID.flatMap { try livesAlso(row, as: $0, rules: rules) }
    }

    /// The other resources of the account that bear, or bore, a name.
    func namesakes(
        of row: StoredResource, named name: RemoteID
    ) throws -> [StoredResource] {
        let collection = try collection(row.collection)
        let here = try store.resources.find(remoteID: name, in: collection.id)
        let elsewhere = try store.resources.elsewhere(name, than: collection)
        return ([here].compactMap { $0 } + elsewhere).filter { $0.id != row.id }
    }

    /// Lets a resource go on as its twin: what was edited and moved here is so there, and what its
    /// provider still holds of it is deleted there.
    ///
    /// - Parameters:
    ///   - row: The resource that goes.
    ///   - twin: The one that stays.
    ///   - agreed: What both began from.
    ///   - isThere: Whether its provider holds it still; else it is gone there.
    ///   - rules: The rules of their kind.
    /// - Returns: How many values clash.
    /// - Throws: ``StoreError``.
    func giveWay(
        _ row: StoredResource, to twin: StoredResource, agreed: JSON?, isThere: Bool,
        rules: any KindRules
    ) throws -> Int {
        guard let live = row.live, let there = twin.live else { return 0 }
        let collection = try collection(row.collection)
        func asTwin(_ version: JSON) -> JSON { rules.recreated(version, as: twin.remoteID) }
        // What was sent, and went unanswered, may be part of what another machine brought to life.
        let sent = try store.intents.open(for: row.id).last { $0.outcome == .unknown }?.local
        let side = LocalSide(
            base: agreed.map(asTwin), edit: .changed(asTwin(live)), sent: sent.map(asTwin),
            mayBeAnothers: true)
        // What was done to one's own side of both was done here: none of it may give way unseen.
        let outcome = ThreeWayMerge(rules: rules, isOwnSideDisputed: twin.isDirty).merge(
            base: Reconciler(rules: rules).mergeBase(of: side, remote: there),
            local: asTwin(live), remote: there)
        try handOver(
            row, to: twin, in: collection,
            isThere: isThere && row.base != nil && !row.isUnseen, rules: rules)
        try record(outcome.clashes, of: twin)
        var twin = twin
        if rules.canonical(outcome.merged) != rules.canonical(there) {
            twin.local = .edited(outcome.merged)
            twin.editNumber += 1
        }
        // Where it lies merges like a field: who moved it here alone is followed.
        let began = try agreed.flatMap(rules.home) ?? place(of: row)
        if twin.movedFrom == nil, row.remoteID != twin.remoteID,
            try collection.remoteID != began && place(of: twin) == began,
            try twin.remoteID.flatMap({
                try store.resources.find(remoteID: $0, in: row.collection)
            }) == nil
        {
            twin.movedFrom = twin.collection
            twin.collection = row.collection
            twin.editNumber += 1
        }
        try store.resources.update(twin)
        return try outcome.clashes.count + carryInstances(of: row, to: twin.id, rules: rules)
    }

    /// Takes a resource away whose place a twin takes, which gets what waits for a person.
    private func handOver(
        _ row: StoredResource, to twin: StoredResource, in collection: RemoteCollection,
        isThere: Bool, rules: any KindRules
    ) throws {
        for conflict in try store.conflicts.open(for: row.id) {
            try store.conflicts.resolve(conflict.id, as: .moot)
            guard conflict.field != ConflictRecord.delete else { continue }
            _ = try store.conflicts.add(
                resource: twin.id, field: conflict.field, mine: conflict.mine,
                theirs: conflict.theirs, base: conflict.base, refusal: conflict.refusal)
        }
        let before = row.live
        var row = row
        if isThere {
            // Somebody may edit it before it is deleted: what they changed goes on in the twin.
            try store.revivals.note(row, adoptedBy: twin.id)
            row.collection = row.movedFrom ?? row.collection
        }
        try forgetWaiting(of: &row)
        row.local = isThere ? .deleted : .unchanged
        row.deletedAt = isThere ? nil : now
        row.editNumber += isThere ? 1 : 0
        try store.resources.update(row)
        try log(
            .deleted, resource: row.id, kind: row.kind, in: collection,
            title: row.projection.title, before: before, after: nil, rules: rules,
            cause: .adopted(twin.id))
    }
}
