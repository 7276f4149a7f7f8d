import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// What was edited on several machines of one account, and deleted by somebody else.
@Suite struct RevivalTests {
    private static let home = RemoteID(rawValue: "home")
    private static let n1 = RemoteID(rawValue: "n1")

    /// Two machines of one account that know the same notes.
    private func machines() async throws -> (SyncWorld, SyncWorld) {
        let provider = MemoryProvider(pageSize: 3, marksHome: true)
        let first = try await SyncWorld(collections: ["work", "home"], sharing: provider, seed: 1)
        let second = try await SyncWorld(collections: ["work", "home"], sharing: provider, seed: 2)
        for number in 1...4 { first.put("n\(number)", "note \(number)") }
        try await first.sync()
        try await second.sync()
        return (first, second)
    }

    /// What lives of `n1`, wherever it lies and however it is named.
    private func lives(_ world: SyncWorld) -> [JSON] {
        (world.provider.live(in: SyncWorld.work) + world.provider.live(in: Self.home))
            .map(\.json).filter { $0["title"] == "note 1" || $0["body"] != nil }
    }

    @Test(arguments: [false, true])
    func `instances that wait to be moved with a series go with it where it is gone`(
        isListed: Bool
    ) async throws {
        let (world, _) = try await machines()
        let (series, name) = (RemoteID(rawValue: "s"), RemoteID(rawValue: "s_1"))
        for number in 5...9 { world.put("n\(number)", "note \(number)") }
        world.provider.put(series, ["title": "weekly", "slots": ["1"]], in: SyncWorld.work)
        world.provider.put(
            name, ["title": "own", "seriesId": "s", "slot": "1"], in: SyncWorld.work)
        try await world.sync()
        try await world.move("s", to: "home")
        for id in [name, series] { world.provider.delete(id, in: SyncWorld.work) }
        if isListed { world.provider.expireCursors() }
        for _ in 0..<3 {
            world.clock.advance(by: .seconds(4000))
            try await world.sync()
        }
        // The series was moved here, so it lives on as a new one; nobody touched the instance.
        #expect(try await world.notes(in: "home").map(\.live?["title"]) == ["weekly"])
        #expect(world.provider.live(in: Self.home).map(\.json["title"]) == ["weekly"])
        #expect(try await world.notes().count == 9)
    }

