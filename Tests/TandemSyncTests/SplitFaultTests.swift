import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// Whatever comes between the two writes of a division, it arrives whole.
@Suite struct SplitFaultTests {
    private static let series = RemoteID(rawValue: "s")
    private static let home = RemoteID(rawValue: "home")

    /// A series of four slots, the third of them an exception, divided before that one.
    private func world(marksHome: Bool = false) async throws -> SyncWorld {
        let world = try await SyncWorld(
            collections: ["work", "home"], sharing: MemoryProvider(marksHome: marksHome))
        world.provider.put(
            Self.series, ["title": "weekly", "body": "all", "slots": ["1", "2", "3", "4"]],
            in: SyncWorld.work)
        world.provider.put(
            RemoteID(rawValue: "s_3"),
            ["title": "weekly", "body": "all", "x": "own", "seriesId": "s", "slot": "3"],
            in: SyncWorld.work)
        world.put("other", "other")
        try await world.sync()
        try await world.divide(slots: ["3", "4"])
        return world
    }

    /// Does something to the cut, when the later half was sent.
    private func beforeCut(
        _ world: SyncWorld, _ action: @escaping @Sendable (MemoryProvider) -> Void
    ) {
        world.provider.beforeNextPush { $0.beforeNextPush(action) }
    }

    /// Each slot is there exactly once, the exception in the half that has its slot, and the same is
    /// seen here; the next sync writes nothing.
    private func expectWhole(
        _ world: SyncWorld, earlierIn place: RemoteID = SyncWorld.work
    ) async throws {
        let there = [SyncWorld.work, Self.home].flatMap { world.provider.live(in: $0) }
        let slots = there.flatMap { $0.json["slots"]?.array ?? [] }.compactMap(\.string)
        #expect(slots.sorted() == ["1", "2", "3", "4"])
        #expect(world.remote("s", in: place)?["slots"] == ["1", "2"])
        #expect(world.remote("later")?["slots"] == ["3", "4"])
        #expect(world.remote("later")?["title"] == "new")
        let exceptions = there.filter { $0.json["seriesId"] != nil }
        #expect(exceptions.map(\.id.rawValue) == ["later_3"])
        #expect(exceptions.first?.json["x"] == "own")
        let here = try await world.notes() + world.notes(in: "home")
        #expect(
            here.compactMap(\.remoteID).sorted() == there.map(\.id).sorted())
        #expect(here.allSatisfy { !$0.isDirty && $0.hold == nil })
        let first = try await world.note("s", in: place.rawValue)
        #expect(try await world.store.read { try $0.splits.cutting(first.id) } == [])
        world.provider.clearRequests()
        let report = try await world.sync()
        #expect(report.attention == nil)
        #expect(report.collections.allSatisfy { $0.pulled.total == 0 })
        #expect(world.provider.requests.sorted() == ["pull home", "pull work"])
    }

    @Test func `the cut meets a newer version of the series, whose change reaches both halves`()
        async throws
    {
        let world = try await world()
        beforeCut(world) {
            $0.patch(Self.series, ["body": "theirs"], in: SyncWorld.work)
        }
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        for id in ["s", "later", "later_3"] {
            #expect(world.remote(id)?["body"] == "theirs", "\(id)")
        }
        try await expectWhole(world)
    }

    @Test func `the cut meets another mark of the same version`() async throws {
        let world = try await world()
        beforeCut(world) { $0.churn() }
        try await world.sync()
        // What the carried instance is bound to is read anew, and then sent.
        world.clock.advance(by: .seconds(60))
        #expect(try await world.sync().attention == nil)
        try await expectWhole(world)
    }

    @Test(arguments: [true, false], [true, false])
    func `stopped at either write, a division goes on from there`(
        isAtCut: Bool, applies: Bool
    ) async throws {
        let world = try await world()
        let fault = MemoryProvider.Fault(RemoteError(.cancelled, "Stopped."), applies: applies)
        if isAtCut {
            beforeCut(world) { $0.injectForPush(fault) }
        } else {
            world.provider.injectForPush(fault)
        }
        try await world.sync()
        #expect((world.remote("later") != nil) == (isAtCut || applies))
        #expect((world.remote("s")?["slots"] == ["1", "2"]) == (isAtCut && applies))
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        try await expectWhole(world)
    }

    @Test func `the earlier half is moved before it was cut`() async throws {
        let world = try await world()
        try await world.move("s", to: "home")
        for _ in 1...3 { try await world.sync() }
        try await expectWhole(world, earlierIn: Self.home)
    }

    @Test(arguments: [true, false])
    func `the earlier half is moved, and stopped at the move`(applies: Bool) async throws {
        let world = try await world()
        try await world.move("s", to: "home")
        beforeCut(world) {
            $0.injectForPush(.init(RemoteError(.cancelled, "Stopped."), applies: applies))
        }
        for _ in 1...4 { try await world.sync() }
        try await expectWhole(world, earlierIn: Self.home)
    }

    @Test func `where both changed a carried instance, theirs is live and ours is kept`()
        async throws
    {
        let world = try await world()
        try await world.edit("later_3", ["body": "ours"])
        world.provider.patch(
            RemoteID(rawValue: "s_3"), ["body": "theirs"], in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        let kept = try await world.store.read { try $0.conflicts.list() }
        #expect(kept.map(\.field) == ["body"] && kept.map(\.mine) == ["ours"])
        try await world.sync()
        #expect(world.remote("later_3")?["body"] == "theirs")
        #expect(world.remote("later_3")?["x"] == "own")
    }

    @Test func `what was edited of a carried instance that they cancelled can be had again`()
        async throws
    {
        let world = try await world()
        try await world.edit("later_3", ["body": "ours"])
        world.provider.patch(
            RemoteID(rawValue: "s_3"), ["cancelled": true], in: SyncWorld.work)
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        #expect(world.remote("later_3")?["cancelled"] == true)
        let kept = try await world.store.read { try $0.conflicts.list(includesResolved: true) }
        let conflict = try #require(kept.first)
        #expect(conflict.mine?["body"] == "ours" && conflict.resolution == .theirs)
        let run = world.run
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: .mine)
        }
        #expect(try await world.sync().attention == nil)
        #expect(world.remote("later_3")?["body"] == "ours")
        #expect(world.remote("later_3")?["cancelled"] == nil)
    }

    @Test func `what goes on behind a series that nobody can read waits with it`() async throws {
        let world = try await world(marksHome: true)
        world.provider.put(
            Self.series, ["title": "weekly", "slots": ["1", "2", "3", "4"]], in: Self.home)
        world.provider.spoil(Self.series, in: Self.home)
        world.provider.delete(Self.series, in: SyncWorld.work)
        for _ in 1...2 { try await world.sync() }
        #expect(try await world.note("s").hold == .quarantined)
        #expect(try await world.note("later").hold == .unreachable)
        #expect(try await world.note("later_3").hold == .unreachable)
        world.provider.patch(Self.series, ["x": "readable"], in: Self.home)
        for _ in 1...3 { try await world.sync() }
        #expect(world.remote("s", in: Self.home)?["slots"] == ["1", "2"])
        #expect(world.remote("later")?["slots"] == ["3", "4"])
        #expect(world.remote("later_3")?["x"] == "own")
    }
}
