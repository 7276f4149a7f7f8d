/// A moment in milliseconds since 1970-01-01T00:00:00Z, leap seconds left out.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    /// Makes a moment from milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    public var seconds: Int64 {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        return rest < 0 ? seconds - 1 : seconds
    }

    /// The earlier moment first.
    public static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `duration` later, to the millisecond; at the ends of time it stays there.
    public func advanced(by duration: Duration) -> Self {
        let end = Self(milliseconds: duration < .zero ? .min : .max)
        let (seconds, attoseconds) = duration.components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
        guard !isTooLong else { return end }
        let (step, isTooFar) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        guard !isTooFar else { return end }
        let (sum, isPastEnd) = milliseconds.addingReportingOverflow(step)
        return isPastEnd ? end : Self(milliseconds: sum)
    }

    /// How long after `earlier` this moment lies; negative when it lies before.
    public func duration(since earlier: Self) -> Duration {
        .milliseconds(milliseconds) - .milliseconds(earlier.milliseconds)
    }
}
