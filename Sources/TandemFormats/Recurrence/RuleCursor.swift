/// Walks along the starts of one rule, in the order of the wall clock.
///
/// Times are counted in seconds of the wall clock, as ``WallTime/secondsAsUTC``; zones come later.
/// A rule divides time into periods of its frequency; every period is expanded by itself, so a
/// rule without COUNT can be entered anywhere, and every candidate is paid for from a budget.
///
/// It is our own and not libical's, because libical 3.0.16 looks for the next start without an end
/// (`HOURLY;BYMONTH=2;BYMONTHDAY=30` keeps it busy for minutes, and nothing can interrupt it);
/// applies BYSETPOS to days of months and years only, and negative BYMONTHDAY not to rules of days;
/// takes wrong days for BYWEEKNO; enters `HOURLY;INTERVAL=5` out of step; and ends in 2582.
struct RuleCursor {
    /// What the caller knows about the ends of the walk.
    struct Bounds {
        /// Nothing before this is asked for; the walk may still yield it.
        let lower: Int
        /// Nothing after this is asked for; the walk ends there.
        let upper: Int
    }

    private let rule: RecurrenceRule
    private let filter: DayFilter
    private let start: Int
    private let upper: Int
    private let until: UntilBound?
    private let times: RuleTimes
    /// Whether DTSTART counts as the first start even if the rule does not yield it.
    private let countsStart: Bool

    private var period: Int
    private let lastPeriod: Int
    private let startUnit: Int

    private var bases: [Int] = []
    /// Indices into the product of bases and times, where BYSETPOS picks some of them.
    private var selection: [Int] = []
    private var position = 0
    private var yielded: Int

    /// `rule` must have been completed with ``RecurrenceRule/completed(by:isAllDay:)``.
    init(
        rule: RecurrenceRule, start: WallTime, until: UntilBound?, bounds: Bounds,
        countsStart: Bool
    ) {
        self.rule = rule
        self.start = start.secondsAsUTC
        self.until = until
        self.countsStart = countsStart
        filter = DayFilter(rule)
        upper = bounds.upper
        times = RuleTimes(rule)
        yielded = countsStart ? 1 : 0
        startUnit = rule.unit(of: start.secondsAsUTC)
        lastPeriod = (rule.unit(of: WallTime.latest.secondsAsUTC) - startUnit) / rule.interval
        let skipped = (rule.unit(of: max(bounds.lower, self.start)) - startUnit) / rule.interval
        period = (rule.count == nil ? skipped : 0) - 1
    }

    /// The next start of the rule; nil when there are none left within the bounds, or when the
    /// budget is spent.
    mutating func next(_ budget: inout StepBudget) -> Int? {
        while !budget.isSpent {
            if let count = rule.count, yielded >= count { return nil }
            guard let local = take() else {
                guard load(&budget) else { return nil }
                continue
            }
            budget.spend()
            guard countsStart ? local > start : local >= start else { continue }
            if let until {
                if until.isFarBefore(local) { return nil }
                guard until.allows(local) else { continue }
            }
            yielded += 1
            return local
        }
        return nil
    }

    private mutating func take() -> Int? {
        let takesAll = rule.positions.isEmpty
        guard position < (takesAll ? bases.count * times.count : selection.count) else {
            return nil
        }
        let index = takesAll ? position : selection[position]
        position += 1
        return bases[index / times.count] + times[index % times.count]
    }

    /// Expands the next period that may hold a start; false at the end of the walk.
    private mutating func load(_ budget: inout StepBudget) -> Bool {
        period += 1
        bases.removeAll(keepingCapacity: true)
        selection.removeAll(keepingCapacity: true)
        position = 0
        guard period <= lastPeriod else { return false }
        let unit = startUnit + period * rule.interval
        guard rule.firstSecond(ofUnit: unit) <= upper else { return false }
        budget.spend()
        if rule.frequency < .daily {
            expandShort(unit)
        } else {
            expandDays(unit, &budget)
        }
        if !rule.positions.isEmpty {
            select()
            budget.spend(rule.positions.count)
        }
        return true
    }

