import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 5 of the Calendar contract: series, instances, exceptions.
@Suite struct SeriesTests {
    let local = Local()

    /// Every day at ten o'clock in Paris from Tuesday on.
    private func series(_ rule: String = "RRULE:FREQ=DAILY;COUNT=5") -> String {
        let body = json(
            #"""
            {"summary":"Series","recurrence":["RULE"],
             "start":{"dateTime":"2026-11-10T10:00:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-10T11:00:00","timeZone":"Europe/Paris"}}
            """#.replacing("RULE", with: rule))
        return local.call("POST", "calendars/primary/events", body)["id"]?.string ?? "none"
    }

    private func path(_ id: String) -> String { "calendars/primary/events/\(id)" }

    private func list(_ query: String) -> Answer { local.get("calendars/primary/events?\(query)") }

    private let expanded = "singleEvents=true&orderBy=startTime"

    @Test func `expansion names instances after their start in UTC`() {
        let id = series()
        let items = list(expanded).items
        #expect(items.count == 5)
        let second = items.dropFirst().first ?? .null
        #expect(second["id"]?.string == "\(id)_20261111T090000Z")
        #expect(second["recurringEventId"]?.string == id)
        #expect(second["recurrence"] == nil)
        #expect(second["originalStartTime"] == second["start"])
        #expect(second["start"]?["dateTime"] == "2026-11-11T10:00:00+01:00")
        #expect(second["start"]?["timeZone"] == "Europe/Paris")
        #expect(second["iCalUID"]?.string == "\(id)@google.com")
        #expect(local.get(path("\(id)_20261111T090000Z")).json == second)
    }

    @Test func `all-day instances are named after their date`() {
        let body = json(
            #"""
            {"start":{"date":"2026-11-10"},"end":{"date":"2026-11-12"},
             "recurrence":["RRULE:FREQ=WEEKLY;COUNT=2"]}
            """#)
        let id = local.call("POST", "calendars/primary/events", body)["id"]?.string ?? ""
        let items = list(expanded).items
        #expect(items.compactMap { $0["id"]?.string } == ["\(id)_20261110", "\(id)_20261117"])
        #expect(items.last?["end"] == ["date": "2026-11-19"])
        #expect(items.last?["originalStartTime"] == ["date": "2026-11-17"])
    }

    @Test func `the wall clock is kept over a clock change`() {
        _ = local.call(
            "POST", "calendars/primary/events",
            json(
                #"""
                {"start":{"dateTime":"2027-03-27T10:00:00","timeZone":"Europe/Paris"},
                 "end":{"dateTime":"2027-03-27T11:00:00","timeZone":"Europe/Paris"},
                 "recurrence":["RRULE:FREQ=DAILY;COUNT=2"]}
                """#))
        let starts = list(expanded).items.compactMap { $0["start"]?["dateTime"]?.string }
        #expect(starts == ["2027-03-27T10:00:00+01:00", "2027-03-28T10:00:00+02:00"])
    }

    @Test func `masters are left out of expansions and instances of plain listings`() {
        let id = series()
        #expect(list("").ids == [id])
        #expect(!list("singleEvents=true").ids.contains(id))
    }

    @Test func `an endless series is cut off two years ahead or at timeMax`() {
        _ = series("RRULE:FREQ=WEEKLY")
        let starts = list(expanded + "&maxResults=2500").items
        #expect(starts.count == 105)
        let short = list(expanded + "&timeMax=2026-11-25T00:00:00Z")
        #expect(short.items.count == 3)
    }

    @Test func `expanded pages hold every instance once`() {
        let id = series("RRULE:FREQ=DAILY;COUNT=20")
        let single = local.event("Single", at: "2026-11-12T10:00:00Z")
        for query in ["singleEvents=true", expanded] {
            var seen: [String] = []
            var token = ""
            for _ in 0..<8 {
                let page = list("\(query)&maxResults=4\(token)")
                seen += page.ids
                guard let next = page["nextPageToken"]?.string else { break }
                token = "&pageToken=\(next)"
            }
            #expect(seen.count == 21)
            #expect(Set(seen).count == 21)
            #expect(seen.contains(single) && seen.contains("\(id)_20261110T090000Z"))
        }
    }

    @Test func `changing an instance makes an exception`() {
        let id = series()
        let instance = "\(id)_20261112T090000Z"
        let changed = local.call("PATCH", path(instance), ["summary": "Other"])
        #expect(changed["id"]?.string == instance)
        #expect(changed["recurringEventId"]?.string == id)
        #expect(changed["originalStartTime"]?["dateTime"] == "2026-11-12T10:00:00+01:00")
        #expect(changed["recurrence"] == nil)
        #expect(Set(list("").ids) == [id, instance])
        let items = list(expanded).items
        #expect(items.count == 5)
        #expect(items[2]["summary"] == "Other")
        #expect(local.get(path(id))["summary"] == "Series")
    }

    @Test func `a change that changes nothing makes no exception`() {
        let body = json(
            #"""
            {"summary":"Series","recurrence":["RRULE:FREQ=DAILY;COUNT=5"],
             "start":{"dateTime":"2026-11-10T10:00:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-10T11:00:00","timeZone":"Europe/Paris"},
             "attendees":[{"email":"grace@example.com"}]}
            """#)
        let id = local.call("POST", "calendars/primary/events", body)["id"]?.string ?? "none"
        let instance = path("\(id)_20261112T090000Z")
        let before = local.get(instance)
        let bodies: [(String, JSON)] = [("PATCH", [:]), ("PUT", before.json)]
        for (method, body) in bodies {
            let answer = local.call(method, instance + "?sendUpdates=all", body)
            #expect(answer.status == 200)
            #expect(answer.json == before.json)
        }
        for user in ["ada", "grace"] {
            #expect(local.get("calendars/primary/events", as: user).ids == [id])
        }
        #expect(local.google.mails == 0)
        let own = json(
            #"""
            {"attendeesOmitted":true,
             "attendees":[{"email":"grace@example.com","responseStatus":"needsAction"}]}
            """#)
        #expect(local.call("PATCH", instance, own, as: "grace").status == 200)
        #expect(local.get("calendars/primary/events").ids == [id])
    }

    @Test func `a moved instance keeps its name and original start`() {
        let id = series()
        let instance = "\(id)_20261112T090000Z"
        let body = json(
            #"""
            {"start":{"dateTime":"2026-11-20T15:00:00+01:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-20T16:00:00+01:00","timeZone":"Europe/Paris"}}
            """#)
        #expect(local.call("PATCH", path(instance), body)["id"]?.string == instance)
        let items = list(expanded).items
        #expect(items.last?["id"]?.string == instance)
        #expect(items.last?["originalStartTime"]?["dateTime"] == "2026-11-12T10:00:00+01:00")
    }

    @Test func `deleting an instance makes a cancelled exception that plain listings still show`() {
        let id = series()
        let instance = "\(id)_20261112T090000Z"
        #expect(local.call("DELETE", path(instance)).status == 204)
        #expect(local.call("DELETE", path(instance)).status == 410)
        let plain = list("").items
        #expect(plain.count == 2)
        let cancelled = plain.last ?? .null
        #expect(cancelled["status"] == "cancelled")
        #expect(cancelled["recurringEventId"]?.string == id)
        #expect(cancelled["originalStartTime"]?["dateTime"] == "2026-11-12T10:00:00+01:00")
        #expect(cancelled["summary"] == nil)
        #expect(list("singleEvents=true").items.count == 4)
        let deleted = list("singleEvents=true&showDeleted=true")
        #expect(deleted.items.count == 5)
        #expect(!deleted.ids.contains(id))
    }

    @Test func `deleting the series deletes its exceptions`() {
        let id = series()
        let instance = "\(id)_20261112T090000Z"
        _ = local.call("PATCH", path(instance), ["summary": "Other"])
        let token = list("")["nextSyncToken"]?.string ?? ""
        #expect(local.call("DELETE", path(id)).status == 204)
        #expect(list("").items.isEmpty)
        let delta = list("syncToken=\(token)")
        #expect(Set(delta.ids) == [id, instance])
        #expect(delta.items.allSatisfy { $0["status"] == "cancelled" })
        #expect(local.get(path("\(id)_20261113T090000Z")).status == 404)
    }

    @Test func `an instance that the rule does not yield is not found`() {
        let id = series()
        for suffix in ["20261120T090000Z", "20261111T100000Z", "20261111", "nonsense", ""] {
            #expect(local.get(path("\(id)_\(suffix)")).status == 404)
        }
    }

    @Test func `a changed rule drops exceptions that no longer match`() {
        let id = series()
        let lost = "\(id)_20261114T090000Z"
        let kept = "\(id)_20261111T090000Z"
        for instance in [lost, kept] {
            _ = local.call("PATCH", path(instance), ["summary": "Other"])
        }
        let rule: JSON = ["recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]]
        _ = local.call("PATCH", path(id), rule)
        #expect(Set(list("").ids) == [id, kept])
        #expect(list(expanded).items.count == 3)
        _ = local.call("PATCH", path(id), ["recurrence": ["RRULE:FREQ=DAILY;COUNT=5"]])
        #expect(local.get(path(lost))["summary"] == "Series")
    }

    @Test func `this and following is a truncated series and a new one`() {
        let id = series("RRULE:FREQ=DAILY;COUNT=6")
        let rule: JSON = ["recurrence": ["RRULE:FREQ=DAILY;UNTIL=20261112T085959Z"]]
        _ = local.call("PATCH", path(id), rule)
        let body = json(
            #"""
            {"id":"following","start":{"dateTime":"2026-11-12T14:00:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-12T15:00:00","timeZone":"Europe/Paris"},
             "recurrence":["RRULE:FREQ=DAILY;COUNT=4"]}
            """#)
        #expect(local.call("POST", "calendars/primary/events", body).status == 400)
        var valid = body
        valid["id"] = "f0110v1ng"
        #expect(local.call("POST", "calendars/primary/events", valid).status == 200)
        let ids = list(expanded).ids
        #expect(ids.count == 6)
        #expect(ids.filter { $0.hasPrefix("f0110v1ng_") }.count == 4)
    }

    @Test func `EXDATE and RDATE are heeded`() {
        let id = series("RRULE:FREQ=DAILY;COUNT=3")
        let lines: JSON = [
            "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Paris:20261111T100000",
            "RDATE;TZID=Europe/Paris:20261201T100000",
        ]
        _ = local.call("PATCH", path(id), ["recurrence": lines])
        let starts = list(expanded).items.compactMap { $0["start"]?["dateTime"]?.string }
        #expect(
            starts == [
                "2026-11-10T10:00:00+01:00", "2026-11-12T10:00:00+01:00",
                "2026-12-01T10:00:00+01:00",
            ])
    }

    @Test func `a window in a plain listing finds series with an instance in it`() {
        let id = series("RRULE:FREQ=WEEKLY;COUNT=10")
        func within(_ from: String, _ to: String) -> [String] {
            list("timeMin=\(from)T00:00:00Z&timeMax=\(to)T00:00:00Z").ids
        }
        #expect(within("2026-12-01", "2026-12-02") == [id])
        #expect(within("2026-12-02", "2026-12-08") == [])
        #expect(within("2027-06-01", "2027-07-01") == [])
    }

    @Test func `instances lists exceptions in their place`() {
        let id = series()
        let instances = "calendars/primary/events/\(id)/instances"
        _ = local.call("PATCH", path("\(id)_20261111T090000Z"), ["summary": "Other"])
        _ = local.call("DELETE", path("\(id)_20261112T090000Z"))
        let all = local.get(instances)
        #expect(all["kind"] == "calendar#events")
        #expect(all.items.count == 4)
        #expect(all.items[1]["summary"] == "Other")
        #expect(local.get(instances + "?showDeleted=true").items.count == 5)
        let window = "?timeMin=2026-11-13T00:00:00Z&timeMax=2026-11-14T00:00:00Z"
        #expect(local.get(instances + window).ids == ["\(id)_20261113T090000Z"])
        let start = PercentCoding.encode("2026-11-13T10:00:00+01:00")
        #expect(
            local.get(instances + "?originalStart=\(start)").ids == ["\(id)_20261113T090000Z"])
        let other = PercentCoding.encode("2026-11-13T10:00:01+01:00")
        #expect(local.get(instances + "?originalStart=\(other)").items.isEmpty)
    }

    @Test func `instances are paged`() {
        let id = series("RRULE:FREQ=DAILY;COUNT=7")
        let instances = "calendars/primary/events/\(id)/instances?maxResults=3"
        let first = local.get(instances)
        let second = local.get(instances + "&pageToken=\(first["nextPageToken"]?.string ?? "")")
        let third = local.get(instances + "&pageToken=\(second["nextPageToken"]?.string ?? "")")
        #expect([first, second, third].map(\.items.count) == [3, 3, 1])
        #expect(third["nextPageToken"] == nil)
        #expect(Set(first.ids + second.ids + third.ids).count == 7)
    }

    @Test func `instances of what does not recur are refused`() {
        let id = local.event("Single")
        #expect(local.get(path(id) + "/instances").status == 400)
        #expect(local.get(path("nothere") + "/instances").status == 404)
    }

    @Test func `an instance's etag guards its first change`() {
        let id = series()
        let instance = "\(id)_20261112T090000Z"
        let etag = local.get(path(instance))["etag"]?.string ?? ""
        let stale = local.call(
            "PATCH", path(instance), ["summary": "A"], headers: [("If-Match", "\"1\"")])
        #expect(stale.status == 412)
        let fine = local.call(
            "PATCH", path(instance), ["summary": "A"], headers: [("If-Match", etag)])
        #expect(fine.status == 200)
        #expect(fine["etag"]?.string != etag)
    }
}
