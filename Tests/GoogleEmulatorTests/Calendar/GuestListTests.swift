import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Who sees which guests and which details of an event, and who may change what of it.
@Suite struct GuestListTests {
    let local = Local()

    private func path(_ id: String) -> String { "calendars/primary/events/\(id)" }

    private func guests(_ event: Answer) -> [String] {
        (event["attendees"]?.array ?? []).compactMap { $0["email"]?.string }
    }

    private let both: JSON = [["email": "grace@example.com"], ["email": "linus@example.org"]]

    @Test func `a hidden guest list shows each guest only the own entry`() {
        let id = local.event("Review", ["attendees": both, "guestsCanSeeOtherGuests": false])
        #expect(guests(local.get(path(id))) == ["grace@example.com", "linus@example.org"])
        #expect(local.get(path(id))["attendeesOmitted"] == nil)
        let hers = local.get(path(id), as: "grace")
        #expect(guests(hers) == ["grace@example.com"])
        #expect(hers["attendeesOmitted"] == true)
        #expect(hers["guestsCanSeeOtherGuests"] == false)
        let found = local.get("calendars/primary/events?q=linus", as: "grace")
        #expect(found.items.isEmpty)
    }

    @Test func `an answer to a hidden list leaves the others on it`() {
        let id = local.event("Review", ["attendees": both, "guestsCanSeeOtherGuests": false])
        let own: JSON = [
            "attendees": [["email": "grace@example.com", "responseStatus": "accepted"]]
        ]
        let hers = local.call("PATCH", path(id), own, as: "grace")
        #expect(hers.status == 200)
        #expect(guests(hers) == ["grace@example.com"])
        #expect(hers["attendeesOmitted"] == true)
        let mine = local.get(path(id))["attendees"]
        #expect(mine?.array?.map { $0["responseStatus"] } == ["accepted", "needsAction"])
        var whole = hers.json
        whole["colorId"] = "4"
        #expect(local.call("PUT", path(id), whole, as: "grace").status == 200)
        #expect(local.get(path(id))["attendees"] == mine)
    }

