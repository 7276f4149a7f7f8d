extension Recurrence {
    /// The lines of the series up to (not including) `slot`, and those of the series that begins
    /// there: "this and following".
    ///
    /// The first keeps this series' start; its rules get an UNTIL just before `slot`, or the share
    /// of COUNT that lies before it. The second is to be given `slot` as its start; its rules get
    /// what is left of COUNT, and BY parts where they took from the old start what the new one
    /// would say differently. Each EXDATE and RDATE goes to its side. Both together yield what
    /// this series does.
    /// - Throws: ``FormatError`` with code `rule` if `slot` is not in the series or not behind its
    ///   start, or where no lines can express a side: a rule with INTERVAL would get out of step,
    ///   or the slot lies where clocks change and starts there come in another order than on the
    ///   wall clock; with code `limit` if a COUNT is too long to be shared out.
    public func split(
        at slot: RecurrenceSlot
    ) throws(FormatError) -> (before: [String], following: [String]) {
        guard try hasSlot(slot) else {
            throw Self.unsplittable("A series can be split only at one of its starts.", slot)
        }
        guard slot > firstSlot, try hasStart(before: slot) else {
            throw Self.unsplittable(
                "Nothing lies before the first start; change the whole series instead.", slot)
        }
        guard self.slot(ofLocal: slot.wall.secondsAsUTC) == slot else {
            throw Self.unsplittable(
                "A series cannot begin at the second showing of a time that clocks show twice.",
                slot)
        }
        var before: [String] = []
        var following: [String] = []
        for line in parsedLines {
            let share =
                switch line.name {
                case .rule, .exceptionRule: try RuleSplit(line: line, slot: slot, of: self).lines()
                case .date, .exceptionDate: try deal(line, slot)
                }
            if let line = share.before { before.append(line) }
            if let line = share.following { following.append(line) }
        }
        return (before, following)
    }

    static func unsplittable(_ message: String, _ slot: RecurrenceSlot) -> FormatError {
        FormatError(code: .rule, message: message, excerpt: slot.idSuffix)
    }

    private func hasStart(before slot: RecurrenceSlot) throws(FormatError) -> Bool {
        let limits = RecurrenceLimits(maxSlots: 1)
        let found = slots(in: Int64.min..<slot.utcSeconds, limits: limits)
        guard !(found.slots.isEmpty && found.isTruncated) else { throw Self.tooLong }
        return !found.slots.isEmpty
    }

    /// Parts the values of an RDATE or EXDATE line; a line that falls to one side stays as it is.
    private func deal(
        _ line: RecurrenceLine, _ slot: RecurrenceSlot
    ) throws(FormatError) -> (before: String?, following: String?) {
        let isExclusion = line.name == .exceptionDate
        var before: [String] = []
        var following: [String] = []
        let dates = try line.dates(start: startWall, zone: zone)
        for date in dates {
            if isExclusion, let day = date.wholeDay {
                // The day of the slot itself may lie on both sides.
                if day.dayNumber <= slot.wall.dayNumber { before.append(date.text) }
                if day.dayNumber >= slot.wall.dayNumber { following.append(date.text) }
            } else if date.utcSeconds < slot.utcSeconds {
                before.append(date.text)
            } else if isExclusion || date.utcSeconds > slot.utcSeconds {
                following.append(date.text)
            }
        }
        func joined(_ values: [String]) -> String? {
            guard !values.isEmpty else { return nil }
            return values.count == dates.count
                ? line.text : line.head + values.joined(separator: ",")
        }
        return (joined(before), joined(following))
    }
}

/// Parts one rule at a slot.
private struct RuleSplit {
    private let line: RecurrenceLine
    private let parts: [RecurrenceRule.Part]
    private let entry: Recurrence.RuleEntry
    private let series: Recurrence
    private let slot: RecurrenceSlot
    /// The start of the following series on the wall clock.
    private let cut: Int

    private var isRule: Bool { line.name == .rule }

    init(line: RecurrenceLine, slot: RecurrenceSlot, of series: Recurrence) throws(FormatError) {
        self.line = line
        self.slot = slot
        self.series = series
        cut = slot.wall.secondsAsUTC
        parts = try RecurrenceRule.parts(of: line.value)
        entry = try series.entry(of: line)
    }

    func lines() throws(FormatError) -> (before: String?, following: String?) {
        let counted = try counted()
        return (before(counted), try following(counted))
    }

    /// A rule with an INTERVAL goes on in step only if the new start lies in one of its periods.
    private func checkStep() throws(FormatError) {
        let rule = entry.completed
        let distance = rule.unit(of: cut) - rule.unit(of: series.startWall.secondsAsUTC)
        guard distance % rule.interval == 0 else {
            throw Recurrence.unsplittable(
                "The series cannot be split here: its rule with INTERVAL would get out of step. "
                    + "Split it at a start that the rule itself yields.", slot)
        }
    }

