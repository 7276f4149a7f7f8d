import LosslessJSON
import TandemCore
public import TandemFormats

extension EventFields {
    /// Sets `start` and `end` from what was said and what the event had.
    func applyTimes(
        to event: inout JSON, viewedIn zone: ZoneRules, fallbackZone: String
    ) throws(TandemError) {
        let old = EventSpan(of: event, fallbackZone: fallbackZone)
        let keptZone = try zoneName(old: old, viewedIn: zone)
        guard let begin = try newStart(old: old, zoneName: keptZone, viewedIn: zone) else {
            throw TandemError(.invalid, "The event has no start; add --when.")
        }
        guard begin.isWritable else { throw Self.beyondCalendar }
        let end = try newEnd(begin: begin, old: old, viewedIn: zone)
        guard end.isWritable else { throw Self.beyondCalendar }
        guard end.utcSeconds(viewedIn: .utc) >= begin.utcSeconds(viewedIn: .utc) else {
            throw TandemError(.invalid, "The event would end before it begins; check --end.")
        }
        event["start"] = begin.json
        event["end"] = end.json
    }

    /// What is to be said about times that clocks skip or show twice.
    ///
    /// - Parameter zone: The zone that typed times are read in, where none was named with them.
    /// - Returns: A sentence for each such time.
    public func remarks(viewedIn zone: ZoneRules) -> [String] {
        let typedIn = timeZone.flatMap(EventTime.rules) ?? zone
        return [start, end].compactMap { $0?.remark(in: typedIn) }
    }

    private static let beyondCalendar = TandemError(
        .invalid, "The event would lie outside the years 1 to 9999, which no calendar can hold.")

    /// The end of an event of a length.
    private static func end(
        of length: EventLength, after begin: EventTime
    ) throws(TandemError) -> EventTime {
        guard let end = length.writableEnd(after: begin) else { throw beyondCalendar }
        return end
    }

    /// The zone the event's times are kept in.
    private func zoneName(
        old: EventSpan?, viewedIn zone: ZoneRules
    ) throws(TandemError) -> String {
        if let timeZone {
            guard EventTime.rules(timeZone) != nil else {
                throw TandemError(
                    .invalid,
                    "There is no time zone '\(timeZone.shortened)'; "
                        + "type an IANA name such as Europe/Paris.")
            }
            return timeZone
        }
        if case .moment(_, let name) = old?.start { return name }
        return zone.identifier
    }

    private func newStart(
        old: EventSpan?, zoneName: String, viewedIn zone: ZoneRules
    ) throws(TandemError) -> EventTime? {
        switch start {
        case nil:
            guard case .moment(let seconds, _) = old?.start else { return old?.start }
            return .moment(utcSeconds: seconds, zone: zoneName)
        case .day(let day): return .day(day.startOfDay)
        case .instant(let seconds): return .moment(utcSeconds: seconds, zone: zoneName)
        case .wall(let wall):
            // A zone that was named is the one the time was typed in; else it is the viewer's.
            let typedIn = timeZone.flatMap(EventTime.rules) ?? zone
            return .moment(utcSeconds: typedIn.utcSeconds(of: wall), zone: zoneName)
        }
    }

    private func newEnd(
        begin: EventTime, old: EventSpan?, viewedIn zone: ZoneRules
    ) throws(TandemError) -> EventTime {
        if end != nil, duration != nil {
            throw TandemError(.invalid, "Give --end or --duration, not both.")
        }
        if let end { return try typedEnd(end, begin: begin, viewedIn: zone) }
        if let duration { return try self.end(after: begin, duration) }
        if let old, old.start.isDay == begin.isDay {
            return try Self.end(of: old.length, after: begin)
        }
        // Nothing said: an hour as Google's own page makes it, or the day.
        return try Self.end(of: begin.isDay ? .days(1) : .seconds(3600), after: begin)
    }

    private func typedEnd(
        _ end: TypedTime, begin: EventTime, viewedIn zone: ZoneRules
    ) throws(TandemError) -> EventTime {
        switch (begin, end) {
        case (.day, .day(let last)):
            // Google counts the first day after the event, people name the last day of it.
            guard let end = last.adding(days: 1) else { throw Self.beyondCalendar }
            return .day(end)
        case (.moment(_, let name), .wall(let wall)):
            let typedIn = timeZone.flatMap(EventTime.rules) ?? zone
            return .moment(utcSeconds: typedIn.utcSeconds(of: wall), zone: name)
        case (.moment(_, let name), .instant(let seconds)):
            return .moment(utcSeconds: seconds, zone: name)
        case (.day, _), (.moment, .day):
            throw TandemError(
                .invalid, "Start and end must both be dates, or both have a time of day.")
        }
    }

    private func end(
        after begin: EventTime, _ duration: TypedDuration
    ) throws(TandemError) -> EventTime {
        guard begin.isDay else {
            let later = try Self.end(of: .days(duration.days), after: begin)
            return try Self.end(of: .seconds(Int64(duration.seconds)), after: later)
        }
        guard duration.isWholeDays else {
            throw TandemError(
                .invalid, "An all-day event lasts whole days; type for example --duration 2d.")
        }
        return try Self.end(of: .days(duration.days), after: begin)
    }
}
