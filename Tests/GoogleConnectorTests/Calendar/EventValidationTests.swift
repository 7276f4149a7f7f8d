import LosslessJSON
import TandemCore
import Testing

@testable import GoogleConnector

struct EventValidationTests {
    let rules = EventRules()

    @Test(arguments: Sample.all)
    func `what Google sent is accepted`(event: JSON) {
        #expect(refusal(rules, event) == nil)
    }

    @Test(
        arguments: [
            ["summary": "New", "start": ["date": "2026-11-09"], "end": ["date": "2026-11-10"]],
            [
                "id": "abcde", "start": ["dateTime": "2026-11-09T10:00:00", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-09T10:00:00Z"],
            ],
            [
                "recurringEventId": "x_y", "originalStartTime": ["date": "2026-11-09"],
                "status": "cancelled",
            ],
            [
                "start": ["dateTime": "2026-11-09T10:00:00Z", "timeZone": "UTC", "date": .null],
                "end": ["dateTime": "2026-11-09T11:00:00Z"], "recurrence": [],
                "reminders": .null, "attendees": .null, "colorId": .null,
                "extendedProperties": .null,
            ],
            Sample.single.with(["id": "_60q30c1g60o30e1i60o4ac1g"]),
            Sample.single.with(["id": "abc_R20261109T090000"]),
        ] as [JSON])
    func `an event that Google would take is accepted`(event: JSON) {
        #expect(refusal(rules, event) == nil)
    }

    /// Changes to a good event that spoil it, and a word of the answer.
    static let spoilt: [(JSON, String)] = [
        (["start": .null], "'start'"), (["end": .null], "'end'"), (["start": "x"], "'start'"),
        (["start": ["dateTime": "2026-11-09T10:00:00", "timeZone": .null]], "'start'"),
        (["start": ["date": "2026-11-09"]], "either"),
        (["start": ["timeZone": "Mars/Base"]], "IANA"), (["end": ["timeZone": 5]], "IANA"),
        (["end": ["dateTime": "2026-11-09T09:59:59+01:00"]], "before"),
        (["start": ["dateTime": .null, "date": "2026-11-09"]], "both"),
        (["status": "busy"], "status"), (["status": "cancelled"], "delete it"),
        (["status": 1], "status"), (["summary": 5], "'summary'"),
        (["summary": .string(String(repeating: "x", count: 8193))], "8192"),
        (["description": .string(String(repeating: "x", count: 65_537))], "65536"),
        (["description": .string(String(repeating: "x", count: 1 << 20))], "1 MiB"),
        (["transparency": "busy"], "transparency"), (["visibility": true], "visibility"),
        (["guestsCanModify": "yes"], "guestsCanModify"),
        (["attendees": "ada@example.com"], "attendees"), (["attendees": ["x"]], "email"),
        (["attendees": [["email": "ada"]]], "email"),
        (["attendees": [["email": "a b@example.com"]]], "email"),
        (["attendees": [["email": "@example.com"]]], "email"),
        (["attendees": [["email": "a@b@c"]]], "email"),
        (["attendees": [["email": "a@b.c", "responseStatus": "yes"]]], "responseStatus"),
        (["reminders": []], ""), (["reminders": [1]], "reminders"),
        (
            ["reminders": ["useDefault": true, "overrides": [["method": "popup", "minutes": 1]]]],
            "not both"
        ),
        (
            ["reminders": ["useDefault": false, "overrides": [["method": "sms", "minutes": 1]]]],
            "method"
        ),
        (
            [
                "reminders": [
                    "useDefault": false, "overrides": [["method": "email", "minutes": 40321]],
                ]
            ],
            "40320"
        ),
        (
            [
                "reminders": [
                    "useDefault": false, "overrides": [["method": "email", "minutes": -1]],
                ]
            ],
            "40320"
        ),
        (
            [
                "reminders": [
                    "useDefault": false,
                    "overrides": .array(
                        Array(repeating: ["method": "popup", "minutes": 1], count: 6)),
                ]
            ], "5"
        ),
        (["attachments": .array(Array(repeating: ["fileUrl": "x"], count: 26))], "25"),
        (["attachments": [["title": "x"]]], "fileUrl"),
        (["extendedProperties": "x"], "extendedProperties"),
        (["extendedProperties": ["private": ["k": 1]]], "private"),
        (["extendedProperties": ["shared": [.init(repeating: "k", count: 45): "v"]]], "44"),
        (
            ["extendedProperties": ["shared": ["k": .string(String(repeating: "v", count: 1025))]]],
            "1024"
        ),
        (["recurrence": "RRULE:FREQ=DAILY"], "list"), (["recurrence": [5]], "list"),
        (["recurrence": ["RRULE:FREQ=NEVER"]], "recurrence"),
        (["recurrence": ["RRULE:FREQ=DAILY"], "start": ["timeZone": .null]], "timeZone"),
        (
            [
                "recurrence": ["RRULE:FREQ=DAILY"], "recurringEventId": "x",
                "originalStartTime": ["date": "2026-11-09"],
            ], "instance"
        ),
        (["recurringEventId": "x"], "originalStartTime"),
        (["etag": .null, "id": "ABC"], "'id'"), (["etag": .null, "id": "abcd"], "'id'"),
        (["etag": .null, "id": "abcdw"], "'id'"), (["etag": .null, "id": 5], "'id'"),
        (
            [
                "etag": .null, "recurringEventId": "x", "originalStartTime": ["date": "2026-11-09"],
                "id": "x_20261110",
            ], "'id'"
        ),
    ]

    @Test(arguments: spoilt.indices)
    func `what Google would refuse is refused with a reason`(place: Int) {
        let (change, word) = Self.spoilt[place]
        let error = refusal(rules, Sample.single.merging(change))
        guard !word.isEmpty else {
            #expect(error == nil)
            return
        }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "accepted")")
        #expect(error?.message.hasSuffix(".") == true)
    }

