/// What Google asks of the lines of `recurrence` beyond what can be read of them.
///
/// - SeeAlso: Google Calendar API guide, "Recurring events"; RFC 5545 section 3.3.10.
enum RecurrenceCheck {
    /// - Parameters:
    ///   - line: One line of `recurrence`.
    ///   - isAllDay: Whether the series has dates for start and end.
    /// - Throws: 400 `invalid` for another kind of line, or for an UNTIL of another kind than the
    ///   start: a date for all-day series, a time in UTC for others.
    static func check(_ line: String, isAllDay: Bool) throws(GoogleFailure) {
        guard ["RRULE", "EXRULE", "RDATE", "EXDATE"].contains(name(of: line)) else {
            throw .invalid("Invalid recurrence rule.")
        }
        guard let until = part("UNTIL", of: line) else { return }
        let isTime = until.contains("T")
        guard isAllDay ? !isTime : isTime && until.hasSuffix("Z") else {
            throw .invalid("Invalid recurrence rule.")
        }
    }

    /// Whether a line is a rule without an end.
    static func isEndless(_ line: String) -> Bool {
        name(of: line) == "RRULE" && part("COUNT", of: line) == nil
            && part("UNTIL", of: line) == nil
    }

    private static func name(of line: String) -> String {
        line.prefix { $0 != ":" && $0 != ";" }.uppercased()
    }

    /// The value of a part of an RRULE or EXRULE; `nil` in other lines.
    private static func part(_ name: String, of line: String) -> String? {
        guard self.name(of: line).hasSuffix("RULE"), let colon = line.firstIndex(of: ":") else {
            return nil
        }
        for part in line[line.index(after: colon)...].uppercased().split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0].trimmed == name { return pair[1].trimmed }
        }
        return nil
    }
}

extension Substring {
    /// The text without blanks and line breaks around it.
    fileprivate var trimmed: String {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
