/// How much work one expansion may do.
public struct RecurrenceLimits: Hashable, Sendable {
    /// The most starts to return.
    public var maxSlots: Int
    /// The most candidates to look at: periods of the rule, and days and times within them.
    ///
    /// A count and not a time, so that the same series always gives the same answer; 200,000 steps
    /// take 2 to 40 milliseconds, depending on the rule.
    public var maxSteps: Int

    /// Values below 1 are taken as 1.
    public init(maxSlots: Int = 10_000, maxSteps: Int = 200_000) {
        self.maxSlots = max(1, maxSlots)
        self.maxSteps = max(1, maxSteps)
    }

    /// 10,000 starts and 200,000 steps: a daily rule with COUNT is followed for 182 years.
    public static let standard = RecurrenceLimits()
}

/// The starts of a series within a window.
public struct RecurrenceExpansion: Hashable, Sendable {
    /// Ascending, without duplicates.
    public let slots: [RecurrenceSlot]
    /// Whether a limit was met, so that later starts may be missing.
    public let isTruncated: Bool
    /// Candidates looked at, for those who watch the cost.
    public let steps: Int
}

/// Counts candidates until a limit is met.
struct StepBudget {
    private(set) var used = 0
    let limit: Int

    init(_ limit: Int) { self.limit = limit }

    var isSpent: Bool { used >= limit }

    mutating func spend(_ steps: Int = 1) { used += steps }
}
