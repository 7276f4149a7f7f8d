import LosslessJSON
import TandemCore
import TandemStore

/// Bringing to life again what was edited here and deleted there.
extension PassTransaction {
    /// Turns an edited resource whose remote copy is gone into a creation under another id.
    ///
    /// That id follows from the one that is gone, so that every machine of the account that does the
    /// same makes the same thing: whoever comes second finds it there. Where it was found already,
    /// what was edited here is edited there instead; and so it is where the thing is a copy that was
    /// brought to life from what lives after all.
    ///
    /// - Parameters:
    ///   - row: What was edited here.
    ///   - rules: The rules of its kind.
    ///   - lineage: Which names follow from which; looked up where it is `nil`.
    ///   - doubt: What may not be gone; `nil` where a person decided, and nothing is waited for.
    /// - Returns: How many values clash with what is there; `nil` where a twin is not sure to be
    ///   gone, and nothing was done.
    /// - Throws: ``StoreError``.
    @discardableResult
    func revive(
        _ row: StoredResource, rules: any KindRules, lineage: Lineage? = nil, doubt: Doubt? = nil
    ) throws -> Int? {
        guard let live = row.live else { return 0 }
        let lineage = try lineage ?? self.lineage(of: row.kind, rules: rules)
        var name = row.remoteID
        var names = lineage.names(before: name)
        for former in names {
            if let doubt,
                try namesakes(of: row, named: former)
                    .contains(where: { mayLive($0, as: former, doubt) })
            {
                return nil
            }
            guard let original = try livesAlso(row, as: former, rules: rules) else { continue }
            let agreed = try store.revivals.agreed(of: row)
            return try giveWay(row, to: original, agreed: agreed, isThere: false, rules: rules)
        }
        names += [name].compactMap { $0 }
        // Ids are not given out twice: what was brought to life and deleted again has a next one.
        for _ in 0..<Revivals.mostLives {
            name = store.revivals.nextName(after: name, of: live, rules: rules)
            guard let next = name else { break }
            names.append(next)
            let namesakes = try namesakes(of: row, named: next)
            if let doubt, namesakes.contains(where: { mayLive($0, as: next, doubt) }) {
                return nil
            }
            if let twin = namesakes.first(where: { $0.live != nil && $0.remoteID == next }) {
                let agreed = try store.revivals.agreed(of: row)
                return try giveWay(
                    row, to: twin, agreed: agreed, isThere: false, rules: rules)
            }
            if namesakes.isEmpty { break }
        }
        if row.remoteID != nil { try store.revivals.note(names, of: row) }
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
    /// place; what that has no room for is a person's to decide on, and deletes of that are done.
    /// - Returns: How many such conflicts there are.
    func carryInstances(
        of former: StoredResource, to id: ResourceID, rules: any KindRules
    ) throws -> Int {
        guard let name = former.remoteID, let series = try store.resources.find(id),
            let next = series.remoteID, let live = series.live,
            rules.projection(of: live).isSeries
        else { return 0 }
        try leaveInstances(of: name, in: former.collection)
        var conflicts = 0
        for var instance in try store.resources.exceptions(of: name, in: former.collection)
        where instance.deletedAt == nil && instance.isDirty && instance.hold != .conflict {
            guard instance.collection == series.collection, let edited = instance.live,
                try store.intents.open(for: instance.id).isEmpty,
                let carried = rules.exception(edited, of: next),
                rules.slotExists(for: carried, in: live),
                let own = rules.remoteID(of: carried),
                try store.resources.find(remoteID: own, in: series.collection) == nil
            else {
                if try askAboutSlot(of: instance) { conflicts += 1 }
                if instance.waitsToBeDeleted { try agreeOnDelete(of: instance) }
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

    /// Lets what was to move along with a series stay where its provider has it: that series is gone,
    /// and the one that takes its place takes nothing along but what was edited here.
    private func leaveInstances(of series: RemoteID, in collection: CollectionID) throws {
        for var instance in try store.resources.exceptions(of: series, in: collection)
        where instance.deletedAt == nil && instance.local == .unchanged {
            guard let place = instance.movedFrom, let name = instance.remoteID,
                try store.resources.find(remoteID: name, in: place).map(\.id) ?? instance.id
                    == instance.id
            else { continue }
            instance.collection = place
            instance.movedFrom = nil
            try store.resources.update(instance)
        }
    }

    /// Whether a twin may be found again: elsewhere, or where a delete of it is overruled.
    private func mayLive(_ twin: StoredResource, as name: RemoteID, _ doubt: Doubt) -> Bool {
        doubt.covers(twin.id) || twin.remoteID == name && twin.waitsToBeDeleted
    }

    /// Whether what was not seen under its name yet may be there without us: other machines work out
    /// the same name for what they bring to life again; else chance gave it.
    func hasOtherMakers(_ row: StoredResource) throws -> Bool {
        try !store.revivals.list(of: row.id).isEmpty
    }

    /// Where a resource lay, if something can be made there.
    private func writable(_ place: CollectionID?) throws -> CollectionID? {
        guard let place, let found = try store.collections.find(place), !found.isGone,
            found.access.allowsWriting
        else { return nil }
        return place
    }
}
