import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// What was made here, whose answer was lost, and what others did with it meanwhile.
@Suite struct LostCreationTests {
    private static let home = RemoteID(rawValue: "home")

    /// A note that was made here and is there, which nobody here knows yet.
    private func world(_ order: [String]) async throws -> (SyncWorld, StoredResource) {
        let world = try await SyncWorld(collections: order)
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        let made = try await world.create(["title": "made", "home": "work"])
        world.provider.injectForPush(.init(RemoteError(.unknownOutcome, "Cut."), applies: true))
        failLookUps(of: world)
        try await world.sync()
        world.provider.clearFaults()
        return (world, made)
    }

    private func failLookUps(of world: SyncWorld) {
        for _ in 0..<9 { world.provider.injectForLookUp(.init(RemoteError(.transient, "No."))) }
    }

    @Test(arguments: [["work", "home"], ["home", "work"]], [false, true])
    func `what somebody moved on is found, and not made once more`(
        order: [String], isEdited: Bool
    ) async throws {
        let (world, made) = try await world(order)
        let name = try #require(made.remoteID)
        if isEdited { try await world.edit(name.rawValue, ["body": "ours"]) }
        world.provider.put(name, ["title": "made", "home": "home"], in: Self.home)
        world.provider.delete(name, in: SyncWorld.work)
        world.clock.advance(by: .seconds(600))
        for _ in 0..<2 { try await world.sync() }
        #expect(world.provider.live(in: Self.home).map(\.id) == [name])
        #expect(world.remoteTitles().count == 4)
        let there = try await world.notes(in: "home")
        #expect(there.map(\.id) == [made.id] && there.allSatisfy { !$0.isDirty })
        #expect(world.provider.live(in: Self.home).first?.json["body"] == (isEdited ? "ours" : nil))
    }

    @Test func `a write is forgotten once where its thing was moved on before it was looked up`()
        async throws
    {
        let (world, made) = try await world(["work", "home"])
        let (work, home) = (try await world.collection(), try await world.collection("home").id)
        let context = PassContext(
            account: world.account.id, run: world.run, fingerprint: { _ in "" },
            programVersion: "1")
        let left = try await world.store.write { transaction in
            var row = try #require(try transaction.resources.find(made.id))
            row.collection = home
            try transaction.resources.update(row)
            let pass = PassTransaction(store: transaction, context: context)
            let intent = try #require(try transaction.intents.open(for: made.id).first)
            let request = pass.request(for: intent, in: work)
            _ = try pass.perform(.resolve(work.id, request, .tombstone))
            return try transaction.intents.open(for: made.id)
        }
        #expect(left.isEmpty)
    }

    @Test func `what was moved before it was sent is looked for nowhere`() async throws {
        let world = try await SyncWorld(collections: ["work", "home"])
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        let made = try await world.create(["title": "made"])
        let name = try #require(made.remoteID)
        try await world.move(name.rawValue, to: "home")
        // No full listing is due for a while, and none is needed.
        world.provider.expireCursors()
        try await world.sync()
        world.provider.delete(name, in: Self.home)
        world.provider.clearRequests()
        try await world.sync()
        #expect(try await world.notes(in: "home").isEmpty)
        #expect(world.provider.requests == ["pull work", "pull home"])
    }

    @Test(arguments: [false, true])
    func `what was edited again clashes with nothing that was sent before somebody moved it on`(
        isNew: Bool
    ) async throws {
        let world = try await SyncWorld(collections: ["work", "home"])
        let old = RemoteID(rawValue: "old")
        world.provider.put(old, ["title": "old", "home": "work"], in: SyncWorld.work)
        try await world.sync()
        let made = isNew ? try await world.create(["title": "first", "home": "work"]) : nil
        if !isNew { try await world.edit("old", ["title": "first"]) }
        let name = try #require(isNew ? made?.remoteID : old)
        world.provider.injectForPush(.init(RemoteError(.unknownOutcome, "Cut."), applies: true))
        failLookUps(of: world)
        try await world.sync()
        world.provider.clearFaults()
        try await world.edit(name.rawValue, ["title": "second"])
        let note: JSON = ["title": "first", "body": "theirs", "home": "home"]
        world.provider.put(name, note, in: Self.home)
        world.provider.delete(name, in: SyncWorld.work)
        world.clock.advance(by: .seconds(600))
        #expect(try await world.sync().attention == nil)
        let there = world.provider.live(in: Self.home)
        #expect(there.map(\.id) == [name])
        #expect(there.first?.json["title"] == "second" && there.first?.json["body"] == "theirs")
        let conflicts = try await world.store.read { try $0.conflicts.list(includesResolved: true) }
        #expect(conflicts.isEmpty)
        #expect(try await world.notes(in: "home").allSatisfy { !$0.isDirty })
    }

