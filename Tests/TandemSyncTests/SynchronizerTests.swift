import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

@Suite struct PullingTests {
    @Test func `a first sync reads every page and logs one entry`() async throws {
        let world = try await SyncWorld()
        for number in 1...7 { world.put("n\(number)", "note \(number)") }
        let report = try await world.sync()
        #expect(report.collections.map(\.listing) == ["full"])
        #expect(report.collections[0].requests == 3)
        #expect(report.collections[0].pulled.created == 7)
        #expect(try await world.notes().count == 7)
        #expect(try await world.changes().map(\.verb) == [.listed])
        #expect(try await world.changes()[0].count == 7)
    }

    @Test func `a sync without changes is one request and no write`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        world.provider.clearRequests()
        let before = try await world.changes().count
        let report = try await world.sync()
        #expect(world.provider.requests == ["pull work"])
        #expect(report.collections[0].pulled.total == 0 && report.attention == nil)
        #expect(try await world.changes().count == before)
    }

    @Test func `a delta brings creations, edits and deletes`() async throws {
        let world = try await SyncWorld()
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        world.put("n2", "edited")
        world.put("n9", "new")
        world.provider.delete(RemoteID(rawValue: "n3"), in: SyncWorld.work)
        let report = try await world.sync()
        #expect(report.collections[0].listing == "delta")
        let pulled = report.collections[0].pulled
        #expect([pulled.created, pulled.updated, pulled.deleted] == [1, 1, 1])
        let changes = try await world.changes().dropFirst()
        #expect(Set(changes.map(\.verb)) == [.created, .updated, .deleted])
        #expect(changes.first { $0.verb == .deleted }?.cause == .tombstone)
        #expect(
            changes.first { $0.verb == .updated }?.changes
                == [FieldChange(field: "title", before: "note 2", after: "edited")])
    }

    @Test func `new etags without new contents change nothing`() async throws {
        let world = try await SyncWorld()
        for number in 1...5 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        world.provider.churn()
        let before = try await world.changes().count
        let report = try await world.sync()
        #expect(report.collections[0].pulled.total == 0)
        #expect(report.collections[0].pushed.total == 0)
        #expect(try await world.changes().count == before)
        try await world.edit("n1", ["title": "ours"])
        #expect(try await world.sync().collections[0].pushed.updated == 1)
    }

    @Test func `an expired cursor lists fully, keeps local edits and sweeps`() async throws {
        let world = try await SyncWorld()
        for number in 1...5 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        try await world.edit("n1", ["body": "ours"])
        world.provider.delete(RemoteID(rawValue: "n2"), in: SyncWorld.work)
        world.provider.expireCursors()
        let report = try await world.sync()
        #expect(report.collections[0].listing == "full")
        #expect(report.collections[0].pulled.deleted == 1)
        #expect(report.collections[0].pushed.updated == 1)
        #expect(world.provider.live(in: SyncWorld.work).first?.json["body"] == "ours")
        #expect(try await world.changes().last { $0.verb == .deleted }?.cause == .sweep)
    }

    @Test func `a cursor that expires again within the hour waits`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        world.provider.expireCursors()
        #expect(try await world.sync().attention == nil)
        world.provider.expireCursors()
        let report = try await world.sync()
        #expect(report.collections[0].failure?.error.code == .cursorExpired)
        #expect(report.attention == .temporarilyFailed)
        #expect(try await world.sync(full: true).attention == nil)
    }

    @Test func `four expired cursors a day are made good, and what a person asks for counts not`()
        async throws
    {
        let world = try await SyncWorld()
        world.put("n1", "one")
        for _ in 1...4 {
            try await world.sync(full: true)
            world.provider.expireCursors()
            #expect(try await world.sync().collections[0].listing == "full")
            world.clock.advance(by: .seconds(3601))
        }
        world.provider.expireCursors()
        let report = try await world.sync()
        #expect(report.collections[0].failure?.error.code == .cursorExpired)
        world.clock.advance(by: .seconds(86_400))
        #expect(try await world.sync().attention == nil)
    }

    @Test func `a page that fails is tried again, and the cursor waits for the last`() async throws
    {
        let world = try await SyncWorld()
        for number in 1...7 { world.put("n\(number)", "note \(number)") }
        world.provider.inject(.init(RemoteError(.transient, "Garbage.")))
        world.provider.inject(.init(RemoteError(.throttled, "Slow down.")))
        #expect(try await world.sync().attention == nil)
        #expect(try await world.notes().count == 7)
    }

    @Test func `what the provider asks to wait is waited, unless a person knows better`()
        async throws
    {
        let world = try await SyncWorld()
        world.put("n1", "one")
        let busy = RemoteError(.throttled, "Slow down.", retryAfter: .seconds(3600))
        world.provider.inject(.init(busy))
        #expect(try await world.sync().attention == .throttled)
        world.provider.clearRequests()
        #expect(try await world.sync().attention == .throttled)
        #expect(world.provider.requests.isEmpty)
        #expect(try await world.sync(ignoringParking: true).attention == nil)
        #expect(try await world.notes().count == 1)
    }

    @Test func `a provider that stays away fails the pass and loses nothing`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        try await world.edit("n1", ["title": "ours"])
        for _ in 0..<5 { world.provider.inject(.init(RemoteError(.offline, "No network."))) }
        let report = try await world.sync()
        #expect(report.attention == .temporarilyFailed)
        #expect(try await world.note("n1").isDirty)
        #expect(try await world.collection().state != .fresh)
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles() == ["ours"])
    }

    @Test func `who waits is told soon that nobody is there, but only before anybody was`()
        async throws
    {
        let world = try await SyncWorld()
        for number in 1...7 { world.put("n\(number)", "note \(number)") }
        func loseNext(_ count: Int) {
            for _ in 0..<count {
                world.provider.inject(.init(RemoteError(.offline, "No network.")))
            }
        }
        loseNext(5)
        #expect(try await world.sync(triesUntilReached: 2).attention == .temporarilyFailed)
        #expect(world.provider.requests.count == 2)
        world.provider.clearFaults()
        // Once anything was answered every request has its usual tries.
        world.provider.letThrough(1)
        loseNext(4)
        #expect(try await world.sync(triesUntilReached: 2).attention == nil)
        #expect(try await world.notes().count == 7)
        // And a short absence is bridged from the start.
        loseNext(1)
        #expect(try await world.sync(triesUntilReached: 2).attention == nil)
    }

    @Test func `a dead grant stops the account and keeps the outbox`() async throws {
        let world = try await SyncWorld(collections: ["work", "home"])
        world.put("n1", "one")
        try await world.sync()
        try await world.edit("n1", ["title": "ours"])
        world.provider.inject(.init(RemoteError(.signInNeeded, "Sign in again.")))
        let report = try await world.sync()
        #expect(report.attention == .signInNeeded)
        let id = world.account.id
        #expect(try await world.store.read { try $0.accounts.find(id)?.state } == .needsConsent)
        #expect(try await world.note("n1").isDirty)
    }

    @Test func `a collection out of reach is frozen, not emptied`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        world.provider.inject(.init(RemoteError(.notFound, "Not found.")))
        try await world.sync()
        #expect(try await world.collection().state == .unreachable)
        #expect(try await world.notes().count == 1)
    }

    @Test func `the remote mass delete is held, released or refused`() async throws {
        for release in [true, false] {
            let world = try await SyncWorld(pageSize: 50)
            for number in 10..<40 { world.put("n\(number)", "note \(number)") }
            try await world.sync()
            for number in 10..<30 {
                world.provider.delete(RemoteID(rawValue: "n\(number)"), in: SyncWorld.work)
            }
            let report = try await world.sync()
            #expect(report.attention == .held && report.collections[0].held == 20)
            #expect(try await world.notes().count == 30)
            let hold = try #require(try await world.store.read { try $0.holds.list() }.first)
            let run = world.run
            try await world.store.write { transaction in
                let resolutions = Resolutions(transaction, run: run)
                try release ? resolutions.release(hold.id) : resolutions.refuse(hold.id)
            }
            #expect(try await world.notes().count == (release ? 10 : 30))
            let after = try await world.sync(full: true)
            #expect(after.attention == nil && after.collections[0].pushed.total == 0)
            #expect(try await world.notes().count == (release ? 10 : 30))
            #expect(world.provider.live(in: SyncWorld.work).count == 10)
        }
    }
}

