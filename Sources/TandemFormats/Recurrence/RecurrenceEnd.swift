// Where a series ends.
extension Recurrence {
    /// UTC seconds of the last start; nil when the series has no end.
    ///
    /// A series all of whose starts are excluded gives its start.
    /// - Throws: ``FormatError`` with code `limit` if the end lies more than `limits.maxSteps` steps
    ///   away; ``latestStart`` may still know how late it can be.
    public func lastStart(
        limits: RecurrenceLimits = .standard
    ) throws(FormatError) -> Int64? {
        guard rules.allSatisfy({ $0.rule.count != nil || $0.until != nil }) else { return nil }
        var budget = StepBudget(limits.maxSteps)
        if exceptionRules.isEmpty, rules.allSatisfy({ $0.until == nil }) {
            return try lastCounted(&budget)
        }
        return try lastBehindAll(&budget)
    }

    /// UTC seconds behind which no start lies, found without a walk; nil unless every rule has an
    /// UNTIL.
    public var latestStart: Int64? {
        var latest = dates.map(\.utcSeconds).max() ?? firstSlot.utcSeconds
        for entry in rules {
            guard let until = entry.until else { return nil }
            // Where clocks skip some hours, an earlier reading can be a later instant.
            let local = until.latestLocal + WallTime.secondsPerDay
            latest = max(latest, slot(ofLocal: local).utcSeconds)
        }
        return latest
    }

    /// The last start where nothing but dates is excluded: each rule is walked once.
    ///
    /// The last reading of the wall clock need not be the last instant, so all are compared.
    private func lastCounted(_ budget: inout StepBudget) throws(FormatError) -> Int64 {
        var last: Int64?
        func see(_ start: MergedCursors.Start) {
            let slot = slot(of: start)
            guard slot.utcSeconds > last ?? .min, !isExcluded(slot) else { return }
            last = slot.utcSeconds
        }
        for date in dates { see(.init(local: date.local, utcSeconds: date.utcSeconds)) }
        for entry in rules {
            var cursor = cursor(entry, bounds: .all, countsStart: true)
            while let local = cursor.next(&budget) { see(.init(local: local, utcSeconds: nil)) }
        }
        guard !budget.isSpent else { throw Self.tooLong }
        return last ?? firstSlot.utcSeconds
    }

    /// The last start, found by looking back from the end in ever wider steps, as the last ones may
    /// be excluded or lie far before an UNTIL.
    private func lastBehindAll(_ budget: inout StepBudget) throws(FormatError) -> Int64 {
        var end = dates.last?.local ?? startWall.secondsAsUTC
        for entry in rules {
            end = max(end, try lastLocal(of: entry, &budget))
        }
        var width = 8 * WallTime.secondsPerDay
        let begin = min(startWall.secondsAsUTC, dates.first?.local ?? end)
        var upper = WallTime(clampingSecondsAsUTC: end + 3 * WallTime.secondsPerDay)
        while true {
            let lower = WallTime(
                clampingSecondsAsUTC: max(
                    upper.secondsAsUTC - width, begin - 3 * WallTime.secondsPerDay))
            let window = Int64(lower.secondsAsUTC)..<Int64(upper.secondsAsUTC) + 1
            let (last, isComplete) = last(in: window, &budget)
            guard isComplete else { throw Self.tooLong }
            if let last { return last }
            if lower.secondsAsUTC <= begin - 2 * WallTime.secondsPerDay || lower == .earliest {
                return firstSlot.utcSeconds
            }
            upper = lower
            width *= 4
        }
    }

    /// No start of the rule is later than this on the wall clock.
    private func lastLocal(
        of entry: RuleEntry, _ budget: inout StepBudget
    ) throws(FormatError) -> Int {
        if let until = entry.until { return until.latestLocal }
        var cursor = cursor(entry, bounds: .all, countsStart: true)
        var last = startWall.secondsAsUTC
        while let local = cursor.next(&budget) { last = local }
        guard !budget.isSpent else { throw Self.tooLong }
        return last
    }

    private func last(
        in window: Range<Int64>, _ budget: inout StepBudget
    ) -> (last: Int64?, isComplete: Bool) {
        var last: Int64?
        let isComplete = walk(in: window, &budget) { found in
            last = max(last ?? found.slot.utcSeconds, found.slot.utcSeconds)
            return true
        }
        return (last, isComplete)
    }
}
