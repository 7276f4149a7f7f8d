import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 9 of the Calendar contract: guests' copies, answers, mails.
@Suite struct GuestTests {
    let local = Local()

    private let guests: JSONObject = [
        "attendees": [["email": "grace@example.com"], ["email": "visitor@example.net"]]
    ]

    private func path(_ id: String) -> String { "calendars/primary/events/\(id)" }

    private func answers(_ event: Answer) -> [String] {
        (event["attendees"]?.array ?? []).map {
            "\($0["email"]?.string ?? "") \($0["responseStatus"]?.string ?? "")"
        }
    }

    private func respond(_ id: String, _ response: String, as user: String = "grace") -> Answer {
        let list = local.get(path(id), as: user)["attendees"]?.array ?? []
        let changed: [JSON] = list.map { attendee in
            guard attendee["self"] == true else { return attendee }
            var own = attendee
            own["responseStatus"] = .string(response)
            return own
        }
        return local.call("PATCH", path(id), ["attendees": .array(changed)], as: user)
    }

    @Test func `each guest gets a copy with the same id and iCalUID`() {
        let id = local.event("Review", guests)
        let mine = local.get(path(id))
        let hers = local.get(path(id), as: "grace")
        #expect(hers["iCalUID"] == mine["iCalUID"])
        #expect(hers["summary"] == "Review")
        #expect(hers["organizer"] == ["email": "ada@example.com"])
        #expect(hers["creator"] == ["email": "ada@example.com"])
        let own = hers["attendees"]?[0]
        #expect(own?["self"] == true)
        #expect(own?["responseStatus"] == "needsAction")
        #expect(mine["attendees"]?[0]?["self"] == nil)
        #expect(local.get("calendars/primary/events", as: "grace").ids == [id])
    }

    @Test func `the organizer among the guests has accepted`() {
        let id = local.event("Review", ["attendees": [["email": "Ada@Example.com"]]])
        let own = local.get(path(id))["attendees"]?[0]
        #expect(own?["organizer"] == true)
        #expect(own?["self"] == true)
        #expect(own?["responseStatus"] == "accepted")
    }

