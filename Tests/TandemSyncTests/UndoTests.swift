import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// Undoing runs: of people, of syncs, and of undoing itself.
@Suite struct UndoTests {
    private static let n1 = RemoteID(rawValue: "n1")

    /// A world of which three notes were read, with a run of its own for each edit.
    private func world(_ collections: [String] = ["work"]) async throws -> SyncWorld {
        let world = try await SyncWorld(collections: collections)
        for number in 1...3 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        return world
    }

    /// Does something under a run of its own.
    private func run(
        _ world: SyncWorld,
        _ body: @escaping @Sendable (StoreTransaction, RunID) throws -> Void
    ) async throws -> RunID {
        try await world.store.write { transaction in
            let run = try transaction.runs.start("edit").id
            try body(transaction, run)
            return run
        }
    }

    private func edit(_ world: SyncWorld, _ id: String, _ patch: JSON) async throws -> RunID {
        let note = try await world.note(id)
        return try await run(world) { transaction, run in
            try transaction.editLocally(note, to: (note.live ?? [:]).merging(patch), run: run)
        }
    }

    @discardableResult
    private func undo(
        _ world: SyncWorld, _ run: RunID
    ) async throws -> (outcome: UndoOutcome, run: RunID) {
        try await world.store.write { transaction in
            let own = try transaction.runs.start("undo").id
            return (try Undoing(transaction, run: own).undo(run), own)
        }
    }

    /// Syncs under a run of its own.
    private func sync(_ world: SyncWorld) async throws -> RunID {
        let before = Set(try await world.store.read { try $0.runs.list().map(\.id) })
        _ = try await Synchronizer(store: world.store)
            .sync(world.account, through: world.connector)
        let after = try await world.store.read { try $0.runs.list().map(\.id) }
        return try #require(after.first { !before.contains($0) })
    }

    private func title(_ world: SyncWorld, _ id: String) async throws -> JSON? {
        try await world.note(id).live?["title"]
    }

    // MARK: Edits that wait

    @Test func `an edit that waits is taken back, and nothing is sent`() async throws {
        let world = try await world()
        let run = try await edit(world, "n1", ["title": "edited"])
        let undone = try await undo(world, run)
        #expect(undone.outcome.changed.map(\.remoteID) == [Self.n1])
        #expect(undone.outcome.kept.isEmpty)
        let note = try await world.note("n1")
        #expect(!note.isDirty && note.live?["title"] == "note 1")
    }

    @Test func `of two edits that wait the later is undone alone`() async throws {
        let world = try await world()
        _ = try await edit(world, "n1", ["body": "first"])
        let run = try await edit(world, "n1", ["title": "second"])
        try await undo(world, run)
        let note = try await world.note("n1")
        #expect(note.live?["title"] == "note 1")
        #expect(note.live?["body"] == "first" && note.isDirty)
    }

    @Test func `the earlier of two edits is undone without the later`() async throws {
        let world = try await world()
        let run = try await edit(world, "n1", ["title": "first"])
        _ = try await edit(world, "n1", ["body": "second"])
        let outcome = try await undo(world, run).outcome
        #expect(outcome.kept.isEmpty)
        let note = try await world.note("n1")
        #expect(note.live?["title"] == "note 1" && note.live?["body"] == "second")
    }

    // MARK: Edits that were sent

    @Test func `an edit that was sent is undone by an edit`() async throws {
        let world = try await world()
        let run = try await edit(world, "n1", ["title": "edited"])
        try await world.sync()
        let undone = try await undo(world, run)
        #expect(try await world.note("n1").isDirty)
        try await world.sync()
        #expect(world.provider.live(in: SyncWorld.work)[0].json["title"] == "note 1")
        try await undo(world, undone.run)
        try await world.sync()
        #expect(world.provider.live(in: SyncWorld.work)[0].json["title"] == "edited")
    }

    @Test func `what was changed again since stays, and is told part by part`() async throws {
        let world = try await world()
        let run = try await edit(world, "n1", ["title": "ours", "body": "ours"])
        try await world.sync()
        world.provider.patch(Self.n1, ["title": "theirs"], in: SyncWorld.work)
        try await world.sync()
        let outcome = try await undo(world, run).outcome
        let note = try await world.note("n1")
        #expect(note.live?["title"] == "theirs")
        #expect(note.live?["body"] == nil)
        let kept = try #require(outcome.kept.first)
        #expect(outcome.kept.count == 1)
        #expect(kept.field == "title" && kept.reason == .changedSince)
        #expect(kept.before == "note 1" && kept.now == "theirs")
    }

