import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 7 of the Calendar contract: changes, sequence, etags, deletion.
@Suite struct EventChangeTests {
    let local = Local()

    private func path(_ id: String) -> String { "calendars/primary/events/\(id)" }

    private func patch(_ id: String, _ body: JSON) -> Answer { local.call("PATCH", path(id), body) }

    @Test func `a patch lays itself over the event`() {
        let id = local.event("One", ["location": "Here", "description": "Text"])
        let answer = patch(id, ["summary": "Two", "location": .null])
        #expect(answer["summary"] == "Two")
        #expect(answer["location"] == nil)
        #expect(answer["description"] == "Text")
    }

    @Test func `an update removes what it leaves out`() {
        let id = local.event(
            "One", ["location": "Here", "colorId": "3", "unheardOf": 1, "visibility": "private"])
        let answer = local.call(
            "PUT", path(id),
            [
                "summary": "Two", "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
            ])
        #expect(answer["summary"] == "Two")
        for name in ["location", "colorId", "unheardOf", "visibility"] {
            #expect(answer[name] == nil)
        }
        #expect(local.call("PUT", path(id), ["summary": "Three"]).reason == "required")
    }

    @Test func `read-only members of a body are ignored`() {
        let id = local.event("One")
        let before = local.get(path(id))
        let answer = patch(
            id,
            [
                "id": "other", "created": "2000-01-01T00:00:00.000Z", "etag": "\"1\"",
                "creator": ["email": "x@example.com"], "iCalUID": "x", "htmlLink": "x",
                "summary": "Two",
            ])
        for name in ["id", "created", "creator", "iCalUID", "htmlLink"] {
            #expect(answer[name] == before[name])
        }
    }

