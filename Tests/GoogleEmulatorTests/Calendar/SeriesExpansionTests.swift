import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 5 of the Calendar contract: how far series reach, and what their expansion costs.
@Suite struct SeriesExpansionTests {
    let local = Local()

    private func series(_ rule: String, at start: String = "2026-11-10T10:00:00") -> String {
        var body = json(#"{"summary":"Series"}"#)
        body["recurrence"] = .array([.string(rule)])
        body["start"] = ["dateTime": .string(start), "timeZone": "UTC"]
        body["end"] = ["dateTime": .string(start), "timeZone": "UTC"]
        return local.call("POST", "calendars/primary/events", body)["id"]?.string ?? "none"
    }

    private func list(_ query: String) -> Answer { local.get("calendars/primary/events?\(query)") }

    /// All pages of a listing from a page token on; at most 50.
    private func walk(_ path: String, from first: String? = nil) -> [JSON] {
        var items: [JSON] = []
        var token = first.map { "&pageToken=\($0)" } ?? ""
        for _ in 0..<50 {
            let page = local.get(path + token)
            items += page.items
            guard let next = page["nextPageToken"]?.string else { break }
            token = "&pageToken=\(next)"
        }
        return items
    }

    private let far = "timeMin=2080-03-01T00:00:00Z&timeMax=2080-03-04T00:00:00Z"

    @Test(arguments: ["", "&singleEvents=true", "&singleEvents=true&orderBy=startTime"])
    func `an endless series is found in a far year`(query: String) {
        let id = series("RRULE:FREQ=DAILY")
        let found = list(far + query).ids
        let days = ["01", "02", "03"].map { "\(id)_208003\($0)T100000Z" }
        #expect(found == (query.isEmpty ? [id] : days))
        #expect(local.get("calendars/primary/events/\(id)/instances?\(far)").ids == days)
        #expect(local.get("calendars/primary/events/\(days[0])").status == 200)
    }

    @Test(arguments: ["singleEvents=true", "singleEvents=true&orderBy=startTime"])
    func `more than ten thousand instances come page by page`(query: String) {
        let id = series("RRULE:FREQ=DAILY")
        let items = walk(
            "calendars/primary/events?maxResults=2500&timeMax=2066-01-01T00:00:00Z&\(query)")
        #expect(items.count == 14_297)
        #expect(Set(items.compactMap { $0["id"]?.string }).count == items.count)
        #expect(items.last?["id"]?.string == "\(id)_20651231T100000Z")
        let instances = walk(
            "calendars/primary/events/\(id)/instances?maxResults=2500&timeMax=2066-01-01T00:00:00Z")
        #expect(instances.map { $0["id"] } == items.map { $0["id"] })
    }

    @Test(arguments: ["singleEvents=true", "singleEvents=true&orderBy=startTime"])
    func `a series of every second costs no more than its page`(query: String) {
        let id = series("RRULE:FREQ=SECONDLY")
        let page = list(query + "&maxResults=3")
        #expect(
            page.ids == ["00", "01", "02"].map { "\(id)_20261110T1000\($0)Z" })
        let next = list(
            query + "&maxResults=3&pageToken=\(page["nextPageToken"]?.string ?? "")")
        #expect(next.ids == ["03", "04", "05"].map { "\(id)_20261110T1000\($0)Z" })
        let late = list(query + "&maxResults=2&timeMin=2028-01-01T00:00:00Z")
        #expect(late.ids == ["01", "02"].map { "\(id)_20280101T0000\($0)Z" })
        #expect(list("timeMin=2028-01-01T00:00:00Z").ids == [id])
        #expect(local.get("calendars/primary/events/\(id)_20280101T000001Z").status == 200)
    }

