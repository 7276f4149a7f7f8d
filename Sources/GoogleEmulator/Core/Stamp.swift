import TandemFormats

/// Points in time as Google writes them.
enum Stamp {
    /// UTC with milliseconds, for example `2026-11-03T09:14:27.518Z`.
    ///
    /// Outside of the years 1 to 9999 the nearest moment that can be written.
    static func utc(_ milliseconds: Int64) -> String {
        let seconds = floorDivision(milliseconds, 1000)
        let rest = Int((milliseconds % 1000 + 1000) % 1000)
        let wall = wallTime(seconds)
        let digits = rest < 10 ? "00\(rest)" : rest < 100 ? "0\(rest)" : "\(rest)"
        return "\(wall.dateTimeText).\(digits)Z"
    }

    /// UTC without a fraction, for example `2026-11-03T09:14:27Z`.
    static func utcSeconds(_ seconds: Int64) -> String {
        wallTime(seconds).dateTimeText + "Z"
    }

    /// UTC as HTTP header fields have it, for example `Tue, 03 Nov 2026 09:14:27 GMT`.
    ///
    /// - SeeAlso: RFC 9110 section 5.6.7, `IMF-fixdate`, the form of RFC 1123.
    static func http(_ milliseconds: Int64) -> String {
        let wall = wallTime(floorDivision(milliseconds, 1000))
        let text = wall.dateTimeText
        let year = text.prefix { $0 != "-" }
        let day = wall.day < 10 ? "0\(wall.day)" : "\(wall.day)"
        return "\(days[wall.weekday - 1]), \(day) \(months[wall.month - 1]) \(year) "
            + "\(text.suffix(8)) GMT"
    }

    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The UTC wall time of a moment, clamped to the years that can be written.
    static func wallTime(_ seconds: Int64) -> WallTime {
        let day = floorDivision(seconds, 86_400)
        let earliest = Int64(WallTime.earliest.dayNumber)
        let latest = Int64(WallTime.latest.dayNumber)
        if day < earliest { return WallTime.earliest }
        guard day <= latest,
            let wall = WallTime(
                dayNumber: Int(day), secondOfDay: Int(seconds - day * 86_400))
        else { return WallTime.latest }
        return wall
    }

    /// Milliseconds since 1970 of an RFC 3339 text with an offset.
    static func milliseconds(_ text: String) -> Int64? {
        guard let time = OffsetTime(rfc3339: text) else { return nil }
        return time.utcSeconds * 1000 + Int64(time.milliseconds)
    }

    /// The quotient rounded towards the past.
    static func floorDivision(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}
