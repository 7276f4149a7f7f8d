import Foundation

/// A moment in milliseconds since 1970-01-01T00:00:00Z, leap seconds left out.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    /// Makes a moment from milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Reads an RFC 3339 time with an offset; `nil` where the text is none.
    public init?(rfc3339 text: String) {
        let withFraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let whole = Date.ISO8601FormatStyle()
        guard let date = (try? withFraction.parse(text)) ?? (try? whole.parse(text)) else {
            return nil
        }
        milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    /// The RFC 3339 text in UTC with milliseconds, as Google writes `updated`.
    public var rfc3339: String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    public var seconds: Int64 {
        milliseconds.quotientAndRemainder(dividingBy: 1000).remainder < 0
            ? milliseconds / 1000 - 1 : milliseconds / 1000
    }

    /// The earlier moment first.
    public static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `duration` later, to the millisecond; at the ends of time it stays there.
    public func advanced(by duration: Duration) -> Self {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return Self(milliseconds: seconds < 0 ? .min : .max) }
        let (sum, passed) = milliseconds.addingReportingOverflow(
            whole + attoseconds / 1_000_000_000_000_000)
        return Self(milliseconds: passed ? (seconds < 0 ? .min : .max) : sum)
    }

    /// How long after `earlier` this moment lies; negative when it lies before.
    public func duration(since earlier: Self) -> Duration {
        .milliseconds(milliseconds.subtractingReportingOverflow(earlier.milliseconds).partialValue)
    }
}