    @Test func `what was edited again and is gone from everywhere is made anew by the same run`()
        async throws
    {
        let (world, made) = try await world(["work", "home"])
        let name = try #require(made.remoteID)
        try await world.edit(name.rawValue, ["body": "ours"])
        world.provider.delete(name, in: SyncWorld.work)
        world.clock.advance(by: .seconds(600))
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.live(in: SyncWorld.work).contains { $0.json["body"] == "ours" })
        world.provider.clearRequests()
        try await world.sync()
        #expect(world.provider.requests == ["pull work", "pull home"])
    }

    @Test func `what somebody made of it meanwhile is no clash`() async throws {
        let (world, made) = try await world(["work"])
        let name = try #require(made.remoteID)
        // Nobody else can have made what has this name, so they knew what was sent.
        world.provider.put(name, ["title": "theirs", "body": "theirs"], in: SyncWorld.work)
        try await world.edit(name.rawValue, ["mine": "ours"])
        world.clock.advance(by: .seconds(600))
        for _ in 0..<2 { try await world.sync() }
        let there = world.provider.live(in: SyncWorld.work).first { $0.id == name }?.json
        #expect(there?["title"] == "theirs" && there?["mine"] == "ours")
        #expect(there?["home"] == nil)
        #expect(try await world.store.read { try $0.conflicts.list() }.isEmpty)
    }

    @Test(arguments: [["work"], ["work", "home"], ["home", "work"]], [false, true])
    func `an edit of what was deleted there before it was known is not lost`(
        order: [String], areLookUpsLost: Bool
    ) async throws {
        let (world, made) = try await world(order)
        let name = try #require(made.remoteID)
        try await world.edit(name.rawValue, ["body": "ours"])
        world.provider.delete(name, in: SyncWorld.work)
        world.clock.advance(by: .seconds(600))
        if areLookUpsLost {
            failLookUps(of: world)
            try await world.sync()
            world.provider.clearFaults()
            world.clock.advance(by: .seconds(600))
        }
        for _ in 0..<2 { try await world.sync() }
        let there = world.provider.live(in: SyncWorld.work)
        #expect(there.count == 5 && there.contains { $0.json["body"] == "ours" })
        let note = try await world.notes().first { $0.id == made.id }
        #expect(note?.live?["body"] == "ours" && note?.isDirty == false)
    }

    @Test func `a listing that tells of a lost creation before a look-up does tells our words`()
        async throws
    {
        let (world, made) = try await world(["work"])
        let name = try #require(made.remoteID)
        try await world.edit(name.rawValue, ["title": "later"])
        world.provider.patch(name, ["body": "theirs"], in: SyncWorld.work)
        failLookUps(of: world)
        world.clock.advance(by: .seconds(600))
        try await world.sync()
        world.provider.clearFaults()
        world.clock.advance(by: .seconds(600))
        #expect(try await world.sync().attention == nil)
        let there = world.provider.live(in: SyncWorld.work).first { $0.id == name }?.json
        #expect(there?["title"] == "later" && there?["body"] == "theirs")
        let conflicts = try await world.store.read { try $0.conflicts.list(includesResolved: true) }
        #expect(conflicts.isEmpty)
    }

    @Test func `what was made, moved and deleted here and arrives late is there`() async throws {
        let world = try await SyncWorld(collections: ["work", "home"])
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        let made = try await world.create(["title": "made"])
        let name = try #require(made.remoteID)
        try await world.move(name.rawValue, to: "home")
        try await world.delete(name.rawValue)
        // A creation that was given up, and that had not arrived when it was looked for.
        world.provider.put(name, ["title": "made", "home": "work"], in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(try await world.notes().first { $0.remoteID == name }?.isDirty == false)
        #expect(world.remoteTitles().count == 5)
    }

    @Test func `what was only made here, and deleted there, stays deleted`() async throws {
        // As after the store was put back to a copy: it was sent, and deleted, all unknown to us.
        let world = try await SyncWorld()
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        let made = try await world.create(["title": "made"])
        let name = try #require(made.remoteID)
        world.provider.put(name, ["title": "made"], in: SyncWorld.work)
        world.provider.delete(name, in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles().count == 4)
        #expect(try await world.notes().count == 4)
    }
}
