import LosslessJSON
import TandemCore
import Testing

@testable import GoogleConnector

struct EventCanonicalTests {
    let rules = EventRules()

    /// Two spellings of one event.
    static let sameContent: [(String, JSON, JSON)] = [
        (
            "an instant with another offset",
            ["start": ["dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris"]],
            ["start": ["dateTime": "2026-11-09T09:00:00Z", "timeZone": "Europe/Paris"]]
        ),
        (
            "an instant without offset in its zone",
            ["end": ["dateTime": "2026-07-09T10:00:00", "timeZone": "Europe/Paris"]],
            ["end": ["dateTime": "2026-07-09T10:00:00.000+02:00", "timeZone": "Europe/Paris"]]
        ),
        (
            "a day with the other form nulled",
            ["start": ["date": "2026-11-09", "dateTime": .null, "timeZone": "Europe/Paris"]],
            ["start": ["date": "2026-11-09"]]
        ),
        (
            "defaults and nothing",
            [
                "status": "confirmed", "transparency": "opaque", "visibility": "default",
                "guestsCanInviteOthers": true, "guestsCanModify": false,
                "guestsCanSeeOtherGuests": true, "anyoneCanAddSelf": false,
                "endTimeUnspecified": false, "privateCopy": false, "eventType": "default",
                "attendeesOmitted": false, "reminders": ["useDefault": true],
            ],
            [:]
        ),
        (
            "empty values and nothing",
            [
                "summary": "", "description": "", "location": .null, "attendees": [],
                "recurrence": [], "attachments": [], "colorId": "", "source": [:],
                "conferenceData": .null, "extendedProperties": ["private": [:], "shared": .null],
                "reminders": [:], "start": [:],
            ],
            [:]
        ),
        (
            "what Google alone writes and nothing",
            [
                "kind": "calendar#event", "etag": "\"1\"", "id": "abcde", "htmlLink": "x",
                "created": "x", "updated": "y", "creator": [:], "organizer": ["email": "a@b"],
                "sequence": 4, "hangoutLink": "z", "locked": true,
                "iCalUID": "abcde@google.com",
            ],
            [:]
        ),
        (
            "an exception's UID is its series'",
            ["recurringEventId": "abcde_R20261109T090000", "iCalUID": "abcde@google.com"],
            [:]
        ),
        (
            "guests in any order and case",
            [
                "attendees": [
                    ["email": "Bob@Example.com", "responseStatus": "needsAction", "id": "1"],
                    ["email": "ada@example.com", "responseStatus": "accepted", "self": true],
                ]
            ],
            [
                "attendees": [
                    [
                        "email": "ada@example.com", "responseStatus": "accepted",
                        "optional": false, "organizer": true, "comment": "",
                    ],
                    ["email": "bob@example.com", "additionalGuests": 0, "displayName": .null],
                ]
            ]
        ),
        (
            "reminders in any order, useDefault false by itself",
            [
                "reminders": [
                    "useDefault": false,
                    "overrides": [
                        ["method": "popup", "minutes": 10], ["minutes": 60, "method": "email"],
                    ],
                ]
            ],
            [
                "reminders": [
                    "overrides": [
                        ["method": "email", "minutes": 60], ["method": "popup", "minutes": 10],
                    ]
                ]
            ]
        ),
        (
            "recurrence lines in any order and case",
            [
                "recurrence": [
                    "EXDATE;TZID=Europe/Paris:20261116T090000,20261102T090000",
                    "rrule:freq=weekly;byday=we,mo;wkst=mo;interval=1",
                ]
            ],
            [
                "recurrence": [
                    "RRULE:BYDAY=MO,WE;FREQ=WEEKLY", "EXDATE:20261102T080000Z",
                    "EXDATE;VALUE=DATE-TIME:20261116T080000Z", "",
                ]
            ]
        ),
        (
            "days left out with and without VALUE",
            ["recurrence": ["RRULE:FREQ=DAILY", "EXDATE;VALUE=DATE:20261102,20261101"]],
            ["recurrence": ["RRULE:FREQ=DAILY", "EXDATE:20261101", "EXDATE:20261102"]]
        ),
        (
            "an instance taken out, with and without the rest",
            [
                "status": "cancelled", "recurringEventId": "abcde", "summary": "Gone",
                "start": ["date": "2026-11-09"],
            ],
            ["status": "cancelled", "recurringEventId": "abcde"]
        ),
        (
            "attachments in any order",
            [
                "attachments": [
                    ["fileUrl": "https://b.example", "fileId": "1"],
                    ["fileUrl": "https://a.example"],
                ]
            ],
            [
                "attachments": [
                    ["fileUrl": "https://a.example"], ["fileUrl": "https://b.example"],
                ]
            ]
        ),
    ]

