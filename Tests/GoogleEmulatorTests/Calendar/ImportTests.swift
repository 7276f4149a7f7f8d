import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 7 of the Calendar contract: imports of instances, and imports again.
@Suite struct ImportTests {
    let local = Local()
    private let events = "calendars/primary/events"

    private func take(_ more: JSONObject) -> Answer {
        var body: JSONObject = [
            "iCalUID": "f@example.net", "start": ["date": "2026-11-20"],
            "end": ["date": "2026-11-21"], "summary": "Foreign",
        ]
        for member in more { body[member.key] = member.value }
        return local.call("POST", "\(events)/import", .object(body))
    }

    /// Three days from the 20th on.
    private func series() -> String {
        take(["recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]])["id"]?.string ?? "none"
    }

    private func instance(of series: String, _ day: String, _ more: JSONObject = [:]) -> Answer {
        var body: JSONObject = [
            "recurringEventId": .string(series), "originalStartTime": ["date": .string(day)],
            "summary": "Other",
        ]
        for member in more { body[member.key] = member.value }
        return take(body)
    }

    @Test func `an imported instance takes its place in the series`() {
        let id = series()
        let made = instance(of: id, "2026-11-21")
        #expect(made["id"]?.string == "\(id)_20261121")
        #expect(instance(of: id, "2026-11-21", ["summary": "Again"])["id"] == made["id"])
        let gone = instance(of: id, "2026-11-22", ["status": "cancelled"])
        #expect(gone["status"] == "cancelled")
        let items = local.get("\(events)?singleEvents=true&orderBy=startTime").items
        #expect(items.count == 2)
        #expect(titled("Again", in: items)?["id"] == made["id"])
    }

    @Test func `an imported instance must be one of a series that is here`() {
        let id = series()
        let single = local.event("Single", ["iCalUID": "s@example.net"])
        let deleted =
            take([
                "iCalUID": "d@example.net", "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
            ])["id"]?.string ?? ""
        #expect(local.call("DELETE", "\(events)/\(deleted)").status == 204)
        let refused = [
            instance(of: id, "2026-11-23"), instance(of: id, "2026-11-19"),
            instance(of: id, "", ["originalStartTime": ["dateTime": "2026-11-21T00:00:00Z"]]),
            instance(of: id, "2026-11-21", ["iCalUID": "other@example.net"]),
            instance(of: single, "2026-11-10", ["iCalUID": "s@example.net"]),
            instance(of: "unknown", "2026-11-21"),
            instance(of: deleted, "2026-11-21", ["iCalUID": "d@example.net"]),
            instance(of: "\(id)_20261121", "2026-11-21"),
        ]
        for answer in refused {
            #expect(answer.status == 400)
            #expect(answer.reason == "invalid")
        }
        #expect(Set(local.get(events).ids) == [id, single])
    }

    @Test func `an import without a sequence can be repeated after the event was moved`() {
        let id = take([:])["id"]?.string ?? ""
        let moved: JSON = ["start": ["date": "2026-11-24"], "end": ["date": "2026-11-25"]]
        #expect(local.call("PATCH", "\(events)/\(id)", moved)["sequence"] == 1)
        let again = take(["summary": "Again"])
        #expect(again.status == 200)
        #expect(again["id"]?.string == id)
        #expect(again["summary"] == "Again")
        #expect(again["sequence"] == 1)
        #expect(take(["sequence": 0]).message == "Invalid sequence value.")
    }

    @Test func `a low sequence of an import is refused or ignored, as the switch says`() {
        #expect(take(["sequence": 3])["sequence"] == 3)
        #expect(take(["sequence": 2]).reason == "invalid")
        _ = local.control("POST", "switches", ["lowSequence": "ignored"])
        let answer = take(["sequence": 2, "summary": "Late"])
        #expect(answer["summary"] == "Late")
        #expect(answer["sequence"] == 3)
    }

    @Test func `what the series lost may be imported while it is still shown`() {
        let local = Local { $0.switches.seriesChangeDropsExceptions = false }
        let id = local.event(
            "Series",
            [
                "start": ["date": "2026-11-10"],
                "end": ["date": "2026-11-11"], "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
            ])
        let kept = "\(events)/\(id)_20261112"
        #expect(local.call("PATCH", kept, ["summary": "Kept"]).status == 200)
        _ = local.call("PATCH", "\(events)/\(id)", ["recurrence": ["RRULE:FREQ=DAILY;COUNT=1"]])
        var body = local.get(kept).json
        body["summary"] = "Kept again"
        #expect(local.call("POST", "\(events)/import", body)["summary"] == "Kept again")
    }
}
