extension Recurrence {
    /// Starts within the window of UTC seconds, ascending, without duplicates.
    ///
    /// A rule without COUNT is entered at the window; one with COUNT is walked from its start.
    public func slots(
        in window: Range<Int64>, limits: RecurrenceLimits = .standard
    ) -> RecurrenceExpansion {
        var budget = StepBudget(limits.maxSteps)
        let (slots, isComplete) = collect(in: window, maxSlots: limits.maxSlots, &budget)
        return RecurrenceExpansion(slots: slots, isTruncated: !isComplete, steps: budget.used)
    }

    /// Whether the series yields exactly this start.
    ///
    /// - Throws: ``FormatError`` with code `limit` if the answer lies more than 200,000 steps away.
    public func hasSlot(_ slot: RecurrenceSlot) throws(FormatError) -> Bool {
        guard slot.isAllDay == (zone == nil), slot.utcSeconds < Int64.max else { return false }
        let window = slot.utcSeconds..<slot.utcSeconds + 1
        let found = slots(in: window)
        if found.slots.contains(slot) { return true }
        guard !found.isTruncated else { throw Self.tooLong }
        return false
    }

    static let tooLong = FormatError(
        code: .limit,
        message: "The series is too long to be followed that far; end it with UNTIL.")

    private func collect(
        in window: Range<Int64>, maxSlots: Int, _ budget: inout StepBudget
    ) -> (slots: [RecurrenceSlot], isComplete: Bool) {
        var slots: [RecurrenceSlot] = []
        var latest = Int64.min
        let isComplete = walk(in: window, &budget) { found in
            // Where clocks skip an hour the order of the wall clock is not the order of UTC; do
            // not stop while an earlier start may follow.
            if slots.count > maxSlots, found.isReal, found.slot.utcSeconds > latest {
                return false
            }
            if slots.last != found.slot { slots.append(found.slot) }
            latest = max(latest, found.slot.utcSeconds)
            return true
        }
        slots = RecurrenceRule.unique(slots)
        return (Array(slots.prefix(maxSlots)), isComplete && slots.count <= maxSlots)
    }

    /// A start met on a walk.
    struct Found {
        let slot: RecurrenceSlot
        /// Whether clocks do show that time on that day.
        let isReal: Bool
    }

    func cursor(
        _ entry: RuleEntry, bounds: RuleCursor.Bounds, countsStart: Bool
    ) -> RuleCursor {
        RuleCursor(
            rule: entry.completed, start: startWall, until: entry.until, bounds: bounds,
            countsStart: countsStart)
    }

    /// Hands over the starts in a window in the order of the wall clock, possibly some twice.
    ///
    /// - Returns: Whether all were seen: `visit` did not ask to stop, and the budget sufficed.
    func walk(
        in window: Range<Int64>, _ budget: inout StepBudget, _ visit: (Found) -> Bool
    ) -> Bool {
        guard !window.isEmpty else { return true }
        let bounds = RuleCursor.Bounds(
            lower: local(atUTCSeconds: window.lowerBound) - margin(around: window.lowerBound),
            upper: local(atUTCSeconds: window.upperBound) + margin(around: window.upperBound))
        var sources = MergedCursors(
            rules.map { cursor($0, bounds: bounds, countsStart: true) },
            dates: dates.filter { window.contains($0.utcSeconds) },
            start: startWall.secondsAsUTC)
        var exceptions = MergedCursors(
            exceptionRules.map { cursor($0, bounds: bounds, countsStart: false) })
        while let next = sources.next(&budget) {
            while let excluded = exceptions.peek(&budget), excluded < next.local {
                _ = exceptions.next(&budget)
            }
            if budget.isSpent { break }
            if exceptions.peek(&budget) == next.local { continue }
            let slot = slot(of: next)
            guard window.contains(slot.utcSeconds), !isExcluded(slot) else { continue }
            let isReal = slot.wall.secondsAsUTC == next.local
            guard visit(Found(slot: slot, isReal: isReal)) else { return false }
        }
        return !budget.isSpent
    }

    /// How far the order of the wall clock may differ from that of UTC around an instant, in
    /// seconds: not at all where clocks do not change.
    ///
    /// A wider margin would cost a rule of every second its whole budget before the window.
    private func margin(around instant: Int64) -> Int { zone?.offsetSpread(around: instant) ?? 0 }

    func slot(of next: MergedCursors.Start) -> RecurrenceSlot {
        guard let instant = next.utcSeconds, let zone else { return slot(ofLocal: next.local) }
        return RecurrenceSlot(utcSeconds: instant, zone: zone)
    }

    func isExcluded(_ slot: RecurrenceSlot) -> Bool {
        excludedInstants.contains(slot.utcSeconds)
            || !excludedDays.isEmpty && excludedDays.contains(slot.wall.dayNumber)
    }
}

extension RuleCursor.Bounds {
    static let all = Self(
        lower: WallTime.earliest.secondsAsUTC, upper: WallTime.latest.secondsAsUTC)
}
