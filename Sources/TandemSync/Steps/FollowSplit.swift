import LosslessJSON
import TandemCore
import TandemStore

/// Keeping together the two parts of a series that was divided here.
extension PassTransaction {
    /// How the other part of a divided series stands.
    enum OtherPart { case isSettled, comesFirst, isHeld, isKeptAside }

    /// The later part is sent before the earlier one is cut, so that no instance is missing between
    /// the two writes; and not before it is sure that the earlier one will be.
    func otherPart(of row: StoredResource) throws -> OtherPart {
        for (_, later) in try store.splits.open(cutting: row)
        where later.base == nil && later.live != nil {
            return later.hold == nil ? .comesFirst : .isHeld
        }
        guard row.base == nil, let split = try store.splits.continuing(in: row.id),
            let earlier = try store.resources.find(split.earlier),
            try store.splits.isOpen(split, between: earlier, and: row)
        else { return .isSettled }
        guard !isKeptAside(earlier) else { return .isKeptAside }
        let isHeld =
            try earlier.hold != nil || earlier.pendingDelete != nil
            || !store.splits.clashes(about: split).isEmpty
        return isHeld ? .isHeld : .isSettled
    }

    /// What somebody changed of a series that is divided here, they changed of its later part, too.
    /// - Returns: How many conflicts wait for a person because of it.
    func carry(
        from base: JSON, to remote: JSON, behind earlier: StoredResource, rules: any KindRules
    ) throws -> Int {
        var conflicts = 0
        for (_, later) in try store.splits.open(cutting: earlier) {
            guard let live = later.live else { continue }
            conflicts += try carry(
                from: base, to: remote, into: later, keepsOwn: false, rules: rules)
            let exceptions = try later.remoteID.map {
                try store.resources.exceptions(of: $0, in: later.collection)
            }
            for exception in exceptions ?? [] where !exception.projection.isCancelled {
                _ = try carry(
                    from: base, to: remote, into: exception, keepsOwn: true, rules: rules)
            }
            guard let carried = try store.resources.find(later.id), let after = carried.live else {
                continue
            }
            conflicts += try carry(from: live, to: after, behind: carried, rules: rules)
        }
        return conflicts
    }

    private func carry(
        from base: JSON, to remote: JSON, into row: StoredResource, keepsOwn: Bool,
        rules: any KindRules
    ) throws -> Int {
        guard let live = row.live else { return 0 }
        let outcome = ThreeWayMerge(rules: rules).carry(
            from: base, to: remote, into: live, isInstance: keepsOwn)
        try record(outcome.clashes, of: row)
        try change(row, to: outcome.merged, rules: rules)
        return outcome.clashes.count
    }

    private func change(
        _ row: StoredResource, to version: JSON, rules: any KindRules
    ) throws {
        guard version != row.live else { return }
        var row = row
        let before = row.live
        row.local = .edited(version)
        row.editNumber += 1
        try store.resources.update(row)
        try log(
            .updated, resource: row.id, kind: row.kind, in: collection(row.collection),
            title: row.projection.title, before: before, after: version, rules: rules)
    }

