import Foundation

/// The machine's clock.
public struct SystemClock: WallClock {
    /// Makes the machine's clock.
    public init() {}

    /// The moment it is, to the millisecond.
    public func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    /// The time since the machine was started, in which it slept included.
    ///
    /// - SeeAlso: clock_gettime(2), `CLOCK_BOOTTIME`; on Apple's systems `CLOCK_MONOTONIC` counts
    ///   sleep, too.
    public func running() -> Duration {
        #if os(Linux)
            let clock = CLOCK_BOOTTIME
        #else
            let clock = CLOCK_MONOTONIC
        #endif
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return .milliseconds(now().milliseconds) }
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    /// Waits on the machine's continuous clock.
    public func wait(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}
