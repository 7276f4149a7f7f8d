import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// What comes back of our own edits of a series is no news; what somebody else cancels is.
@Suite struct EchoTests {
    private static let series = RemoteID(rawValue: "s")

    /// A series of four slots, the third of them an exception.
    private func world() async throws -> SyncWorld {
        let world = try await SyncWorld()
        world.provider.put(
            Self.series, ["title": "weekly", "slots": ["1", "2", "3", "4"]], in: SyncWorld.work)
        world.provider.put(
            RemoteID(rawValue: "s_3"),
            ["title": "own", "x": "own", "seriesId": "s", "slot": "3"], in: SyncWorld.work)
        world.put("other", "other")
        try await world.sync()
        return world
    }

    /// A provider says no more of a cancelled instance than its names.
    private func cancel(_ slot: String, in world: SyncWorld) {
        world.provider.put(
            RemoteID(rawValue: "s_\(slot)"),
            ["seriesId": "s", "slot": .string(slot), "cancelled": true], in: SyncWorld.work)
    }

    /// Syncs, and expects nothing of it.
    private func expectSilence(_ world: SyncWorld, full: Bool = false) async throws {
        let before = try await world.changes().count
        let report = try await world.sync(full: full)
        #expect(report.attention == nil)
        #expect(report.collections.allSatisfy { $0.pulled.total == 0 && $0.pushed.total == 0 })
        #expect(try await world.changes().count == before)
    }

    @Test
    func `an exception that our edit of its series leaves without a slot goes with that edit`()
        async throws
    {
        let world = try await world()
        try await world.edit("s", ["slots": ["1", "2"]])
        #expect(try await world.sync().attention == nil)
        let exception = try await world.note("s_3")
        #expect(exception.live == nil)
        let entry = try await world.changes().last { $0.resource == exception.id }
        #expect(entry?.verb == .deleted && entry?.origin == .local && entry?.title == "own")
        let operation = try #require(try await world.note("s").operation)
        #expect(entry?.cause == .operation(operation))
        cancel("3", in: world)
        try await expectSilence(world)
        #expect(try await world.note("s_3").live == nil)
    }

    @Test func `with its slot back the series shows its own instance`() async throws {
        let world = try await world()
        try await world.edit("s", ["slots": ["1", "2"]])
        try await world.sync()
        cancel("3", in: world)
        try await world.sync()
        try await world.edit("s", ["slots": ["1", "2", "3"]])
        try await world.sync()
        let exception = try await world.note("s_3")
        // Without a base it stands for no slot.
        #expect(exception.live == nil && exception.base == nil)
    }

    @Test func `the answer to our edit may be lost, and its echo is silent all the same`()
        async throws
    {
        let world = try await world()
        try await world.edit("s", ["slots": ["1", "2"]])
        world.provider.injectForPush(
            .init(RemoteError(.unknownOutcome, "Cut."), applies: true))
        #expect(try await world.sync().attention == nil)
        #expect(try await world.note("s_3").live == nil)
        cancel("3", in: world)
        try await expectSilence(world)
    }

    @Test func `an exception that we deleted, with its slot or its series, stays gone in silence`()
        async throws
    {
        let world = try await world()
        try await world.delete("s_3")
        try await world.sync()
        cancel("3", in: world)
        try await expectSilence(world)
        try await world.delete("s")
        try await world.sync()
        try await expectSilence(world)
    }

    @Test func `what comes back of a deleted series' exceptions is no news`() async throws {
        let world = try await world()
        try await world.delete("s")
        try await world.sync()
        let exception = try await world.note("s_3")
        let entry = try await world.changes().last { $0.resource == exception.id }
        #expect(entry?.verb == .deleted && entry?.origin == .local)
        cancel("3", in: world)
        try await expectSilence(world)
    }

    @Test func `an edited instance whose slot our edit took is asked about once`() async throws {
        let world = try await world()
        try await world.edit("s_3", ["x": "ours"])
        try await world.edit("s", ["slots": ["1", "2"]])
        #expect(try await world.sync().attention == .conflicts)
        cancel("3", in: world)
        #expect(try await world.sync().attention == .conflicts)
        let conflicts = try await world.store.read { try $0.conflicts.list() }
        #expect(conflicts.map(\.field) == [ConflictRecord.slot])
        #expect(conflicts.first?.mine?["x"] == "ours")
    }

    @Test(arguments: [("3", "own"), ("4", "weekly")])
    func `what somebody else cancels is counted, and told with its title`(
        slot: String, title: String
    ) async throws {
        let world = try await world()
        cancel(slot, in: world)
        let report = try await world.sync()
        #expect(report.collections[0].pulled.deleted == 1)
        #expect(report.collections[0].pulled.total == 1)
        let entry = try await world.changes().last
        #expect(entry?.verb == .deleted && entry?.origin == .remote && entry?.title == title)
        #expect(entry?.cause == .tombstone)
        try await expectSilence(world)
        try await expectSilence(world, full: true)
    }

    @Test func `a cancelled instance that somebody brings back is restored`() async throws {
        let world = try await world()
        cancel("3", in: world)
        try await world.sync()
        world.provider.put(
            RemoteID(rawValue: "s_3"), ["title": "back", "seriesId": "s", "slot": "3"],
            in: SyncWorld.work)
        #expect(try await world.sync().collections[0].pulled.updated == 1)
        let entry = try await world.changes().last
        #expect(entry?.verb == .restored && entry?.title == "back")
    }

    @Test func `an instance edited here and given up is the series', so its loss is news`()
        async throws
    {
        let world = try await world()
        let (place, run) = (try await world.collection(), world.run)
        let base: JSON = ["id": "s_4", "title": "weekly", "seriesId": "s", "slot": "4"]
        _ = try await world.store.write { transaction in
            try transaction.createLocally(
                base.merging(["title": "ours"]), kind: NoteRules.kind, in: place, base: base,
                run: run, verb: .updated)
        }
        let note = try await world.note("s_4")
        _ = try await world.store.write { try $0.revertLocally(note, run: run) }
        cancel("4", in: world)
        #expect(try await world.sync().collections[0].pulled.deleted == 1)
        #expect(try await world.note("s_4").live?["cancelled"] == true)
        #expect(try await world.changes().last?.title == "weekly")
    }

    @Test func `somebody else's edit that takes an exception's slot is told`() async throws {
        let world = try await world()
        world.provider.patch(Self.series, ["slots": ["1", "2"]], in: SyncWorld.work)
        cancel("3", in: world)
        let pulled = try await world.sync().collections[0].pulled
        #expect(pulled.updated == 1 && pulled.deleted == 1)
        #expect(try await world.changes().last { $0.verb == .deleted }?.title == "own")
    }

    @Test func `a cancelled instance that a full listing no longer names goes in silence`()
        async throws
    {
        let world = try await world()
        cancel("3", in: world)
        try await world.sync()
        world.provider.delete(RemoteID(rawValue: "s_3"), in: SyncWorld.work)
        try await expectSilence(world, full: true)
    }
}
