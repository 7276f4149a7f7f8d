import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// Values that lost a conflict and are taken after all, in one step, for each class of field.
@Suite struct RestoreTests {
    struct Dispute: Sendable, CustomTestStringConvertible {
        /// The class, in words.
        let testDescription: String
        /// The part as conflicts name it.
        let field: String
        let ours: JSON
        let theirs: JSON
        /// The members that hold what is in dispute.
        let members: [String]
    }

    private static let n1 = RemoteID(rawValue: "n1")
    private static let ada: JSON = ["email": "ada@example.com", "answer": "none", "self": true]
    private static let bob: JSON = ["email": "bob@example.com", "answer": "none"]
    private static let note: JSON = [
        "title": "Pump", "tags": ["a": "1", "b": "2"], "people": [ada, bob], "from": 10, "to": 20,
        "slots": ["s1", "s2"], "until": 99, "mine": "red", "x-unknown": ["deep": [1, ["a": 2.50]]],
    ]

    private static func people(_ members: JSON) -> JSON {
        ["people": [ada, bob.merging(members)]]
    }

    static let disputes = [
        Dispute(
            testDescription: "a single value", field: "title", ours: ["title": "ours"],
            theirs: ["title": "theirs"], members: ["title"]),
        Dispute(
            testDescription: "a single value that was taken out", field: "title",
            ours: ["title": .null], theirs: ["title": "theirs"], members: ["title"]),
        Dispute(
            testDescription: "a unit", field: "time", ours: ["from": 15], theirs: ["to": 12],
            members: ["from", "to"]),
        Dispute(
            testDescription: "a list that moves as one", field: "series", ours: ["slots": ["s1"]],
            theirs: ["slots": ["s2"], "until": 50], members: ["slots", "until"]),
        Dispute(
            testDescription: "a key of an object", field: "tags/a", ours: ["tags": ["a": "ours"]],
            theirs: ["tags": ["a": "theirs"]], members: ["tags"]),
        Dispute(
            testDescription: "a key that was taken out", field: "tags/a",
            ours: ["tags": ["a": .null]], theirs: ["tags": ["a": "theirs"]], members: ["tags"]),
        Dispute(
            testDescription: "an element of a list", field: "people/bob@example.com",
            ours: people(["role": "ours"]), theirs: people(["role": "theirs"]),
            members: ["people"]),
        Dispute(
            testDescription: "an element that was taken out", field: "people/bob@example.com",
            ours: ["people": [ada]], theirs: people(["role": "theirs"]), members: ["people"]),
        Dispute(
            testDescription: "an unknown member", field: "x-unknown",
            ours: ["x-unknown": ["deep": [1.0, [:]]]], theirs: ["x-unknown": ["deep": 3]],
            members: ["x-unknown"]),
    ]

    /// A world where both sides changed the same, and the remote something else besides.
    private func world(_ dispute: Dispute) async throws -> (SyncWorld, ConflictRecord) {
        let world = try await SyncWorld()
        world.provider.put(Self.n1, Self.note, in: SyncWorld.work)
        try await world.sync()
        try await world.edit("n1", dispute.ours)
        world.provider.patch(
            Self.n1, dispute.theirs.merging(["body": "beside"]), in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        let conflicts = try await world.store.read { try $0.conflicts.list() }
        #expect(conflicts.map(\.field) == [dispute.field])
        return (world, try #require(conflicts.first))
    }

    private func resolve(
        _ conflict: ConflictRecord, use choice: ConflictResolution, in world: SyncWorld
    ) async throws {
        let run = world.run
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: choice)
        }
    }

    /// On both sides the disputed part is ours, and the rest theirs.
    private func expectRestored(_ dispute: Dispute, in world: SyncWorld) async throws {
        #expect(try await world.sync().attention == nil)
        let ours = Self.note.merging(dispute.ours)
        let live = try #require(try await world.note("n1").live)
        let remote = try #require(world.provider.live(in: SyncWorld.work).first?.json)
        for version in [live, remote] {
            for member in dispute.members { #expect(version[member] == ours[member]) }
            #expect(version["body"] == "beside")
        }
    }

    @Test(arguments: disputes)
    func `the value that lost is taken in one step`(dispute: Dispute) async throws {
        let (world, conflict) = try await world(dispute)
        try await resolve(conflict, use: .mine, in: world)
        try await expectRestored(dispute, in: world)
    }

    @Test(arguments: disputes)
    func `the value that was given up is there for 90 days`(dispute: Dispute) async throws {
        let (world, conflict) = try await world(dispute)
        try await resolve(conflict, use: .theirs, in: world)
        #expect(try await world.sync().attention == nil)
        world.clock.advance(by: .seconds(89 * 86_400))
        try await world.sync(full: true)
        try await resolve(conflict, use: .mine, in: world)
        try await expectRestored(dispute, in: world)
    }

    @Test func `what belongs to this side needs no way back`() async throws {
        let world = try await SyncWorld()
        world.provider.put(Self.n1, Self.note, in: SyncWorld.work)
        try await world.sync()
        let answered = Self.ada.merging(["answer": "yes"])
        try await world.edit("n1", ["mine": "blue", "people": [answered, Self.bob]])
        let refused = Self.ada.merging(["answer": "no"])
        world.provider.patch(
            Self.n1, ["mine": "green", "people": [refused, Self.bob]], in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        let remote = try #require(world.provider.live(in: SyncWorld.work).first?.json)
        #expect(remote["mine"] == "blue" && remote["people"]?[0]?["answer"] == "yes")
        #expect(try await world.store.read { try $0.conflicts.list() }.isEmpty)
    }
}