    @Test func `an all-day event must last a day`() {
        let event = Sample.allDay.with(["end": ["date": "2026-12-24"]])
        #expect(refusal(rules, event)?.message.contains("day after") == true)
    }

    @Test(arguments: [JSON.null, 5, "x", [], true])
    func `something that is no object is refused`(value: JSON) {
        #expect(refusal(rules, value)?.code == .invalid)
    }

    @Test func `a refusal holds no content of the event`() {
        let secret = "tulip-secret"
        for (change, word) in Self.spoilt where !word.isEmpty {
            var event = Sample.single.merging(change)
            event["location"] = .string(secret)
            #expect(refusal(rules, event)?.description.contains(secret) == false)
        }
    }
}

struct EventNameTests {
    let rules = EventRules()

    @Test func `a new id is 26 characters that Google takes`() {
        let random = SeededRandom(seed: 7)
        var seen: Set<String> = []
        for _ in 0..<2_000 {
            let id = rules.makeRemoteID(for: Sample.single, random: random)?.rawValue ?? ""
            #expect(id.utf8.count == 26 && EventName.isClientChoosable(id))
            seen.insert(id)
        }
        #expect(seen.count == 2_000)
        #expect(Set(seen.joined()) == Set("0123456789abcdefghijklmnopqrstuv"))
    }

    @Test func `every one of the 130 bits counts`() {
        struct Fixed: RandomSource {
            let value: UInt64
            func next() -> UInt64 { value }
        }
        #expect(EventName.makeID(Fixed(value: 0)) == String(repeating: "0", count: 26))
        #expect(EventName.makeID(Fixed(value: .max)) == String(repeating: "v", count: 26))
    }

    @Test(
        arguments: [
            ("weekly", ["dateTime": "2026-11-09T09:00:00+01:00"], "weekly_20261109T080000Z"),
            ("weekly", ["date": "2026-11-09"], "weekly_20261109"),
            (
                "weekly_R20261019T070000", ["dateTime": "2026-11-09T09:00:00+01:00"],
                "weekly_20261109T080000Z"
            ),
            ("weekly_R20261019", ["date": "2026-11-09"], "weekly_20261109"),
            ("week_ly", ["date": "2026-11-09"], "week_ly_20261109"),
            ("weekly", ["date": "never"], nil), ("weekly", [:], nil),
        ] as [(String, JSON, String?)])
    func `an exception has the id of its instance`(series: String, start: JSON, id: String?) {
        let event: JSON = ["recurringEventId": .string(series), "originalStartTime": start]
        let made = rules.makeRemoteID(for: event, random: SeededRandom(seed: 1))
        #expect(made?.rawValue == id)
    }
}
