import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 9 of the Calendar contract: what a move may replace at its destination.
@Suite struct MoveTests {
    let local = Local()

    private func team() -> String {
        let calendar = local.call("POST", "calendars", ["summary": "Team"])
        return PercentCoding.encode(calendar["id"]?.string ?? "")
    }

    private func path(_ id: String, on calendar: String = "primary") -> String {
        "calendars/\(calendar)/events/\(id)"
    }

    private func move(_ id: String, from source: String = "primary", to there: String) -> Answer {
        local.call("POST", path(id, on: source) + "/move?destination=\(there)")
    }

    private let daily: JSONObject = [
        "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
        "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
    ]

    @Test func `a move destroys no event of the destination that has the same id`() {
        let there = team()
        _ = local.event("There", calendar: there, ["id": "mvclash"])
        _ = local.event("Here", ["id": "mvclash"])
        let answer = move("mvclash", to: there)
        #expect(answer.status == 409)
        #expect(answer.reason == "duplicate")
        #expect(local.get(path("mvclash", on: there))["summary"] == "There")
        let mine = local.get(path("mvclash"))
        #expect(mine["summary"] == "Here")
        #expect(mine["status"] == "confirmed")
    }

    @Test func `a series with exceptions is not replaced either`() {
        let there = team()
        for (calendar, summary) in [(there, "There"), ("primary", "Here")] {
            var body = daily
            body["id"] = "mvseries"
            body["summary"] = .string(summary)
            _ = local.call("POST", "calendars/\(calendar)/events", .object(body))
            let instance = path("mvseries_20261111", on: calendar)
            _ = local.call("PATCH", instance, ["summary": .string(summary + " too")])
        }
        #expect(move("mvseries", to: there).reason == "duplicate")
        #expect(local.get(path("mvseries_20261111", on: there))["summary"] == "There too")
        #expect(local.get(path("mvseries_20261111"))["summary"] == "Here too")
    }

    @Test func `a move makes no second event of an iCalUID`() {
        let there = team()
        let uid: JSONObject = ["iCalUID": "mvuid@example.net"]
        let first = local.event("There", calendar: there, uid)
        let second = local.event("Here", uid)
        #expect(move(second, to: there).reason == "duplicate")
        let query = "calendars/\(there)/events?iCalUID=mvuid%40example.net"
        #expect(local.get(query).ids == [first])
        _ = local.call("DELETE", path(first, on: there))
        #expect(move(second, to: there).status == 200)
        #expect(local.get(query).ids == [second])
    }

    @Test func `an event moves away and back`() {
        let there = team()
        var body = daily
        body["summary"] = "Series"
        let id = local.call("POST", "calendars/primary/events", .object(body))["id"]?.string ?? ""
        _ = local.call("PATCH", path("\(id)_20261111"), ["summary": "Other"])
        for _ in 0..<2 {
            #expect(move(id, to: there).status == 200)
            #expect(move(id, from: there, to: "primary").status == 200)
        }
        #expect(local.get(path(id))["organizer"]?["self"] == true)
        #expect(local.get(path("\(id)_20261111"))["summary"] == "Other")
        #expect(local.get("calendars/\(there)/events").items.isEmpty)
    }

    @Test func `what another user's calendar does with a moved event reaches all guests`() {
        let room = local.call("POST", "calendars", ["summary": "Room"], as: "grace")
        let there = PercentCoding.encode(room["id"]?.string ?? "")
        let rule: JSON = [
            "scope": ["type": "user", "value": "ada@example.com"], "role": "writer",
        ]
        _ = local.call("POST", "calendars/\(there)/acl", rule, as: "grace")
        let users = ["ada", "grace", "linus"]
        let all: JSON = [
            ["email": "ada@example.com"], ["email": "grace@example.com"],
            ["email": "linus@example.org"],
        ]
        let id = local.event("Review", ["attendees": all])
        #expect(move(id, to: there).status == 200)
        let edit: JSON = ["summary": "Edited"]
        #expect(local.call("PATCH", path(id, on: there), edit, as: "grace").status == 200)
        #expect(
            users.map { local.get(path(id), as: $0)["summary"] } == ["Edited", "Edited", "Edited"])
        let own = json(
            #"""
            {"attendeesOmitted":true,
             "attendees":[{"email":"ada@example.com","responseStatus":"declined"}]}
            """#)
        #expect(local.call("PATCH", path(id), own).status == 200)
        for user in users {
            #expect(
                local.get(path(id), as: user)["attendees"]?[0]?["responseStatus"] == "declined")
        }
        let held = local.get(path(id, on: there), as: "grace")
        #expect(held["attendees"]?[0]?["responseStatus"] == "declined")
        #expect(local.call("DELETE", path(id, on: there), as: "grace").status == 204)
        for user in users { #expect(local.get(path(id), as: user)["status"] == "cancelled") }
    }

    @Test func `a guest's copy at the destination becomes the event`() {
        let there = team()
        let id = local.event(
            "Review", calendar: there, ["attendees": [["email": "ada@example.com"]]])
        #expect(local.get(path(id))["organizer"]?["self"] == nil)
        #expect(move(id, from: there, to: "primary").status == 200)
        #expect(local.get(path(id))["organizer"]?["self"] == true)
        #expect(local.get(path(id, on: there))["status"] == "cancelled")
    }
}
