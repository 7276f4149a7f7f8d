public import TandemCore

/// What one sync of one account came to.
public struct AccountReport: Hashable, Sendable {
    /// The account's name.
    public var account: String
    /// One report a collection, roots first.
    public var collections: [CollectionReport]
    /// Requests sent, and bytes received.
    public var traffic: Traffic
    /// What stopped the whole account, if something did.
    public var failure: SyncFailure?

    /// All that failed, each failure once: what stopped the account first, then what kept
    /// collections from their end.
    public var failures: [SyncFailure] {
        ([failure] + collections.map(\.failure)).reduce(into: []) { known, failure in
            if let failure, !known.contains(failure) { known.append(failure) }
        }
    }

    /// Whether asking again at once is of no use: the provider cannot be reached, asks to wait, or
    /// lets this account do nothing.
    var needsRest: Bool {
        failures.contains { $0.error.isWorthAnotherTry || $0.error.stopsAccount }
    }

    /// Why a caller may have to act; the gravest first.
    public var attention: SyncAttention? {
        let all = collections.compactMap(\.attention) + [failure?.attention].compactMap { $0 }
        return all.min()
    }
}

/// What one pass over one collection came to.
public struct CollectionReport: Hashable, Sendable {
    /// Our id of the collection.
    public var id: CollectionID
    /// The account's name.
    public var account: String
    /// What the collection contains.
    public var kind: Kind
    /// What a person calls it.
    public var name: String
    /// How it was read: `full`, `delta` or `none`.
    public var listing: String
    /// Requests sent for it.
    public var requests: Int
    /// What came in.
    public var pulled: ChangeCounts
    /// What went out.
    public var pushed: ChangeCounts
    /// Clashes that wait for a person, older ones included.
    public var conflicts: Int
    /// Items set aside, older ones included.
    public var quarantined: Int
    /// Deletes that wait for a person, older ones included.
    public var held: Int
    /// Writes whose outcome is not known yet.
    public var unconfirmed: Int
    /// Edits that could not be sent for now: they rest, or the account may no longer write there.
    public var parked: Int
    /// Deletes made here that somebody else's edits overruled, in the order they were met.
    public var broughtBack: [BroughtBack] = []
    /// What kept the pass from its end, if something did.
    public var failure: SyncFailure?

    /// Why a caller may have to act; the gravest.
    public var attention: SyncAttention? {
        var all = [failure?.attention].compactMap { $0 }
        if held > 0 { all.append(.held) }
        if unconfirmed + parked > 0 { all.append(.temporarilyFailed) }
        if quarantined > 0 { all.append(.quarantined) }
        if conflicts > 0 { all.append(.conflicts) }
        return all.min()
    }
}

/// A failure as people and programs see it.
public struct SyncFailure: Hashable, Sendable {
    /// The failure as the connector classified it.
    public var error: RemoteError
    /// Not before this moment will it be tried again by itself.
    public var retryAt: Timestamp?

    /// Which of the reasons to act it is.
    public var attention: SyncAttention {
        switch error.code {
        case .signInNeeded, .permissionMissing: .signInNeeded
        case .clientRefused: .clientRefused
        case .throttled, .quotaExceeded, .dailyLimitExceeded: .throttled
        case .cancelled: .interrupted
        default: .temporarilyFailed
        }
    }
}

/// Why a caller may have to act after a sync, the gravest first.
public enum SyncAttention: Int, Hashable, Sendable, Comparable {
    /// The run was stopped.
    case interrupted
    /// An account has to sign in again.
    case signInNeeded
    /// The provider refuses the client, or its project: whoever runs the program has to mend it.
    case clientRefused
    /// Deletes wait for a person.
    case held
    /// The provider asks to wait.
    case throttled
    /// Trying again may help.
    case temporarilyFailed
    /// Some items were set aside.
    case quarantined
    /// Conflicts wait for a person.
    case conflicts

    /// The graver first.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
