/// Several rules and a list of dates, merged in the order of the wall clock.
struct MergedCursors {
    struct Start {
        /// What the wall clock shows, as ``WallTime/secondsAsUTC``.
        let local: Int
        /// Given for dates, which name an instant.
        let utcSeconds: Int64?
    }

    private var cursors: [RuleCursor]
    /// The next start of each cursor; nil when it has none left.
    private var heads: [Int?] = []
    private let dates: [Recurrence.DateEntry]
    private var dateIndex = 0
    /// The least of heads and dates.
    private var least: Int?
    private var isStarted = false
    private let start: Int

    /// `dates` must ascend, and all cursors lie behind `start`.
    init(_ cursors: [RuleCursor], dates: [Recurrence.DateEntry] = [], start: Int = .min) {
        self.cursors = cursors
        self.dates = dates
        self.start = start
    }

    /// The wall clock time of the next start, without consuming it.
    mutating func peek(_ budget: inout StepBudget) -> Int? {
        if !isStarted {
            // A rule that never fires may use up the budget; the start comes out all the same.
            if dateIndex < dates.count, dates[dateIndex].local <= start {
                return dates[dateIndex].local
            }
            isStarted = true
            for index in cursors.indices { heads.append(cursors[index].next(&budget)) }
            findLeast()
        }
        return least
    }

    /// Hands over the next start; the same time comes as often as it is named.
    mutating func next(_ budget: inout StepBudget) -> Start? {
        guard let local = peek(&budget) else { return nil }
        defer { if isStarted { findLeast() } }
        if dateIndex < dates.count, dates[dateIndex].local == local {
            dateIndex += 1
            return Start(local: local, utcSeconds: dates[dateIndex - 1].utcSeconds)
        }
        if let index = heads.firstIndex(of: local) { heads[index] = cursors[index].next(&budget) }
        return Start(local: local, utcSeconds: nil)
    }

    private mutating func findLeast() {
        least = dateIndex < dates.count ? dates[dateIndex].local : nil
        for case .some(let head) in heads where head < least ?? .max { least = head }
    }
}
