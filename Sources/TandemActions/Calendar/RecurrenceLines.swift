import TandemCore
import TandemFormats

/// Moves the lines of a rule along with the start they hang on.
///
/// A series that begins an hour later also has its exclusions and its end an hour later; one that
/// moves from Monday to Tuesday has its weekdays turned with it.
/// - SeeAlso: RFC 5545, sections 3.3.10, 3.8.5.1 and 3.8.5.2.
struct RecurrenceLines {
    let start: EventTime
    let shift: WallShift

    /// The lines after the move.
    ///
    /// - Throws: ``TandemError`` with code `invalid` where the rule pins days that do not follow
    ///   from the start, so that only a person can say what is meant.
    func moved(_ lines: [String]) throws(TandemError) -> [String] {
        var moved: [String] = []
        for line in lines {
            let name = line.prefix { $0 != ":" && $0 != ";" }.uppercased()
            switch name {
            case "RRULE", "EXRULE": moved.append(try movedRule(line))
            case "RDATE", "EXDATE": moved.append(try movedDates(line))
            default: moved.append(line)
            }
        }
        return moved
    }

    private func movedRule(_ line: String) throws(TandemError) -> String {
        guard let colon = line.firstIndex(of: ":") else { return line }
        var parts: [String] = []
        let text = line[line.index(after: colon)...]
        let isWeekly = text.uppercased().contains("FREQ=WEEKLY")
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else {
                parts.append(String(part))
                continue
            }
            switch pair[0].uppercased() {
            case "UNTIL": parts.append("UNTIL=\(try movedDate(String(pair[1]), zone: nil))")
            case "BYDAY" where shift.days % 7 != 0:
                parts.append("BYDAY=\(try movedDays(pair[1], isWeekly: isWeekly))")
            case "BYMONTHDAY" where shift.days != 0, "BYMONTH" where shift.days != 0,
                "BYYEARDAY" where shift.days != 0, "BYWEEKNO" where shift.days != 0,
                "BYHOUR" where shift.seconds != 0, "BYMINUTE" where shift.seconds != 0,
                "BYSECOND" where shift.seconds != 0:
                throw Self.pinned(String(part))
            default: parts.append(String(part))
            }
        }
        return line[...colon] + parts.joined(separator: ";")
    }

    /// Weekdays of a weekly rule turn with the start.
    private func movedDays(_ list: Substring, isWeekly: Bool) throws(TandemError) -> String {
        let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        var moved: [String] = []
        for day in list.split(separator: ",") {
            guard isWeekly, let index = names.firstIndex(of: day.uppercased()) else {
                throw Self.pinned("BYDAY=\(list)")
            }
            moved.append(names[((index + shift.days) % 7 + 7) % 7])
        }
        return moved.joined(separator: ",")
    }

    /// The dates of an RDATE or EXDATE line; periods are moved by their start alone.
    private func movedDates(_ line: String) throws(TandemError) -> String {
        guard let colon = line.firstIndex(of: ":") else { return line }
        let parameters = line[..<colon].split(separator: ";").dropFirst()
        let zone = parameters.first { $0.uppercased().hasPrefix("TZID=") }
            .map { String($0.dropFirst("TZID=".count)).replacing("\"", with: "") }
        var moved: [String] = []
        for date in line[line.index(after: colon)...].split(separator: ",") {
            guard !date.contains("/") else { throw Self.pinned(line) }
            moved.append(try movedDate(String(date), zone: zone))
        }
        return line[...colon] + moved.joined(separator: ",")
    }

    /// One date or time of RFC 5545, moved on the series' wall clock.
    private func movedDate(_ text: String, zone: String?) throws(TandemError) -> String {
        guard let typed = CompactTime(text) else { throw Self.pinned(text) }
        let rules = typed.isUTC ? start.rules : zone.flatMap(EventTime.rules) ?? start.rules
        guard typed.hasTime else {
            guard let day = typed.wall.adding(days: shift.days) else { throw Self.pinned(text) }
            return CompactTime(wall: day, hasTime: false, isUTC: false).text
        }
        let shown =
            typed.isUTC
            ? rules.wall(atUTCSeconds: ZoneRules.utc.utcSeconds(of: typed.wall)) : typed.wall
        guard let wall = shown.adding(days: shift.days)?.adding(seconds: shift.seconds) else {
            throw Self.pinned(text)
        }
        guard typed.isUTC else {
            return CompactTime(wall: wall, hasTime: true, isUTC: false).text
        }
        let instant = ZoneRules.utc.wall(atUTCSeconds: rules.utcSeconds(of: wall))
        return CompactTime(wall: instant, hasTime: true, isUTC: true).text
    }

    private static func pinned(_ part: String) -> TandemError {
        TandemError(
            .invalid,
            "The rule says '\(part.shortened)', so moving the start does not say which days are "
                + "meant; give the new rule with --repeat, too.")
    }
}

/// A date or time as RFC 5545 writes it: `20261109`, `20261109T100000`, `20261109T090000Z`.
struct CompactTime: Hashable {
    var wall: WallTime
    var hasTime: Bool
    var isUTC: Bool

    init(wall: WallTime, hasTime: Bool, isUTC: Bool) {
        self.wall = wall
        self.hasTime = hasTime
        self.isUTC = isUTC
    }

    /// Reads one; `nil` for anything else.
    init?(_ text: String) {
        let bytes = Array(text.uppercased().utf8)
        isUTC = bytes.count == 16 && bytes[15] == UInt8(ascii: "Z")
        hasTime = bytes.count > 8
        guard bytes.count == 8 || bytes.count == 15 || isUTC else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].reduce(0 as Int?) { sum, byte in
                (0x30...0x39).contains(byte) ? sum.map { $0 * 10 + Int(byte - 0x30) } : nil
            }
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8) else {
            return nil
        }
        guard hasTime else {
            guard let wall = WallTime(year: year, month: month, day: day) else { return nil }
            self.wall = wall
            return
        }
        guard bytes[8] == UInt8(ascii: "T"), let hour = number(9..<11),
            let minute = number(11..<13), let second = number(13..<15),
            let wall = WallTime(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        self.wall = wall
    }

    /// The text as RFC 5545 writes it.
    var text: String {
        let date = wall.dateText.replacing("-", with: "")
        guard hasTime else { return date }
        let time = wall.dateTimeText.suffix(8).replacing(":", with: "")
        return "\(date)T\(time)\(isUTC ? "Z" : "")"
    }
}
