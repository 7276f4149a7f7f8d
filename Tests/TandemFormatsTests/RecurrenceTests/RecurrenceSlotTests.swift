import Testing

@testable import TandemFormats

struct RecurrenceSlotTests {
    @Test func `a slot's suffix is its start in UTC and leads back to it`() throws {
        let wall = try #require(WallTime(dateTime: "2026-11-09T10:00:00"))
        let timed = SeriesStart.dateTime(wall, zone: "Europe/Paris")
        let slot = try #require(RecurrenceSlot(idSuffix: "20261109T090000Z", start: timed))
        #expect(slot.wall == wall)
        #expect(slot.utcSeconds == 1_794_214_800)
        #expect(!slot.isAllDay)
        #expect(slot.idSuffix == "20261109T090000Z")
        let day = try #require(RecurrenceSlot(idSuffix: "20261109", start: .date(wall)))
        #expect(day.wall.dateTimeText == "2026-11-09T00:00:00")
        #expect(day.isAllDay)
        #expect(day.utcSeconds % 86_400 == 0)
        #expect(day.idSuffix == "20261109")
    }

    @Test(arguments: [
        "20261109", "20261109T090000", "20261109T0900Z", "2026-11-09T09:00:00Z", "", "Z",
        "20261309T090000Z", "20261109T090000Z_", "R20261109T090000",
    ])
    func `a suffix of another kind is refused for a timed series`(_ suffix: String) throws {
        let wall = try #require(WallTime(date: "2026-11-09"))
        let start = SeriesStart.dateTime(wall, zone: "Europe/Paris")
        #expect(RecurrenceSlot(idSuffix: suffix, start: start) == nil)
    }

    @Test func `a suffix is refused for the wrong kind of series or an unknown zone`() throws {
        let wall = try #require(WallTime(date: "2026-11-09"))
        #expect(RecurrenceSlot(idSuffix: "20261109T090000Z", start: .date(wall)) == nil)
        #expect(RecurrenceSlot(idSuffix: "20261131", start: .date(wall)) == nil)
        let nowhere = SeriesStart.dateTime(wall, zone: "Mars/Base")
        #expect(RecurrenceSlot(idSuffix: "20261109T090000Z", start: nowhere) == nil)
    }

    @Test func `suffixes of all generated starts lead back to them`() throws {
        for oracle in try OracleCase.all() {
            for seconds in oracle.expected.prefix(3) {
                let slot = try oracle.slot(at: seconds)
                #expect(RecurrenceSlot(idSuffix: slot.idSuffix, start: oracle.start) == slot)
            }
        }
    }

    @Test func `slots sort by instant`() throws {
        let zone = try ZoneRules.named("Europe/Paris")
        let slots = [5, -3, 1_000_000_000, 0].map { RecurrenceSlot(utcSeconds: $0, zone: zone) }
        #expect(slots.sorted().map(\.utcSeconds) == [-3, 0, 5, 1_000_000_000])
    }

    @Test func `a timed slot is not in an all-day series, whatever its instant`() throws {
        let wall = try #require(WallTime(date: "2026-11-09"))
        let series = try Recurrence(lines: ["RRULE:FREQ=DAILY"], start: .date(wall))
        let midnight = series.firstSlot.utcSeconds
        #expect(try series.hasSlot(RecurrenceSlot(date: wall)))
        #expect(try !series.hasSlot(RecurrenceSlot(utcSeconds: midnight, zone: .utc)))
        #expect(try !series.hasSlot(RecurrenceSlot(utcSeconds: .max, zone: .utc)))
        #expect(try !series.hasSlot(RecurrenceSlot(utcSeconds: .min, zone: .utc)))
    }
}
