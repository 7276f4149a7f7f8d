import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 8 of the Calendar contract: a value of another JSON type is a bad request.
@Suite struct EventTypesTests {
    let local = Local()
    private let days: JSONObject = [
        "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
    ]

    static let refused = [
        #"{"gadget":"clock"}"#, #"{"gadget":{"width":"wide"}}"#, #"{"gadget":{"width":1.5}}"#,
        #"{"gadget":{"height":2147483648}}"#, #"{"gadget":{"title":5}}"#,
        #"{"gadget":{"preferences":["a"]}}"#, #"{"gadget":{"preferences":{"a":1}}}"#,
        #"{"id":12345}"#, #"{"iCalUID":["x"]}"#, #"{"conferenceData":"meet"}"#,
        #"{"conferenceData":[]}"#, #"{"conferenceData":{"createRequest":7}}"#,
        #"{"birthdayProperties":7}"#, #"{"birthdayProperties":{"contact":7}}"#,
        #"{"birthdayProperties":{"customTypeName":{}}}"#, #"{"locked":"yes"}"#,
        #"{"privateCopy":1}"#, #"{"organizer":"ada@example.com"}"#,
        #"{"creator":{"email":5}}"#, #"{"source":{"url":"https://a.example","title":5}}"#,
        #"{"workingLocationProperties":{"type":"officeLocation","officeLocation":"here"}}"#,
        #"{"focusTimeProperties":{"declineMessage":5}}"#, #"{"recurringEventId":5}"#,
    ]

    private func body(_ more: String) -> JSON {
        var body = days
        for member in json(more).object ?? [:] { body[member.key] = member.value }
        return .object(body)
    }

    @Test(arguments: refused)
    func `a value of another type is refused by every method that writes`(more: String) {
        let events = "calendars/primary/events"
        let id = local.event("One")
        let before = local.get("\(events)/\(id)").json
        var imported = body(more)
        if imported["iCalUID"] == nil { imported["iCalUID"] = "f@example.net" }
        let answers = [
            local.call("POST", events, body(more)),
            local.call("POST", events + "/import", imported),
            local.call("PUT", "\(events)/\(id)", body(more)),
            local.call("PATCH", "\(events)/\(id)", json(more)),
        ]
        for answer in answers {
            #expect(answer.status == 400)
            #expect(answer.reason == "badRequest")
        }
        #expect(local.get(events).ids == [id])
        #expect(local.get("\(events)/\(id)").json == before)
    }

    @Test(arguments: refused)
    func `a seed may not hold it either`(more: String) {
        let seed: JSON = ["calendars": [["events": [body(more)]]]]
        #expect(local.control("POST", "seed", seed).status == 400)
        #expect(local.get("calendars/primary/events").items.isEmpty)
    }

    @Test func `a zone is a text`() {
        var wrong = body("{}")
        wrong["start"] = ["dateTime": "2026-11-10T10:00:00Z", "timeZone": 5]
        wrong["end"] = ["dateTime": "2026-11-10T11:00:00Z"]
        #expect(local.call("POST", "calendars/primary/events", wrong).reason == "badRequest")
    }

    @Test func `null is as good as absent`() {
        let nothing =
            #"{"gadget":null,"id":null,"iCalUID":null,"conferenceData":null,"locked":null}"#
        #expect(local.call("POST", "calendars/primary/events", body(nothing)).status == 200)
    }

    @Test func `a birthday is of a known type`() {
        let birthday = #"{"eventType":"birthday","birthdayProperties":{"type":"TYPE"}}"#
        for (type, status) in [("birthday", 200), ("self", 200), ("jubilee", 400)] {
            let event = body(birthday.replacing("TYPE", with: type))
            #expect(local.call("POST", "calendars/primary/events", event).status == status)
        }
    }

    static let statuses = [
        #"{"eventType":"focusTime","focusTimeProperties":{"chatStatus":"available"}}"#,
        #"{"eventType":"outOfOffice","outOfOfficeProperties":{"declineMessage":"Away"}}"#,
        #"""
        {"eventType":"workingLocation",
         "workingLocationProperties":{"type":"homeOffice","homeOffice":{}}}
        """#,
    ]

    @Test(arguments: statuses)
    func `what tells of a user's status is for the own calendar only`(status: String) {
        let other = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let events = "calendars/\(PercentCoding.encode(other))/events"
        let answer = local.call("POST", events, body(status))
        #expect(answer.status == 400)
        #expect(answer.reason == "invalid")
        let seed: JSON = ["calendars": [["id": .string(other), "events": [body(status)]]]]
        #expect(local.control("POST", "seed", seed).status == 400)
        #expect(local.get(events).items.isEmpty)
        #expect(local.call("POST", "calendars/primary/events", body(status)).status == 200)
    }

    @Test func `a working location keeps its place`() {
        let id = local.call("POST", "calendars/primary/events", body(Self.statuses[2]))["id"]
        let path = "calendars/primary/events/\(id?.string ?? "")"
        let gone = local.call("PATCH", path, ["workingLocationProperties": .null])
        #expect(gone.reason == "required")
        #expect(local.get(path)["workingLocationProperties"]?["type"] == "homeOffice")
    }

    @Test func `an end that stands for none is marked until a client takes the mark away`() {
        let marked = body(#"{"endTimeUnspecified":true}"#)
        let made = local.call("POST", "calendars/primary/events", marked)
        #expect(made["endTimeUnspecified"] == true)
        let path = "calendars/primary/events/\(made["id"]?.string ?? "")"
        #expect(local.call("PATCH", path, ["summary": "Open"])["endTimeUnspecified"] == true)
        #expect(local.call("PUT", path, body("{}"))["endTimeUnspecified"] == nil)
    }
}
