import LosslessJSON
import TandemCore
import TandemStore

/// Meeting what the remote says of a resource that we hold.
extension PassTransaction {
    /// Meets a version that the remote holds with ours.
    func meet(
        _ remote: RemoteResource, row: StoredResource, in collection: RemoteCollection,
        rules: any KindRules, sent: JSON? = nil, mayBeAnothers: Bool = false,
        into summary: inout PageSummary
    ) throws {
        let former = row
        let cancellation = try cancellation(of: former, by: remote.json, rules: rules)
        if cancellation == .isOfNobody { return }
        var row = row
        try recognise(&row, as: remote, in: collection, rules: rules)
        let side = LocalSide(
            base: row.deletedAt == nil ? try row.base ?? base(of: row) : nil,
            edit: LocalSide.Edit(row.local), sent: sent, mayBeAnothers: mayBeAnothers)
        let splits = try store.splits.forgetClosed(of: row.id)
        let outcome = Reconciler(rules: rules, isDivided: !splits.isEmpty)
            .meet(remote.json, with: side)
        row.adopt(remote)
        let isBroughtBack = outcome == .withdrawDelete
        if outcome != .unchanged {
            try take(outcome, into: &row, rules: rules, &summary)
            if isBroughtBack, let cut = splits.last?.cut {
                // Only the delete is withdrawn, not the cut that was made before.
                row.local = .edited(rules.putting(slots: cut, into: remote.json))
            }
            if row.isUnseen { row.generation = collection.generation }
        }
        row.deletedAt = nil
        row = try store.resources.update(row)
        if !splits.isEmpty { try store.splits.forgetClosed(of: row.id) }
        if isBroughtBack {
            summary.broughtBack.append(try noteOverruledDelete(of: row, base: former.base))
        }
        // Where only the etag moved, nothing was changed, so nothing is told.
        guard outcome != .unchanged,
            row.live.map(rules.canonical) != former.live.map(rules.canonical)
        else { return }
        if cancellation != .isKnown {
            try tell(
                remote.json, of: row, formerly: former, in: collection, rules: rules,
                into: &summary)
        }
        summary.conflicts += try passOn(
            remote.json, of: row, formerly: former, isDivided: !splits.isEmpty, in: collection,
            rules: rules)
    }

    /// What an edit began from whose thing was not seen at the provider yet: an instance shows there
    /// what its series does, and what was brought to life again was known before.
    private func base(of row: StoredResource) throws -> JSON? {
        guard let link = row.projection.exception else {
            let agreed = try store.revivals.agreed(of: row)
            let rules = try store.rulebook.rules(for: row.kind)
            return agreed.map { rules.recreated($0, as: row.remoteID) }
        }
        return try store.resources.find(remoteID: link.series, in: row.collection)?.base
    }

    /// It is there, under this name: neither missing nor about to go.
    private func recognise(
        _ row: inout StoredResource, as remote: RemoteResource, in collection: RemoteCollection,
        rules: any KindRules
    ) throws {
        if row.movedFrom == nil || row.movedFrom == collection.id {
            row.remoteID = remote.remoteID
        }
        row.missingSince = nil
        row.pendingDelete = nil
        try liftHold(of: &row, meeting: remote, rules: rules)
    }

    /// What follows from a change there for what hangs on it: its instances, the other half of a
    /// division, and the slot that an instance needs.
    /// - Returns: How many conflicts that makes.
    private func passOn(
        _ remote: JSON, of row: StoredResource, formerly former: StoredResource, isDivided: Bool,
        in collection: RemoteCollection, rules: any KindRules
    ) throws -> Int {
        try follow(remote, resource: row.id, in: collection, rules: rules)
        var conflicts = 0
        if let base = former.base, isDivided {
            conflicts += try carry(from: base, to: remote, behind: row, rules: rules)
        }
        if row.projection.exception != nil {
            conflicts += try meetLostSlot(
                of: row.id, before: former.base, in: collection, rules: rules)
        }
        return conflicts
    }

    /// Keeps that a delete made here was overruled by somebody else's edit: a clash that is settled
    /// already, since their edit stays.
    private func noteOverruledDelete(of row: StoredResource, base: JSON?) throws -> BroughtBack {
        let record = try store.conflicts.add(
            resource: row.id, field: ConflictRecord.delete, mine: nil, theirs: row.base, base: base)
        try store.conflicts.resolve(record.id, as: .theirs)
        return BroughtBack(resource: row.id, title: row.projection.title)
    }

