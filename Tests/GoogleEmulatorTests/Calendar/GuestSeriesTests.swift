import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Sections 5 and 9 of the Calendar contract together: what guests see of deleted events and of
/// series that change.
@Suite struct GuestSeriesTests {
    let local = Local()

    private func path(_ id: String) -> String { "calendars/primary/events/\(id)" }

    private func daily(_ guests: JSON, _ rule: String = "RRULE:FREQ=DAILY;COUNT=5") -> String {
        var body = json(
            #"""
            {"summary":"Daily",
             "start":{"dateTime":"2026-11-10T10:00:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-10T11:00:00","timeZone":"Europe/Paris"}}
            """#)
        body["recurrence"] = .array([.string(rule)])
        body["attendees"] = guests
        return local.call("POST", "calendars/primary/events", body)["id"]?.string ?? "none"
    }

    private let grace: JSON = [["email": "grace@example.com"]]

    private func list(_ query: String = "", as user: String = "grace") -> Answer {
        local.get("calendars/primary/events?\(query)", as: user)
    }

    private let expanded = "singleEvents=true&orderBy=startTime"

    private func starts(as user: String = "grace") -> [String] {
        list(expanded, as: user).items.compactMap { $0["start"]?["dateTime"]?.string }
    }

    @Test func `a change of a deleted event reaches no guest`() {
        let id = local.event("Review", ["attendees": grace])
        _ = local.call("DELETE", path(id))
        let token = list()["nextSyncToken"]?.string ?? ""
        #expect(local.call("PATCH", path(id), ["summary": "New"])["status"] == "cancelled")
        #expect(list("syncToken=\(token)").items.isEmpty)
        #expect(list().items.isEmpty)
        #expect(local.get(path(id), as: "grace")["status"] == "cancelled")
    }

    @Test func `an event that is made cancelled reaches no guest`() {
        let id = local.event("Review", ["attendees": grace, "status": "cancelled"])
        #expect(local.get(path(id))["status"] == "cancelled")
        #expect(local.get(path(id), as: "grace").status == 404)
        #expect(list("showDeleted=true").items.isEmpty)
    }

    @Test(arguments: ["accepted", "needsAction"])
    func `an event that comes back comes back to its guests`(response: String) {
        let id = local.event(
            "Review",
            [
                "attendees": [
                    ["email": "grace@example.com", "responseStatus": .string(response)]
                ]
            ])
        _ = local.call("DELETE", path(id))
        #expect(list().items.isEmpty)
        _ = local.call("PATCH", path(id), ["status": "confirmed"])
        #expect(list().ids == [id])
        #expect(list().items.first?["status"] == "confirmed")
    }

    @Test func `a guest who took the event off does not get it back with a change`() {
        let id = local.event("Review", ["attendees": grace])
        _ = local.call("DELETE", path(id), as: "grace")
        _ = local.call("PATCH", path(id), ["summary": "New"])
        #expect(list().items.isEmpty)
        let asked: JSON = [
            "attendees": [["email": "grace@example.com", "responseStatus": "needsAction"]]
        ]
        _ = local.call("PATCH", path(id), asked)
        #expect(list().ids == [id])
    }

    @Test func `a guest who took a series off gets no exception of it`() {
        let id = daily(grace)
        _ = local.call("DELETE", path(id), as: "grace")
        _ = local.call("PATCH", path("\(id)_20261111T090000Z"), ["summary": "Moved"])
        #expect(list(expanded).items.isEmpty)
        #expect(local.get(path("\(id)_20261111T090000Z"), as: "grace")["status"] != "confirmed")
    }

    @Test func `a shorter rule takes the guests' exceptions with it`() {
        let id = daily(grace)
        let lost = "\(id)_20261114T090000Z"
        let kept = "\(id)_20261111T090000Z"
        for instance in [lost, kept] {
            _ = local.call("PATCH", path(instance), ["summary": "Other"])
        }
        let token = list(expanded.replacing("&orderBy=startTime", with: ""))["nextSyncToken"]
        _ = local.call("PATCH", path(id), ["recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]])
        #expect(Set(list().ids) == [id, kept])
        #expect(list(expanded).items.count == 3)
        let delta = list("singleEvents=true&syncToken=\(token?.string ?? "")")
        let cancelled = delta.items.filter { $0["status"] == "cancelled" }
        #expect(
            Set(cancelled.compactMap { $0["id"]?.string }) == [lost, "\(id)_20261113T090000Z"])
    }

    @Test func `a series that moves takes its old instances off the guests' calendars`() {
        let id = daily(grace, "RRULE:FREQ=DAILY;COUNT=3")
        let other = "\(id)_20261111T090000Z"
        _ = local.call("PATCH", path(other), ["summary": "Other"])
        let token = list("singleEvents=true")["nextSyncToken"]?.string ?? ""
        let plain = list()["nextSyncToken"]?.string ?? ""
        let later = json(
            #"""
            {"start":{"dateTime":"2026-11-10T15:00:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-10T16:00:00","timeZone":"Europe/Paris"}}
            """#)
        #expect(local.call("PATCH", path(id), later).status == 200)
        let expected = ["10", "11", "12"].map { "2026-11-\($0)T15:00:00+01:00" }
        #expect(starts() == expected)
        #expect(starts(as: "ada") == expected)
        let delta = list("singleEvents=true&syncToken=\(token)").items
        let gone = delta.filter { $0["status"] == "cancelled" }.compactMap { $0["id"]?.string }
        #expect(Set(gone) == Set(["10", "11", "12"].map { "\(id)_202611\($0)T090000Z" }))
        #expect(delta.count == 6)
        let stored = list("syncToken=\(plain)").items
        #expect(stored.first { $0["id"]?.string == other }?["status"] == "cancelled")
    }

    @Test func `a guest who may modify moves the series for all`() {
        let body = json(
            #"""
            {"summary":"Daily","recurrence":["RRULE:FREQ=DAILY;COUNT=3"],"guestsCanModify":true,
             "start":{"dateTime":"2026-11-10T10:00:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-10T11:00:00","timeZone":"Europe/Paris"},
             "attendees":[{"email":"grace@example.com"},{"email":"linus@example.org"}]}
            """#)
        let id = local.call("POST", "calendars/primary/events", body)["id"]?.string ?? ""
        _ = local.call("PATCH", "calendars/primary", ["timeZone": "Asia/Kolkata"], as: "grace")
        _ = local.call("PATCH", path("\(id)_20261111T090000Z"), ["summary": "Other"])
        let token = list("singleEvents=true", as: "ada")["nextSyncToken"]?.string ?? ""
        let later = json(
            #"""
            {"start":{"dateTime":"2026-11-10T15:00:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-10T16:00:00","timeZone":"Europe/Paris"}}
            """#)
        #expect(local.call("PATCH", path(id), later, as: "grace").status == 200)
        let expected = ["10", "11", "12"].map { "2026-11-\($0)T15:00:00+01:00" }
        for user in ["ada", "linus"] { #expect(starts(as: user) == expected) }
        #expect(local.get(path(id))["start"]?["dateTime"] == "2026-11-10T15:00:00+01:00")
        for user in ["ada", "grace", "linus"] {
            #expect(local.get(path(id), as: user)["sequence"] == 1)
        }
        let delta = list("singleEvents=true&syncToken=\(token)", as: "ada").items
        #expect(delta.count { $0["status"] == "cancelled" } == 3)
    }

    @Test func `whom only an exception invited loses it with the series`() {
        let id = daily(grace)
        let instance = "\(id)_20261112T090000Z"
        let both: JSON = [["email": "grace@example.com"], ["email": "linus@example.org"]]
        _ = local.call("PATCH", path(instance), ["attendees": both])
        #expect(list(as: "linus").ids == [instance])
        _ = local.call("DELETE", path(id))
        #expect(list(as: "linus").items.isEmpty)
        #expect(local.get(path(instance), as: "linus")["status"] == "cancelled")
    }

    @Test func `whom only an exception invited loses it with its slot`() {
        let id = daily(grace)
        let instance = "\(id)_20261114T090000Z"
        let both: JSON = [["email": "grace@example.com"], ["email": "linus@example.org"]]
        _ = local.call("PATCH", path(instance), ["attendees": both])
        _ = local.call("PATCH", path(id), ["recurrence": ["RRULE:FREQ=DAILY;COUNT=2"]])
        #expect(list(as: "linus").items.isEmpty)
        #expect(list(expanded).items.count == 2)
    }

    @Test func `a colour of one's own leaves the organizer's event alone`() {
        let id = daily(grace)
        let before = local.get(path(id))["etag"]
        let instance = "\(id)_20261112T090000Z"
        #expect(local.call("PATCH", path(instance), ["colorId": "7"], as: "grace").status == 200)
        #expect(local.get(path(id))["etag"] == before)
        #expect(list(as: "ada").ids == [id])
    }

    @Test func `what a guest who may modify keeps private stays so`() {
        let id = local.event(
            "Review",
            [
                "attendees": grace, "guestsCanModify": true,
                "extendedProperties": ["private": ["mine": "1"], "shared": ["all": "2"]],
            ])
        let hers = json(#"{"extendedProperties":{"private":{"hers":"3"},"shared":{"all":"4"}}}"#)
        #expect(local.call("PATCH", path(id), hers, as: "grace").status == 200)
        #expect(
            local.get(path(id))["extendedProperties"]
                == ["private": ["mine": "1"], "shared": ["all": "4"]])
    }

    @Test func `a guest who may modify takes others off the list`() {
        let both: JSON = [["email": "grace@example.com"], ["email": "linus@example.org"]]
        let id = local.event("Review", ["attendees": both, "guestsCanModify": true])
        #expect(list(as: "linus").ids == [id])
        let alone = local.call("PATCH", path(id), ["attendees": grace], as: "grace")
        #expect(alone.status == 200)
        #expect(local.get(path(id))["attendees"]?.array?.count == 1)
        #expect(list(as: "linus").items.isEmpty)
    }

    @Test func `moving tells guests of the new organizer`() {
        let calendar = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let id = daily(grace)
        let instance = "\(id)_20261112T090000Z"
        _ = local.call("PATCH", path(instance), ["summary": "Other"])
        let there = PercentCoding.encode(calendar)
        #expect(local.call("POST", path(id) + "/move?destination=\(there)").status == 200)
        for one in [id, instance] {
            #expect(
                local.get(path(one), as: "grace")["organizer"]?["email"]?.string == calendar)
        }
    }

    @Test func `a moved series stays whole on the calendar of an organizer who is a guest`() {
        let calendar = local.call("POST", "calendars", ["summary": "Team"])["id"]?.string ?? ""
        let id = daily([["email": "ada@example.com"]])
        let instance = "\(id)_20261112T090000Z"
        _ = local.call("PATCH", path(instance), ["summary": "Other"])
        let there = PercentCoding.encode(calendar)
        #expect(local.call("POST", path(id) + "/move?destination=\(there)").status == 200)
        for one in [id, instance] {
            let mine = local.get(path(one))
            #expect(mine["status"] == "confirmed")
            #expect(mine["organizer"]?["email"]?.string == calendar)
            #expect(mine["organizer"]?["self"] == nil)
        }
    }

    @Test func `a private copy reaches nobody and stays one`() {
        let body: JSONObject = ["attendees": grace, "privateCopy": true]
        let id = local.event("Review", body)
        #expect(local.get(path(id))["privateCopy"] == true)
        let answer = local.call("PATCH", path(id), ["privateCopy": false, "summary": "New"])
        #expect(answer["privateCopy"] == true)
        #expect(list().items.isEmpty)
        #expect(local.call("DELETE", path(id) + "?sendUpdates=all").status == 204)
        #expect(local.google.mails == 0)
    }

    @Test func `clearing a calendar tells those whom only an exception invited`() {
        let id = daily(grace)
        let both: JSON = [["email": "grace@example.com"], ["email": "linus@example.org"]]
        _ = local.call("PATCH", path("\(id)_20261112T090000Z"), ["attendees": both])
        #expect(list(as: "linus").items.count == 1)
        #expect(local.call("POST", "calendars/primary/clear").status == 204)
        for user in ["grace", "linus"] { #expect(list(as: user).items.isEmpty) }
    }
}
