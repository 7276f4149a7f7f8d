import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 4 of the Calendar contract: who applies every delta has what a full listing tells.
@Suite struct SyncMirrorTests {
    let local = Local()
    private let events = "calendars/primary/events"

    /// What a client keeps of its listings, by id.
    private struct Mirror {
        var items: [String: JSON] = [:]
        var token = ""
    }

    /// Reads all pages of a listing into a mirror; `between` is done after the first page.
    private func read(
        _ query: String, into mirror: inout Mirror, between: () -> Void = {}
    ) {
        let sync = mirror.token.isEmpty ? "" : "&syncToken=\(mirror.token)"
        var page = ""
        for round in 0..<50 {
            let answer = local.get("\(events)?\(query)\(sync)\(page)")
            #expect(answer.status == 200)
            for item in answer.items {
                let id = item["id"]?.string ?? ""
                mirror.items[id] = item["status"] == "cancelled" ? nil : item
            }
            if round == 0 { between() }
            if let token = answer["nextSyncToken"]?.string {
                mirror.token = token
                return
            }
            page = "&pageToken=\(answer["nextPageToken"]?.string ?? "none")"
        }
        Issue.record("The listing does not end.")
    }

    private func expectWhole(_ mirror: Mirror, _ query: String) {
        var full = Mirror()
        read(query, into: &full)
        #expect(mirror.items == full.items)
    }

    private func series() -> String {
        let body = json(
            #"""
            {"summary":"Series","recurrence":["RRULE:FREQ=DAILY;COUNT=6"],
             "start":{"dateTime":"2026-11-10T10:00:00","timeZone":"Europe/Paris"},
             "end":{"dateTime":"2026-11-10T11:00:00","timeZone":"Europe/Paris"}}
            """#)
        let id = local.call("POST", events, body)["id"]?.string ?? "none"
        _ = local.call("PATCH", "\(events)/\(id)_20261112T090000Z", ["summary": "Other"])
        _ = local.call("DELETE", "\(events)/\(id)_20261113T090000Z")
        return id
    }

    static let changes = [
        #"{"recurrence":["RRULE:FREQ=DAILY;COUNT=2"]}"#,
        #"{"recurrence":["RRULE:FREQ=DAILY;INTERVAL=2;COUNT=4"]}"#,
        #"{"recurrence":["RRULE:FREQ=DAILY;COUNT=6","EXDATE:20261111T090000Z"]}"#,
        #"{"recurrence":[]}"#,
        #"""
        {"start":{"dateTime":"2026-11-10T12:00:00+01:00"},
         "end":{"dateTime":"2026-11-10T13:00:00+01:00"}}
        """#,
        #"""
        {"start":{"dateTime":"2026-11-11T10:00:00+01:00"},
         "end":{"dateTime":"2026-11-11T11:00:00+01:00"}}
        """#,
        #"""
        {"start":{"date":"2026-11-10","dateTime":null,"timeZone":null},
         "end":{"date":"2026-11-11","dateTime":null,"timeZone":null}}
        """#,
    ]

    @Test(arguments: changes, ["singleEvents=true", "singleEvents=true&maxResults=2"])
    func `deltas mirror a series that is cut, thinned or shifted`(change: String, query: String) {
        let id = series()
        var mirror = Mirror()
        read(query, into: &mirror)
        #expect(mirror.items.count == 5)
        #expect(local.call("PATCH", "\(events)/\(id)", json(change)).status == 200)
        read(query, into: &mirror)
        expectWhole(mirror, query)
        let back: JSON = [
            "summary": "Series again", "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
            "start": [
                "dateTime": "2026-11-10T10:00:00+01:00", "timeZone": "Europe/Paris", "date": .null,
            ],
            "end": [
                "dateTime": "2026-11-10T11:00:00+01:00", "timeZone": "Europe/Paris", "date": .null,
            ],
        ]
        #expect(local.call("PATCH", "\(events)/\(id)", back).status == 200)
        read(query, into: &mirror)
        expectWhole(mirror, query)
    }

    @Test(arguments: ["maxResults=2", "maxResults=2&singleEvents=true"])
    func `what happens between pages is there after the next delta`(query: String) {
        let ids = (0..<6).map { local.event("Event \($0)") }
        func disturb(_ summary: String) {
            _ = local.event("Added \(summary)")
            for (index, id) in ids.enumerated() where index % 2 == 0 {
                _ = local.call("PATCH", "\(events)/\(id)", ["summary": .string(summary)])
            }
        }
        var mirror = Mirror()
        read(query, into: &mirror) {
            disturb("during the first listing")
            for id in [ids[0], ids[5]] { _ = local.call("DELETE", "\(events)/\(id)") }
        }
        disturb("later")
        read(query, into: &mirror) {
            disturb("during a delta")
            for id in [ids[1], ids[4]] { _ = local.call("DELETE", "\(events)/\(id)") }
        }
        read(query, into: &mirror)
        #expect(Set(mirror.items.keys).isDisjoint(with: [ids[0], ids[1], ids[4], ids[5]]))
        expectWhole(mirror, query)
    }
}
