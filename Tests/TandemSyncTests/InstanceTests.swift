import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// Instances of series that become resources of their own when they are edited.
@Suite struct InstanceTests {
    private static let series = RemoteID(rawValue: "s")
    private static let name = RemoteID(rawValue: "s_1")

    private func world() async throws -> SyncWorld {
        let world = try await SyncWorld()
        world.provider.put(
            Self.series, ["title": "weekly", "body": "all", "slots": ["1", "2"]],
            in: SyncWorld.work)
        world.put("other", "other")
        try await world.sync()
        return world
    }

    private func instance(_ patch: JSON = [:]) -> JSON {
        let plain: JSON = [
            "id": "s_1", "title": "weekly", "body": "all", "seriesId": "s", "slot": "1",
        ]
        return plain.merging(patch)
    }

    /// Edits the first instance, as a person sees it.
    private func editInstance(_ patch: JSON, in world: SyncWorld) async throws {
        let (place, run) = (try await world.collection(), world.run)
        let (base, edited) = (instance(), instance(patch))
        _ = try await world.store.write { transaction in
            try transaction.createLocally(
                edited, kind: NoteRules.kind, in: place, base: base, run: run, verb: .updated)
        }
    }

    private func remote(_ world: SyncWorld) -> JSON? {
        world.provider.live(in: SyncWorld.work).first { $0.id == Self.name }?.json
    }

