extension WallTime: CustomStringConvertible {
    /// Reads `2026-11-09`; nil for anything else.
    public init?(date text: String) {
        guard var reader = DigitReader(text), let parts = reader.isoDate(), reader.isAtEnd
        else { return nil }
        self.init(year: parts.year, month: parts.month, day: parts.day)
    }

    /// Reads `2026-11-09T10:00:00`, without an offset; a fraction is dropped; nil for anything else.
    ///
    /// Second 60 is read as 59 (RFC 5545, section 3.3.12).
    public init?(dateTime text: String) {
        guard var reader = DigitReader(text), let (wall, _) = reader.isoDateTime(),
            reader.isAtEnd
        else { return nil }
        self = wall
    }

    /// Reads `20261109` and `20261109T100000` as RFC 5545 writes them (3.3.4, 3.3.5), and says
    /// whether a `Z` for UTC followed; nil for anything else.
    static func iCalendar(
        _ text: some StringProtocol
    ) -> (wall: WallTime, hasTime: Bool, isUTC: Bool)? {
        guard var reader = DigitReader(text), let year = reader.number(digits: 4),
            let month = reader.number(digits: 2), let day = reader.number(digits: 2)
        else { return nil }
        if reader.isAtEnd {
            return WallTime(year: year, month: month, day: day).map { ($0, false, false) }
        }
        guard reader.skip("T") || reader.skip("t"), let hour = reader.number(digits: 2),
            let minute = reader.number(digits: 2), let second = reader.number(digits: 2)
        else { return nil }
        let isUTC = reader.skip("Z") || reader.skip("z")
        guard reader.isAtEnd else { return nil }
        return WallTime(
            year: year, month: month, day: day, hour: hour, minute: minute,
            second: second == 60 ? 59 : second
        ).map { ($0, true, isUTC) }
    }

    /// `2026-11-09`.
    public var dateText: String {
        Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2)
    }

    /// `2026-11-09T10:00:00`.
    public var dateTimeText: String {
        dateText + "T" + Self.padded(hour, 2) + ":" + Self.padded(minute, 2) + ":"
            + Self.padded(second, 2)
    }

    /// `2026-11-09T10:00:00`.
    public var description: String { dateTimeText }

    /// `20261109`, as RFC 5545 writes dates (section 3.3.4).
    var basicDateText: String {
        Self.padded(year, 4) + Self.padded(month, 2) + Self.padded(day, 2)
    }

    /// `20261109T100000`, as RFC 5545 writes date-times (section 3.3.5).
    var basicDateTimeText: String {
        basicDateText + "T" + Self.padded(hour, 2) + Self.padded(minute, 2)
            + Self.padded(second, 2)
    }

    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// Reads fixed-width decimal fields off the front of a text; ASCII digits only.
struct DigitReader {
    private let bytes: [UInt8]
    private var index = 0

    /// Nil for a text of more than 64 bytes, which is longer than any format we read.
    init?(_ text: some StringProtocol) {
        bytes = Array(text.utf8.prefix(65))
        guard bytes.count <= 64 else { return nil }
    }

    var isAtEnd: Bool { index == bytes.count }

    /// Consumes exactly `digits` digits, or nothing.
    mutating func number(digits: Int) -> Int? {
        guard index + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[index..<index + digits] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        index += digits
        return value
    }

    /// Consumes `character` if it comes next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, UInt32(bytes[index]) == character.value else { return false }
        index += 1
        return true
    }

    /// Consumes `2026-11-09`.
    mutating func isoDate() -> (year: Int, month: Int, day: Int)? {
        guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"),
            let day = number(digits: 2)
        else { return nil }
        return (year, month, day)
    }

    /// Consumes `2026-11-09T10:00:00.25`: the time, and the whole milliseconds of the fraction.
    mutating func isoDateTime() -> (wall: WallTime, milliseconds: Int)? {
        guard let date = isoDate(), skip("T") || skip("t") || skip(" "),
            let hour = number(digits: 2), skip(":"), let minute = number(digits: 2), skip(":"),
            let second = number(digits: 2), let milliseconds = fraction(),
            let wall = WallTime(
                year: date.year, month: date.month, day: date.day, hour: hour, minute: minute,
                second: second == 60 ? 59 : second)
        else { return nil }
        return (wall, milliseconds)
    }

    /// Consumes `.5`, `.123456`, or nothing: whole milliseconds; nil for a point without digits.
    private mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        var milliseconds = 0
        var count = 0
        while let digit = number(digits: 1) {
            if count < 3 { milliseconds = milliseconds * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in 0..<max(0, 3 - count) { milliseconds *= 10 }
        return milliseconds
    }
}
