import Testing

@testable import TandemFormats

struct RecurrenceTextTests {
    private func series(_ lines: String..., zone: String? = "Europe/Paris") throws -> Recurrence {
        try series(of: lines, zone: zone)
    }

    private func series(of lines: [String], zone: String?) throws -> Recurrence {
        let wall = try #require(WallTime(dateTime: "2026-01-05T10:00:00"))
        return try Recurrence(
            lines: lines, start: zone.map { .dateTime(wall, zone: $0) } ?? .date(wall))
    }

    private func suffixes(of lines: String..., zone: String? = "Europe/Paris") throws -> [String] {
        try suffixes(series(of: lines, zone: zone))
    }

    private func suffixes(_ series: Recurrence) throws -> [String] {
        series.slots(in: Int64.min..<Int64.max, limits: RecurrenceLimits(maxSlots: 5))
            .slots.map(\.idSuffix)
    }

    @Test(arguments: [
        "RRULE:", "RRULE:FREQ=", "RRULE:FREQ=FORTNIGHTLY", "RRULE:INTERVAL=2", "FREQ=DAILY",
        "RRULE:FREQ=DAILY;COUNT=0", "RRULE:FREQ=DAILY;INTERVAL=0", "RRULE:FREQ=DAILY;COUNT=-1",
        "RRULE:FREQ=DAILY;INTERVAL=99999999999999999999", "RRULE:FREQ=DAILY;COUNT=2147483648",
        "RRULE:FREQ=DAILY;COUNT=1e3", "RRULE:FREQ=DAILY;COUNT= ", "RRULE:FREQ=DAILY;COUNT",
        "RRULE:FREQ=DAILY;FREQ=DAILY", "RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "RRULE:FREQ=DAILY;BYSETPOS=1", "RRULE:FREQ=DAILY;BYSETPOS=0;BYDAY=MO",
        "RRULE:FREQ=DAILY;BYMONTHDAY=0", "RRULE:FREQ=DAILY;BYMONTHDAY=32",
        "RRULE:FREQ=DAILY;BYMONTHDAY=-32", "RRULE:FREQ=DAILY;BYMONTH=13",
        "RRULE:FREQ=DAILY;BYMONTH=-1", "RRULE:FREQ=DAILY;BYMONTH=5L",
        "RRULE:FREQ=DAILY;BYHOUR=24", "RRULE:FREQ=DAILY;BYMINUTE=60",
        "RRULE:FREQ=DAILY;BYSECOND=61",
        "RRULE:FREQ=YEARLY;BYYEARDAY=367", "RRULE:FREQ=YEARLY;BYWEEKNO=54",
        "RRULE:FREQ=MONTHLY;BYWEEKNO=20", "RRULE:FREQ=MONTHLY;BYYEARDAY=20",
        "RRULE:FREQ=WEEKLY;BYMONTHDAY=20", "RRULE:FREQ=WEEKLY;BYDAY=1MO",
        "RRULE:FREQ=DAILY;BYDAY=-1MO", "RRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO",
        "RRULE:FREQ=MONTHLY;BYDAY=54MO", "RRULE:FREQ=MONTHLY;BYDAY=0MO",
        "RRULE:FREQ=MONTHLY;BYDAY=XX",
        "RRULE:FREQ=MONTHLY;BYDAY=MOTU", "RRULE:FREQ=MONTHLY;BYDAY=",
        "RRULE:FREQ=MONTHLY;BYDAY=MO,",
        "RRULE:FREQ=WEEKLY;WKST=1MO", "RRULE:FREQ=WEEKLY;WKST=", "RRULE:FREQ=DAILY;UNTIL=",
        "RRULE:FREQ=DAILY;UNTIL=20261301", "RRULE:FREQ=DAILY;UNTIL=2026-12-01",
        "RRULE:FREQ=DAILY;UNTIL=20261201T250000Z", "RRULE:FREQ=DAILY;X-FOO=1",
        "RRULE:FREQ=DAILY;RSCALE=HEBREW", "RRULE:FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=FORWARD",
        "RRULE FREQ=DAILY", "DTSTART:20260101T000000Z", "EXDATE", "RDATE:tomorrow",
        "EXDATE:20261301T000000Z", "RDATE;VALUE=TEXT:20260101",
        "EXDATE;TZID=Mars/Base:20260101T000000",
        "RDATE;TZID:20260101T000000", "RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY",
        "RRULE:FREQ=DAILY\u{0}",
        "BEGIN:VEVENT", ":", ";:", "\"", "RRULE;\":FREQ=DAILY",
    ])
    func `what RFC 5545 forbids is an error`(_ line: String) throws {
        let error = try #require(throws: FormatError.self) { try series(line) }
        #expect([.rule, .date, .zone].contains(error.code))
        #expect(!error.message.isEmpty)
    }

