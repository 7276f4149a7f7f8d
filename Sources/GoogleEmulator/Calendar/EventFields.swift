import LosslessJSON

/// The members of an event: their order on the wire and who may write them.
///
/// - SeeAlso: Google Calendar API reference, "Events", resource representation.
enum EventFields {
    /// The order in which Google sends them; unknown ones follow.
    static let order = [
        "kind", "etag", "id", "status", "htmlLink", "created", "updated", "summary",
        "description", "location", "colorId", "eventLabelId", "creator", "organizer", "start",
        "end", "endTimeUnspecified", "recurrence", "recurringEventId", "originalStartTime",
        "transparency", "visibility", "iCalUID", "sequence", "attendees", "attendeesOmitted",
        "extendedProperties", "hangoutLink", "conferenceData", "gadget", "anyoneCanAddSelf",
        "guestsCanInviteOthers", "guestsCanModify", "guestsCanSeeOtherGuests", "privateCopy",
        "locked", "reminders", "source", "attachments", "birthdayProperties",
        "focusTimeProperties", "outOfOfficeProperties", "workingLocationProperties", "eventType",
    ]

    /// Members that only the server writes; what a client sends of them is ignored.
    static let readOnly: Set<String> = [
        "kind", "etag", "id", "htmlLink", "created", "updated", "creator", "organizer",
        "recurringEventId", "originalStartTime", "hangoutLink", "locked", "privateCopy",
        "iCalUID",
    ]

    /// Members that each calendar's copy has for itself; guests may change theirs.
    static let ownToCopy: Set<String> = [
        "reminders", "colorId", "eventLabelId", "transparency", "visibility",
    ]

    /// Members whose change makes a new revision for guests, counted by `sequence`.
    ///
    /// - SeeAlso: RFC 5546 section 2.1.4.
    static let significant = ["start", "end", "recurrence", "location"]

    private static let rank: [String: Int] = Dictionary(
        uniqueKeysWithValues: order.enumerated().map { ($1, $0) })

    /// The same members in Google's order.
    static func ordered(_ object: JSONObject) -> JSONObject {
        let ranked = object.members.enumerated().map { index, member in
            (rank[member.key] ?? order.count + index, member)
        }
        return JSONObject(ranked.sorted { $0.0 < $1.0 }.map { ($0.1.key, $0.1.value) })
    }
}
