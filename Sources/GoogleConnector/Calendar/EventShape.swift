import LosslessJSON
import TandemFormats

/// Finds out whether an event from the wire can be used.
///
/// Refused is what cannot be told apart from others or be placed in time, and what is of another
/// type than Google's reference says, since nothing true could be shown or merged of it. Members and
/// words that nobody here knows are no fault: they are kept as they came.
///
/// - SeeAlso: Google Calendar API v3 reference, "Events", the types of the members.
struct EventShape {
    /// Bytes of the longest id.
    ///
    /// - SeeAlso: Google Calendar API reference, "Events", `id`.
    private static let idBytes = 1024

    private let event: JSONNode

    init(_ event: JSONNode) { self.event = event }

    /// Why the item has no name that could be kept, as a sentence; `nil` where it has one.
    ///
    /// Holds for every kind: names are parts of addresses, and shown to people.
    static func faultOfName(of item: JSONNode) -> String? {
        guard item.kind == .object else { return "The item is not an object, so it has no name." }
        guard let id = item["id"], !id.isNull, id.string != "" else {
            return "The item has no id, so it has no name."
        }
        guard let name = id.string else { return "The item's 'id' is not a text." }
        guard name.utf8.count <= idBytes else {
            return "The item's 'id' is longer than \(idBytes) bytes."
        }
        guard name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            return "The item's 'id' has control characters in it."
        }
        return nil
    }

    /// Why an event that has a name cannot be used, as a sentence; `nil` where it can.
    var fault: String? {
        let isCancelled = event["status"]?.string == "cancelled"
        // Of a deleted event Google promises nothing but the id.
        if isCancelled, event["recurringEventId"]?.string == nil { return nil }
        if let fault = Self.object(event, Self.shapes, "") { return fault }
        let identity = EventIdentity(event)
        if identity.isException, identity.slot == nil {
            return "It does not say which instance of its series it is."
        }
        return isCancelled ? nil : faultOfTimes
    }

    private var faultOfTimes: String? {
        guard let start = event["start"].flatMap({ EventTime($0) }) else {
            return "Its 'start' is not a time that can be read."
        }
        guard let end = event["end"].flatMap({ EventTime($0) }) else {
            return "Its 'end' is not a time that can be read."
        }
        guard start.isAllDay == end.isAllDay else {
            return "Of its 'start' and 'end' one is a day and the other a time."
        }
        return start.utcSeconds <= end.utcSeconds ? nil : "It ends before it starts."
    }

    // MARK: - Types

    private indirect enum Shape: Sendable {
        case text, flag, number, texts
        case object([String: Shape])
        case list(Shape)
    }

    private static let shapes: [String: Shape] = {
        var shapes: [String: Shape] = [:]
        for name in [
            "etag", "status", "summary", "description", "location", "colorId", "iCalUID",
            "visibility", "transparency", "eventType", "recurringEventId", "created", "updated",
        ] { shapes[name] = .text }
        for name in [
            "guestsCanInviteOthers", "guestsCanModify", "guestsCanSeeOtherGuests",
            "anyoneCanAddSelf", "endTimeUnspecified", "privateCopy", "locked", "attendeesOmitted",
        ] { shapes[name] = .flag }
        for name in [
            "conferenceData", "source", "gadget", "workingLocationProperties",
            "focusTimeProperties", "outOfOfficeProperties", "birthdayProperties",
        ] { shapes[name] = .object([:]) }
        for name in ["start", "end", "originalStartTime"] { shapes[name] = time }
        for name in ["organizer", "creator"] { shapes[name] = .object(person) }
        shapes["sequence"] = .number
        shapes["recurrence"] = .list(.text)
        shapes["attendees"] = .list(.object(guest))
        shapes["attachments"] = .list(
            .object(["fileUrl": .text, "title": .text, "mimeType": .text, "fileId": .text]))
        shapes["reminders"] = .object([
            "useDefault": .flag,
            "overrides": .list(.object(["method": .text, "minutes": .number])),
        ])
        shapes["extendedProperties"] = .object(["private": .texts, "shared": .texts])
        return shapes
    }()

    private static let time = Shape.object(["date": .text, "dateTime": .text, "timeZone": .text])

    private static let person: [String: Shape] = [
        "email": .text, "displayName": .text, "id": .text, "self": .flag,
    ]

    private static let guest = person.merging([
        "responseStatus": .text, "comment": .text, "organizer": .flag, "optional": .flag,
        "resource": .flag, "additionalGuests": .number,
    ]) { first, _ in first }

    /// What of a value is of another type; `null` says as little as leaving it out.
    private static func fault(of node: JSONNode, _ shape: Shape, _ path: String) -> String? {
        switch (shape, node.kind) {
        case (_, .null), (.text, .string), (.flag, .bool), (.number, .number): return nil
        case (.text, _): return "Its '\(path)' is not a text."
        case (.flag, _): return "Its '\(path)' is not true or false."
        case (.number, _): return "Its '\(path)' is not a number."
        case (.object(let shapes), .object): return object(node, shapes, path + ".")
        case (.texts, .object):
            // Their names are people's own words, which have no place in a reason.
            let isOdd = node.members.contains { ![.string, .null].contains($0.value.kind) }
            return isOdd ? "Its '\(path)' has a value that is not a text." : nil
        case (.object, _), (.texts, _): return "Its '\(path)' is not an object."
        case (.list(let element), .array):
            for node in node.elements {
                guard !node.isNull else { return "Its '\(path)' has gaps." }
                if let fault = fault(of: node, element, path + "[]") { return fault }
            }
            return nil
        case (.list, _): return "Its '\(path)' is not a list."
        }
    }

    private static func object(
        _ node: JSONNode, _ shapes: [String: Shape], _ path: String
    ) -> String? {
        guard !shapes.isEmpty else { return nil }
        for (key, value) in node.members {
            if let shape = shapes[key], let fault = fault(of: value, shape, path + key) {
                return fault
            }
        }
        return nil
    }
}
