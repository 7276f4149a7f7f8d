public import TandemCore
public import TandemStore

/// What the next sync of an account would send, and what it would leave waiting.
///
/// It is no second set of rules: the sync's own planner works in a transaction that is undone
/// again, and every write counts as taken as it was sent, since that decides on what follows. What
/// others changed meanwhile is not known, as nobody is asked.
public struct SyncForecast: Sendable {
    /// What would be sent, in the order of each collection.
    public var writes: [PlannedWrite] = []
    /// The deletes that would be stopped as part of a mass delete.
    public var held: [PlannedWrite] = []
    /// The other edits that would not be sent.
    public var waiting: [WaitingEdit] = []

    /// How often the collections are gone through: what one brings may be due in another.
    private static let mostRounds = 8

    /// Looks ahead for one account.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - store: Where it is kept; nothing in it is changed.
    ///   - maximumBatch: How many writes go into one request, which decides on their order.
    ///   - ignoresParking: Whether the sync would write although the provider asked to wait.
    ///   - programVersion: Another version tries quarantined items again.
    /// - Returns: What the sync would do with the edits that wait.
    /// - Throws: `StoreError`, also where the store may only be read.
    public static func of(
        _ account: Account, in store: Store, maximumBatch: Int = 50, ignoresParking: Bool = false,
        programVersion: String = "1"
    ) async throws -> SyncForecast {
        do {
            return try await store.write(as: account.user) { transaction -> SyncForecast in
                let run = try transaction.runs.start("sync --dry-run")
                let planner = ForecastPlanner(
                    account: account, store: transaction, ignoresParking: ignoresParking,
                    pass: PassTransaction(
                        store: transaction,
                        context: PassContext(
                            account: account.id, run: run.id, fingerprint: { _ in "" },
                            programVersion: programVersion)))
                throw Undone(
                    forecast: try planner.forecast(rounds: mostRounds, limit: maximumBatch))
            }
        } catch let undone as Undone { return undone.forecast }
    }

    /// Carries what was found out of a transaction that is undone.
    private struct Undone: Error {
        let forecast: SyncForecast
    }
}

/// One write that a sync would send.
public struct PlannedWrite: Sendable {
    /// What it is about, as it is here before the write.
    public var resource: StoredResource
    /// How programs read its state.
    public var state: ResourceState
    /// Where the remote copy lies.
    public var place: RemoteCollection
    /// Where a move leads.
    public var destination: RemoteCollection?
    /// What would be sent.
    public var request: PushRequest
    /// The names of what is changed: the rules' own, and `calendar` for a move.
    public var fields: [String]
    /// The addresses that the provider may mail, sorted; none unless the edit asked for it.
    public var notified: [String]
}

/// One edit that a sync would not send.
public struct WaitingEdit: Sendable {
    /// What it is about.
    public var resource: StoredResource
    /// Where the remote copy lies.
    public var place: RemoteCollection
    /// Why it waits.
    public var reason: Reason
    /// Until when, where that is known.
    public var until: Timestamp?

    /// Why an edit waits.
    public enum Reason: String, Sendable, CaseIterable {
        /// The account has to sign in again.
        case signInNeeded
        /// The collection is gone at the provider.
        case gone
        /// The account may only read there.
        case readOnly
        /// The provider asked to wait.
        case parked
        /// It is part of a mass delete that was stopped before.
        case held
        /// A person has to decide between two edits.
        case conflict
        /// It was set aside with a reason.
        case quarantined
        /// The provider answers that it is not there.
        case unreachable
        /// It was sent before, and what became of it is found out first.
        case unconfirmed
        /// It rests after answers that settled nothing.
        case rests
        /// Another edit has to be taken first, which waits itself.
        case followsAnother
    }
}
