import LosslessJSON

/// What a guest may change in the own copy of somebody else's event.
///
/// - SeeAlso: Google Calendar API guide, "Events and calendars", section on guests and organizers.
enum GuestRules {
    /// Lets only the own answer and what belongs to the copy pass.
    ///
    /// - Throws: 403 `forbiddenForNonOrganizer`.
    static func check(
        base: JSONObject, draft: JSONObject, changed: Set<String>
    ) throws(GoogleFailure) {
        if base["guestsCanModify"]?.bool == true { return }
        for name in changed.sorted() where !EventFields.ownToCopy.contains(name) {
            switch name {
            case "attendees":
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

    /// Puts the guests back whom a client left out, saying so with `attendeesOmitted`.
    ///
    /// Such a client sends the own entry alone. Whether a list is whole is the server's to say: in
    /// a copy that hides others the word is not the client's; what is sent of those who show there
    /// counts, and who is new is invited.
    static func restoreOmitted(base: JSONObject, draft: inout JSONObject) {
        let isOmitted = draft["attendeesOmitted"]?.bool == true
        draft["attendeesOmitted"] = base["attendeesOmitted"]
        guard isOmitted else { return }
        let hidesOthers = base["attendeesOmitted"]?.bool == true
        let sent = (draft["attendees"]?.array ?? []).filter {
            hidesOthers || $0["self"]?.bool == true
        }
        let news = Dictionary(sent.map { (address($0), $0) }) { first, _ in first }
        let before = base["attendees"]?.array ?? []
        var kept = before.map { news[address($0)] ?? $0 }
        if hidesOthers {
            let known = Set(before.map(address))
            kept += sent.filter { $0["self"]?.bool != true && !known.contains(address($0)) }
        }
        draft.setUnlessEmpty("attendees", kept)
    }

    private static func address(_ attendee: JSON) -> String {
        attendee["email"]?.string?.lowercased() ?? ""
    }

    /// Takes the other guests out of a copy whose guest may not see them.
    static func hideOthers(_ copy: inout JSONObject) {
        guard copy["guestsCanSeeOtherGuests"]?.bool == false,
            copy["guestsCanModify"]?.bool != true, let list = copy["attendees"]?.array
        else { return }
        let own = list.filter { $0["self"]?.bool == true }
        guard own.count < list.count else { return }
        copy.setUnlessEmpty("attendees", own)
        copy["attendeesOmitted"] = true
    }

    private static func checkAttendees(
        base: JSONObject, draft: JSONObject
    ) throws(GoogleFailure) {
        let before = others(base)
        let after = others(draft)
        guard before.allSatisfy({ after.contains($0) }) else { throw .notOrganizer }
        // Who does not come declines, or deletes the own copy.
        guard own(base) == nil || own(draft) != nil else { throw .notOrganizer }
        if after.count > before.count, base["guestsCanInviteOthers"]?.bool == false {
            throw .notOrganizer
        }
    }

    private static func own(_ document: JSONObject) -> JSON? {
        document["attendees"]?.array?.first { $0["self"]?.bool == true }
    }

    private static func others(_ document: JSONObject) -> [JSON] {
        (document["attendees"]?.array ?? []).filter { $0["self"]?.bool != true }
    }
}
