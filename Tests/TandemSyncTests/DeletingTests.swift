import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// Deletes against edits, holds that lift, collections that vanish.
@Suite struct DeletingTests {
    private static let n1 = RemoteID(rawValue: "n1")
    private static let withGuests: JSON = [
        "title": "party", "people": [["email": "bob", "answer": "yes"]],
    ]

    @Test func `an edit with guests against a delete waits, and ends when the thing comes back`()
        async throws
    {
        let world = try await SyncWorld()
        world.provider.put(Self.n1, Self.withGuests, in: SyncWorld.work)
        world.put("n2", "two")
        world.put("n3", "three")
        try await world.sync()
        try await world.edit("n1", ["body": "ours"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        #expect(try await world.note("n1").live?["body"] == "ours")
        #expect(world.provider.live(in: SyncWorld.work).count == 2)
        world.provider.put(Self.n1, Self.withGuests, in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.live(in: SyncWorld.work)[0].json["body"] == "ours")
        #expect(try await world.store.read { try $0.conflicts.list() }.isEmpty)
    }

    @Test(arguments: [false, true])
    func `a delete that an edit there overrules is told, and kept as a settled clash`(
        meetsItWhileSending: Bool
    ) async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        world.put("n2", "two")
        try await world.sync()
        try await world.delete("n1")
        let edit: @Sendable (MemoryProvider) -> Void = {
            $0.patch(Self.n1, ["title": "theirs"], in: SyncWorld.work)
        }
        // Edited after everything was read, the delete itself is refused.
        if meetsItWhileSending {
            world.provider.beforeNextPush(edit)
        } else {
            edit(world.provider)
        }
        let report = try await world.sync()
        let note = try await world.note("n1")
        let back = report.collections.flatMap(\.broughtBack)
        #expect(back == [BroughtBack(resource: note.id, title: "theirs")])
        #expect(report.collections.reduce(0) { $0 + $1.pushed.total } == 0)
        #expect(report.attention == nil)
        #expect(note.live?["title"] == "theirs" && !note.isDirty)
        let (open, all) = try await world.store.read { transaction in
            (
                try transaction.conflicts.list(),
                try transaction.conflicts.list(includesResolved: true)
            )
        }
        #expect(open.isEmpty)
        #expect(all.map(\.field) == [ConflictRecord.delete])
        #expect(all.first?.resolution == .theirs)
        #expect(all.first?.mine == nil)
        #expect(all.first?.theirs?["title"] == "theirs")
        #expect(all.first?.base?["title"] == "one")
        #expect(try await world.sync().collections.flatMap(\.broughtBack).isEmpty)
        // In one step it is deleted all the same, and then there is nothing more to choose.
        let (id, run) = (try #require(all.first).id, world.run)
        _ = try await world.store.write { try Resolutions($0, run: run).resolve(id, use: .mine) }
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles() == ["two"])
        await #expect(throws: TandemError.self) {
            try await world.store.write { try Resolutions($0, run: run).resolve(id, use: .mine) }
        }
    }

