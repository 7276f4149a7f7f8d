import TandemCore
public import TandemStore

/// What a program needs that has no runs and no lease owners of its own.
extension Synchronizer {
    /// Binds a store, by whose clock everything goes, and takes leases under a new name.
    ///
    /// - Parameters:
    ///   - store: Where everything is kept.
    ///   - programVersion: Another version tries quarantined items again.
    ///   - observer: As in ``init(store:environment:owner:programVersion:observer:)``.
    public init(
        store: Store, programVersion: String = "1",
        observer: @escaping @Sendable (SyncProgress) -> Void = { _ in }
    ) {
        let environment = store.environment
        let name: OperationID = environment.makeID()
        self.init(
            store: store, environment: environment,
            owner: LeaseOwner(name: name.rawValue, process: environment.processes.current),
            programVersion: programVersion, observer: observer)
    }

    /// Syncs one account under a run of its own, `sync`, that the store keeps.
    ///
    /// The run ends with exit code 0 where nothing asks for a person, else with 1.
    /// - Throws: As ``sync(_:through:options:)``.
    public func sync(
        _ account: Account, through connector: any Connector
    ) async throws -> AccountReport {
        let run = try await store.write(as: account.user) { try $0.runs.start("sync").id }
        let report: AccountReport
        do {
            report = try await sync(account, through: connector, options: SyncOptions(run: run))
        } catch {
            // A run that broke off must not look as if it went on for ever.
            do { try await finish(run, of: account, exit: 1) } catch _ as StoreError {
                throw error  // The store failed twice; its first failure is the one to tell.
            }
            throw error
        }
        try await finish(run, of: account, exit: report.attention == nil ? 0 : 1)
        return report
    }

    private func finish(_ run: RunID, of account: Account, exit: Int) async throws {
        try await store.write(as: account.user) {
            try $0.runs.finish(run, exit: exit, summary: nil)
        }
    }
}