@Suite struct PushingTests {
    @Test func `creations, edits and deletes go out once, in batches`() async throws {
        let world = try await SyncWorld()
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        let made = try await world.create(["title": "made here"])
        try await world.edit("n1", ["title": "edited"])
        try await world.delete("n2")
        let report = try await world.sync()
        let pushed = report.collections[0].pushed
        #expect([pushed.created, pushed.updated, pushed.deleted] == [1, 1, 1])
        #expect(Set(world.remoteTitles()) == ["edited", "made here", "note 3", "note 4"])
        #expect(try await world.note(made.remoteID?.rawValue ?? "").isDirty == false)
        world.provider.clearRequests()
        try await world.sync()
        #expect(world.provider.requests == ["pull work"])
    }

    @Test func `a lost answer to a creation makes no second copy`() async throws {
        for applies in [true, false] {
            let world = try await SyncWorld()
            try await world.sync()
            _ = try await world.create(["title": "once"])
            try await world.sync()
            _ = try await world.create(["title": "twice?"])
            world.provider.clearRequests()
            // The fault must meet the creation, so the listing is let through first.
            world.provider.injectForPush(
                .init(RemoteError(.unknownOutcome, "Cut."), applies: applies))
            let report = try await world.sync()
            #expect(report.attention == nil)
            #expect(world.remoteTitles().sorted { ($0 ?? "") < ($1 ?? "") } == ["once", "twice?"])
            #expect(try await world.notes().allSatisfy { !$0.isDirty })
        }
    }