    @Test func `switching to all-day by patch needs the old kind to be cleared`() {
        let id = local.event("One")
        #expect(
            patch(id, ["start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"]]).status
                == 400)
        let answer = patch(
            id,
            [
                "start": ["date": "2026-11-10", "dateTime": .null],
                "end": ["date": "2026-11-11", "dateTime": .null],
            ])
        #expect(answer["start"] == ["date": "2026-11-10"])
    }

    @Test func `a change that changes nothing keeps the etag`() {
        let id = local.event("One")
        let before = local.get(path(id))
        local.clock.advance(seconds: 60)
        #expect(patch(id, ["summary": "One"])["etag"] == before["etag"])
        #expect(local.call("PUT", path(id), before.json)["etag"] == before["etag"])
    }

    @Test func `a change of content moves etag and updated`() {
        let id = local.event("One")
        let before = local.get(path(id))
        local.clock.advance(seconds: 60)
        let after = patch(id, ["summary": "Two"])
        #expect(after["etag"] != before["etag"])
        #expect(after["updated"] == "2026-11-09T08:01:00.000Z")
        #expect(after["created"] == before["created"])
    }

    @Test func `a change of reminders alone moves the etag but not updated`() {
        let id = local.event("One")
        let before = local.get(path(id))
        local.clock.advance(seconds: 60)
        let after = patch(id, ["reminders": ["useDefault": false]])
        #expect(after["reminders"] == ["useDefault": false])
        #expect(after["etag"] != before["etag"])
        #expect(after["updated"] == before["updated"])
    }

    @Test func `the sequence grows when time, rule or place change`() {
        let id = local.event("One")
        #expect(patch(id, ["summary": "Two"])["sequence"] == 0)
        #expect(patch(id, ["location": "There"])["sequence"] == 1)
        let moved = patch(
            id,
            [
                "start": ["dateTime": "2026-11-10T12:00:00+01:00"],
                "end": ["dateTime": "2026-11-10T13:00:00+01:00"],
            ])
        #expect(moved["sequence"] == 2)
    }

    @Test func `a sequence below the event's is refused, a higher one taken`() {
        let id = local.event("One")
        #expect(patch(id, ["sequence": 5])["sequence"] == 5)
        let lower = patch(id, ["sequence": 4, "summary": "Two"])
        #expect(lower.status == 400)
        #expect(lower.reason == "invalid")
        #expect(lower.message?.hasPrefix("Invalid sequence value.") == true)
        #expect(local.get(path(id))["summary"] == "One")
    }

    @Test func `the event type cannot be changed`() {
        let id = local.event("One", ["eventType": "focusTime"])
        #expect(patch(id, ["eventType": "default"]).reason == "invalid")
        #expect(patch(id, ["summary": "Two"])["eventType"] == "focusTime")
    }

    @Test(arguments: ["PATCH", "PUT", "DELETE"])
    func `a stale If-Match stops every kind of write`(method: String) {
        let id = local.event("One")
        let stale = local.get(path(id))
        let fresh = patch(id, ["summary": "Two"])
        func send(_ etag: JSON?) -> Answer {
            local.call(
                method, path(id), method == "DELETE" ? nil : fresh.json,
                headers: [("If-Match", etag?.string ?? "")])
        }
        let refused = send(stale["etag"])
        #expect(refused.status == 412)
        #expect(refused.reason == "conditionNotMet")
        #expect(refused.location == "If-Match")
        #expect(refused.message == "Precondition Failed")
        #expect(local.get(path(id))["summary"] == "Two")
        #expect([200, 204].contains(send(fresh["etag"]).status))
    }

    @Test func `If-Match with a star or a list matches`() {
        let id = local.event("One")
        let etag = local.get(path(id))["etag"]?.string ?? ""
        for header in ["*", "\"1\", \(etag)", etag] {
            let etagNow = local.get(path(id))["etag"]?.string ?? ""
            let answer = local.call(
                "PATCH", path(id), ["summary": .string(header)],
                headers: [("If-Match", header.replacing(etag, with: etagNow))])
            #expect(answer.status == 200)
        }
    }

    @Test func `If-None-Match answers 304 without a body`() {
        let id = local.event("One")
        for target in [
            path(id), "calendars/primary/events", "calendars/primary", "users/me/calendarList",
        ] {
            let first = local.get(target)
            let etag = first["etag"]?.string ?? ""
            #expect(first.raw.header("ETag") == etag)
            let second = local.call("GET", target, headers: [("If-None-Match", etag)])
            #expect(second.status == 304)
            #expect(second.raw.body.isEmpty)
        }
        let changed = patch(id, ["summary": "Two"])
        let answer = local.call("GET", path(id), headers: [("If-None-Match", "\"1\"")])
        #expect(answer["etag"] == changed["etag"])
    }

    @Test func `what is not there is not found`() {
        for method in ["GET", "PATCH", "PUT", "DELETE"] {
            let answer = local.call(method, path("nothere"), method == "GET" ? nil : [:])
            #expect(answer.status == 404)
            #expect(answer.reason == "notFound")
            #expect(answer.message == "Not Found")
        }
    }

    @Test func `a deleted event can be read but not deleted again`() {
        let id = local.event("One")
        #expect(local.call("DELETE", path(id)).status == 204)
        let read = local.get(path(id))
        #expect(read["status"] == "cancelled")
        #expect(read["summary"] == "One")
        let again = local.call("DELETE", path(id))
        #expect(again.status == 410)
        #expect(again.reason == "deleted")
        #expect(again.message == "Resource has been deleted")
    }

    @Test func `a status of confirmed brings a deleted event back`() {
        let id = local.event("One")
        _ = local.call("DELETE", path(id))
        #expect(patch(id, ["summary": "Two"])["status"] == "cancelled")
        let answer = patch(id, ["status": "confirmed"])
        #expect(answer["status"] == "confirmed")
        #expect(local.get("calendars/primary/events").ids == [id])
    }

    @Test func `a patch to cancelled deletes`() {
        let id = local.event("One")
        #expect(patch(id, ["status": "cancelled"])["status"] == "cancelled")
        #expect(local.get("calendars/primary/events").items.isEmpty)
    }

    @Test func `the zone of the answer can be chosen`() {
        let id = local.event("One")
        let answer = local.get(path(id) + "?timeZone=Asia/Kolkata")
        #expect(answer["start"]?["dateTime"] == "2026-11-10T14:30:00+05:30")
        #expect(local.get(path(id) + "?timeZone=Nowhere").status == 400)
    }

    @Test func `too many guests for maxAttendees leave only the caller`() {
        let guests: JSON = [["email": "ada@example.com"], ["email": "x@example.net"]]
        let id = local.event("One", ["attendees": guests])
        let short = local.get(path(id) + "?maxAttendees=1")
        #expect(
            short["attendees"]?.array?.compactMap { $0["email"]?.string } == ["ada@example.com"])
        #expect(short["attendeesOmitted"] == true)
        let whole = local.get(path(id) + "?maxAttendees=2")
        #expect(whole["attendees"]?.array?.count == 2)
        #expect(whole["attendeesOmitted"] == nil)
    }

    @Test func `moving makes another calendar the organizer and leaves a stub`() {
        let calendar = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let there = PercentCoding.encode(calendar)
        let id = local.event("One")
        let cursor = local.get("calendars/primary/events")["nextSyncToken"]?.string ?? ""
        let moved = local.call("POST", path(id) + "/move?destination=\(there)")
        #expect(moved["id"]?.string == id)
        #expect(moved["organizer"]?["email"]?.string == calendar)
        #expect(local.get("calendars/\(there)/events").ids == [id])
        #expect(local.get("calendars/primary/events").items.isEmpty)
        let delta = local.get("calendars/primary/events?syncToken=\(cursor)")
        #expect(delta.items.first?["status"] == "cancelled")
        #expect(delta.ids == [id])
    }

    @Test func `only plain events of the organizer move`() {
        let calendar = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let there = PercentCoding.encode(calendar)
        let focus = local.event("Focus", ["eventType": "focusTime"])
        #expect(local.call("POST", path(focus) + "/move?destination=\(there)").status == 400)
        #expect(local.call("POST", path(focus) + "/move").reason == "required")
        let id = local.event("Guest", as: "grace", ["attendees": [["email": "ada@example.com"]]])
        let answer = local.call("POST", path(id) + "/move?destination=\(there)")
        #expect(answer.reason == "forbiddenForNonOrganizer")
    }

    @Test func `a moved event stays as a guest's copy where the old organizer is a guest`() {
        let calendar = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let there = PercentCoding.encode(calendar)
        let guests: JSON = [["email": "ada@example.com"], ["email": "grace@example.com"]]
        let id = local.event("One", ["attendees": guests])
        #expect(local.call("POST", path(id) + "/move?destination=\(there)").status == 200)
        let mine = local.get(path(id))
        #expect(mine["status"] == "confirmed")
        #expect(mine["organizer"]?["email"]?.string == calendar)
        #expect(mine["organizer"]?["self"] == nil)
        let hers = local.get(path(id), as: "grace")
        #expect(hers["organizer"]?["email"]?.string == calendar)
    }

    @Test func `a moved series takes its exceptions along`() {
        let calendar = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let there = PercentCoding.encode(calendar)
        let body = json(
            #"""
            {"summary":"Series","recurrence":["RRULE:FREQ=DAILY;COUNT=4"],
             "start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}
            """#)
        let id = local.call("POST", "calendars/primary/events", body)["id"]?.string ?? ""
        _ = patch("\(id)_20261111", ["summary": "Other"])
        _ = local.call("DELETE", path("\(id)_20261112"))
        #expect(local.call("POST", path(id) + "/move?destination=\(there)").status == 200)
        let query = "?singleEvents=true&orderBy=startTime"
        let items = local.get("calendars/\(there)/events" + query).items
        #expect(items.compactMap { $0["summary"]?.string } == ["Series", "Other", "Series"])
        #expect(local.get("calendars/primary/events").items.isEmpty)
    }
}
