import LosslessJSON
import Testing

@testable import GoogleEmulator

/// A resource that Google refuses, and how.
struct Refusal: Sendable {
    let body: String
    let reason: String
    let message: String

    init(_ body: String, _ reason: String, _ message: String) {
        self.body = body
        self.reason = reason
        self.message = message
    }
}

/// Sections 3, 6 and 7 of the Calendar contract: what an event may be, and its identity.
@Suite struct EventInsertTests {
    let local = Local()

    private func insert(_ body: JSON, as user: String = "ada") -> Answer {
        local.call("POST", "calendars/primary/events", body, as: user)
    }

    private func times(_ more: JSONObject = [:]) -> JSON {
        var body: JSONObject = [
            "start": ["dateTime": "2026-11-10T10:00:00+01:00"],
            "end": ["dateTime": "2026-11-10T11:00:00+01:00"],
        ]
        for member in more { body[member.key] = member.value }
        return .object(body)
    }

    @Test(arguments: ["", "/import"])
    func `an id that a client took before it was its turn is drawn by nobody`(method: String) {
        // The same seed draws the same ids.
        let id = Local().event("Seen before")
        let other = Local()
        #expect(other.event("Taken", ["id": .string(id)]) == id)
        for number in 0..<3 {
            let answer = other.call(
                "POST", "calendars/primary/events\(method)",
                [
                    "summary": "Mine", "iCalUID": .string("\(number)@example.com"),
                    "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
                ])
            #expect(answer.status == 200)
            #expect(answer["id"]?.string.map { $0 != id } == true)
        }
    }

