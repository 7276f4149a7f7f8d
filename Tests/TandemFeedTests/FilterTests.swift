import LosslessJSON
import TandemCore
import TandemFeed
import TandemStore
import TandemTesting
import Testing

/// Which activities a filter wants.
@Suite struct FilterTests {
    private static let bob = ChangeActor(
        name: "Bob Ö.", email: "bob@example.com", certainty: .inferred)

    private func world() async throws -> FeedWorld {
        let world = try await FeedWorld()
        try await world.append(
            world.entry(.created, "created", of: "a", actor: Self.bob),
            world.entry(.updated, "updated", of: "b", origin: .local),
            world.entry(.deleted, "deleted", of: "a"),
            world.entry(.updated, "event", of: "c", kind: .event),
            world.entry(.moved, "else", of: "d", account: AccountID(rawValue: "other")))
        return world
    }

    @Test(arguments: [
        ([ChangeVerb.updated], ["updated", "event"]), ([.deleted, .moved], ["deleted", "else"]),
        ([.listed], []), ([], ["created", "updated", "deleted", "event", "else"]),
    ])
    func `by what happened`(verbs: [ChangeVerb], titles: [String]) async throws {
        var filter = ActivityFilter()
        filter.verbs = Set(verbs)
        #expect(try await world().activities(filter).map(\.title) == titles)
    }

    @Test func `by kind, by item and by account`() async throws {
        let world = try await world()
        var filter = ActivityFilter()
        filter.kinds = [.event]
        #expect(try await world.activities(filter).map(\.title) == ["event"])
        filter = ActivityFilter()
        filter.item = ResourceID(rawValue: "a")
        #expect(try await world.activities(filter).map(\.title) == ["created", "deleted"])
        #expect(try await world.latest(1, filter).map(\.title) == ["deleted"])
        filter.verbs = [.created]
        #expect(try await world.activities(filter).map(\.title) == ["created"])
        filter = ActivityFilter()
        filter.accounts = [world.world.account.id]
        #expect(try await world.activities(filter).count == 4)
        filter.accounts = []
        #expect(try await world.activities(filter).isEmpty)
    }

    @Test(arguments: [
        ("bob", 1), ("BOB@EXAMPLE", 1), ("ö.", 1), ("carol", 0),
    ])
    func `by name or address, whatever the case`(actor: String, count: Int) async throws {
        var filter = ActivityFilter()
        filter.actor = actor
        #expect(try await world().activities(filter).count == count)
    }
}
