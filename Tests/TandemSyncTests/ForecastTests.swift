import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

@testable import TandemSync

/// What a dry run says of the next sync.
@Suite struct ForecastTests {
    private static let bob: JSON = ["people": [["email": "bob@example.org"]]]

    private func forecast(
        _ world: SyncWorld, ignoresParking: Bool = false, programVersion: String = "1"
    ) async throws -> SyncForecast {
        let id = world.account.id
        let account = try #require(try await world.store.read { try $0.accounts.find(id) })
        return try await SyncForecast.of(
            account, in: world.store, maximumBatch: 2, ignoresParking: ignoresParking,
            programVersion: programVersion)
    }

    /// The writes as the provider in memory notes them.
    private func words(_ writes: [PlannedWrite]) -> [String] {
        writes.map {
            "\($0.request.verb.rawValue) \($0.place.remoteID)/\($0.request.target?.rawValue ?? "")"
        }
    }

    private func pushed(_ world: SyncWorld) -> [String] {
        world.provider.requests.filter { !$0.hasPrefix("pull") }
    }

    private func world() async throws -> SyncWorld {
        let world = try await SyncWorld(collections: ["work", "home"])
        for number in 1...6 { world.put("n\(number)", "note \(number)") }
        try await world.sync()
        world.provider.clearRequests()
        return world
    }

    @Test func `a sync sends just what was foretold, in that order`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "edited"])
        try await world.delete("n2")
        _ = try await world.create(["title": "new"])
        try await world.edit("n4", ["body": "more"])
        let plan = try await forecast(world)
        #expect(plan.writes.count == 4)
        #expect(plan.held.isEmpty && plan.waiting.isEmpty)
        try await world.sync()
        #expect(pushed(world) == words(plan.writes))
        #expect(plan.writes.first { $0.request.target?.rawValue == "n4" }?.fields == ["body"])
        #expect(try await forecast(world).writes.isEmpty)
    }

    @Test func `what follows from a write is foretold, too`() async throws {
        let world = try await world()
        let series = try await world.create(["id": "s", "title": "weekly", "slots": ["1", "2"]])
        _ = try await world.create(
            ["title": "changed", "seriesId": "s", "slot": "1", "id": "s_1"])
        try await world.move("n1", to: "home")
        let moved = try await world.note("n1", in: "home")
        let run = world.run
        _ = try await world.store.write {
            try $0.editLocally(moved, to: ["id": "n1", "title": "moved"], run: run)
        }
        let plan = try await forecast(world)
        let verbs = plan.writes.filter { $0.resource.id == moved.id }.map(\.request.verb)
        #expect(verbs == [.move, .patch])
        let order = plan.writes.map(\.resource.id)
        let exception = try await world.note("s_1")
        #expect(
            try #require(order.firstIndex(of: series.id))
                < #require(order.firstIndex(of: exception.id)))
        let move = try #require(plan.writes.first { $0.request.verb == .move })
        #expect(move.place.name == "work" && move.destination?.name == "home")
        #expect(move.fields == ["calendar"])
        for _ in 1...2 { try await world.sync() }
        #expect(pushed(world).sorted() == words(plan.writes).sorted())
    }

    @Test func `everybody who would be mailed is named, nobody else`() async throws {
        let world = try await SyncWorld()
        world.put("n1", "one")
        try await world.sync()
        let (collection, run) = (try await world.collection(), world.run)
        let quiet: JSON = ["title": "quiet", "people": [["email": "eve@example.org"]]]
        try await world.store.write { transaction in
            try transaction.createLocally(
                Self.bob, kind: NoteRules.kind, in: collection, sendUpdates: .all, run: run)
            try transaction.createLocally(quiet, kind: NoteRules.kind, in: collection, run: run)
        }
        let plan = try await forecast(world)
        #expect(plan.writes.count == 2)
        #expect(plan.writes.flatMap(\.notified) == ["bob@example.org"])
    }

    @Test func `a mass delete would be held, and what is held already only waits`() async throws {
        let world = try await world()
        for number in 1...6 { try await world.delete("n\(number)") }
        let plan = try await forecast(world)
        #expect(plan.writes.isEmpty && plan.waiting.isEmpty)
        #expect(plan.held.count == 6)
        #expect(try await world.store.read { try $0.holds.list() }.isEmpty)
        #expect(try await world.sync().attention == .held)
        let later = try await forecast(world)
        #expect(later.writes.isEmpty && later.held.isEmpty)
        #expect(later.waiting.map(\.reason) == Array(repeating: .held, count: 6))
    }

    @Test func `a forecast changes nothing and asks nobody`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "edited"])
        let (note, changes) = (try await world.note("n1"), try await world.changes())
        _ = try await forecast(world)
        #expect(try await world.note("n1") == note)
        #expect(try await world.changes() == changes)
        #expect(try await world.store.read { try $0.runs.list().count } == 1)
        #expect(world.provider.requests.isEmpty)
    }

    @Test func `an edit whose answer was lost is foretold as waiting`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "edited"])
        world.provider.injectForPush(
            .init(RemoteError(.unknownOutcome, "Cut."), applies: true))
        world.provider.injectForLookUp(.init(RemoteError(.forbidden, "No.")))
        try await world.sync()
        let plan = try await forecast(world)
        #expect(plan.writes.isEmpty)
        #expect(plan.waiting.map(\.reason) == [.unconfirmed])
    }

    @Test func `an account that has to sign in sends nothing`() async throws {
        let world = try await world()
        try await world.edit("n1", ["title": "edited"])
        let id = world.account.id
        try await world.store.write { transaction in
            var account = try #require(try transaction.accounts.find(id))
            account.state = .needsConsent
            try transaction.accounts.update(account)
        }
        let plan = try await forecast(world)
        #expect(plan.writes.isEmpty)
        #expect(plan.waiting.map(\.reason) == [.signInNeeded])
    }

    @Test func `parked writes wait until the moment that was told, unless told otherwise`()
        async throws
    {
        let world = try await world()
        try await world.edit("n1", ["title": "edited"])
        world.provider.injectForPush(
            .init(RemoteError(.quotaExceeded, "Enough."), applies: false))
        try await world.sync()
        let plan = try await forecast(world)
        #expect(plan.writes.isEmpty)
        let wait = try #require(plan.waiting.first)
        #expect(wait.reason == .parked)
        #expect(wait.until == (try await world.collection().parkedUntil))
        #expect(try await forecast(world, ignoresParking: true).writes.count == 1)
    }

    @Test func `what was set aside is tried again by another version of the program`()
        async throws
    {
        let world = try await world()
        try await world.edit("n1", ["title": "edited"])
        world.provider.injectForPush(
            .init(RemoteError(.rejected, "No."), applies: false))
        try await world.sync()
        #expect(try await forecast(world).waiting.map(\.reason) == [.quarantined])
        #expect(try await forecast(world, programVersion: "2").writes.count == 1)
    }
}
