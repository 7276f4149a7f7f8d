import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// What a run was told, or had reached, binds the next one, however it ended.
@Suite struct OrderTests {
    @Test func `writes rest on where a collection cannot be read for a while`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        try await world.edit("n1", ["title": "ours"])
        world.provider.injectForPush(.init(RemoteError(.quotaExceeded, "Enough.")))
        try await world.sync()
        world.provider.inject(.init(RemoteError(.forbidden, "Not now.")))
        try await world.sync()
        #expect(try await world.collection().state == .unreachable)
        try await world.sync()
        #expect(world.remoteTitles() == ["one"])
        world.clock.advance(by: .seconds(3601))
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles() == ["ours"])
    }

    @Test func `an order to wait is kept where the run was stopped by something else`() {
        let error = RemoteError(.throttled, "Later.", retryAfter: .seconds(600))
        let now = Timestamp(milliseconds: 0)
        var pass = CollectionPass(
            CollectionID(rawValue: "c"), options: CollectionPass.Options())
        _ = pass.step(.begin, at: now, fraction: 0)
        let opening = PassOpening(
            address: CollectionAddress(remoteID: SyncWorld.work, kind: NoteRules.kind),
            cursor: Cursor(rawValue: "1"), fullListing: .allowed, mayWrite: true,
            parkedUntil: nil, writesParkedUntil: nil, unconfirmed: [])
        _ = pass.step(.stored(.opened(opening)), at: now, fraction: 0)
        _ = pass.step(.halt(RemoteError(.transient, "Enough.")), at: now, fraction: 0)
        _ = pass.step(.pulled(.failure(error)), at: now, fraction: 0)
        #expect(pass.end == .failed(error, retryAt: now.advanced(by: .seconds(600))))
    }

    @Test func `a full listing that was asked for and broke off leaves the cursor`() async throws {
        let world = try await SyncWorld()
        for number in 1...5 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        let cursor = try await world.collection().cursor
        world.provider.letThrough(1)
        world.provider.inject(.init(RemoteError(.forbidden, "Not now.")))
        try await world.sync(full: true)
        #expect(try await world.collection().cursor == cursor)
        world.put("n6", "note 6")
        let report = try await world.sync()
        #expect(report.collections.first?.listing == "delta")
        #expect(try await world.notes().count == 6)
        #expect(try await world.sync(full: true).collections.first?.listing == "full")
        #expect(try await world.notes().count == 6)
    }

    @Test func `a full listing that broke off is taken up again at once, and counts when complete`()
        async throws
    {
        let world = try await SyncWorld()
        for number in 1...5 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        world.provider.expireCursors()
        // The cursor is refused, a page is read, and the next one is not.
        world.provider.letThrough(2)
        world.provider.inject(.init(RemoteError(.forbidden, "Not now.")))
        #expect(try await world.sync().attention != nil)
        #expect(try await world.collection().cursor == nil)
        let report = try await world.sync()
        #expect(report.attention == nil && report.collections.first?.listing == "full")
        world.provider.expireCursors()
        let refused = try await world.sync()
        #expect(refused.collections.first?.failure?.error.code == .cursorExpired)
    }
}
