import LosslessJSON
import TandemCore
import Testing

@testable import GoogleConnector

/// What only an event's organiser may change.
struct EventRefusalTests {
    private let rules = EventRules()

    /// A guest's copy of grace's event.
    static let copy = Sample.single.with([
        "organizer": ["email": "grace@example.com", "displayName": "Grace"],
        "attendees": [
            ["email": "Ada@example.com", "self": true, "responseStatus": "needsAction"],
            ["email": "bob@example.com"],
        ],
    ])

    private func refused(_ change: JSON, of event: JSON = copy, series: JSON? = nil) -> [String] {
        rules.refusal(of: event.merging(change), base: event, series: series)?.fields ?? []
    }

    @Test(
        arguments: [
            (["summary": "Mine"], ["summary"]),
            (["location": "Here", "colorId": "3"], ["location"]),
            (
                ["start": ["dateTime": "2026-11-09T12:00:00+01:00"], "summary": "Mine"],
                ["summary", "time"]
            ),
            (["recurrence": ["RRULE:FREQ=DAILY"]], ["recurrence"]),
            (["extendedProperties": ["shared": ["x": "1"]]], ["sharedProperties"]),
            (["x-new": 1], ["x-new"]),
            (["attendees": [["email": "ada@example.com", "self": true]]], ["attendees"]),
            (["status": "tentative"], ["status"]),
        ] as [(JSON, [String])])
    func `what all guests see is the organiser's`(change: JSON, fields: [String]) {
        #expect(refused(change) == fields)
    }

    @Test(
        arguments: [
            ["colorId": "3", "reminders": ["useDefault": false], "transparency": "transparent"],
            ["visibility": "private", "extendedProperties": ["private": ["x": "1"]]],
            ["status": "cancelled"], ["summary": "Pump inspection"], [:],
            ["start": ["dateTime": "2026-11-09T09:00:00Z"]],
        ] as [JSON])
    func `what belongs to a copy, and what stays the same, is a guest's`(change: JSON) {
        #expect(refused(change).isEmpty)
    }

    @Test func `a guest answers, and invites unless that is forbidden`() throws {
        let guests = try #require(Self.copy["attendees"]?.array)
        var answered = guests
        answered[0]["responseStatus"] = "accepted"
        #expect(refused(["attendees": .array(answered)]).isEmpty)
        let more: JSON = ["attendees": .array(guests + [["email": "eve@example.com"]])]
        #expect(refused(more).isEmpty)
        let closed = Self.copy.with(["guestsCanInviteOthers": false])
        #expect(refused(more, of: closed) == ["attendees"])
        var spoken = guests
        spoken[1]["responseStatus"] = "declined"
        #expect(refused(["attendees": .array(spoken)]) == ["attendees"])
    }

    @Test(
        arguments: [
            Sample.single, copy.with(["guestsCanModify": true]),
            copy.with(["organizer": ["email": "ada@example.com", "self": true]]),
            copy.with(["organizer": .null]), [:], "x",
        ] as [JSON])
    func `of one's own events, and where guests may modify, all may be changed`(event: JSON) {
        #expect(refused(["summary": "Mine"], of: event).isEmpty)
    }

    @Test func `an instance without an organiser of its own has its series'`() {
        let instance = Sample.exception.with(["organizer": .null])
        let series = Sample.series.with(["organizer": ["email": "grace@example.com"]])
        #expect(refused(["summary": "Mine"], of: instance).isEmpty)
        #expect(refused(["summary": "Mine"], of: instance, series: series) == ["summary"])
        #expect(refused(["summary": "Mine"], of: instance, series: Sample.series).isEmpty)
    }

    @Test func `whose it is is said apart from the reason`() {
        let refusal = rules.refusal(
            of: Self.copy.with(["summary": "Mine"]), base: Self.copy, series: nil)
        #expect(refusal?.keeper == "grace@example.com")
        #expect(refusal?.reason.contains("grace") == false)
        #expect(
            refusal?.text
                == "Only the organiser of the event can change this: grace@example.com.")
        let nameless = Self.copy.with(["organizer": [:]])
        let other = rules.refusal(
            of: nameless.with(["summary": "Mine"]), base: nameless, series: nil)
        #expect(other?.text == "Only the organiser of the event can change this.")
    }
}
