import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// What is done here while a write is on its way, and what a crash leaves behind.
@Suite struct InFlightTests {
    private static let n1 = RemoteID(rawValue: "n1")

    private func world(_ collections: [String] = ["work"]) async throws -> SyncWorld {
        let world = try await SyncWorld(collections: collections)
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        return world
    }

    /// Does something with a note while the next write is on its way, which changes so much there.
    private func whileSending(
        in world: SyncWorld, taking patch: JSON? = nil,
        _ action: @escaping @Sendable (StoreTransaction, StoredResource) throws -> Void
    ) async throws {
        let (store, note) = (world.store, try await world.note("n1").id)
        world.provider.beforeNextPush { provider in
            if let patch { provider.patch(Self.n1, patch, in: SyncWorld.work) }
            do {
                try store.writeBlocking { transaction in
                    guard let row = try transaction.resources.find(note) else { return }
                    try action(transaction, row)
                }
            } catch {
                Issue.record(error)
            }
        }
    }

    @Test func `an edit made while one is sent goes out next, on top of it`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "first"])
        let run = world.run
        try await whileSending(in: world) { transaction, row in
            _ = try transaction.editLocally(
                row, to: (row.live ?? [:]).merging(["body": "second"]), run: run)
        }
        #expect(try await world.sync().attention == nil)
        let live = world.provider.live(in: SyncWorld.work)[0].json
        #expect(live["title"] == "first" && live["body"] == "second")
        #expect(try await world.note("n1").isDirty == false)
    }

    @Test func `over what nobody told the version of nothing is written unread`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "first"])
        let run = world.run
        try await whileSending(in: world, taking: ["title": "first"]) { transaction, row in
            _ = try transaction.editLocally(
                row, to: (row.live ?? [:]).merging(["title": "second"]), run: run)
        }
        world.provider.answerNextPush(with: RemoteResource(remoteID: Self.n1, etag: nil, json: [:]))
        try await world.sync()
        world.provider.patch(Self.n1, ["title": "theirs"], in: SyncWorld.work)
        world.clock.advance(by: .seconds(61))
        try await world.sync()
        #expect(world.provider.live(in: SyncWorld.work)[0].json["title"] == "theirs")
        let kept = try await world.store.read { try $0.conflicts.list() }
        #expect(kept.map(\.mine) == ["second"])
    }

    @Test(arguments: [true, false])
    func `an edit mails by its own wish, not by that of one that is being sent`(
        applies: Bool
    ) async throws {
        let world = try await world()
        let (note, run) = (try await world.note("n1"), world.run)
        _ = try await world.store.write { transaction in
            try transaction.editLocally(
                note, to: (note.live ?? [:]).merging(["title": "first"]), sendUpdates: .all,
                run: run)
        }
        if !applies { world.provider.injectForPush(.init(RemoteError(.offline, "Gone."))) }
        try await whileSending(in: world) { transaction, row in
            _ = try transaction.editLocally(
                row, to: (row.live ?? [:]).merging(["body": "second"]), run: run)
        }
        try await world.sync()
        #expect(try await world.sync().attention == nil)
        // What was not applied goes out together with the later edit, and mails as it was to.
        #expect(world.provider.mails == (applies ? [.all, .none] : [.all, .all]))
        try await world.edit("n1", ["title": "third"])
        try await world.sync()
        #expect(world.provider.mails.last == SendUpdates.none)
    }

    @Test func `a delete that was taken back while it was sent is made anew`() async throws {
        let world = try await world()
        try await world.delete("n1")
        let run = world.run
        try await whileSending(in: world) { transaction, row in
            _ = try transaction.revertLocally(row, run: run)
        }
        let before = try await world.note("n1")
        try await world.sync()
        #expect(try await world.sync().attention == nil)
        let after = try #require(try await world.notes().first { $0.id == before.id })
        #expect(after.live?["title"] == "note 1" && !after.isDirty)
        #expect(world.remoteTitles().contains("note 1"))
    }

    @Test func `a move taken further while it was sent goes on from where it led`() async throws {
        let world = try await world(["work", "home", "club"])
        try await world.move("n1", to: "home")
        let (run, club) = (world.run, try await world.collection("club"))
        let (store, note) = (world.store, try await world.note("n1", in: "home").id)
        world.provider.beforeNextPush { _ in
            do {
                try store.writeBlocking { transaction in
                    guard let row = try transaction.resources.find(note) else { return }
                    _ = try transaction.moveLocally(row, to: club, run: run)
                }
            } catch {
                Issue.record(error)
            }
        }
        try await world.sync()
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.live(in: RemoteID(rawValue: "club")).map(\.id) == [Self.n1])
        #expect(world.provider.live(in: RemoteID(rawValue: "home")).isEmpty)
        #expect(try await world.note("n1", in: "club").isDirty == false)
    }

    @Test func `a move takes over what somebody changed meanwhile`() async throws {
        let world = try await world(["work", "home"])
        try await world.edit("n1", ["title": "ours"])
        try await world.move("n1", to: "home")
        world.provider.beforeNextPush { provider in
            provider.patch(Self.n1, ["body": "theirs"], in: SyncWorld.work)
        }
        try await world.sync()
        #expect(try await world.sync().attention == nil)
        let live = world.provider.live(in: RemoteID(rawValue: "home"))[0].json
        #expect(live["title"] == "ours" && live["body"] == "theirs")
    }

    @Test func `what was moved and then deleted is deleted, once`() async throws {
        let world = try await world(["work", "home"])
        try await world.move("n1", to: "home")
        let (note, run) = (try await world.note("n1", in: "home"), world.run)
        try await world.store.write { try $0.deleteLocally(note, run: run) }
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.live(in: SyncWorld.work).count == 3)
        #expect(world.provider.live(in: RemoteID(rawValue: "home")).isEmpty)
        world.provider.clearRequests()
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.requests == ["pull work", "pull home"])
    }

    @Test(arguments: [true, false])
    func `a write that an earlier run left open is looked up before anything is sent`(
        applies: Bool
    ) async throws {
        let world = try await world()
        _ = try await world.create(["title": "made"])
        world.provider.injectForPush(
            .init(RemoteError(.unknownOutcome, "Cut."), applies: applies))
        for _ in 0..<2 {
            // The look-up fails as well, for good: the run ends without knowing.
            world.provider.injectForLookUp(.init(RemoteError(.signInNeeded, "No.")))
        }
        #expect(try await world.sync().attention == .signInNeeded)
        world.provider.clearFaults()
        world.provider.clearRequests()
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.requests.first?.hasPrefix("lookUp") == true)
        #expect(world.remoteTitles().filter { $0 == "made" }.count == 1)
        #expect(try await world.notes().allSatisfy { !$0.isDirty })
    }

    @Test func `a listing that broke off leaves nothing behind that the next one misses`()
        async throws
    {
        let world = try await SyncWorld(pageSize: 2)
        for number in 1...5 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        world.provider.put(RemoteID(rawValue: "n0"), ["title": "early"], in: SyncWorld.work)
        world.provider.letThrough(1)
        for _ in 0..<5 { world.provider.inject(.init(RemoteError(.offline, "Gone."))) }
        #expect(try await world.sync(full: true).attention == .temporarilyFailed)
        world.provider.clearFaults()
        world.provider.delete(RemoteID(rawValue: "n0"), in: SyncWorld.work)
        world.provider.expireCursors()
        #expect(try await world.sync(full: true).attention == nil)
        #expect(
            try await world.notes().map(\.remoteID?.rawValue) == ["n1", "n2", "n3", "n4", "n5"])
    }

    @Test func `an edit made between two pages outlives the delete that the first one told`()
        async throws
    {
        let world = try await SyncWorld(pageSize: 1)
        for number in 1...6 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.put("n2", "changed")
        world.provider.letThrough(1)
        for _ in 0..<5 { world.provider.inject(.init(RemoteError(.offline, "Gone."))) }
        try await world.sync()
        world.provider.clearFaults()
        let before = try await world.note("n1")
        try await world.edit("n1", ["title": "kept"])
        #expect(try await world.sync().attention == nil)
        let after = try #require(try await world.notes().first { $0.id == before.id })
        #expect(after.live?["title"] == "kept" && !after.isDirty)
        #expect(world.remoteTitles().contains("kept"))
    }
}
