// How a rule divides time into units of its frequency, and what it takes from DTSTART.
extension RecurrenceRule {
    /// The number of the unit that holds a reading of the wall clock; 0 holds 1970-01-01T00:00:00,
    /// but for years (the year) and months (counted from the year 0).
    func unit(of local: Int) -> Int {
        let day = floorDivide(local, WallTime.secondsPerDay).quotient
        switch frequency {
        case .secondly: return local
        case .minutely: return floorDivide(local, 60).quotient
        case .hourly: return floorDivide(local, 3600).quotient
        case .daily: return day
        case .weekly:
            let first = DayFilter.weekStart(of: 0, start: weekStart)
            return floorDivide(day - first, 7).quotient
        case .monthly:
            let wall = WallTime(clampingSecondsAsUTC: local)
            return wall.year * 12 + wall.month - 1
        case .yearly:
            return WallTime(clampingSecondsAsUTC: local).year
        }
    }

    /// The first second of a unit, as ``WallTime/secondsAsUTC``.
    func firstSecond(ofUnit unit: Int) -> Int {
        switch frequency {
        case .secondly: unit
        case .minutely: unit * 60
        case .hourly: unit * 3600
        case .daily, .weekly, .monthly, .yearly:
            firstDay(ofUnit: unit) * WallTime.secondsPerDay
        }
    }

    /// The first day of a unit of a day or more.
    func firstDay(ofUnit unit: Int) -> Int {
        switch frequency {
        case .weekly: DayFilter.weekStart(of: 0, start: weekStart) + unit * 7
        case .monthly: WallTime.dayNumber(year: unit / 12, month: unit % 12 + 1, day: 1)
        case .yearly: WallTime.dayNumber(year: unit, month: 1, day: 1)
        case .secondly, .minutely, .hourly, .daily: unit
        }
    }

    /// The rule with all that it leaves to DTSTART written out (RFC 5545, section 3.3.10:
    /// "Information, not contained in the rule, … are derived from the Start Time").
    func completed(by start: WallTime, isAllDay: Bool) -> RecurrenceRule {
        var rule = self
        if isAllDay {
            // "The BYSECOND, BYMINUTE and BYHOUR rule parts … MUST be ignored" with a date.
            (rule.hours, rule.minutes, rule.seconds) = ([], [], [])
        }
        let hasDay = !(monthDays.isEmpty && weekdays.isEmpty && yearDays.isEmpty)
        switch frequency {
        case .yearly where !weekNumbers.isEmpty && !hasDay:
            rule.weekdays = [Weekday(day: start.weekday, ordinal: 0)]
        case .yearly where !hasDay:
            rule.monthDays = [start.day]
            if months.isEmpty { rule.months = [start.month] }
        case .monthly where !hasDay:
            rule.monthDays = [start.day]
        case .weekly where weekdays.isEmpty:
            rule.weekdays = [Weekday(day: start.weekday, ordinal: 0)]
        case .secondly, .minutely, .hourly, .daily, .weekly, .monthly, .yearly:
            break
        }
        if rule.hours.isEmpty, frequency >= .daily { rule.hours = [start.hour] }
        if rule.minutes.isEmpty, frequency >= .hourly { rule.minutes = [start.minute] }
        if rule.seconds.isEmpty, frequency >= .minutely { rule.seconds = [start.second] }
        return rule
    }
}

/// Seconds after the start of a day (or of the hour, minute or second, if that is the frequency)
/// at which a completed rule fires; ascending, never empty.
///
/// Every hour goes with every minute and every second. Of these up to 86,400 times only the lists
/// are kept: a walk begins thousands of times, and may be over after its first start.
struct RuleTimes {
    let hours: [Int]
    let minutes: [Int]
    let seconds: [Int]
    let count: Int

    init(_ rule: RecurrenceRule) {
        func given(_ list: [Int], from frequency: RecurrenceRule.Frequency) -> [Int] {
            rule.frequency >= frequency && !list.isEmpty ? list : [0]
        }
        hours = given(rule.hours, from: .daily)
        minutes = given(rule.minutes, from: .hourly)
        seconds = given(rule.seconds, from: .minutely)
        count = hours.count * minutes.count * seconds.count
    }

    /// `index` must be in `0..<count`.
    subscript(index: Int) -> Int {
        let (minuteOfAll, second) = index.quotientAndRemainder(dividingBy: seconds.count)
        let (hour, minute) = minuteOfAll.quotientAndRemainder(dividingBy: minutes.count)
        return hours[hour] * 3600 + minutes[minute] * 60 + seconds[second]
    }
}