    @Test func `only series without an end are cut off two years ahead`() {
        _ = series("RRULE:FREQ=YEARLY;COUNT=10")
        #expect(list("singleEvents=true").items.count == 10)
        _ = series("RRULE:FREQ=YEARLY;UNTIL=20360101T000000Z")
        #expect(list("singleEvents=true").items.count == 20)
        _ = series("RRULE:FREQ=YEARLY")
        #expect(list("singleEvents=true").items.count == 22)
    }

    @Test func `a rare series is found by a window that has no end`() {
        let id = series("RRULE:FREQ=YEARLY;INTERVAL=30")
        #expect(list("timeMin=2030-01-01T00:00:00Z").ids == [id])
        let over = series("RRULE:FREQ=YEARLY;COUNT=2")
        #expect(!list("timeMin=2030-01-01T00:00:00Z").ids.contains(over))
    }

    @Test func `an exception made between two pages loses no instance`() {
        let id = series("RRULE:FREQ=DAILY;COUNT=6")
        let first = list("singleEvents=true&maxResults=2")
        _ = local.call(
            "PATCH", "calendars/primary/events/\(id)_20261110T100000Z", ["summary": "Other"])
        let rest = walk(
            "calendars/primary/events?singleEvents=true&maxResults=2",
            from: first["nextPageToken"]?.string)
        let days = Set(rest.compactMap { $0["id"]?.string })
        #expect(days.isSuperset(of: (12...15).map { "\(id)_202611\($0)T100000Z" }))
    }

    @Test func `an event that becomes a series leaves as a single one, and comes back`() {
        let id = local.event("One", at: "2026-11-10T10:00:00Z")
        let token = list("singleEvents=true")["nextSyncToken"]?.string ?? ""
        let recurring = json(
            #"""
            {"recurrence":["RRULE:FREQ=DAILY;COUNT=2"],"start":{"timeZone":"UTC"},
             "end":{"timeZone":"UTC"}}
            """#)
        #expect(local.call("PATCH", "calendars/primary/events/\(id)", recurring).status == 200)
        let delta = list("singleEvents=true&syncToken=\(token)").items
        #expect(delta.first { $0["id"]?.string == id }?["status"] == "cancelled")
        #expect(delta.count == 3)
        let then = list("singleEvents=true")["nextSyncToken"]?.string ?? ""
        _ = local.call("PATCH", "calendars/primary/events/\(id)", ["recurrence": .null])
        let back = list("singleEvents=true&syncToken=\(then)").items
        #expect(back.first { $0["id"]?.string == id }?["status"] == "confirmed")
        #expect(back.count { $0["status"] == "cancelled" } == 2)
    }

    @Test func `a series that comes back shows what was deleted with it as cancelled`() {
        let id = series("RRULE:FREQ=DAILY;COUNT=3")
        let other = "calendars/primary/events/\(id)_20261111T100000Z"
        _ = local.call("PATCH", other, ["summary": "Other"])
        _ = local.call("DELETE", "calendars/primary/events/\(id)")
        _ = local.call("PATCH", "calendars/primary/events/\(id)", ["status": "confirmed"])
        let items = list("").items
        #expect(items.map { $0["status"] } == ["confirmed", "cancelled"])
        #expect(list("singleEvents=true").items.count == 2)
    }

    @Test func `a busy time in a far year is found, too`() {
        _ = series("RRULE:FREQ=DAILY")
        var body = json(#"{"items":[{"id":"primary"}]}"#)
        body["timeMin"] = "2080-03-01T00:00:00Z"
        body["timeMax"] = "2080-03-02T00:00:00Z"
        let id = series("RRULE:FREQ=DAILY", at: "2026-11-10T12:00:00")
        _ = local.call(
            "PATCH", "calendars/primary/events/\(id)",
            ["end": ["dateTime": "2026-11-10T13:00:00", "timeZone": "UTC"]])
        let busy = local.call("POST", "freeBusy", body)["calendars"]?["primary"]?["busy"]
        #expect(busy == [["start": "2080-03-01T12:00:00Z", "end": "2080-03-01T13:00:00Z"]])
    }
}
