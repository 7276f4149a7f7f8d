import LosslessJSON
import TandemFormats

/// The start or end of an event: a date, or an instant with the zone that was named with it.
enum EventMoment: Hashable {
    case date(WallTime)
    case dateTime(utcSeconds: Int64, zone: String?)

    /// Which end of the event is read; it only words the errors.
    enum Role: String {
        case start
        case end
        case original = "original start"
    }

    /// Reads `{date}` or `{dateTime, timeZone}`.
    ///
    /// - Throws: 400 `required` or `invalid` in Google's words.
    init(_ json: JSON, role: Role) throws(GoogleFailure) {
        let date = json["date"]?.nonNull
        let dateTime = json["dateTime"]?.nonNull
        let zone = json["timeZone"]?.nonNull
        let zoneName = zone?.string
        guard zone == nil || zoneName != nil else { throw .badRequest }
        if let zoneName, Zones.rules(zoneName) == nil {
            throw .invalid("Invalid time zone definition for \(role.rawValue) time.")
        }
        switch (date, dateTime) {
        case (nil, nil):
            throw .required("Missing \(role.rawValue) time.")
        case (.some, .some):
            throw .invalid("Invalid \(role.rawValue) time.")
        case (.some(let date), nil):
            guard let text = date.string, let wall = WallTime(date: text) else {
                throw .invalid("Invalid value for: \(role.rawValue).date")
            }
            self = .date(wall)
        case (nil, .some(let dateTime)):
            guard let text = dateTime.string else { throw .badRequest }
            self = try Self.instant(text, zoneName: zoneName, role: role)
        }
        guard Self.reach.contains(utcSeconds(in: .utc)) else {
            throw .invalid("Invalid value for: \(role.rawValue).\(isDate ? "date" : "dateTime")")
        }
    }

    /// What can be written with the offset of any zone, in seconds since 1970.
    ///
    /// It is a day less than the years 1 to 9999 at both ends: beyond, the clock of another zone
    /// would have to be cut off.
    static let reach: ClosedRange<Int64> = -62_135_510_400...253_402_214_400

    private static func instant(
        _ text: String, zoneName: String?, role: Role
    ) throws(GoogleFailure) -> EventMoment {
        if let time = OffsetTime(rfc3339: text) {
            return .dateTime(utcSeconds: time.utcSeconds, zone: zoneName)
        }
        guard let wall = WallTime(dateTime: text) else {
            throw .invalid("Invalid value for: \(role.rawValue).dateTime")
        }
        guard let zoneName, let rules = Zones.rules(zoneName) else {
            throw .required("Missing time zone definition for \(role.rawValue) time.")
        }
        return .dateTime(utcSeconds: rules.utcSeconds(of: wall), zone: zoneName)
    }

    var isDate: Bool {
        if case .date = self { true } else { false }
    }

    /// The instant; a date begins at midnight of `zone`.
    func utcSeconds(in zone: ZoneRules) -> Int64 {
        switch self {
        case .date(let wall): zone.utcSeconds(of: wall)
        case .dateTime(let seconds, _): seconds
        }
    }

    /// The wire form with the offset that `zone` has at that moment.
    func json(in zone: ZoneRules) -> JSON {
        switch self {
        case .date(let wall):
            return .object(["date": .string(wall.dateText)])
        case .dateTime(let seconds, let name):
            let offset = zone.offsetSeconds(atUTCSeconds: seconds)
            var document: JSONObject = [
                "dateTime": .string(Self.text(seconds, offset: offset))
            ]
            if let name { document["timeZone"] = .string(name) }
            return .object(document)
        }
    }

    /// RFC 3339 with an offset, `Z` where there is none to add or where the clock at that offset
    /// shows a year that cannot be written.
    static func text(_ seconds: Int64, offset: Int) -> String {
        let time = OffsetTime(utcSeconds: seconds, offsetSeconds: offset)
        guard time.utcSeconds == seconds else {
            return OffsetTime(utcSeconds: seconds, offsetSeconds: 0).rfc3339
        }
        return time.rfc3339
    }
}