    @Test(arguments: sameContent.indices)
    func `equal contents look equal`(place: Int) {
        let (name, left, right) = Self.sameContent[place]
        #expect(rules.canonical(left) == rules.canonical(right), "\(name)")
    }

    /// Two events that differ.
    static let otherContent: [(String, JSON, JSON)] = [
        (
            "another instant", ["start": ["dateTime": "2026-11-09T10:00:00+01:00"]],
            ["start": ["dateTime": "2026-11-09T10:00:00Z"]]
        ),
        (
            "another zone",
            ["start": ["dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris"]],
            ["start": ["dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Rome"]]
        ),
        (
            "a day and its midnight", ["start": ["date": "2026-11-09"]],
            ["start": ["dateTime": "2026-11-09T00:00:00Z"]]
        ),
        ("no reminders at all", ["reminders": ["useDefault": false]], [:]),
        (
            "another answer", ["attendees": [["email": "a@b.c"]]],
            ["attendees": [["email": "a@b.c", "responseStatus": "declined"]]]
        ),
        ("a fractional number in an unknown member", ["future": 2.50], ["future": 2]),
        ("an empty unknown text", ["future": ""], [:]),
        ("an empty property", ["extendedProperties": ["private": ["a": ""]]], [:]),
        ("a UID of its own", ["id": "abcde", "iCalUID": "x@example.com"], ["id": "abcde"]),
        (
            "an end to the series", ["recurrence": ["RRULE:FREQ=DAILY"]],
            ["recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]]
        ),
        (
            "days in another order mean another set position",
            ["recurrence": ["RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1"]],
            ["recurrence": ["RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2"]]
        ),
        ("tentative", ["status": "tentative"], [:]),
        ("a composed and a decomposed letter", ["summary": "\u{E9}"], ["summary": "e\u{301}"]),
    ]

    @Test(arguments: otherContent.indices)
    func `different contents look different`(place: Int) {
        let (name, left, right) = Self.otherContent[place]
        #expect(rules.canonical(left) != rules.canonical(right), "\(name)")
    }

    @Test(arguments: Sample.all)
    func `the canonical form of a canonical form is itself`(event: JSON) {
        let once = rules.canonical(event)
        #expect(rules.canonical(once) == once)
    }

    @Test func `nothing that Google alone writes is compared`() {
        for event in Sample.all {
            let keys = rules.canonical(event).object?.keys ?? []
            #expect(rules.serverOwned.isDisjoint(with: keys))
        }
    }

    @Test func `a member that no rule knows stays as it is, digit by digit`() throws {
        let event = try JSON(parsing: #"{"futureMember":{"a":[1,2.50],"b":null,"c":""}}"#)
        #expect(rules.canonical(event) == event)
        #expect(rules.canonical(event).text == event.text)
    }

    @Test func `the UTC form of a time keeps its zone`() {
        let form = rules.canonical(Sample.single)
        #expect(
            form["start"] == ["dateTime": "2026-11-09T09:00:00Z", "timeZone": "Europe/Paris"])
        #expect(Set(form.object?.keys ?? []) == ["summary", "start", "end"])
    }

    @Test func `every known member belongs to one field or to the server`() {
        let covered = rules.fields.flatMap(\.members).compactMap(\.components.first)
        #expect(Set(covered).isDisjoint(with: rules.serverOwned))
        let pointers = rules.fields.flatMap(\.members)
        #expect(Set(pointers).count == pointers.count)
        #expect(Set(rules.fields.map(\.name)).count == rules.fields.count)
        let known = Set(covered).union(rules.serverOwned).union(["attendeesOmitted"])
        for event in Sample.all {
            let names = Set(event.object?.keys ?? []).subtracting(["futureMember"])
            #expect(names.subtracting(known) == [])
        }
    }

    @Test(arguments: [JSON.null, true, 3, "x", [1, 2], [:]])
    func `something that is no event is its own form`(value: JSON) {
        #expect(rules.canonical(value) == value)
    }
}
