import Foundation
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
        /// The command's words, for the log.
        var command = "sync"
    }

    /// How many accounts are synced side by side.
    private static let width = 4

    /// Syncs the accounts; what fails of one is in its part of the summary.
    ///
    /// - Throws: `StoreError` where the local store fails.
    func run(_ request: Request) async throws -> SyncSummary {
        let names = app.options.accounts
        let (run, accounts) = try await store.write { transaction in
            let accounts = try Directory(transaction, accounts: names).accounts
            return (try transaction.runs.start(request.command), accounts)
        }
        let stop = StopSignal()
        app.interruption.stopsCleanly(stop)
        var options = SyncOptions(run: run.id)
        options.full = request.isFull
        options.ignoresParking = request.ignoresParking
        options.stop = stop
        let reporter = app.progressReporter()
        let outcomes = try await sync(accounts, options: options, reporter: reporter)
        reporter.finish()
        let summary = SyncSummary(
            run: run.id, started: run.started, finished: app.environment.now(),
            outcomes: outcomes, wasInterrupted: stop.isRequested)
        let (exit, json) = (summary.exit, summary.json)
        try await store.write {
            try $0.runs.finish(run.id, exit: Int(exit.rawValue), summary: json)
        }
        return summary
    }

    private func sync(
        _ accounts: [Account], options: SyncOptions, reporter: ProgressReporter
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
                    (index, try await sync(account, by: synchronizer, options: options))
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
                    remedy: "tandem auth login --account \(account.name)")
            }
            try sealed.check(google.endpoints, account: account.name)
            let connector = GoogleAccountConnector(
                client: google.client(of: account.id, grant: sealed.grant, in: store))
            let report = try await synchronizer.sync(
                account, through: connector, options: options)
            return .init(account: account.name, report: report, failure: nil)
        } catch let error as StoreError where error.code != .sealed {
            throw error
        } catch {
            return .init(
                account: account.name, report: nil, failure: CommandFailure(describing: error))
        }
    }

    /// No two processes share this name, so that a lease is never taken for one's own.
    private var owner: LeaseOwner {
        let process = ProcessInfo.processInfo.processIdentifier
        let id: Identifier<SyncRun> = app.environment.makeID()
        return LeaseOwner(
            name: "tandem sync \(process) \(id)", process: Int64(process),
            host: ProcessInfo.processInfo.hostName)
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
        let phase =
            switch progress.phase {
            case .pulling: "reading"
            case .pushing: "sending"
            case .finished: "done"
            }
        self.init(label: name, phase: phase, done: progress.done, total: progress.total)
    }
}
