import Testing

@testable import TandemFormats

/// Where a series ends, and what it costs to find out.
struct RecurrenceEndTests {
    private func series(
        _ lines: String..., from start: String = "2026-11-09T10:00:00",
        zone: String = "Europe/Paris"
    ) throws -> Recurrence {
        let wall = try #require(WallTime(dateTime: start))
        return try Recurrence(lines: lines, start: .dateTime(wall, zone: zone))
    }

    /// The last of all starts, found by listing them.
    private func listed(_ series: Recurrence) throws -> Int64? {
        let limits = RecurrenceLimits(maxSlots: 100_000, maxSteps: 10_000_000)
        let found = series.slots(in: Int64.min..<Int64.max, limits: limits)
        try #require(!found.isTruncated)
        return found.slots.last?.utcSeconds
    }

    @Test(arguments: [
        "FREQ=DAILY;COUNT=3650", "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=1560",
        "FREQ=MONTHLY;BYDAY=-1FR;COUNT=240", "FREQ=YEARLY;BYDAY=20MO;COUNT=50",
        "FREQ=HOURLY;UNTIL=20281231T000000Z",
    ])
    func `the end of a usual series is found exactly within 20,000 steps`(_ rule: String) throws {
        let series = try series("RRULE:" + rule)
        #expect(try series.lastStart(limits: .init(maxSteps: 20_000)) == listed(series))
    }

    @Test func `the end of a rule with COUNT costs one walk, even if its last starts are excluded`()
        throws
    {
        let daily = try series("RRULE:FREQ=DAILY;COUNT=1000")
        let walk = daily.slots(in: Int64.min..<Int64.max).steps
        #expect(try daily.lastStart(limits: .init(maxSteps: walk + 1)) == listed(daily))
        let shorter = try series(
            "RRULE:FREQ=DAILY;COUNT=1000", "EXDATE:20290804T080000Z", "EXDATE;VALUE=DATE:20290803")
        #expect(try shorter.lastStart(limits: .init(maxSteps: walk + 1)) == listed(shorter))
        #expect(try listed(shorter) == listed(daily).map { $0 - 2 * 86_400 })
    }

    @Test(arguments: [
        "FREQ=DAILY;UNTIL=20991231T000000Z", "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20991231T000000Z",
        "FREQ=YEARLY;UNTIL=20991231T000000Z", "FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=20991231",
    ])
    func `the end of a rule with UNTIL is looked for near that day`(_ rule: String) throws {
        let series = try series("RRULE:" + rule)
        #expect(try series.lastStart(limits: .init(maxSteps: 300)) == listed(series))
    }

    @Test func `several rules, dates and exceptions end where a listing does`() throws {
        for lines in [
            ["RRULE:FREQ=DAILY;COUNT=20", "RRULE:FREQ=WEEKLY;COUNT=30"],
            ["RRULE:FREQ=DAILY;COUNT=20", "RRULE:FREQ=WEEKLY;UNTIL=20270501"],
            ["RRULE:FREQ=DAILY;COUNT=20", "RDATE:20300101T000000Z"],
            ["RRULE:FREQ=DAILY;COUNT=20", "EXRULE:FREQ=DAILY;INTERVAL=2"],
            ["RRULE:FREQ=DAILY;UNTIL=20270501", "EXRULE:FREQ=DAILY;BYMONTH=3,4,5;COUNT=100"],
            ["RDATE:20300101T000000Z,20310101T000000Z", "EXDATE:20310101T000000Z"],
        ] {
            let start = try #require(WallTime(dateTime: "2026-11-09T10:00:00"))
            let series = try Recurrence(
                lines: lines, start: .dateTime(start, zone: "Europe/Paris"))
            #expect(try series.lastStart() == listed(series), "\(lines)")
        }
    }

    @Test func `a start in a skipped hour may be later than the last on the wall clock`() throws {
        // Clocks go from 02:00 to 03:00: the reading 02:30 is taken for 03:30, behind 03:00.
        let rule = "RRULE:FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30;COUNT=4"
        let series = try series(rule, from: "2026-03-29T01:00:00")
        #expect(try series.lastStart() == listed(series))
        let last = try #require(OffsetTime(rfc3339: "2026-03-29T03:30:00+02:00"))
        #expect(try series.lastStart() == last.utcSeconds)
    }

    @Test(arguments: ["FREQ=SECONDLY;COUNT=2000000", "FREQ=MINUTELY;COUNT=2000000"])
    func `a rule with a giant COUNT is given up`(_ rule: String) throws {
        let series = try series("RRULE:" + rule)
        let error = try #require(throws: FormatError.self) {
            try series.lastStart(limits: .init(maxSteps: 20_000))
        }
        #expect(error.code == .limit)
        #expect(series.latestStart == nil)
    }

    @Test(arguments: [
        ("FREQ=SECONDLY;UNTIL=20281231T000000Z", "Europe/Paris"),
        ("FREQ=SECONDLY;UNTIL=20281231T000000", "Pacific/Kiritimati"),
        ("FREQ=SECONDLY;UNTIL=20281231", "Pacific/Pago_Pago"),
    ])
    func `a rule with UNTIL ends near it, however often it comes`(
        _ rule: String, _ zone: String
    ) throws {
        let series = try series("RRULE:" + rule, zone: zone)
        #expect(throws: FormatError.self) {
            try series.lastStart(limits: .init(maxSteps: 20_000))
        }
        let until = try #require(OffsetTime(rfc3339: "2028-12-31T00:00:00Z")).utcSeconds
        let latest = try #require(series.latestStart)
        // No start comes later, and the bound is not far off.
        #expect(series.slots(in: latest + 1..<latest + 10 * 86_400).slots.isEmpty)
        #expect(abs(latest - until) <= 4 * 86_400)
    }

    @Test func `only a rule with UNTIL tells its latest start, and dates count`() throws {
        let until = "RRULE:FREQ=DAILY;UNTIL=20270101T000000Z"
        #expect(try series(until, "RRULE:FREQ=DAILY;COUNT=3").latestStart == nil)
        #expect(try series("RRULE:FREQ=DAILY").latestStart == nil)
        let later = try #require(OffsetTime(rfc3339: "2030-01-01T00:00:00Z")).utcSeconds
        #expect(try series(until, "RDATE:20300101T000000Z").latestStart == later)
        let alone = try series()
        #expect(alone.latestStart == alone.firstSlot.utcSeconds)
    }
}