    /// What somebody did to an instance whose slot an edit made here takes from its series.
    ///
    /// Behind a cut it goes on in the later part, where that has the slot; else the provider would
    /// drop it together with the slot, so a person decides what becomes of it.
    ///
    /// - Parameters:
    ///   - id: The instance's resource, with what the provider says of it as its base.
    ///   - before: What both sides agreed on until now; `nil` where the instance was none of its own.
    ///   - collection: Where it lies.
    ///   - rules: The rules of its kind.
    /// - Returns: How many conflicts wait for a person because of it.
    /// - Throws: ``StoreError``.
    func meetLostSlot(
        of id: ResourceID, before: JSON?, in collection: RemoteCollection, rules: any KindRules
    ) throws -> Int {
        guard var row = try store.resources.find(id), let link = row.projection.exception,
            row.hold == nil, row.local == .unchanged, let exception = row.live,
            let series = try store.resources.find(remoteID: link.series, in: collection.id),
            case .edited(let edited) = series.local, rules.projection(of: edited).isSeries,
            !rules.slotExists(for: exception, in: edited),
            // What somebody else took from the series is theirs to have done.
            let agreed = series.base, rules.slotExists(for: exception, in: agreed)
        else { return 0 }
        let carried = try carryInstance(exception, before: before, behind: series, rules: rules)
        if let carried {
            let operation = carried.split.operation
            guard !row.projection.isCancelled else { return carried.conflicts }
            // Taken back with the division, it is there again as they left it.
            row.local = .deleted
            row.editNumber += 1
            row.operation = operation
            try store.resources.update(row)
            try log(
                .deleted, resource: row.id, kind: row.kind, in: collection,
                title: row.projection.title, before: exception, after: nil, rules: rules,
                cause: .operation(operation), origin: .local, operation: operation)
            return carried.conflicts
        }
        guard !row.projection.isCancelled else { return 0 }
        row.hold = .conflict
        try store.resources.update(row)
        try recordConflict(of: row, field: ConflictRecord.slot, mine: nil, theirs: exception)
        return 1
    }

    /// Where an instance went on behind a cut.
    private struct Carried {
        /// The split in whose later part it is now.
        var split: Split
        /// How much of what was edited of it here waits for a person because of it.
        var conflicts = 0
    }

    /// - Returns: `nil` where no later part has its slot.
    private func carryInstance(
        _ instance: JSON, before: JSON?, behind earlier: StoredResource, rules: any KindRules
    ) throws -> Carried? {
        for (split, later) in try store.splits.open(cutting: earlier) {
            guard let live = later.live, let series = later.remoteID,
                let carried = rules.exception(instance, of: series),
                let name = rules.remoteID(of: carried)
            else { continue }
            guard rules.slotExists(for: carried, in: live) else {
                let further = try carryInstance(
                    carried, before: before, behind: later, rules: rules)
                guard let further else { continue }
                return Carried(split: split, conflicts: further.conflicts)
            }
            let own = try store.resources.find(remoteID: name, in: later.collection)
            if let own, own.live != nil {
                if rules.projection(of: carried).isCancelled {
                    try cancel(own, as: carried, rules: rules)
                    return Carried(split: split)
                }
                // One that was none of its own until now is met as what it is here began.
                let (base, version) = before.map { ($0, instance) } ?? (own.base ?? [:], carried)
                return Carried(
                    split: split,
                    conflicts: try carry(
                        from: base, to: version, into: own, keepsOwn: false, rules: rules))
            }
            // Deleted here and not sent yet, its name is not free.
            guard own?.local != .deleted,
                try add(carried, of: split, to: collection(later.collection), rules: rules)
            else { continue }
            return Carried(split: split)
        }
        return nil
    }

    /// They cancelled an instance behind the cut: what was edited of it here gives way, and is kept.
    private func cancel(
        _ own: StoredResource, as cancelled: JSON, rules: any KindRules
    ) throws {
        if own.isDirty, !own.projection.isCancelled {
            let record = try store.conflicts.add(
                resource: own.id, field: ConflictRecord.delete, mine: own.live,
                theirs: cancelled, base: own.base)
            try store.conflicts.resolve(record.id, as: .theirs)
        }
        try change(own, to: cancelled, rules: rules)
    }

    /// - Returns: Whether it may be written there.
    private func add(
        _ instance: JSON, of split: Split, to place: RemoteCollection, rules: any KindRules
    ) throws -> Bool {
        guard place.access.allowsWriting, !place.isGone else { return false }
        do throws(TandemError) { try rules.validate(instance) } catch { return false }
        _ = try store.createLocally(
            instance, kind: place.kind, in: place, run: context.run, operation: split.operation,
            verb: .updated)
        return true
    }
}