    @Test func `what is one's own stays, too, where it was changed since`() async throws {
        let world = try await world()
        let run = try await edit(world, "n1", ["mine": "red"])
        try await world.sync()
        _ = try await edit(world, "n1", ["mine": "blue"])
        let outcome = try await undo(world, run).outcome
        #expect(try await world.note("n1").live?["mine"] == "blue")
        #expect(outcome.kept.map(\.field) == ["mine"])
    }

    @Test func `a guest who was invited goes, one who came later stays`() async throws {
        let world = try await world()
        func people(_ names: String...) -> JSON {
            ["people": .array(names.map { ["email": .string($0)] })]
        }
        let run = try await edit(world, "n1", people("bob"))
        try await world.sync()
        world.provider.patch(Self.n1, people("bob", "eve"), in: SyncWorld.work)
        try await world.sync()
        try await undo(world, run)
        let left = try await world.note("n1").live?["people"]?.array?.map { $0["email"] }
        #expect(left == ["eve"])
    }

    // MARK: Made and deleted

    @Test(arguments: [false, true])
    func `what was made is deleted`(isSent: Bool) async throws {
        let world = try await world()
        let place = try await world.collection()
        let run = try await run(world) { transaction, run in
            try transaction.createLocally(
                ["title": "new"], kind: NoteRules.kind, in: place, run: run)
        }
        if isSent { try await world.sync() }
        #expect(try await undo(world, run).outcome.kept.isEmpty)
        #expect(try await world.notes().count == 3)
        try await world.sync()
        #expect(world.provider.live(in: SyncWorld.work).count == 3)
    }

    @Test func `what was made and then changed by somebody else stays`() async throws {
        let world = try await world()
        let place = try await world.collection()
        let run = try await run(world) { transaction, run in
            try transaction.createLocally(
                ["id": "new", "title": "new"], kind: NoteRules.kind, in: place, run: run)
        }
        try await world.sync()
        world.provider.patch(RemoteID(rawValue: "new"), ["body": "theirs"], in: SyncWorld.work)
        try await world.sync()
        #expect(try await undo(world, run).outcome.kept.map(\.reason) == [.changedSince])
        #expect(try await world.notes().count == 4)
    }

    @Test(arguments: [false, true])
    func `what was deleted comes back under its own id here`(isSent: Bool) async throws {
        let world = try await world()
        let note = try await world.note("n1")
        let run = try await run(world) { try $0.deleteLocally(note, run: $1) }
        if isSent { try await world.sync() }
        let outcome = try await undo(world, run).outcome
        #expect(outcome.changed.map(\.id) == [note.id])
        try await world.sync()
        let titles = world.provider.live(in: SyncWorld.work).map(\.json["title"])
        #expect(titles.count == 3 && titles.contains("note 1"))
        let now = try await world.store.read { try $0.resources.find(note.id) }
        #expect(now?.live?["title"] == "note 1" && now?.isDirty == false)
    }

    @Test func `what was deleted since is not made anew by undoing an edit`() async throws {
        let world = try await world()
        let run = try await edit(world, "n1", ["title": "edited"])
        try await world.sync()
        world.provider.delete(Self.n1, in: SyncWorld.work)
        try await world.sync()
        let outcome = try await undo(world, run).outcome
        #expect(outcome.changed.isEmpty)
        #expect(outcome.kept.map(\.reason) == [.deletedSince])
    }

    @Test func `a series that was deleted comes back with its instances`() async throws {
        let world = try await world()
        world.provider.put(
            RemoteID(rawValue: "s"), ["title": "weekly", "slots": ["1", "2", "3"]],
            in: SyncWorld.work)
        world.provider.put(
            RemoteID(rawValue: "s_1"), ["title": "changed", "seriesId": "s", "slot": "1"],
            in: SyncWorld.work)
        world.provider.put(
            RemoteID(rawValue: "s_2"), ["seriesId": "s", "slot": "2", "cancelled": true],
            in: SyncWorld.work)
        try await world.sync()
        let series = try await world.note("s")
        let run = try await run(world) { try $0.deleteLocally(series, run: $1) }
        try await world.sync()
        let outcome = try await undo(world, run).outcome
        #expect(outcome.kept.isEmpty && outcome.changed.count == 3)
        for _ in 1...2 { try await world.sync() }
        let there = world.provider.live(in: SyncWorld.work).map(\.json)
        let name = try #require(there.first { $0["slots"] != nil }?["id"])
        let instances = there.filter { $0["seriesId"] == name }
        #expect(instances.contains { $0["slot"] == "1" && $0["title"] == "changed" })
        #expect(instances.contains { $0["slot"] == "2" && $0["cancelled"] == true })
        let waiting = try await world.store.read { try $0.conflicts.list() }
        #expect(waiting.isEmpty)
    }

