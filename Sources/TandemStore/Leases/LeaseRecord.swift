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

    /// Whether nobody may take it: it has not ended yet, and its holder is not known to be gone.
    public func isBinding(in environment: TandemEnvironment) -> Bool {
        isBinding(in: environment, at: environment.now())
    }

    func isBinding(in environment: TandemEnvironment, at now: Timestamp) -> Bool {
        isRunning(at: now) && life(in: environment) != .gone
    }

    /// Whether its holder still works: its process where that can be seen, else as long as the lease.
    public func isHolderAlive(in environment: TandemEnvironment) -> Bool {
        switch life(in: environment) {
        case .running: true
        case .gone: false
        case .unknown: isRunning(at: environment.now())
        }
    }

    private func life(in environment: TandemEnvironment) -> ProcessLife {
        environment.processes.life(of: owner.process)
    }

    /// Whether it has not ended at `now`.
    ///
    /// A lease that was renewed in the future, by more than its own length, comes from a clock that
    /// was set back since; it counts as ended, because else nobody could work for as long.
    private func isRunning(at now: Timestamp) -> Bool {
        let length = expires.duration(since: renewed)
        return now < expires && renewed < now.advanced(by: length)
    }
}

/// Who holds a lease.
public struct LeaseOwner: Hashable, Sendable {
    /// A name that no other holder has, such as a run's id.
    public let name: String
    /// The process, which a later one can tell from every other.
    public let process: ProcessIdentity

    /// Names a holder.
    public init(name: String, process: ProcessIdentity) {
        self.name = name
        self.process = process
    }

    /// Names a holder of whose process only the number is known, so that it is never taken for gone.
    package init(name: String, process: Int64, host: String) {
        self.init(
            name: name,
            process: ProcessIdentity(host: host, boot: "", number: process, started: 0))
    }
}
