import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// A series that is divided here is one edit of two resources: both halves arrive, or neither does.
@Suite struct SplitTests {
    private static let series = RemoteID(rawValue: "s")
    private static let all: JSON = ["1", "2", "3", "4"]

    /// A series of four slots, the third of them an exception.
    private func world() async throws -> SyncWorld {
        let world = try await SyncWorld()
        world.provider.put(
            Self.series, ["title": "weekly", "body": "all", "slots": Self.all], in: SyncWorld.work)
        world.provider.put(
            RemoteID(rawValue: "s_3"), instance("3", ["x": "own"]), in: SyncWorld.work)
        world.put("other", "other")
        try await world.sync()
        return world
    }

    private func instance(_ slot: String, of series: String = "s", _ patch: JSON) -> JSON {
        let plain: JSON = [
            "id": .string("\(series)_\(slot)"), "title": "weekly", "body": "all",
            "seriesId": .string(series), "slot": .string(slot),
        ]
        return plain.merging(patch)
    }

    private func divide(
        _ id: String = "s", into later: String = "later", slots: JSON, in world: SyncWorld
    ) async throws {
        try await world.divide(id, into: later, slots: slots)
    }

    private func drop(_ id: String, in world: SyncWorld) async throws {
        let (note, run) = (try await world.note(id), world.run)
        _ = try await world.store.write { try Resolutions($0, run: run).takeBack(note) }
    }

    private func remote(_ id: String, in world: SyncWorld) -> JSON? { world.remote(id) }

    private func splits(of id: String = "s", in world: SyncWorld) async throws -> Int {
        let note = try await world.note(id)
        return try await world.store.read { try $0.splits.cutting(note.id).count }
    }

    /// What there is of the series, here and there: as before it was divided.
    private func expectWhole(_ world: SyncWorld) async throws {
        #expect(remote("s", in: world)?["slots"] == Self.all)
        #expect(remote("s_3", in: world)?["x"] == "own")
        #expect(remote("later", in: world) == nil && remote("later_3", in: world) == nil)
        #expect(try await world.note("s").live?["slots"] == Self.all)
        #expect(try await world.note("s_3").live?["x"] == "own")
        let live = try await world.notes()
        #expect(live.map(\.remoteID?.rawValue) == ["other", "s", "s_3"])
        #expect(live.allSatisfy { !$0.isDirty && $0.hold == nil })
        #expect(try await splits(in: world) == 0)
    }

