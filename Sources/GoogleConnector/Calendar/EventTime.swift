import LosslessJSON
import TandemFormats

/// One end of an event, as `start`, `end` and `originalStartTime` write it: a whole day, or an
/// instant and the zone it is shown in.
///
/// - SeeAlso: Google Calendar API reference, "Events", `start`: `date` or `dateTime`, the latter
///   with an offset unless `timeZone` is given.
enum EventTime: Hashable {
    case date(WallTime)
    case instant(utcSeconds: Int64, zone: String?)

    /// Reads a time; `nil` for anything else, such as both forms at once or an unknown zone where
    /// the offset is missing.
    init?(_ json: some JSONReading) {
        let zone = json["timeZone"]?.string
        switch (json["date"]?.string, json["dateTime"]?.string) {
        case (let date?, nil):
            guard let wall = WallTime(date: date) else { return nil }
            self = .date(wall)
        case (nil, let text?):
            guard let instant = Self.utcSeconds(of: text, zone: zone) else { return nil }
            self = .instant(utcSeconds: instant, zone: zone)
        default:
            return nil
        }
    }

    /// The instant, in seconds since 1970 UTC; of a whole day its midnight in UTC.
    var utcSeconds: Int64 {
        switch self {
        case .date(let day): Int64(day.dayNumber) * 86_400
        case .instant(let seconds, _): seconds
        }
    }

    var isAllDay: Bool {
        if case .date = self { true } else { false }
    }

    /// How Google writes the time behind the `_` of an instance's id: `20261109T090000Z`, all day
    /// `20261109`.
    var slotText: String {
        switch self {
        case .date(let day): RecurrenceSlot(date: day).idSuffix
        case .instant(let seconds, _): RecurrenceSlot(utcSeconds: seconds, zone: .utc).idSuffix
        }
    }

    /// Where a series that starts at this time hangs; `nil` for an instant without a known zone,
    /// since its wall clock could not be kept over clock changes.
    var seriesStart: SeriesStart? {
        switch self {
        case .date(let day): return .date(day)
        case .instant(let seconds, let zone):
            guard let zone, let rules = Self.rules(of: zone) else { return nil }
            return .dateTime(rules.wall(atUTCSeconds: seconds), zone: zone)
        }
    }

    /// The rules of a zone; `nil` when the system knows no such zone.
    static func rules(of zone: String) -> ZoneRules? {
        do throws(FormatError) {
            return try ZoneRules.named(zone)
        } catch {
            return nil
        }
    }

    private static func utcSeconds(of text: String, zone: String?) -> Int64? {
        if let time = OffsetTime(rfc3339: text) { return time.utcSeconds }
        guard let wall = WallTime(dateTime: text), let zone, let rules = rules(of: zone) else {
            return nil
        }
        return rules.utcSeconds(of: wall)
    }
}