    @Test(arguments: [
        "rrule:freq=daily;count=2", "RRULE:FREQ=DAILY;COUNT=2;", "RRULE:;FREQ=DAILY;;COUNT=2",
        "RRULE: FREQ = DAILY ; COUNT = 2 ", "RRULE:COUNT=2;FREQ=DAILY",
        "RRULE:FREQ=DAI\r\n LY;COUNT=2",
        "RRULE:FREQ=DAILY;COUNT=2\r\n", "RRULE:RSCALE=GREGORIAN;FREQ=DAILY;SKIP=OMIT;COUNT=2",
        "RRULE;X-NOTE=\"a:b;c\":FREQ=DAILY;COUNT=2", "RRULE:FREQ=DAILY;COUNT=0002",
        "RRULE:FREQ=WEEKLY;BYDAY=MO, TU;COUNT=2", "RRULE:FREQ=MONTHLY;BYDAY=1 MO,+1TU,1MO;COUNT=2",
    ])
    func `spellings found in the wild are read`(_ line: String) throws {
        #expect(try suffixes(of: line) == ["20260105T090000Z", "20260106T090000Z"])
    }

    @Test(arguments: [
        // In UTC, on the wall clock, and as a date that means the whole day.
        ("UNTIL=20260107T090000Z", 3), ("UNTIL=20260107T085959Z", 2), ("UNTIL=20260107T100000", 3),
        ("UNTIL=20260107T095959", 2), ("UNTIL=20260107", 3), ("UNTIL=20260106", 2),
    ])
    func `UNTIL of any kind ends a timed series`(_ until: String, _ count: Int) throws {
        let series = try series("RRULE:FREQ=DAILY;" + until)
        #expect(try suffixes(series).count == count)
        #expect(try series.lastStart() == series.firstSlot.utcSeconds + Int64(count - 1) * 86_400)
    }

    @Test(arguments: [
        ("UNTIL=20260107", 3), ("UNTIL=20260107T000000Z", 3), ("UNTIL=20260106T235959Z", 2),
        ("UNTIL=20260107T235959", 3),
    ])
    func `UNTIL of any kind ends an all-day series`(_ until: String, _ count: Int) throws {
        let series = try series("RRULE:FREQ=DAILY;" + until, zone: nil)
        #expect(try suffixes(series).count == count)
        #expect(try series.lastStart() == series.firstSlot.utcSeconds + Int64(count - 1) * 86_400)
    }

