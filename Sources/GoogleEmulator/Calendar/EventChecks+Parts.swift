import LosslessJSON

// Limits of the parts of an event that are lists and maps.
extension EventChecks {
    /// - SeeAlso: Google Calendar API guide, "Extended properties", section "Limits".
    private static let longestKey = 44
    private static let longestValue = 1024
    private static let mostProperties = 300
    private static let mostPropertyBytes = 32 * 1024

    /// Drops properties with a key that is too long and cuts values that are, as Google does.
    ///
    /// - Throws: 400 for values that are no text, and for too many or too much of them.
    static func extendedProperties(_ fields: inout JSONObject) throws(GoogleFailure) {
        guard let properties = fields["extendedProperties"] else { return }
        guard let object = properties.object else { throw .badRequest }
        var kept = JSONObject()
        for part in ["private", "shared"] {
            guard let map = object[part]?.nonNull else { continue }
            guard let members = map.object else { throw .badRequest }
            kept.setUnlessEmpty(part, try self.properties(members))
        }
        fields.setUnlessEmpty("extendedProperties", kept)
    }

    private static func properties(_ members: JSONObject) throws(GoogleFailure) -> JSONObject {
        var kept: [(String, JSON)] = []
        var bytes = 0
        for member in members where !member.value.isNull {
            guard let value = member.value.string else { throw .badRequest }
            guard member.key.unicodeScalars.count <= longestKey else { continue }
            let cut = String(String.UnicodeScalarView(value.unicodeScalars.prefix(longestValue)))
            bytes += member.key.utf8.count + cut.utf8.count
            kept.append((member.key, .string(cut)))
        }
        guard kept.count <= mostProperties, bytes <= mostPropertyBytes else {
            throw .invalid("A provided value exceeds the allowed size limit.")
        }
        return JSONObject(kept)
    }

    static func attachments(_ fields: JSONObject) throws(GoogleFailure) {
        guard let attachments = fields["attachments"] else { return }
        guard let array = attachments.array else { throw .badRequest }
        guard array.count <= 25 else { throw .invalid("Too many attachments.") }
        for attachment in array where attachment["fileUrl"]?.string == nil {
            throw .required("Missing attachment URL.")
        }
    }

    /// - Throws: 400 for a source without an address of the schemes HTTP and HTTPS.
    static func source(_ fields: JSONObject) throws(GoogleFailure) {
        guard let source = fields["source"] else { return }
        guard source.object != nil else { throw .badRequest }
        let url = source["url"]?.nonNull?.string?.lowercased() ?? ""
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw .invalid("Invalid value for: source.url")
        }
    }

    // MARK: Guests

    /// The members of an attendee in Google's order.
    private static let attendeeOrder = [
        "id", "email", "displayName", "organizer", "self", "resource", "optional",
        "responseStatus", "comment", "additionalGuests",
    ]

    /// What a client sends of these is ignored: only the server sets them.
    private static let attendeeReadOnly: Set<String> = ["organizer", "self", "asyncOperation"]

    /// More guests than this are refused; Google's own limit differs from account to account.
    private static let maxAttendees = 2000

    /// Checks the guests and leaves out who is named twice; members that nobody knows are kept.
    static func attendees(_ fields: inout JSONObject) throws(GoogleFailure) {
        guard let attendees = fields["attendees"] else { return }
        guard let array = attendees.array else { throw .badRequest }
        guard array.count <= maxAttendees else { throw .invalid("Too many attendees.") }
        var kept: [JSON] = []
        var seen: Set<String> = []
        for attendee in array {
            let one = try self.attendee(attendee)
            if seen.insert(one.email).inserted { kept.append(.object(one.document)) }
        }
        fields.setUnlessEmpty("attendees", kept)
    }

    private static func attendee(
        _ json: JSON
    ) throws(GoogleFailure) -> (email: String, document: JSONObject) {
        guard let given = json.object else { throw .badRequest }
        guard let email = given["email"]?.nonNull?.string, !email.isEmpty else {
            throw .required("Missing attendee email.")
        }
        guard EmailAddress.isUsable(email) else {
            throw .invalid("Invalid attendee email.")
        }
        try checkTypes(ofAttendee: given)
        let response = given["responseStatus"]?.nonNull ?? "needsAction"
        guard let word = response.string,
            ["needsAction", "declined", "tentative", "accepted"].contains(word)
        else { throw .invalid("Invalid value for: attendees.responseStatus") }
        var members: [(String, JSON)] = []
        for name in attendeeOrder where !attendeeReadOnly.contains(name) {
            let value = name == "responseStatus" ? response : given[name]
            if let value = value?.nonNull, value.bool != false, value.int != 0 {
                members.append((name, value))
            }
        }
        for member in given
        where !attendeeOrder.contains(member.key) && !attendeeReadOnly.contains(member.key)
            && !member.value.isNull
        {
            members.append((member.key, member.value))
        }
        return (email.lowercased(), JSONObject(members))
    }

    private static func checkTypes(ofAttendee given: JSONObject) throws(GoogleFailure) {
        for name in ["id", "displayName", "comment"] {
            if let value = given[name]?.nonNull, value.string == nil { throw .badRequest }
        }
        for name in ["optional", "resource"] {
            if let value = given[name]?.nonNull, value.bool == nil { throw .badRequest }
        }
        if let guests = given["additionalGuests"]?.nonNull {
            guard let count = guests.int, (0...Int64(Int32.max)).contains(count) else {
                throw .invalid("Invalid value for: attendees.additionalGuests")
            }
        }
    }

    /// Lets only a guest who is new say whether it is a resource.
    ///
    /// - SeeAlso: Google Calendar API reference, "Events", property `attendees[].resource`.
    static func keepResources(_ fields: inout JSONObject, base: JSONObject) {
        var known: [String: JSON?] = [:]
        for attendee in base["attendees"]?.array ?? [] {
            known[attendee["email"]?.string?.lowercased() ?? ""] = attendee["resource"]
        }
        guard !known.isEmpty, let list = fields["attendees"]?.array else { return }
        fields["attendees"] = .array(
            list.map { attendee in
                guard let was = known[attendee["email"]?.string?.lowercased() ?? ""],
                    attendee["resource"] != was, var changed = attendee.object
                else { return attendee }
                changed["resource"] = was
                return .object(changed)
            })
    }
}
