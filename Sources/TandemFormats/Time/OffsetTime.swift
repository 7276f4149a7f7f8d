/// An instant together with the offset it was written with, as in RFC 3339.
///
/// Two values are equal only if they were written with the same offset; compare ``utcSeconds``
/// and ``milliseconds`` to compare instants.
public struct OffsetTime: Hashable, Sendable, CustomStringConvertible {
    /// What the clock at that offset showed.
    public let wall: WallTime
    /// 0…999, after ``wall``.
    public let milliseconds: Int
    /// Local time minus UTC in seconds, whole minutes, -86340…86340 (±23:59).
    public let offsetSeconds: Int

    /// Reads `2026-11-09T10:00:00+01:00` or `…Z`; nil for anything else.
    ///
    /// A fraction is kept to the millisecond, the rest is dropped. Lower case `t` and `z` and a
    /// blank for the `T` are accepted, second 60 is read as 59 (RFC 3339, section 5.6).
    public init?(rfc3339 text: String) {
        guard var reader = DigitReader(text),
            let (wall, milliseconds) = reader.isoDateTime(), let offset = reader.offset(),
            reader.isAtEnd
        else { return nil }
        self.wall = wall
        self.milliseconds = milliseconds
        offsetSeconds = offset
    }

    /// An instant as seen at an offset.
    ///
    /// An instant outside the years 1…9999 becomes the nearest end of them; an offset is cut to
    /// ±23:59 and to whole minutes, as RFC 3339 cannot write others; milliseconds to 0…999.
    public init(utcSeconds: Int64, offsetSeconds: Int, milliseconds: Int = 0) {
        let offset = min(max(offsetSeconds, -86_340), 86_340) / 60 * 60
        let (sum, overflow) = Int(utcSeconds).addingReportingOverflow(offset)
        wall = WallTime(clampingSecondsAsUTC: overflow ? Int(utcSeconds) : sum)
        self.offsetSeconds = offset
        self.milliseconds = min(max(milliseconds, 0), 999)
    }

    /// Seconds since 1970-01-01T00:00:00Z, without the milliseconds.
    public var utcSeconds: Int64 { Int64(wall.secondsAsUTC - offsetSeconds) }

    /// `2026-11-09T10:00:00+01:00`; `Z` for UTC; `.250` only if there are milliseconds.
    public var rfc3339: String {
        let fraction = milliseconds == 0 ? "" : "." + WallTime.padded(milliseconds, 3)
        guard offsetSeconds != 0 else { return wall.dateTimeText + fraction + "Z" }
        let minutes = abs(offsetSeconds) / 60
        return wall.dateTimeText + fraction + (offsetSeconds < 0 ? "-" : "+")
            + WallTime.padded(minutes / 60, 2) + ":" + WallTime.padded(minutes % 60, 2)
    }

    /// As ``rfc3339``.
    public var description: String { rfc3339 }
}

extension DigitReader {
    /// Consumes `Z` or `+01:00`: seconds east of UTC.
    fileprivate mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = number(digits: 2), hours < 24, skip(":"),
            let minutes = number(digits: 2), minutes < 60
        else { return nil }
        return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}