    @Test func `only what differs is sent, so that the rest follows the series`() async throws {
        let world = try await world()
        try await editInstance(["title": "moved", "body": .null], in: world)
        world.provider.patch(Self.series, ["x": "renamed meanwhile"], in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(remote(world)?["title"] == "moved" && remote(world)?["body"] == nil)
        #expect(remote(world)?["x"] == "renamed meanwhile")
    }

    @Test(arguments: [true, false])
    func `a lost answer to a first edit loses nothing`(applies: Bool) async throws {
        for patch: JSON in [["title": "moved"], ["cancelled": true]] {
            let world = try await world()
            try await editInstance(patch, in: world)
            world.provider.injectForPush(
                .init(RemoteError(.unknownOutcome, "Cut."), applies: applies))
            #expect(try await world.sync().attention == nil)
            let member = patch.object?.keys.first ?? ""
            #expect(remote(world)?[member] == patch[member])
            #expect(try await world.note("s_1").isDirty == false)
        }
    }

    @Test func `nobody is asked about an instance whose slot somebody else took`() async throws {
        let world = try await world()
        world.provider.put(Self.name, instance(["body": "own"]), in: SyncWorld.work)
        try await world.sync()
        try await world.edit("s", ["title": "ours"])
        world.provider.patch(Self.series, ["slots": ["2"]], in: SyncWorld.work)
        world.provider.patch(Self.name, ["body": "theirs"], in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(try await world.note("s").live?["title"] == "ours")
        #expect(try await world.store.read { try $0.conflicts.list() }.isEmpty)
    }

    @Test func `a write that makes nothing of an instance leaves it to its series`() async throws {
        let world = try await world()
        try await editInstance(["title": "ours"], in: world)
        let etag = try await world.note("s").etag
        world.provider.answerNextPush(
            with: RemoteResource(
                remoteID: Self.name, etag: etag, json: instance(["title": "ours"])))
        #expect(try await world.sync().attention == nil)
        #expect(try await world.notes().allSatisfy { $0.remoteID != Self.name })
        world.provider.patch(Self.name, ["title": "theirs"], in: SyncWorld.work)
        try await world.sync()
        #expect(try await world.note("s_1").live?["title"] == "theirs")
    }

    @Test func `an edit of what cannot be made anew waits for a person`() async throws {
        let world = try await world()
        world.provider.put(Self.name, instance(), in: SyncWorld.work)
        try await world.sync()
        try await world.edit("s_1", ["title": "ours"])
        // As where the series went with it, and all that is told of that is that nobody can read it.
        world.provider.delete(Self.name, in: SyncWorld.work)
        for _ in 1...2 { try await world.sync() }
        let conflict = try #require(try await world.store.read { try $0.conflicts.list() }.first)
        #expect(conflict.field == ConflictRecord.slot && conflict.mine?["title"] == "ours")
        #expect(try await world.note("s_1").hold == .conflict)
    }

    @Test func `what both sides make of an instance is merged`() async throws {
        let world = try await world()
        try await editInstance(["title": "ours"], in: world)
        world.provider.put(Self.name, instance(["body": "theirs"]), in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(remote(world)?["title"] == "ours" && remote(world)?["body"] == "theirs")
    }

    @Test(arguments: [Self.name, Self.series])
    func `a first edit overwrites nothing that came after the last reading`(
        changed: RemoteID
    ) async throws {
        let world = try await world()
        try await editInstance(["title": "ours"], in: world)
        world.provider.beforeNextPush { provider in
            provider.patch(changed, ["title": "theirs"], in: SyncWorld.work)
        }
        try await world.sync()
        world.clock.advance(by: .seconds(120))
        try await world.sync()
        let isOwn = changed == Self.name
        #expect(remote(world)?["title"] == (isOwn ? "theirs" : "ours"))
        let kept = try await world.store.read { try $0.conflicts.list() }
        #expect(kept.map(\.mine) == (isOwn ? ["ours"] : []))
        #expect(try await world.note("s_1").isDirty == false)
    }

    @Test(arguments: ["title", "cancelled"])
    func `a look-up of a first edit does not take what became of the series for the instance's own`(
        member: String
    ) async throws {
        let world = try await world()
        let value: JSON = member == "title" ? "ours" : true
        try await editInstance([member: value], in: world)
        world.provider.beforeNextPush { provider in
            provider.patch(Self.series, ["title": "theirs"], in: SyncWorld.work)
        }
        world.provider.injectForPush(
            .init(RemoteError(.unknownOutcome, "Cut."), applies: false))
        try await world.sync()
        world.clock.advance(by: .seconds(120))
        #expect(try await world.sync().attention == nil)
        #expect(remote(world)?[member] == value)
        let kept = try await world.store.read { try $0.conflicts.list(includesResolved: true) }
        #expect(kept.isEmpty)
        #expect(try await world.note("s_1").isDirty == false)
    }

    @Test(arguments: ["title", "cancelled"])
    func `nor what the series says of it where the edit did not arrive`(member: String)
        async throws
    {
        let world = try await world()
        let value: JSON = member == "title" ? "ours" : true
        try await editInstance([member: value], in: world)
        world.provider.injectForPush(
            .init(RemoteError(.unknownOutcome, "Cut."), applies: false))
        try await world.sync()
        world.provider.patch(Self.series, ["title": "theirs"], in: SyncWorld.work)
        for _ in 0..<2 {
            world.clock.advance(by: .seconds(120))
            #expect(try await world.sync().attention == nil)
        }
        #expect(remote(world)?[member] == value)
        let kept = try await world.store.read { try $0.conflicts.list(includesResolved: true) }
        #expect(kept.isEmpty)
        #expect(try await world.note("s_1").isDirty == false)
    }

    @Test(arguments: [false, true])
    func `an unsent edit of an instance whose slot our own edit took away does not wait for ever`(
        isCancelled: Bool
    ) async throws {
        let world = try await world()
        try await editInstance(isCancelled ? ["cancelled": true] : ["title": "ours"], in: world)
        try await world.edit("s", ["slots": ["2"]])
        let report = try await world.sync()
        #expect(report.attention == (isCancelled ? nil : .conflicts))
        let conflicts = try await world.store.read { try $0.conflicts.list() }
        #expect(conflicts.map(\.field) == (isCancelled ? [] : [ConflictRecord.slot]))
        #expect(remote(world) == nil)
        let run = world.run
        for conflict in conflicts {
            _ = try await world.store.write {
                try Resolutions($0, run: run).resolve(conflict.id, use: .theirs)
            }
        }
        world.provider.clearRequests()
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.requests == ["pull work"])
    }

    @Test(arguments: [false, true])
    func `an instance that outlives its series, as for a guest of it alone, is written as ever`(
        isDeleted: Bool
    ) async throws {
        let world = try await world()
        for number in 1...9 { world.put("n\(number)", "note \(number)") }
        world.provider.delete(Self.series, in: SyncWorld.work)
        try await world.sync()
        world.provider.put(Self.name, instance(["title": "theirs"]), in: SyncWorld.work)
        try await world.sync()
        if isDeleted {
            try await world.delete("s_1")
        } else {
            try await world.edit("s_1", ["title": "ours"])
        }
        #expect(try await world.sync().attention == nil)
        #expect(remote(world)?["title"] == (isDeleted ? nil : "ours"))
    }

    @Test func `instances that come cancelled are counted apart, since no list shows them`()
        async throws
    {
        let world = try await SyncWorld()
        world.provider.put(
            Self.series, ["title": "weekly", "slots": ["1", "2"]], in: SyncWorld.work)
        world.provider.put(Self.name, instance(["cancelled": true]), in: SyncWorld.work)
        let first = try await world.sync().collections[0].pulled
        #expect(first.created == 2 && first.cancelled == 1 && first.total == 2)
        #expect(try await world.notes().count == 1)
        let second = instance(["id": "s_2", "slot": "2", "cancelled": true])
        world.provider.put(RemoteID(rawValue: "s_2"), second, in: SyncWorld.work)
        world.put("other", "other")
        let later = try await world.sync().collections[0].pulled
        // It was there to be seen, and goes.
        #expect(later.created == 1 && later.deleted == 1 && later.cancelled == 0)
        #expect(try await world.notes().count == 2)
    }

    @Test func `an instance given up is the series' again`() async throws {
        let world = try await world()
        try await editInstance(["title": "ours"], in: world)
        let (note, run) = (try await world.note("s_1"), world.run)
        let given = try await world.store.write { try $0.revertLocally(note, run: run) }
        #expect(given.live == nil && given.base == nil && !given.isDirty)
        #expect(try await world.sync().collections[0].pushed.total == 0)
        #expect(try await world.sync(full: true).collections[0].pulled.deleted == 0)
    }

    @Test func `an edit of an instance that they cancelled is a person's to decide on`()
        async throws
    {
        for choice in [ConflictResolution.mine, .theirs] {
            let world = try await world()
            world.provider.put(Self.name, instance(["body": "own"]), in: SyncWorld.work)
            try await world.sync()
            try await world.edit("s_1", ["title": "ours"])
            world.provider.put(Self.name, instance(["cancelled": true]), in: SyncWorld.work)
            #expect(try await world.sync().attention == .conflicts)
            let conflict = try #require(
                try await world.store.read { try $0.conflicts.list() }.first)
            #expect(conflict.field == ConflictRecord.delete)
            let run = world.run
            _ = try await world.store.write {
                try Resolutions($0, run: run).resolve(conflict.id, use: choice)
            }
            #expect(try await world.sync().attention == nil)
            let isMine = choice == .mine
            #expect(remote(world)?["title"] == (isMine ? "ours" : "weekly"))
            #expect(remote(world)?["cancelled"] == (isMine ? nil : .some(true)))
        }
    }

    @Test func `an edit of an instance of a series that they deleted is a person's to decide on`()
        async throws
    {
        let world = try await world()
        try await editInstance(["title": "ours"], in: world)
        world.provider.delete(Self.series, in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        let conflict = try #require(try await world.store.read { try $0.conflicts.list() }.first)
        #expect(conflict.field == ConflictRecord.slot && conflict.mine?["title"] == "ours")
        let run = world.run
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: .mine)
        }
        #expect(try await world.sync().attention == nil)
        let live = world.provider.live(in: SyncWorld.work)
        #expect(live.contains { $0.json["title"] == "ours" && $0.json["seriesId"] == nil })
    }

