import Testing

@testable import TandemFormats

/// Places where libraries part company, each with what RFC 5545 says.
struct RFCInterpretationTests {
    private func dates(_ rule: String, from start: String, first count: Int) throws -> String {
        let wall = try #require(WallTime(date: start))
        let series = try Recurrence(lines: ["RRULE:" + rule], start: .date(wall))
        let limits = RecurrenceLimits(maxSlots: count)
        let window = Int64.min..<Int64.max
        return series.slots(in: window, limits: limits).slots
            .map(\.wall.dateText).joined(separator: " ")
    }

    private func times(_ slots: [RecurrenceSlot]) -> [String] {
        slots.map { String($0.wall.dateTimeText.suffix(8)) }
    }

    @Test func `3_3_10 a week number without a day means the weekday of the start`() throws {
        // python-dateutil takes all seven days; libical 3.0.16 days in January.
        let found = try dates("FREQ=YEARLY;BYWEEKNO=20", from: "1997-05-12", first: 4)
        #expect(found == "1997-05-12 1998-05-11 1999-05-17 2000-05-15")
    }

    @Test func `3_3_10 positions count from the first day of the week, not from the start`() throws
    {
        // python-dateutil counts from the start in the first week. The start is a Wednesday.
        let found = try dates(
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", from: "2026-11-04", first: 3)
        #expect(found == "2026-11-04 2026-11-11 2026-11-18")
        let last = try dates(
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1", from: "2026-11-04", first: 3)
        #expect(last == "2026-11-04 2026-11-09 2026-11-16")
    }

    @Test func `3_3_10 months are chosen before positions in a week across two months`() throws {
        // Week of 2026-11-30: in December only Tuesday to Sunday are left to count.
        let found = try dates(
            "FREQ=WEEKLY;BYMONTH=12;BYDAY=MO,WE,FR;BYSETPOS=1", from: "2026-12-02", first: 3)
        #expect(found == "2026-12-02 2026-12-07 2026-12-14")
    }

    @Test func `3_3_10 plain and numbered weekdays are added up`() throws {
        // python-dateutil takes only days that are in both lists.
        let found = try dates("FREQ=MONTHLY;BYDAY=MO,1FR", from: "2026-11-02", first: 7)
        #expect(
            found == "2026-11-02 2026-11-06 2026-11-09 2026-11-16 2026-11-23 2026-11-30 2026-12-04")
    }

    @Test func `3_3_10 a twentieth Monday of a month never comes`() throws {
        // python-dateutil fails with an IndexError.
        let found = try dates("FREQ=YEARLY;BYMONTH=12;BYDAY=20MO", from: "2026-12-07", first: 2)
        #expect(found == "2026-12-07")
    }

    @Test func `3_3_10 the last days of months and years count in rules of days, too`() throws {
        // libical 3.0.16 never yields any.
        let found = try dates("FREQ=DAILY;BYMONTHDAY=-1", from: "2026-01-31", first: 4)
        #expect(found == "2026-01-31 2026-02-28 2026-03-31 2026-04-30")
    }

    @Test func `3_8_5_3 the start is the first instance and the first that COUNT counts`() throws {
        let found = try dates("FREQ=WEEKLY;BYDAY=MO;COUNT=3", from: "2026-11-04", first: 9)
        #expect(found == "2026-11-04 2026-11-09 2026-11-16")
        #expect(
            try dates("FREQ=WEEKLY;BYDAY=MO;UNTIL=20200101", from: "2026-11-04", first: 9)
                == "2026-11-04")
    }

    @Test func `3_3_10 days that do not exist are left out, not moved`() throws {
        #expect(
            try dates("FREQ=MONTHLY", from: "2026-01-31", first: 4)
                == "2026-01-31 2026-03-31 2026-05-31 2026-07-31")
        #expect(
            try dates("FREQ=YEARLY", from: "2024-02-29", first: 3)
                == "2024-02-29 2028-02-29 2032-02-29")
    }

    /// python-dateutil takes the last week of some years for their 53rd though they have 52.
    @Test(arguments: 1...7)
    func `3_3_10 week numbers are those of the weeks' fourth days`(_ weekStart: Int) throws {
        let days = (2000...2029).flatMap { year -> [Int] in
            let first = WallTime.dayNumber(year: year, month: 1, day: 1)
            return Array(first..<first + (WallTime.isLeap(year: year) ? 366 : 365))
        }
        let all = RecurrenceRule.weekdayNames.joined(separator: ",")
        for number in [1, 2, 26, 51, 52, 53, -1, -2, -52, -53] {
            let found = try dates(
                "FREQ=YEARLY;BYDAY=\(all);BYWEEKNO=\(number);WKST="
                    + RecurrenceRule.weekdayNames[weekStart - 1],
                from: "1999-01-01", first: 1_000)
            let expected = try days.filter { day in
                let (week, fromEnd) = try Self.week(of: day, start: weekStart)
                return number > 0 ? week == number : fromEnd == number
            }
            .map { try #require(WallTime(dayNumber: $0)).dateText }
            let inside = found.split(separator: " ").map(String.init)
                .filter { ("2000"..<"2030").contains($0) }
            #expect(inside == expected, "week \(number)")
        }
    }

    /// The number of a day's week from the start and from the end of the year of its fourth day.
    private static func week(of day: Int, start: Int) throws -> (Int, Int) {
        var fourth = day
        while WallTime.weekday(ofDayNumber: fourth) != start { fourth -= 1 }
        fourth += 3
        let wall = try #require(WallTime(dayNumber: fourth))
        let length = WallTime.isLeap(year: wall.year) ? 366 : 365
        return ((wall.dayOfYear - 1) / 7 + 1, -((length - wall.dayOfYear) / 7 + 1))
    }

    @Test func `3_3_5 starts in a skipped hour move on, and two in one become one`() throws {
        let start = SeriesStart.dateTime(
            try #require(WallTime(dateTime: "2025-03-30T01:30:00")), zone: "Europe/Paris")
        let hourly = try Recurrence(lines: ["RRULE:FREQ=HOURLY;COUNT=4"], start: start)
        let slots = hourly.slots(in: 0..<Int64.max).slots
        // 02:30 does not exist and is read as 03:30, which comes by itself, too.
        #expect(times(slots) == ["01:30:00", "03:30:00", "04:30:00"])
        #expect(try hourly.lastStart() == slots.last?.utcSeconds)
        let daily = try Recurrence(
            lines: ["RRULE:FREQ=DAILY;BYHOUR=2,3;BYMINUTE=10,50"],
            start: .dateTime(
                try #require(WallTime(dateTime: "2025-03-30T00:00:00")), zone: "Europe/Paris"))
        let day = slots[0].utcSeconds - 90 * 60..<slots[0].utcSeconds + 12 * 3600
        #expect(
            times(daily.slots(in: day).slots)
                == ["00:00:00", "03:10:00", "03:50:00"])
    }

    @Test func `3_3_5 a time shown twice is the first of the two`() throws {
        let start = SeriesStart.dateTime(
            try #require(WallTime(dateTime: "2025-10-25T02:30:00")), zone: "Europe/Paris")
        let series = try Recurrence(lines: ["RRULE:FREQ=DAILY;COUNT=3"], start: start)
        #expect(
            series.slots(in: 0..<Int64.max).slots.map(\.idSuffix)
                == ["20251025T003000Z", "20251026T003000Z", "20251027T013000Z"])
    }
}
