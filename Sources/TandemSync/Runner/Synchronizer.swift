public import TandemCore
public import TandemStore

/// Syncs accounts: takes the lease, lets the engine decide, performs what it asks for.
public struct Synchronizer: Sendable {
    /// How long a lease lasts without being renewed: a killed sync blocks nobody for longer.
    static let leaseDuration = Duration.seconds(60)
    static let leaseRenewal = Duration.seconds(20)

    let store: Store
    private let environment: TandemEnvironment
    private let owner: LeaseOwner
    private let programVersion: String
    private let observer: @Sendable (SyncProgress) -> Void

    /// Binds what a sync needs.
    ///
    /// - Parameters:
    ///   - store: Where everything is kept.
    ///   - environment: The clock, and chance.
    ///   - owner: Who takes leases; no two processes share a name.
    ///   - programVersion: Another version tries quarantined items again.
    ///   - observer: Told after each stored page, once the next one came or failed where it is read
    ///     meanwhile, and after each answered write; must be quick.
    public init(
        store: Store, environment: TandemEnvironment, owner: LeaseOwner, programVersion: String,
        observer: @escaping @Sendable (SyncProgress) -> Void = { _ in }
    ) {
        self.store = store
        self.environment = environment
        self.owner = owner
        self.programVersion = programVersion
        self.observer = observer
    }

    /// Syncs one account: pulls, reconciles, pushes, and adopts the answers.
    ///
    /// Remote failures do not throw; they are in the report.
    /// - Throws: ``SyncError`` with code `busy` while another process holds the account, or
    ///   `leaseLost`; `StoreError` when the local store fails, and then nothing unstored was
    ///   acknowledged.
    public func sync(
        _ account: Account, through connector: any Connector, options: SyncOptions
    ) async throws -> AccountReport {
        try await withLease(on: account) { lease in
            let run = AccountRun(
                account: account, connector: connector, store: store, environment: environment,
                context: PassContext(
                    account.id, through: connector, options, programVersion: programVersion),
                options: options, lease: lease, observer: observer)
            return try await run.report()
        }
    }

    private func withLease(
        on account: Account, _ body: (LeaseKeeper) async throws -> AccountReport
    ) async throws -> AccountReport {
        let keeper = LeaseKeeper(
            store: store, environment: environment, account: account, owner: owner)
        guard try await keeper.acquire() else {
            throw SyncError(
                .busy, "Another process is syncing the account '\(account.name)'.",
                remedy: "Wait for it, or see who it is: tandem leases list")
        }
        let outcome: Result<AccountReport, any Error>
        do { outcome = .success(try await body(keeper)) } catch { outcome = .failure(error) }
        // A new task, so that giving the lease back is not cancelled with us.
        let released = await Task { () -> (any Error)? in
            do {
                try await keeper.release()
                return nil
            } catch { return error }
        }.value
        let report = try outcome.get()
        if let released { throw released }
        return report
    }
}

/// Holds the lease on one account while a run goes on.
struct LeaseKeeper: Sendable {
    let store: Store
    let environment: TandemEnvironment
    let account: Account
    let owner: LeaseOwner

    func acquire() async throws -> Bool {
        try await store.write(as: account.user) { transaction in
            try transaction.leases.acquire(
                account.id, owner: owner, for: Synchronizer.leaseDuration,
                now: transaction.environment.now())
        }
    }

    /// - Throws: ``SyncError`` with code `leaseLost` where somebody else took the account.
    func renew() async throws {
        let isOurs = try await store.write(as: account.user) { transaction in
            try transaction.leases.renew(
                account.id, owner: owner, for: Synchronizer.leaseDuration,
                now: transaction.environment.now())
        }
        guard isOurs else {
            throw SyncError(
                .leaseLost, "The lease on the account was taken away while it was synced.",
                remedy: "Run the sync again.")
        }
    }

    func release() async throws {
        _ = try await store.write(as: account.user) {
            try $0.leases.release(account.id, owner: owner)
        }
    }
}
