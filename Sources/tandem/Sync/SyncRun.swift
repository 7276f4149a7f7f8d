import GoogleAPI
import GoogleConnector
import LosslessJSON
import Synchronization
import TandemCore
import TandemStore
import TandemSync

/// One sync of the chosen accounts, recorded as one run.
struct SyncRun: Sendable {
    let app: App
    let store: Store
    let google: Google

    /// What a sync is asked for.
    struct Request: Sendable {
        var isFull = false
        var ignoresParking = false
        /// Accounts that waited for as long as Google asked, though the clock says otherwise.
        var pastParking: Set<AccountID> = []
        /// Only these accounts, and how often a request of theirs is tried; `nil` for all.
        var tries: [AccountID: Int]?
        /// How often a request is tried before Google was reached at all; `nil` for as often as
        /// any other, where nobody waits for the answer.
        var triesUntilReached: Int?
        /// The command's words, for the log.
        var command = "sync"
    }

    /// How many accounts are synced side by side.
    private static let width = 4

    /// The chosen accounts, in their order.
    func accounts() async throws -> [Account] {
        let names = app.options.accounts
        return try await store.read { try Directory($0, accounts: names).accounts }
    }

    /// Syncs the accounts; what fails of one is in its part of the summary.
    ///
    /// Once a day the store then forgets what is old enough.
    ///
    /// - Throws: `StoreError` where the local store fails; ``CommandFailure`` for a bad setting.
    func run(_ request: Request) async throws -> SyncSummary {
        let retention = Retention(
            days: try app.settings[.retentionDays].flatMap { Int($0) } ?? Retention.fewestDays)
        let names = app.options.accounts
        let (run, accounts) = try await store.write { transaction in
            let accounts = try Directory(transaction, accounts: names).accounts
                .filter { account in request.tries.map { $0[account.id] != nil } ?? true }
            return (try transaction.runs.start(request.command), accounts)
        }
        let summary: SyncSummary
        do { summary = try await complete(run, accounts, request) } catch {
            // A run that broke off must not look as if it went on for ever.
            let exit = CommandFailure(describing: error).exit
            do { try await finish(run, exit: exit, summary: nil) } catch _ as StoreError {
                throw error  // The store failed twice; its first failure is the one to tell.
            }
            throw error
        }
        if !summary.wasInterrupted { try await retention.apply(to: store, after: run) }
        return summary
    }

    private func finish(_ run: RunRecord, exit: ExitReason, summary: JSON?) async throws {
        try await store.write {
            try $0.runs.finish(run.id, exit: Int(exit.rawValue), summary: summary)
        }
    }

    private func complete(
        _ run: RunRecord, _ accounts: [Account], _ request: Request
    ) async throws -> SyncSummary {
        let stop = StopSignal()
        let reporter = app.progressReporter()
        defer { reporter.finish() }
        let outcomes = try await app.interruption.stopping(by: stop) {
            let owner = LeaseOwner(syncing: run.id, by: app.environment.processes.current)
            return try await sync(accounts, owner: owner, reporter: reporter) { account in
                var options = SyncOptions(run: run.id)
                options.full = request.isFull
                options.ignoresParking =
                    request.ignoresParking || request.pastParking.contains(account)
                options.tries = request.tries?[account] ?? SyncOptions.usualTries
                options.triesUntilReached = request.triesUntilReached
                options.stop = stop
                return options
            }
        }
        let summary = SyncSummary(
            run: run.id, started: run.started, finished: app.environment.now(),
            outcomes: outcomes, wasInterrupted: stop.isRequested)
        try await finish(run, exit: summary.exit, summary: summary.json)
        return summary
    }

    private func sync(
        _ accounts: [Account], owner: LeaseOwner, reporter: ProgressReporter,
        options: @escaping @Sendable (AccountID) -> SyncOptions
    ) async throws -> [SyncSummary.AccountOutcome] {
        let names = CollectionNames(store: store)
        let synchronizer = Synchronizer(
            store: store, environment: app.environment, owner: owner,
            programVersion: ProgramVersion.text,
            observer: { reporter.show(ProgressStep($0, name: names[$0.collection])) })
        return try await withThrowingTaskGroup(of: (Int, SyncSummary.AccountOutcome).self) {
            group in
            var outcomes: [Int: SyncSummary.AccountOutcome] = [:]
            for (index, account) in accounts.enumerated() {
                if index >= Self.width, let done = try await group.next() {
                    outcomes[done.0] = done.1
                }
                group.addTask {
                    let options = options(account.id)
                    return (index, try await sync(account, by: synchronizer, options: options))
                }
            }
            for try await (index, outcome) in group { outcomes[index] = outcome }
            return accounts.indices.compactMap { outcomes[$0] }
        }
    }

    private func sync(
        _ account: Account, by synchronizer: Synchronizer, options: SyncOptions
    ) async throws -> SyncSummary.AccountOutcome {
        do {
            guard let sealed = try await store.read({ try SealedGrant(of: account.id, in: $0) })
            else {
                throw CommandFailure(
                    .signInNeeded, "The account '\(account.name)' is signed out.",
                    remedy: "tandem auth login --account \(account.name.shellWord)")
            }
            try sealed.check(google.endpoints, account: account.name)
            let connector = GoogleAccountConnector(
                client: google.client(of: account.id, grant: sealed.grant, in: store))
            let report = try await synchronizer.sync(
                account, through: connector, options: options)
            return .init(id: account.id, account: account.name, report: report, failure: nil)
        } catch let error as StoreError where error.code != .sealed {
            throw error
        } catch {
            return .init(
                id: account.id, account: account.name, report: nil,
                failure: CommandFailure(describing: error))
        }
    }
}

/// What collections are called, looked up once each.
private final class CollectionNames: Sendable {
    private let store: Store
    private let known = Mutex<[CollectionID: String]>([:])

    init(store: Store) { self.store = store }

    subscript(id: CollectionID) -> String {
        if let name = known.withLock({ $0[id] }) { return name }
        // A name that cannot be read now is shown as the id; progress decides nothing.
        let name = (try? store.readBlocking { try $0.collections.find(id)?.name }) ?? id.rawValue
        known.withLock { $0[id] = name }
        return name
    }
}

extension ProgressStep {
    init(_ progress: SyncProgress, name: String) {
        let phase: Phase =
            switch progress.phase {
            case .pulling: .reading
            case .pushing: .sending
            case .finished: .done
            }
        self.init(
            label: name, phase: phase, done: progress.done, total: progress.total,
            id: progress.collection.rawValue, isList: progress.isRoot)
    }
}
