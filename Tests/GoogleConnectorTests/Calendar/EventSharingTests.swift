import LosslessJSON
import TandemCore
import Testing

@testable import GoogleConnector

struct EventSharingTests {
    let rules = EventRules()

    // MARK: - Made again

    @Test(
        arguments: [
            (Sample.single, true), (Sample.allDay, true), (Sample.series, true),
            (Sample.exception, true), (Sample.cancelledException, false),
            (Sample.invitation, false),
            (
                Sample.single.with(["attendees": [["email": "ada@example.com", "self": true]]]),
                true
            ),
            (Sample.single.with(["attendees": [["email": "bob@example.com"]]]), false),
            (Sample.single.with(["attendees": [["resource": true, "email": "r@x.y"]]]), false),
            (Sample.single.with(["attendeesOmitted": true]), false),
            (Sample.single.with(["organizer": ["email": "bob@example.com"]]), false),
            (Sample.single.with(["eventType": "fromGmail"]), false),
            ([:], true), ("x", false),
        ] as [(JSON, Bool)])
    func `only an event that nobody else sees is made again unasked`(event: JSON, may: Bool) {
        #expect(rules.mayRecreate(event) == may)
    }

    @Test func `an event made again stands on its own`() {
        let id = RemoteID(rawValue: "neid000001")
        let copy = rules.recreated(Sample.exception, as: id)
        #expect(rules.remoteID(of: copy) == id)
        let gone = rules.serverOwned.subtracting(["id"]).union(["iCalUID"])
        #expect(gone.isDisjoint(with: copy.object?.keys ?? []))
        #expect(copy["summary"] == "Crew meeting" && copy["start"] == Sample.exception["start"])
        #expect(refusal(rules, copy) == nil)
        #expect(rules.recreated(Sample.single, as: nil)["id"] == nil)
        #expect(rules.recreated(Sample.cancelledException, as: id)["status"] == nil)
        #expect(rules.recreated("x", as: id) == "x")
    }

    // MARK: - One's own part

