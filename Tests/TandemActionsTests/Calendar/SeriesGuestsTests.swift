import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import Testing

/// Edits that are meant for a whole series, made on an instance whose guests or attachments are not
/// the series' own.
@Suite struct SeriesGuestsTests {
    private static let instance = "standup_20261109T090000Z"
    private static let other = "standup_20261116T090000Z"

    private static let ada: JSON = [
        "email": "ada@example.com", "self": true, "responseStatus": "needsAction",
    ]
    private static let bob: JSON = ["email": "bob@example.com", "responseStatus": "accepted"]
    private static let carol: JSON = ["email": "carol@example.com"]

    /// The standup with some guests, and instances of it with others.
    private func makeWorld(
        series: [JSON], instance: [JSON], other: [JSON]? = nil, member: String = "attendees"
    ) throws -> CalendarWorld {
        let world = try CalendarWorld()
        var standup = Sample.standup
        standup[member] = .array(series)
        try world.receive(standup)
        var changed = Sample.exception(
            slot: "20261109T090000Z", original: "2026-11-09T10:00:00+01:00",
            start: "2026-11-09T15:00:00+01:00", end: "2026-11-09T15:30:00+01:00")
        changed[member] = instance.isEmpty ? nil : .array(instance)
        try world.receive(changed)
        guard let other else { return world }
        var second = Sample.exception(
            slot: "20261116T090000Z", original: "2026-11-16T10:00:00+01:00",
            start: "2026-11-16T15:00:00+01:00", end: "2026-11-16T15:30:00+01:00")
        second[member] = .array(other)
        try world.receive(second)
        return world
    }

    private func edit(
        _ world: CalendarWorld, _ edit: EventEdit, _ reach: SeriesReach = .all
    ) throws -> EditOutcome {
        try world.act { actions, _, find in
            try actions.edit(find(Self.instance), edit, reach: reach)
        }
    }

    private func inviting(_ guests: String..., removing removed: [String] = []) -> EventEdit {
        var fields = EventFields()
        fields.guests = guests
        fields.removedGuests = removed
        return .fields(fields)
    }

    private func guests(_ id: String, in world: CalendarWorld) throws -> [String] {
        (try world.live(id)?["attendees"]?.array ?? []).compactMap { $0["email"]?.string }
    }

    @Test func `a guest of all joins the series' guests, not an instance's`() throws {
        let world = try makeWorld(
            series: [Self.ada, Self.bob], instance: [Self.ada, Self.bob, Self.carol])
        let outcome = try edit(world, inviting("dave@example.com"))
        let (ada, bob, dave) = ("ada@example.com", "bob@example.com", "dave@example.com")
        #expect(outcome.resource.remoteID?.rawValue == "standup")
        #expect(try guests("standup", in: world) == [ada, bob, dave])
        #expect(try guests(Self.instance, in: world) == [ada, bob, "carol@example.com", dave])
        #expect(outcome.alsoChanged.count == 1)
        // What the series' own guests said stays said.
        #expect(try world.live("standup")?["attendees"]?[1] == Self.bob)
    }