    @Test func `a new event carries what the server adds and leaves defaults out`() {
        let event = insert(
            times([
                "summary": "Pump inspection", "transparency": "opaque", "visibility": "default",
                "guestsCanInviteOthers": true, "guestsCanModify": false,
                "guestsCanSeeOtherGuests": true, "description": "", "location": .null,
            ]))
        #expect(event.status == 200)
        let names = event.json.object?.keys ?? []
        #expect(
            names == [
                "kind", "etag", "id", "status", "htmlLink", "created", "updated", "summary",
                "creator", "organizer", "start", "end", "iCalUID", "sequence", "reminders",
                "eventType",
            ])
        #expect(event["kind"] == "calendar#event")
        #expect(event["status"] == "confirmed")
        #expect(event["creator"] == ["email": "ada@example.com", "self": true])
        #expect(event["organizer"] == ["email": "ada@example.com", "self": true])
        #expect(event["sequence"] == 0)
        #expect(event["reminders"] == ["useDefault": true])
        #expect(event["eventType"] == "default")
        let id = event["id"]?.string ?? ""
        #expect(id.count == 26)
        #expect(event["iCalUID"]?.string == id + "@google.com")
        #expect(event.raw.header("ETag") == event["etag"]?.string)
        #expect(event["etag"]?.string?.hasPrefix("\"35") == true)
    }

    @Test func `values that are no defaults are kept`() {
        let more: JSONObject = [
            "transparency": "transparent", "visibility": "private", "guestsCanModify": true,
            "guestsCanInviteOthers": false, "colorId": "7", "location": "Room Curie",
            "extendedProperties": ["private": ["a": "1"], "shared": ["b": "2"]],
            "source": ["url": "https://example.com/", "title": "Ticket"],
            "anyoneCanAddSelf": true,
            "reminders": ["useDefault": false, "overrides": [["method": "popup", "minutes": 5]]],
        ]
        let event = insert(times(more))
        for member in more { #expect(event[member.key] == member.value) }
    }

    @Test func `a member that nobody knows is stored and sent back`() {
        let event = insert(times(["brandNew": ["deep": [1, 2.50]]]))
        #expect(event["brandNew"] == ["deep": [1, 2.50]])
    }

    @Test(arguments: ["abcde", "a0v9k", String(repeating: "v", count: 1024)])
    func `a client may choose an id`(id: String) {
        #expect(insert(times(["id": .string(id)]))["id"]?.string == id)
    }

    @Test(arguments: ["abcd", "ABCDE", "abcdw", "abc_d", "", String(repeating: "a", count: 1025)])
    func `an id outside of the alphabet or length is refused`(id: String) {
        let answer = insert(times(["id": .string(id)]))
        #expect(answer.status == 400)
        #expect(answer.reason == "invalid")
        #expect(answer.message == "Invalid resource id value.")
    }

    @Test func `a taken id is refused, even that of a deleted event`() {
        _ = insert(times(["id": "abcde"]))
        let again = insert(times(["id": "abcde"]))
        #expect(again.status == 409)
        #expect(again.reason == "duplicate")
        #expect(again.message == "The requested identifier already exists.")
        _ = local.call("DELETE", "calendars/primary/events/abcde")
        #expect(insert(times(["id": "abcde"])).status == 409)
    }

    @Test func `an iCalUID may be given once on a calendar`() {
        #expect(insert(times(["iCalUID": "u1@example.com"]))["iCalUID"] == "u1@example.com")
        #expect(insert(times(["iCalUID": "u1@example.com"])).reason == "duplicate")
        #expect(insert(times(["iCalUID": "u1@example.com"]), as: "grace").status == 200)
        #expect(insert(times(["iCalUID": ""])).reason == "required")
    }

    static let impossibleTimes: [Refusal] = [
        Refusal(
            #"""
            {}
            """#,
            "required", "Missing end time."),
        Refusal(
            #"""
            {"start":{"date":"2026-11-10"}}
            """#,
            "required", "Missing end time."),
        Refusal(
            #"""
            {"end":{"date":"2026-11-10"}}
            """#,
            "required", "Missing start time."),
        Refusal(
            #"""
            {"start":{},
            "end":{"date":"2026-11-11"}}
            """#,
            "required", "Missing start time."),
        Refusal(
            #"""
            {"start":{"date":"2026-11-10"},
            "end":{"dateTime":"2026-11-10T10:00:00Z"}}
            """#,
            "invalid", "Start and end times must either both be date or both be dateTime."),
        Refusal(
            #"""
            {"start":{"date":"2026-11-10","dateTime":"2026-11-10T10:00:00Z"},
            "end":{"date":"2026-11-11"}}
            """#,
            "invalid", "Invalid start time."),
        Refusal(
            #"""
            {"start":{"dateTime":"2026-11-10T10:00:00"},
            "end":{"dateTime":"2026-11-10T11:00:00Z"}}
            """#,
            "required", "Missing time zone definition for start time."),
        Refusal(
            #"""
            {"start":{"dateTime":"2026-11-10T10:00:00Z","timeZone":"Mars/Base"},
            "end":{"dateTime":"2026-11-10T11:00:00Z"}}
            """#,
            "invalid", "Invalid time zone definition for start time."),
        Refusal(
            #"""
            {"start":{"date":"2026-02-30"},
            "end":{"date":"2026-03-01"}}
            """#,
            "invalid", "Invalid value for: start.date"),
        Refusal(
            #"""
            {"start":{"dateTime":"2026-11-10T11:00:00Z"},
            "end":{"dateTime":"2026-11-10T10:00:00Z"}}
            """#,
            "timeRangeEmpty", "The specified time range is empty."),
        Refusal(
            #"""
            {"start":{"date":"2026-11-10"},
            "end":{"date":"2026-11-10"}}
            """#,
            "timeRangeEmpty", "The specified time range is empty."),
        Refusal(
            #"""
            {"start":{"dateTime":"2026-11-10T10:00:00Z"},
            "end":{"dateTime":"2026-11-10T10:00:00Z"},
            "recurrence":["RRULE:FREQ=DAILY"]}
            """#,
            "required", "Missing time zone definition for start time."),
        Refusal(
            #"""
            {"start":{"date":"2026-11-10"},
            "end":{"date":"2026-11-11"},
            "recurrence":["RRULE:FREQ=SOMETIMES"]}
            """#,
            "invalid", "Invalid recurrence rule."),
        Refusal(
            #"""
            {"start":{"date":"2026-11-10"},
            "end":{"date":"2026-11-11"},
            "recurrence":["DTSTART:20261110"]}
            """#,
            "invalid", "Invalid recurrence rule."),
    ]

    @Test(arguments: impossibleTimes)
    func `impossible times are refused in Google's words`(refusal: Refusal) throws {
        let answer = insert(try JSON(parsing: refusal.body))
        #expect(answer.status == 400)
        #expect(answer.reason == refusal.reason)
        #expect(answer.message == refusal.message)
        #expect(local.get("calendars/primary/events").items.isEmpty)
    }

    @Test func `an event without duration is accepted`() {
        let at: JSON = ["dateTime": "2026-11-10T10:00:00Z"]
        #expect(insert(["start": at, "end": at]).status == 200)
    }

    @Test func `times are answered with the offset of the calendar's zone`() {
        let event = insert([
            "start": ["dateTime": "2026-07-10T10:00:00", "timeZone": "America/New_York"],
            "end": ["dateTime": "2026-07-10T16:00:00Z", "timeZone": "Asia/Kolkata"],
        ])
        #expect(
            event["start"] == [
                "dateTime": "2026-07-10T16:00:00+02:00", "timeZone": "America/New_York",
            ])
        #expect(
            event["end"] == ["dateTime": "2026-07-10T18:00:00+02:00", "timeZone": "Asia/Kolkata"])
    }

    @Test func `an all-day event keeps its dates`() {
        let event = insert(["start": ["date": "2026-11-10"], "end": ["date": "2026-11-13"]])
        #expect(event["start"] == ["date": "2026-11-10"])
        #expect(event["end"] == ["date": "2026-11-13"])
    }

    static let outsideOfLimits = [
        #"{"reminders":{"useDefault":true,"overrides":[{"method":"popup","minutes":5}]}}"#,
        #"{"reminders":{"overrides":[{"method":"sms","minutes":5}]}}"#,
        #"{"reminders":{"overrides":[{"method":"popup","minutes":40321}]}}"#,
        #"{"reminders":{"overrides":[1,2,3,4,5,6]}}"#,
        #"{"attendees":[{"displayName":"Nobody"}]}"#,
        #"{"attendees":[{"email":"no address"}]}"#,
        #"{"attendees":[{"email":"a@b.example","responseStatus":"perhaps"}]}"#,
        #"{"sequence":-1}"#, #"{"sequence":9223372036854775807}"#,
        #"{"status":"maybe"}"#,
        #"{"visibility":"secret"}"#,
        #"{"transparency":5}"#,
        #"{"eventType":"party"}"#,
        #"{"eventType":"fromGmail"}"#,
        #"{"colorId":"12"}"#,
        #"{"extendedProperties":{"private":{"a":1}}}"#,
        #"{"summary":5}"#,
        #"{"guestsCanModify":"yes"}"#,
    ]

    @Test(arguments: outsideOfLimits)
    func `values outside of their limits are refused`(more: String) throws {
        let answer = insert(times(try JSON(parsing: more).object ?? [:]))
        #expect(answer.status == 400)
        #expect(local.get("calendars/primary/events").items.isEmpty)
    }

    @Test func `attachments count only where the client says that it supports them`() {
        let body = times(["attachments": [["fileUrl": "https://drive.example/1", "title": "Plan"]]])
        #expect(insert(body)["attachments"] == nil)
        let path = "calendars/primary/events?supportsAttachments=true"
        #expect(local.call("POST", path, body)["attachments"]?.array?.count == 1)
    }

    @Test func `import keeps organizer and iCalUID and is idempotent`() {
        let body = times([
            "summary": "Foreign", "iCalUID": "f@example.net", "sequence": 2,
            "organizer": ["email": "boss@example.net", "displayName": "Boss"],
            "eventType": "outOfOffice",
        ])
        let path = "calendars/primary/events/import"
        let first = local.call("POST", path, body)
        #expect(first["iCalUID"] == "f@example.net")
        #expect(first["organizer"] == ["email": "boss@example.net", "displayName": "Boss"])
        #expect(first["eventType"] == "default")
        var newer = body
        newer["summary"] = "Foreign, moved"
        newer["sequence"] = 3
        let second = local.call("POST", path, newer)
        #expect(second["id"] == first["id"])
        #expect(second["summary"] == "Foreign, moved")
        let older = local.call("POST", path, body)
        #expect(older.status == 400)
        #expect(local.get("calendars/primary/events").items.count == 1)
    }

    @Test func `import needs an iCalUID and mails nobody`() {
        let path = "calendars/primary/events/import"
        #expect(local.call("POST", path, times()).reason == "required")
        let body = times(["iCalUID": "f@example.net", "attendees": [["email": "x@example.net"]]])
        #expect(local.call("POST", path + "?sendUpdates=all", body).status == 200)
        #expect(local.google.mails == 0)
    }

    @Test(arguments: [
        (
            "Lunch with Bob tomorrow 12:30-13:30", "Lunch with Bob", "2026-11-10T12:30:00+01:00",
            "13:30"
        ),
        ("Dentist on friday at 3pm", "Dentist on", "2026-11-13T15:00:00+01:00", "16:00"),
        ("Call 2026-12-24 9:15", "Call", "2026-12-24T09:15:00+01:00", "10:15"),
    ])
    func `quickAdd reads a sentence`(text: String, title: String, start: String, end: String) {
        let answer = local.call(
            "POST", "calendars/primary/events/quickAdd?text=\(PercentCoding.encode(text))")
        #expect(answer["summary"]?.string?.hasPrefix(title.replacing(" on", with: "")) == true)
        #expect(answer["start"]?["dateTime"]?.string == start)
        #expect(answer["end"]?["dateTime"]?.string?.contains("T\(end):00") == true)
    }

    @Test func `quickAdd reads the sentence of Google's own sample`() {
        let text = "Appointment at Somewhere on June 3rd 10am-10:25am"
        let answer = local.call(
            "POST", "calendars/primary/events/quickAdd?text=\(PercentCoding.encode(text))")
        #expect(answer["summary"] == "Appointment at Somewhere")
        #expect(answer["location"] == "Somewhere")
        #expect(answer["start"]?["dateTime"] == "2027-06-03T10:00:00+02:00")
        #expect(answer["end"]?["dateTime"] == "2027-06-03T10:25:00+02:00")
    }

    @Test(arguments: [
        ("Fair on June 3rd", "Fair", "2027-06-03"), ("Fair Dec. 24, 2028", "Fair", "2028-12-24"),
        ("3 June Fair", "Fair", "2027-06-03"), ("Fair 9th of November", "Fair", "2026-11-09"),
        ("Fair 2nd of may 2030", "Fair", "2030-05-02"), ("Fair 29 Feb", "Fair", "2028-02-29"),
        ("Fair on 2026-12-03", "Fair", "2026-12-03"),
        ("3 of us on Friday", "3 of us", "2026-11-13"),
        ("March 32nd tomorrow", "March 32nd", "2026-11-10"),
    ])
    func `quickAdd reads days with a month`(text: String, title: String, day: String) {
        let answer = local.call(
            "POST", "calendars/primary/events/quickAdd?text=\(PercentCoding.encode(text))")
        #expect(answer["summary"]?.string == title)
        #expect(answer["start"]?["date"]?.string == day)
    }

    @Test func `quickAdd with a day alone makes an all-day event and needs a text`() {
        let path = "calendars/primary/events/quickAdd"
        let answer = local.call("POST", path + "?text=Fair%20tomorrow")
        #expect(answer["start"] == ["date": "2026-11-10"])
        #expect(answer["end"] == ["date": "2026-11-11"])
        #expect(local.call("POST", path).reason == "required")
    }

    @Test func `on a secondary calendar the calendar is the organizer`() {
        let calendar = local.call("POST", "calendars", ["summary": "Team"])
        let id = calendar["id"]?.string ?? ""
        let event = local.call(
            "POST", "calendars/\(PercentCoding.encode(id))/events", times())
        #expect(
            event["organizer"] == ["email": .string(id), "displayName": "Team", "self": true])
        #expect(event["creator"] == ["email": "ada@example.com"])
    }
}
