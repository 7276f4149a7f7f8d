import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// What was edited here and is gone from where it lay: deleted, or moved to a collection that was
/// read before.
@Suite struct DoubtTests {
    private static let home = RemoteID(rawValue: "home")
    private static let n1 = RemoteID(rawValue: "n1")

    /// Notes in one of two collections, of which the other one is read first.
    private func world() async throws -> SyncWorld {
        let world = try await SyncWorld(collections: ["home", "work"])
        for number in 1...4 {
            world.provider.put(
                RemoteID(rawValue: "n\(number)"),
                ["title": .string("note \(number)"), "home": "work"], in: SyncWorld.work)
        }
        try await world.sync()
        return world
    }

    /// Somebody else takes a note from one collection to another.
    private static func move(
        _ provider: MemoryProvider, from left: RemoteID = SyncWorld.work, to place: RemoteID = home
    ) {
        provider.put(
            n1, ["title": "note 1", "home": .string(place.rawValue)], in: place)
        provider.delete(n1, in: left)
    }

    /// Lives through a run, and does something just before some page of a collection is read.
    private func run(
        _ world: SyncWorld, before pulls: [String: @Sendable (Int) -> RemoteError?]
    ) async throws {
        var run = try SteppedRun(
            world.account, through: world.connector, store: world.store,
            environment: world.environment, options: SyncOptions(run: world.run))
        var counts: [String: Int] = [:]
        while run.report == nil, let next = run.pending.first {
            switch next.effect {
            case .store: try run.store(next.number)
            case .pull(let request):
                let name = request.collection.remoteID.rawValue
                counts[name, default: 0] += 1
                if let error = pulls[name]?(counts[name] ?? 0) {
                    try run.answer(next.number, page: .failure(error))
                } else {
                    let page = try await world.connector.pull(request)
                    try run.answer(next.number, page: .success(page))
                }
            case .storeAndPull(let request):
                try run.store(next.number)
                let page = try await world.connector.pull(request)
                try run.answer(next.number, page: .success(page))
            case .push(let requests):
                try run.answer(next.number, writes: await world.connector.push(requests))
            case .lookUp(let request):
                let found = try await world.connector.lookUp(request)
                try run.answer(next.number, found: .success(found))
            case .wait(let duration):
                world.clock.advance(by: duration)
                try run.waited(next.number)
            }
        }
    }

    private func expectMoved(_ world: SyncWorld, _ before: StoredResource) async throws {
        let after = try await world.note("n1", in: "home")
        #expect(after.id == before.id && !after.isDirty && after.pendingDelete == nil)
        #expect(world.provider.live(in: Self.home).map(\.id) == [Self.n1])
        #expect(world.provider.live(in: Self.home).first?.json["body"] == "ours")
        #expect(world.provider.live(in: SyncWorld.work).count == 3)
        #expect(try await world.changes().allSatisfy { $0.verb != .deleted })
    }

    @Test func `what moves between the reading of two collections is no deletion`() async throws {
        let world = try await world()
        let before = try await world.note("n1")
        try await world.edit("n1", ["body": "ours"])
        let provider = world.provider
        try await run(
            world,
            before: [
                "work": { count in
                    if count == 1 { Self.move(provider) }
                    return nil
                }
            ])
        try await expectMoved(world, before)
    }

    @Test func `what moves on and on while it is looked for is no deletion`() async throws {
        let world = try await world()
        let before = try await world.note("n1")
        try await world.edit("n1", ["body": "ours"])
        let provider = world.provider
        try await run(
            world,
            before: [
                "work": { count in
                    if count <= 2 { Self.move(provider) }
                    return nil
                },
                "home": { count in
                    if count == 2 { Self.move(provider, from: Self.home, to: SyncWorld.work) }
                    return nil
                },
            ])
        #expect(provider.live(in: SyncWorld.work).count + provider.live(in: Self.home).count == 4)
        try await world.sync()
        try await expectMoved(world, before)
    }

    @Test func `what moves before its edit is sent is found, and edited there`() async throws {
        let world = try await world()
        let before = try await world.note("n1")
        try await world.edit("n1", ["body": "ours"])
        world.provider.beforeNextPush { Self.move($0) }
        #expect(try await world.sync().attention == nil)
        try await expectMoved(world, before)
    }

