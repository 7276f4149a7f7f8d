/// Which days a rule allows, and which days of a period are worth asking about.
struct DayFilter: Sendable {
    private let frequency: RecurrenceRule.Frequency
    private let weekStart: Int
    private let monthDayList: [Int]
    private let yearDayList: [Int]
    private let numberedWeekdays: [RecurrenceRule.Weekday]

    // What is not given allows everything. Bit n stands for the number n, or for the number -n.
    private let months: UInt64
    private let weekdays: UInt64
    private let monthDays: (fromStart: UInt64, fromEnd: UInt64)?
    private let weekNumbers: (fromStart: UInt64, fromEnd: UInt64)?
    private let yearDays: Set<Int>

    init(_ rule: RecurrenceRule) {
        frequency = rule.frequency
        weekStart = rule.weekStart
        monthDayList = rule.monthDays
        yearDayList = rule.yearDays
        numberedWeekdays = rule.weekdays.filter { $0.ordinal != 0 }
        months = rule.months.isEmpty ? .max : Self.bits(rule.months)
        let plain = rule.weekdays.filter { $0.ordinal == 0 }.map(\.day)
        weekdays = rule.weekdays.isEmpty ? .max : Self.bits(plain)
        monthDays = Self.signedBits(rule.monthDays)
        weekNumbers = Self.signedBits(rule.weekNumbers)
        yearDays = Set(rule.yearDays)
    }

    private static func bits(_ numbers: [Int]) -> UInt64 {
        numbers.reduce(0) { $0 | 1 << UInt64($1) }
    }

    private static func signedBits(_ numbers: [Int]) -> (fromStart: UInt64, fromEnd: UInt64)? {
        guard !numbers.isEmpty else { return nil }
        return (bits(numbers.filter { $0 > 0 }), bits(numbers.filter { $0 < 0 }.map(abs)))
    }

    private static func has(_ number: Int, in bits: UInt64) -> Bool {
        bits >> UInt64(number) & 1 == 1
    }

    /// A day with what the tests need.
    private struct Day {
        let number: Int
        let date: WallTime
        let weekday: Int

        init?(_ number: Int) {
            guard let date = WallTime(dayNumber: number) else { return nil }
            self.number = number
            self.date = date
            weekday = WallTime.weekday(ofDayNumber: number)
        }

        var daysInMonth: Int { WallTime.days(inMonth: date.month, of: date.year) }
        var daysInYear: Int { WallTime.isLeap(year: date.year) ? 366 : 365 }
    }

    // MARK: - Allowed days

    func allows(month: Int) -> Bool { Self.has(month, in: months) }

    /// Whether a day passes every BY part about days.
    func allows(dayNumber: Int) -> Bool {
        guard let day = Day(dayNumber), allows(month: day.date.month) else { return false }
        return allowsWeekday(day) && allowsMonthDay(day) && allowsYearDay(day)
            && allowsWeekNumber(day)
    }

    private func allowsMonthDay(_ day: Day) -> Bool {
        guard let monthDays else { return true }
        return Self.has(day.date.day, in: monthDays.fromStart)
            || Self.has(day.daysInMonth - day.date.day + 1, in: monthDays.fromEnd)
    }

    private func allowsYearDay(_ day: Day) -> Bool {
        guard !yearDays.isEmpty else { return true }
        let position = day.date.dayOfYear
        return yearDays.contains(position) || yearDays.contains(position - day.daysInYear - 1)
    }

    private func allowsWeekNumber(_ day: Day) -> Bool {
        guard let weekNumbers else { return true }
        let (week, weeks) = Self.week(of: day.number, year: day.date.year, start: weekStart)
        return Self.has(week, in: weekNumbers.fromStart)
            || Self.has(weeks - week + 1, in: weekNumbers.fromEnd)
    }

    private func allowsWeekday(_ day: Day) -> Bool {
        if Self.has(day.weekday, in: weekdays) { return true }
        return numberedWeekdays.contains { weekday in
            guard weekday.day == day.weekday else { return false }
            // Numbers count within the month, or within the year if the rule is yearly and does
            // not name months (RFC 5545, section 3.3.10, notes 1 and 2 of the table).
            let isInYear = frequency == .yearly && months == .max
            let position = isInYear ? day.date.dayOfYear : day.date.day
            let length = isInYear ? day.daysInYear : day.daysInMonth
            return weekday.ordinal > 0
                ? (position - 1) / 7 + 1 == weekday.ordinal
                : (length - position) / 7 + 1 == -weekday.ordinal
        }
    }

    // MARK: - Weeks

    /// The number of a day's week, and how many weeks the year has which that week belongs to.
    ///
    /// Week 1 is the first with four days in the year (RFC 5545, section 3.3.10, BYWEEKNO).
    static func week(of dayNumber: Int, year: Int, start: Int) -> (week: Int, weeks: Int) {
        var first = firstWeek(of: year, start: start)
        var next = firstWeek(of: year + 1, start: start)
        if dayNumber < first {
            next = first
            first = firstWeek(of: year - 1, start: start)
        } else if dayNumber >= next {
            first = next
            next = firstWeek(of: year + 2, start: start)
        }
        return ((dayNumber - first) / 7 + 1, (next - first) / 7)
    }

    /// The first day of week 1.
    private static func firstWeek(of year: Int, start: Int) -> Int {
        weekStart(of: WallTime.dayNumber(year: year, month: 1, day: 4), start: start)
    }

    /// The first day of the week that a day lies in.
    static func weekStart(of dayNumber: Int, start: Int) -> Int {
        dayNumber - (WallTime.weekday(ofDayNumber: dayNumber) - start + 7) % 7
    }

    // MARK: - Candidates

    /// The first day of the month after a day's own if the rule forbids that month, else the day
    /// after it.
    func nextCandidate(afterDay day: Int) -> Int {
        guard let date = WallTime(dayNumber: day), !allows(month: date.month) else {
            return day + 1
        }
        return day - date.day + 1 + WallTime.days(inMonth: date.month, of: date.year)
    }

    /// Days of a year among which are all of it that the rule allows; ascending.
    func candidates(inYear year: Int) -> [Int] {
        guard !yearDayList.isEmpty else {
            return (1...12).flatMap { candidates(inMonth: $0, of: year) }
        }
        let first = WallTime.dayNumber(year: year, month: 1, day: 1)
        return Self.days(
            yearDayList, from: first, length: WallTime.isLeap(year: year) ? 366 : 365)
    }

    /// Days of a month among which are all of it that the rule allows; ascending.
    func candidates(inMonth month: Int, of year: Int) -> [Int] {
        guard allows(month: month) else { return [] }
        let first = WallTime.dayNumber(year: year, month: month, day: 1)
        let length = WallTime.days(inMonth: month, of: year)
        guard monthDays == nil else {
            return Self.days(monthDayList, from: first, length: length)
        }
        return Array(first..<first + length)
    }

    /// The days that signed positions name within a period.
    private static func days(_ positions: [Int], from first: Int, length: Int) -> [Int] {
        let days = positions.map { $0 > 0 ? $0 : length + 1 + $0 }
        return RecurrenceRule.unique(days.filter { (1...length).contains($0) })
            .map { first + $0 - 1 }
    }
}
