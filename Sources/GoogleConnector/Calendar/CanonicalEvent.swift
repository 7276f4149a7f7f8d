import LosslessJSON
import TandemFormats

/// Brings an event into the form in which equal contents look equal.
enum CanonicalEvent {
    static func form(of event: JSON) -> JSON {
        guard let object = event.object else { return event }
        // Of an instance taken out of its series Google keeps its name only, or the rest as well.
        if object["status"] == "cancelled", EventIdentity(event).isException {
            return ["status": "cancelled"]
        }
        var members: [(String, JSON)] = []
        members.reserveCapacity(object.count)
        for member in object where !EventRules.serverOwnedMembers.contains(member.key) {
            if let value = value(of: member.key, member.value, in: object) {
                members.append((member.key, value))
            }
        }
        return .object(JSONObject(members))
    }

    /// The canonical value of a member; `nil` where it says no more than leaving it out.
    private static func value(of name: String, _ value: JSON, in event: JSONObject) -> JSON? {
        switch name {
        case "start", "end":
            return time(value)
        case "attendees":
            return attendees(value)
        case "recurrence":
            return RecurrenceLines.canonical(value)
        case "reminders":
            return reminders(value)
        case "extendedProperties":
            return extendedProperties(value)
        case "attachments":
            return attachments(value)
        case "iCalUID":
            return isDerivedUID(value, in: event) || value.isBlank ? nil : value
        case "summary", "description", "location", "colorId", "source", "gadget",
            "conferenceData", "eventLabelId", "workingLocationProperties", "focusTimeProperties",
            "outOfOfficeProperties", "birthdayProperties":
            return value.isBlank ? nil : value
        default:
            return value.isNull || value == defaults[name] ? nil : value
        }
    }

    /// What Google assumes where a member is left out, and leaves out of its answers.
    ///
    /// - SeeAlso: Google Calendar API reference, "Events", the defaults of each member.
    private static let defaults: [String: JSON] = [
        "status": "confirmed", "transparency": "opaque", "visibility": "default",
        "eventType": "default", "guestsCanInviteOthers": true, "guestsCanModify": false,
        "guestsCanSeeOtherGuests": true, "anyoneCanAddSelf": false, "endTimeUnspecified": false,
        "privateCopy": false, "attendeesOmitted": false,
    ]

    /// Whether the UID is the one that Google makes from the id, of an exception from its series'.
    private static func isDerivedUID(_ uid: JSON, in event: JSONObject) -> Bool {
        guard let uid = uid.string else { return false }
        let names = ["id", "recurringEventId"].compactMap { event[$0]?.string }
        return names.contains { id in
            [id, EventName.stem(ofSeries: id), EventName.instanceParts(of: id)?.stem]
                .contains { $0.map { $0 + "@google.com" } == uid }
        }
    }

    // MARK: - Times

    private static func time(_ value: JSON) -> JSON? {
        guard var object = value.withoutNulls.object else { return value.isNull ? nil : value }
        switch EventTime(JSON.object(object)) {
        case .date(let day):
            object["date"] = .string(day.dateText)
            // A zone says nothing about a whole day, and Google drops it.
            object["timeZone"] = nil
        case .instant(let seconds, _):
            object["dateTime"] = .string(UTCText.text(of: seconds))
        case nil:
            if object["timeZone"]?.isBlank == true { object["timeZone"] = nil }
        }
        return object.isEmpty ? nil : JSON.object(object)
    }

    // MARK: - Lists

    /// Guests by address, in lower case, without what Google alone writes about them.
    private static func attendees(_ value: JSON) -> JSON? {
        guard let list = value.array else { return value.isBlank ? nil : value }
        return sorted(list.map(attendee)) { $0["email"]?.string ?? "" }
    }

    private static func attendee(_ value: JSON) -> JSON {
        guard let object = value.object else { return value }
        var members: [(String, JSON)] = []
        for member in object {
            switch (member.key, member.value) {
            case ("id", _), ("self", _), ("organizer", _): continue
            case ("email", .string(let email)):
                members.append(("email", .string(email.lowercased())))
            case ("responseStatus", "needsAction"), ("optional", false), ("resource", false),
                ("additionalGuests", 0), ("comment", ""), ("displayName", ""), (_, .null):
                continue
            default: members.append((member.key, member.value))
            }
        }
        return .object(JSONObject(members))
    }

    private static func attachments(_ value: JSON) -> JSON? {
        guard let list = value.array else { return value.isBlank ? nil : value }
        let cleaned = list.map { attachment -> JSON in
            var attachment = attachment.withoutNulls
            attachment["fileId"] = nil  // Read-only: Google finds it out from `fileUrl`.
            return attachment
        }
        return sorted(cleaned) { $0["fileUrl"]?.string ?? "" }
    }

    /// Sorted by `key`, then by text, so that no order of the input shines through.
    static func sorted(_ list: [JSON], by key: (JSON) -> String) -> JSON? {
        guard list.count > 1 else { return list.isEmpty ? nil : JSON.array(list) }
        let keys = list.map(key)
        let order = list.indices.sorted { left, right in
            guard keys[left] == keys[right] else {
                return keys[left].utf8.lexicographicallyPrecedes(keys[right].utf8)
            }
            return list[left].canonical().text.utf8
                .lexicographicallyPrecedes(list[right].canonical().text.utf8)
        }
        return .array(order.map { list[$0] })
    }

    // MARK: - Objects

    /// `useDefault` is what Google assumes; with overrides of one's own it cannot be true.
    private static func reminders(_ value: JSON) -> JSON? {
        guard var object = value.withoutNulls.object else { return value.isNull ? nil : value }
        let overrides = object["overrides"]?.array.map { list in
            sorted(list.map(\.withoutNulls)) { $0["method"]?.string ?? "" }
        }
        if let overrides { object["overrides"] = overrides }
        let isDefault = object["useDefault"]?.bool ?? (object["overrides"] == nil)
        let isPlain = isDefault == (object["overrides"] == nil)
        object["useDefault"] = isPlain ? nil : JSON.bool(isDefault)
        return object.isEmpty ? nil : JSON.object(object)
    }

    private static func extendedProperties(_ value: JSON) -> JSON? {
        guard var object = value.withoutNulls.object else { return value.isNull ? nil : value }
        for side in ["private", "shared"] {
            guard let properties = object[side]?.withoutNulls else { continue }
            object[side] = properties.isBlank ? nil : properties
        }
        return object.isEmpty ? nil : JSON.object(object)
    }
}
