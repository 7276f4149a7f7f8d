public import TandemCore
public import TandemFormats

/// Reads times as people type them, seen from one moment in one zone.
///
/// Taken are dates (`2026-11-09`, `9 nov`, `nov 9 2026`, `today`, `tomorrow`, `yesterday`,
/// `monday`, `next monday`, `in 3 days`), times of day (`10:00`, `9am`, `9:30pm`, `noon`,
/// `midnight`), both side by side in either order, `now`, `in 90m`, and RFC 3339 with or without
/// an offset. Dates such as 09/11/2026, which mean two things, are refused.
public struct HumanTimes: Sendable {
    /// The viewer's zone.
    public let zone: ZoneRules
    /// The moment words are seen from, in seconds since 1970 UTC.
    public let nowSeconds: Int64

    /// The longest text that is looked at, in bytes.
    static let maxTextBytes = 100

    /// Binds the moment and the zone that words such as `tomorrow` are seen from.
    public init(now: Timestamp, zone: ZoneRules) {
        nowSeconds = now.seconds
        self.zone = zone
    }

    /// What the viewer's wall clock shows now.
    public var now: WallTime { zone.wall(atUTCSeconds: nowSeconds) }

    /// Reads a time.
    ///
    /// - Parameters:
    ///   - text: What was typed.
    ///   - day: The day that a time of day alone belongs to; today without it.
    /// - Returns: The time that was meant.
    /// - Throws: ``TandemError`` with code `invalid`, saying what can be typed.
    public func time(_ text: String, on day: WallTime? = nil) throws(TandemError) -> TypedTime {
        guard text.utf8.count <= Self.maxTextBytes else { throw Self.unreadable(text) }
        let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if let exact = exactTime(trimmed) { return exact }
        let words = trimmed.lowercased().replacing(",", with: " ")
            .split(separator: " ").map(String.init)
        if words == ["now"] { return .instant(nowSeconds) }
        if let later = laterTime(words) { return later }
        guard let parsed = parts(of: words) else { throw Self.unreadable(text) }
        guard let clock = parsed.clock else {
            guard let date = parsed.date(from: now, clock: nil) else { throw Self.unreadable(text) }
            return .day(date)
        }
        let base = parsed.hasDate ? parsed.date(from: now, clock: clock) : (day ?? now).startOfDay
        guard let date = base, let wall = date.adding(seconds: clock) else {
            throw Self.unreadable(text)
        }
        return .wall(wall)
    }

    /// ISO 8601 dates and times, as programs write them.
    private func exactTime(_ text: String) -> TypedTime? {
        if let day = WallTime(date: text) { return .day(day) }
        if let instant = OffsetTime(rfc3339: text.uppercased()) {
            return .instant(instant.utcSeconds)
        }
        if let wall = WallTime(dateTime: text.uppercased()) { return .wall(wall) }
        return WallTime(dateTime: text.uppercased() + ":00").map { .wall($0) }
    }

    /// `in 3 days`, `in 90m`, `+2h`.
    private func laterTime(_ words: [String]) -> TypedTime? {
        var text = words.joined()
        if words.first == "in" {
            text = words.dropFirst().joined()
        } else if text.hasPrefix("+") {
            text.removeFirst()
        } else {
            return nil
        }
        guard text.contains(where: \.isLetter), let length = try? TypedDuration(text) else {
            return nil
        }
        if length.seconds == 0 { return now.startOfDay.adding(days: length.days).map { .day($0) } }
        guard let wall = now.adding(days: length.days) else { return nil }
        let start = length.days == 0 ? nowSeconds : zone.utcSeconds(of: wall)
        return .instant(start + Int64(length.seconds))
    }

    /// Sorts the words into one date and one time of day.
    private func parts(of words: [String]) -> TypedParts? {
        var reader = TypedParts.Reader(words: words)
        while let word = reader.next() {
            guard reader.take(word) else { return nil }
        }
        return reader.isEmpty ? nil : reader.parts
    }

    private static func unreadable(_ text: String) -> TandemError {
        TandemError(
            .invalid,
            "'\(text.shortened)' is not a time that can be read; type for example "
                + "'2026-11-09 10:00', '2026-11-09', 'tomorrow 12:30' or 'monday 9am'.")
    }
}
