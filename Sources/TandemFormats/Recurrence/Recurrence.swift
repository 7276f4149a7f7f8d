/// RRULE, RDATE, EXDATE and EXRULE lines and the start they hang on, checked.
///
/// Semantics are those of RFC 5545: the start is always the first instance, and the first that
/// COUNT counts, even if the rule does not yield it; wall-clock time is kept over clock changes; a
/// time that clocks skip is read with the offset from before the change, one they show twice is
/// the first of the two.
///
/// Where the world differs from the RFC we read what is meant: UNTIL may be UTC, wall-clock time or
/// a date (a date includes that whole day), whatever the start is; EXDATE and RDATE may be of
/// either kind, too; hours, minutes and seconds in the rule of an all-day series are ignored, as
/// the RFC asks. What the RFC forbids with "MUST NOT" is otherwise an error.
public struct Recurrence: Sendable {
    /// The start of the series.
    public let start: SeriesStart
    /// The lines as given, unfolded, without empty ones.
    public var lines: [String] { parsedLines.map(\.text) }

    let parsedLines: [RecurrenceLine]
    /// Nil if all day.
    let zone: ZoneRules?
    let startWall: WallTime
    let rules: [RuleEntry]
    let exceptionRules: [RuleEntry]
    /// RDATE values and the start itself, ascending.
    let dates: [DateEntry]
    let excludedInstants: Set<Int64>
    let excludedDays: Set<Int>

    /// A rule with what depends on the start.
    struct RuleEntry: Sendable {
        /// As written.
        let rule: RecurrenceRule
        let completed: RecurrenceRule
        let until: UntilBound?
    }

    /// A start that is named, not computed.
    struct DateEntry: Comparable, Sendable {
        /// What the wall clock shows, as ``WallTime/secondsAsUTC``.
        let local: Int
        let utcSeconds: Int64

        static func < (left: Self, right: Self) -> Bool {
            (left.local, left.utcSeconds) < (right.local, right.utcSeconds)
        }
    }

    /// The most lines, and the most dates in all of them together.
    static let maximumLines = 1_000
    static let maximumDates = 20_000
    /// The most RRULE and EXRULE lines.
    static let maximumRules = 20
    /// Bytes of all lines together.
    static let maximumBytes = 1 << 20

    /// Reads and checks the lines.
    ///
    /// - Parameters:
    ///   - lines: At most 1,000 lines and 1 MiB with at most 20 rules and 20,000 dates; names in any
    ///     case, folded and empty lines are accepted. Without any line the series is its start.
    ///   - start: DTSTART.
    /// - Throws: ``FormatError`` with code `rule`, `date`, `zone` or `limit`.
    public init(lines: [String], start: SeriesStart) throws(FormatError) {
        parsedLines = try Self.parsed(lines)
        self.start = start
        switch start {
        case .date(let date):
            zone = nil
            startWall = date.startOfDay
        case .dateTime(let wall, let name):
            zone = try ZoneRules.named(name)
            startWall = wall
        }
        var reader = LineReader(start: startWall, zone: zone)
        for line in parsedLines { try reader.read(line) }
        rules = reader.rules
        exceptionRules = reader.exceptionRules
        dates = reader.dates.sorted()
        excludedInstants = reader.excludedInstants
        excludedDays = reader.excludedDays
    }

    private static func parsed(_ lines: [String]) throws(FormatError) -> [RecurrenceLine] {
        let bytes = lines.prefix(maximumLines).reduce(0) { $0 + $1.utf8.count }
        guard lines.count <= maximumLines, bytes <= maximumBytes else {
            throw FormatError(
                code: .limit,
                message: "A series may have \(maximumLines) recurrence lines of "
                    + "\(maximumBytes) bytes in all.")
        }
        var parsed: [RecurrenceLine] = []
        for line in lines where line.utf8.contains(where: { $0 > 0x20 }) {
            parsed.append(try RecurrenceLine(line))
        }
        guard parsed.count(where: \.isRule) <= maximumRules else {
            throw FormatError(
                code: .limit, message: "A series may have \(maximumRules) rules at most.")
        }
        return parsed
    }

