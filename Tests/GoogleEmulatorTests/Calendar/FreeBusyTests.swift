import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 11 of the Calendar contract: who is busy when.
@Suite struct FreeBusyTests {
    let local = Local()

    private func ask(_ more: JSONObject = [:], as user: String = "ada") -> Answer {
        var body: JSONObject = [
            "timeMin": "2026-11-10T00:00:00+01:00", "timeMax": "2026-11-11T00:00:00+01:00",
            "items": [["id": "primary"]],
        ]
        for member in more { body[member.key] = member.value }
        return local.call("POST", "freeBusy", .object(body), as: user)
    }

    private func busy(_ answer: Answer, _ id: String = "primary") -> [String] {
        (answer["calendars"]?[id]?["busy"]?.array ?? []).map {
            "\($0["start"]?.string ?? "")/\($0["end"]?.string ?? "")"
        }
    }

    private func event(_ from: String, _ to: String, _ more: JSONObject = [:]) {
        var body: JSONObject = [
            "start": ["dateTime": .string("2026-11-10T\(from):00+01:00")],
            "end": ["dateTime": .string("2026-11-10T\(to):00+01:00")],
        ]
        for member in more { body[member.key] = member.value }
        #expect(local.call("POST", "calendars/primary/events", .object(body)).status == 200)
    }

