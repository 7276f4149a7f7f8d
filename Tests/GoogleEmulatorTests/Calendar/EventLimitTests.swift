import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Sections 3 and 5 of the Calendar contract: how large the parts of an event may be.
@Suite struct EventLimitTests {
    let local = Local()

    private func insert(_ more: JSONObject, _ query: String = "") -> Answer {
        var body: JSONObject = [
            "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
        ]
        for member in more { body[member.key] = member.value }
        return local.call("POST", "calendars/primary/events" + query, .object(body))
    }

    private func properties(_ count: Int, of bytes: Int) -> JSON {
        .object(
            JSONObject(
                (0..<count).map { index in
                    let key = "k\(1000 + index)"
                    let value = String(repeating: "v", count: bytes - key.utf8.count)
                    return (key, .string(value))
                }))
    }

    @Test func `a property with a long key is dropped and a long value is cut`() {
        let fits = String(repeating: "k", count: 44)
        let long = String(repeating: "k", count: 45)
        let map = JSONObject([
            (fits, .string(String(repeating: "é", count: 1024))), (long, "dropped"),
            ("cut", .string(String(repeating: "é", count: 1025))),
        ])
        let event = insert(["extendedProperties": ["private": .object(map)]])
        let kept = event["extendedProperties"]?["private"]
        #expect(kept?[fits]?.string?.count == 1024)
        #expect(kept?["cut"]?.string == String(repeating: "é", count: 1024))
        #expect(kept?.object?.count == 2)
    }

    @Test(arguments: ["private", "shared"])
    func `300 properties and 32 KiB of each kind are the most`(part: String) {
        func status(_ count: Int, _ bytes: Int) -> Int {
            insert(["extendedProperties": .object([part: properties(count, of: bytes)])]).status
        }
        #expect(status(300, 10) == 200)
        #expect(status(301, 10) == 400)
        #expect(status(64, 512) == 200)
        #expect(status(65, 512) == 400)
    }