    @Test func `what is gone from everywhere is made anew by the same run`() async throws {
        let world = try await world()
        try await world.edit("n1", ["body": "ours"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.clearRequests()
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.requests.filter { $0 == "pull home" }.count == 2)
        let there = world.provider.live(in: SyncWorld.work)
        #expect(there.count == 4 && there.contains { $0.json["body"] == "ours" })
        #expect(try await world.notes().allSatisfy { !$0.isDirty })
    }

    @Test func `as long as a collection cannot be read nothing is made anew`() async throws {
        let world = try await world()
        let before = try await world.note("n1")
        try await world.edit("n1", ["body": "ours"])
        Self.move(world.provider)
        try await run(world, before: ["home": { _ in RemoteError(.rejected, "Not now.") }])
        let waiting = try await world.note("n1")
        #expect(waiting.isDirty && waiting.pendingDelete != nil)
        #expect(world.provider.live(in: SyncWorld.work).count == 3)
        #expect(try await world.sync().attention == nil)
        try await expectMoved(world, before)
    }

    @Test func `what was moved there already when its new place is first read is not moved again`()
        async throws
    {
        let world = try await SyncWorld(collections: ["home", "work"])
        for number in 1...4 {
            world.provider.put(
                RemoteID(rawValue: "n\(number)"),
                ["title": .string("note \(number)"), "home": "work"], in: SyncWorld.work)
        }
        try await run(world, before: ["home": { _ in RemoteError(.rejected, "Not now.") }])
        let before = try await world.note("n1")
        try await world.move("n1", to: "home")
        Self.move(world.provider)
        world.provider.clearRequests()
        #expect(try await world.sync().attention == nil)
        let after = try await world.note("n1", in: "home")
        #expect(after.id == before.id && !after.isDirty && after.movedFrom == nil)
        #expect(world.provider.requests.allSatisfy { $0.hasPrefix("pull ") })
    }

    @Test func `a mass delete waits as a whole though half of it may lie where it came from`()
        async throws
    {
        let world = try await SyncWorld(collections: ["home", "work"])
        let (provider, home) = (world.provider, Self.home)
        for number in 1...4 {
            let place = number <= 2 ? home : SyncWorld.work
            provider.put(
                RemoteID(rawValue: "n\(number)"),
                ["title": .string("note \(number)"), "home": .string(place.rawValue)], in: place)
        }
        try await world.sync()
        for number in 1...2 {
            let name = RemoteID(rawValue: "n\(number)")
            provider.delete(name, in: home)
            provider.put(
                name, ["title": .string("note \(number)"), "home": "work"], in: SyncWorld.work)
        }
        // Where they lay cannot be read, so that nothing says that they left it for good.
        let unread: [String: @Sendable (Int) -> RemoteError?] = [
            "home": { _ in RemoteError(.rejected, "Not now.") }
        ]
        try await run(world, before: unread)
        #expect(try await world.notes().count == 4)
        for note in provider.live(in: SyncWorld.work) {
            provider.delete(note.id, in: SyncWorld.work)
        }
        try await run(world, before: unread)
        #expect(try await world.notes().count == 4)
        #expect(try await world.sync().attention == .held)
        #expect(try await world.notes().count == 4)
        let work = try await world.collection().id
        let holds = try await world.store.read { try $0.holds.list(in: work) }
        #expect(holds.flatMap(\.resources).count == 4)
    }

    @Test func `one collection alone is decided on at once`() async throws {
        let world = try await SyncWorld()
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        try await world.edit("n1", ["body": "ours"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.clearRequests()
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.requests.filter { $0 == "pull work" }.count == 1)
        #expect(world.provider.live(in: SyncWorld.work).contains { $0.json["body"] == "ours" })
    }

    @Test func `what was edited and moved here is both there after one run`() async throws {
        let world = try await world()
        try await world.edit("n1", ["body": "ours"])
        try await world.move("n1", to: "home")
        #expect(try await world.sync().attention == nil)
        let after = try await world.note("n1", in: "home")
        #expect(!after.isDirty && after.movedFrom == nil)
        #expect(world.provider.live(in: Self.home).map(\.json["body"]) == ["ours"])
        world.provider.clearRequests()
        try await world.sync()
        #expect(world.provider.requests == ["pull home", "pull work"])
    }

    @Test func `what was called gone and is then deleted here is settled`() async throws {
        let world = try await world()
        try await world.edit("n1", ["body": "ours"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        try await run(world, before: ["home": { _ in RemoteError(.rejected, "Not now.") }])
        try await world.delete("n1")
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.live(in: SyncWorld.work).count == 3)
        let left = try await world.note("n1")
        #expect(!left.isDirty && left.deletedAt != nil && left.pendingDelete == nil)
    }

    @Test func `a twin that moves while it is looked for is not made once more`() async throws {
        let other = try await world()
        try await other.edit("n1", ["body": "ours"])
        other.provider.delete(Self.n1, in: SyncWorld.work)
        try await other.sync()
        let made = other.provider.live(in: SyncWorld.work).first { $0.json["body"] == "ours" }
        let name = try #require(made?.id)
        // Another machine made it anew already.
        let world = try await world()
        try await world.edit("n1", ["body": "ours"])
        world.provider.delete(Self.n1, in: SyncWorld.work)
        world.provider.put(name, ["title": "note 1", "home": "work"], in: SyncWorld.work)
        try await run(world, before: ["home": { _ in RemoteError(.rejected, "Not now.") }])
        let provider = world.provider
        try await run(
            world,
            before: [
                "work": { count in
                    guard count == 1 else { return nil }
                    provider.put(name, ["title": "note 1", "home": "home"], in: Self.home)
                    provider.delete(name, in: SyncWorld.work)
                    return nil
                }
            ])
        #expect(provider.live(in: Self.home).map(\.id) == [name])
        #expect(provider.live(in: Self.home).first?.json["body"] == "ours")
        #expect(provider.live(in: SyncWorld.work).count == 3)
    }
}
