import LosslessJSON
import TandemCore
import TandemStore

/// Instances that are cancelled out of their series: deleted, though they stay as resources.
extension PassTransaction {
    /// What the news that an instance is cancelled comes to here.
    enum Cancellation {
        /// Somebody took away what is seen here.
        case takesAway
        /// It is gone here as well: what was sent from here comes back, or both sides cancelled it.
        case isKnown
        /// Its series has no such slot, or is gone, so that nothing is seen there anyway: a provider
        /// cancels what an edit of the series left without a slot.
        case isOfNobody
    }

    /// - Returns: `nil` where the remote version is no cancelled instance.
    func cancellation(
        of row: StoredResource, by remote: JSON, rules: any KindRules
    ) throws -> Cancellation? {
        guard row.projection.exception != nil else { return nil }
        return try cancellation(
            remote, rules.projection(of: remote), of: row, in: row.collection, rules: rules)
    }

    /// - Parameters:
    ///   - remote: What the provider says.
    ///   - projection: What the rules draw from it.
    ///   - row: The instance as it is here; `nil` where it was none of its own.
    ///   - collection: Where its series lies.
    ///   - rules: The rules of its kind.
    /// - Returns: `nil` where the remote version is no cancelled instance.
    /// - Throws: ``StoreError``.
    func cancellation(
        _ remote: JSON, _ projection: Projection, of row: StoredResource?,
        in collection: CollectionID, rules: any KindRules
    ) throws -> Cancellation? {
        guard projection.isCancelled, let link = projection.exception else { return nil }
        if let row, row.deletedAt == nil {
            if try row.isDirty && isGoneThoughEdited(link.series, in: collection) {
                return .isOfNobody
            }
            return row.isSeen ? .takesAway : .isKnown
        }
        // Where an edit that waits takes the slot, the provider has not taken it yet.
        guard let series = try store.resources.find(remoteID: link.series, in: collection),
            let live = series.live,
            [live, series.base ?? live].contains(where: { rules.slotExists(for: remote, in: $0) })
        else { return .isOfNobody }
        // An edit that was given up unsent left the slot to the series.
        return row?.base == nil ? .takesAway : .isKnown
    }

    /// Whether somebody deleted a series that was edited here: it comes to life again, and what was
    /// edited of its instances with it, or a person decides on all of it.
    private func isGoneThoughEdited(
        _ series: RemoteID, in collection: CollectionID
    ) throws -> Bool {
        guard let row = try store.resources.find(remoteID: series, in: collection) else {
            return false
        }
        return row.isDirty && row.live != nil && row.pendingDelete?.cause == .tombstone
    }

    /// A cancelled instance comes with little more than its names: it is called what it was called
    /// here, else what its series is called.
    func title(
        of projection: Projection, formerly row: StoredResource?, in collection: CollectionID
    ) throws -> String {
        guard projection.title.isEmpty, projection.isCancelled, let link = projection.exception
        else { return projection.title }
        if let row, row.base != nil, !row.projection.title.isEmpty { return row.projection.title }
        return try store.resources.find(remoteID: link.series, in: collection)?.projection.title
            ?? ""
    }
}

/// What becomes of the exceptions of a series.
extension PassTransaction {
    /// Takes the exceptions of a series away with it; edits that wait are a person's to decide on.
    /// - Returns: How many such conflicts there are.
    func removeExceptions(
        of series: StoredResource, cause: DeleteCause, rules: any KindRules
    ) throws -> Int {
        guard let remoteID = series.remoteID, series.projection.isSeries else { return 0 }
        var conflicts = 0
        for exception in try store.resources.exceptions(of: remoteID, in: series.collection)
        where exception.deletedAt == nil {
            if try askAboutSlot(of: exception) {
                conflicts += 1
                continue
            }
            guard exception.hold != .conflict else { continue }
            try remove(exception, cause: cause, rules: rules)
        }
        return conflicts
    }

