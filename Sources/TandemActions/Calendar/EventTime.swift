import LosslessJSON
import TandemFormats

/// The start or the end of an event, as Google writes it: a date, or an instant in a zone.
///
/// - SeeAlso: Google Calendar API v3, Events, `start` and `end`.
enum EventTime: Hashable {
    /// All day; an end is the first day after the event.
    case day(WallTime)
    /// An instant, and the zone whose wall clock the event keeps.
    case moment(utcSeconds: Int64, zone: String)

    /// Reads a start or end; `nil` where it is neither a date nor an instant.
    ///
    /// - Parameters:
    ///   - json: The member's value.
    ///   - fallbackZone: The zone where the value names none, or one that is not known here.
    init?(_ json: JSON?, fallbackZone: String) {
        guard let json else { return nil }
        if let text = json["date"]?.string {
            guard let day = WallTime(date: text) else { return nil }
            self = .day(day)
            return
        }
        guard let text = json["dateTime"]?.string else { return nil }
        let named = json["timeZone"]?.string ?? fallbackZone
        let rules = Self.rules(named) ?? Self.rules(fallbackZone) ?? .utc
        if let instant = OffsetTime(rfc3339: text) {
            self = .moment(utcSeconds: instant.utcSeconds, zone: rules.identifier)
        } else if let wall = WallTime(dateTime: text) {
            self = .moment(utcSeconds: rules.utcSeconds(of: wall), zone: rules.identifier)
        } else {
            return nil
        }
    }

    /// A zone that is not known here is read as the fallback, so that one odd event stays visible.
    static func rules(_ zone: String) -> ZoneRules? { try? ZoneRules.named(zone) }

    /// The zone's rules; those of UTC for days.
    var rules: ZoneRules {
        switch self {
        case .day: .utc
        case .moment(_, let zone): Self.rules(zone) ?? .utc
        }
    }

    /// Whether it is a date.
    var isDay: Bool {
        if case .day = self { true } else { false }
    }

    /// The instant, a day for its midnight in `zone`, in seconds since 1970 UTC.
    func utcSeconds(viewedIn zone: ZoneRules) -> Int64 {
        switch self {
        case .day(let day): zone.utcSeconds(of: day)
        case .moment(let seconds, _): seconds
        }
    }

    /// What the event's own wall clock shows.
    var wall: WallTime {
        switch self {
        case .day(let day): day
        case .moment(let seconds, _): rules.wall(atUTCSeconds: seconds)
        }
    }

    /// Whether it lies within the years 1 to 9999 of its own zone, so that it can be written.
    ///
    /// - SeeAlso: RFC 3339, section 1: four digits for the year.
    var isWritable: Bool {
        // No zone is two days from UTC, so most moments need no look at theirs.
        guard case .moment(let seconds, _) = self, !Self.surelyWritable.contains(seconds) else {
            return true
        }
        return seconds >= rules.utcSeconds(of: .earliest)
            && seconds <= rules.utcSeconds(of: .latest)
    }

    private static let surelyWritable: Range<Int64> = {
        let margin: Int64 = 2 * 86_400
        return ZoneRules.utc.utcSeconds(of: .earliest) + margin..<ZoneRules.utc.utcSeconds(
            of: .latest) - margin
    }()

    /// The value as Google writes it.
    var json: JSON {
        switch self {
        case .day(let day): return ["date": .string(day.dateText)]
        case .moment(let seconds, let zone):
            let offset = rules.offsetSeconds(atUTCSeconds: seconds)
            let time = OffsetTime(utcSeconds: seconds, offsetSeconds: offset)
            return ["dateTime": .string(time.rfc3339), "timeZone": .string(zone)]
        }
    }

    /// The start that a series with this start hangs on.
    var seriesStart: SeriesStart {
        switch self {
        case .day(let day): .date(day)
        case .moment(_, let zone): .dateTime(wall, zone: zone)
        }
    }

    /// The time that lies `shift` later on the event's own wall clock; `nil` past the year 9999.
    func shifted(by shift: WallShift) -> Self? {
        guard let wall = wall.adding(days: shift.days)?.adding(seconds: shift.seconds) else {
            return nil
        }
        switch self {
        case .day: return .day(wall.startOfDay)
        case .moment(_, let zone):
            return .moment(utcSeconds: rules.utcSeconds(of: wall), zone: zone)
        }
    }
}

/// How far an event is moved on its own wall clock.
struct WallShift: Hashable {
    var days: Int
    /// Within one day, may be negative.
    var seconds: Int

    static let none = Self(days: 0, seconds: 0)

    var isNone: Bool { self == .none }

    init(days: Int, seconds: Int) {
        self.days = days
        self.seconds = seconds
    }

    /// The way from one wall time to another.
    init(from old: WallTime, to new: WallTime) {
        days = new.dayNumber - old.dayNumber
        seconds = new.secondOfDay - old.secondOfDay
    }
}

/// When an event begins and how long it lasts.
struct EventSpan: Hashable {
    var start: EventTime
    var end: EventTime

    /// Reads an event's times; `nil` where it has no readable start.
    ///
    /// A missing end is the start's, a missing end of a day the next day.
    init?(of event: JSON, fallbackZone: String) {
        guard let start = EventTime(event["start"], fallbackZone: fallbackZone) else { return nil }
        self.start = start
        let end = EventTime(event["end"], fallbackZone: fallbackZone)
        if let end, end.isDay == start.isDay {
            self.end = end
        } else if case .day(let day) = start {
            self.end = .day(day.adding(days: 1) ?? day)
        } else {
            self.end = start
        }
    }

    init(start: EventTime, end: EventTime) {
        self.start = start
        self.end = end
    }

    /// How long it lasts: whole days, or seconds that really pass.
    var length: EventLength {
        if case .day(let first) = start, case .day(let last) = end {
            return .days(max(1, last.dayNumber - first.dayNumber))
        }
        let (length, overflow) = end.utcSeconds(viewedIn: .utc)
            .subtractingReportingOverflow(start.utcSeconds(viewedIn: .utc))
        return .seconds(overflow ? 0 : max(0, length))
    }

    /// The span of the same length that begins at `start`.
    func moved(to start: EventTime) -> Self { Self(start: start, end: length.end(after: start)) }
}

/// How long an event lasts.
enum EventLength: Hashable {
    case days(Int)
    case seconds(Int64)

    /// The end of an event of this length; past the year 9999 the start itself.
    func end(after start: EventTime) -> EventTime { writableEnd(after: start) ?? start }

    /// The end of an event of this length; `nil` past the year 9999.
    func writableEnd(after start: EventTime) -> EventTime? {
        let end: EventTime?
        switch (self, start) {
        case (.days(let days), _): end = start.shifted(by: WallShift(days: days, seconds: 0))
        case (.seconds(let seconds), .moment(let from, let zone)):
            let (sum, overflow) = from.addingReportingOverflow(seconds)
            end = overflow ? nil : .moment(utcSeconds: sum, zone: zone)
        case (.seconds, .day(let day)): end = day.adding(days: 1).map { .day($0) }
        }
        return end.flatMap { $0.isWritable ? $0 : nil }
    }
}
