/// The start that a series hangs on: DTSTART in RFC 5545, `start` of a recurring event at Google.
public enum SeriesStart: Hashable, Sendable {
    /// All day; only the date counts.
    case date(WallTime)
    /// A time of day in an IANA zone, kept over clock changes.
    case dateTime(WallTime, zone: String)
}
