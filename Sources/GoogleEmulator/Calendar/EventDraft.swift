import LosslessJSON
import TandemFormats

/// What a client wants an event to be, checked and in the form in which Google answers it.
struct EventDraft {
    /// The writable members, defaults left out; start and end in the calendar's zone.
    var fields: JSONObject
    var start: EventMoment
    var end: EventMoment
    var series: EventSeries?

    /// What the server itself has put together.
    init(fields: JSONObject, start: EventMoment, end: EventMoment, series: EventSeries?) {
        self.fields = fields
        self.start = start
        self.end = end
        self.series = series
    }

    /// A stored event, with other members if given, at the times that it has.
    init(_ record: EventRecord, fields: JSONObject? = nil) {
        self.init(
            fields: fields ?? record.document, start: record.start, end: record.end,
            series: record.series)
    }

    /// Checks everything that does not depend on other events.
    ///
    /// - Parameters:
    ///   - raw: The writable members; `null` and absent are the same.
    ///   - zone: The zone of the calendar.
    /// - Throws: 400 in Google's words.
    init(_ raw: JSONObject, zone: ZoneRules) throws(GoogleFailure) {
        var fields = JSONObject()
        for member in raw where !member.value.isNull { fields[member.key] = member.value }
        guard let endJSON = fields["end"] else { throw .required("Missing end time.") }
        guard let startJSON = fields["start"] else { throw .required("Missing start time.") }
        let start = try EventMoment(startJSON, role: .start)
        let end = try EventMoment(endJSON, role: .end)
        try Self.checkOrder(start, end)
        series = try Self.series(&fields, start: start, end: end)
        fields["start"] = start.json(in: zone)
        fields["end"] = end.json(in: zone)
        self.start = start
        self.end = end
        try EventChecks.words(&fields)
        try EventChecks.flags(&fields)
        try EventChecks.reminders(&fields)
        try EventChecks.extendedProperties(&fields)
        try EventChecks.attachments(fields)
        try EventChecks.source(fields)
        try EventTypeChecks.check(fields)
        try EventChecks.attendees(&fields)
        self.fields = fields
    }

    private static func checkOrder(
        _ start: EventMoment, _ end: EventMoment
    ) throws(GoogleFailure) {
        let isOrdered: Bool
        switch (start, end) {
        case (.date(let first), .date(let last)): isOrdered = first < last
        case (.dateTime(let first, _), .dateTime(let last, _)): isOrdered = first <= last
        default:
            throw .invalid("Start and end times must either both be date or both be dateTime.")
        }
        guard isOrdered else {
            throw GoogleFailure(
                400, "calendar", "timeRangeEmpty", "The specified time range is empty.")
        }
    }

    private static func series(
        _ fields: inout JSONObject, start: EventMoment, end: EventMoment
    ) throws(GoogleFailure) -> EventSeries? {
        guard let recurrence = fields["recurrence"] else { return nil }
        guard let array = recurrence.array else { throw .invalid("Invalid recurrence rule.") }
        let lines = array.compactMap(\.string)
        guard lines.count == array.count, lines.count <= 200 else {
            throw .invalid("Invalid recurrence rule.")
        }
        guard !lines.isEmpty else {
            fields.removeValue(forKey: "recurrence")
            return nil
        }
        for line in lines { try RecurrenceCheck.check(line, isAllDay: start.isDate) }
        return try EventSeries(lines: lines, from: start, to: end)
    }
}