    @Test func `what was never sent and is deleted there stays deleted`() async throws {
        let world = try await SyncWorld()
        world.put("n2", "two")
        try await world.sync()
        let made = try await world.create(["title": "restored from a backup"])
        let id = try #require(made.remoteID)
        world.provider.put(id, ["title": "restored from a backup"], in: SyncWorld.work)
        world.provider.delete(id, in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(try await world.notes().map(\.remoteID?.rawValue) == ["n2"])
        #expect(world.remoteTitles() == ["two"])
    }

    @Test func `a hold lifts by itself when what it held comes back in a delta`() async throws {
        let world = try await SyncWorld(pageSize: 50)
        for number in 10..<40 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        for number in 10..<30 {
            world.provider.delete(RemoteID(rawValue: "n\(number)"), in: SyncWorld.work)
        }
        #expect(try await world.sync().attention == .held)
        for number in 10..<30 { world.put("n\(number)", "note \(number)") }
        #expect(try await world.sync().attention == nil)
        #expect(try await world.store.read { try $0.holds.list() }.isEmpty)
        #expect(try await world.notes().count == 30)
    }

    @Test func `an edit of a held item is not lost when the hold is released`() async throws {
        let world = try await SyncWorld(pageSize: 50)
        for number in 10..<40 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        for number in 10..<30 {
            world.provider.delete(RemoteID(rawValue: "n\(number)"), in: SyncWorld.work)
        }
        try await world.sync()
        try await world.edit("n10", ["title": "kept"])
        let hold = try #require(try await world.store.read { try $0.holds.list() }.first)
        let run = world.run
        try await world.store.write { try Resolutions($0, run: run).release(hold.id) }
        #expect(try await world.sync().attention == nil)
        #expect(try await world.notes().count == 11)
        #expect(world.remoteTitles().contains("kept"))
    }

    @Test(arguments: [15, 40])
    func `what is missing with so much that a person is asked is not made anew before`(
        end: Int
    ) async throws {
        let world = try await SyncWorld(pageSize: 50)
        for number in 10..<end { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        try await world.edit("n10", ["body": "ours"])
        for number in 10..<end {
            world.provider.lose(RemoteID(rawValue: "n\(number)"), in: SyncWorld.work)
        }
        for full in [true, false] {
            #expect(try await world.sync(full: full).attention == .held)
            #expect(world.remoteTitles().isEmpty)
        }
        let hold = try #require(try await world.store.read { try $0.holds.list() }.first)
        let run = world.run
        try await world.store.write { try Resolutions($0, run: run).release(hold.id) }
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.live(in: SyncWorld.work).map { $0.json["body"] } == ["ours"])
    }

    @Test func `a released mass delete does not let the next one pass`() async throws {
        let world = try await SyncWorld(pageSize: 50)
        for number in 10..<40 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        for number in 10..<30 { try await world.delete("n\(number)") }
        try await world.sync()
        let hold = try #require(try await world.store.read { try $0.holds.list() }.first)
        let run = world.run
        try await world.store.write { transaction in
            try Resolutions(transaction, run: run).release(hold.id)
            // Thought better of it before it was sent, and then again.
            for id in hold.resources {
                guard let row = try transaction.resources.find(id) else { continue }
                let back = try transaction.revertLocally(row, run: run)
                try transaction.deleteLocally(back, run: run)
            }
        }
        #expect(try await world.sync().attention == .held)
        #expect(world.provider.live(in: SyncWorld.work).count == 30)
    }

    @Test func `a failed read does not end the rest of writes`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        try await world.edit("n1", ["title": "ours"])
        world.provider.injectForPush(.init(RemoteError(.quotaExceeded, "Limits.")))
        let parked = try await world.sync()
        #expect(parked.collections[0].failure?.retryAt != nil)
        for _ in 0..<5 { world.provider.inject(.init(RemoteError(.offline, "Gone."))) }
        try await world.sync()
        world.provider.clearRequests()
        #expect(try await world.sync().attention == .throttled)
        #expect(world.provider.requests == ["pull work"])
    }

    @Test func `edits in a collection that vanishes are set aside and told`() async throws {
        let world = try await SyncWorld()
        let sub = RemoteID(rawValue: "sub")
        world.provider.put(
            RemoteID(rawValue: "entry"), ["title": "Sub", "collection": "sub"],
            in: SyncWorld.work)
        world.put("n2", "two")
        world.provider.put(Self.n1, ["title": "inside"], in: sub)
        try await world.sync()
        let (note, run) = (try await world.note("n1", in: "sub"), world.run)
        _ = try await world.store.write { transaction in
            try transaction.editLocally(note, to: ["id": "n1", "title": "ours"], run: run)
        }
        world.provider.delete(RemoteID(rawValue: "entry"), in: SyncWorld.work)
        for _ in 0..<2 {
            let report = try await world.sync()
            #expect(report.attention == .quarantined)
            #expect(report.collections.first { $0.name == "sub" }?.quarantined == 1)
        }
        let record = try #require(try await world.store.read { try $0.quarantine.list() }.first)
        try await world.store.write { try Resolutions($0, run: run).drop(record.id) }
        #expect(try await world.sync().attention == nil)
    }

    @Test func `what could not be read is let go once it can be`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        world.provider.spoil(Self.n1, in: SyncWorld.work)
        #expect(try await world.sync().attention == .quarantined)
        world.provider.put(Self.n1, ["title": "fine"], in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(try await world.note("n1").live?["title"] == "fine")
    }

    @Test func `trying an unreadable item again reads everything, and loses no record`()
        async throws
    {
        let world = try await SyncWorld()
        world.put("n1", "one")
        world.provider.spoil(Self.n1, in: SyncWorld.work)
        try await world.sync()
        let record = try #require(try await world.store.read { try $0.quarantine.list() }.first)
        let run = world.run
        try await world.store.write { try Resolutions($0, run: run).retry(record.id) }
        let report = try await world.sync()
        #expect(report.collections[0].listing == "full" && report.attention == .quarantined)
        #expect(try await world.store.read { try $0.quarantine.list() }.map(\.id) == [record.id])
    }
}
