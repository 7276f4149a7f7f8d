import TandemActions
import TandemCore
import TandemStore
import TandemSync

/// Settles a conflict, and keeps with what then waits to be sent whom the provider may mail.
struct ConflictSettlement {
    private let transaction: StoreTransaction
    private let run: RunID
    private let mailing: SendUpdates

    init(_ transaction: StoreTransaction, run: RunID, mailing: SendUpdates) {
        self.transaction = transaction
        self.run = run
        self.mailing = mailing
    }

    /// Settles one conflict.
    ///
    /// - Returns: The item that clashed, and another one where both were kept.
    /// - Throws: `TandemError` with code `notFound` where no such conflict waits; `StoreError`.
    func settle(_ id: ConflictID, use choice: ConflictResolution) throws -> EditOutcome {
        let clashed = try transaction.conflicts.find(id).flatMap {
            try transaction.resources.find($0.resource)
        }
        // As with any edit: what is on its way carries its own wish.
        let joinsAnother = try clashed.map {
            try $0.isDirty && transaction.intents.open(for: $0.id).isEmpty
        }
        var settled = try Resolutions(transaction, run: run).resolve(id, use: choice)
        if let clashed, settled.isDirty, settled.editNumber != clashed.editNumber {
            settled.sendUpdates =
                joinsAnother == true ? max(clashed.sendUpdates, mailing) : mailing
            settled = try transaction.resources.update(settled)
        }
        return EditOutcome(settled, alsoChanged: try changed(besides: settled.id))
    }

    /// What the settlement changed besides; whom to mail counts for what it made anew: the other one
    /// of both, or an instance that lost its series.
    private func changed(besides id: ResourceID) throws -> [StoredResource] {
        let entries = try transaction.changes.list(run: run)
        let made = Set(entries.filter { $0.verb == .created }.compactMap(\.resource))
        return try Set(entries.compactMap(\.resource)).subtracting([id]).sorted().compactMap { id in
            guard var resource = try transaction.resources.find(id), resource.isDirty else {
                return nil
            }
            guard made.contains(id) else { return resource }
            resource.sendUpdates = mailing
            return try transaction.resources.update(resource)
        }
    }
}