    /// Counts and logs what the remote made of a resource.
    private func tell(
        _ remote: JSON, of row: StoredResource, formerly former: StoredResource,
        in collection: RemoteCollection, rules: any KindRules, into summary: inout PageSummary
    ) throws {
        let verb: ChangeVerb =
            !row.isSeen ? .deleted : former.isSeen ? .updated : .restored
        if verb == .deleted {
            summary.pulled.deleted += 1
        } else {
            summary.pulled.updated += 1
        }
        try log(
            verb, resource: row.id, kind: row.kind, in: collection,
            title: try title(
                of: rules.projection(of: remote), formerly: former, in: row.collection),
            before: former.live, after: row.live, rules: rules,
            cause: verb == .deleted ? .tombstone : nil)
    }

    private func take(
        _ outcome: Reconciliation, into row: inout StoredResource, rules: any KindRules,
        _ summary: inout PageSummary
    ) throws {
        switch outcome {
        case .merged(let local, let clashes):
            row.local = local.map { .edited($0) } ?? .unchanged
            try record(clashes, of: row)
            summary.conflicts += clashes.count
        case .askPerson:
            // They cancelled the instance that was edited here.
            row.hold = .conflict
            // That its slot left the series says the same, and is asked already.
            guard try !isAskedAboutSlot(row.id) else { return }
            try recordConflict(
                of: row, field: ConflictRecord.delete, mine: row.live, theirs: row.base)
            summary.conflicts += 1
        default:
            // A delete that waits for a person yields to what they changed.
            if row.hold == .pushHeld {
                try store.holds.withdraw(row.id)
                row.hold = nil
            }
            row.local = .unchanged
        }
        // A write that the provider refused gets another chance once the item is another.
        guard row.hold == .quarantined else { return }
        row.hold = nil
        row.pushRounds = 0
        try store.quarantine.remove(resource: row.id)
    }

    /// What is there, and was believed gone, is so no more.
    private func liftHold(
        of row: inout StoredResource, meeting remote: RemoteResource, rules: any KindRules
    ) throws {
        switch row.hold {
        case .pullHeld:
            try store.holds.withdraw(row.id)
            row.hold = nil
        case .unreachable:
            row.hold = nil
            for var instance in try row.remoteID.map({
                try store.resources.exceptions(of: $0, in: row.collection)
            }) ?? [] where instance.hold == .unreachable && instance.isDirty {
                instance.hold = nil
                try store.resources.update(instance)
            }
        case .conflict where !rules.projection(of: remote.json).isCancelled:
            let open = try store.conflicts.open(for: row.id)
            for conflict in open where conflict.field == ConflictRecord.delete {
                try store.conflicts.resolve(conflict.id, as: .moot)
            }
            if !open.contains(where: { $0.field == ConflictRecord.slot }) { row.hold = nil }
        default:
            break
        }
    }

    /// Meets the news that the remote holds it no more: by a tombstone, or by a sweep.
    ///
    /// What waits here is not decided on before every other collection was read after that: somebody
    /// may have moved the thing there.
    /// - Returns: What is to be decided on.
    func meetTombstone(
        of row: StoredResource, cause: PendingDelete, rules: any KindRules,
        in collection: RemoteCollection
    ) throws -> [ResourceID] {
        var row = row
        guard row.deletedAt == nil, row.hold != .conflict, row.hold != .unreachable else {
            // A person decides on it, and what they give up is as the provider has it.
            if row.deletedAt == nil, row.hold == .conflict, row.projection.exception != nil {
                row.pendingDelete = cause
                try store.resources.update(row)
            }
            return []
        }
        if try row.local == .deleted || isMadeAndDeleted(row) {
            // Both sides deleted it; or it was made here and deleted there before we knew.
            let (before, isNews) = (row.live, row.local != .deleted)
            try forgetWaiting(of: &row)
            row.deletedAt = now
            row.local = .unchanged
            try store.resources.update(row)
            guard isNews else { return [] }
            try log(
                .deleted, resource: row.id, kind: row.kind, in: collection,
                title: row.projection.title, before: before, after: nil, rules: rules,
                cause: cause.cause == .sweep ? .sweep : .tombstone)
            return []
        }
        row.pendingDelete = cause
        try store.resources.update(row)
        return [row.id]
    }

