public import TandemCore
public import TandemStore

/// What of a store tells that other programs edited something, or decided on what waited.
public struct StoreMark: Hashable, Sendable {
    private let runs: RunMark
    private let states: [AccountID: AccountState]

    /// Reads the mark.
    ///
    /// - Parameters:
    ///   - transaction: The transaction that is under way.
    ///   - command: The command whose runs ask for no sync: a sync's.
    /// - Throws: `StoreError`.
    public init(_ transaction: StoreTransaction, besides command: String = "sync") throws {
        runs = try transaction.runs.mark(besides: command)
        states = Dictionary(
            try transaction.accounts.list().map { ($0.id, $0.state) }, uniquingKeysWith: { $1 })
    }

    /// Whether an account was let in again after `other` was read.
    public func letsIn(_ account: AccountID, since other: StoreMark) -> Bool {
        states[account] == .ok && other.states[account] == .needsConsent
    }
}

/// Decides when edits that other programs make are to be sent: once they come to rest, so that many
/// of them are one sync.
public struct EditWatch: Hashable, Sendable {
    /// No further edit for so long is a rest.
    static let rest = Duration.seconds(1)
    /// Edits without a rest are sent after so long.
    static let patience = Duration.seconds(10)

    /// What was there when the last sync began.
    private let synced: StoreMark
    private var latest: StoreMark
    private var first: Duration?
    private var last: Duration?

    /// Begins to watch; what comes after `mark` is news.
    public init(after mark: StoreMark) {
        synced = mark
        latest = mark
    }

    /// Whether news wait that were not told yet.
    public var hasNews: Bool { first != nil }

    /// Takes in what is there now.
    ///
    /// - Parameters:
    ///   - mark: What is there.
    ///   - moment: The moment it is.
    /// - Returns: Whether a sync is due because of it.
    public mutating func look(_ mark: StoreMark, at moment: RunningTime) -> Bool {
        if mark != latest {
            latest = mark
            last = moment.running
            first = first ?? moment.running
        }
        guard let first, let last else { return false }
        return moment.running - last >= Self.rest || moment.running - first >= Self.patience
    }

    /// Which of `accounts` were let in again since.
    public func letIn(_ accounts: [AccountID]) -> [AccountID] {
        accounts.filter { latest.letsIn($0, since: synced) }
    }
}
