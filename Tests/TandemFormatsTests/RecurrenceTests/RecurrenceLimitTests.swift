import Testing

@testable import TandemFormats

struct RecurrenceLimitTests {
    private func series(_ rule: String, from start: String = "1970-01-05T10:00:00") throws
        -> Recurrence
    {
        let wall = try #require(WallTime(dateTime: start))
        return try Recurrence(
            lines: ["RRULE:" + rule], start: .dateTime(wall, zone: "Europe/Paris"))
    }

    private var week: Range<Int64> { 1_793_577_600..<1_793_577_600 + 7 * 86_400 }

    @Test(arguments: [
        ("FREQ=DAILY", 7, 40), ("FREQ=DAILY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR", 2, 40),
        ("FREQ=WEEKLY;INTERVAL=5;BYDAY=MO,WE,FR", 3, 40), ("FREQ=MONTHLY;BYDAY=1MO,3FR", 1, 80),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=4", 1, 40),
        ("FREQ=YEARLY;BYWEEKNO=45;BYDAY=MO", 1, 800),
        ("FREQ=HOURLY;INTERVAL=5", 34, 150), ("FREQ=MINUTELY;INTERVAL=720", 14, 60),
        ("FREQ=SECONDLY;INTERVAL=43200", 14, 60), ("FREQ=DAILY;UNTIL=20991231T000000Z", 7, 40),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", 1, 80),
    ])
    func `a week of 2026 is entered without walking there from 1970`(
        _ rule: String, _ count: Int, _ steps: Int
    ) throws {
        let found = try series(rule).slots(in: week)
        #expect(abs(found.slots.count - count) <= 1)
        #expect(found.steps <= steps)
        #expect(!found.isTruncated)
    }

    @Test(arguments: [
        ("2028-01-01T00:00:00Z", 20, 100),
        // Clocks skip an hour: what they skip is read as the first seconds after it.
        ("2027-03-28T00:59:50Z", 20, 30_000),
        // Clocks show an hour twice: the second time counts for nothing.
        ("2027-10-31T00:59:50Z", 10, 30_000),
        ("2827-10-26T00:59:50Z", 20, 30_000),
    ])
    func `a rule of every second is entered at its window`(
        _ from: String, _ count: Int, _ steps: Int
    ) throws {
        let first = try #require(OffsetTime(rfc3339: from)).utcSeconds
        let found = try series("FREQ=SECONDLY").slots(in: first..<first + 20)
        #expect(found.slots.map(\.utcSeconds) == Array(first..<first + Int64(count)))
        #expect(found.steps <= steps)
        #expect(!found.isTruncated)
    }

    @Test func `a rule with COUNT is walked from its start`() throws {
        let found = try series("FREQ=DAILY;COUNT=30000").slots(in: week)
        #expect(found.slots.count == 7)
        #expect(found.steps > 20_000)
        #expect(try series("FREQ=DAILY;COUNT=20000").slots(in: week).slots.isEmpty)
    }

    /// Rules that never come, come hardly ever, or have giant numbers.
    static let odd = [
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;INTERVAL=7200;BYMINUTE=1", "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=3",
        "FREQ=YEARLY;INTERVAL=32767;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;INTERVAL=99999999",
        "FREQ=SECONDLY;INTERVAL=2147483647", "FREQ=YEARLY;INTERVAL=2147483647",
        "FREQ=WEEKLY;INTERVAL=2147483647;COUNT=2147483647", "FREQ=DAILY;COUNT=2147483647",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=SECONDLY", "FREQ=SECONDLY;BYDAY=MO;BYHOUR=0;BYMINUTE=0;BYSECOND=0",
        "FREQ=DAILY;BYSETPOS=366;BYHOUR=1", "FREQ=SECONDLY;BYSETPOS=2;BYDAY=MO",
        "FREQ=YEARLY;BYDAY=53MO;INTERVAL=401",
    ]

    @Test(arguments: odd)
    func `no rule takes more than its limits, or loses its start`(_ rule: String) throws {
        let series = try series(rule)
        for window in [Int64.min..<Int64.max, 0..<Int64.max, week] {
            let found = series.slots(in: window)
            #expect(found.slots.count <= 10_000)
            #expect(found.steps <= 201_000)
            #expect(found.slots == RecurrenceRule.unique(found.slots))
            let holdsStart = window.contains(series.firstSlot.utcSeconds)
            #expect(found.slots.first == series.firstSlot || !holdsStart)
        }
    }

    @Test func `giant lists of every value are read and expanded within the limits`() throws {
        func all(_ range: ClosedRange<Int>) -> String {
            range.map(String.init).joined(separator: ",")
        }
        let days = all(1...366)
        let rules = [
            "FREQ=YEARLY;BYYEARDAY=\(days);BYSETPOS=\(days)",
            "FREQ=YEARLY;BYHOUR=\(all(0...23));BYMINUTE=\(all(0...59));BYSECOND=\(all(0...60));"
                + "BYYEARDAY=\(days);BYSETPOS=\(days)",
            "FREQ=SECONDLY;BYSECOND=\(all(0...60));BYSETPOS=\(days)",
            "FREQ=HOURLY;BYYEARDAY=\(days),\(all(-366...(-1)))",
        ]
        for rule in rules {
            let found = try series(rule).slots(in: 0..<Int64.max)
            #expect(found.slots.count <= 10_000)
            #expect(!found.slots.isEmpty)
            #expect(found.steps <= 201_000)
        }
    }

