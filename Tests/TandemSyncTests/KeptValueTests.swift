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

    @Test func `what was refused is refused after it was settled, too`() async throws {
        let world = try await world()
        let conflict = try await refuse(in: world)
        try await resolve(conflict, use: .theirs, in: world)
        let error = await #expect(throws: TandemError.self) {
            try await resolve(conflict, use: .mine, in: world)
        }
        #expect(error?.code == .denied)
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

    /// Lets the next write be answered with the note as it was, but for the answer of `me`.
    private func keepTitle(in world: SyncWorld) throws {
        let note = try #require(world.provider.live(in: SyncWorld.work).first)
        var kept = note.json
        kept["people"] = [["email": "me", "self": true, "answer": "yes"]]
        world.provider.answerNextPush(
            with: RemoteResource(remoteID: Self.n1, etag: ETag(rawValue: "kept"), json: kept))
    }

    @Test(arguments: [true, false])
    func `a value that is silently kept there is not lost here`(isKept: Bool) async throws {
        let world = try await world()
        if !isKept {
            world.provider.patch(Self.n1, ["keeper": .null], in: SyncWorld.work)
            try await world.sync()
        }
        try await world.edit(
            "n1",
            ["title": "ours", "people": [["email": "me", "self": true, "answer": "yes"]]])
        try keepTitle(in: world)
        let report = try await world.sync()
        #expect(report.attention == .conflicts && report.collections[0].pushed.updated == 1)
        let conflicts = try await world.store.read { try $0.conflicts.list() }
        #expect(conflicts.map(\.field) == ["title"])
        #expect(conflicts.first?.mine == "ours" && conflicts.first?.theirs == "theirs")
        #expect(
            conflicts.first?.refusal
                == (isKept
                    ? "Only the keeper can change this: bob."
                    : "The write was answered, but this was not taken."))
        let note = try await world.note("n1")
        #expect(note.live?["title"] == "theirs" && !note.isDirty)
    }

    @Test func `of a list of which half is taken, the other half is kept`() async throws {
        let world = try await world()
        world.provider.patch(Self.n1, ["keeper": .null], in: SyncWorld.work)
        try await world.sync()
        let people: [JSON] = ["bob", "carl"].map { ["email": .string($0), "answer": "no"] }
        try await world.edit("n1", ["people": .array(people)])
        var taken = try #require(world.provider.live(in: SyncWorld.work).first).json
        taken["people"] = .array([people[0]])
        world.provider.answerNextPush(
            with: RemoteResource(remoteID: Self.n1, etag: ETag(rawValue: "half"), json: taken))
        #expect(try await world.sync().attention == .conflicts)
        let conflict = try await conflict(in: world)
        #expect(conflict.field == "people/carl")
        #expect(conflict.mine == people[1] && conflict.theirs == nil)
    }

    @Test(arguments: [("title", 0), ("body", 1)])
    func `a later edit of what is silently kept replaces it`(
        field: String, conflicts: Int
    ) async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "ours"])
        // While the write is on its way, somebody here edits again.
        let (run, store) = (world.run, world.store)
        let note = try await world.note("n1")
        try keepTitle(in: world)
        world.provider.beforeNextPush { _ in
            do {
                try store.writeBlocking { transaction in
                    let now = try transaction.resources.find(note.id) ?? note
                    var json = now.live ?? [:]
                    json[field] = "later"
                    _ = try transaction.editLocally(now, to: json, run: run)
                }
            } catch { Issue.record(error) }
        }
        try await world.sync()
        let found = try await world.store.read { try $0.conflicts.list().map(\.field) }
        #expect(found.filter { $0 == "title" }.count == conflicts)
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
