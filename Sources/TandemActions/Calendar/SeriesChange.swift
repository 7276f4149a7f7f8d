import LosslessJSON
import TandemCore
import TandemFormats

/// An edit of one instance, read as an edit of its series.
///
/// Members are carried over as a merge patch; lists such as the guests element by element, since an
/// instance may have others than its series; a new time as the way from the old one, so that the
/// whole series moves by as much.
struct SeriesChange {
    /// What was seen before and after the edit.
    private let old: JSON
    private let new: JSON
    private let oldSpan: EventSpan?
    private let newSpan: EventSpan?
    /// How far the start moved on the event's own wall clock.
    let shift: WallShift
    /// Everything but times, names and lists.
    private let patch: JSON
    /// What became of each list, by its member, in the rules' order.
    private let lists: [(member: String, change: KeyedListChange)]

    /// Reads the edit off what was seen before and after it.
    ///
    /// - Parameters:
    ///   - old: The instance, or the series, before the edit.
    ///   - new: The same after it.
    ///   - fallbackZone: The zone where a time names none.
    ///   - rules: The rules of events, which say what is a list, and what tells its elements apart.
    init(from old: JSON, to new: JSON, fallbackZone: String, rules: any KindRules) {
        self.old = old
        self.new = new
        oldSpan = EventSpan(of: old, fallbackZone: fallbackZone)
        newSpan = EventSpan(of: new, fallbackZone: fallbackZone)
        if let oldSpan, let newSpan {
            let zone = newSpan.start.rules
            let oldWall =
                oldSpan.start.isDay
                ? oldSpan.start.wall
                : zone.wall(atUTCSeconds: oldSpan.start.utcSeconds(viewedIn: .utc))
            shift =
                oldSpan.start.isDay == newSpan.start.isDay
                ? WallShift(from: oldWall, to: newSpan.start.wall)
                : WallShift(days: newSpan.start.wall.dayNumber - oldWall.dayNumber, seconds: 0)
        } else {
            shift = .none
        }
        var patch = JSON.patch(from: old, to: new)
        for member in ["start", "end", "id", "recurringEventId", "originalStartTime"] {
            patch[member] = nil
        }
        lists = rules.fields.compactMap { Self.listChange($0, from: old, to: new) }
        for (member, _) in lists { patch[member] = nil }
        self.patch = patch
    }

    /// What became of the list that a field stands for; `nil` where it stands for none.
    private static func listChange(
        _ field: MergeField, from old: JSON, to new: JSON
    ) -> (member: String, change: KeyedListChange)? {
        guard case .keyedList(let key, _, _) = field.merging, field.members.count == 1,
            field.members[0].components.count == 1, let member = field.members[0].components.first,
            KeyedListChange.isList(old[member]), KeyedListChange.isList(new[member])
        else { return nil }
        return (member, KeyedListChange(from: old[member], to: new[member], by: key))
    }

    /// Whether the series has every guest whose entry the edit changed.
    func fits(_ series: JSON) -> Bool { lists.allSatisfy { $0.change.fits(series[$0.member]) } }

    /// Whether start or end changed at all.
    var movesTime: Bool { oldSpan != newSpan }

    /// The series after the edit.
    ///
    /// - Throws: ``TandemError`` with code `invalid` where the new time does not say what becomes
    ///   of the rule.
    func applied(to series: JSON, span: EventSpan) throws(TandemError) -> JSON {
        var event = series.merging(patch)
        for (member, change) in lists { event[member] = change.applied(to: series[member]) }
        guard movesTime, let newSpan, let oldSpan else { return event }
        let givesRule = patch["recurrence"] != nil
        let start = try start(from: span.start, to: newSpan.start, givesRule: givesRule)
        event["start"] = start.json
        // What was not said about the length stays the series' own.
        let length = newSpan.length == oldSpan.length ? span.length : newSpan.length
        guard start.isWritable, let end = length.writableEnd(after: start) else {
            throw Self.outOfRange
        }
        event["end"] = end.json
        if !givesRule, !shift.isNone {
            let lines = try RecurrenceLines(start: start, shift: shift)
                .moved(SeriesModel.lines(of: series))
            event["recurrence"] = .array(lines.map { .string($0) })
        }
        return event
    }

    private func start(
        from start: EventTime, to seen: EventTime, givesRule: Bool
    ) throws(TandemError) -> EventTime {
        switch (start, seen) {
        case (.day, .day):
            guard let moved = start.shifted(by: shift) else { throw Self.outOfRange }
            return moved
        case (.moment(let seconds, _), .moment(_, let zone)):
            guard
                let moved = EventTime.moment(utcSeconds: seconds, zone: zone).shifted(by: shift)
            else { throw Self.outOfRange }
            return moved
        case (.day, .moment), (.moment, .day):
            guard givesRule else {
                throw TandemError(
                    .invalid,
                    "A series cannot change between whole days and times of day while "
                        + "its rule stays; give the new rule with --repeat, too.")
            }
            guard let day = start.wall.startOfDay.adding(days: shift.days) else {
                throw Self.outOfRange
            }
            guard case .moment(_, let zone) = seen else { return .day(day) }
            let wall = day.adding(seconds: seen.wall.secondOfDay) ?? day
            return .moment(utcSeconds: seen.rules.utcSeconds(of: wall), zone: zone)
        }
    }

    private static let outOfRange = TandemError(
        .invalid, "The new time lies outside the years 1 to 9999.")

    /// An exception with those members changed that it had from the series.
    func inherited(by exception: JSON, series: JSON) -> JSON {
        var event = exception
        for member in patch.object?.members ?? [] where member.key != "recurrence" {
            let value = exception[member.key]
            if value == old[member.key] || value == series[member.key] {
                event[member.key] = new[member.key]
            }
        }
        for (member, change) in lists {
            event[member] = change.inherited(by: exception[member], series: series[member])
        }
        return event
    }
}

extension EventTime {
    /// The line that excludes a slot from a series.
    ///
    /// - SeeAlso: RFC 5545, section 3.8.5.1.
    var exclusionLine: String {
        switch self {
        case .day(let day):
            "EXDATE;VALUE=DATE:" + CompactTime(wall: day, hasTime: false, isUTC: false).text
        case .moment(let seconds, _):
            "EXDATE:"
                + CompactTime(
                    wall: ZoneRules.utc.wall(atUTCSeconds: seconds), hasTime: true, isUTC: true
                ).text
        }
    }
}
