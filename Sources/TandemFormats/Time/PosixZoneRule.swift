/// The rule in the footer of a zone file, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Source: POSIX.1-2017, section 8.3 (`TZ`), with RFC 8536, section 3.3.1 (hours from -167 to 167).
struct PosixZoneRule: Equatable {
    /// A day of each year.
    enum Day: Equatable {
        /// `Mm.w.d`: weekday 0 (Sunday) … 6 of week 1…5 of a month, 5 being the last.
        case monthly(month: Int, week: Int, weekday: Int)
        /// `Jn`: day 1…365, February 29 never counted.
        case julian(Int)
        /// `n`: day 0…365, February 29 counted.
        case zeroBased(Int)
    }

    /// When the clocks change in each year.
    struct Switch: Equatable {
        let day: Day
        /// Local time before the change, seconds after midnight; may leave the day.
        let second: Int
    }

    /// Daylight saving time and its two changes a year.
    struct Daylight: Equatable {
        let offset: Int64
        let start: Switch
        let end: Switch
    }

    /// Seconds east of UTC.
    let standardOffset: Int64
    let daylight: Daylight?

    /// Nil for a text that does not follow the grammar.
    init?(_ text: String) {
        var reader = Reader(text)
        guard reader.name(), let west = reader.time() else { return nil }
        standardOffset = Int64(-west)
        guard !reader.isAtEnd else {
            daylight = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = -west + 3600
        if reader.peek != "," {
            guard let other = reader.time() else { return nil }
            offset = -other
        }
        guard let start = reader.change(), let end = reader.change(), reader.isAtEnd else {
            return nil
        }
        daylight = Daylight(offset: Int64(offset), start: start, end: end)
    }

    /// The changes of a zone file with those of this rule behind them.
    func extending(initialOffset: Int64, changes: [OffsetTimeline.Change]) -> OffsetTimeline {
        let last = changes.last?.instant ?? Int64(WallTime.earliest.secondsAsUTC)
        guard let daylight else {
            let tail =
                (changes.last?.offset ?? initialOffset) == standardOffset
                ? [] : [OffsetTimeline.Change(instant: last + 1, offset: standardOffset)]
            return OffsetTimeline(
                initialOffset: initialOffset, changes: changes + tail, cycleStart: nil)
        }
        let firstYear = WallTime(clampingSecondsAsUTC: Int(last)).year
        var added: [OffsetTimeline.Change] = []
        // Two years for the rule to settle in, 400 to be repeated, and one to be safe.
        for year in firstYear...firstYear + 403 {
            added.append(
                .init(
                    instant: daylight.start.localSeconds(in: year) - standardOffset,
                    offset: daylight.offset))
            added.append(
                .init(
                    instant: daylight.end.localSeconds(in: year) - daylight.offset,
                    offset: standardOffset))
        }
        added = added.filter { $0.instant > last }.sorted { $0.instant < $1.instant }
        let start = Int64(WallTime.dayNumber(year: firstYear + 2, month: 1, day: 1))
        return OffsetTimeline(
            initialOffset: initialOffset, changes: changes + added,
            cycleStart: start * Int64(WallTime.secondsPerDay))
    }
}

extension PosixZoneRule.Switch {
    /// Seconds since 1970-01-01T00:00:00 on the local clock.
    func localSeconds(in year: Int) -> Int64 {
        let first = WallTime.dayNumber(year: year, month: 1, day: 1)
        let dayNumber: Int
        switch day {
        case .julian(let day):
            dayNumber = first + day - 1 + (WallTime.isLeap(year: year) && day >= 60 ? 1 : 0)
        case .zeroBased(let day):
            dayNumber = first + day
        case .monthly(let month, let week, let weekday):
            let monthStart = WallTime.dayNumber(year: year, month: month, day: 1)
            let length = WallTime.days(inMonth: month, of: year)
            let firstWeekday = WallTime.weekday(ofDayNumber: monthStart) % 7
            var day = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            if day >= length { day -= 7 }
            dayNumber = monthStart + day
        }
        return Int64(dayNumber * WallTime.secondsPerDay + second)
    }
}

extension PosixZoneRule {
    /// Walks along the text.
    private struct Reader {
        private var rest: Substring

        init(_ text: String) { rest = text.prefix(128) }

        var isAtEnd: Bool { rest.isEmpty }
        var peek: Character? { rest.first }

        private mutating func skip(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// `CET` or `<+0330>`, of no further use.
        mutating func name() -> Bool {
            let length: Int
            if skip("<") {
                length = rest.prefix { $0 != ">" }.count
                rest = rest.dropFirst(length)
                return skip(">") && length > 0
            }
            length = rest.prefix { $0.isASCII && $0.isLetter }.count
            rest = rest.dropFirst(length)
            return length >= 3
        }

        private mutating func number(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let value = Int(digits), range.contains(value) else { return nil }
            rest = rest.dropFirst(digits.count)
            return value
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time() -> Int? {
            let isNegative = skip("-")
            if !isNegative { _ = skip("+") }
            guard var total = number(0...167).map({ $0 * 3600 }) else { return nil }
            for unit in [60, 1] where skip(":") {
                guard let value = number(0...59) else { return nil }
                total += value * unit
            }
            return isNegative ? -total : total
        }

        /// `,M3.5.0/2`; two o'clock if no time is given.
        mutating func change() -> Switch? {
            guard skip(","), let day = day() else { return nil }
            guard skip("/") else { return Switch(day: day, second: 7200) }
            return time().map { Switch(day: day, second: $0) }
        }

        private mutating func day() -> Day? {
            if skip("J") { return number(1...365).map(Day.julian) }
            guard skip("M") else { return number(0...365).map(Day.zeroBased) }
            guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
                let weekday = number(0...6)
            else { return nil }
            return .monthly(month: month, week: week, weekday: weekday)
        }
    }
}
