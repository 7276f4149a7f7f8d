import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// What was brought to life again, and turns out to live twice.
@Suite struct ReunionTests {
    private static let home = RemoteID(rawValue: "home")
    private static let n1 = RemoteID(rawValue: "n1")

    private func world(
        sharing provider: MemoryProvider = MemoryProvider(pageSize: 3, marksHome: true),
        seed: UInt64 = 1
    ) async throws -> SyncWorld {
        let world = try await SyncWorld(
            collections: ["work", "home", "zoo"], sharing: provider, seed: seed)
        if provider.live(in: SyncWorld.work).isEmpty {
            for number in 1...4 { world.put("n\(number)", "note \(number)") }
        }
        try await world.sync()
        return world
    }

    /// What lives of `n1`, wherever it lies and however it is named.
    private func lives(_ provider: MemoryProvider) -> [(id: RemoteID, json: JSON)] {
        (provider.live(in: SyncWorld.work) + provider.live(in: Self.home))
            .filter { $0.json["made"] == "1" || $0.json["title"] == "note 1" }
    }

    /// Edited here and deleted there, `n1` is brought to life again under another name.
    private func revived() async throws -> (SyncWorld, RemoteID) {
        let world = try await world()
        try await world.edit("n1", ["body": "ours"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        try await world.sync()
        return (world, try #require(lives(world.provider).first?.id))
    }

    /// The original is there again, somebody having moved it away and back.
    private func comeBack(_ provider: MemoryProvider, with patch: JSON = [:]) {
        let original: JSON = ["title": "note 1", "home": "home"]
        provider.put(Self.n1, original.merging(patch), in: Self.home)
    }

    @Test func `what is there again goes on with the edit, and the copy goes`() async throws {
        let (world, copy) = try await revived()
        #expect(copy != Self.n1)
        comeBack(world.provider, with: ["mine": "theirs"])
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        let lives = lives(world.provider)
        #expect(lives.map(\.id) == [Self.n1])
        #expect(lives.first?.json["body"] == "ours" && lives.first?.json["mine"] == "theirs")
        #expect(try await world.notes().count == 3)
        #expect(try await world.notes(in: "home").map(\.remoteID) == [Self.n1])
        let gone = try #require(
            try await world.changes().last { $0.verb == .deleted })
        guard case .adopted? = gone.cause else {
            Issue.record("The original is not named as the cause.")
            return
        }
        #expect(world.provider.mails.allSatisfy { $0 == .none })
    }

    @Test func `a value that clashes with the original's is kept`() async throws {
        let (world, _) = try await revived()
        comeBack(world.provider, with: ["body": "theirs"])
        for _ in 1...2 { try await world.sync() }
        #expect(lives(world.provider).map { $0.json["body"] } == ["theirs"])
        let kept = try await world.store.read { try $0.conflicts.list() }
        #expect(kept.map(\.mine) == ["ours"])
    }

    @Test func `of two edits of one's own side that wait both are kept`() async throws {
        let (_, copy) = try await revived()
        let world = try await world()
        world.provider.put(copy, ["title": "note 1", "home": "work"], in: SyncWorld.work)
        try await world.sync()
        try await world.edit("n1", ["mine": "first"])
        try await world.edit(copy.rawValue, ["mine": "second"])
        for id in [Self.n1, copy] { world.provider.delete(id, in: SyncWorld.work) }
        for _ in 1...2 { try await world.sync() }
        #expect(lives(world.provider).map { $0.json["mine"] } == ["second"])
        let kept = try await world.store.read { try $0.conflicts.list() }
        #expect(kept.map(\.mine) == ["first"] && kept.map(\.theirs) == ["second"])
    }

    @Test func `what was set aside unsent goes on as what another machine sent`() async throws {
        let (_, copy) = try await revived()
        let world = try await world()
        try await world.edit("n1", ["mine": "ours"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.injectForPush(MemoryProvider.Fault(RemoteError(.rejected, "Not here.")))
        try await world.sync()
        #expect(try await world.note(copy.rawValue).hold == .quarantined)
        world.provider.put(
            copy, ["title": "note 1", "body": "theirs", "home": "zoo"],
            in: RemoteID(rawValue: "zoo"))
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        let lives = world.provider.live(in: RemoteID(rawValue: "zoo"))
        #expect(lives.map(\.id) == [copy])
        #expect(lives.first?.json["body"] == "theirs" && lives.first?.json["mine"] == "ours")
    }

    @Test func `what somebody changes of the copy before it goes is changed in the original`()
        async throws
    {
        let (world, copy) = try await revived()
        comeBack(world.provider)
        world.provider.beforeNextPush { provider in
            provider.patch(copy, ["mine": "late"], in: SyncWorld.work)
        }
        for _ in 1...4 { try await world.sync() }
        let lives = lives(world.provider)
        #expect(lives.map(\.id) == [Self.n1])
        #expect(lives.first?.json["body"] == "ours" && lives.first?.json["mine"] == "late")
    }

    @Test func `what was never sent goes on as the original at once`() async throws {
        let world = try await world()
        try await world.edit("n1", ["body": "ours"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.injectForPush(
            MemoryProvider.Fault(RemoteError(.quotaExceeded, "Enough for now.")))
        try await world.sync()
        comeBack(world.provider)
        for _ in 1...2 { try await world.sync(ignoringParking: true) }
        #expect(lives(world.provider).map(\.id) == [Self.n1])
        #expect(lives(world.provider).first?.json["body"] == "ours")
    }

    @Test func `what another machine edits of the copy after it went is edited in the original`()
        async throws
    {
        let (first, copy) = try await revived()
        comeBack(first.provider)
        let second = try await world(sharing: first.provider, seed: 2)
        try await second.edit(copy.rawValue, ["mine": "second"])
        for _ in 1...2 { try await first.sync() }
        #expect(lives(first.provider).map(\.id) == [Self.n1])
        for _ in 1...3 { #expect(try await second.sync().attention == nil) }
        let lives = lives(first.provider)
        #expect(lives.map(\.id) == [Self.n1])
        #expect(lives.first?.json["body"] == "ours" && lives.first?.json["mine"] == "second")
        #expect(try await second.notes().count == 3)
        #expect(try await second.notes(in: "home").map(\.remoteID) == [Self.n1])
    }

    @Test func `what another machine made before ours was taken is not made once more`()
        async throws
    {
        let (_, copy) = try await revived()
        let world = try await world()
        try await world.edit("n1", ["body": "ours"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.injectForPush(
            MemoryProvider.Fault(RemoteError(.quotaExceeded, "Enough for now.")))
        try await world.sync()
        world.provider.put(
            copy, ["title": "note 1", "body": "theirs", "home": "home"], in: Self.home)
        world.provider.clearRequests()
        #expect(try await world.sync(ignoringParking: true).attention == .conflicts)
        #expect(world.provider.requests.allSatisfy { $0.hasPrefix("pull ") })
        #expect(lives(world.provider).map { $0.json["body"] } == ["theirs"])
        #expect(try await world.notes(in: "home").map(\.remoteID) == [copy])
        // What was written here is what clashes, and not what is there.
        let kept = try await world.store.read { try $0.conflicts.list() }
        #expect(kept.map(\.mine) == ["ours"] && kept.map(\.theirs) == ["theirs"])
    }

    @Test func `what two machines brought to life in two places lives in one`() async throws {
        // Every machine gives it the same name.
        let (_, copy) = try await revived()
        let world = try await world()
        try await world.edit("n1", ["mine": "second"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.beforeNextPush { provider in
            provider.put(
                copy, ["title": "note 1", "body": "first", "home": "home"], in: Self.home)
        }
        for _ in 1...3 { #expect(try await world.sync().attention == nil) }
        #expect(!world.provider.live(in: SyncWorld.work).contains { $0.id == copy })
        let lives = lives(world.provider)
        #expect(lives.map(\.id) == [copy])
        #expect(lives.first?.json["body"] == "first" && lives.first?.json["mine"] == "second")
        #expect(try await world.notes(in: "home").count == 1)
    }

    @Test func `what was sent and brought to life by another machine clashes with no later edit`()
        async throws
    {
        let (_, copy) = try await revived()
        let world = try await world()
        try await world.edit("n1", ["body": "first"])
        world.provider.injectForPush(.init(RemoteError(.unknownOutcome, "Cut."), applies: true))
        for _ in 0..<9 { world.provider.injectForLookUp(.init(RemoteError(.transient, "No."))) }
        try await world.sync()
        world.provider.clearFaults()
        try await world.edit("n1", ["body": "second"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.put(
            copy, ["title": "note 1", "body": "first", "mine": "theirs", "home": "work"],
            in: SyncWorld.work)
        world.clock.advance(by: .seconds(600))
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        let lives = lives(world.provider)
        #expect(lives.map(\.id) == [copy])
        #expect(lives.first?.json["body"] == "second" && lives.first?.json["mine"] == "theirs")
        #expect(try await world.store.read { try $0.conflicts.list() }.isEmpty)
    }

    @Test func `what a person brings back meets what another machine brought back`() async throws {
        let first = try await world()
        let second = try await world(sharing: first.provider, seed: 2)
        try await second.edit("n1", ["mine": "second"])
        first.provider.delete(Self.n1, in: SyncWorld.work)
        try await first.sync()
        let gone = try await first.store.read { transaction in
            try transaction.resources.list(ResourceFilter(includesDeleted: true))
                .first { $0.remoteID == Self.n1 }
        }
        let (row, run) = (try #require(gone), first.run)
        try await second.sync()
        _ = try await first.store.write { transaction in
            try transaction.restoreLocally(
                row, to: ["title": "note 1", "body": "back"], run: run)
        }
        for _ in 1...2 {
            try await first.sync()
            try await second.sync()
        }
        let lives = lives(first.provider)
        #expect(lives.count == 1)
        #expect(lives.first?.json["body"] == "back" && lives.first?.json["mine"] == "second")
    }

    @Test func `what was moved to where it cannot be read waits for that`() async throws {
        let world = try await world()
        try await world.edit("n1", ["body": "ours"])
        comeBack(world.provider)
        world.provider.spoil(Self.n1, in: Self.home)
        world.provider.delete(Self.n1, in: SyncWorld.work)
        try await world.sync()
        #expect(lives(world.provider).map(\.id) == [Self.n1])
        let record = try #require(
            try await world.store.read { try $0.quarantine.list() }
                .first { $0.resource != nil })
        #expect(record.reason.hasPrefix("It was moved to 'home', where it cannot be read yet"))
        world.provider.patch(Self.n1, ["mine": "theirs"], in: Self.home)
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        let lives = lives(world.provider)
        #expect(lives.map(\.id) == [Self.n1])
        #expect(lives.first?.json["body"] == "ours" && lives.first?.json["mine"] == "theirs")
    }

    @Test func `what was moved unreadably to where it is to be moved waits for that`()
        async throws
    {
        let world = try await world()
        try await world.move("n1", to: "home")
        comeBack(world.provider)
        world.provider.spoil(Self.n1, in: Self.home)
        world.provider.delete(Self.n1, in: SyncWorld.work)
        #expect(try await world.sync().attention == .quarantined)
        #expect(lives(world.provider).map(\.id) == [Self.n1])
        world.provider.patch(Self.n1, ["mine": "theirs"], in: Self.home)
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        #expect(lives(world.provider).map(\.id) == [Self.n1])
        #expect(try await world.notes(in: "home").map(\.live?["mine"]) == ["theirs"])
        #expect(try await world.notes().count == 3)
    }

    @Test(arguments: [["work", "home"], ["home", "work"]])
    func `what was answered without a word and moved by others is the same thing`(
        order: [String]
    ) async throws {
        let world = try await SyncWorld(
            collections: order, sharing: MemoryProvider(pageSize: 3, marksHome: true))
        try await world.sync()
        let made = try await world.create(["title": "note 5", "made": "1"])
        let name = try #require(made.remoteID)
        world.provider.beforeNextPush { provider in
            provider.put(name, ["title": "note 5", "made": "1"], in: SyncWorld.work)
        }
        world.provider.answerNextPush(with: RemoteResource(remoteID: name, etag: nil, json: [:]))
        try await world.sync()
        try await world.move(name.rawValue, to: "home")
        world.provider.delete(name, in: SyncWorld.work)
        world.provider.put(name, ["title": "note 5", "made": "1"], in: Self.home)
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        #expect(lives(world.provider).filter { $0.json["made"] == "1" }.map(\.id) == [name])
        #expect(try await world.notes(in: "home").map(\.id) == [made.id])
    }

    @Test(arguments: [["work", "home"], ["home", "work"]])
    func `what was moved without a word and moved back by others is the same thing`(
        order: [String]
    ) async throws {
        let world = try await SyncWorld(
            collections: order, sharing: MemoryProvider(pageSize: 3, marksHome: true))
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        let before = try await world.note("n1")
        @Sendable func move(
            _ provider: MemoryProvider, from place: RemoteID, to other: RemoteID
        ) {
            provider.delete(Self.n1, in: place)
            provider.put(Self.n1, ["title": "note 1"], in: other)
        }
        try await world.move("n1", to: "home")
        world.provider.beforeNextPush { move($0, from: SyncWorld.work, to: Self.home) }
        world.provider.answerNextPush(
            with: RemoteResource(remoteID: Self.n1, etag: nil, json: [:]))
        try await world.sync()
        move(world.provider, from: Self.home, to: SyncWorld.work)
        for _ in 1...2 { #expect(try await world.sync().attention == nil) }
        #expect(try await world.note("n1").id == before.id)
        #expect(try await world.notes().count == 4)
        #expect(try await world.notes(in: "home").isEmpty)
    }

    @Test func `no copy gives way to what its provider has no more`() async throws {
        let (world, copy) = try await revived()
        comeBack(world.provider, with: ["people": [["email": "bob", "answer": "yes"]]])
        // Met, and not decided on, since not all could be read.
        world.provider.inject(.init(RemoteError(.rejected, "Not now.")))
        try await world.sync()
        try await world.edit("n1", in: "home", ["mine": "ours"])
        world.provider.delete(Self.n1, in: Self.home)
        for _ in 1...3 { #expect(try await world.sync().attention == .conflicts) }
        #expect(lives(world.provider).map(\.id) == [copy])
        #expect(lives(world.provider).first?.json["body"] == "ours")
        #expect(try await world.note("n1", in: "home").hold == .conflict)
    }

    @Test func `what may arrive late is moved only where it was sent first`() async throws {
        let world = try await world()
        let made = try await world.create(["title": "late"])
        let name = try #require(made.remoteID)
        world.provider.injectForPush(
            MemoryProvider.Fault(RemoteError(.unknownOutcome, "No answer.")))
        try await world.sync()
        try await world.move(name.rawValue, to: "home")
        world.provider.put(name, ["title": "late"], in: SyncWorld.work)
        for _ in 1...2 { try await world.sync() }
        #expect(world.provider.live(in: Self.home).map(\.id) == [name])
        #expect(!world.provider.live(in: SyncWorld.work).contains { $0.id == name })
    }
}
