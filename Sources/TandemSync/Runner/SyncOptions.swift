import Synchronization
public import TandemCore

/// What a caller asks of one sync.
public struct SyncOptions: Sendable {
    /// The run that everything changed is recorded under; it must be in the store.
    public var run: RunID
    /// List everything again, whatever cursors there are.
    public var full = false
    /// Write although writes are parked after a usage limit.
    public var ignoresParking = false
    /// How often one request is tried in all, at least once.
    public var tries = usualTries
    /// How often one request is tried that reaches nobody, before anybody was reached in this run.
    ///
    /// Whoever waits for the answer is then told soon; `nil` for as often as any other.
    public var triesUntilReached: Int?
    /// Asks to stop at the next safe point.
    public var stop = StopSignal()

    /// How often one request is tried where nobody says otherwise.
    public static let usualTries = 5

    /// Asks for an ordinary sync under `run`.
    public init(run: RunID) { self.run = run }
}

/// A request to stop cleanly: what is on its way is still answered and stored.
///
/// Cancelling a task tears requests in flight; this does not.
public final class StopSignal: Sendable {
    private let flag = Mutex(false)

    /// Makes a signal that nobody has given yet.
    public init() {}

    /// Asks to stop.
    public func request() { flag.withLock { $0 = true } }

    /// Whether stopping was asked for.
    public var isRequested: Bool { flag.withLock { $0 } }
}

/// How far a sync has come; made before a collection is read, after each stored page, and before
/// and after each write.
public struct SyncProgress: Hashable, Sendable {
    /// The account's name.
    public var account: String
    /// The collection.
    public var collection: CollectionID
    /// Whether it is the list that names the account's other collections.
    public var isRoot: Bool
    /// What is being done.
    public var phase: Phase
    /// Resources read, changed or not, or written so far in this collection.
    public var done: Int
    /// How many there will be, where that is known: of a full listing as many as are here already,
    /// of a first one or a list of changes nobody knows before its end.
    public var total: Int?

    /// What is being done.
    public enum Phase: String, Hashable, Sendable {
        /// Changes are read.
        case pulling
        /// Edits are sent.
        case pushing
        /// The collection is done.
        case finished
    }
}
