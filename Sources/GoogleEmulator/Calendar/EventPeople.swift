import LosslessJSON

/// Creator, organizer and the marks `organizer` and `self`.
enum EventPeople {
    /// The organizer of an event made on that calendar.
    static func organizer(of calendar: CalendarRecord) -> JSONObject {
        if calendar.isPrimary { return ["email": .string(calendar.id), "self": true] }
        return [
            "email": .string(calendar.id), "displayName": .string(calendar.summary), "self": true,
        ]
    }

    /// The acting user as the creator of an event on that calendar.
    static func creator(_ account: Account, on calendar: CalendarRecord) -> JSONObject {
        var creator: JSONObject = ["email": .string(account.email)]
        if account.email == calendar.address { creator["self"] = true }
        return creator
    }

    /// A person with the mark `self` as that calendar sees it.
    static func seen(_ person: JSON?, from calendarID: String) -> JSON? {
        guard var document = person?.object else { return person }
        document.removeValue(forKey: "self")
        if document["email"]?.string?.lowercased() == calendarID { document["self"] = true }
        return .object(document)
    }

    /// The attendees with the marks `organizer` and `self` as that calendar sees them; the
    /// organizer among them has accepted.
    static func marked(
        _ attendees: [JSON], organizer: String, calendarID: String
    ) -> [JSON] {
        attendees.map { attendee in
            guard let given = attendee.object else { return attendee }
            let email = given["email"]?.string?.lowercased() ?? ""
            var document = JSONObject()
            for member in given where !["organizer", "self"].contains(member.key) {
                if member.key == "responseStatus" || member.key == "resource" {
                    mark(&document, email, organizer, calendarID)
                }
                document[member.key] = member.value
            }
            mark(&document, email, organizer, calendarID)
            if email == organizer, document["responseStatus"]?.string == "needsAction" {
                document["responseStatus"] = "accepted"
            }
            return .object(document)
        }
    }

    private static func mark(
        _ document: inout JSONObject, _ email: String, _ organizer: String, _ calendarID: String
    ) {
        if email == organizer { document["organizer"] = true }
        if email == calendarID { document["self"] = true }
    }

    /// The lower-case addresses of an event's guests.
    static func addresses(_ document: JSONObject) -> [String] {
        (document["attendees"]?.array ?? []).compactMap { $0["email"]?.string?.lowercased() }
    }

    /// The organizer's lower-case address.
    static func organizerAddress(_ document: JSONObject) -> String {
        document["organizer"]?["email"]?.string?.lowercased() ?? ""
    }
}
