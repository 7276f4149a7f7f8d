import TandemCore

/// A token bucket: so many requests at once, refilled at a steady rate.
///
/// Google documents 600 requests a minute for a user of a project and lower, unpublished limits for
/// bursts on one calendar; these budgets stay below them.
/// - SeeAlso: Google Calendar API, "Manage quotas".
struct RateBudget: Hashable, Sendable {
    private let capacity: Double
    private let refillPerSecond: Double
    private var tokens: Double
    private var updatedAt: Timestamp
    private var slowUntil: Timestamp?

    init(capacity: Double, refillPerSecond: Double, at now: Timestamp) {
        self.capacity = capacity
        self.refillPerSecond = refillPerSecond
        tokens = capacity
        updatedAt = now
    }

    /// Reads of one account and API: 300 at once, 5 a second.
    static func reads(at now: Timestamp) -> Self {
        Self(capacity: 300, refillPerSecond: 5, at: now)
    }

    /// Writes of one account and API: 500 at once, 5 a second.
    static func writes(at now: Timestamp) -> Self {
        Self(capacity: 500, refillPerSecond: 5, at: now)
    }

    /// Takes `count` requests out of the budget, and says how long to wait before sending them.
    mutating func take(_ count: Int, at now: Timestamp) -> Duration {
        refill(at: now)
        tokens -= Double(count)
        guard tokens < 0 else { return .zero }
        return .seconds(-tokens / rate(at: now))
    }

    /// Whether one more request may go at once.
    mutating func hasRoom(at now: Timestamp) -> Bool {
        refill(at: now)
        return tokens >= 1
    }

    /// Halves the rate for ten minutes, after the provider asked to slow down.
    mutating func slowDown(at now: Timestamp) {
        refill(at: now)
        slowUntil = now.advanced(by: .seconds(600))
    }

    private mutating func refill(at now: Timestamp) {
        let passed = now.duration(since: updatedAt)
        updatedAt = now
        guard passed > .zero else { return }
        let seconds =
            Double(passed.components.seconds) + Double(passed.components.attoseconds) * 1e-18
        tokens = min(capacity, tokens + seconds * rate(at: now))
    }

    private func rate(at now: Timestamp) -> Double {
        guard let slowUntil, now < slowUntil else { return refillPerSecond }
        return refillPerSecond / 2
    }
}
