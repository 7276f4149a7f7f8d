import LosslessJSON
import TandemCore
import TandemFormats

/// A series as its JSON describes it, read once.
struct SeriesModel {
    /// The series' resource.
    let json: JSON
    /// The provider's id of the series.
    let remoteID: String
    /// When its first instance happens.
    let span: EventSpan
    /// The rule and its exclusions.
    let recurrence: Recurrence

    /// Reads a series.
    ///
    /// - Throws: ``TandemError`` with code `invalid` where a time or a rule cannot be read.
    init(_ json: JSON, remoteID: String, fallbackZone: String) throws(TandemError) {
        guard let span = EventSpan(of: json, fallbackZone: fallbackZone) else {
            throw TandemError(.invalid, "The series has no start that can be read.")
        }
        self.json = json
        self.remoteID = remoteID
        self.span = span
        do {
            recurrence = try Recurrence(
                lines: Self.lines(of: json), start: span.start.seriesStart)
        } catch {
            throw TandemError(
                .invalid, "The series' rule cannot be read: \(error.message)", cause: error)
        }
    }

    /// The recurrence lines of an event; empty for one that does not recur.
    static func lines(of event: JSON) -> [String] {
        (event["recurrence"]?.array ?? []).compactMap(\.string)
    }

    /// What one series may cost an agenda: 10,000 starts and 50,000 steps.
    static let limits = RecurrenceLimits(maxSteps: 50_000)

    /// Starts that may overlap a window, seen from anywhere on Earth.
    ///
    /// - Parameter window: Seconds since 1970 UTC.
    /// - Returns: The starts, ascending, and whether the rule asked for more than ``limits`` allow.
    func slots(overlapping window: Range<Int64>) -> RecurrenceExpansion {
        let length: Int64 =
            switch span.length {
            case .days(let days): Int64(days) * 86_400
            case .seconds(let seconds): seconds
            }
        let earliest = window.lowerBound.subtractingReportingOverflow(length + 1)
        let from = earliest.overflow ? window.lowerBound : earliest.partialValue
        return recurrence.slots(in: from..<window.upperBound, limits: Self.limits)
    }

    /// Whether the series still has the slot.
    func has(_ slot: RecurrenceSlot) throws(TandemError) -> Bool {
        do { return try recurrence.hasSlot(slot) } catch {
            throw TandemError(
                .invalid, "The series cannot be expanded: \(error.message)", cause: error)
        }
    }

    /// The slot an id's suffix names, such as `20261109T090000Z`; `nil` where it is none.
    func slot(named suffix: String) -> RecurrenceSlot? {
        RecurrenceSlot(idSuffix: suffix, start: span.start.seriesStart)
    }

    /// The zone its times are kept in.
    var zoneName: String {
        if case .moment(_, let zone) = span.start { zone } else { "UTC" }
    }

    /// The slot that begins at a time.
    func slot(startingAt time: EventTime) -> RecurrenceSlot? {
        switch (span.start, time) {
        case (.day, .day(let day)): RecurrenceSlot(date: day)
        case (.moment, .moment(let seconds, _)):
            RecurrenceSlot(utcSeconds: seconds, zone: span.start.rules)
        case (.day, .moment), (.moment, .day): nil
        }
    }

    /// When the instance of a slot happens, as long as nothing changed it.
    func span(of slot: RecurrenceSlot) -> EventSpan { span.moved(to: start(of: slot)) }

    /// The unchanged start of a slot.
    func start(of slot: RecurrenceSlot) -> EventTime {
        switch span.start {
        case .day: .day(slot.wall.startOfDay)
        case .moment(_, let zone): .moment(utcSeconds: slot.utcSeconds, zone: zone)
        }
    }

    /// The instance of a slot as Google would list it: all that the series says, with its own
    /// times, `recurringEventId` and `originalStartTime`, without the rule.
    ///
    /// - SeeAlso: Google Calendar API v3, "Recurring events", section "Instances & exceptions".
    /// - Throws: ``TandemError`` with code `unknownKind` without rules for events.
    func instance(of slot: RecurrenceSlot, rules: Rulebook) throws(TandemError) -> JSON {
        var event = json
        let span = span(of: slot)
        event["recurrence"] = nil
        event["start"] = span.start.json
        event["end"] = span.end.json
        event["recurringEventId"] = .string(remoteID)
        event["originalStartTime"] = span.start.json
        // An instance's id follows from its series and slot, so chance is never asked.
        let id = try rules.rules(for: .event)
            .makeRemoteID(for: event, random: SeededRandom(seed: 0))
        event["id"] = .string(id?.rawValue ?? "\(remoteID)_\(slot.idSuffix)")
        return event
    }
}
