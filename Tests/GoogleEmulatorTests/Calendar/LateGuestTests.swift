import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Sections 5 and 9 of the Calendar contract: who is invited to a series that has exceptions.
@Suite struct LateGuestTests {
    let local = Local()
    private let guests: JSON = ["attendees": [["email": "grace@example.com"]]]

    private func path(_ id: String) -> String { "calendars/primary/events/\(id)" }

    private func series() -> String {
        let id = local.event(
            "Daily",
            [
                "start": ["dateTime": "2026-11-10T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-10T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=4"],
            ])
        let moved = json(
            #"""
            {"start":{"dateTime":"2026-11-11T15:00:00Z","timeZone":"UTC"},
             "end":{"dateTime":"2026-11-11T16:00:00Z","timeZone":"UTC"}}
            """#)
        _ = local.call("PATCH", path("\(id)_20261111T100000Z"), moved)
        _ = local.call("DELETE", path("\(id)_20261112T100000Z"))
        return id
    }

    private func starts(as user: String) -> [String] {
        let all = "singleEvents=true&orderBy=startTime&timeZone=UTC"
        return local.get("calendars/primary/events?\(all)", as: user).items.compactMap {
            $0["start"]?["dateTime"]?.string
        }
    }

    private let days = ["10", "13"].map { "2026-11-\($0)T10:00:00Z" }

    @Test func `a late guest misses the instances that are gone or are not the guest's`() {
        let id = series()
        #expect(local.call("PATCH", path(id), guests).status == 200)
        #expect(starts(as: "grace") == days)
        for day in ["11", "12"] {
            let instance = local.get(path("\(id)_202611\(day)T100000Z"), as: "grace")
            #expect(instance["status"] == "cancelled")
        }
    }

    @Test func `a late guest gets the moved instance to which the guest is invited`() {
        let id = series()
        let moved = "\(id)_20261111T100000Z"
        _ = local.call("PATCH", path(moved), guests)
        #expect(local.call("PATCH", path(id), guests).status == 200)
        #expect(starts(as: "grace") == [days[0], "2026-11-11T15:00:00Z", days[1]])
        #expect(starts(as: "grace") == starts(as: "ada"))
    }

    @Test func `who comes back to a series finds its exceptions as they are`() {
        let id = series()
        _ = local.call("PATCH", path("\(id)_20261111T100000Z"), guests)
        _ = local.call("PATCH", path(id), guests)
        _ = local.call("PATCH", path(id), ["attendees": []])
        _ = local.call("DELETE", path("\(id)_20261113T100000Z"))
        _ = local.call("PATCH", path(id), guests)
        #expect(starts(as: "grace") == [days[0], "2026-11-11T15:00:00Z"])
        #expect(starts(as: "grace") == starts(as: "ada"))
    }

    @Test func `a guest of a guest gets the exceptions, too`() {
        let id = series()
        _ = local.call("PATCH", path(id), guests)
        let list = local.get(path(id), as: "grace")["attendees"]?.array ?? []
        let both: JSON = ["attendees": .array(list + [["email": "linus@example.org"]])]
        #expect(local.call("PATCH", path(id), both, as: "grace").status == 200)
        #expect(starts(as: "linus") == days)
    }
}