    @Test func `25 attachments and five reminders are the most`() {
        func attachments(_ count: Int) -> JSONObject {
            let one: JSON = ["fileUrl": "https://drive.example/1"]
            return ["attachments": .array(Array(repeating: one, count: count))]
        }
        #expect(insert(attachments(25), "?supportsAttachments=true").status == 200)
        #expect(insert(attachments(26), "?supportsAttachments=true").status == 400)
        #expect(
            insert(["attachments": [["title": "x"]]], "?supportsAttachments=true").reason
                == "required")
        func reminders(_ count: Int) -> JSONObject {
            let one: JSON = ["method": "popup", "minutes": 40_320]
            return [
                "reminders": [
                    "useDefault": false, "overrides": .array(Array(repeating: one, count: count)),
                ]
            ]
        }
        #expect(insert(reminders(5)).status == 200)
        #expect(insert(reminders(6)).status == 400)
    }

    @Test func `default reminders and other ones exclude each other`() {
        let answer = insert([
            "reminders": [
                "useDefault": true, "overrides": [["method": "popup", "minutes": 5]],
            ]
        ])
        #expect(answer.status == 400)
        #expect(answer.domain == "calendar")
        #expect(answer.reason == "cannotUseDefaultRemindersAndSpecifyOverride")
        #expect(insert(["reminders": ["useDefault": true, "overrides": []]]).status == 200)
    }

    static let untils: [(rule: String, allDay: Int, timed: Int)] = [
        ("RRULE:FREQ=DAILY;UNTIL=20261120", 200, 400),
        ("RRULE:FREQ=DAILY;UNTIL=20261120T235959Z", 400, 200),
        ("RRULE:FREQ=DAILY;UNTIL=20261120T235959", 400, 400),
        ("rrule:freq=daily;until=20261120", 200, 400),
        ("EXRULE:FREQ=DAILY;UNTIL=20261120T235959Z", 400, 200),
        ("RRULE:FREQ=DAILY;COUNT=3", 200, 200),
        ("EXDATE;VALUE=DATE:20261111", 200, 200),
    ]

    @Test(arguments: untils)
    func `UNTIL is a date for days and UTC for times`(rule: String, allDay: Int, timed: Int) {
        let lines: JSON = ["RRULE:FREQ=WEEKLY", .string(rule)]
        #expect(insert(["recurrence": lines]).status == allDay)
        let time: JSON = ["dateTime": "2026-11-10T10:00:00", "timeZone": "Europe/Paris"]
        let answer = insert(["recurrence": lines, "start": time, "end": time])
        #expect(answer.status == timed)
        if timed == 400 { #expect(answer.reason == "invalid") }
    }

    static let refused = [
        #"{"source":{"url":"ftp://example.com/"}}"#, #"{"source":{"title":"x"}}"#,
        #"{"attendees":[{"email":"a@b.example","optional":"yes"}]}"#,
        #"{"attendees":[{"email":"a@b.example","additionalGuests":-1}]}"#,
        #"{"attendees":[{"email":"a@b.example","displayName":5}]}"#,
        #"{"attendees":[{"email":"a@b.example","responseStatus":"nonsense"}]}"#,
        #"{"attendees":[{"email":"a@b.example","responseStatus":5}]}"#,
        #"{"attendees":[{"email":"a@b.example","responseStatus":true}]}"#,
        #"{"attendees":[{"email":"a@b.example","responseStatus":[1]}]}"#,
        #"{"eventType":"focusTime","focusTimeProperties":{"chatStatus":"away"}}"#,
        #"{"eventType":"focusTime","focusTimeProperties":{"autoDeclineMode":"never"}}"#,
        #"{"eventType":"outOfOffice","outOfOfficeProperties":{"autoDeclineMode":1}}"#,
        #"{"eventType":"workingLocation","workingLocationProperties":{"type":"beach"}}"#,
        #"{"eventType":"workingLocation","workingLocationProperties":{"homeOffice":{}}}"#,
        #"{"eventType":"workingLocation"}"#,
        #"{"eventType":"workingLocation","workingLocationProperties":null}"#,
        #"{"extendedProperties":"none"}"#, #"{"reminders":{"overrides":[{"method":"popup"}]}}"#,
    ]

    @Test(arguments: refused)
    func `parts of another kind are refused`(more: String) {
        #expect(insert(json(more).object ?? [:]).status == 400)
        #expect(local.get("calendars/primary/events").items.isEmpty)
    }

    @Test func `an attendee keeps what nobody knows and not what the server sets`() {
        let guest = json(
            #"""
            {"email":"Bob@Example.net","displayName":"Bob","foo":{"bar":[1,2.50]},"optional":true,
             "resource":false,"additionalGuests":2,"comment":"late","self":true,"organizer":true,
             "asyncOperation":"inProgress"}
            """#)
        let event = insert(["attendees": [guest]])
        let kept = event["attendees"]?[0]
        #expect(
            kept?.object?.keys == [
                "email", "displayName", "optional", "responseStatus", "comment",
                "additionalGuests", "foo",
            ])
        #expect(kept?["email"] == "Bob@Example.net")
        #expect(kept?["foo"] == json(#"{"bar":[1,2.50]}"#))
        #expect(kept?["responseStatus"] == "needsAction")
    }

    @Test func `an address counts once whatever its case`() {
        let event = insert(["attendees": [["email": "a@b.example"], ["email": "A@B.example"]]])
        #expect(event["attendees"]?.array?.count == 1)
    }

    @Test func `only a new guest says whether it is a resource`() {
        let room: JSON = ["email": "room@example.net", "resource": true]
        let person: JSON = ["email": "bob@example.net"]
        let id = insert(["attendees": [room, person]])["id"]?.string ?? ""
        let swapped: JSON = [
            "attendees": [
                ["email": "Room@example.net"], ["email": "bob@example.net", "resource": true],
                ["email": "hall@example.net", "resource": true],
            ]
        ]
        let answer = local.call("PATCH", "calendars/primary/events/\(id)", swapped)
        #expect(answer["attendees"]?.array?.map { $0["resource"] } == [true, nil, true])
    }

    @Test func `an import drops what belongs to a special type`() {
        let body = json(
            #"""
            {"iCalUID":"f@example.net","start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"},
             "eventType":"outOfOffice","outOfOfficeProperties":{"declineMessage":"Away"}}
            """#)
        let event = local.call("POST", "calendars/primary/events/import", body)
        #expect(event["eventType"] == "default")
        #expect(event["outOfOfficeProperties"] == nil)
    }

    @Test func `an import of an exception needs a series id that can be one`() {
        let body = json(
            #"""
            {"iCalUID":"f@example.net","start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"},
             "recurringEventId":"../x","originalStartTime":{"date":"2026-11-10"}}
            """#)
        let event = local.call("POST", "calendars/primary/events/import", body)
        #expect(event.message == "Invalid resource id value.")
    }
}