    @Test func `the later half is sent before the earlier one is cut`() async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        world.provider.clearRequests()
        #expect(try await world.sync().attention == nil)
        let writes = world.provider.requests.filter { !$0.hasPrefix("pull") }
        #expect(writes.prefix(2) == ["create work/later", "patch work/s"])
        #expect(remote("s", in: world)?["slots"] == ["1", "2"])
        #expect(remote("later", in: world)?["slots"] == ["3", "4"])
        #expect(remote("later_3", in: world)?["x"] == "own")
        #expect(try await splits(in: world) == 0)
        try await world.sync()
        world.provider.clearRequests()
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.requests == ["pull work"])
    }

    @Test(arguments: ["s", "later", "s_3", "later_3"])
    func `dropped by any of its parts it is dropped whole`(part: String) async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        try await drop(part, in: world)
        world.provider.clearRequests()
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.requests == ["pull work"])
        try await expectWhole(world)
    }

    @Test func `an instance edited before, and dropped with the division, has its edit again`()
        async throws
    {
        let world = try await world()
        try await world.edit("s_3", ["x": "ours"])
        try await divide(slots: ["3", "4"], in: world)
        try await drop("later", in: world)
        #expect(try await world.note("s_3").live?["x"] == "ours")
        #expect(try await world.sync().attention == nil)
        #expect(remote("s_3", in: world)?["x"] == "ours")
        #expect(remote("s", in: world)?["slots"] == Self.all)
    }

    @Test func `where the later half is refused the earlier one is not cut`() async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        world.provider.injectForPush(.init(RemoteError(.rejected, "No.")))
        #expect(try await world.sync().attention == .quarantined)
        #expect(remote("s", in: world)?["slots"] == Self.all)
        try await drop("later", in: world)
        #expect(try await world.sync().attention == nil)
        try await expectWhole(world)
    }

    @Test func `where the cut is refused and dropped, the later half goes from there, too`()
        async throws
    {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        world.provider.beforeNextPush { provider in
            provider.beforeNextPush { $0.injectForPush(.init(RemoteError(.rejected, "No."))) }
        }
        #expect(try await world.sync().attention == .quarantined)
        #expect(remote("later", in: world) != nil)
        #expect(remote("s", in: world)?["slots"] == Self.all)
        try await drop("s", in: world)
        #expect(try await world.sync().attention == nil)
        try await expectWhole(world)
    }

    @Test func `a part on its way is not dropped`() async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        world.provider.injectForPush(.init(RemoteError(.cancelled, "Stopped."), applies: true))
        try await world.sync()
        await #expect(throws: TandemError.self) { try await drop("s", in: world) }
        #expect(try await world.sync().attention == nil)
        #expect(remote("s", in: world)?["slots"] == ["1", "2"])
        #expect(remote("later", in: world)?["slots"] == ["3", "4"])
    }

    @Test func `divided twice and dropped, it is whole again`() async throws {
        for part in ["s", "later"] {
            let world = try await world()
            try await divide(slots: ["2", "3", "4"], in: world)
            try await divide("later", into: "latest", slots: ["3", "4"], in: world)
            try await drop(part, in: world)
            #expect(try await world.sync().attention == nil)
            try await expectWhole(world)
        }
    }

    @Test func `divided twice, the last part can be dropped alone`() async throws {
        let world = try await world()
        try await divide(slots: ["2", "3", "4"], in: world)
        try await divide("later", into: "latest", slots: ["3", "4"], in: world)
        try await drop("latest", in: world)
        #expect(try await world.sync().attention == nil)
        #expect(remote("s", in: world)?["slots"] == ["1"])
        #expect(remote("later", in: world)?["slots"] == ["2", "3", "4"])
        #expect(remote("later_3", in: world)?["x"] == "own")
        #expect(remote("latest", in: world) == nil)
    }

    @Test func `divided twice all three arrive`() async throws {
        let world = try await world()
        try await divide(slots: ["2", "3", "4"], in: world)
        try await divide("later", into: "latest", slots: ["3", "4"], in: world)
        #expect(try await world.sync().attention == nil)
        #expect(remote("s", in: world)?["slots"] == ["1"])
        #expect(remote("later", in: world)?["slots"] == ["2"])
        #expect(remote("latest", in: world)?["slots"] == ["3", "4"])
        #expect(remote("latest_3", in: world)?["x"] == "own")
        #expect(remote("s_3", in: world) == nil && remote("later_3", in: world) == nil)
        #expect(try await splits(in: world) == 0)
    }

    // MARK: Meanwhile there

    @Test func `what somebody changes of the series reaches the later half`() async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        world.provider.patch(Self.series, ["body": "theirs"], in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        for id in ["s", "later", "later_3"] {
            #expect(remote(id, in: world)?["body"] == "theirs", "\(id)")
        }
        #expect(remote("later", in: world)?["title"] == "new")
    }

    @Test func `where both changed it, theirs is live and ours can be chosen`() async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        world.provider.patch(Self.series, ["title": "theirs"], in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        #expect(remote("later", in: world)?["title"] == "theirs")
        let conflict = try #require(try await world.store.read { try $0.conflicts.list() }.first)
        #expect(conflict.mine == "new" && conflict.theirs == "theirs")
        let run = world.run
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: .mine)
        }
        #expect(try await world.sync().attention == nil)
        #expect(remote("later", in: world)?["title"] == "new")
        #expect(remote("s", in: world)?["title"] == "theirs")
    }

    @Test(arguments: [ConflictResolution.mine, .theirs])
    func `where somebody cut it elsewhere nothing is doubled before a person chose`(
        choice: ConflictResolution
    ) async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        world.provider.patch(Self.series, ["slots": ["1", "2", "3"]], in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        #expect(remote("later", in: world) == nil)
        #expect(remote("s", in: world)?["slots"] == ["1", "2", "3"])
        let conflict = try #require(try await world.store.read { try $0.conflicts.list() }.first)
        let run = world.run
        #expect(conflict.field == "series")
        await #expect(throws: TandemError.self) {
            try await world.store.write {
                try Resolutions($0, run: run).resolve(conflict.id, use: .both)
            }
        }
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: choice)
        }
        #expect(try await world.sync().attention == nil)
        let isCut = choice == .mine
        #expect(remote("s", in: world)?["slots"] == (isCut ? ["1", "2"] : ["1", "2", "3"]))
        #expect((remote("later", in: world) != nil) == isCut)
        #expect((remote(isCut ? "later_3" : "s_3", in: world)?["x"]) == "own")
        // Given up, the cut alone would take the later instances away.
        let settled = try #require(
            try await world.store.read { try $0.conflicts.find(conflict.id) })
        let obstacle = try await world.store.read {
            try ConflictChoices($0).obstacle(to: .mine, of: settled)
        }
        #expect(obstacle?.code == (isCut ? nil : .invalid))
        #expect(try await splits(in: world) == 0)
    }

    @Test func `a lost answer to the cut leaves two series that stand alone`() async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        world.provider.beforeNextPush { provider in
            provider.beforeNextPush {
                $0.injectForPush(.init(RemoteError(.unknownOutcome, "Cut."), applies: true))
            }
        }
        #expect(try await world.sync().attention == nil)
        #expect(try await splits(in: world) == 0)
        try await world.edit("later", ["body": "edited"])
        try await drop("later", in: world)
        #expect(try await world.sync().attention == nil)
        #expect(remote("later", in: world)?["slots"] == ["3", "4"])
        #expect(remote("s", in: world)?["slots"] == ["1", "2"])
    }

    @Test func `what somebody did to a carried instance survives the division's drop`()
        async throws
    {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        for slot in ["3", "4"] {
            world.provider.put(
                RemoteID(rawValue: "s_\(slot)"), instance(slot, ["x": "theirs"]),
                in: SyncWorld.work)
        }
        world.provider.injectForPush(.init(RemoteError(.rejected, "No.")))
        try await world.sync()
        try await drop("later", in: world)
        #expect(try await world.sync().attention == nil)
        #expect(remote("s_3", in: world)?["x"] == "theirs")
        #expect(remote("s_4", in: world)?["x"] == "theirs")
        #expect(remote("s", in: world)?["slots"] == Self.all)
    }

    @Test func `an edit made before the division stays when that is dropped`() async throws {
        let world = try await world()
        try await world.edit("s", ["body": "ours"])
        try await divide(slots: ["3", "4"], in: world)
        try await drop("later", in: world)
        #expect(try await world.note("s").live?["slots"] == Self.all)
        #expect(try await world.sync().attention == nil)
        #expect(remote("s", in: world)?["body"] == "ours")
        #expect(remote("s", in: world)?["slots"] == Self.all)
    }

    @Test func `divided twice, the later division can be dropped alone`() async throws {
        let world = try await world()
        try await divide(slots: ["4"], in: world)
        try await divide(into: "middle", slots: ["2", "3"], in: world)
        try await drop("middle", in: world)
        #expect(try await world.sync().attention == nil)
        #expect(remote("s", in: world)?["slots"] == ["1", "2", "3"])
        #expect(remote("later", in: world)?["slots"] == ["4"])
        #expect(remote("middle", in: world) == nil)
        #expect(remote("s_3", in: world)?["x"] == "own")
    }

    @Test func `a change there reaches every part of what was divided twice`() async throws {
        let world = try await world()
        try await divide(slots: ["2", "3", "4"], in: world)
        try await divide("later", into: "latest", slots: ["3", "4"], in: world)
        world.provider.patch(Self.series, ["body": "theirs"], in: SyncWorld.work)
        world.provider.put(
            RemoteID(rawValue: "s_4"), instance("4", ["x": "theirs"]), in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        for id in ["s", "later", "latest"] {
            #expect(remote(id, in: world)?["body"] == "theirs", "\(id)")
        }
        #expect(remote("latest_4", in: world)?["x"] == "theirs")
    }

    @Test func `an edit of a carried instance is dropped alone`() async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        try await world.edit("later_3", ["x": "edited"])
        try await drop("later_3", in: world)
        #expect(try await world.note("later_3").live?["x"] == "own")
        #expect(try await world.sync().attention == nil)
        #expect(remote("later_3", in: world)?["x"] == "own")
    }

    @Test func `a withdrawn delete of the earlier part keeps the cut`() async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        try await world.delete("s")
        world.provider.patch(Self.series, ["body": "theirs"], in: SyncWorld.work)
        try await world.sync()
        #expect(remote("s", in: world)?["slots"] == ["1", "2"])
        #expect(remote("later", in: world)?["slots"] == ["3", "4"])
    }

    @Test func `where it may not be written any more a division can still be given up`()
        async throws
    {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        world.provider.setAccess(.read, in: SyncWorld.work)
        try await world.sync()
        try await drop("later", in: world)
        #expect(try await world.note("s").live?["slots"] == Self.all)
        #expect(try await world.notes().allSatisfy { !$0.isDirty })
    }

    @Test func `moved before the cut is refused, both parts are given up together`() async throws {
        let world = try await SyncWorld(collections: ["work", "home"])
        world.provider.put(
            Self.series, ["title": "weekly", "slots": Self.all], in: SyncWorld.work)
        world.put("other", "other")
        try await world.sync()
        try await divide(slots: ["3", "4"], in: world)
        try await world.move("s", to: "home")
        try await world.sync()
        let (note, run) = (try await world.note("s", in: "home"), world.run)
        guard note.isDirty else { return }
        _ = try await world.store.write { try Resolutions($0, run: run).takeBack(note) }
        try await world.sync()
        #expect(remote("later", in: world) == nil)
    }

    @Test func `a slot conflict goes with the edit that caused it`() async throws {
        let world = try await world()
        try await world.edit("s", ["slots": ["1", "3"]])
        world.provider.put(
            RemoteID(rawValue: "s_2"), instance("2", ["x": "theirs"]), in: SyncWorld.work)
        world.provider.injectForPush(.init(RemoteError(.rejected, "No.")))
        try await world.sync()
        try await drop("s", in: world)
        #expect(try await world.sync().attention == nil)
        #expect(try await world.note("s_2").live?["x"] == "theirs")
        #expect(remote("s_2", in: world)?["x"] == "theirs")
    }

    @Test(arguments: [false, true])
    func `deleted there, both halves live on`(saysWhatHangsOnIt: Bool) async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        if saysWhatHangsOnIt {
            world.provider.put(
                RemoteID(rawValue: "s_3"), instance("3", ["cancelled": true]), in: SyncWorld.work)
        }
        world.provider.delete(Self.series, in: SyncWorld.work)
        try await world.sync()
        let slots = world.provider.live(in: SyncWorld.work).compactMap { $0.json["slots"] }
        #expect(Set(slots) == [["1", "2"], ["3", "4"]])
        #expect(remote("later_3", in: world)?["x"] == "own")
        #expect(remote("later_3", in: world)?["cancelled"] == nil)
    }

    @Test(arguments: ["3", "4"])
    func `what somebody did to an instance behind the cut reaches the later half`(
        slot: String
    ) async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        let name = RemoteID(rawValue: "s_\(slot)")
        world.provider.put(name, instance(slot, ["x": "theirs"]), in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(remote("later_\(slot)", in: world)?["x"] == "theirs")
        #expect(remote("s_\(slot)", in: world) == nil)
    }

    @Test func `an instance that somebody cancelled behind the cut stays cancelled`() async throws {
        let world = try await world()
        try await divide(slots: ["3", "4"], in: world)
        world.provider.put(
            RemoteID(rawValue: "s_4"), instance("4", ["cancelled": true]), in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(remote("later_4", in: world)?["cancelled"] == true)
    }

    // MARK: Slots that an edit takes away

    @Test(arguments: [ConflictResolution.mine, .theirs, .both])
    func `somebody's change of an instance whose slot our edit takes is a person's to decide on`(
        choice: ConflictResolution
    ) async throws {
        let world = try await world()
        try await world.edit("s", ["slots": ["1", "3"]])
        world.provider.put(
            RemoteID(rawValue: "s_2"), instance("2", ["x": "theirs"]), in: SyncWorld.work)
        #expect(try await world.sync().attention == .conflicts)
        let conflict = try #require(try await world.store.read { try $0.conflicts.list() }.first)
        #expect(conflict.field == ConflictRecord.slot && conflict.theirs?["x"] == "theirs")
        let run = world.run
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: choice)
        }
        #expect(try await world.sync().attention == nil)
        let kept = world.provider.live(in: SyncWorld.work).filter { $0.json["x"] == "theirs" }
        #expect(kept.contains { $0.json["seriesId"] == nil } == (choice != .mine))
    }
}
