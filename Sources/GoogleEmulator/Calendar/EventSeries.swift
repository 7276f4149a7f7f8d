import LosslessJSON
import TandemFormats

/// The instances of a recurring event.
struct EventSeries {
    /// The rule lines; none in what stands for the single event that a series once was.
    private(set) var lines: [String]
    /// Start and end of the first instance.
    let first: EventMoment
    let firstEnd: EventMoment
    let start: SeriesStart
    /// Seconds from start to end; for all-day events whole days.
    let duration: Int64
    /// The zone named with the end, echoed on each instance.
    let endZone: String?
    /// Whether a rule has neither COUNT nor UNTIL.
    let isEndless: Bool
    private let recurrence: Recurrence

    /// - Throws: 400 `required` without a zone, `invalid` for a rule that cannot be read.
    init(lines: [String], from start: EventMoment, to end: EventMoment) throws(GoogleFailure) {
        switch (start, end) {
        case (.date(let first), .date(let last)):
            self.start = .date(first)
            duration = Int64(last.dayNumber - first.dayNumber) * 86_400
            endZone = nil
        case (.dateTime(let first, let zone), .dateTime(let last, let endZone)):
            guard let zone, let rules = Zones.rules(zone) else {
                throw .required("Missing time zone definition for start time.")
            }
            self.start = .dateTime(rules.wall(atUTCSeconds: first), zone: zone)
            duration = last - first
            self.endZone = endZone
        default:
            throw .invalid("Start and end times must either both be date or both be dateTime.")
        }
        self.lines = lines
        isEndless = lines.contains { RecurrenceCheck.isEndless($0) }
        self.first = start
        firstEnd = end
        do { recurrence = try Recurrence(lines: lines, start: self.start) } catch {
            throw .invalid("Invalid recurrence rule.")
        }
    }

    /// Instances that overlap a window, ascending; the walk enters the series at the window.
    ///
    /// Days begin in the calendar's `zone`. Fewer than `limit` mean that there are no more, or
    /// that the next one lies too many steps away to be looked for.
    func slots(
        in window: EventWindow, zone: ZoneRules, from place: SeriesPlace = SeriesPlace(),
        limit: Int
    ) -> [RecurrenceSlot] {
        // All-day slots are counted from midnight UTC, up to a day away from the calendar's zone.
        var slack: Int64 = 0
        if case .date = start { slack = 86_400 }
        var lower = EventMoment.reach.lowerBound
        if let after = window.after { lower = max(lower, after &- duration &- slack &+ 1) }
        if let begin = place.begin { lower = max(lower, begin &- slack) }
        if let last = place.after { lower = max(lower, last.utcSeconds) }
        let upper = min(window.before &+ slack, lastStart &+ 1)
        guard lower < upper else { return [] }
        var limits = RecurrenceLimits.standard
        // The slack and the slot that was last add a few that do not count.
        limits.maxSlots = limit &+ 4
        let found = recurrence.slots(in: lower..<upper, limits: limits).slots.filter { slot in
            if let last = place.after, slot <= last { return false }
            return overlaps(window, slot, zone)
        }
        return Array(found.prefix(limit))
    }

    /// The last second at which an instance can begin so that its end can still be written.
    private var lastStart: Int64 { EventMoment.reach.upperBound &- duration }

    /// Whether the instance at a start lies in a window; days begin in the calendar's zone.
    func overlaps(
        _ window: EventWindow, _ slot: RecurrenceSlot, _ zone: ZoneRules
    ) -> Bool {
        if let after = window.after, end(of: slot).utcSeconds(in: zone) <= after { return false }
        return begin(of: slot).utcSeconds(in: zone) < window.before
    }

    /// Whether both yield the same starts.
    func yieldsSame(as other: EventSeries?) -> Bool {
        lines == other?.lines && first == other?.first
    }

    /// What stands among former series for the single event that this series once was.
    var asSingle: EventSeries {
        var copy = self
        copy.lines = []
        return copy
    }

    /// Whether the series yields that start; one too far away to be reached counts as none.
    func has(_ slot: RecurrenceSlot) -> Bool {
        // Slots know the wall clock of a zone; the one of another series may differ.
        guard let own = RecurrenceSlot(idSuffix: slot.idSuffix, start: start),
            own.utcSeconds >= EventMoment.reach.lowerBound, own.utcSeconds <= lastStart
        else { return false }
        do { return try recurrence.hasSlot(own) } catch { return false }
    }

    /// When the instance begins.
    func begin(of slot: RecurrenceSlot) -> EventMoment {
        switch start {
        case .date: .date(slot.wall.startOfDay)
        case .dateTime(_, let zone): .dateTime(utcSeconds: slot.utcSeconds, zone: zone)
        }
    }

    /// When the instance is over.
    func end(of slot: RecurrenceSlot) -> EventMoment {
        switch start {
        case .date:
            let days = Int(duration / 86_400)
            return .date(slot.wall.startOfDay.adding(days: days) ?? slot.wall.startOfDay)
        case .dateTime:
            return .dateTime(utcSeconds: slot.utcSeconds &+ duration, zone: endZone)
        }
    }
}

/// What events must overlap: end after its start, begin before its end; seconds since 1970.
struct EventWindow {
    /// `nil` lets events end at any time.
    var after: Int64?
    var before: Int64

    /// The end of a window without an end: that of the year 9999.
    static let latest: Int64 = 253_402_300_799
    /// What UTC can write: the years 1 to 9999.
    static let writable: ClosedRange<Int64> = -62_135_596_800...latest

    /// The second that a request names as an end of its window; `nil` if it names none.
    ///
    /// - Throws: 400 `badRequest` for a time without an offset.
    static func second(_ text: String?) throws(GoogleFailure) -> Int64? {
        guard let text, !text.isEmpty else { return nil }
        guard let time = OffsetTime(rfc3339: text) else { throw .badRequest }
        return time.utcSeconds
    }
}

/// Where a walk along a series goes on.
struct SeriesPlace {
    /// Only instances after this one.
    var after: RecurrenceSlot?
    /// Only instances that begin at this second or later; up to a day earlier if all day.
    var begin: Int64?
}

extension RecurrenceSlot {
    /// Reads what follows the `_` in an instance's id, whatever the series is.
    init?(anySuffix suffix: some StringProtocol) {
        let text = String(suffix)
        let date = RecurrenceSlot(idSuffix: text, start: .date(.earliest))
        let time = RecurrenceSlot(idSuffix: text, start: .dateTime(.earliest, zone: "UTC"))
        guard let slot = date ?? time else { return nil }
        self = slot
    }
}
