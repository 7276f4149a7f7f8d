import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// Resources that go from one collection to another: moved here, moved there, or both.
@Suite struct MovingTests {
    private static let home = RemoteID(rawValue: "home")
    private static let n1 = RemoteID(rawValue: "n1")

    private func world() async throws -> SyncWorld {
        let world = try await SyncWorld(collections: ["work", "home"])
        for number in 1...4 {
            world.provider.put(
                RemoteID(rawValue: "n\(number)"),
                ["title": .string("note \(number)"), "home": "work"], in: SyncWorld.work)
        }
        try await world.sync()
        return world
    }

    @Test func `a lost answer to a move is looked up where it was to go`() async throws {
        for applies in [true, false] {
            let world = try await world()
            try await world.move("n1", to: "home")
            world.provider.injectForPush(
                .init(RemoteError(.unknownOutcome, "Cut."), applies: applies))
            #expect(try await world.sync().attention == nil)
            let note = try await world.note("n1", in: "home")
            #expect(!note.isDirty && note.movedFrom == nil)
            #expect(world.provider.live(in: Self.home).map(\.id) == [Self.n1])
            #expect(world.provider.live(in: SyncWorld.work).count == 3)
            world.provider.clearRequests()
            try await world.sync()
            #expect(world.provider.requests == ["pull work", "pull home"])
        }
    }

