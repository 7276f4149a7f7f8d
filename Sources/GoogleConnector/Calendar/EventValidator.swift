import LosslessJSON
import TandemCore
import TandemFormats

/// Finds out before a push what Google would refuse.
///
/// - SeeAlso: Google Calendar API v3 reference, "Events: insert", and "Handle API errors".
struct EventValidator {
    /// Bytes of a whole event.
    static let maximumBytes = 1 << 20

    private let event: JSON
    private let identity: EventIdentity<JSON>

    init(event: JSON) {
        self.event = event
        identity = EventIdentity(event)
    }

    func check() throws(TandemError) {
        guard event.object != nil else { throw Self.refusal("An event must be a JSON object.") }
        guard event.serialized().count <= Self.maximumBytes else {
            throw Self.refusal("An event may have 1 MiB at most; shorten its description.")
        }
        try checkName()
        try checkStatus()
        if event["status"]?.string != "cancelled" {
            try checkTimes()
            try checkRecurrence()
        }
        try EventMemberValidator(event: event).check()
    }

    static func refusal(_ message: String, cause: (any Error)? = nil) -> TandemError {
        TandemError(.invalid, message, cause: cause)
    }

    // MARK: - Name and state

    /// Names that Google gave are taken as they are; they follow other rules than ours.
    private func checkName() throws(TandemError) {
        if identity.isException {
            guard let instance = identity.instanceID else {
                throw Self.refusal(
                    "An instance of a series must say in 'originalStartTime' which one it is.")
            }
            let id = event["id"]?.string
            guard id == nil || id == instance || event["etag"] != nil else {
                throw Self.refusal(
                    "The 'id' of an instance is that of its series, '_', and its original start.")
            }
            return
        }
        guard event["etag"] == nil, let id = event["id"], !id.isNull else { return }
        guard let id = id.string, EventName.isClientChoosable(id) else {
            throw Self.refusal(
                "An event's 'id' must have 5 to 1024 characters from a to v and 0 to 9; "
                    + "leave it out to have one made.")
        }
    }

    private func checkStatus() throws(TandemError) {
        switch event["status"] {
        case nil, .null, "confirmed", "tentative": return
        case "cancelled" where identity.isException: return
        case "cancelled":
            throw Self.refusal("An event is not cancelled by its 'status'; delete it instead.")
        default:
            throw Self.refusal("The 'status' must be confirmed, tentative or cancelled.")
        }
    }

    // MARK: - Times

    private func checkTimes() throws(TandemError) {
        let start = try time("start")
        let end = try time("end")
        guard start.isAllDay == end.isAllDay else {
            throw Self.refusal(
                "'start' and 'end' must both be days (date) or both be times (dateTime).")
        }
        if start.isAllDay, end.utcSeconds <= start.utcSeconds {
            throw Self.refusal(
                "The 'end' of an all-day event is the day after its last one, so it must lie "
                    + "behind its 'start'.")
        }
        guard start.utcSeconds <= end.utcSeconds else {
            throw Self.refusal("The 'end' lies before the 'start'.")
        }
    }

    private func time(_ name: String) throws(TandemError) -> EventTime {
        guard let value = event[name], !value.isNull else {
            throw Self.refusal("An event needs a '\(name)'.")
        }
        if let zone = value["timeZone"], !zone.isNull {
            guard let zone = zone.string, EventTime.rules(of: zone) != nil else {
                throw Self.refusal(
                    "The 'timeZone' of '\(name)' is not known; use a name of the IANA database "
                        + "such as Europe/Paris.")
            }
        }
        guard let time = EventTime(value) else {
            throw Self.refusal(
                "'\(name)' must have either a 'date' such as 2026-11-09, or a 'dateTime' such as "
                    + "2026-11-09T10:00:00+01:00, whose offset may be missing if 'timeZone' is "
                    + "given.")
        }
        return time
    }

    // MARK: - Recurrence

    private func checkRecurrence() throws(TandemError) {
        guard let value = event["recurrence"], !value.isBlank else { return }
        guard !identity.isException else {
            throw Self.refusal(
                "An instance of a series cannot repeat; change its series, or make a new event.")
        }
        let lines = SeriesReading.lines(of: event)
        guard let list = value.array, list.count == lines.count else {
            throw Self.refusal("'recurrence' must be a list of texts such as RRULE:FREQ=WEEKLY.")
        }
        guard let start = event["start"].flatMap({ EventTime($0) })?.seriesStart else {
            throw Self.refusal("A series needs a 'timeZone' in its 'start'.")
        }
        do throws(FormatError) {
            _ = try Recurrence(lines: lines, start: start)
        } catch {
            throw Self.refusal("'recurrence' cannot be read: \(error.message)", cause: error)
        }
    }
}
