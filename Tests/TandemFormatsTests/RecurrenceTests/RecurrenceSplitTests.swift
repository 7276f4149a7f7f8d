import Testing

@testable import TandemFormats

struct RecurrenceSplitTests {
    private func starts(_ series: Recurrence, until last: Int64) throws -> [RecurrenceSlot] {
        series.slots(in: Int64.min..<last).slots
    }

    private func start(at slot: RecurrenceSlot, like start: SeriesStart) -> SeriesStart {
        switch start {
        case .date: .date(slot.wall)
        case .dateTime(_, let zone): .dateTime(slot.wall, zone: zone)
        }
    }

    /// Starts of both sides, if the series can be split at all.
    private func halves(
        _ series: Recurrence, at slot: RecurrenceSlot, until last: Int64
    ) throws -> (before: [RecurrenceSlot], following: [RecurrenceSlot])? {
        guard let lines = try lines(of: series, at: slot) else { return nil }
        let before = try Recurrence(lines: lines.before, start: series.start)
        let following = try Recurrence(
            lines: lines.following, start: start(at: slot, like: series.start))
        return (try starts(before, until: last), try starts(following, until: last))
    }

    /// Nil where lines cannot express a side.
    private func lines(
        of series: Recurrence, at slot: RecurrenceSlot
    ) throws -> (before: [String], following: [String])? {
        do {
            return try series.split(at: slot)
        } catch {
            let isKnown = error.message.contains("INTERVAL") || error.message.contains("clocks")
            guard isKnown else { throw error }
            return nil
        }
    }

    @Test func `both sides of hundreds of generated series yield what the whole did`() throws {
        var random = SeededGenerator(seed: 42)
        var split = 0
        var refused = 0
        for oracle in try OracleCase.all().prefix(1_500) {
            let series = try oracle.recurrence()
            // At a random place among the first starts, and further along.
            let begin = series.firstSlot.utcSeconds
            let limits = RecurrenceLimits(maxSlots: 30)
            let near = series.slots(in: Int64.min..<Int64.max, limits: limits)
                .slots.dropFirst().filter { $0.utcSeconds > begin }
            guard !near.isEmpty else { continue }
            let slot = random.pick(near)
            let last = slot.utcSeconds + (slot.utcSeconds - begin) + 86_400 * 40
            let whole = try starts(series, until: last)
            guard whole.count < 9_000, let halves = try halves(series, at: slot, until: last) else {
                refused += 1
                continue
            }
            split += 1
            let name = "\(oracle.start) \(oracle.lines) at \(slot.idSuffix)"
            #expect(halves.before + halves.following == whole, "\(name)")
            #expect(halves.before.last.map { $0 < slot } ?? false, "\(name)")
            #expect(halves.following.first == slot, "\(name)")
        }
        #expect(split > 1_000)
        #expect(refused < 100)
    }