    @Test(arguments: [["work", "home"], ["home", "work"]], [false, true])
    func `what is moved and moved back is one thing all the time`(
        order: [String], isAnswerLost: Bool
    ) async throws {
        let world = try await SyncWorld(collections: order)
        for number in 1...4 {
            world.put("n\(number)", "note \(number)")
        }
        try await world.sync()
        let before = try await world.note("n1")
        try await world.move("n1", to: "home")
        if isAnswerLost {
            world.provider.injectForPush(.init(RemoteError(.unknownOutcome, "Cut."), applies: true))
            for _ in 0..<9 { world.provider.injectForLookUp(.init(RemoteError(.transient, "No."))) }
        }
        try await world.sync()
        try await world.move("n1", from: "home", to: "work")
        world.clock.advance(by: .seconds(600))
        for _ in 0..<2 { try await world.sync(ignoringParking: true) }
        let note = try await world.note("n1")
        #expect(note.id == before.id && !note.isDirty && note.movedFrom == nil)
        #expect(world.remoteTitles().count == 4 && world.remote("n1") != nil)
        #expect(world.provider.live(in: Self.home).isEmpty)
        #expect(
            try await world.store.read { try $0.conflicts.list(includesResolved: true) }.isEmpty)
    }

    @Test(arguments: [["work", "home"], ["home", "work"]])
    func `what is moved, moved back and deleted is gone`(order: [String]) async throws {
        let world = try await SyncWorld(collections: order)
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        try await world.move("n1", to: "home")
        try await world.sync()
        try await world.move("n1", from: "home", to: "work")
        try await world.delete("n1")
        for _ in 0..<2 { #expect(try await world.sync().attention == nil) }
        #expect(world.provider.live(in: Self.home).isEmpty)
        #expect(world.remote("n1") == nil && world.remoteTitles().count == 3)
    }

    @Test func `a move of what was deleted there makes it anew where it was to go`() async throws {
        let world = try await world()
        let before = try await world.note("n1")
        try await world.move("n1", to: "home")
        world.provider.delete(Self.n1, in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(try await world.sync().attention == nil)
        let notes = try await world.notes(in: "home")
        #expect(notes.map(\.id) == [before.id])
        #expect(notes.first?.remoteID != Self.n1 && notes.first?.isDirty == false)
        #expect(world.provider.live(in: Self.home).map(\.json["title"]) == ["note 1"])
    }

    @Test func `what was made anew and deleted again before it was moved is made anew once more`()
        async throws
    {
        let world = try await world()
        let before = try await world.note("n1")
        try await world.move("n1", to: "home")
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.injectForPush(
            .init(RemoteError(.unknownOutcome, "Cut."), applies: true),
            .init(RemoteError(.quotaExceeded, "Enough.")))
        try await world.sync()
        let made = world.provider.live(in: SyncWorld.work).first { $0.json["title"] == "note 1" }
        world.provider.delete(try #require(made).id, in: SyncWorld.work)
        world.clock.advance(by: .seconds(3601))
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.live(in: Self.home).map(\.json["title"]) == ["note 1"])
        let notes = try await world.notes(in: "home")
        #expect(notes.map(\.id) == [before.id] && notes.first?.isDirty == false)
    }

    @Test func `a move that cannot happen rests, and is not tried without end`() async throws {
        let world = try await world()
        try await world.move("n1", to: "home")
        // Nowhere to be found, though no tombstone says that it was deleted.
        for _ in 0..<6 { world.provider.injectForPush(.init(RemoteError(.notFound, "No."))) }
        world.provider.clearRequests()
        for _ in 0..<2 { try await world.sync() }
        #expect(world.provider.requests.filter { $0.hasPrefix("move") }.count == 1)
        #expect(try await world.note("n1", in: "home").isDirty)
        world.provider.clearFaults()
        world.clock.advance(by: .seconds(60))
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.live(in: Self.home).map(\.id) == [Self.n1])
    }

    @Test func `what was edited and moved here, and deleted there unreadably, is made anew`()
        async throws
    {
        let world = try await world()
        world.provider.spoil(Self.n1, in: SyncWorld.work)
        world.provider.delete(Self.n1, in: SyncWorld.work)
        try await world.sync()
        try await world.edit("n1", ["body": "ours"])
        try await world.move("n1", to: "home")
        for _ in 0..<4 {
            try await world.sync()
            world.clock.advance(by: .seconds(7200))
        }
        #expect(world.provider.live(in: Self.home).map(\.json["body"]) == ["ours"])
        #expect(try await world.notes(in: "home").allSatisfy { !$0.isDirty })
        #expect(try await world.store.read { try $0.quarantine.list() }.isEmpty)
    }

    @Test(arguments: [["work", "home"], ["home", "work"]])
    func `what somebody moved back unreadably is gone from where it went`(
        order: [String]
    ) async throws {
        let world = try await SyncWorld(collections: order)
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        try await world.move("n1", to: "home")
        try await world.sync()
        try await world.move("n1", from: "home", to: "work")
        try await world.sync()
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.put(Self.n1, ["title": "moved"], in: Self.home)
        world.provider.spoil(Self.n1, in: Self.home)
        world.provider.expireCursors()
        #expect(try await world.sync().attention == .quarantined)
        #expect(try await world.notes().map(\.remoteID?.rawValue) == ["n2", "n3", "n4"])
        world.provider.put(Self.n1, ["title": "back"], in: Self.home)
        #expect(try await world.sync().attention == nil)
        #expect(try await world.notes(in: "home").map(\.live?["title"]) == ["back"])
    }

    @Test(arguments: [["work", "home"], ["home", "work"]])
    func `a move back whose request was lost is sent again`(order: [String]) async throws {
        let world = try await SyncWorld(collections: order)
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        try await world.move("n1", to: "home")
        try await world.sync()
        try await world.move("n1", from: "home", to: "work")
        // What is left of it where it lay before says that it is gone.
        world.provider.injectForPush(.init(RemoteError(.unknownOutcome, "Lost.")))
        for _ in 0..<2 { #expect(try await world.sync().attention == nil) }
        #expect(world.remote("n1") != nil && world.provider.live(in: Self.home).isEmpty)
        let note = try await world.note("n1")
        #expect(note.live != nil && !note.isDirty)
    }

    @Test(arguments: [["work", "home"], ["home", "work"]])
    func `what somebody else moves keeps our id, whichever side is read first`(
        order: [String]
    ) async throws {
        let world = try await SyncWorld(collections: order)
        let keeper: JSON = ["title": "kept", "home": "work"]
        for id in ["n1", "n2", "n3"] {
            world.provider.put(RemoteID(rawValue: id), keeper, in: SyncWorld.work)
        }
        try await world.sync()
        let before = try await world.note("n1")
        world.provider.put(Self.n1, ["title": "kept", "home": "home"], in: Self.home)
        world.provider.delete(Self.n1, in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        let after = try await world.note("n1", in: "home")
        #expect(after.id == before.id && after.live?["home"] == "home")
        #expect(try await world.notes().count == 2)
        #expect(try await world.notes(in: "home").map(\.id) == [before.id])
        let id = before.id
        let verbs = try await world.changes().filter { $0.resource == id }.map(\.verb)
        #expect(verbs == [.moved])
        world.provider.clearRequests()
        #expect(try await world.sync(full: true).collections.allSatisfy { $0.pulled.total == 0 })
    }

    @Test(arguments: [["work", "home"], ["home", "work"]])
    func `what was made here and is found elsewhere already is not made once more`(
        order: [String]
    ) async throws {
        // As after the store was put back to a copy: it was sent, and moved, all unknown to us.
        let world = try await SyncWorld(collections: order)
        try await world.sync()
        let made = try await world.create(["title": "made", "body": "ours"])
        let name = try #require(made.remoteID)
        world.provider.put(
            name, ["title": "made", "body": "ours", "home": "home"], in: Self.home)
        #expect(try await world.sync().attention == nil)
        #expect(try await world.notes().isEmpty)
        let there = try await world.notes(in: "home")
        #expect(there.map(\.id) == [made.id])
        #expect(there.allSatisfy { !$0.isDirty })
        #expect(world.provider.live(in: SyncWorld.work).isEmpty)
        #expect(world.provider.live(in: Self.home).count == 1)
    }

    @Test(arguments: [["work", "home"], ["home", "work"]])
    func `a move that waits here and was made there is done, whichever side is read first`(
        order: [String]
    ) async throws {
        let world = try await SyncWorld(collections: order)
        for id in ["n1", "n2", "n3"] {
            world.provider.put(
                RemoteID(rawValue: id), ["title": "kept", "home": "work"], in: SyncWorld.work)
        }
        try await world.sync()
        let before = try await world.note("n1")
        try await world.move("n1", to: "home")
        world.provider.put(Self.n1, ["title": "kept", "home": "home"], in: Self.home)
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.clearRequests()
        #expect(try await world.sync().attention == nil)
        let after = try await world.note("n1", in: "home")
        #expect(after.id == before.id && !after.isDirty && after.movedFrom == nil)
        #expect(world.provider.live(in: Self.home).map(\.id) == [Self.n1])
        #expect(!world.provider.requests.contains { $0.hasPrefix("move") })
        let id = before.id
        #expect(try await world.changes().filter { $0.resource == id }.map(\.verb) == [.moved])
    }

    @Test func `deletes are decided on when everything was read, else by the next run`()
        async throws
    {
        let world = try await world()
        world.provider.delete(Self.n1, in: SyncWorld.work)
        let moved: JSON = ["title": "note 2", "home": "home"]
        world.provider.put(RemoteID(rawValue: "n2"), moved, in: Self.home)
        world.provider.delete(RemoteID(rawValue: "n2"), in: SyncWorld.work)
        // One of the two is read, whichever it is; then the account's sign-in ends.
        world.provider.letThrough(1)
        world.provider.inject(.init(RemoteError(.signInNeeded, "Sign in again.")))
        #expect(try await world.sync().attention == .signInNeeded)
        #expect(try await world.note("n1").live != nil)
        #expect(try await world.changes().allSatisfy { $0.verb != .deleted })
        let report = try await world.sync()
        #expect(report.attention == nil)
        #expect(report.collections.map(\.pulled.deleted) == [1, 0])
        #expect(try await world.notes().count == 2)
        let verbs = try await world.changes().map(\.verb)
        #expect(
            verbs.filter { $0 != .listed }.sorted { $0.rawValue < $1.rawValue }
                == [.deleted, .moved])
    }

    @Test(arguments: [["work", "home"], ["home", "work"]])
    func `an instance comes back with its series, also while an edit of the series waits`(
        order: [String]
    ) async throws {
        let world = try await SyncWorld(collections: order)
        let (series, name) = (RemoteID(rawValue: "s"), RemoteID(rawValue: "s_1"))
        func put(_ place: RemoteID) {
            let home = JSON.string(place.rawValue)
            world.provider.put(
                series, ["title": "weekly", "slots": ["1", "2"], "home": home], in: place)
            world.provider.put(
                name, ["title": "other", "seriesId": "s", "slot": "1", "home": home], in: place)
        }
        for number in 1...9 { world.put("n\(number)", "note \(number)") }
        put(SyncWorld.work)
        try await world.sync()
        let before = try await world.note("s_1")
        put(Self.home)
        for id in [name, series] { world.provider.delete(id, in: SyncWorld.work) }
        try await world.sync()
        let (moved, run) = (try await world.note("s", in: "home"), world.run)
        _ = try await world.store.write { transaction in
            try transaction.editLocally(
                moved, to: (moved.live ?? [:]).merging(["title": "ours"]), sendUpdates: .none,
                run: run)
        }
        put(SyncWorld.work)
        world.provider.put(
            name, ["seriesId": "s", "slot": "1", "cancelled": true], in: Self.home)
        world.provider.delete(series, in: Self.home)
        for _ in 0..<2 { try await world.sync() }
        let after = try await world.note("s_1")
        #expect(after.id == before.id && after.live?["title"] == "other")
        #expect(try await world.note("s").live?["title"] == "ours")
        #expect(world.remote("s")?["title"] == "ours")
    }

    @Test func `a copy in another collection is another thing`() async throws {
        let world = try await world()
        world.provider.put(Self.n1, ["title": "note 1", "home": "work"], in: Self.home)
        #expect(try await world.sync().attention == nil)
        let (mine, copy) = (try await world.note("n1"), try await world.note("n1", in: "home"))
        #expect(mine.id != copy.id && mine.live != nil && copy.live != nil)
    }

    @Test func `the tombstone of a former name does not touch what lives on`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "kept"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        try await world.sync()
        world.provider.churn()  // The tombstone of the old name comes once more.
        #expect(try await world.sync().attention == nil)
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles().contains("kept"))
        #expect(try await world.notes().contains { $0.live?["title"] == "kept" })
    }

    /// A series of two slots with an exception, and edits of both of its instances.
    private func worldOfSeries() async throws -> SyncWorld {
        let world = try await SyncWorld(collections: ["work", "home"])
        world.provider.put(
            RemoteID(rawValue: "s"), ["title": "weekly", "slots": ["1", "2"], "home": "work"],
            in: SyncWorld.work)
        world.provider.put(
            RemoteID(rawValue: "s_1"),
            ["title": "weekly", "seriesId": "s", "slot": "1", "home": "work"], in: SyncWorld.work)
        world.put("other", "other")
        try await world.sync()
        try await world.edit("s_1", ["body": "ours"])
        let (place, run) = (try await world.collection(), world.run)
        let instance: JSON = ["id": "s_2", "title": "weekly", "seriesId": "s", "slot": "2"]
        _ = try await world.store.write { transaction in
            try transaction.createLocally(
                instance.merging(["body": "ours, too"]), kind: NoteRules.kind, in: place,
                base: instance, run: run, verb: .updated)
        }
        return world
    }

    @Test func `the edited instances of a series move with it`() async throws {
        let world = try await worldOfSeries()
        try await world.move("s", to: "home")
        #expect(try await world.notes(in: "home").map(\.remoteID?.rawValue) == ["s", "s_1", "s_2"])
        try await world.sync()
        try await world.sync()
        let there = world.provider.live(in: RemoteID(rawValue: "home"))
        #expect(there.first { $0.id.rawValue == "s_1" }?.json["body"] == "ours")
        #expect(there.first { $0.id.rawValue == "s_2" }?.json["body"] == "ours, too")
        #expect(try await world.notes(in: "home").allSatisfy { !$0.isDirty })
        #expect(world.remoteTitles() == ["other"])
        try await world.sync()
        world.provider.clearRequests()
        try await world.sync(full: true)
        #expect(world.provider.requests.allSatisfy { $0.hasPrefix("pull") })
        #expect(try await world.notes(in: "home").count == 3)
    }

    @Test func `a move of a series that is dropped leaves its instances where they were`()
        async throws
    {
        let world = try await worldOfSeries()
        try await world.move("s", to: "home")
        let (series, run) = (try await world.note("s", in: "home"), world.run)
        _ = try await world.store.write { try Resolutions($0, run: run).takeBack(series) }
        #expect(try await world.notes().map(\.remoteID?.rawValue) == ["other", "s", "s_1", "s_2"])
        try await world.sync()
        let there = world.provider.live(in: SyncWorld.work)
        #expect(there.first { $0.id.rawValue == "s_1" }?.json["body"] == "ours")
        #expect(there.first { $0.id.rawValue == "s_2" }?.json["body"] == "ours, too")
    }
}