    /// How many starts of the rule lie before the slot, and how many before it or at it.
    private struct Counted {
        var before: Int
        var upToSlot: Int
    }

    /// Walks over the place of the cut; the numbers are right only for a rule with COUNT, as one
    /// without is entered shortly before the cut.
    private func counted() throws(FormatError) -> Counted {
        let margin = 2 * WallTime.secondsPerDay
        let bounds = RuleCursor.Bounds(lower: cut - margin, upper: cut + margin)
        var budget = StepBudget(RecurrenceLimits.standard.maxSteps)
        var cursor = series.cursor(entry, bounds: bounds, countsStart: isRule)
        // The start is counted, but the cursor does not yield it.
        var counted = Counted(before: isRule ? 1 : 0, upToSlot: isRule ? 1 : 0)
        var isBehind = false
        while let local = cursor.next(&budget), local <= bounds.upper {
            let instant = series.slot(ofLocal: local).utcSeconds
            let isBefore = instant < slot.utcSeconds
            // Where clocks skip an hour, the order of starts may change from wall clock to UTC.
            let isInOrder = isBefore ? local < cut && !isBehind : local >= cut || !isAfter(instant)
            guard isInOrder else {
                throw Recurrence.unsplittable(
                    "The series cannot be split where clocks change; split it a day later.", slot)
            }
            isBehind = isBehind || !isBefore
            counted.before += isBefore ? 1 : 0
            counted.upToSlot += isAfter(instant) ? 0 : 1
        }
        guard !budget.isSpent else { throw Recurrence.tooLong }
        return counted
    }

    private func isAfter(_ instant: Int64) -> Bool { instant > slot.utcSeconds }

    private func before(_ counted: Counted) -> String? {
        // What a rule would exclude behind the end of the series does not matter.
        guard isRule else { return line.text }
        if entry.rule.count != nil {
            return written(replacing(parts, "COUNT", with: String(counted.before)))
        }
        guard !isOverBeforeSlot else { return line.text }
        let last = WallTime(clampingSecondsAsUTC: Int(slot.utcSeconds) - 1)
        let until = series.zone == nil ? last.basicDateText : last.basicDateTimeText + "Z"
        return written(replacing(parts, "UNTIL", with: until))
    }

    private var isOverBeforeSlot: Bool {
        switch entry.until {
        case .local(let last): last < cut
        case .instant(let last, _): last < slot.utcSeconds
        case nil: false
        }
    }

    /// Nil if the rule has nothing to say from the slot on.
    private func following(_ counted: Counted) throws(FormatError) -> String? {
        guard !isOverBeforeSlot else { return nil }
        var changed = parts
        if let count = entry.rule.count {
            let rest = count - counted.upToSlot
            guard rest > 0 || counted.upToSlot > counted.before else { return nil }
            // The start of a series counts as its first, even if the rule does not yield it.
            changed = replacing(changed, "COUNT", with: String(rest + (isRule ? 1 : 0)))
        }
        try checkStep()
        for part in pinned() { changed = replacing(changed, part.name, with: part.value) }
        return changed == parts ? line.text : written(changed)
    }

    /// The BY parts to write out because the new start would imply other ones.
    private func pinned() -> [RecurrenceRule.Part] {
        let old = entry.completed
        let new = entry.rule.completed(by: slot.wall, isAllDay: series.zone == nil)
        var parts: [RecurrenceRule.Part] = []
        func pin(_ name: String, _ old: [Int], _ new: [Int]) {
            guard old != new else { return }
            let value = old.map(String.init).joined(separator: ",")
            parts.append(.init(name: name, value: value))
        }
        pin("BYMONTH", old.months, new.months)
        pin("BYMONTHDAY", old.monthDays, new.monthDays)
        if old.weekdays != new.weekdays {
            let names = old.weekdays.map { RecurrenceRule.weekdayNames[$0.day - 1] }
            parts.append(.init(name: "BYDAY", value: names.joined(separator: ",")))
        }
        if series.zone != nil {
            pin("BYHOUR", old.hours, new.hours)
            pin("BYMINUTE", old.minutes, new.minutes)
            pin("BYSECOND", old.seconds, new.seconds)
        }
        return parts
    }

    private func replacing(
        _ parts: [RecurrenceRule.Part], _ name: String, with value: String
    ) -> [RecurrenceRule.Part] {
        let part = RecurrenceRule.Part(name: name, value: value)
        guard parts.contains(where: { $0.name == name }) else { return parts + [part] }
        return parts.map { $0.name == name ? part : $0 }
    }

    private func written(_ parts: [RecurrenceRule.Part]) -> String {
        line.head + parts.map { $0.name + "=" + $0.value }.joined(separator: ";")
    }
}