    @Test func `two machines make it anew once, with the edits of both`() async throws {
        let (first, second) = try await machines()
        try await first.edit("n1", ["body": "first"])
        try await second.edit("n1", ["mine": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        for world in [first, second, first, second] {
            #expect(try await world.sync().attention == nil)
        }
        let lives = lives(first)
        #expect(lives.count == 1)
        #expect(lives.first?["body"] == "first" && lives.first?["mine"] == "second")
        for world in [first, second] {
            #expect(try await world.notes().count == 4)
            #expect(try await world.notes().allSatisfy { !$0.isDirty })
        }
        let gone = try await second.changes().filter { $0.verb == .deleted }
        #expect(gone.count == 1)
        guard case .adopted? = gone.first?.cause else {
            Issue.record("The twin is not named as the cause.")
            return
        }
    }

    @Test func `what a person lets live on as another machine made it waits for nothing`()
        async throws
    {
        let (first, second) = try await machines()
        // With guests a person is asked; without, it is made anew at once.
        try await first.edit("n1", ["people": [["email": "eve"]]])
        try await second.edit("n1", ["body": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        #expect(try await second.sync().attention == nil)
        #expect(try await first.sync().attention == .conflicts)
        let run = first.run
        let asked = try await first.store.read { try $0.conflicts.list() }
        let id = try #require(asked.first).id
        _ = try await first.store.write { transaction in
            try Resolutions(transaction, run: run).resolve(id, use: .mine)
        }
        let gone = try await first.note("n1")
        #expect(gone.deletedAt != nil && !gone.isDirty)
        #expect(try await first.sync().attention == nil)
        let lives = lives(first)
        #expect(lives.count == 1 && lives.first?["people"]?[0]?["email"] == "eve")
        #expect(try await first.notes().count == 4)
    }

    @Test func `a value that clashes with the other machine's is kept`() async throws {
        let (first, second) = try await machines()
        try await first.edit("n1", ["body": "first"])
        try await second.edit("n1", ["body": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        for world in [first, second] { try await world.sync() }
        #expect(lives(first).map { $0["body"] } == ["first"])
        let kept = try await second.store.read { try $0.conflicts.list() }
        #expect(kept.map(\.mine) == ["second"])
    }

    @Test func `a value that clashes is kept where it is not known whether ours was sent`()
        async throws
    {
        let (first, second) = try await machines()
        try await first.edit("n1", ["body": "first"])
        try await second.edit("n1", ["body": "second", "mine": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        // Sent by the second machine, as far as it knows; made by the first one.
        second.provider.injectForPush(.init(RemoteError(.unknownOutcome, "Cut.")))
        for _ in 0..<9 {
            second.provider.injectForLookUp(.init(RemoteError(.transient, "No.")))
        }
        try await second.sync()
        second.provider.clearFaults()
        second.clock.advance(by: .seconds(600))
        for world in [first, second] { try await world.sync() }
        #expect(lives(first).map { $0["body"] } == ["first"])
        #expect(lives(first).map { $0["mine"] } == ["second"])
        let kept = try await second.store.read { try $0.conflicts.list() }
        #expect(kept.map(\.mine) == ["second"])
    }

    @Test(arguments: [false, true])
    func `one that was moved as well is one thing where it was moved to`(
        isMovedFirst: Bool
    ) async throws {
        let (first, second) = try await machines()
        try await first.edit("n1", ["body": "first"])
        try await second.edit("n1", ["mine": "second"])
        try await second.move("n1", to: "home")
        first.provider.delete(Self.n1, in: SyncWorld.work)
        let order = isMovedFirst ? [second, first] : [first, second]
        for world in order + order { try await world.sync() }
        let there = first.provider.live(in: Self.home).map(\.json)
        #expect(there.map { $0["body"] } == ["first"] && there.map { $0["mine"] } == ["second"])
        #expect(lives(first).count == 1)
        for world in [first, second] { #expect(try await world.notes(in: "home").count == 1) }
    }

    @Test func `one that is made anew at the same moment is met, not doubled`() async throws {
        let (first, second) = try await machines()
        try await first.edit("n1", ["body": "first"])
        try await second.edit("n1", ["mine": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        try await first.sync()
        let made = try #require(lives(first).first)
        let name = try #require(NoteRules().remoteID(of: made))
        // The other machine reads before it is there, and sends when it is.
        first.provider.lose(name, in: SyncWorld.work)
        second.provider.beforeNextPush { $0.put(name, made, in: SyncWorld.work) }
        for _ in 0..<2 { try await second.sync() }
        #expect(lives(second).count == 1)
        #expect(lives(second).first?["body"] == "first")
        #expect(lives(second).first?["mine"] == "second")
    }

    @Test func `one that was made anew and deleted again is made anew under a next id`()
        async throws
    {
        let (first, second) = try await machines()
        try await first.edit("n1", ["body": "first"])
        try await second.edit("n1", ["mine": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        try await first.sync()
        let made = try #require(lives(first).first)
        let name = try #require(NoteRules().remoteID(of: made))
        first.provider.delete(name, in: SyncWorld.work)
        for world in [second, first] { try await world.sync() }
        let last = try #require(lives(second).first)
        #expect(lives(second).count == 1 && last["mine"] == "second")
        #expect(![Self.n1, name].contains(NoteRules().remoteID(of: last)))
        #expect(try await first.notes().count == 4)
    }

    @Test func `one that was made anew keeps the edits of both when it is deleted, too`()
        async throws
    {
        let (first, second) = try await machines()
        try await first.edit("n1", ["body": "first"])
        try await second.edit("n1", ["mine": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        try await first.sync()
        let made = try #require(lives(first).first)
        let name = try #require(NoteRules().remoteID(of: made))
        // The other machine may not write for an hour, so that it decides on nothing.
        try await second.edit("n2", ["mine": "later"])
        second.provider.injectForPush(
            MemoryProvider.Fault(RemoteError(.quotaExceeded, "Enough for now.")))
        for _ in 1...2 { try await second.sync() }
        try await second.edit(name.rawValue, ["other": "third"])
        first.provider.delete(name, in: SyncWorld.work)
        for _ in 1...2 { try await second.sync(ignoringParking: true) }
        let last = try #require(lives(second).first)
        #expect(lives(second).count == 1)
        #expect(last["mine"] == "second" && last["other"] == "third" && last["body"] == "first")
    }

    @Test(arguments: [false, true])
    func `where a lost creation of ours meets the other machine's, ours is kept`(
        isNeverMade: Bool
    ) async throws {
        let (first, second) = try await machines()
        try await first.edit("n1", ["body": "first"])
        try await second.edit("n1", ["body": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        try await first.sync()
        let made = try #require(lives(first).first)
        let name = try #require(NoteRules().remoteID(of: made))
        // The other machine reads before it is there, and its answer is lost.
        first.provider.lose(name, in: SyncWorld.work)
        second.provider.beforeNextPush { provider in
            guard !isNeverMade else { return }
            provider.put(name, made, in: SyncWorld.work)
        }
        second.provider.injectForPush(
            MemoryProvider.Fault(RemoteError(.unknownOutcome, "No answer.")))
        for _ in 1...2 { try await second.sync() }
        let kept = try await second.store.read { try $0.conflicts.list() }
        #expect(lives(second).map { $0["body"] } == [isNeverMade ? "second" : "first"])
        #expect(kept.map(\.mine) == (isNeverMade ? [] : ["second"]))
    }

    @Test func `what another machine made anew and somebody deleted is no word against ours`()
        async throws
    {
        let (first, second) = try await machines()
        try await first.edit("n1", ["body": "first"])
        try await second.edit("n1", ["mine": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        try await first.sync()
        let made = try #require(lives(first).first)
        let name = try #require(NoteRules().remoteID(of: made))
        // The other machine reads before it is there, and sends when it is gone again.
        first.provider.lose(name, in: SyncWorld.work)
        second.provider.beforeNextPush { provider in
            provider.put(name, made, in: SyncWorld.work)
            provider.delete(name, in: SyncWorld.work)
        }
        for _ in 1...2 { try await second.sync() }
        #expect(lives(second).map { $0["mine"] } == ["second"])
    }

    @Test func `made anew under a second name it is merged from what both machines knew`()
        async throws
    {
        let (first, second) = try await machines()
        try await first.edit("n1", ["title": "first", "body": "first"])
        try await second.edit("n1", ["mine": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        try await first.sync()
        let made = try #require(lives(first).first)
        let name = try #require(NoteRules().remoteID(of: made))
        let named = try await second.store.read {
            $0.revivals.nextName(after: name, of: made, rules: NoteRules())
        }
        let next = try #require(named)
        // The other machine meets the first name when it is gone again, the second one taken.
        first.provider.lose(name, in: SyncWorld.work)
        second.provider.beforeNextPush { provider in
            provider.put(name, made, in: SyncWorld.work)
            provider.delete(name, in: SyncWorld.work)
            provider.beforeNextPush { $0.put(next, made, in: SyncWorld.work) }
        }
        for _ in 1...2 { #expect(try await second.sync().attention == nil) }
        #expect(lives(second).map { $0["title"] } == ["first"])
        #expect(lives(second).map { $0["mine"] } == ["second"])
        #expect(try await second.store.read { try $0.conflicts.list(includesResolved: true) } == [])
    }

    @Test func `what was deleted of its instances stays away from a series that is made anew`()
        async throws
    {
        let world = try await SyncWorld()
        let name = RemoteID(rawValue: "s")
        world.provider.put(
            name, ["title": "weekly", "slots": ["1", "2"]], in: SyncWorld.work)
        try await world.sync()
        let (place, run) = (try await world.collection(), world.run)
        let instance: JSON = ["id": "s_1", "title": "weekly", "seriesId": "s", "slot": "1"]
        _ = try await world.store.write { transaction in
            try transaction.createLocally(
                instance.merging(["cancelled": true]), kind: NoteRules.kind, in: place,
                base: instance, run: run, verb: .deleted)
        }
        try await world.edit("s", ["body": "edited"])
        world.provider.delete(name, in: SyncWorld.work)
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        let live = world.provider.live(in: SyncWorld.work)
        let made = try #require(live.first { $0.json["slots"] != nil })
        let gone = try #require(live.first { $0.json["slot"] == "1" })
        #expect(gone.json["seriesId"]?.string == made.id.rawValue)
        #expect(gone.json["cancelled"] == true)
        #expect(try await world.notes().allSatisfy { !$0.isDirty && $0.hold == nil })
    }

    @Test(arguments: [false, true])
    func `what was edited of its instances goes on in a series that is made anew`(
        saysWhatHangsOnIt: Bool
    ) async throws {
        let world = try await SyncWorld()
        let name = RemoteID(rawValue: "s")
        world.provider.put(
            name, ["title": "weekly", "slots": ["1", "2"]], in: SyncWorld.work)
        try await world.sync()
        let (place, run) = (try await world.collection(), world.run)
        let instance: JSON = ["id": "s_1", "title": "weekly", "seriesId": "s", "slot": "1"]
        _ = try await world.store.write { transaction in
            try transaction.createLocally(
                instance.merging(["title": "ours"]), kind: NoteRules.kind, in: place,
                base: instance, run: run, verb: .updated)
        }
        try await world.edit("s", ["body": "edited"])
        if saysWhatHangsOnIt {
            world.provider.put(
                RemoteID(rawValue: "s_1"), instance.merging(["cancelled": true]),
                in: SyncWorld.work)
        }
        world.provider.delete(name, in: SyncWorld.work)
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        let live = world.provider.live(in: SyncWorld.work)
        let made = try #require(live.first { $0.json["slots"] != nil })
        #expect(made.json["body"] == "edited" && made.id != name)
        let carried = try #require(live.first { $0.json["slot"] == "1" })
        #expect(carried.json["title"] == "ours")
        #expect(carried.json["seriesId"]?.string == made.id.rawValue)
        #expect(try await world.notes().allSatisfy { !$0.isDirty && $0.hold == nil })
    }
}