    @Test func `overlapping periods are merged and free ones left out`() {
        event("10:00", "11:00")
        event("10:30", "12:00")
        event("12:00", "12:30")
        event("15:00", "16:00", ["transparency": "transparent"])
        event("17:00", "18:00")
        #expect(
            busy(ask()) == [
                "2026-11-10T09:00:00Z/2026-11-10T11:30:00Z",
                "2026-11-10T16:00:00Z/2026-11-10T17:00:00Z",
            ])
        #expect(
            busy(ask(["timeZone": "Europe/Paris"])).first
                == "2026-11-10T10:00:00+01:00/2026-11-10T12:30:00+01:00")
    }

    @Test(arguments: [
        #"{"items":"x"}"#, #"{"items":{}}"#, #"{"items":[{"id":5}]}"#, #"{"timeZone":5}"#,
    ])
    func `a question of other types is refused`(more: String) {
        let answer = ask(json(more).object ?? [:])
        #expect(answer.status == 400)
        #expect(answer.reason == "badRequest")
        #expect(ask(["items": .null, "timeZone": .null])["calendars"] == [:])
    }

    @Test func `periods are clipped to the window and series expanded`() {
        let body = json(
            #"""
            {"recurrence":["RRULE:FREQ=DAILY;COUNT=10"],
             "start":{"dateTime":"2026-11-05T23:30:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-06T00:30:00","timeZone":"Europe/Paris"}}
            """#)
        _ = local.call("POST", "calendars/primary/events", body)
        #expect(
            busy(ask()) == [
                "2026-11-09T23:00:00Z/2026-11-09T23:30:00Z",
                "2026-11-10T22:30:00Z/2026-11-10T23:00:00Z",
            ])
    }

    @Test func `declined and cancelled events are free`() {
        let id = local.event("One", as: "grace", ["attendees": [["email": "ada@example.com"]]])
        #expect(busy(ask()).count == 1)
        let own = json(
            #"""
            {"attendeesOmitted":true,
             "attendees":[{"email":"ada@example.com","responseStatus":"declined"}]}
            """#)
        #expect(local.call("PATCH", "calendars/primary/events/\(id)", own).status == 200)
        #expect(busy(ask()).isEmpty)
        let other = local.event("Two")
        _ = local.call("DELETE", "calendars/primary/events/\(other)")
        #expect(busy(ask()).isEmpty)
    }

    @Test func `a calendar that is not visible is an error inside of the answer`() {
        let answer = ask(["items": [["id": "grace@example.com"], ["id": "primary"]]])
        #expect(answer.status == 200)
        let errors = answer["calendars"]?["grace@example.com"]?["errors"]
        #expect(errors == [["domain": "global", "reason": "notFound"]])
        #expect(answer["calendars"]?["primary"]?["busy"] == [])
        #expect(answer["kind"] == "calendar#freeBusy")
        #expect(answer["timeMin"] == "2026-11-09T23:00:00.000Z")
    }

    @Test func `no more calendars than allowed are expanded`() {
        let items: [JSON] = (0..<3).map { ["id": .string("c\($0)@example.com")] }
        let answer = ask(["items": .array(items), "calendarExpansionMax": 2])
        let reasons = (answer["calendars"]?.object?.members ?? []).compactMap {
            $0.value["errors"]?[0]?["reason"]?.string
        }
        #expect(reasons == ["notFound", "notFound", "tooManyCalendarsRequested"])
    }

    @Test func `the window must be there and not be empty`() {
        #expect(ask(["timeMin": .null]).reason == "required")
        #expect(ask(["timeMax": .null]).reason == "required")
        #expect(ask(["timeMax": "2026-11-10T00:00:00+01:00"]).reason == "timeRangeEmpty")
        #expect(ask(["timeMin": "2026-11-10"]).status == 400)
        #expect(ask(["timeZone": "Mars/Base"]).status == 400)
        #expect(ask(["items": [["name": "x"]]]).status == 400)
    }

    private func plant(members: Int) {
        var list: [JSON] = ["grace@example.com", "ada@example.com"]
        list += (2..<members).map { .string("m\($0)@example.com") }
        let seed: JSON = ["groups": [["email": "Team@example.com", "members": .array(list)]]]
        #expect(local.control("POST", "seed", seed).status == 200)
    }

    @Test func `a group is expanded into its members' calendars`() {
        plant(members: 3)
        share(local, with: "grace", as: "reader")
        _ = local.call(
            "POST", "calendars/primary/events",
            [
                "start": ["dateTime": "2026-11-10T10:00:00Z"],
                "end": ["dateTime": "2026-11-10T11:00:00Z"],
            ])
        let answer = ask(["items": [["id": "team@example.com"]]], as: "grace")
        let members: JSON = ["grace@example.com", "ada@example.com", "m2@example.com"]
        #expect(answer["groups"] == ["team@example.com": ["calendars": members]])
        #expect(
            busy(answer, "ada@example.com")
                == ["2026-11-10T10:00:00Z/2026-11-10T11:00:00Z"])
        #expect(answer["calendars"]?["grace@example.com"]?["busy"] == [])
        #expect(
            answer["calendars"]?["m2@example.com"]?["errors"]?[0]?["reason"] == "notFound")
    }

    @Test(arguments: [(100, nil, true), (101, nil, false), (3, 3, true), (4, 3, false)])
    func `a group with too many members is not expanded`(
        members: Int, most: Int?, isExpanded: Bool
    ) {
        plant(members: members)
        var more: JSONObject = ["items": [["id": "team@example.com"]]]
        if let most { more["groupExpansionMax"] = .int(Int64(most)) }
        let group = ask(more)["groups"]?["team@example.com"]
        #expect((group?["calendars"] != nil) == isExpanded)
        #expect((group?["errors"]?[0]?["reason"] == "groupTooBig") == !isExpanded)
    }

    @Test func `fifty calendars are looked at where the request says nothing`() {
        let items: [JSON] = (0..<51).map { ["id": .string("c\($0)@example.com")] }
        let reasons = (ask(["items": .array(items)])["calendars"]?.object?.members ?? [])
            .compactMap { $0.value["errors"]?[0]?["reason"]?.string }
        #expect(reasons.count { $0 == "notFound" } == 50)
        #expect(reasons.last == "tooManyCalendarsRequested")
    }

    @Test(arguments: [
        ("calendarExpansionMax", 51), ("calendarExpansionMax", 0), ("groupExpansionMax", 101),
    ])
    func `no more can be asked for than Google allows`(name: String, value: Int64) {
        #expect(ask([name: .int(value)]).reason == "invalid")
        #expect(ask([name: "many"]).reason == "badRequest")
    }

    @Test func `a rule for a group gives its members a role, also after a snapshot`() throws {
        plant(members: 2)
        let rule: JSON = [
            "scope": ["type": "group", "value": "team@example.com"], "role": "reader",
        ]
        #expect(local.call("POST", "calendars/primary/acl", rule).status == 200)
        let path = "calendars/ada%40example.com"
        #expect(local.get(path, as: "grace").status == 200)
        #expect(local.get(path, as: "linus").status == 404)
        let snapshot = local.control("GET", "snapshot").json
        #expect(local.control("POST", "reset").status == 200)
        #expect(local.get(path, as: "grace").status == 404)
        #expect(local.control("PUT", "snapshot", snapshot).status == 200)
        #expect(local.get(path, as: "grace").status == 200)
    }
}
