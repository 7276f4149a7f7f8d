import LosslessJSON
import TandemCore
import TandemStore
import TandemSync
import TandemTesting
import Testing

/// What was not read for sure is never taken for freshly read.
@Suite struct FreshnessTests {
    /// More collections than are read side by side, so that some never get their turn.
    private static let names = (1...6).map { "place\($0)" }

    private func readOnce() async throws -> SyncWorld {
        let world = try await SyncWorld(collections: Self.names)
        try await world.sync()
        world.clock.advance(by: .seconds(60))
        return world
    }

    /// The collections whose last reading looks as if it had come to its end.
    private func fresh(_ world: SyncWorld) async throws -> [String] {
        var fresh: [String] = []
        for name in Self.names {
            let collection = try await world.collection(name)
            let (attempt, success) = (collection.lastAttempt, collection.lastSuccess)
            guard let attempt, let success, attempt <= success, collection.state == .fresh else {
                continue
            }
            fresh.append(name)
        }
        return fresh
    }

    @Test(arguments: [
        RemoteError.Code.offline, .transient, .throttled, .dailyLimitExceeded, .signInNeeded,
    ])
    func `where the whole account fails, what was not asked for counts as tried in vain`(
        code: RemoteError.Code
    ) async throws {
        let world = try await readOnce()
        #expect(try await fresh(world) == Self.names)
        world.provider.clearRequests()
        for _ in 0..<100 { world.provider.inject(.init(RemoteError(code, "No."))) }
        try await world.sync()
        #expect(!world.provider.requests.contains("pull place6"))
        #expect(try await fresh(world).isEmpty)
    }

    @Test func `an account that rests is not read, and does not look so`() async throws {
        let world = try await readOnce()
        let id = world.account.id
        let later = world.clock.now().advanced(by: .seconds(3600))
        try await world.store.write { transaction in
            guard var account = try transaction.accounts.find(id) else { return }
            account.parkedUntil = later
            try transaction.accounts.update(account)
        }
        world.provider.clearRequests()
        #expect(try await world.sync().attention == .throttled)
        #expect(world.provider.requests.isEmpty)
        #expect(try await fresh(world).isEmpty)
    }

    @Test func `a day that is used up while others were read before stays used up`() async throws {
        let world = try await SyncWorld(collections: ["place", "work"])
        world.put("n1", "one")
        try await world.sync()
        try await world.edit("n1", ["title": "ours"])
        world.provider.injectForPush(.init(RemoteError(.dailyLimitExceeded, "Used up.")))
        let moment = try #require(try await world.sync().failure?.retryAt)
        world.provider.clearRequests()
        #expect(try await world.sync().failure?.retryAt == moment)
        #expect(world.provider.requests.isEmpty)
    }

    @Test func `a used-up day is told with its end, and over once the provider serves again`()
        async throws
    {
        let world = try await readOnce()
        let reset = world.clock.now().advanced(by: .seconds(86_400))
        world.provider.inject(.init(RemoteError(.dailyLimitExceeded, "Used up.")))
        let moment = try #require(try await world.sync().failure?.retryAt)
        #expect(moment > world.clock.now() && moment <= reset)
        #expect(try await world.sync().failure?.retryAt == moment)
        #expect(try await world.sync(ignoringParking: true).attention == nil)
        let id = world.account.id
        let account = try await world.store.read { try $0.accounts.find(id) }
        #expect(account?.parkedUntil == nil && account?.parkReason == nil)
        #expect(try await world.sync().attention == nil)
        #expect(try await fresh(world) == Self.names)
    }

    @Test func `a cursor of another query is not used`() async throws {
        let world = try await SyncWorld()
        for name in ["n1", "n2"] { world.put(name, name) }
        try await world.sync()
        var collection = try await world.collection()
        collection.fingerprint = "another query"
        let changed = collection
        try await world.store.write { try $0.collections.update(changed) }
        // No change tells of it, only a full listing does.
        world.provider.lose(RemoteID(rawValue: "n1"), in: SyncWorld.work)
        let report = try await world.sync()
        #expect(report.collections[0].listing == "full")
        #expect(try await world.notes().map(\.remoteID?.rawValue) == ["n2"])
        #expect(
            try await world.collection().fingerprint
                == world.connector.fingerprint(of: NoteRules.kind))
        #expect(try await world.sync().collections[0].listing == "delta")
    }
}
