import LosslessJSON

/// What the special types of events ask for.
///
/// - SeeAlso: Google Calendar API guide, "Event types"; API reference, "Events".
enum EventTypeChecks {
    /// The member that holds the properties of a type.
    private static let members = [
        ("birthday", "birthdayProperties"), ("focusTime", "focusTimeProperties"),
        ("outOfOffice", "outOfOfficeProperties"), ("workingLocation", "workingLocationProperties"),
    ]

    private static let words: [(member: String, name: String, allowed: [String])] = [
        ("birthdayProperties", "type", ["anniversary", "birthday", "custom", "other", "self"]),
        ("focusTimeProperties", "autoDeclineMode", declineModes),
        ("focusTimeProperties", "chatStatus", ["available", "doNotDisturb"]),
        ("outOfOfficeProperties", "autoDeclineMode", declineModes),
        (
            "workingLocationProperties", "type",
            ["homeOffice", "officeLocation", "customLocation"]
        ),
    ]

    private static let declineModes = [
        "declineNone", "declineAllConflictingInvitations", "declineOnlyNewConflictingInvitations",
    ]

    /// - Throws: 400 for a value of another kind or another word than Google knows.
    static func check(_ fields: JSONObject) throws(GoogleFailure) {
        for (_, member) in members where fields[member] != nil {
            guard fields[member]?.object != nil else { throw .badRequest }
        }
        for (member, name, allowed) in words {
            guard let value = fields[member]?[name]?.nonNull else { continue }
            guard let word = value.string, allowed.contains(word) else {
                throw .invalid("Invalid value for: \(member).\(name)")
            }
        }
        let place = fields["workingLocationProperties"]
        if place == nil, fields["eventType"]?.string == "workingLocation" {
            throw .required("Missing working location properties.")
        }
        if let place, place["type"]?.nonNull == nil {
            throw .required("Missing working location type.")
        }
    }

    /// What tells others of a user's status stands on the user's own calendar.
    ///
    /// - Throws: 400 `invalid` for such an event on a secondary calendar.
    /// - SeeAlso: Google Calendar API guide, "Manage focus time, out of office, and working
    ///   location events".
    static func checkPlace(
        _ fields: JSONObject, on calendar: CalendarRecord
    ) throws(GoogleFailure) {
        guard let type = fields["eventType"]?.string, !calendar.isPrimary,
            ["focusTime", "outOfOffice", "workingLocation"].contains(type)
        else { return }
        throw .invalid("Events of type \(type) are for primary calendars only.")
    }

    /// Makes a plain event of a special one, as an import does.
    static func makePlain(_ fields: inout JSONObject) {
        fields["eventType"] = "default"
        for (_, member) in members { fields.removeValue(forKey: member) }
    }
}
