import LosslessJSON
import TandemCore
import TandemStore

/// Keeping together the two parts of a series that was divided here.
extension PassTransaction {
    /// How the other part of a divided series stands.
    enum OtherPart { case isSettled, comesFirst, isHeld }

    /// The later part is sent before the earlier one is cut, so that no instance is missing between
    /// the two writes; and not before it is sure that the earlier one will be.
    func otherPart(of row: StoredResource, rules: any KindRules) throws -> OtherPart {
        for split in try store.splits.cutting(row.id) where try store.isOpen(split) {
            guard let later = try store.resources.find(split.later), later.base == nil,
                later.live != nil
            else { continue }
            return later.hold == nil ? .comesFirst : .isHeld
        }
        guard row.base == nil, let split = try store.splits.continuing(in: row.id),
            try store.isOpen(split), let earlier = try store.resources.find(split.earlier)
        else { return .isSettled }
        let isHeld =
            try earlier.hold != nil || earlier.pendingDelete != nil
            || store.conflicts.open(for: earlier.id).contains {
                rules.slotFields.contains($0.field)
            }
        return isHeld ? .isHeld : .isSettled
    }

    /// Once the provider took both parts, each stands on its own.
    func settleSplits(of earlier: ResourceID) throws {
        guard try store.splits.continuing(in: earlier) == nil else { return }
        for split in try store.splits.cutting(earlier) where try !store.isOpen(split) {
            try store.splits.remove(split)
            try settleSplits(of: split.later)
        }
    }

    /// What somebody changed of a series that is divided here, they changed of its later part, too.
    /// - Returns: How many conflicts wait for a person because of it.
    func followSplits(
        of earlier: StoredResource, from base: JSON?, to remote: JSON, rules: any KindRules
    ) throws -> Int {
        guard let base else { return 0 }
        var conflicts = 0
        for split in try store.splits.cutting(earlier.id) where try store.isOpen(split) {
            guard let later = try store.resources.find(split.later) else { continue }
            let exceptions = try later.remoteID.map {
                try store.resources.exceptions(of: $0, in: later.collection)
            }
            for row in [later] + (exceptions ?? []) where !row.projection.isCancelled {
                guard let live = row.live else { continue }
                let outcome = ThreeWayMerge(rules: rules).carry(from: base, to: remote, into: live)
                try store(outcome, as: row, rules: rules)
                conflicts += outcome.clashes.count
            }
        }
        return conflicts
    }

    private func store(
        _ outcome: MergeOutcome, as row: StoredResource, rules: any KindRules
    ) throws {
        try record(outcome.clashes, of: row)
        guard outcome.merged != row.live else { return }
        var row = row
        let before = row.live
        row.local = .edited(outcome.merged)
        row.editNumber += 1
        try store.resources.update(row)
        try log(
            .updated, resource: row.id, kind: row.kind, in: collection(row.collection),
            title: row.projection.title, before: before, after: outcome.merged, rules: rules)
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
            !rules.slotExists(for: exception, in: edited)
        else { return 0 }
        if try followSplits(of: series, instance: exception, before: before, rules: rules) {
            guard !row.projection.isCancelled else { return 0 }
            row.local = .deleted
            row.editNumber += 1
            try store.resources.update(row)
            return 0
        }
        guard !row.projection.isCancelled else { return 0 }
        row.hold = .conflict
        try store.resources.update(row)
        try recordConflict(of: row, field: ConflictRecord.slot, mine: nil, theirs: exception)
        return 1
    }

    /// - Returns: Whether a later part has the instance now.
    private func followSplits(
        of earlier: StoredResource, instance: JSON, before: JSON?, rules: any KindRules
    ) throws -> Bool {
        for split in try store.splits.cutting(earlier.id) where try store.isOpen(split) {
            guard let later = try store.resources.find(split.later), let live = later.live,
                let series = later.remoteID,
                let carried = rules.exception(instance, of: series),
                let name = rules.remoteID(of: carried), rules.slotExists(for: carried, in: live)
            else { continue }
            if let own = try store.resources.find(remoteID: name, in: later.collection),
                own.deletedAt == nil, let shown = own.live
            {
                var outcome = MergeOutcome(merged: carried, clashes: [])
                if let before, !rules.projection(of: carried).isCancelled {
                    outcome = ThreeWayMerge(rules: rules)
                        .carry(from: before, to: instance, into: shown)
                }
                try store(outcome, as: own, rules: rules)
            } else {
                let draft = ResourceDraft(
                    remoteID: name, local: carried, sendUpdates: .none, operation: split.operation,
                    run: context.run)
                let made = try store.resources.insert(draft, into: collection(later.collection))
                try log(
                    .updated, resource: made.id, kind: made.kind, in: collection(later.collection),
                    title: made.projection.title, before: nil, after: carried, rules: rules)
            }
            return true
        }
        return false
    }
}
