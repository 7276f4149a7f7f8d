import LosslessJSON
import TandemCore
import TandemFormats

/// An edit of one instance, read as an edit of its series.
///
/// Members are carried over as a merge patch; a new time as the way from the old one, so that the
/// whole series moves by as much.
struct SeriesChange {
    /// What was seen before and after the edit.
    private let old: JSON
    private let new: JSON
    private let oldSpan: EventSpan?
    private let newSpan: EventSpan?
    /// How far the start moved on the event's own wall clock.
    let shift: WallShift
    /// Everything but times and names.
    private let patch: JSON

    init(from old: JSON, to new: JSON, fallbackZone: String) {
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
        self.patch = patch
    }

    /// Whether start or end changed at all.
    var movesTime: Bool { oldSpan != newSpan }

    /// The series after the edit.
    ///
    /// - Throws: ``TandemError`` with code `invalid` where the new time does not say what becomes
    ///   of the rule.
    func applied(to series: JSON, span: EventSpan) throws(TandemError) -> JSON {
        var event = series.merging(patch)
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
