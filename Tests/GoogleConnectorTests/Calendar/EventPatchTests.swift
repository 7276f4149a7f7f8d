import LosslessJSON
import TandemCore
import Testing

@testable import GoogleConnector

/// What is sent of an edit.
@Suite struct EventPatchTests {
    private let rules = EventRules()

    @Test func `only what differs is sent, and nothing that Google writes`() {
        let base: JSON = [
            "id": "abcde", "etag": "\"1\"", "summary": "Old", "location": "Here", "sequence": 3,
            "updated": "2026-11-01T10:00:00Z", "unknownMember": ["deep": [1, 2]],
        ]
        var edited = base
        edited["summary"] = "New"
        edited["location"] = .none
        edited["etag"] = "\"2\""
        edited["sequence"] = 4
        #expect(rules.patch(from: base, to: edited) == ["summary": "New", "location": .null])
        #expect(rules.patch(from: base, to: base) == [:])
    }

    @Test func `an instance is cancelled by a word, however little else it says`() {
        let names: JSON = ["id": "a_20261109", "recurringEventId": "a"]
        let base = names.merging(["summary": "Own", "start": ["date": "2026-11-09"]])
        let gone = names.merging(["status": "cancelled"])
        #expect(rules.patch(from: base, to: gone) == ["status": "cancelled"])
        #expect(rules.patch(from: gone, to: gone) == [:])
    }

    @Test func `conference data goes whole or not at all`() {
        let meeting: JSON = [
            "conferenceId": "abc", "conferenceSolution": ["name": "Meet"],
            "entryPoints": [["entryPointType": "video", "uri": "https://meet.example/abc"]],
        ]
        let base: JSON = ["summary": "Call", "conferenceData": meeting]
        var edited = base
        edited["conferenceData"]?["conferenceId"] = "def"
        #expect(
            rules.patch(from: base, to: edited)
                == ["conferenceData": edited["conferenceData"] ?? .null])
        edited["conferenceData"] = .none
        #expect(rules.patch(from: base, to: edited) == ["conferenceData": .null])
        edited = base
        edited["summary"] = "Other"
        #expect(rules.patch(from: base, to: edited) == ["summary": "Other"])
    }

    @Test func `guests that Google left out stay when others change`() {
        let own: JSON = ["email": "ada@example.com", "self": true, "responseStatus": "needsAction"]
        var answered = own
        answered["responseStatus"] = "accepted"
        let base: JSON = ["attendees": [own], "attendeesOmitted": true]
        let edited: JSON = ["attendees": [answered], "attendeesOmitted": true]
        #expect(
            rules.patch(from: base, to: edited)
                == ["attendees": [answered], "attendeesOmitted": true])
        var all = base
        all["attendeesOmitted"] = .none
        var change = edited
        change["attendeesOmitted"] = .none
        #expect(rules.patch(from: all, to: change) == ["attendees": [answered]])
    }

    @Test func `the calendar that organizes an event is its home`() {
        #expect(
            rules.home(of: ["organizer": ["email": "team@group.calendar.google.com"]])
                == RemoteID(rawValue: "team@group.calendar.google.com"))
        for odd: JSON in [[:], ["organizer": [:]], ["organizer": ["email": ""]], [], "text"] {
            #expect(rules.home(of: odd) == nil)
        }
    }
}
