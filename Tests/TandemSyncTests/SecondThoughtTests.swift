import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// Taking one's own value after all, once a conflict is settled.
@Suite struct SecondThoughtTests {
    private static let n1 = RemoteID(rawValue: "n1")

    /// A world where both sides changed the title of a note.
    private func clash(
        _ note: JSON = ["title": "one"], ours: JSON = ["title": "ours"]
    ) async throws -> (world: SyncWorld, conflict: ConflictRecord) {
        let world = try await SyncWorld()
        world.provider.put(Self.n1, note, in: SyncWorld.work)
        try await world.sync()
        try await world.edit("n1", ours)
        world.provider.patch(Self.n1, ["title": "theirs"], in: SyncWorld.work)
        try await world.sync()
        return (world, try await conflict(in: world))
    }

    private func conflict(in world: SyncWorld) async throws -> ConflictRecord {
        try #require(try await world.store.read { try $0.conflicts.list() }.first)
    }

    private func resolve(
        _ conflict: ConflictRecord, use choice: ConflictResolution, in world: SyncWorld
    ) async throws {
        let run = world.run
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: choice)
        }
    }

    /// What keeps one's own value from being taken.
    private func obstacle(
        to conflict: ConflictRecord, in world: SyncWorld
    ) async throws -> TandemError? {
        await #expect(throws: TandemError.self) {
            try await resolve(conflict, use: .mine, in: world)
        }
    }

    @Test func `a value that was given up comes back on top of what is there now`() async throws {
        let (world, conflict) = try await clash()
        try await resolve(conflict, use: .theirs, in: world)
        #expect(try await world.sync().attention == nil)
        try await world.edit("n1", ["title": "newest", "body": "newest"])
        let before = try await world.note("n1").editNumber
        try await resolve(conflict, use: .mine, in: world)
        #expect(try await world.note("n1").editNumber == before + 1)
        #expect(try await world.sync().attention == nil)
        let live = world.provider.live(in: SyncWorld.work)[0].json
        #expect(live["title"] == "ours" && live["body"] == "newest")
        let settled = try await world.store.read { try $0.conflicts.find(conflict.id) }
        #expect(settled?.resolution == .mine)
        // Asked again it changes nothing.
        try await resolve(conflict, use: .mine, in: world)
        #expect(try await world.note("n1").isDirty == false)
    }

    @Test(arguments: [ConflictResolution.theirs, .both])
    func `what is settled is settled but for one's own value`(
        choice: ConflictResolution
    ) async throws {
        let (world, conflict) = try await clash()
        try await resolve(conflict, use: .mine, in: world)
        let error = await #expect(throws: TandemError.self) {
            try await resolve(conflict, use: choice, in: world)
        }
        #expect(error?.code == .notFound)
    }

    @Test func `a conflict that settled itself gives its value back, too`() async throws {
        let (world, conflict) = try await clash()
        try await world.delete("n1")
        let waiting = try #require(try await obstacle(to: conflict, in: world))
        let (note, run) = (try await world.note("n1"), world.run)
        #expect(waiting.code == .notFound)
        #expect(waiting.remedy?.contains("tandem queue drop \(note.id)") == true)
        _ = try await world.store.write { try $0.revertLocally(note, run: run) }
        let settled = try await world.store.read { try $0.conflicts.find(conflict.id) }
        #expect(settled?.resolution == .moot)
        try await resolve(conflict, use: .mine, in: world)
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles() == ["ours"])
    }

    @Test func `of what is gone the value is still told`() async throws {
        let (world, conflict) = try await clash()
        world.provider.delete(Self.n1, in: SyncWorld.work)
        try await world.sync()
        let error = try #require(try await obstacle(to: conflict, in: world))
        #expect(error.code == .notFound)
        #expect(error.remedy == "Both values: tandem conflicts show \(conflict.id)")
    }

    @Test func `an edit of what they deleted comes back as a new one, once`() async throws {
        let world = try await SyncWorld()
        world.provider.put(
            Self.n1, ["title": "one", "people": [["email": "bob"]]], in: SyncWorld.work)
        try await world.sync()
        try await world.edit("n1", ["title": "ours"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        let conflict = try await conflict(in: world)
        try await resolve(conflict, use: .theirs, in: world)
        #expect(try await world.sync().attention == nil)
        #expect(try await world.notes().isEmpty)
        try await resolve(conflict, use: .mine, in: world)
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles() == ["ours"])
        #expect(try await world.notes().map(\.id) == [conflict.resource])
        #expect(try await obstacle(to: conflict, in: world)?.code == .invalid)
        #expect(world.remoteTitles() == ["ours"])
    }

    @Test(arguments: [true, false])
    func `an edited instance that was given up comes back, once`(
        isCancelled: Bool
    ) async throws {
        let world = try await SyncWorld()
        let series = RemoteID(rawValue: "s")
        let name = RemoteID(rawValue: "s_1")
        let instance: JSON = [
            "id": "s_1", "title": "weekly", "body": "own", "seriesId": "s", "slot": "1",
        ]
        world.provider.put(series, ["title": "weekly", "slots": ["1", "2"]], in: SyncWorld.work)
        world.provider.put(name, instance, in: SyncWorld.work)
        try await world.sync()
        try await world.edit("s_1", ["title": "ours"])
        if isCancelled {
            let cancelled = instance.merging(["cancelled": true])
            world.provider.put(name, cancelled, in: SyncWorld.work)
        } else {
            world.provider.delete(series, in: SyncWorld.work)
        }
        #expect(try await world.sync().attention == .conflicts)
        let conflict = try await conflict(in: world)
        let field = isCancelled ? ConflictRecord.delete : ConflictRecord.slot
        #expect(conflict.field == field)
        try await resolve(conflict, use: .theirs, in: world)
        #expect(try await world.sync().attention == nil)
        try await resolve(conflict, use: .mine, in: world)
        #expect(try await world.sync().attention == nil)
        let live = world.provider.live(in: SyncWorld.work).map(\.json)
        let back = live.filter { $0["title"] == "ours" }
        #expect(back.count == 1 && back.first?["cancelled"] == nil)
        #expect((back.first?["seriesId"] != nil) == isCancelled)
        #expect(try await obstacle(to: conflict, in: world)?.code == .invalid)
    }
}
