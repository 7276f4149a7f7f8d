import LosslessJSON

/// What a guest may change in the own copy of somebody else's event.
///
/// - SeeAlso: Google Calendar API guide, "Events and calendars", section on guests and organizers.
enum GuestRules {
    /// Lets only the own answer and what belongs to the copy pass.
    ///
    /// With `attendeesOmitted` the client may send the own entry alone; the others are put back.
    /// - Throws: 403 `forbiddenForNonOrganizer`.
    static func check(
        base: JSONObject, draft: inout JSONObject, changed: Set<String>
    ) throws(GoogleFailure) {
        if draft["attendeesOmitted"]?.bool == true { restoreOthers(base: base, draft: &draft) }
        if base["guestsCanModify"]?.bool == true { return }
        for name in changed.sorted() where !EventFields.ownToCopy.contains(name) {
            switch name {
            case "attendees", "attendeesOmitted":
                try checkAttendees(base: base, draft: draft)
            case "extendedProperties":
                let before = base["extendedProperties"]?["shared"]
                guard draft["extendedProperties"]?["shared"] == before else {
                    throw .notOrganizer
                }
            case "status" where draft["status"]?.string == "cancelled":
                continue
            default:
                throw .notOrganizer
            }
        }
    }

    private static func restoreOthers(base: JSONObject, draft: inout JSONObject) {
        draft.removeValue(forKey: "attendeesOmitted")
        let own = draft["attendees"]?.array?.first { $0["self"]?.bool == true }
        let kept = (base["attendees"]?.array ?? []).map { attendee in
            attendee["self"]?.bool == true ? own ?? attendee : attendee
        }
        draft.setUnlessEmpty("attendees", kept)
    }

    private static func checkAttendees(
        base: JSONObject, draft: JSONObject
    ) throws(GoogleFailure) {
        let before = others(base)
        let after = others(draft)
        guard before.allSatisfy({ after.contains($0) }) else { throw .notOrganizer }
        if after.count > before.count, base["guestsCanInviteOthers"]?.bool == false {
            throw .notOrganizer
        }
    }

    private static func others(_ document: JSONObject) -> [JSON] {
        (document["attendees"]?.array ?? []).filter { $0["self"]?.bool != true }
    }
}
