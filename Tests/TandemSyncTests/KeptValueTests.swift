import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// Values that the provider keeps to somebody else.
@Suite struct KeptValueTests {
    private static let n1 = RemoteID(rawValue: "n1")

    /// A world with a note of bob's.
    private func world() async throws -> SyncWorld {
        let world = try await SyncWorld()
        let note: JSON = [
            "title": "theirs", "keeper": "bob",
            "people": [["email": "me", "self": true, "answer": "maybe"]],
        ]
        world.provider.put(Self.n1, note, in: SyncWorld.work)
        try await world.sync()
        return world
    }

    /// Edits bob's title and the own answer, of which the provider takes the answer.
    private func refuse(in world: SyncWorld) async throws -> ConflictRecord {
        try await world.edit(
            "n1",
            ["title": "ours", "people": [["email": "me", "self": true, "answer": "yes"]]])
        world.provider.injectForPush(.init(RemoteError(.forbidden, "Not yours.")))
        #expect(try await world.sync().attention == .conflicts)
        return try await conflict(in: world)
    }

    private func conflict(in world: SyncWorld) async throws -> ConflictRecord {
        try #require(try await world.store.read { try $0.conflicts.list() }.first)
    }

    private func choices(
        for conflict: ConflictRecord, in world: SyncWorld
    ) async throws -> [ConflictResolution] {
        try await world.store.read { try ConflictChoices($0).choices(for: conflict) }
    }

    private func resolve(
        _ conflict: ConflictRecord, use choice: ConflictResolution, in world: SyncWorld
    ) async throws {
        let run = world.run
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: choice)
        }
    }

    @Test func `a refused part says whose it is, and is not offered to be sent again`()
        async throws
    {
        let world = try await world()
        let conflict = try await refuse(in: world)
        #expect(conflict.field == "title" && conflict.mine == "ours")
        #expect(conflict.refusal == "Only the keeper can change this: bob.")
        #expect(try await choices(for: conflict, in: world) == [.theirs, .both])
        let error = await #expect(throws: TandemError.self) {
            try await resolve(conflict, use: .mine, in: world)
        }
        #expect(error?.code == .denied && error?.message.contains("bob") == false)
        #expect(error?.remedy?.contains("--use theirs") == true)
        // Nothing was settled, nothing was lost.
        #expect(try await self.conflict(in: world) == conflict)
        #expect(try await world.note("n1").isDirty == false)
    }

    @Test func `both keeps ours as one of its own`() async throws {
        let world = try await world()
        try await resolve(try await refuse(in: world), use: .both, in: world)
        #expect(try await world.sync().attention == nil)
        #expect(Set(world.remoteTitles()) == ["theirs", "ours"])
    }

    @Test func `once it is everybody's to change, ours can be taken`() async throws {
        let world = try await world()
        let conflict = try await refuse(in: world)
        world.provider.patch(Self.n1, ["keeper": .null], in: SyncWorld.work)
        try await world.sync()
        #expect(try await choices(for: conflict, in: world) == [.mine, .theirs, .both])
        try await resolve(conflict, use: .mine, in: world)
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles() == ["ours"])
    }

    @Test func `a clash about what is somebody else's can be tried, and is doubted`()
        async throws
    {
        let world = try await world()
        try await world.edit("n1", ["title": "ours"])
        world.provider.patch(Self.n1, ["title": "newer"], in: SyncWorld.work)
        try await world.sync()
        let conflict = try await conflict(in: world)
        #expect(conflict.refusal == nil)
        #expect(try await choices(for: conflict, in: world) == [.mine, .theirs, .both])
        let doubt = try await world.store.read { try ConflictChoices($0).doubt(about: conflict) }
        #expect(doubt?.keeper == "bob" && doubt?.fields == ["title"])
    }

    @Test func `a refusal that is nobody's in particular is told in the provider's words`()
        async throws
    {
        let world = try await world()
        world.provider.patch(Self.n1, ["keeper": .null], in: SyncWorld.work)
        try await world.sync()
        let conflict = try await refuse(in: world)
        #expect(conflict.refusal == "Not yours.")
        #expect(try await choices(for: conflict, in: world) == [.mine, .theirs, .both])
    }

    @Test func `of a deleted item no part can be taken, and the way back is named`()
        async throws
    {
        let world = try await world()
        let conflict = try await refuse(in: world)
        world.provider.delete(Self.n1, in: SyncWorld.work)
        try await world.sync()
        let error = await #expect(throws: TandemError.self) {
            try await resolve(conflict, use: .both, in: world)
        }
        #expect(error?.code == .notFound)
        #expect(error?.remedy?.contains("conflicts show \(conflict.id)") == true)
    }
}
