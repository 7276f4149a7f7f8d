import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// Creations that meet what is there already, and deletes that are no deletes in form.
@Suite struct CollisionTests {
    @Test func `a creation of what is there already becomes that`() async throws {
        let world = try await SyncWorld()
        try await world.sync()
        let made = try await world.create(["title": "same", "uid": "u1"])
        world.provider.put(
            RemoteID(rawValue: "theirs"), ["title": "same", "uid": "u1"], in: SyncWorld.work)
        // The listing is read before they make it, so that only the write meets it.
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles() == ["same"])
        let live = try await world.notes()
        #expect(live.map(\.remoteID?.rawValue) == ["theirs"])
        #expect(live.allSatisfy { !$0.isDirty })
        let id = made.id
        #expect(
            try await world.changes().last { $0.resource == id }?.cause
                == live.first.map { .adopted($0.id) })
    }

    @Test func `a creation takes the name that the provider has for it`() async throws {
        let world = try await SyncWorld()
        try await world.sync()
        let made = try await world.create(["title": "ours", "body": "more", "uid": "u1"])
        world.provider.beforeNextPush { provider in
            provider.put(
                RemoteID(rawValue: "theirs"), ["title": "theirs", "uid": "u1"],
                in: SyncWorld.work)
        }
        let report = try await world.sync()
        // Not what we sent: a clash on the title is kept for a person, the body is ours.
        #expect(report.attention == .conflicts && report.collections[0].conflicts == 1)
        let notes = try await world.notes()
        #expect(notes.map(\.id) == [made.id])
        #expect(notes[0].remoteID?.rawValue == "theirs" && !notes[0].isDirty)
        let live = world.provider.live(in: SyncWorld.work)
        #expect(live.count == 1 && live[0].json["title"] == "theirs")
        #expect(live[0].json["body"] == "more")
    }

    @Test func `a creation that says something else than its namesake is set aside`() async throws {
        let world = try await SyncWorld()
        try await world.sync()
        _ = try await world.create(["title": "ours", "uid": "u1"])
        world.provider.put(
            RemoteID(rawValue: "theirs"), ["title": "theirs", "uid": "u1"], in: SyncWorld.work)
        let report = try await world.sync()
        #expect(report.attention == .quarantined && report.collections[0].quarantined == 1)
        #expect(world.remoteTitles() == ["theirs"])
        #expect(try await world.notes().count == 2)
    }

    @Test func `a creation that waits to be moved to its namesake is set aside`() async throws {
        let provider = MemoryProvider(pageSize: 3, marksHome: true)
        let world = try await SyncWorld(collections: ["work", "home"], sharing: provider)
        let (home, theirs) = (RemoteID(rawValue: "home"), RemoteID(rawValue: "theirs"))
        provider.put(theirs, ["title": "theirs", "uid": "u1"], in: home)
        try await world.sync()
        let made = try await world.create(["title": "ours", "uid": "u1"])
        let name = try #require(made.remoteID).rawValue
        // It is not known whether it was made, and whatever it met there lies elsewhere here.
        provider.injectForPush(.init(RemoteError(.unknownOutcome, "Lost.")))
        provider.injectForLookUp(.init(RemoteError(.cancelled, "Stopped.")))
        try await world.sync()
        try await world.move(name, to: "home")
        provider.delete(theirs, in: home)
        provider.put(theirs, ["title": "theirs", "uid": "u1"], in: SyncWorld.work)
        #expect(try await world.sync().attention == .quarantined)
        try await world.sync()
        #expect(world.remoteTitles() == ["theirs"] && provider.live(in: home).isEmpty)
        let notes = try await world.notes() + world.notes(in: "home")
        #expect(Set(notes.map(\.remoteID?.rawValue)) == [name, "theirs"])
    }

    @Test func `an id that is neither free nor found is not tried without end`() async throws {
        let world = try await SyncWorld()
        try await world.sync()
        _ = try await world.create(["title": "ours"])
        for _ in 0..<6 {
            world.provider.injectForPush(.init(RemoteError(.alreadyExists, "Taken.")))
        }
        world.provider.clearRequests()
        try await world.sync()
        #expect(world.provider.requests.filter { $0.hasPrefix("create") }.count == 5)
        #expect(try await world.notes().allSatisfy(\.isDirty))
    }

    @Test func `an instance cancelled here yields to an edit of it there`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        try await world.edit("n1", ["cancelled": true])
        world.provider.patch(RemoteID(rawValue: "n1"), ["title": "alive"], in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        let note = try await world.note("n1")
        #expect(note.live?["title"] == "alive" && note.live?["cancelled"] == nil)
        #expect(!note.isDirty && world.remoteTitles() == ["alive"])
    }

    @Test func `an instance cancelled on both sides is no conflict`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        try await world.edit("n1", ["cancelled": true])
        world.provider.patch(
            RemoteID(rawValue: "n1"), ["cancelled": true, "body": "why"], in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        #expect(world.provider.live(in: SyncWorld.work)[0].json["cancelled"] == true)
    }
}