    /// Whether all that was done here was to make it, and whatever was sent of it is answered: its
    /// name was given by chance, so that what was deleted under it is what was made.
    private func isMadeAndDeleted(_ row: StoredResource) throws -> Bool {
        try row.base == nil
            && (row.editNumber <= 1 || row.live == nil) && !hasOtherMakers(row)
            && store.intents.open(for: row.id).isEmpty
    }

    /// Decides on what was edited or moved here and deleted there, where that is sure.
    func decideOnEdited(
        in collection: RemoteCollection, rules: any KindRules, doubt: Doubt,
        into plan: inout PushPlan
    ) throws {
        let pending = try store.resources.pendingDeletes(in: collection.id).filter(\.isDirty)
        // What becomes of a series becomes of its instances.
        let series = pending.filter { $0.projection.exception == nil }
        let instances = pending.filter { $0.projection.exception != nil }
        var lineage: Lineage?
        for id in (series + instances).map(\.id) {
            guard let row = try store.resources.find(id), row.isDirty, row.pendingDelete != nil,
                row.hold == nil || row.hold == .quarantined
            else { continue }
            guard !doubt.covers(row.id) else {
                plan.undecided += 1
                continue
            }
            guard try row.live == nil || !(isMissingWithMany(row) || mayHaveReturned(row)) else {
                plan.parked += 1
                continue
            }
            try decide(on: row, rules: rules, &lineage, doubt: doubt, into: &plan)
            try forgetSent(of: id)
        }
    }

    private func decide(
        on row: StoredResource, rules: any KindRules, _ lineage: inout Lineage?, doubt: Doubt,
        into plan: inout PushPlan
    ) throws {
        guard let live = row.live else { return try agreeOnDelete(of: row) }
        let side = LocalSide(base: row.base, edit: .changed(live), sent: nil)
        let outcome = Reconciler(rules: rules).meetTombstone(
            with: side, revivable: rules.mayRecreate(live))
        guard outcome != .removeAgreed else { return try agreeOnDelete(of: row) }
        guard try !settleLostInstance(row, rules: rules, into: &plan) else { return }
        if let place = try placeUnread(of: row) {
            return try setAsideUnread(row, in: place, into: &plan)
        }
        if let twin = try movedTwin(of: row, rules: rules) {
            let agreed = try store.revivals.agreed(of: row)
            plan.conflicts += try giveWay(
                row, to: twin, agreed: agreed, isThere: false, rules: rules)
            plan.hasRevived = true
            return
        }
        guard outcome != .revive, row.base != nil else {
            let names = try lineage ?? self.lineage(of: row.kind, rules: rules)
            lineage = names
            let made = try revive(row, rules: rules, lineage: names, doubt: doubt)
            guard let clashes = made else {
                plan.undecided += 1
                return
            }
            plan.conflicts += clashes
            plan.hasRevived = true
            return
        }
        var row = row
        row.hold = .conflict
        row.pendingDelete = nil
        try store.quarantine.remove(resource: row.id)
        try recordConflict(of: row, field: ConflictRecord.delete, mine: live, theirs: nil)
        plan.conflicts += 1
        try store.resources.update(row)
    }

    /// Whether it is missing from a listing from which so much is that a person was asked about it:
    /// a listing that is wrong about the rest is wrong about this, too.
    private func isMissingWithMany(_ row: StoredResource) throws -> Bool {
        guard row.pendingDelete?.cause == .sweep else { return false }
        return try store.holds.list(in: row.movedFrom ?? row.collection)
            .contains { $0.direction == .pull }
    }

    /// It was deleted here, and is gone at the provider.
    func agreeOnDelete(of row: StoredResource) throws {
        var row = row
        try forgetWaiting(of: &row)
        row.local = .unchanged
        row.deletedAt = now
        row.acknowledgedEdit = row.editNumber
        try store.resources.update(row)
    }

    /// Takes away whatever a row waited for because of a remote copy that is gone.
    func forgetWaiting(of row: inout StoredResource) throws {
        if row.hold == .pullHeld || row.hold == .pushHeld { try store.holds.withdraw(row.id) }
        try store.quarantine.remove(resource: row.id)
        row.movedFrom = nil
        row.hold = nil
        row.pendingDelete = nil
        row.missingSince = nil
    }
}