    /// What a line of a rule says; equal lines say the same.
    func entry(of line: RecurrenceLine) throws(FormatError) -> RuleEntry {
        try LineReader(start: startWall, zone: zone).rule(line)
    }

    /// The slot of the start itself.
    public var firstSlot: RecurrenceSlot { slot(ofLocal: startWall.secondsAsUTC) }

    /// The slot of a computed start.
    func slot(ofLocal local: Int) -> RecurrenceSlot {
        let wall = WallTime(clampingSecondsAsUTC: local)
        guard let zone else { return RecurrenceSlot(date: wall) }
        return RecurrenceSlot(utcSeconds: zone.utcSeconds(of: wall), zone: zone)
    }

    /// What the wall clock of the series shows at an instant, as ``WallTime/secondsAsUTC``.
    func local(atUTCSeconds seconds: Int64) -> Int {
        (zone ?? .utc).wall(atUTCSeconds: seconds).secondsAsUTC
    }
}

/// Gathers what the lines say.
private struct LineReader {
    let start: WallTime
    let zone: ZoneRules?
    var rules: [Recurrence.RuleEntry] = []
    var exceptionRules: [Recurrence.RuleEntry] = []
    var dates: [Recurrence.DateEntry]
    var excludedInstants: Set<Int64> = []
    var excludedDays: Set<Int> = []
    private var dateCount = 0

    init(start: WallTime, zone: ZoneRules?) {
        self.start = start
        self.zone = zone
        dates = [
            .init(local: start.secondsAsUTC, utcSeconds: (zone ?? .utc).utcSeconds(of: start))
        ]
    }

    mutating func read(_ line: RecurrenceLine) throws(FormatError) {
        switch line.name {
        case .rule: rules.append(try rule(line))
        case .exceptionRule: exceptionRules.append(try rule(line))
        case .date:
            for date in try values(line) {
                let local = (zone ?? .utc).wall(atUTCSeconds: date.utcSeconds).secondsAsUTC
                dates.append(.init(local: local, utcSeconds: date.utcSeconds))
            }
        case .exceptionDate:
            for date in try values(line) {
                if let day = date.wholeDay {
                    excludedDays.insert(day.dayNumber)
                } else {
                    excludedInstants.insert(date.utcSeconds)
                }
            }
        }
    }

    private mutating func values(
        _ line: RecurrenceLine
    ) throws(FormatError) -> [RecurrenceDate] {
        let values = try line.dates(start: start, zone: zone)
        dateCount += values.count
        guard dateCount <= Recurrence.maximumDates else {
            throw FormatError(
                code: .limit,
                message: "A series may name \(Recurrence.maximumDates) dates at most.")
        }
        return values
    }

    func rule(_ line: RecurrenceLine) throws(FormatError) -> Recurrence.RuleEntry {
        let parts = try RecurrenceRule.parts(of: line.value)
        let rule = try RecurrenceRule(parts: parts)
        if zone == nil, rule.frequency < .daily {
            throw RecurrenceRule.bad("An all-day series cannot recur within a day.", line.value)
        }
        return .init(
            rule: rule, completed: rule.completed(by: start, isAllDay: zone == nil),
            until: rule.until.map(bound))
    }

    private func bound(_ until: RecurrenceRule.Until) -> UntilBound {
        let endOfDay = until.wall.startOfDay.secondsAsUTC + WallTime.secondsPerDay - 1
        guard let zone, until.hasTime else { return .local(endOfDay) }
        return until.isUTC
            ? .instant(Int64(until.wall.secondsAsUTC), zone: zone)
            : .local(until.wall.secondsAsUTC)
    }
}