    @Test func `changes of the organizer reach the copy, and what is private stays`() {
        let id = local.event(
            "Review",
            [
                "attendees": guests["attendees"] ?? [], "colorId": "5",
                "extendedProperties": ["private": ["mine": "1"], "shared": ["all": "2"]],
            ])
        let hers = local.get(path(id), as: "grace")
        #expect(hers["colorId"] == nil)
        #expect(hers["extendedProperties"] == ["shared": ["all": "2"]])
        let own = json(
            #"""
            {"colorId":"7","reminders":{"useDefault":false},
             "extendedProperties":{"private":{"hers":"3"}}}
            """#)
        #expect(local.call("PATCH", path(id), own, as: "grace").status == 200)
        _ = local.call("PATCH", path(id), ["summary": "Review 2", "location": "Lab"])
        let after = local.get(path(id), as: "grace")
        #expect(after["summary"] == "Review 2")
        #expect(after["location"] == "Lab")
        #expect(after["colorId"] == "7")
        #expect(after["reminders"] == ["useDefault": false])
        #expect(after["extendedProperties"]?["private"] == ["hers": "3"])
        let mine = local.get(path(id))
        #expect(mine["colorId"] == "5")
        #expect(mine["extendedProperties"]?["private"] == ["mine": "1"])
    }

    @Test func `an answer flows back to the organizer and to the other guests`() {
        let list: JSON = [["email": "grace@example.com"], ["email": "linus@example.org"]]
        let id = local.event("Review", ["attendees": list])
        let token = local.get("calendars/primary/events")["nextSyncToken"]?.string ?? ""
        #expect(respond(id, "accepted").status == 200)
        let expected = ["grace@example.com accepted", "linus@example.org needsAction"]
        for user in ["ada", "grace", "linus"] {
            #expect(answers(local.get(path(id), as: user)) == expected)
        }
        #expect(local.get("calendars/primary/events?syncToken=\(token)").ids == [id])
    }

    @Test func `attendeesOmitted lets a guest send only the own entry`() {
        let id = local.event("Review", guests)
        let own = json(
            #"""
            {"attendeesOmitted":true,
             "attendees":[{"email":"grace@example.com","responseStatus":"tentative"}]}
            """#)
        #expect(local.call("PATCH", path(id), own, as: "grace").status == 200)
        #expect(
            answers(local.get(path(id)))
                == ["grace@example.com tentative", "visitor@example.net needsAction"])
        let without: JSON = [
            "attendees": [["email": "grace@example.com", "responseStatus": "declined"]]
        ]
        let refused = local.call("PATCH", path(id), without, as: "grace")
        #expect(refused.reason == "forbiddenForNonOrganizer")
    }

    static let shared = [
        #"{"summary":"Hers"}"#, #"{"location":"There"}"#, #"{"description":"x"}"#,
        #"{"start":{"dateTime":"2026-11-10T09:00:00+01:00"}}"#,
        #"{"extendedProperties":{"shared":{"a":"b"}}}"#, #"{"guestsCanModify":true}"#,
        #"{"recurrence":["RRULE:FREQ=DAILY;COUNT=2"]}"#,
    ]

    @Test(arguments: shared)
    func `a guest cannot change what is shared`(body: String) {
        let id = local.event("Review", guests)
        var patch = json(body)
        if patch["recurrence"] != nil {
            patch["start"] = ["timeZone": "Europe/Paris"]
            patch["end"] = ["timeZone": "Europe/Paris"]
        }
        let answer = local.call("PATCH", path(id), patch, as: "grace")
        #expect(answer.status == 403)
        #expect(answer.domain == "calendar")
        #expect(answer.reason == "forbiddenForNonOrganizer")
        #expect(
            answer.message
                == "Shared properties can only be changed by the organizer of the event.")
        #expect(local.get(path(id))["summary"] == "Review")
    }

    @Test func `guestsCanModify lets a guest change the event for all`() {
        let id = local.event(
            "Review", ["attendees": guests["attendees"] ?? [], "guestsCanModify": true])
        #expect(local.call("PATCH", path(id), ["summary": "Hers"], as: "grace").status == 200)
        #expect(local.get(path(id))["summary"] == "Hers")
    }

    @Test func `a guest may invite others unless that is forbidden`() {
        let open = local.event("Open", guests)
        let closed = local.event(
            "Closed", ["attendees": guests["attendees"] ?? [], "guestsCanInviteOthers": false])
        for (id, status) in [(open, 200), (closed, 403)] {
            var list = local.get(path(id), as: "grace")["attendees"]?.array ?? []
            list.append(["email": "linus@example.org"])
            let answer = local.call(
                "PATCH", path(id), ["attendees": .array(list)], as: "grace")
            #expect(answer.status == status)
            #expect(local.get(path(id), as: "linus").status == (status == 200 ? 200 : 404))
        }
    }

    @Test func `deleting one's copy declines`() {
        let id = local.event("Review", guests)
        #expect(local.call("DELETE", path(id), as: "grace").status == 204)
        #expect(answers(local.get(path(id))).first == "grace@example.com declined")
        #expect(local.get("calendars/primary/events", as: "grace").items.isEmpty)
        #expect(local.get("calendars/primary/events").ids == [id])
    }

    @Test func `deleting the organizer's event cancels the copies`() {
        let id = local.event("Review", guests)
        let token =
            local.get("calendars/primary/events", as: "grace")["nextSyncToken"]?.string ?? ""
        _ = local.call("DELETE", path(id))
        let delta = local.get("calendars/primary/events?syncToken=\(token)", as: "grace")
        #expect(delta.items.map { $0["status"] } == ["cancelled"])
    }

    @Test func `who is taken off the list loses the copy`() {
        let id = local.event("Review", guests)
        _ = local.call("PATCH", path(id), ["attendees": [["email": "visitor@example.net"]]])
        #expect(local.get(path(id), as: "grace")["status"] == "cancelled")
        #expect(local.get("calendars/primary/events", as: "grace").items.isEmpty)
    }

    @Test func `an exception of a series travels to the guests`() {
        let body = json(
            #"""
            {"summary":"Daily","recurrence":["RRULE:FREQ=DAILY;COUNT=5"],
             "start":{"dateTime":"2026-11-10T10:00:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-10T11:00:00","timeZone":"Europe/Paris"},
             "attendees":[{"email":"grace@example.com"}]}
            """#)
        let id = local.call("POST", "calendars/primary/events", body)["id"]?.string ?? ""
        _ = local.call("PATCH", path("\(id)_20261111T090000Z"), ["summary": "Moved"])
        _ = local.call("DELETE", path("\(id)_20261112T090000Z"))
        let hers = local.get(
            "calendars/primary/events?singleEvents=true&orderBy=startTime", as: "grace")
        #expect(
            hers.items.compactMap { $0["summary"]?.string } == ["Daily", "Moved", "Daily", "Daily"])
    }

    @Test func `an answer for one instance reaches the organizer as an exception`() {
        let body = json(
            #"""
            {"summary":"Daily","recurrence":["RRULE:FREQ=DAILY;COUNT=5"],
             "start":{"dateTime":"2026-11-10T10:00:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-10T11:00:00","timeZone":"Europe/Paris"},
             "attendees":[{"email":"grace@example.com"}]}
            """#)
        let id = local.call("POST", "calendars/primary/events", body)["id"]?.string ?? ""
        let instance = "\(id)_20261112T090000Z"
        #expect(respond(instance, "declined").status == 200)
        #expect(answers(local.get(path(instance))) == ["grace@example.com declined"])
        #expect(answers(local.get(path(id))) == ["grace@example.com needsAction"])
        #expect(local.get("calendars/primary/events?singleEvents=true").items.count == 5)
    }

    @Test(arguments: [
        ("", 0), ("?sendUpdates=none", 0), ("?sendUpdates=externalOnly", 1),
        ("?sendUpdates=all", 2), ("?sendNotifications=true", 2),
    ])
    func `mails are counted, never sent`(query: String, mails: Int64) {
        let body = json(
            #"""
            {"start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"},
             "attendees":[{"email":"grace@example.com"},{"email":"visitor@example.net"}]}
            """#)
        let answer = local.call("POST", "calendars/primary/events\(query)", body)
        #expect(answer.status == 200)
        #expect(local.google.mails == mails)
        let id = answer["id"]?.string ?? ""
        _ = local.call("PATCH", path(id) + query, ["summary": "New"])
        #expect(local.google.mails == mails * 2)
        _ = local.call("DELETE", path(id) + query)
        #expect(local.google.mails == mails * 3)
        #expect(local.google.counters["mails"]?.int == mails * 3)
    }

    @Test func `an unknown value of sendUpdates is refused`() {
        let answer = local.call("POST", "calendars/primary/events?sendUpdates=maybe", [:])
        #expect(answer.reason == "invalidParameter")
    }

    @Test func `over 200 guests answers are no longer carried back`() {
        var list: [JSON] = (0..<205).map { ["email": .string("g\($0)@example.net")] }
        list.append(["email": "grace@example.com"])
        let id = local.event("Crowd", ["attendees": .array(list)])
        let own = json(
            #"""
            {"attendeesOmitted":true,
             "attendees":[{"email":"grace@example.com","responseStatus":"accepted"}]}
            """#)
        #expect(local.call("PATCH", path(id), own, as: "grace").status == 200)
        #expect(answers(local.get(path(id))).last == "grace@example.com needsAction")
    }
}