    @Test func `an edit that was refused is asked about as well when the series goes`()
        async throws
    {
        let world = try await world()
        try await editInstance(["title": "ours"], in: world)
        world.provider.injectForPush(MemoryProvider.Fault(RemoteError(.forbidden, "Not yours.")))
        #expect(try await world.sync().attention == .quarantined)
        world.provider.delete(Self.series, in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        let conflict = try #require(try await world.store.read { try $0.conflicts.list() }.first)
        #expect(conflict.field == ConflictRecord.slot && conflict.mine?["title"] == "ours")
        let collection = try await world.collection().id
        #expect(try await world.store.read { try $0.quarantine.list(in: collection) } == [])
    }

    @Test func `an edit of an instance is kept with its series, and sent once that is back`()
        async throws
    {
        let world = try await world()
        for number in 1...2 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        let all = world.provider.live(in: SyncWorld.work)
        for (id, _) in all { world.provider.delete(id, in: SyncWorld.work) }
        #expect(try await world.sync().attention == .held)
        try await editInstance(["title": "ours"], in: world)
        let hold = try #require(try await world.store.read { try $0.holds.list() }.first)
        let run = world.run
        _ = try await world.store.write { try Resolutions($0, run: run).refuse(hold.id) }
        world.provider.clearRequests()
        try await world.sync()
        #expect(world.provider.requests == ["pull work"])
        #expect(try await world.note("s_1").hold == .unreachable)
        for (id, json) in all { world.provider.put(id, json, in: SyncWorld.work) }
        for _ in 1...2 { try await world.sync() }
        #expect(remote(world)?["title"] == "ours")
        #expect(try await world.notes().allSatisfy { !$0.isDirty && $0.hold == nil })
    }

    @Test func `exceptions go with their series, and the log says so`() async throws {
        let world = try await world()
        world.provider.put(Self.name, instance(["body": "own"]), in: SyncWorld.work)
        try await world.sync()
        let exception = try await world.note("s_1").id
        world.provider.delete(Self.series, in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(try await world.notes().map(\.remoteID?.rawValue) == ["other"])
        let entry = try await world.changes().last { $0.resource == exception }
        #expect(entry?.verb == .deleted && entry?.cause == .tombstone)
    }

    @Test func `an instance cancelled here and deleted there is made anew by nobody`()
        async throws
    {
        let world = try await world()
        world.provider.put(Self.name, instance(["body": "own"]), in: SyncWorld.work)
        try await world.sync()
        try await world.edit("s_1", ["cancelled": true])
        // Its series lives on: with that it would go in any case.
        world.provider.delete(Self.name, in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles() == ["other", "weekly"])
        #expect(try await world.notes().map(\.remoteID?.rawValue) == ["other", "s"])
    }

    @Test(arguments: [false, true])
    func `their instance that lost its slot here is kept as they left it`(isSent: Bool) async throws
    {
        let provider = MemoryProvider(tendsSeries: true)
        let world = try await SyncWorld(sharing: provider)
        provider.put(Self.series, ["title": "weekly", "slots": ["1", "2"]], in: SyncWorld.work)
        try await world.sync()
        try await world.edit("s", ["slots": ["2"]])
        provider.patch(Self.name, ["title": "theirs"], in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        // The edit takes the slot, and the provider cancels what stood in it.
        if isSent { try await world.sync() }
        let conflict = try #require(try await world.store.read { try $0.conflicts.list() }.first)
        let run = world.run
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: .theirs)
        }
        #expect(try await world.sync().attention == nil)
        let kept = provider.live(in: SyncWorld.work).map(\.json).filter { $0["seriesId"] == nil }
        #expect(kept.count == 2)
        #expect(kept.contains { $0["title"] == "theirs" && $0["cancelled"] == nil })
        provider.clearRequests()
        try await world.sync()
        #expect(provider.requests == ["pull work"])
    }
}