    @Test func `instances of a series that was made go with it, changed ones keep it`()
        async throws
    {
        for changes in [false, true] {
            let world = try await world()
            let place = try await world.collection()
            let run = try await run(world) { transaction, run in
                let operation: OperationID = transaction.environment.makeID()
                try transaction.createLocally(
                    ["id": "s", "title": "weekly", "slots": ["1", "2"]], kind: NoteRules.kind,
                    in: place, run: run, operation: operation)
                try transaction.createLocally(
                    ["title": "changed", "seriesId": "s", "slot": "1"], kind: NoteRules.kind,
                    in: place, base: ["title": "weekly", "seriesId": "s", "slot": "1"], run: run,
                    operation: operation)
            }
            for _ in 1...2 { try await world.sync() }
            if changes {
                world.provider.patch(
                    RemoteID(rawValue: "s_1"), ["body": "theirs"], in: SyncWorld.work)
                try await world.sync()
            }
            let outcome = try await undo(world, run).outcome
            try await world.sync()
            #expect(outcome.kept.map(\.reason) == (changes ? [.changedSince] : []))
            #expect(world.provider.live(in: SyncWorld.work).count == (changes ? 5 : 3))
            #expect(try await world.store.read { try $0.conflicts.list() }.isEmpty)
        }
    }

    @Test(arguments: [false, true])
    func `what was moved goes back`(isSent: Bool) async throws {
        let world = try await world(["work", "home"])
        let (note, place) = (try await world.note("n1"), try await world.collection("home"))
        let run = try await run(world) { _ = try $0.moveLocally(note, to: place, run: $1) }
        if isSent { try await world.sync() }
        #expect(try await undo(world, run).outcome.kept.isEmpty)
        try await world.sync()
        #expect(try await world.note("n1").collection == note.collection)
        #expect(world.provider.live(in: SyncWorld.work).count == 3)
    }

    // MARK: Runs of syncs

    @Test func `what a sync brought is undone by edits, which the next one sends`() async throws {
        let world = try await world()
        world.provider.patch(Self.n1, ["title": "spoilt"], in: SyncWorld.work)
        world.provider.delete(RemoteID(rawValue: "n2"), in: SyncWorld.work)
        world.put("n4", "unwanted")
        let run = try await sync(world)
        let outcome = try await undo(world, run).outcome
        #expect(outcome.changed.count == 3 && outcome.kept.isEmpty)
        try await world.sync()
        let titles = world.remoteTitles().compactMap { $0 }.sorted()
        #expect(titles == ["note 1", "note 2", "note 3"])
    }

    @Test func `the first reading of a collection is not undone`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        let run = try await sync(world)
        let outcome = try await undo(world, run).outcome
        #expect(outcome.changed.isEmpty)
        #expect(outcome.kept.map(\.reason) == [.collection])
        #expect(try await world.notes().count == 1)
    }

    @Test func `what belongs to somebody else is not put back, but told`() async throws {
        let world = try await SyncWorld()
        world.provider.put(
            Self.n1, ["title": "theirs", "keeper": "bob@example.org"], in: SyncWorld.work)
        try await world.sync()
        world.provider.patch(Self.n1, ["title": "changed"], in: SyncWorld.work)
        let outcome = try await undo(world, try await sync(world)).outcome
        #expect(outcome.changed.isEmpty)
        #expect(outcome.kept.map(\.reason) == [.notOurs])
        #expect(outcome.kept.first?.message?.contains("bob@example.org") == true)
    }

    // MARK: What is not there

    @Test func `a run that is unknown or changed nothing says so`() async throws {
        let world = try await world()
        await #expect(throws: TandemError.self) {
            try await undo(world, RunID(rawValue: "nothing"))
        }
        let idle = try await sync(world)
        await #expect(throws: TandemError.self) { try await undo(world, idle) }
    }

    @Test func `undone twice, nothing is left to do`() async throws {
        let world = try await world()
        let run = try await edit(world, "n1", ["title": "edited"])
        try await world.sync()
        try await undo(world, run)
        let again = try await undo(world, run).outcome
        #expect(again.changed.isEmpty)
        #expect(try await title(world, "n1") == "note 1")
    }

    @Test func `a place that may only be read keeps what was changed there`() async throws {
        let world = try await world()
        let run = try await edit(world, "n1", ["title": "edited"])
        try await world.sync()
        let id = try await world.collection().id
        try await world.store.write { transaction in
            var place = try #require(try transaction.collections.find(id))
            place.access = .read
            try transaction.collections.update(place)
        }
        let outcome = try await undo(world, run).outcome
        #expect(outcome.kept.map(\.reason) == [.refused])
        #expect(outcome.kept.first?.message?.contains("only read") == true)
    }
}
