import LosslessJSON
import TandemCore
import TandemStore
import TandemSync
import TandemTesting

@testable import GoogleConnector

/// A Google account that is synced into a store in memory.
struct SyncBench {
    let store: Store
    let connector: any Connector
    private let environment: TandemEnvironment
    private let account: Account
    let run: RunID

    init(_ connector: any Connector) async throws {
        environment = TestEnvironment(seed: 7).environment
        store = try TestStore.inMemory(
            rulebook: Rulebook(GoogleAccountConnector.rules), environment: environment)
        self.connector = connector
        (account, run) = try await store.write { transaction in
            (
                try transaction.accounts.add(name: "ada", provider: "google"),
                try transaction.runs.start("test").id
            )
        }
    }

    @discardableResult
    func sync(full: Bool = false) async throws -> AccountReport {
        var options = SyncOptions(run: run)
        options.full = full
        let synchronizer = Synchronizer(
            store: store, environment: environment,
            owner: LeaseOwner(name: "test", process: 1, host: "here"), programVersion: "1")
        return try await synchronizer.sync(account, through: connector, options: options)
    }

    /// Ada's own calendar.
    func calendar() async throws -> RemoteCollection {
        let id = account.id
        let found = try await store.read {
            try $0.collections.find(
                remoteID: RemoteID(rawValue: "ada@example.com"), kind: .event, in: id)
        }
        guard let found else { throw TandemError(.notFound, "The calendar is not listed.") }
        return found
    }

    /// Everything that is stored of the calendar; cancelled instances and what was deleted, too.
    func rows() async throws -> [StoredResource] {
        let id = try await calendar().id
        return try await store.read { transaction in
            try transaction.resources.list(
                ResourceFilter(collections: [id], includesDeleted: true))
        }
    }

    /// The same by Google's ids.
    func events() async throws -> [String: StoredResource] {
        Dictionary(
            try await rows().compactMap { row in row.remoteID.map { ($0.rawValue, row) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// What was set aside of the calendar.
    func asides() async throws -> [QuarantineRecord] {
        let id = try await calendar().id
        return try await store.read { try $0.quarantine.list(in: id) }
    }
}