    @Test func `a clash on one field keeps theirs, records ours, and settles`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        try await world.edit("n1", ["title": "ours", "body": "more"])
        world.provider.patch(RemoteID(rawValue: "n1"), ["title": "theirs"], in: SyncWorld.work)
        let report = try await world.sync()
        #expect(report.attention == .conflicts && report.collections[0].conflicts == 1)
        let live = world.provider.live(in: SyncWorld.work)[0].json
        #expect(live["title"] == "theirs" && live["body"] == "more")
        let conflict = try #require(try await world.store.read { try $0.conflicts.list() }.first)
        #expect(conflict.mine == "ours" && conflict.theirs == "theirs" && conflict.base == "one")
        let run = world.run
        _ = try await world.store.write {
            try Resolutions($0, run: run).resolve(conflict.id, use: .mine)
        }
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles() == ["ours"])
        #expect(try await world.sync().collections[0].pushed.total == 0)
    }

    @Test func `an edit made between pull and push is merged after a 412`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        try await world.edit("n1", ["title": "ours"])
        world.provider.beforeNextPush { provider in
            provider.patch(RemoteID(rawValue: "n1"), ["body": "theirs"], in: SyncWorld.work)
        }
        #expect(try await world.sync().attention == nil)
        let live = world.provider.live(in: SyncWorld.work)[0].json
        #expect(live["title"] == "ours" && live["body"] == "theirs")
    }

    @Test func `an edit here survives a delete there under a new id`() async throws {
        let world = try await SyncWorld()
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        let before = try await world.note("n1")
        try await world.edit("n1", ["title": "kept"])
        world.provider.delete(before.remoteID ?? RemoteID(rawValue: ""), in: SyncWorld.work)
        #expect(try await world.sync().attention == nil)
        let after = try #require(
            try await world.notes().first { $0.live?["title"] == "kept" })
        #expect(after.id == before.id && after.remoteID != before.remoteID)
        #expect(world.remoteTitles().contains("kept"))
    }

    @Test func `a delete here yields to an edit there`() async throws {
        let world = try await SyncWorld()
        for number in 1...4 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        try await world.delete("n1")
        world.provider.patch(RemoteID(rawValue: "n1"), ["title": "alive"], in: SyncWorld.work)
        #expect(try await world.sync().collections[0].pushed.deleted == 0)
        #expect(try await world.note("n1").live?["title"] == "alive")
    }

    @Test func `what the provider never takes is set aside and blocks nothing`() async throws {
        let world = try await SyncWorld()
        try await world.sync()
        _ = try await world.create(["title": "poison"])
        _ = try await world.create(["title": "fine"])
        let report = try await world.sync()
        #expect(report.attention == .quarantined && report.collections[0].quarantined == 1)
        #expect(world.remoteTitles() == ["fine"])
        #expect(try await world.sync().collections[0].requests == 1)
    }

    @Test func `a local mass delete is held, released or refused`() async throws {
        for release in [true, false] {
            let world = try await SyncWorld(pageSize: 50)
            for number in 10..<40 { world.put("n\(number)", "note \(number)") }
            try await world.sync()
            for number in 10..<30 { try await world.delete("n\(number)") }
            try await world.edit("n35", ["title": "goes on"])
            let report = try await world.sync()
            #expect(report.attention == .held && report.collections[0].pushed.deleted == 0)
            #expect(report.collections[0].pushed.updated == 1)
            let hold = try #require(try await world.store.read { try $0.holds.list() }.first)
            #expect(hold.direction == .push && hold.deletes == 20 && hold.of == 30)
            let run = world.run
            try await world.store.write { transaction in
                let resolutions = Resolutions(transaction, run: run)
                try release ? resolutions.release(hold.id) : resolutions.refuse(hold.id)
            }
            #expect(try await world.sync().attention == nil)
            #expect(world.provider.live(in: SyncWorld.work).count == (release ? 10 : 30))
            #expect(try await world.notes().count == (release ? 10 : 30))
        }
    }

    @Test func `a usage limit rests writes for one hour, then two, while reads go on`()
        async throws
    {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        try await world.edit("n1", ["title": "ours"])
        let limit = RemoteError(.quotaExceeded, "Calendar usage limits exceeded.")
        for hours in [1, 2, 4, 6, 6] {
            world.provider.injectForPush(.init(limit))
            #expect(try await world.sync().attention == .throttled)
            let collection = try await world.collection()
            #expect(
                collection.parkedUntil == world.clock.now().advanced(by: .seconds(3600 * hours)))
            world.put("other\(hours)", "read meanwhile")
            #expect(try await world.sync().collections[0].pulled.total > 0 || hours == 6)
            #expect(world.remoteTitles().contains("one"))
            world.clock.advance(by: .seconds(3600 * hours + 1))
        }
        #expect(try await world.sync().attention == nil)
        #expect(world.remoteTitles().contains("ours"))
        #expect(try await world.collection().quotaParks == 0)
    }

    @Test func `nothing is written where the role forbids it`() async throws {
        let world = try await SyncWorld(access: .read)
        world.put("n1", "one")
        try await world.sync()
        await #expect(throws: TandemError.self) {
            try await world.edit("n1", ["title": "ours"])
        }
        try await world.sync()
        #expect(world.remoteTitles() == ["one"])
    }

    @Test func `two processes never sync one account at once`() async throws {
        let world = try await SyncWorld()
        let (account, now) = (world.account.id, world.clock.now())
        _ = try await world.store.write {
            try $0.leases.acquire(
                account, owner: LeaseOwner(name: "other", process: 2, host: "here"),
                for: .seconds(60), now: now)
        }
        let error = await #expect(throws: SyncError.self) { try await world.sync() }
        #expect(error?.code == .busy)
        world.clock.advance(by: .seconds(90))
        #expect(try await world.sync().attention == nil)
    }
}
