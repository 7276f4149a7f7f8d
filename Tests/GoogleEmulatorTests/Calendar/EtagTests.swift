import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 7 of the Calendar contract: what looks different has another etag.
@Suite struct EtagTests {
    let local = Local()
    private let lists = "users/me/calendarList"
    private let hers = "calendars/ada%40example.com"

    /// The status of a read by somebody who has seen an etag.
    private func status(_ path: String, seen etag: JSON?, as user: String = "ada") -> Int {
        let header = (name: "If-None-Match", value: etag?.string ?? "none")
        return local.call("GET", path, as: user, headers: [header]).status
    }

    private func share(as role: String) {
        let rule: JSON = [
            "role": .string(role), "scope": ["type": "user", "value": "grace@example.com"],
        ]
        #expect(local.call("POST", "calendars/primary/acl", rule).status == 200)
    }

    @Test func `a weak etag matches for reading and not for writing`() {
        let id = local.event("One")
        let path = "calendars/primary/events/\(id)"
        let etag = local.get(path)["etag"]?.string ?? ""
        #expect(status(path, seen: .string("W/" + etag)) == 304)
        func change(_ tags: String) -> Int {
            let header = (name: "If-Match", value: tags)
            return local.call("PATCH", path, ["colorId": "3"], headers: [header]).status
        }
        #expect(change("W/" + etag) == 412)
        #expect(local.get(path)["colorId"] == nil)
        #expect(change("W/\"1\", " + etag) == 200)
        #expect(change("*") == 200)
    }

    @Test func `an entry of the list follows its calendar and the user's role`() {
        share(as: "reader")
        _ = local.call("POST", lists, ["id": "ada@example.com"], as: "grace")
        let paths = ["\(lists)/ada%40example.com", lists]
        var seen = paths.map { local.get($0, as: "grace")["etag"] }
        func changed() -> [Bool] {
            let now = paths.map { local.get($0, as: "grace")["etag"] }
            defer { seen = now }
            return zip(seen, now).map { $0 != $1 }
        }
        #expect(changed() == [false, false])
        for (path, etag) in zip(paths, seen) {
            #expect(status(path, seen: etag, as: "grace") == 304)
        }
        _ = local.call("PATCH", "calendars/primary", ["summary": "Renamed"])
        #expect(changed() == [true, true])
        share(as: "writer")
        #expect(changed() == [true, true])
        let old = (name: "If-Match", value: seen[0]?.string ?? "")
        _ = local.call("PATCH", "calendars/primary", ["summary": "Again"])
        let answer = local.call(
            "PATCH", paths[0], ["selected": false], as: "grace", headers: [old])
        #expect(answer.status == 412)
    }

    @Test func `an event and its listing have other etags for who sees less`() {
        let id = local.event("Secret", ["visibility": "private"])
        let paths = ["\(hers)/events/\(id)", "\(hers)/events"]
        share(as: "reader")
        let less = paths.map { local.get($0, as: "grace")["etag"] }
        let listed = local.get(paths[1], as: "grace").items.first
        #expect(listed?["etag"] == less[0])
        for (path, etag) in zip(paths, less) {
            #expect(status(path, seen: etag, as: "grace") == 304)
        }
        share(as: "writer")
        for (path, etag) in zip(paths, less) {
            #expect(status(path, seen: etag, as: "grace") == 200)
        }
        #expect(local.get(paths[0], as: "grace")["etag"] == local.get(paths[0])["etag"])
    }

    @Test func `a new zone of the calendar is a change of every timed event`() {
        let timed = local.event("Timed")
        let days: JSON = [
            "summary": "Days", "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
        ]
        let allDay = local.call("POST", "calendars/primary/events", days)["id"]?.string ?? ""
        let paths = [timed, allDay].map { "calendars/primary/events/\($0)" }
        let seen = paths.map { local.get($0)["etag"] }
        let token = local.get("calendars/primary/events")["nextSyncToken"]?.string ?? ""
        _ = local.call("PATCH", "calendars/primary", ["timeZone": "Asia/Tokyo"])
        #expect(status(paths[0], seen: seen[0]) == 200)
        #expect(status(paths[1], seen: seen[1]) == 304)
        #expect(local.get("calendars/primary/events?syncToken=\(token)").ids == [timed])
        let old = (name: "If-Match", value: seen[0]?.string ?? "")
        #expect(local.call("PATCH", paths[0], ["summary": "X"], headers: [old]).status == 412)
    }

    @Test func `an endless series makes another listing as time goes by`() {
        _ = local.event(
            "Endless",
            [
                "start": ["dateTime": "2026-11-10T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-10T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY"],
            ])
        let path = "calendars/primary/events?singleEvents=true&maxResults=2500"
        let seen = local.get(path)["etag"]
        #expect(status(path, seen: seen) == 304)
        local.clock.advance(seconds: 86_400)
        #expect(status(path, seen: seen) == 200)
    }

    @Test func `churn renews cancelled instances, and leaves alone what is gone`() throws {
        let series = local.event(
            "Series",
            [
                "start": ["dateTime": "2026-11-10T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-10T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
            ])
        let gone = local.event("Gone")
        for id in ["\(series)_20261111T100000Z", gone] {
            #expect(local.call("DELETE", "calendars/primary/events/\(id)").status == 204)
        }
        func etags() -> [String: JSON] {
            let items = local.get("calendars/primary/events?showDeleted=true").items
            return Dictionary(
                uniqueKeysWithValues: items.map { ($0["id"]?.string ?? "", $0["etag"] ?? .null) })
        }
        let before = etags()
        #expect(before.count == 3)
        try local.google.churn()
        for (id, etag) in etags() { #expect((before[id] == etag) == (id == gone)) }
    }

    @Test func `a user's churn reaches only calendars that the user can read`() {
        let target: JSON = ["user": "grace@example.com", "calendar": "ada@example.com"]
        let answer = local.control("POST", "churn", target)
        #expect(answer.status == 404)
        #expect(
            answer["error"]?["message"]?.string?.contains("grace@example.com has no") == true)
        share(as: "reader")
        #expect(local.control("POST", "churn", target).status == 200)
    }
}
