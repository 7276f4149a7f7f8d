/// A date and time of day as read off a wall clock, in no zone yet.
///
/// Proleptic Gregorian, years 1…9999, whole seconds. There is no second 60: where a format knows
/// leap seconds, its reader takes them as second 59 (RFC 5545, section 3.3.12).
public struct WallTime: Hashable, Comparable, Sendable {
    private let storedYear: Int16
    private let storedMonth: UInt8
    private let storedDay: UInt8
    private let storedHour: UInt8
    private let storedMinute: UInt8
    private let storedSecond: UInt8

    /// 1…9999.
    public var year: Int { Int(storedYear) }
    /// 1…12.
    public var month: Int { Int(storedMonth) }
    /// 1…31.
    public var day: Int { Int(storedDay) }
    /// 0…23.
    public var hour: Int { Int(storedHour) }
    /// 0…59.
    public var minute: Int { Int(storedMinute) }
    /// 0…59.
    public var second: Int { Int(storedSecond) }

    /// 0001-01-01T00:00:00, the first one there is.
    public static let earliest = Self(
        checkedYear: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0)
    /// 9999-12-31T23:59:59, the last one there is.
    public static let latest = Self(
        checkedYear: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 59)

    /// Nil when there is no such date or time of day.
    public init?(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
    ) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(inMonth: month, of: year)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        self.init(
            checkedYear: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    private init(
        checkedYear year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int
    ) {
        storedYear = Int16(truncatingIfNeeded: year)
        storedMonth = UInt8(truncatingIfNeeded: month)
        storedDay = UInt8(truncatingIfNeeded: day)
        storedHour = UInt8(truncatingIfNeeded: hour)
        storedMinute = UInt8(truncatingIfNeeded: minute)
        storedSecond = UInt8(truncatingIfNeeded: second)
    }

    /// Earlier on the same wall clock.
    public static func < (left: Self, right: Self) -> Bool { left.sortKey < right.sortKey }

    /// All fields side by side in one number that sorts as time does.
    private var sortKey: UInt64 {
        UInt64(storedYear.magnitude) << 40 | UInt64(storedMonth) << 32 | UInt64(storedDay) << 24
            | UInt64(storedHour) << 16 | UInt64(storedMinute) << 8 | UInt64(storedSecond)
    }
}

// MARK: - Arithmetic

extension WallTime {
    static let secondsPerDay = 86_400
    /// Days of 400 Gregorian years; also a whole number of weeks.
    static let daysPerEra = 146_097

    /// Day of 0001-01-01 and of 9999-12-31, counted from 1970-01-01.
    static let dayNumbers = -719_162...2_932_896

    /// Days since 1970-01-01; -719162…2932896.
    public var dayNumber: Int { Self.dayNumber(year: year, month: month, day: day) }

    /// Seconds since 00:00:00, 0…86399.
    public var secondOfDay: Int { hour * 3600 + minute * 60 + second }

    /// The day of the week as ISO 8601 counts: 1 is Monday, 7 is Sunday.
    public var weekday: Int { Self.weekday(ofDayNumber: dayNumber) }

    /// Day of the year, 1…366.
    public var dayOfYear: Int { dayNumber - Self.dayNumber(year: year, month: 1, day: 1) + 1 }

    /// 00:00:00 on the same day.
    public var startOfDay: WallTime {
        Self(checkedYear: year, month: month, day: day, hour: 0, minute: 0, second: 0)
    }

    /// Nil outside the years 1…9999 or when `secondOfDay` is not in 0…86399.
    public init?(dayNumber: Int, secondOfDay: Int = 0) {
        guard Self.dayNumbers.contains(dayNumber), (0..<Self.secondsPerDay).contains(secondOfDay)
        else { return nil }
        // Years are counted from March, so that the leap day comes last (proleptic Gregorian).
        let shifted = dayNumber + 719_468
        let era = shifted / Self.daysPerEra
        let dayOfEra = shifted % Self.daysPerEra
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        self.init(
            checkedYear: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1, hour: secondOfDay / 3600,
            minute: secondOfDay / 60 % 60, second: secondOfDay % 60)
    }

    /// The same time of day, `days` later; nil outside the years 1…9999.
    public func adding(days: Int) -> WallTime? {
        let (sum, overflow) = dayNumber.addingReportingOverflow(days)
        return overflow ? nil : WallTime(dayNumber: sum, secondOfDay: secondOfDay)
    }

    /// `seconds` later on a clock that never changes; nil outside the years 1…9999.
    public func adding(seconds: Int) -> WallTime? {
        let (sum, overflow) = secondsAsUTC.addingReportingOverflow(seconds)
        return overflow ? nil : WallTime(secondsAsUTC: sum)
    }

    /// Seconds since 1970-01-01T00:00:00 if this wall clock showed UTC.
    var secondsAsUTC: Int { dayNumber * Self.secondsPerDay + secondOfDay }

    /// The reverse of ``secondsAsUTC``; nil outside the years 1…9999.
    init?(secondsAsUTC seconds: Int) {
        var (day, second) = seconds.quotientAndRemainder(dividingBy: Self.secondsPerDay)
        if second < 0 {
            day -= 1
            second += Self.secondsPerDay
        }
        self.init(dayNumber: day, secondOfDay: second)
    }

    /// As ``init(secondsAsUTC:)``, but an instant outside the years 1…9999 becomes the nearest end.
    init(clampingSecondsAsUTC seconds: Int) {
        self = WallTime(secondsAsUTC: seconds) ?? (seconds < 0 ? .earliest : .latest)
    }

    static func isLeap(year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year: year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day number of a real date of any year ≥ 0; nothing is checked.
    static func dayNumber(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * daysPerEra + dayOfEra - 719_468
    }

    static func weekday(ofDayNumber dayNumber: Int) -> Int {
        // 1970-01-01 was a Thursday.
        let sinceMonday = (dayNumber + 3) % 7
        return (sinceMonday < 0 ? sinceMonday + 7 : sinceMonday) + 1
    }
}
