import LosslessJSON
import TandemCore

/// One local edit: its number, its names and its entry in the log.
///
/// Whatever a local edit does to a resource goes through ``write(_:)``, so that a number, a row and
/// an entry always belong together.
struct LocalEdit {
    let transaction: StoreTransaction
    let run: RunID?
    let operation: OperationID

    /// - Parameters:
    ///   - transaction: The transaction that is under way.
    ///   - run: The run of the command that edits.
    ///   - operation: The edit that this is a part of; `nil` for one on its own.
    init(in transaction: StoreTransaction, run: RunID?, operation: OperationID? = nil) {
        self.transaction = transaction
        self.run = run
        self.operation = operation ?? transaction.environment.makeID()
    }

    /// The collection of an edit, where the account may write there.
    func writableCollection(_ id: CollectionID) throws -> RemoteCollection {
        guard let collection = try transaction.collections.find(id) else {
            throw TandemError(
                .internalInconsistency, "An item belongs to a collection that is not there.")
        }
        try requireWriting(in: collection)
        return collection
    }

    func requireWriting(in collection: RemoteCollection) throws(TandemError) {
        guard !collection.isGone else {
            throw TandemError(
                .denied, "The collection is gone at its provider, so nothing can be changed there.")
        }
        guard collection.access.allowsWriting else {
            throw TandemError(
                .denied, "The account may only read in that collection.",
                remedy: "Ask its owner for the right to make changes, or choose another one.")
        }
    }

    /// The resource as it is now, which must be as the caller saw it.
    /// - Throws: ``StoreError`` with code `stale` where it changed since, so that nothing that
    ///   happened meanwhile is overwritten unseen.
    func current(_ seen: StoredResource) throws -> StoredResource {
        guard let current = try transaction.resources.find(seen.id) else {
            throw StoreError.notFound("item")
        }
        guard current.editNumber == seen.editNumber, current.local == seen.local,
            current.baseBytes == seen.baseBytes, current.deletedAt == seen.deletedAt,
            current.collection == seen.collection
        else {
            throw StoreError(
                .stale, "The item was changed meanwhile, by another command or by a sync.",
                remedy: "Look at it again, then repeat the change.")
        }
        return current
    }

    /// Whether something was sent for it, or may have been, whose answer is not stored yet.
    func isInFlight(_ resource: StoredResource) throws -> Bool {
        try !transaction.intents.open(for: resource.id).isEmpty
    }

    /// What an edit does to a resource besides its content: a number, names, another chance.
    func begin(_ resource: inout StoredResource, sendUpdates: SendUpdates) throws {
        try transaction.splits.forgetClosed(of: resource.id)
        // While several edits wait together, whoever was to be mailed about one of them is; what is
        // on its way carries its own wish.
        let joinsAnother = try resource.isDirty && !isInFlight(resource)
        resource.sendUpdates = joinsAnother ? max(resource.sendUpdates, sendUpdates) : sendUpdates
        resource.editNumber += 1
        resource.operation = operation
        resource.run = run
        resource.parkedUntil = nil
        resource.pushRounds = 0
        try transaction.holds.forgetRelease(of: resource.id)
        switch resource.hold {
        case .quarantined:
            resource.hold = nil
            try transaction.quarantine.remove(resource: resource.id)
        case .pushHeld:
            resource.hold = nil
            try transaction.holds.withdraw(resource.id)
        case .conflict, .pullHeld, .unreachable, nil:
            break
        }
    }

    /// Marks what both sides agree on again: nothing of it waits, so nobody is to be mailed.
    func settle(_ resource: inout StoredResource) {
        resource.local = .unchanged
        resource.sendUpdates = .none
        resource.acknowledgedEdit = resource.editNumber
    }

    /// What an edit says in the log.
    struct Entry {
        var verb: ChangeVerb
        var before: JSON?
        var after: JSON?
        var changes: [FieldChange] = []
    }

    /// Writes the row and its entry in the log.
    func write(_ resource: StoredResource, _ entry: Entry) throws -> StoredResource {
        let written = try transaction.resources.update(resource)
        try log(written, entry)
        return written
    }

    func log(_ resource: StoredResource, _ entry: Entry) throws {
        let rules = try transaction.rulebook.rules(for: resource.kind)
        try transaction.changes.append(
            ChangeEntry(
                user: transaction.user, account: resource.account,
                collection: resource.collection, resource: resource.id, kind: resource.kind,
                verb: Self.verb(of: entry, rules: rules), origin: .local,
                title: resource.projection.title,
                actor: ChangeActor(try transaction.accounts.find(resource.account)),
                changes: entry.changes
                    + FieldChange.between(entry.before, entry.after, rules: rules),
                before: entry.before, after: entry.after, run: run, operation: operation,
                cause: entry.verb == .deleted ? .operation(operation) : nil,
                at: transaction.environment.now()))
    }

    /// An edit of nothing but answers is an answer, however it was typed.
    private static func verb(of entry: Entry, rules: any KindRules) -> ChangeVerb {
        guard entry.verb == .updated, entry.changes.isEmpty, let before = entry.before,
            let after = entry.after, rules.answers(from: before, to: after) != nil
        else { return entry.verb }
        return .answered
    }
}