    /// Takes away the exceptions whose slots an edit made here took from their series.
    ///
    /// With that edit the provider drops them, too. Edits of them that wait are decided on one by
    /// one.
    ///
    /// - Parameters:
    ///   - series: The series before the provider took the edit.
    ///   - intent: The write that was taken; what somebody else took away since is theirs to tell.
    ///   - rules: The rules of its kind.
    /// - Throws: ``StoreError``.
    func removeLostExceptions(
        of series: StoredResource, by intent: Intent, rules: any KindRules
    ) throws {
        guard let base = series.base, let name = series.remoteID, let taken = intent.local,
            !rules.haveSameSlots(base, taken)
        else { return }
        // A later edit, which still waits, is not what took the slot.
        let isLatest = series.editNumber == intent.editNumber
        let operation = isLatest ? series.operation ?? intent.id : intent.id
        for var exception in try store.resources.exceptions(of: name, in: series.collection)
        where exception.isSeen && exception.local == .unchanged && exception.hold == nil {
            guard let live = exception.live, !rules.slotExists(for: live, in: taken) else {
                continue
            }
            exception = try remove(exception, cause: .operation(operation), rules: rules)
            // It stands for no slot any more, should the series have that again.
            exception.base = nil
            try store.resources.update(exception)
        }
    }

    @discardableResult
    private func remove(
        _ exception: StoredResource, cause: DeleteCause, rules: any KindRules
    ) throws -> StoredResource {
        var exception = exception
        let (before, wasSeen) = (exception.live, exception.isSeen)
        try forgetWaiting(of: &exception)
        exception.local = .unchanged
        exception.deletedAt = now
        for conflict in try store.conflicts.open(for: exception.id) {
            try store.conflicts.resolve(conflict.id, as: .moot)
        }
        exception = try store.resources.update(exception)
        guard wasSeen || before == nil else { return exception }
        var operation: OperationID?
        if case .operation(let id) = cause { operation = id }
        try log(
            .deleted, resource: exception.id, kind: exception.kind,
            in: try collection(exception.collection), title: exception.projection.title,
            before: before, after: nil, rules: rules, cause: cause,
            origin: operation == nil ? .remote : .local, operation: operation)
        return exception
    }

    /// Decides on an edited instance that its provider called gone: no instance lives without its
    /// series, so that it is never brought to life alone.
    ///
    /// Where the series has its slot still, the instance is edited there anew; else, or where that
    /// was tried and it is gone still, a person decides what becomes of the edit.
    /// - Returns: Whether it is an instance.
    func settleLostInstance(
        _ row: StoredResource, rules: any KindRules, into plan: inout PushPlan
    ) throws -> Bool {
        guard let link = row.projection.exception, let live = row.live else { return false }
        if row.base != nil,
            let series = try store.resources.find(remoteID: link.series, in: row.collection),
            series.remoteID == link.series, series.collection == row.collection,
            series.pendingDelete == nil, let whole = series.live,
            rules.slotExists(for: live, in: whole)
        {
            var row = row
            try forgetWaiting(of: &row)
            row.base = nil
            row.etag = nil
            row.local = .edited(live)
            try store.resources.update(row)
        } else if try askAboutSlot(of: row) {
            plan.conflicts += 1
        }
        return true
    }

    /// Lets a person decide on an edit that waits of an instance whose slot is gone, whatever else
    /// keeps it from being sent.
    /// - Returns: Whether there is such an edit, and nobody was asked about it before.
    func askAboutSlot(of exception: StoredResource) throws -> Bool {
        guard exception.isDirty, exception.hold != .conflict, !exception.projection.isCancelled,
            let live = exception.live
        else { return false }
        var exception = exception
        if exception.hold == .pullHeld { try store.holds.withdraw(exception.id) }
        try store.quarantine.remove(resource: exception.id)
        exception.hold = .conflict
        try store.resources.update(exception)
        try recordConflict(of: exception, field: ConflictRecord.slot, mine: live, theirs: nil)
        return true
    }

    func isAskedAboutSlot(_ exception: ResourceID) throws -> Bool {
        try store.conflicts.open(for: exception).contains { $0.field == ConflictRecord.slot }
    }
}

extension StoredResource {
    /// Whether it is an instance that the provider never told of as a thing of its own.
    var isNoneOfItsOwn: Bool {
        projection.exception != nil && etag == nil && (isUnseen || base == nil)
    }

    /// Whether there is something to see of it: it is there, and no instance cancelled out of its
    /// series.
    var isSeen: Bool { live != nil && !(projection.isCancelled && projection.exception != nil) }
}
