/// One value of an RDATE or EXDATE line.
struct RecurrenceDate: Equatable, Sendable {
    /// As written, for lines that are written anew.
    let text: String
    /// For a timed series the instant; for an all-day series midnight UTC of the date.
    let utcSeconds: Int64
    /// The date alone if a timed series got a value without a time: all of that day is meant.
    let wholeDay: WallTime?
}

extension RecurrenceLine {
    /// Reads the values of an RDATE or EXDATE line; of a period only its start.
    ///
    /// Values are dates, times in UTC, in the zone of `TZID`, or without either in the series'
    /// zone (RFC 5545, sections 3.8.5.1 and 3.8.5.2). A value of the other kind is accepted, as
    /// found in the wild: for an all-day series only the date as written counts; a date within a
    /// timed series stands for the whole day if excluded, for the usual time of day if added.
    /// - Throws: ``FormatError`` with code `rule`, `date` or `zone`.
    func dates(start: WallTime, zone: ZoneRules?) throws(FormatError) -> [RecurrenceDate] {
        let kind = parameter("VALUE")?.uppercased() ?? "DATE-TIME"
        guard ["DATE", "DATE-TIME", "PERIOD"].contains(kind) else {
            throw RecurrenceRule.bad("VALUE must be DATE, DATE-TIME or PERIOD.", head.prefix(80))
        }
        var ownZone = zone
        if let name = parameter("TZID"), zone != nil { ownZone = try ZoneRules.named(name) }
        var dates: [RecurrenceDate] = []
        for item in value.utf8.split(separator: UInt8(ascii: ",")) {
            let item = RecurrenceRule.trim(Substring(item))
            let first = item.prefix { $0 != "/" }
            guard let (wall, hasTime, isUTC) = WallTime.iCalendar(first) else {
                throw FormatError(
                    code: .date,
                    message: "A value of \(name.rawValue) must be a date (20261231) or a time "
                        + "(20261231T225959Z).",
                    excerpt: String(item.prefix(80)))
            }
            let text = String(item)
            guard let zone, let ownZone else {
                let midnight = Int64(wall.startOfDay.secondsAsUTC)
                dates.append(.init(text: text, utcSeconds: midnight, wholeDay: nil))
                continue
            }
            if !hasTime {
                let usual = wall.adding(seconds: start.secondOfDay) ?? wall
                let instant = zone.utcSeconds(of: usual)
                dates.append(.init(text: text, utcSeconds: instant, wholeDay: wall))
            } else {
                let instant = (isUTC ? ZoneRules.utc : ownZone).utcSeconds(of: wall)
                dates.append(.init(text: text, utcSeconds: instant, wholeDay: nil))
            }
        }
        return dates
    }
}
