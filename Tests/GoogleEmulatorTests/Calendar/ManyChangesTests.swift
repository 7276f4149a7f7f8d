import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 4 of the Calendar contract: what deltas tell after many changes of one thing.
@Suite struct ManyChangesTests {
    let local = Local()
    private let expanded = "calendars/primary/events?singleEvents=true"

    private func series() -> String {
        local.event(
            "Daily",
            [
                "start": ["dateTime": "2026-11-10T10:00:00Z", "timeZone": "UTC"],
                "end": ["dateTime": "2026-11-10T11:00:00Z", "timeZone": "UTC"],
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=30"],
            ])
    }

    private func recur(_ id: String, _ count: Int) {
        let rule: JSON = .string("RRULE:FREQ=DAILY;COUNT=\(count)")
        let answer = local.call(
            "PATCH", "calendars/primary/events/\(id)", ["recurrence": .array([rule])])
        #expect(answer.status == 200)
    }

    private func token(_ list: String) -> String { local.get(list)["nextSyncToken"]?.string ?? "" }

    @Test func `after more rules than are remembered the instances are listed anew`() {
        let id = series()
        let before = token(expanded)
        let plain = token("calendars/primary/events?")
        recur(id, 29)
        let later = token(expanded)
        for count in (5...24).reversed() { recur(id, count) }
        // What a wrong seed did is undone by a snapshot, which must say what is forgotten.
        for _ in 0..<2 {
            let answer = local.get("\(expanded)&syncToken=\(before)")
            #expect(answer.status == 410)
            #expect(answer.reason == "fullSyncRequired")
            #expect(local.get("calendars/primary/events?syncToken=\(plain)").ids == [id])
            #expect(local.get("\(expanded)&syncToken=\(later)").status == 200)
            #expect(local.control("POST", "seed", ["calendars": [["events": [5]]]]).status == 400)
        }
        recur(id, 3)
        #expect(local.get("\(expanded)&syncToken=\(later)").status == 410)
        #expect(local.get("\(expanded)&syncToken=\(token(expanded))").status == 200)
    }

    @Test func `a rule that goes to and fro is remembered once`() {
        let id = series()
        let before = token(expanded)
        for _ in 0..<30 {
            recur(id, 3)
            recur(id, 5)
        }
        let delta = local.get("\(expanded)&syncToken=\(before)")
        #expect(delta.items.count { $0["status"] == "cancelled" } == 25)
        #expect(delta.items.count { $0["status"] == "confirmed" } == 5)
    }
}
