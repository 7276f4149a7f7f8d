import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// Edited instances whose slot is gone from their series, and what a person decides about them.
@Suite struct LostSlotTests {
    private static let series = RemoteID(rawValue: "s")
    private static let name = RemoteID(rawValue: "s_1")

    /// A series whose first instance is one of its own, and a note beside it.
    private func world() async throws -> SyncWorld {
        let world = try await SyncWorld()
        world.provider.put(
            Self.series, ["title": "weekly", "slots": ["1", "2"]], in: SyncWorld.work)
        world.provider.put(
            Self.name, ["title": "own", "seriesId": "s", "slot": "1"], in: SyncWorld.work)
        world.put("other", "other")
        try await world.sync()
        return world
    }

    /// Edits the instance, whose slot somebody takes: a person is asked.
    private func ask(in world: SyncWorld) async throws -> ConflictRecord {
        try await world.edit("s_1", ["title": "ours"])
        world.provider.patch(Self.series, ["slots": ["2"]], in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        return try #require(try await world.store.read { try $0.conflicts.list() }.first)
    }

    private func resolve(
        _ conflict: ConflictRecord, use choice: ConflictResolution, in world: SyncWorld
    ) async throws {
        let run = world.run
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: choice)
        }
    }

    @Test(arguments: [ConflictResolution.theirs, .both])
    func `where the provider kept the instance it is here as it is there`(
        choice: ConflictResolution
    ) async throws {
        let world = try await world()
        let conflict = try await ask(in: world)
        try await resolve(conflict, use: choice, in: world)
        let entry = try await world.changes().last
        #expect(entry?.verb == .updated && entry?.origin == .local)
        let kept = try await world.note("s_1")
        #expect(kept.live?["title"] == "own" && !kept.isDirty)
        #expect(try await world.sync(full: true).attention == nil)
        #expect(try await world.note("s_1").live?["title"] == "own")
        let titles = world.remoteTitles().compactMap { $0 }.sorted()
        let copies = choice == .both ? ["ours"] : []
        #expect(titles == (["other", "own", "weekly"] + copies).sorted())
    }

    @Test(arguments: [false, true])
    func `what the provider took away meanwhile is gone`(takesSeries: Bool) async throws {
        let world = try await world()
        for number in 1...9 { world.put("n\(number)", "note \(number)") }
        let conflict = try await ask(in: world)
        world.provider.delete(Self.name, in: SyncWorld.work)
        if takesSeries { world.provider.delete(Self.series, in: SyncWorld.work) }
        #expect(try await world.sync().attention == .conflicts)
        try await resolve(conflict, use: .theirs, in: world)
        #expect(try await world.note("s_1").live == nil)
        let entry = try await world.changes().last
        #expect(entry?.verb == .deleted && entry?.origin == .local)
        #expect(try await world.sync(full: true).attention == nil)
        #expect(try await world.note("s_1").live == nil)
    }

    @Test func `what was taken away and came back is there`() async throws {
        let world = try await world()
        let conflict = try await ask(in: world)
        world.provider.delete(Self.name, in: SyncWorld.work)
        try await world.sync()
        world.provider.put(
            Self.name, ["title": "own", "x": "again", "seriesId": "s", "slot": "1"],
            in: SyncWorld.work)
        try await world.sync()
        try await resolve(conflict, use: .theirs, in: world)
        #expect(try await world.note("s_1").live?["x"] == "again")
        #expect(try await world.sync(full: true).attention == nil)
        #expect(try await world.note("s_1").live?["x"] == "again")
    }

    @Test func `an edit that is kept is kept as it was, also where the instance was deleted since`()
        async throws
    {
        let world = try await world()
        let conflict = try await ask(in: world)
        try await world.edit("s_1", ["cancelled": true])
        try await resolve(conflict, use: .both, in: world)
        #expect(try await world.sync().attention == nil)
        let copies = world.provider.live(in: SyncWorld.work).map(\.json)
            .filter { $0["seriesId"] == nil && $0["title"] == "ours" }
        #expect(copies.count == 1 && copies.allSatisfy { $0["cancelled"] == nil })
        #expect(try await world.notes().contains { $0.live?["title"] == "ours" })
    }
}
