import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

@Suite struct EmbeddingTests {
    @Test func `a sync without options keeps a run of its own, and says how it ended`() async throws
    {
        let world = try await SyncWorld()
        world.put("n1", "one")
        let synchronizer = Synchronizer(store: world.store)
        let report = try await synchronizer.sync(world.account, through: world.connector)
        #expect(report.collections.map(\.pulled.created) == [1])
        world.provider.inject(
            .init(RemoteError(.signInNeeded, "Nobody knows you.")))
        let refused = try await synchronizer.sync(world.account, through: world.connector)
        #expect(refused.failures.map(\.error.code).contains(.signInNeeded))
        // That of the test's own began at the same moment.
        let runs = try await world.store.read { try $0.runs.list(limit: 3) }
            .filter { $0.command == "sync" }
        #expect(runs.count == 2 && Set(runs.map(\.exit)) == [0, 1])
        #expect(runs.allSatisfy { $0.finished != nil })
        #expect(try await world.store.read { try $0.leases.list() }.isEmpty)
    }

    @Test func `two of them are two owners, and the run of who must wait ends as well`()
        async throws
    {
        let world = try await SyncWorld()
        let id = world.account.id
        let other = LeaseOwner(name: "other", process: 2, host: "here")
        let isTaken = try await world.store.write {
            try $0.leases.acquire(id, owner: other, for: .seconds(60), now: $0.environment.now())
        }
        #expect(isTaken)
        let error = await #expect(throws: SyncError.self) {
            try await Synchronizer(store: world.store).sync(
                world.account, through: world.connector)
        }
        #expect(error?.code == .busy)
        let runs = try await world.store.read { try $0.runs.list(limit: 2) }
        let run = try #require(runs.first { $0.command == "sync" })
        #expect(run.exit == 1 && run.finished != nil)
    }

    @Test func `what failed is told once, with what stopped the account first`() {
        func failure(_ code: RemoteError.Code) -> SyncFailure {
            SyncFailure(error: RemoteError(code, ""))
        }
        var part = CollectionReport(
            id: CollectionID(rawValue: "c"), account: "ada", kind: NoteRules.kind, name: "work",
            listing: "none", requests: 0, pulled: ChangeCounts(), pushed: ChangeCounts(),
            conflicts: 0, quarantined: 0, held: 0, unconfirmed: 0, parked: 0)
        var report = AccountReport(account: "ada", collections: [part], traffic: Traffic())
        #expect(report.failures.isEmpty && !report.needsRest)
        part.failure = failure(.transient)
        report.collections.append(part)
        report.collections.append(part)
        report.failure = failure(.signInNeeded)
        #expect(report.failures.map(\.error.code) == [.signInNeeded, .transient])
    }
}
