extension RecurrenceRule {
    /// One `NAME=VALUE` as it was written.
    struct Part: Equatable, Sendable {
        /// Upper case.
        let name: String
        let value: String
    }

    /// Longest rule we read; every legal value once makes about 5 KiB.
    static let maximumTextBytes = 8_192

    /// Cuts a rule at its semicolons; empty pieces, as after a last semicolon, are dropped.
    ///
    /// - Throws: ``FormatError`` with code `rule` or `limit`.
    static func parts(of text: Substring) throws(FormatError) -> [Part] {
        guard text.utf8.count <= maximumTextBytes else {
            throw FormatError(
                code: .limit, message: "The rule is longer than \(maximumTextBytes) bytes.",
                excerpt: String(text.prefix(80)))
        }
        var parts: [Part] = []
        for piece in text.utf8.split(separator: UInt8(ascii: ";")).map(Substring.init) {
            let equals = piece.utf8.firstIndex(of: UInt8(ascii: "="))
            let name = trim(piece[..<(equals ?? piece.endIndex)]).uppercased()
            guard let equals, !parts.contains(where: { $0.name == name }) else {
                throw bad("A rule part must be NAME=VALUE, and each name may come once.", piece)
            }
            let value = trim(piece[equals...].dropFirst())
            parts.append(Part(name: name, value: String(value)))
        }
        return parts
    }

    /// - Throws: ``FormatError`` with code `rule`.
    init(parts: [Part]) throws(FormatError) {
        guard let name = parts.first(where: { $0.name == "FREQ" })?.value,
            let frequency = Frequency(rawValue: name.uppercased())
        else {
            throw Self.bad("A rule needs a FREQ from SECONDLY to YEARLY.", "")
        }
        self.frequency = frequency
        for part in parts where part.name != "FREQ" {
            try read(part)
        }
        try check()
    }

    private mutating func read(_ part: Part) throws(FormatError) {
        switch part.name {
        case "INTERVAL": interval = try Self.integer(part, 1...Self.maximumInteger)
        case "COUNT": count = try Self.integer(part, 1...Self.maximumInteger)
        case "UNTIL": until = try Self.until(part)
        case "WKST": weekStart = try Self.weekday(part.value[...], part).day
        case "BYSECOND":
            seconds = try Self.list(part, 0...60, isSigned: false).map { min($0, 59) }
        case "BYMINUTE": minutes = try Self.list(part, 0...59, isSigned: false)
        case "BYHOUR": hours = try Self.list(part, 0...23, isSigned: false)
        case "BYDAY": weekdays = try Self.weekdays(part)
        case "BYMONTHDAY": monthDays = try Self.list(part, 1...31, isSigned: true)
        case "BYYEARDAY": yearDays = try Self.list(part, 1...366, isSigned: true)
        case "BYWEEKNO": weekNumbers = try Self.list(part, 1...53, isSigned: true)
        case "BYMONTH": months = try Self.list(part, 1...12, isSigned: false)
        case "BYSETPOS": positions = try Self.list(part, 1...366, isSigned: true)
        // RFC 7529: these values ask for what RFC 5545 does anyway.
        case "RSCALE" where part.value.uppercased() == "GREGORIAN": break
        case "SKIP" where part.value.uppercased() == "OMIT": break
        default: throw Self.bad("This rule part or its value is not known.", part)
        }
        seconds = Self.unique(seconds)
    }

    /// What RFC 5545, section 3.3.10, forbids with "MUST NOT".
    private func check() throws(FormatError) {
        if count != nil, until != nil {
            throw Self.bad("A rule may have COUNT or UNTIL, not both.", "COUNT")
        }
        if !weekNumbers.isEmpty, frequency != .yearly {
            throw Self.bad("BYWEEKNO goes with FREQ=YEARLY only.", "BYWEEKNO")
        }
        if !yearDays.isEmpty, [.daily, .weekly, .monthly].contains(frequency) {
            throw Self.bad("BYYEARDAY does not go with FREQ=\(frequency.rawValue).", "BYYEARDAY")
        }
        if !monthDays.isEmpty, frequency == .weekly {
            throw Self.bad("BYMONTHDAY does not go with FREQ=WEEKLY.", "BYMONTHDAY")
        }
        if weekdays.contains(where: { $0.ordinal != 0 }),
            frequency < .monthly || !weekNumbers.isEmpty
        {
            throw Self.bad(
                "BYDAY takes numbers with FREQ=MONTHLY, and with YEARLY without BYWEEKNO, only.",
                "BYDAY")
        }
        let others = [seconds, minutes, hours, monthDays, yearDays, weekNumbers, months]
        if !positions.isEmpty, weekdays.isEmpty, others.allSatisfy(\.isEmpty) {
            throw Self.bad("BYSETPOS needs another BY part beside it.", "BYSETPOS")
        }
    }

