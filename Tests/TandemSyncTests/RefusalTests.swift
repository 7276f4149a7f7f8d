import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// What a provider refuses, again and again: work stays bounded, and nothing else waits for it.
@Suite struct RefusalTests {
    private static let n1 = RemoteID(rawValue: "n1")

    private func world() async throws -> SyncWorld {
        let world = try await SyncWorld()
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        return world
    }

    @Test(arguments: [RemoteError.Code.unknownOutcome, .notFound, .gone, .preconditionFailed])
    func `a write that is never settled is not tried without end`(
        code: RemoteError.Code
    ) async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "ours"])
        for _ in 0..<100 { world.provider.injectForPush(.init(RemoteError(code, "No."))) }
        world.provider.clearRequests()
        let report = try await world.sync()
        #expect(world.provider.requests.count <= 11)
        #expect(report.attention == .temporarilyFailed)
        #expect(try await world.note("n1").isDirty)
        // It rests; nothing is sent before.
        world.provider.clearRequests()
        #expect(try await world.sync().attention == .temporarilyFailed)
        #expect(world.provider.requests == ["pull work"])
    }

    @Test func `an answer that names another thing is looked into, not believed`() async throws {
        let world = try await world()
        _ = try await world.create(["title": "ours"])
        world.provider.answerNextPush(
            with: RemoteResource(
                remoteID: RemoteID(rawValue: "evil"), etag: nil, json: ["title": "evil"]))
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles().contains("ours"))
        #expect(try await world.notes().contains { $0.live?["title"] == "ours" && !$0.isDirty })
        #expect(try await world.notes().allSatisfy { $0.live?["title"] != "evil" })
    }

    @Test func `a write whose outcome cannot be learned keeps nothing else waiting`() async throws {
        let world = try await world()
        _ = try await world.create(["title": "made"])
        world.provider.injectForPush(.init(RemoteError(.unknownOutcome, "Cut.")))
        for _ in 0..<40 { world.provider.injectForLookUp(.init(RemoteError(.forbidden, "No."))) }
        try await world.sync()
        world.put("n9", "new")
        try await world.edit("n2", ["title": "ours"])
        let report = try await world.sync()
        #expect(report.collections[0].unconfirmed == 1)
        #expect(report.collections[0].pulled.created == 1)
        #expect(report.collections[0].pushed.updated == 1)
        #expect(report.attention == .temporarilyFailed)
    }

    @Test func `the part that the provider allows is sent, the rest is kept as a conflict`()
        async throws
    {
        let world = try await SyncWorld()
        let (me, eve): (JSON, JSON) = (
            ["email": "me", "self": true, "answer": "maybe"], ["email": "eve"]
        )
        world.provider.put(
            Self.n1, ["title": "theirs", "people": [me, eve]], in: SyncWorld.work)
        try await world.sync()
        try await world.edit(
            "n1",
            [
                "title": "ours", "x-unknown": 1,
                "people": [
                    me.merging(["answer": "yes"]), eve.merging(["answer": "no"]), ["email": "bob"],
                ],
            ])
        world.provider.injectForPush(.init(RemoteError(.forbidden, "Not yours.")))
        let report = try await world.sync()
        #expect(report.attention == .conflicts && report.collections[0].conflicts == 4)
        let live = world.provider.live(in: SyncWorld.work)[0].json
        #expect(live["title"] == "theirs" && live["people"]?[0]?["answer"] == "yes")
        // Of a list that merges by its keys each element is kept on its own.
        let fields = try await world.store.read { try $0.conflicts.list().map(\.field) }
        #expect(Set(fields) == ["title", "x-unknown", "people/eve", "people/bob"])
    }

    @Test func `what may not be sent at all is set aside, untouched, after one try`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "ours"])
        world.provider.injectForPush(.init(RemoteError(.forbidden, "Not yours.")))
        world.provider.clearRequests()
        #expect(try await world.sync().attention == .quarantined)
        #expect(world.provider.requests.filter { $0.hasPrefix("patch") }.count == 1)
        let note = try await world.note("n1")
        #expect(note.live?["title"] == "ours" && note.base?["title"] == "note 1")
        // Once they change it, ours is another edit, and is tried again.
        world.provider.patch(Self.n1, ["body": "more"], in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles().contains("ours"))
    }

    @Test func `a used up day stops the account until its limits begin anew`() async throws {
        let world = try await world()
        world.provider.inject(.init(RemoteError(.dailyLimitExceeded, "Enough for today.")))
        #expect(try await world.sync().attention == .throttled)
        world.provider.clearRequests()
        let report = try await world.sync()
        #expect(report.attention == .throttled && world.provider.requests.isEmpty)
        let until = try #require(report.failure?.retryAt)
        #expect(until.milliseconds % 86_400_000 == 0)
        #expect(until.duration(since: world.clock.now()) <= .seconds(86_400))
        #expect(try await world.sync(ignoringParking: true).attention == nil)
        world.clock.advance(by: .seconds(86_401))
        #expect(try await world.sync().attention == nil)
    }

    @Test func `something missing is confirmed by a listing, not by the clock`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "ours"])
        world.provider.lose(Self.n1, in: SyncWorld.work)  // Gone without a tombstone.
        let before = try await world.note("n1")
        try await world.sync()
        #expect(try await world.note("n1").isDirty)
        for _ in 0..<3 {
            world.clock.advance(by: .seconds(7200))
            try await world.sync()
        }
        #expect(try await world.sync().attention == nil)
        let after = try #require(try await world.notes().first { $0.id == before.id })
        #expect(after.live?["title"] == "ours" && !after.isDirty && after.remoteID != Self.n1)
        #expect(world.remoteTitles().filter { $0 == "ours" }.count == 1)
    }

    @Test func `something missing keeps nothing else from being read before all may be listed`()
        async throws
    {
        let world = try await world()
        world.provider.expireCursors()
        #expect(try await world.sync().collections[0].listing == "full")
        try await world.edit("n1", ["title": "ours"])
        world.provider.lose(Self.n1, in: SyncWorld.work)
        for number in 1...3 {
            try await world.sync()
            world.clock.advance(by: .seconds(120))
            world.put("n2", "changed \(number)")
            #expect(try await world.sync().collections[0].listing == "delta")
            #expect(try await world.note("n2").live?["title"]?.string == "changed \(number)")
        }
        for _ in 0..<2 {
            world.clock.advance(by: .seconds(3600))
            try await world.sync()
        }
        #expect(world.remoteTitles().filter { $0 == "ours" }.count == 1)
        #expect(try await world.sync().attention == nil)
    }

    @Test func `a clock that was set back leaves nothing at rest for days`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "ours"])
        let busy = RemoteError(.throttled, "Slow down.", retryAfter: .seconds(3600))
        world.provider.inject(.init(busy))
        #expect(try await world.sync().attention == .throttled)
        world.clock.advance(by: .seconds(-3 * 86_400))
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles().contains("ours"))
    }

    @Test func `pages that lead round in a circle end`() async throws {
        let world = try await SyncWorld(pageSize: 1)
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        world.provider.repeatPages()
        let report = try await world.sync()
        #expect(report.attention == .temporarilyFailed)
        #expect(world.provider.requests.count < 10)
    }

    @Test func `a role that is lost and given back is followed at once`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "ours"])
        world.provider.setAccess(.read, in: SyncWorld.work)
        let report = try await world.sync()
        #expect(report.attention == .temporarilyFailed && report.collections[0].parked == 1)
        #expect(try await world.collection().access == .read)
        world.provider.setAccess(.own, in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles().contains("ours"))
    }

    @Test func `a full listing that was asked for and names no end leaves the cursor`() async throws
    {
        let world = try await world()
        let cursor = try await world.collection().cursor
        world.put("n1", "changed")
        world.provider.forgetNextCursor()
        #expect(try await world.sync(full: true).collections[0].listing == "full")
        #expect(try await world.collection().cursor == cursor)
        #expect(try await world.note("n1").live?["title"] == "changed")
        #expect(try await world.sync().collections[0].listing == "delta")
    }

    @Test func `a delta that names no end is read again from where it began`() async throws {
        let world = try await world()
        world.put("n1", "changed")
        world.provider.forgetNextCursor()
        #expect(try await world.sync().collections[0].listing == "delta")
        #expect(try await world.sync().collections[0].listing == "delta")
        #expect(try await world.note("n1").live?["title"] == "changed")
    }
}
