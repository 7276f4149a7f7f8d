import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore
import Testing

/// Asking for mail about an edit that waits, with no other change.
@Suite struct MailingTests {
    private static let everybody = ["bob@example.com"]

    private func worldWithGuests() throws -> CalendarWorld {
        let world = try CalendarWorld()
        var party = Sample.single(
            "party", "Party", start: "2026-11-09T10:00:00+01:00",
            end: "2026-11-09T11:00:00+01:00")
        party["attendees"] = [["email": "bob@example.com"]]
        try world.receive(party)
        var standup = Sample.standup
        standup["attendees"] = [["email": "bob@example.com"]]
        try world.receive(standup)
        return world
    }

    private func edit(
        _ id: String, in world: CalendarWorld, mailing whom: SendUpdates = .none
    ) throws {
        _ = try world.mailing(whom) { actions, find in
            try actions.edit(find(id), .patch(["location": "Room 7"])).resource
        }
    }

    private func widen(
        _ id: String, to whom: SendUpdates, reach: SeriesReach? = nil, in world: CalendarWorld
    ) throws -> [String] {
        try world.mailing(whom) { actions, find in
            try actions.widenMailing(find(id), reach: reach).resource
        }.addresses
    }

    @Test func `mail can be asked for after an edit, as long as that waits`() throws {
        let world = try worldWithGuests()
        try edit("party", in: world)
        #expect(try widen("party", to: .all, in: world) == Self.everybody)
        // Asked for again it is the same.
        #expect(try widen("party", to: .all, in: world) == Self.everybody)
    }

    @Test func `a delete that waits can be mailed about, too`() throws {
        let world = try worldWithGuests()
        _ = try world.act { actions, _, find in try actions.delete(find("party")) }
        #expect(try widen("party", to: .all, in: world) == Self.everybody)
    }

    @Test(arguments: ["party", "standup", "standup_20261109T090000Z"])
    func `where nothing waits there is nothing to mail about`(id: String) throws {
        let world = try worldWithGuests()
        let error = #expect(throws: TandemError.self) {
            try widen(id, to: .all, in: world)
        }
        #expect(error?.code == .invalid)
        #expect(error?.remedy?.contains("tandem events edit") == true)
    }

    @Test func `what was asked for is not narrowed`() throws {
        let world = try worldWithGuests()
        try edit("party", in: world, mailing: .all)
        let error = #expect(throws: TandemError.self) {
            try widen("party", to: .none, in: world)
        }
        #expect(error?.code == .invalid)
        #expect(error?.remedy?.contains("tandem queue drop") == true)
        #expect(
            try world.store.readBlocking { try ItemLookup($0).find("party").resource.sendUpdates }
                == .all)
    }

    @Test func `an edit of a series is meant through its instance only where that is said`()
        throws
    {
        let world = try worldWithGuests()
        try edit("standup", in: world)
        #expect(throws: TandemError.self) {
            try widen("standup_20261109T090000Z", to: .all, in: world)
        }
        #expect(
            try widen("standup_20261109T090000Z", to: .all, reach: .all, in: world)
                == Self.everybody)
    }

    @Test func `both halves of a division are mailed about`() throws {
        let world = try worldWithGuests()
        _ = try world.act { actions, _, find in
            try actions.edit(
                find("standup_20261109T090000Z"), .patch(["location": "Room 7"]),
                reach: .following)
        }
        let outcome = try world.store.writeBlocking { transaction in
            let run = try transaction.runs.start("test")
            let actions = EventActions(
                transaction, run: run.id, viewer: .utc, sendUpdates: .all)
            return try actions.widenMailing(try ItemLookup(transaction).find("standup"))
        }
        let all = [outcome.resource] + outcome.alsoChanged
        #expect(all.count == 2)
        #expect(all.allSatisfy { $0.sendUpdates == .all && $0.isDirty })
    }
}
