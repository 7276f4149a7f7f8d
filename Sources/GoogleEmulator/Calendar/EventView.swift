import LosslessJSON
import TandemFormats

/// How one caller sees the events of one calendar.
struct EventView {
    let calendar: CalendarRecord
    let role: AccessRole
    /// The zone that the caller asked for, if it is another than the calendar's.
    let zone: ZoneRules?
    /// More guests than this are left out.
    let maxAttendees: Int?
    /// The address of who looks.
    let caller: String
    /// Whether the caller wants whole resources and not the parts that `fields` names.
    private let isWhole: Bool

    /// The methods that answer in a zone of the caller's choice.
    private static let zoned: Set<String> = [
        "events.get", "events.list", "events.instances", "events.watch",
    ]

    /// - Throws: 400 for a zone that nobody knows or a bad number.
    init(_ call: APICall, _ access: APICall.Access) throws(GoogleFailure) {
        calendar = access.calendar
        role = access.role
        caller = call.account.email
        isWhole = call.query.nonEmpty("fields") == nil
        if Self.zoned.contains(call.route.id), let name = call.query.nonEmpty("timeZone") {
            guard let rules = Zones.rules(name) else {
                throw .invalidParameter("timeZone", "Invalid time zone: '\(name)'.")
            }
            zone = name == access.calendar.timeZone ? nil : rules
        } else {
            zone = nil
        }
        maxAttendees =
            call.query.nonEmpty("maxAttendees") == nil
            ? nil : try call.query.count("maxAttendees", default: 1, max: .max)
    }

    /// Whether stored bytes may be sent as they are.
    func isPlain(_ record: EventRecord) -> Bool {
        if zone != nil { return false }
        if maxAttendees != nil, record.document["attendees"] != nil { return false }
        return showsDetails(record.document)
            && !(record.hasSource && hidesSource(record.document))
    }

    /// The answer to a single event.
    func reply(_ target: EventTarget) -> Reply {
        if isWhole, case .stored(let record) = target, isPlain(record) {
            return Reply(content: .compact(record.bytes), etag: record.etag)
        }
        return .json(document(target.document(in: calendar)))
    }

    /// The etag, with its quotes, of what the caller sees of an event.
    func etag(of target: EventTarget) -> String {
        showsDetails(target.document(in: calendar)) ? target.etag : Self.busyEtag(target.etag)
    }

    /// Who sees less of an event, or sees more of it later, must not take it for the same.
    private static func busyEtag(_ etag: String) -> String { "\(etag.dropLast())-busy\"" }

    /// A complete resource as the caller may see it.
    func document(_ full: JSONObject) -> JSONObject {
        var document = hidesDetails(full) ? Self.busyOnly(full) : full
        if hidesSource(document) { document.removeValue(forKey: "source") }
        if let zone { Self.move(&document, to: zone) }
        if let maxAttendees { Self.limit(&document, to: maxAttendees) }
        return document
    }

    /// The source of an event is its creator's alone to see.
    private func hidesSource(_ document: JSONObject) -> Bool {
        document["source"] != nil && document["creator"]?["email"]?.string?.lowercased() != caller
    }

    /// Whether the caller may see more of an event than that somebody is busy.
    func showsDetails(_ document: JSONObject) -> Bool { !hidesDetails(document) }

    private func hidesDetails(_ document: JSONObject) -> Bool {
        switch role {
        case .owner, .writer: return false
        case .none, .freeBusyReader: return true
        case .reader, .writerWithoutPrivateAccess:
            let visibility = document["visibility"]?.string
            return visibility == "private" || visibility == "confidential"
        }
    }

    private static let busyNames: Set<String> = [
        "kind", "etag", "id", "status", "created", "updated", "start", "end", "recurrence",
        "recurringEventId", "originalStartTime", "transparency", "iCalUID", "sequence",
        "eventType",
    ]

    /// What is left where details are hidden: that somebody is busy.
    private static func busyOnly(_ full: JSONObject) -> JSONObject {
        var members = full.members.filter { busyNames.contains($0.key) }.map { ($0.key, $0.value) }
        members.append(("visibility", "private"))
        var document = JSONObject(members)
        document["etag"] = document["etag"]?.string.map { .string(busyEtag($0)) }
        return EventFields.ordered(document)
    }

    /// Writes the times of a resource with the offsets of another zone.
    static func move(_ document: inout JSONObject, to zone: ZoneRules) {
        for name in ["start", "end", "originalStartTime"] {
            guard var part = document[name]?.object, let text = part["dateTime"]?.string,
                let time = OffsetTime(rfc3339: text)
            else { continue }
            let seconds = time.utcSeconds
            part["dateTime"] = .string(
                EventMoment.text(seconds, offset: zone.offsetSeconds(atUTCSeconds: seconds)))
            document[name] = .object(part)
        }
    }

    private static func limit(_ document: inout JSONObject, to count: Int) {
        guard let attendees = document["attendees"]?.array, attendees.count > count else { return }
        let own = attendees.filter { $0["self"]?.bool == true }
        document.setUnlessEmpty("attendees", own)
        document["attendeesOmitted"] = true
        document = EventFields.ordered(document)
    }
}