    @Test func `a guest who sees no others may invite them all the same`() {
        let id = local.event(
            "Review",
            ["attendees": [["email": "grace@example.com"]], "guestsCanSeeOtherGuests": false])
        _ = local.call("PATCH", path(id), ["attendees": both])
        let dan: JSON = ["email": "dan@example.net"]
        for extra in [dan, ["email": "linus@example.org"]] {
            var copy = local.get(path(id), as: "grace").json
            copy["attendees"] = .array((copy["attendees"]?.array ?? []) + [extra])
            let answer = local.call("PUT", path(id), copy, as: "grace")
            #expect(answer.status == 200)
            #expect(guests(answer) == ["grace@example.com"])
            #expect(answer["attendeesOmitted"] == true)
        }
        let list: JSON = [["email": "grace@example.com"], ["email": "eve@example.net"]]
        #expect(local.call("PATCH", path(id), ["attendees": list], as: "grace").status == 200)
        #expect(
            guests(local.get(path(id))) == [
                "grace@example.com", "linus@example.org", "dan@example.net", "eve@example.net",
            ])
    }

    @Test func `a guest who may not invite is told so where no others are seen, too`() {
        let id = local.event(
            "Review",
            [
                "attendees": both, "guestsCanSeeOtherGuests": false,
                "guestsCanInviteOthers": false,
            ])
        let list: JSON = [["email": "grace@example.com"], ["email": "dan@example.net"]]
        let answer = local.call("PATCH", path(id), ["attendees": list], as: "grace")
        #expect(answer.reason == "forbiddenForNonOrganizer")
        #expect(guests(local.get(path(id))).count == 2)
    }

    @Test func `who may modify an event sees its guests`() {
        let id = local.event(
            "Review",
            [
                "attendees": both, "guestsCanSeeOtherGuests": false, "guestsCanModify": true,
            ])
        #expect(guests(local.get(path(id), as: "grace")).count == 2)
    }

    @Test func `a list becomes hidden and visible again`() {
        let id = local.event("Review", ["attendees": both])
        #expect(guests(local.get(path(id), as: "grace")).count == 2)
        _ = local.call("PATCH", path(id), ["guestsCanSeeOtherGuests": false])
        #expect(guests(local.get(path(id), as: "grace")).count == 1)
        _ = local.call("PATCH", path(id), ["guestsCanSeeOtherGuests": true])
        let hers = local.get(path(id), as: "grace")
        #expect(guests(hers).count == 2)
        #expect(hers["attendeesOmitted"] == nil)
    }

    @Test func `an organizer who got a short list does not shorten it`() {
        let id = local.event("Review", ["attendees": both])
        let short = local.get(path(id) + "?maxAttendees=1")
        #expect(short["attendeesOmitted"] == true)
        #expect(short["attendees"] == nil)
        var back = short.json
        back["summary"] = "New"
        let answer = local.call("PUT", path(id), back)
        #expect(answer["summary"] == "New")
        #expect(guests(answer).count == 2)
        #expect(answer["attendeesOmitted"] == nil)
    }

    @Test(arguments: [("POST", ""), ("PATCH", "/"), ("PUT", "/")])
    func `writes answer with as many guests as asked for`(method: String, mark: String) {
        let body: JSON = [
            "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"], "attendees": both,
        ]
        let id = local.call("POST", "calendars/primary/events", body)["id"]?.string ?? ""
        let target = "calendars/primary/events" + (mark.isEmpty ? "" : "/\(id)")
        let answer = local.call(method, target + "?maxAttendees=1", body)
        #expect(answer.status == 200)
        #expect(answer["attendees"] == nil)
        #expect(answer["attendeesOmitted"] == true)
    }

    @Test func `a bad number of guests stops a write before it happens`() {
        let body: JSON = ["start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"]]
        let refused = local.call("POST", "calendars/primary/events?maxAttendees=none", body)
        #expect(refused.reason == "invalidParameter")
        #expect(refused.location == "maxAttendees")
        #expect(local.get("calendars/primary/events").items.isEmpty)
    }

    private func series(_ visibility: String) -> String {
        var body = json(
            #"""
            {"start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"},
             "recurrence":["RRULE:FREQ=DAILY;COUNT=3"]}
            """#)
        body["visibility"] = .string(visibility)
        return local.call("POST", "calendars/primary/events", body)["id"]?.string ?? ""
    }

    @Test func `a stricter visibility of one instance becomes that of all`() {
        let id = series("public")
        let first = "\(id)_20261110"
        _ = local.call("PATCH", path(first), ["summary": "Other"])
        let answer = local.call("PATCH", path("\(id)_20261111"), ["visibility": "private"])
        #expect(answer["visibility"] == "private")
        for one in [id, first, "\(id)_20261112"] {
            #expect(local.get(path(one))["visibility"] == "private")
        }
        #expect(local.get(path(first))["summary"] == "Other")
    }

    @Test(arguments: ["public", "default"])
    func `a looser visibility of one instance is ignored`(visibility: String) {
        let id = series("private")
        let instance = "\(id)_20261111"
        let answer = local.call(
            "PATCH", path(instance), ["visibility": .string(visibility), "summary": "Other"])
        #expect(answer["visibility"] == "private")
        #expect(answer["summary"] == "Other")
        let all = local.call("PATCH", path(id), ["visibility": .string(visibility)])
        #expect(all["visibility"] != "private")
    }

    @Test func `the source is its creator's to see and to change`() {
        let source: JSON = ["url": "https://example.com/ticket", "title": "Ticket"]
        let id = local.event("Review", ["attendees": both, "source": source])
        share(local, with: "grace", as: "writer")
        let hers = "calendars/ada%40example.com/events/\(id)"
        #expect(local.get(path(id))["source"] == source)
        #expect(local.get(path(id), as: "linus")["source"] == nil)
        let seen = local.get(hers, as: "grace")
        #expect(seen["source"] == nil)
        #expect(
            local.get("calendars/ada%40example.com/events", as: "grace").items
                .first?["source"] == nil)
        #expect(local.call("PUT", hers, seen.json, as: "grace").status == 200)
        #expect(local.get(path(id))["source"] == source)
    }
}
