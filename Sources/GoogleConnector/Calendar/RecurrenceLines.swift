import LosslessJSON
import TandemFormats

/// Brings recurrence lines into one spelling, so that only a change of the series is a change.
///
/// Nothing is judged here: a line that is none stays as it is.
enum RecurrenceLines {
    /// Lines in one order; of exclusions and additions one line for each date.
    static func canonical(_ value: JSON) -> JSON? {
        guard let list = value.array else { return value.isBlank ? nil : value }
        var lines: Set<String> = []
        var others: [JSON] = []
        for element in list {
            guard let line = element.string else {
                if !element.isNull { others.append(element) }
                continue
            }
            lines.formUnion(spelled(line))
        }
        let sorted = lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(JSON.string)
        let rest = CanonicalEvent.sorted(others) { _ in "" }?.array ?? []
        return sorted.isEmpty && rest.isEmpty ? nil : JSON.array(sorted + rest)
    }

    private static func spelled(_ line: String) -> [String] {
        let line = trimmed(line[...])
        guard !line.isEmpty else { return [] }
        let head = line.prefix { $0 != ":" }
        guard head.count < line.count else { return [String(line)] }
        let value = line[line.index(after: head.endIndex)...]
        let pieces = head.split(separator: ";", omittingEmptySubsequences: false)
        switch trimmed(pieces.first ?? "").uppercased() {
        case "RRULE": return ["RRULE:" + rule(value)]
        case "EXRULE": return ["EXRULE:" + rule(value)]
        case "RDATE": return dates(value, "RDATE", parameters: pieces.dropFirst())
        case "EXDATE": return dates(value, "EXDATE", parameters: pieces.dropFirst())
        default: return [String(line)]
        }
    }

    /// The parts of a rule in one order, without those that say what holds anyway.
    ///
    /// - SeeAlso: RFC 5545, section 3.3.10: `INTERVAL` is 1 and `WKST` is Monday by default.
    private static func rule(_ text: Substring) -> String {
        text.uppercased().split(separator: ";").map { part in
            let part = trimmed(part)
            let name = part.prefix { $0 != "=" }
            guard name.hasPrefix("BY"), part.contains(",") else { return String(part) }
            let values = part.dropFirst(name.count + 1).split(separator: ",")
            return name + "=" + Set(values).sorted().joined(separator: ",")
        }
        .filter { !["", "INTERVAL=1", "WKST=MO"].contains($0) }
        .sorted().joined(separator: ";")
    }

    /// One line for each date; times in a known zone are written in UTC.
    private static func dates(
        _ text: Substring, _ name: String, parameters: ArraySlice<Substring>
    ) -> [String] {
        var zone: String?
        var kept = ""
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1).map(String.init)
            switch (parts.first?.uppercased(), parts.last?.uppercased()) {
            case ("VALUE", "DATE"), ("VALUE", "DATE-TIME"): continue
            case ("TZID", _): zone = parts.last?.filter { $0 != "\"" }
            default: kept += ";" + parameter.uppercased()
            }
        }
        let rules = zone.flatMap(EventTime.rules)
        return text.uppercased().split(separator: ",").map { value in
            let value = String(trimmed(value))
            if let rules, let wall = wall(value) {
                let slot = RecurrenceSlot(utcSeconds: rules.utcSeconds(of: wall), zone: .utc)
                return name + kept + ":" + slot.idSuffix
            }
            // A date has no zone, and a time in UTC is in that one.
            let isZoned = value.utf8.count == 15 || kept.contains("PERIOD")
            let zoneText = isZoned ? zone.map { ";TZID=" + $0 } ?? "" : ""
            return name + kept + zoneText + ":" + value
        }
    }

    /// `20261109T100000`; `nil` for anything else, such as times in UTC and dates.
    private static func wall(_ text: String) -> WallTime? {
        let bytes = Array(text.utf8)
        guard bytes.count == 15 else { return nil }
        let pieces = [0..<4, 4..<6, 6..<8, 9..<11, 11..<13, 13..<15]
            .map { String(decoding: bytes[$0], as: UTF8.self) }
        guard bytes[8] == UInt8(ascii: "T") else { return nil }
        return WallTime(
            dateTime: pieces[0..<3].joined(separator: "-") + "T"
                + pieces[3...].joined(separator: ":"))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return start[...end]
    }
}
