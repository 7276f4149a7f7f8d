import Foundation

/// The machine's clock.
public struct SystemClock: WallClock {
    /// Makes the machine's clock.
    public init() {}

    /// The moment it is, to the millisecond.
    public func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    /// Waits on the machine's continuous clock.
    public func wait(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}
