extension Timestamp {
    private static let millisecondsADay: Int64 = 86_400_000

    /// Reads an RFC 3339 time with an offset, in the years 1 to 9999; `nil` where the text is none.
    ///
    /// Digits behind the milliseconds are left out.
    public init?(rfc3339 text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), year >= 1, reader.skip("-"),
            let month = reader.number(2), reader.skip("-"), let day = reader.number(2),
            reader.skip("T") || reader.skip("t"),
            let days = Self.dayNumber(year: year, month: month, day: day),
            let hour = reader.number(2), hour < 24, reader.skip(":"),
            let minute = reader.number(2), minute < 60, reader.skip(":"),
            let second = reader.number(2), second < 60,
            let fraction = reader.fraction(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let seconds = (hour * 60 + minute) * 60 + second - offset * 60
        milliseconds = days * Self.millisecondsADay + seconds * 1000 + fraction
    }

    /// The RFC 3339 text in UTC with milliseconds, as Google writes `updated`.
    ///
    /// A moment outside the years 1 to 9999, which RFC 3339 cannot write, is written as the nearest
    /// one inside.
    public var rfc3339: String {
        let clamped = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
        var (days, rest) = clamped.quotientAndRemainder(dividingBy: Self.millisecondsADay)
        if rest < 0 { (days, rest) = (days - 1, rest + Self.millisecondsADay) }
        let (year, month, day) = Self.date(dayNumber: days)
        let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
        let time = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60]
            .map { Self.padded($0, 2) }.joined(separator: ":")
        return "\(date)T\(time).\(Self.padded(rest % 1000, 3))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar; `nil` for no real date.
    ///
    /// - SeeAlso: Howard Hinnant, "chrono-compatible low-level date algorithms".
    private static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (shifted / 400, shifted % 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let number = era * 146_097 + dayOfEra - 719_468
        return date(dayNumber: number) == (year, month, day) ? number : nil
    }

    private static func date(dayNumber: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = dayNumber + 719_468
        let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }
}

/// Reads the digits of a time, one part after the other.
private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    /// Exactly `count` digits.
    mutating func number(_ count: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    /// Milliseconds of an optional fraction; `nil` for a point without digits.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        guard var sum = digit().map({ $0 * 100 }) else { return nil }
        var weight: Int64 = 10
        while let digit = digit() {
            sum += digit * weight
            weight /= 10
        }
        return sum
    }

    /// Minutes east of Greenwich; `nil` where there is no offset.
    mutating func offset() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-"), let hours = number(2), hours < 24, skip(":"),
            let minutes = number(2), minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 60 + minutes)
    }

    private mutating func digit() -> Int64? {
        guard let first = rest.first, (0x30...0x39).contains(first) else { return nil }
        rest.removeFirst()
        return Int64(first) - 0x30
    }
}
