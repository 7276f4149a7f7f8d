import LosslessJSON
import TandemCore
import TandemStore

/// Bringing to life again what was edited here and deleted there.
extension PassTransaction {
    /// Turns an edited resource whose remote copy is gone into a creation under another id.
    ///
    /// That id follows from the one that is gone, so that every machine of the account that does the
    /// same makes the same thing: whoever comes second finds it there. Where it was found already,
    /// what was edited here is edited there instead.
    ///
    /// - Parameters:
    ///   - row: What was edited here.
    ///   - rules: The rules of its kind.
    ///   - doubt: What may not be gone; `nil` where a person decided, and nothing is waited for.
    /// - Returns: How many values clash with what is there; `nil` where a twin is not sure to be
    ///   gone, and nothing was done.
    /// - Throws: ``StoreError``.
    @discardableResult
    func revive(
        _ row: StoredResource, rules: any KindRules, doubt: Doubt? = nil
    ) throws -> Int? {
        guard let live = row.live else { return 0 }
        var name = row.remoteID
        // Ids are not given out twice: what was brought to life and deleted again has a next one.
        for _ in 0..<Self.mostLives {
            name = rules.makeRemoteID(
                for: rules.recreated(live, as: nil),
                random: name.map(Self.chance) ?? store.environment.random)
            guard let next = name else { break }
            let namesakes = try namesakes(of: row, named: next)
            if let doubt, namesakes.contains(where: { mayLive($0, as: next, doubt) }) {
                return nil
            }
            if let twin = namesakes.first(where: { $0.live != nil && $0.remoteID == next }) {
                let clashes = try join(row, live, to: twin, rules: rules)
                return try clashes + carryInstances(of: row, to: twin.id, rules: rules)
            }
            if namesakes.isEmpty { break }
        }
        var row = row
        let place = try writable(row.movedFrom)
        try forgetWaiting(of: &row)
        // Made where it was, it is found there by other machines, and then moved on.
        row.movedFrom = place
        row.local = .edited(rules.recreated(live, as: name))
        row.base = nil
        row.etag = nil
        let former = row
        row.remoteID = name
        row = try store.resources.update(row)
        return try carryInstances(of: former, to: row.id, rules: rules)
    }

    /// Lets what was edited here of the instances of a series go on in the series that takes its
    /// place; what that has no room for is a person's to decide on.
    /// - Returns: How many such conflicts there are.
    private func carryInstances(
        of former: StoredResource, to id: ResourceID, rules: any KindRules
    ) throws -> Int {
        guard let name = former.remoteID, let series = try store.resources.find(id),
            let next = series.remoteID, let live = series.live,
            rules.projection(of: live).isSeries
        else { return 0 }
        var conflicts = 0
        for var instance in try store.resources.exceptions(of: name, in: former.collection)
        where instance.deletedAt == nil && instance.isDirty && instance.hold == nil
            && !instance.projection.isCancelled
        {
            guard instance.collection == series.collection, let edited = instance.live,
                try store.intents.open(for: instance.id).isEmpty,
                let carried = rules.exception(edited, of: next),
                rules.slotExists(for: carried, in: live),
                let own = rules.remoteID(of: carried),
                try store.resources.find(remoteID: own, in: series.collection) == nil
            else {
                if try askAboutSlot(of: instance) { conflicts += 1 }
                continue
            }
            try forgetWaiting(of: &instance)
            instance.remoteID = own
            instance.base = nil
            instance.etag = nil
            instance.local = .edited(carried)
            try store.resources.update(instance)
        }
        return conflicts
    }

    /// Whether a twin may be found again: elsewhere, or where a delete of it is overruled.
    private func mayLive(_ twin: StoredResource, as name: RemoteID, _ doubt: Doubt) -> Bool {
        doubt.covers(twin.id) || twin.remoteID == name && twin.waitsToBeDeleted
    }

    /// More often than this nothing is deleted and brought to life again.
    private static let mostLives = 100

    /// Chance that a former name decides, the same on every machine.
    private static func chance(after name: RemoteID) -> any RandomSource {
        let digest = JSON.string("revived: \(name)").digest.rawValue
        return SeededRandom(seed: UInt64(digest.prefix(16), radix: 16) ?? 0)
    }

    private func namesakes(
        of row: StoredResource, named name: RemoteID
    ) throws -> [StoredResource] {
        let collection = try collection(row.collection)
        let here = try store.resources.find(remoteID: name, in: collection.id)
        let elsewhere = try store.resources.elsewhere(name, than: collection)
        return ([here].compactMap { $0 } + elsewhere).filter { $0.id != row.id }
    }

    /// Where a resource lay, if something can be made there.
    private func writable(_ place: CollectionID?) throws -> CollectionID? {
        guard let place, let found = try store.collections.find(place), !found.isGone,
            found.access.allowsWriting
        else { return nil }
        return place
    }

    /// Lets a resource go on as its twin, which another machine brought to life: what was edited and
    /// moved here is so there.
    /// - Returns: How many values clash.
    private func join(
        _ row: StoredResource, _ live: JSON, to twin: StoredResource, rules: any KindRules
    ) throws -> Int {
        guard let there = twin.live else { return 0 }
        let collection = try collection(row.collection)
        let base = row.base.map { rules.recreated($0, as: twin.remoteID) } ?? [:]
        let outcome = ThreeWayMerge(rules: rules).merge(
            base: base, local: rules.recreated(live, as: twin.remoteID), remote: there)
        try handOver(row, to: twin, in: collection, rules: rules)
        try record(outcome.clashes, of: twin)
        var twin = twin
        if rules.canonical(outcome.merged) != rules.canonical(there) {
            twin.local = .edited(outcome.merged)
            twin.editNumber += 1
        }
        if row.movedFrom != nil, twin.movedFrom == nil, twin.collection != row.collection {
            twin.movedFrom = twin.collection
            twin.collection = row.collection
            twin.editNumber += 1
        }
        try store.resources.update(twin)
        return outcome.clashes.count
    }

    /// Takes a resource away whose place a twin takes, which gets what waits for a person.
    private func handOver(
        _ row: StoredResource, to twin: StoredResource, in collection: RemoteCollection,
        rules: any KindRules
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
        try forgetWaiting(of: &row)
        row.local = .unchanged
        row.deletedAt = now
        try store.resources.update(row)
        try log(
            .deleted, resource: row.id, kind: row.kind, in: collection,
            title: row.projection.title, before: before, after: nil, rules: rules,
            cause: .adopted(twin.id))
    }
}