    @Test func `a truncated expansion is the beginning of the whole`() throws {
        var random = SeededGenerator(seed: 3)
        for oracle in try OracleCase.all().filter({ $0.expected.count > 3 }).prefix(300) {
            let count = Int.random(in: 1..<oracle.expected.count, using: &random)
            let found = try oracle.recurrence().slots(
                in: oracle.window, limits: RecurrenceLimits(maxSlots: count))
            #expect(found.slots.map(\.utcSeconds) == Array(oracle.expected.prefix(count)))
            #expect(found.isTruncated)
        }
    }

    @Test func `exactly as many starts as allowed are not truncated`() throws {
        let series = try series("FREQ=DAILY;COUNT=5")
        #expect(
            !series.slots(in: 0..<Int64.max, limits: RecurrenceLimits(maxSlots: 5)).isTruncated)
        #expect(
            series.slots(in: 0..<Int64.max, limits: RecurrenceLimits(maxSlots: 4)).isTruncated)
        #expect(RecurrenceLimits(maxSlots: -5, maxSteps: 0).maxSlots == 1)
    }

    @Test func `a rule's times of day are kept as three lists, not as their product`() throws {
        func all(_ range: ClosedRange<Int>) -> String {
            range.map(String.init).joined(separator: ",")
        }
        let rule =
            "FREQ=DAILY;COUNT=3;BYHOUR=\(all(0...23));BYMINUTE=\(all(0...59));"
            + "BYSECOND=\(all(0...59))"
        let series = try series(rule)
        let times = RuleTimes(try #require(series.rules.first).completed)
        #expect(times.count == 86_400)
        #expect(times.hours.count + times.minutes.count + times.seconds.count == 144)
        #expect((0..<times.count).allSatisfy { times[$0] == $0 })
    }

    @Test(arguments: [
        ("FREQ=DAILY", [36_000]),
        ("FREQ=DAILY;BYHOUR=8,20;BYSECOND=5,6", [28_805, 28_806, 72_005, 72_006]),
        ("FREQ=HOURLY;BYMINUTE=10,20;BYHOUR=3", [600, 1_200]), ("FREQ=MINUTELY;BYSECOND=7", [7]),
        ("FREQ=SECONDLY;BYSECOND=7;BYMINUTE=3", [0]),
    ])
    func `times of day count from the beginning of what the rule repeats`(
        _ rule: String, _ seconds: [Int]
    ) throws {
        let times = RuleTimes(try #require(try series(rule).rules.first).completed)
        #expect((0..<times.count).map { times[$0] } == seconds)
    }

    @Test func `few steps give a truncated answer, and questions without limits an error`() throws {
        let series = try series("FREQ=DAILY;COUNT=2000000")
        let found = series.slots(in: week, limits: RecurrenceLimits(maxSteps: 1_000))
        #expect(found.isTruncated)
        #expect(found.slots.isEmpty)
        let error = try #require(throws: FormatError.self) { try series.lastStart() }
        let daily = try self.series("FREQ=DAILY;COUNT=1000")
        #expect(throws: FormatError.self) { try daily.lastStart(limits: .init(maxSteps: 500)) }
        #expect(try daily.lastStart(limits: .init(maxSteps: 10_000)) != nil)
        #expect(error.code == .limit)
        let late = RecurrenceSlot(utcSeconds: 190_000_000_000, zone: .utc)
        #expect(throws: FormatError.self) { try series.hasSlot(late) }
    }

    @Test func `empty and outlying windows hold nothing`() throws {
        let series = try series("FREQ=DAILY")
        for window in [5..<5, Int64.max - 1..<Int64.max, Int64.min..<Int64.min + 1, -100..<0] {
            let found = series.slots(in: window)
            #expect(found.slots.isEmpty)
            #expect(!found.isTruncated)
        }
        let last = WallTime.latest
        let final = try Recurrence(lines: ["RRULE:FREQ=YEARLY"], start: .date(last))
        #expect(final.slots(in: Int64.min..<Int64.max).slots.count == 1)
        let first = try Recurrence(
            lines: ["RRULE:FREQ=WEEKLY;WKST=SU;COUNT=3"], start: .date(WallTime.earliest))
        #expect(first.slots(in: Int64.min..<Int64.max).slots.count == 3)
    }

    @Test func `windows side by side hold together what one does`() throws {
        for oracle in try OracleCase.all().filter({ $0.expected.count > 3 }).prefix(400) {
            let series = try oracle.recurrence()
            let middle = oracle.expected[oracle.expected.count / 2]
            let left = series.slots(in: oracle.window.lowerBound..<middle).slots
            let right = series.slots(in: middle..<oracle.window.upperBound).slots
            #expect((left + right).map(\.utcSeconds) == oracle.expected, "\(oracle.lines)")
        }
    }
}