    @Test func `the ends of both sides are the ends of the whole`() throws {
        let series = try Recurrence(
            lines: ["RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=MO,TH"],
            start: .dateTime(
                try #require(WallTime(dateTime: "2026-01-05T10:00:00")), zone: "Europe/Paris"))
        let slots = try starts(series, until: Int64.max)
        for slot in slots.dropFirst() {
            let lines = try series.split(at: slot)
            let following = try Recurrence(
                lines: lines.following, start: start(at: slot, like: series.start))
            #expect(try following.lastStart() == slots.last?.utcSeconds)
            let before = try Recurrence(lines: lines.before, start: series.start)
            #expect(try before.lastStart() == slots.last { $0 < slot }?.utcSeconds)
        }
    }

    struct Example: Sendable {
        let lines: [String]
        let at: String
        let before: [String]
        let following: [String]
    }

    @Test(arguments: [
        Example(
            lines: ["RRULE:FREQ=DAILY"], at: "20260110T090000Z",
            before: ["RRULE:FREQ=DAILY;UNTIL=20260110T085959Z"], following: ["RRULE:FREQ=DAILY"]),
        Example(
            lines: ["RRULE:FREQ=DAILY;UNTIL=20260301T090000Z;INTERVAL=5"], at: "20260110T090000Z",
            before: ["RRULE:FREQ=DAILY;UNTIL=20260110T085959Z;INTERVAL=5"],
            following: ["RRULE:FREQ=DAILY;UNTIL=20260301T090000Z;INTERVAL=5"]),
        Example(
            lines: ["RRULE:FREQ=DAILY;COUNT=10"], at: "20260110T090000Z",
            before: ["RRULE:FREQ=DAILY;COUNT=5"], following: ["RRULE:FREQ=DAILY;COUNT=5"]),
        Example(
            lines: ["RRULE:FREQ=DAILY;COUNT=6"], at: "20260110T090000Z",
            before: ["RRULE:FREQ=DAILY;COUNT=5"], following: ["RRULE:FREQ=DAILY;COUNT=1"]),
        Example(
            lines: [
                "EXDATE;TZID=Europe/Paris:20260106T100000,20260112T100000",
                "RRULE:FREQ=DAILY;COUNT=10", "RDATE:20260107T120000Z", "RDATE:20260210T120000Z",
            ], at: "20260110T090000Z",
            before: [
                "EXDATE;TZID=Europe/Paris:20260106T100000", "RRULE:FREQ=DAILY;COUNT=5",
                "RDATE:20260107T120000Z",
            ],
            following: [
                "EXDATE;TZID=Europe/Paris:20260112T100000", "RRULE:FREQ=DAILY;COUNT=5",
                "RDATE:20260210T120000Z",
            ]),
        // The new start is not of the rule, which must say now what it took from the old one.
        Example(
            lines: ["RRULE:FREQ=WEEKLY;COUNT=5", "RDATE:20260121T113000Z"], at: "20260121T113000Z",
            before: ["RRULE:FREQ=WEEKLY;COUNT=3"],
            following: ["RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO;BYHOUR=10;BYMINUTE=0"]),
        // The rule is over before the slot.
        Example(
            lines: ["RRULE:FREQ=DAILY;INTERVAL=2;COUNT=3", "RDATE:20260121T113000Z"],
            at: "20260121T113000Z", before: ["RRULE:FREQ=DAILY;INTERVAL=2;COUNT=3"], following: []),
        Example(
            lines: ["RRULE:FREQ=DAILY;UNTIL=20260107T090000Z", "RDATE:20260121T113000Z"],
            at: "20260121T113000Z", before: ["RRULE:FREQ=DAILY;UNTIL=20260107T090000Z"],
            following: []),
    ])
    func `lines are parted with as little change as can be`(_ example: Example) throws {
        let start = SeriesStart.dateTime(
            try #require(WallTime(dateTime: "2026-01-05T10:00:00")), zone: "Europe/Paris")
        let series = try Recurrence(lines: example.lines, start: start)
        let slot = try #require(RecurrenceSlot(idSuffix: example.at, start: start))
        let lines = try series.split(at: slot)
        #expect(lines.before == example.before)
        #expect(lines.following == example.following)
    }

    @Test func `an all-day series ends on the day before`() throws {
        let wall = try #require(WallTime(date: "2026-01-31"))
        let series = try Recurrence(lines: ["RRULE:FREQ=MONTHLY"], start: .date(wall))
        let slot = try #require(RecurrenceSlot(idSuffix: "20260531", start: series.start))
        let lines = try series.split(at: slot)
        #expect(lines.before == ["RRULE:FREQ=MONTHLY;UNTIL=20260530"])
        #expect(lines.following == ["RRULE:FREQ=MONTHLY"])
    }

    @Test(arguments: [
        // Not a start, the first start, and a start that lies out of step.
        ("RRULE:FREQ=DAILY;INTERVAL=2", "20260106T090000Z"),
        ("RRULE:FREQ=DAILY;INTERVAL=2", "20260105T090000Z"),
        ("RRULE:FREQ=DAILY;INTERVAL=2", "20260108T120000Z"),
    ])
    func `a series is not split where its lines cannot say so`(
        _ rule: String, _ suffix: String
    ) throws {
        let start = SeriesStart.dateTime(
            try #require(WallTime(dateTime: "2026-01-05T10:00:00")), zone: "Europe/Paris")
        let series = try Recurrence(
            lines: [rule, "RDATE:20260108T120000Z"], start: start)
        let slot = try #require(RecurrenceSlot(idSuffix: suffix, start: start))
        let error = try #require(throws: FormatError.self) { try series.split(at: slot) }
        #expect(error.code == .rule)
    }

    @Test func `a start moved by a clock change keeps the time of day of those after it`() throws {
        let start = SeriesStart.dateTime(
            try #require(WallTime(dateTime: "2025-03-28T02:30:00")), zone: "Europe/Paris")
        let series = try Recurrence(lines: ["RRULE:FREQ=DAILY;COUNT=6"], start: start)
        let slot = try #require(RecurrenceSlot(idSuffix: "20250330T013000Z", start: start))
        #expect(slot.wall.dateTimeText == "2025-03-30T03:30:00")
        let halves = try #require(try halves(series, at: slot, until: .max))
        #expect(halves.before + halves.following == (try starts(series, until: .max)))
    }
}
