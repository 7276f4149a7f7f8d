public import TandemCore

/// A length of time as a person typed it: `90m`, `1h30`, `2d`.
///
/// Days are counted on the calendar, so that a day across a clock change still ends at the same
/// time of day.
public struct TypedDuration: Hashable, Sendable {
    /// Whole calendar days.
    public let days: Int
    /// Seconds beyond the whole days, 0 or more.
    public let seconds: Int

    /// The longest duration that is read: ten years.
    public static let maxDays = 3660

    /// Gathers a duration.
    public init(days: Int, seconds: Int) {
        self.days = days
        self.seconds = seconds
    }

    /// Whether it is counted in whole days alone.
    public var isWholeDays: Bool { seconds == 0 && days > 0 }

    /// Reads `90m`, `1h30`, `1h30m`, `1:30`, `2d`, `1w`, `45s`; a bare number counts minutes.
    ///
    /// - Throws: ``TandemError`` with code `invalid` for anything else, and beyond ten years.
    public init(_ text: String) throws(TandemError) {
        let trimmed = text.lowercased().filter { $0 != " " }
        guard let parsed = Self.clockStyle(trimmed) ?? Self.units(trimmed) else {
            throw TandemError(
                .invalid, "'\(text.shortened)' is not a duration; type for example 90m, 1h30 or 2d."
            )
        }
        guard parsed.days <= Self.maxDays, parsed.seconds <= Self.maxDays * 86_400 else {
            throw TandemError(
                .invalid, "'\(text.shortened)' is too long; at most \(Self.maxDays) days are taken."
            )
        }
        self = parsed
    }

    /// Reads `1:30`.
    private static func clockStyle(_ text: String) -> Self? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = wholeNumber(parts[0]), parts[1].utf8.count == 2,
            let minutes = wholeNumber(parts[1]), minutes < 60
        else { return nil }
        return Self(days: 0, seconds: hours * 3600 + minutes * 60)
    }

    /// Reads numbers, each with its unit; after hours a bare number counts minutes.
    private static func units(_ text: String) -> Self? {
        var days = 0
        var seconds = 0
        var rest = text[...]
        var bareUnit: Substring = "m"
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = wholeNumber(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            var unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            if unit.isEmpty {
                guard rest.isEmpty else { return nil }
                unit = bareUnit
            }
            switch unit {
            case "w", "week", "weeks": days += number * 7
            case "d", "day", "days": days += number
            case "h", "hr", "hour", "hours": seconds += number * 3600
            case "m", "min", "mins", "minute", "minutes": seconds += number * 60
            case "s", "sec", "second", "seconds": seconds += number
            default: return nil
            }
            bareUnit = unit.hasPrefix("h") ? "m" : "-"
        }
        return Self(days: days, seconds: seconds)
    }

    /// At most seven digits, so that no product of it can overflow.
    private static func wholeNumber(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.count <= 7, digits.allSatisfy({ $0.isASCII }) else {
            return nil
        }
        return Int(digits)
    }
}

extension String {
    /// The text as an error may quote it: one line, at most 60 characters.
    var shortened: String {
        let visible = unicodeScalars.lazy.map { scalar in
            scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? "?" : Character(scalar)
        }
        let cut = String(visible.prefix(60))
        return unicodeScalars.count > 60 ? cut + "…" : cut
    }
}
