import LosslessJSON
import TandemFormats

/// The instances of a recurring event.
struct EventSeries {
    let lines: [String]
    /// Start and end of the first instance.
    let first: EventMoment
    let firstEnd: EventMoment
    let start: SeriesStart
    /// Seconds from start to end; for all-day events whole days.
    let duration: Int64
    /// The zone named with the end, echoed on each instance.
    let endZone: String?
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
        self.first = start
        firstEnd = end
        do { recurrence = try Recurrence(lines: lines, start: self.start) } catch {
            throw .invalid("Invalid recurrence rule.")
        }
    }

    /// The instances that overlap the window: end after its start, start before its end.
    func slots(from: Int64, to: Int64, limit: Int = 10_000) -> [RecurrenceSlot] {
        // All-day slots are counted from midnight UTC, up to a day away from the calendar's zone.
        let slack: Int64 = 86_400
        let lower = from &- duration &- slack
        guard lower < to &+ slack else { return [] }
        var limits = RecurrenceLimits.standard
        limits.maxSlots = limit
        return recurrence.slots(in: lower..<(to &+ slack), limits: limits).slots
    }

    /// Whether the series yields that start; one too far away to be reached counts as none.
    func has(_ slot: RecurrenceSlot) -> Bool {
        do { return try recurrence.hasSlot(slot) } catch { return false }
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
