import TandemFormats

/// Moments as HTTP header fields write them.
///
/// - SeeAlso: RFC 9110 section 5.6.7, "IMF-fixdate".
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds since 1970 as in `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(_ seconds: Int64) -> String {
        let wall = Stamp.wallTime(seconds)
        // Day 0 was a Thursday.
        let weekday = ((wall.dayNumber + 4) % 7 + 7) % 7
        let time = [wall.hour, wall.minute, wall.second].map(twoDigits).joined(separator: ":")
        let year = String(repeating: "0", count: max(4 - "\(wall.year)".count, 0)) + "\(wall.year)"
        return "\(days[weekday]), \(twoDigits(wall.day)) \(months[wall.month - 1]) \(year) "
            + "\(time) GMT"
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