    @Test func `who was taken off one instance stays a guest of the series`() throws {
        let world = try makeWorld(series: [Self.ada, Self.bob], instance: [Self.ada])
        _ = try edit(world, inviting("dave@example.com"))
        #expect(
            try guests("standup", in: world) == [
                "ada@example.com", "bob@example.com", "dave@example.com",
            ])
        #expect(
            try guests(Self.instance, in: world) == ["ada@example.com", "dave@example.com"])
    }

    @Test func `who is taken off all leaves the series and its instances`() throws {
        let world = try makeWorld(
            series: [Self.ada, ["email": "Bob@Example.com"], ["email": "eve@example.com"]],
            instance: [Self.ada, Self.bob, Self.carol], other: [Self.carol, Self.bob])
        _ = try edit(
            world, inviting(removing: ["BOB@example.com", "carol@example.com"]))
        #expect(try guests("standup", in: world) == ["ada@example.com", "eve@example.com"])
        #expect(try guests(Self.instance, in: world) == ["ada@example.com"])
        #expect(try world.live(Self.other)?["attendees"] == nil)
    }

    @Test func `one address in another spelling is one guest`() throws {
        let world = try makeWorld(
            series: [["email": "Dave@Example.com", "optional": true], Self.bob, Self.bob],
            instance: [Self.bob])
        _ = try edit(world, inviting("dave@example.com"))
        #expect(
            try world.live("standup")?["attendees"] == [
                ["email": "Dave@Example.com", "optional": true], Self.bob, Self.bob,
            ])
        // The same by a patch that only writes a guest in another way.
        _ = try edit(
            world,
            .patch([
                "attendees": [
                    ["email": "BOB@example.com", "optional": true], ["email": "dave@example.com"],
                ]
            ]))
        #expect(try guests("standup", in: world).first == "Dave@Example.com")
        #expect(try world.live("standup")?["attendees"]?[1]?["optional"] == true)
        #expect(try world.live("standup")?["attendees"]?[1]?["email"] == "bob@example.com")
    }

    @Test func `an answer for all leaves the other guests alone`() throws {
        let world = try makeWorld(
            series: [Self.ada, Self.bob], instance: [Self.ada, Self.bob, Self.carol],
            other: [Self.ada.merging(["responseStatus": "declined"]), Self.bob])
        let outcome = try world.act { actions, _, find in
            try actions.answer(find(Self.instance), InvitationAnswer(.accepted), reach: .all)
        }
        #expect(outcome.resource.remoteID?.rawValue == "standup")
        let answered = Self.ada.merging(["responseStatus": "accepted"])
        #expect(try world.live("standup")?["attendees"] == [answered, Self.bob])
        #expect(
            try world.live(Self.instance)?["attendees"] == [answered, Self.bob, Self.carol])
        // An instance that was answered by itself keeps that answer.
        #expect(try world.live(Self.other)?["attendees"]?[0]?["responseStatus"] == "declined")
    }

    @Test func `who is invited to one instance alone cannot answer for its series`() throws {
        let world = try makeWorld(series: [Self.bob], instance: [Self.ada, Self.bob])
        let error = #expect(throws: TandemError.self) {
            try world.act { actions, _, find in
                try actions.answer(find(Self.instance), InvitationAnswer(.accepted), reach: .all)
            }
        }
        #expect(error?.code == .notFound)
        #expect(try world.live("standup")?["attendees"] == [Self.bob])
        #expect(try world.live(Self.instance)?["attendees"]?[0] == Self.ada)
    }

    @Test func `this and following takes the series' guests along, not an instance's`() throws {
        let world = try makeWorld(
            series: [Self.ada, Self.bob], instance: [Self.ada, Self.bob, Self.carol])
        let outcome = try edit(world, inviting("dave@example.com"), .following)
        let following = try #require(outcome.resource.live?["attendees"]?.array)
        #expect(
            following.compactMap { $0["email"]?.string } == [
                "ada@example.com", "bob@example.com", "dave@example.com",
            ])
        #expect(try guests("standup", in: world) == ["ada@example.com", "bob@example.com"])
    }

    @Test
    func `attachments of an instance stay its own, and one that is changed is changed for all`()
        throws
    {
        let agenda: JSON = ["fileUrl": "https://drive.example/agenda", "title": "Agenda"]
        let notes: JSON = ["fileUrl": "https://drive.example/notes", "title": "Notes"]
        let plan: JSON = ["fileUrl": "https://drive.example/plan", "title": "Plan"]
        let world = try makeWorld(
            series: [agenda], instance: [agenda, notes], member: "attachments")
        let edited: JSON = .array([agenda.merging(["title": "Agenda 2"]), notes, plan])
        _ = try edit(world, .patch(["attachments": edited]))
        #expect(
            try world.live("standup")?["attachments"]
                == .array([agenda.merging(["title": "Agenda 2"]), plan]))
        #expect(try world.live(Self.instance)?["attachments"] == edited)
        // Addresses of files are no addresses of people: their case counts.
        let other: JSON = ["fileUrl": "https://drive.example/PLAN", "title": "Another"]
        let more: JSON = .array((edited.array ?? []) + [other])
        _ = try edit(world, .patch(["attachments": more]))
        #expect(try world.live("standup")?["attachments"]?.array?.last == other)
    }

    @Test func `a list that is none is refused, not taken for an empty one`() throws {
        let world = try makeWorld(series: [Self.ada, Self.bob], instance: [Self.ada])
        #expect(throws: TandemError.self) {
            try edit(world, .patch(["attendees": "bob@example.com"]))
        }
        #expect(
            try guests("standup", in: world) == ["ada@example.com", "bob@example.com"])
    }
}