    // MARK: - Periods of a day and more

    private mutating func expandDays(_ unit: Int, _ budget: inout StepBudget) {
        switch rule.frequency {
        case .yearly: add(filter.candidates(inYear: unit), &budget)
        case .monthly: add(filter.candidates(inMonth: unit % 12 + 1, of: unit / 12), &budget)
        case .weekly:
            let first = rule.firstDay(ofUnit: unit)
            add(first..<first + 7, &budget)
        case .daily, .hourly, .minutely, .secondly:
            add(CollectionOfOne(unit), &budget)
            guard bases.isEmpty else { return }
            skip(to: filter.nextCandidate(afterDay: unit) * WallTime.secondsPerDay)
        }
    }

    private mutating func add(_ days: some Collection<Int>, _ budget: inout StepBudget) {
        budget.spend(days.count)
        for day in days where filter.allows(dayNumber: day) {
            bases.append(day * WallTime.secondsPerDay)
        }
    }

    // MARK: - Periods of an hour, a minute, a second

    private mutating func expandShort(_ unit: Int) {
        let first = rule.firstSecond(ofUnit: unit)
        let (day, second) = floorDivide(first, WallTime.secondsPerDay)
        guard filter.allows(dayNumber: day) else {
            return skip(to: filter.nextCandidate(afterDay: day) * WallTime.secondsPerDay)
        }
        guard rule.hours.isEmpty || rule.hours.contains(second / 3600) else {
            return skip(to: (floorDivide(first, 3600).quotient + 1) * 3600)
        }
        let isMinuteFree = rule.frequency == .hourly || rule.minutes.isEmpty
        guard isMinuteFree || rule.minutes.contains(second / 60 % 60) else {
            return skip(to: (floorDivide(first, 60).quotient + 1) * 60)
        }
        let isSecondFree = rule.frequency != .secondly || rule.seconds.isEmpty
        guard isSecondFree || rule.seconds.contains(second % 60) else { return }
        bases.append(first)
    }

    /// Lets the next period be the first that does not begin before `local`.
    private mutating func skip(to local: Int) {
        let distance = rule.unit(of: local) - startUnit
        period = max(period, (distance + rule.interval - 1) / rule.interval - 1)
    }

    // MARK: - BYSETPOS

    /// Done for every period, so nothing is allocated for one that is empty.
    private mutating func select() {
        let total = bases.count * times.count
        for position in rule.positions {
            let index = position > 0 ? position - 1 : total + position
            if (0..<total).contains(index) { selection.append(index) }
        }
        if selection.count > 1 { selection = RecurrenceRule.unique(selection) }
    }
}

/// The UNTIL of a rule, in the zone of its series.
enum UntilBound: Sendable {
    /// Up to and with this reading of the wall clock.
    case local(Int)
    /// Up to and with this instant.
    case instant(Int64, zone: ZoneRules)

    func allows(_ local: Int) -> Bool {
        switch self {
        case .local(let last): local <= last
        case .instant(let last, let zone):
            zone.utcSeconds(of: WallTime(clampingSecondsAsUTC: local)) <= last
        }
    }

    /// Whether neither `local` nor anything later can be allowed, whatever the zone does.
    func isFarBefore(_ local: Int) -> Bool { latestLocal < local }

    /// No start later than this on the wall clock can be allowed.
    var latestLocal: Int {
        switch self {
        case .local(let last): last
        case .instant(let last, let zone):
            zone.wall(atUTCSeconds: last).secondsAsUTC + 2 * WallTime.secondsPerDay
        }
    }
}

/// Quotient and remainder with a remainder that is never negative; `divisor` must be positive.
func floorDivide(_ value: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}