    // MARK: - Values

    /// Without blanks and tabs at both ends.
    static func trim(_ text: Substring) -> Substring {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return text.suffix(0) }
        return text[first...last]
    }

    static func unique<Value: Comparable>(_ values: [Value]) -> [Value] {
        var result: [Value] = []
        for value in values.sorted() where result.last != value { result.append(value) }
        return result
    }

    static func bad(_ message: String, _ part: Part) -> FormatError {
        FormatError(code: .rule, message: message, excerpt: part.name + "=" + part.value)
    }

    static func bad(_ message: String, _ excerpt: some StringProtocol) -> FormatError {
        FormatError(
            code: .rule, message: message, excerpt: excerpt.isEmpty ? nil : String(excerpt))
    }

    /// Digits with at most one sign; at most 10 of them, so nothing overflows.
    private static func number(_ text: Substring, allowsSign: Bool) -> Int? {
        let hasSign = allowsSign && (text.first == "-" || text.first == "+")
        let digits = hasSign ? text.dropFirst() : text
        guard (1...10).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(digits)
        else { return nil }
        return text.first == "-" ? -value : value
    }

    private static func integer(_ part: Part, _ range: ClosedRange<Int>) throws(FormatError) -> Int
    {
        guard let value = number(part.value[...], allowsSign: false), range.contains(value) else {
            throw bad("The number must be from \(range.lowerBound) to \(range.upperBound).", part)
        }
        return value
    }

    private static func list(
        _ part: Part, _ range: ClosedRange<Int>, isSigned: Bool
    ) throws(FormatError) -> [Int] {
        var values: [Int] = []
        for item in part.value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = number(trim(item), allowsSign: isSigned),
                range.contains(abs(value))
            else {
                throw bad(
                    "Each number must be from \(range.lowerBound) to \(range.upperBound)"
                        + (isSigned ? ", or its negative." : "."), part)
            }
            values.append(value)
        }
        return unique(values)
    }

    private static func weekday(
        _ text: Substring, _ part: Part
    ) throws(FormatError) -> Weekday {
        let name = text.suffix(2)
        // Some write a blank between number and day.
        let prefix = trim(text.dropLast(name.count))
        guard let index = weekdayNames.firstIndex(of: name.uppercased()) else {
            throw bad("A weekday is one of \(weekdayNames.joined(separator: ", ")).", part)
        }
        guard !prefix.isEmpty else { return Weekday(day: index + 1, ordinal: 0) }
        guard part.name == "BYDAY", let ordinal = number(prefix, allowsSign: true),
            (1...53).contains(abs(ordinal))
        else { throw bad("The number of a weekday is from 1 to 53, or negative.", part) }
        return Weekday(day: index + 1, ordinal: ordinal)
    }

    private static func weekdays(_ part: Part) throws(FormatError) -> [Weekday] {
        var values: Set<Weekday> = []
        for item in part.value.split(separator: ",", omittingEmptySubsequences: false) {
            values.insert(try weekday(trim(item), part))
        }
        return values.sorted { ($0.day, $0.ordinal) < ($1.day, $1.ordinal) }
    }

    private static func until(_ part: Part) throws(FormatError) -> Until {
        guard let (wall, hasTime, isUTC) = WallTime.iCalendar(part.value) else {
            throw bad("UNTIL must be a date (20261231) or a time (20261231T225959Z).", part)
        }
        return Until(wall: wall, hasTime: hasTime, isUTC: isUTC)
    }
}