    @Test(arguments: [
        "EXDATE;TZID=Europe/Paris:20260106T100000", "EXDATE:20260106T090000Z",
        "EXDATE:20260106T100000", "EXDATE;VALUE=DATE:20260106", "EXDATE:20260106",
        "EXDATE;TZID=\"America/New_York\":20260106T040000",
        "EXDATE;VALUE=DATE-TIME:20260106T090000Z",
        "EXDATE:20251231T000000Z, 20260106T090000Z ,20270101T000000Z",
    ])
    func `an EXDATE of any kind takes a start out`(_ line: String) throws {
        #expect(
            try suffixes(of: "RRULE:FREQ=DAILY;COUNT=3", line)
                == ["20260105T090000Z", "20260107T090000Z"])
    }

    @Test(arguments: [
        "EXDATE;VALUE=DATE:20260106", "EXDATE:20260106", "EXDATE:20260106T000000Z",
        "EXDATE;TZID=Europe/Paris:20260106T000000", "EXDATE;TZID=Nowhere:20260106T120000",
    ])
    func `an EXDATE of any kind takes a day out of an all-day series`(_ line: String) throws {
        #expect(
            try suffixes(of: "RRULE:FREQ=DAILY;COUNT=3", line, zone: nil)
                == ["20260105", "20260107"])
    }

    @Test(arguments: [
        "RDATE;TZID=Europe/Paris:20260203T120000", "RDATE:20260203T110000Z",
        "RDATE;VALUE=PERIOD:20260203T110000Z/20260203T130000Z",
        "RDATE;VALUE=PERIOD:20260203T110000Z/PT2H", "RDATE:20260203T120000,20260203T110000Z",
    ])
    func `an RDATE of any kind adds a start once`(_ line: String) throws {
        #expect(try suffixes(of: line) == ["20260105T090000Z", "20260203T110000Z"])
    }

    @Test func `an RDATE that is a date adds the usual time of day`() throws {
        #expect(
            try suffixes(of: "RDATE;VALUE=DATE:20260203")
                == ["20260105T090000Z", "20260203T090000Z"])
    }

    @Test func `a start and its rules can be excluded, and a series be nothing but its start`()
        throws
    {
        #expect(try suffixes(of: "") == ["20260105T090000Z"])
        #expect(try suffixes(of: "", "  ", "\r\n") == ["20260105T090000Z"])
        let empty = try series("EXDATE:20260105T090000Z")
        #expect(try suffixes(empty) == [])
        #expect(try empty.lastStart() == empty.firstSlot.utcSeconds)
        #expect(
            try suffixes(of: "RRULE:FREQ=DAILY;COUNT=4", "EXRULE:FREQ=DAILY;INTERVAL=2")
                == ["20260106T090000Z", "20260108T090000Z"])
    }

    @Test func `hours in the rule of an all-day series are ignored, a frequency of hours is not`()
        throws
    {
        let rule = "RRULE:FREQ=DAILY;BYHOUR=9,10;BYMINUTE=30;COUNT=2"
        #expect(try suffixes(of: rule, zone: nil) == ["20260105", "20260106"])
        #expect(throws: FormatError.self) { try series("RRULE:FREQ=HOURLY", zone: nil) }
    }

    @Test func `an unknown zone of the start is an error`() throws {
        let error = try #require(throws: FormatError.self) { try series(zone: "Mars/Base") }
        #expect(error.code == .zone)
    }

    @Test func `input beyond the limits is an error`() throws {
        let dates = Array(repeating: "20260106T090000Z", count: 20_001).joined(separator: ",")
        let lines = [
            [
                "RRULE:FREQ=DAILY;BYDAY="
                    + Array(repeating: "MO", count: 5_000).joined(separator: ",")
            ],
            ["EXDATE:" + dates], Array(repeating: "RRULE:FREQ=DAILY", count: 21),
            Array(repeating: "EXDATE:20260106T090000Z", count: 1_001),
            ["EXDATE:" + String(repeating: ",", count: 2 << 20)],
        ]
        for lines in lines {
            let wall = try #require(WallTime(date: "2026-01-05"))
            let error = try #require(throws: FormatError.self) {
                try Recurrence(lines: lines, start: .date(wall))
            }
            #expect(error.code == .limit)
        }
    }

    @Test func `an error shows at most 80 characters of the input and no control characters`()
        throws
    {
        let line = "RRULE:FREQ=DAILY;BYDAY=\u{1B}[31m" + String(repeating: "x", count: 5_000)
        let error = try #require(throws: FormatError.self) { try series(line) }
        #expect(error.excerpt?.count ?? 0 <= 80)
        #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
    }
}