    @Test func `of a forbidden edit the own answer is kept, and nobody else's`() throws {
        var edited = Sample.invitation.with(["summary": "Mine now"])
        edited["attendees"] = [
            ["email": "grace@example.com", "responseStatus": "declined"],
            ["email": "ADA@example.com", "responseStatus": "accepted", "comment": "Late"],
        ]
        let own = try #require(rules.ownPart(of: edited, base: Sample.invitation))
        #expect(own["summary"] == "Turbine review")
        let before = try #require(Sample.invitation["attendees"]?.array)
        let after = try #require(own["attendees"]?.array)
        #expect(after.count == 4)
        #expect(after[0] == before[0] && after[2] == before[2] && after[3] == before[3])
        #expect(
            after[1] == [
                "email": "ada@example.com", "self": true, "responseStatus": "accepted",
                "comment": "Late",
            ])
    }

    @Test(
        arguments: [
            ["colorId": "3"], ["colorId": .null], ["reminders": ["useDefault": true]],
            ["extendedProperties": ["private": ["x": "2"], "shared": ["y": "2"]]],
            ["extendedProperties": ["shared": ["y": "2"]]],
        ] as [JSON])
    func `own reminders, colour and private properties are kept`(change: JSON) throws {
        let edited = Sample.invitation.with(change.object ?? [:]).with(["location": "Elsewhere"])
        let own = try #require(rules.ownPart(of: edited, base: Sample.invitation))
        #expect(own == Sample.invitation.with(change.object ?? [:]))
    }

    @Test(
        arguments: [
            ["summary": "Mine now"], ["extendedProperties": ["shared": ["y": "3"]]],
            ["attendees": []], ["start": ["timeZone": "Europe/Paris"]], [:],
        ] as [JSON])
    func `where nothing is one's own nothing is sent`(change: JSON) {
        let edited = Sample.invitation.merging(change)
        #expect(rules.ownPart(of: edited, base: Sample.invitation) == nil)
    }

    @Test func `an own part in another spelling is no change`() {
        let edited = Sample.invitation.with([
            "reminders": ["overrides": [["minutes": 10, "method": "popup"]]]
        ])
        #expect(rules.ownPart(of: edited, base: Sample.invitation) == nil)
    }

    // MARK: - Slots

    @Test(arguments: [
        ("2026-11-09T09:00:00+01:00", true), ("2026-10-19T09:00:00+02:00", true),
        ("2026-11-02T09:00:00+01:00", false), ("2026-11-09T10:00:00+01:00", false),
        ("2026-12-07T09:00:00+01:00", false), ("2026-11-10T09:00:00+01:00", false),
    ])
    func `a slot exists while the series starts there`(start: String, exists: Bool) {
        let exception = Sample.exception.with(["originalStartTime": ["dateTime": .string(start)]])
        #expect(rules.slotExists(for: exception, in: Sample.series) == exists)
    }

    @Test func `a series without a rule has no slots, an unreadable one all of them`() {
        let plain = Sample.series.with(["recurrence": .null])
        #expect(!rules.slotExists(for: Sample.exception, in: plain))
        let broken = Sample.series.with(["recurrence": ["RRULE:FREQ=X"]])
        #expect(rules.slotExists(for: Sample.exception, in: broken))
        #expect(rules.slotExists(for: [:], in: Sample.series))
        let allDay = Sample.allDay.with(["recurrence": ["RRULE:FREQ=DAILY"]])
        #expect(!rules.slotExists(for: Sample.exception, in: allDay))
        let timed = Sample.exception.with(["originalStartTime": ["date": "2026-11-09"]])
        #expect(!rules.slotExists(for: timed, in: Sample.series))
    }

    // MARK: - Mail

    static let meeting = Sample.single.with([
        "attendees": [
            ["email": "ada@example.com", "self": true, "organizer": true],
            ["email": "Bob@example.com"], ["email": "room@x.y", "resource": true],
        ]
    ])

    @Test(
        arguments: [
            (nil, meeting, ["bob@example.com"]), (meeting, nil, ["bob@example.com"]),
            (meeting, meeting.with(["summary": "X"]), ["bob@example.com"]),
            (
                meeting, meeting.with(["attendees": [["email": "eve@x.y"]]]),
                ["bob@example.com", "eve@x.y"]
            ),
            (meeting, meeting.with(["attendees": .null]), ["bob@example.com"]),
            (meeting, meeting, []), (meeting, meeting.with(["colorId": "2"]), []),
            (meeting, meeting.with(["reminders": ["useDefault": false]]), []),
            (meeting, meeting.with(["extendedProperties": ["private": ["a": "b"]]]), []),
            (
                meeting, meeting.with(["extendedProperties": ["shared": ["a": "b"]]]),
                ["bob@example.com"]
            ),
            (Sample.single, Sample.single.with(["summary": "X"]), []),
            (nil, nil, []), ("x", 5, []),
        ] as [(JSON?, JSON?, [String])])
    func `guests of before and after are mailed, never oneself`(
        before: JSON?, after: JSON?, addresses: [String]
    ) {
        #expect(rules.notified(before: before, after: after) == addresses)
    }

    @Test(
        arguments: [
            (meeting, ["bob@example.com"]), (Sample.single, []), ("x", []),
            (
                meeting.with(["attendees": [["email": "Eve@x.y"], ["email": "eve@X.Y"], [:], 5]]),
                ["eve@x.y"]
            ),
        ] as [(JSON, [String])])
    func `every guest is mailed about a move, never oneself, never a room`(
        event: JSON, addresses: [String]
    ) {
        #expect(rules.notified(moving: event) == addresses)
    }

    @Test func `an answer is mailed to the organiser alone`() {
        var answered = Sample.invitation
        var guests = answered["attendees"]?.array ?? []
        guests[1]["responseStatus"] = "accepted"
        answered["attendees"] = .array(guests)
        #expect(
            rules.notified(before: Sample.invitation, after: answered) == ["grace@example.com"])
        #expect(rules.notified(before: Sample.invitation, after: nil) == ["grace@example.com"])
        let changed = answered.with(["summary": "X"])
        #expect(
            rules.notified(before: Sample.invitation, after: changed)
                == ["bob@example.com", "grace@example.com"])
    }
}
