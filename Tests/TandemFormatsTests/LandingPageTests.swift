import TandemFormats
import Testing

/// What the library's landing page shows.
@Suite struct LandingPageTests {
    @Test func `a series keeps its hour over the end of summer time`() throws {
        let start = try #require(WallTime(dateTime: "2026-10-19T09:00:00"))
        let series = try Recurrence(
            lines: ["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3"],
            start: .dateTime(start, zone: "Europe/Paris"))
        let slots = series.slots(in: 0..<4_000_000_000).slots
        #expect(slots.map(\.wall.dateText) == ["2026-10-19", "2026-11-02", "2026-11-16"])
        #expect(slots.allSatisfy { $0.wall.hour == 9 })
    }
}
