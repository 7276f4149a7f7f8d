public import TandemCore

/// Who works on an account, so that two processes never sync it at once.
public struct LeaseRecord: Hashable, Sendable {
    /// The account.
    public let account: AccountID
    /// Who holds it.
    public let owner: LeaseOwner
    /// When it was taken.
    public let since: Timestamp
    /// When it was last renewed.
    public let renewed: Timestamp
    /// When it ends unless it is renewed.
    public let expires: Timestamp

    /// Whether nobody may take it at `now`.
    ///
    /// A lease that was renewed in the future, by more than its own length, comes from a clock that
    /// was set back since; it counts as ended, because else nobody could work for as long.
    public func isBinding(at now: Timestamp) -> Bool {
        let length = expires.duration(since: renewed)
        return now < expires && renewed < now.advanced(by: length)
    }
}

/// Who holds a lease.
public struct LeaseOwner: Hashable, Sendable {
    /// A name that no other holder has, such as a run's id.
    public let name: String
    /// The process, as its machine numbers it.
    public let process: Int64
    /// The machine's name.
    public let host: String

    /// Names a holder.
    public init(name: String, process: Int64, host: String) {
        self.name = name
        self.process = process
        self.host = host
    }
}
