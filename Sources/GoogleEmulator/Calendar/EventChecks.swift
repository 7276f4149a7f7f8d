import LosslessJSON

/// The limits and defaults of single members of an event.
///
/// - SeeAlso: Google Calendar API reference, "Events", resource representation.
enum EventChecks {
    static let eventTypes = [
        "default", "birthday", "focusTime", "fromGmail", "outOfOffice", "workingLocation",
    ]

    /// Members with a few allowed words, and the word that is left out in answers.
    private static let words: [(name: String, allowed: [String], omitted: String?)] = [
        ("status", ["confirmed", "tentative", "cancelled"], nil),
        ("transparency", ["opaque", "transparent"], "opaque"),
        ("visibility", ["default", "public", "private", "confidential"], "default"),
        ("eventType", eventTypes, nil),
    ]

    static func words(_ fields: inout JSONObject) throws(GoogleFailure) {
        for (name, allowed, omitted) in words {
            guard let value = fields[name] else { continue }
            guard let word = value.string, allowed.contains(word) else {
                throw .invalid("Invalid value for: \(name)")
            }
            if word == omitted { fields.removeValue(forKey: name) }
        }
        for name in ["summary", "description", "location", "colorId", "eventLabelId"] {
            guard let value = fields[name] else { continue }
            guard let text = value.string else { throw .badRequest }
            if text.isEmpty { fields.removeValue(forKey: name) }
        }
        if let color = fields["colorId"]?.string {
            guard let number = Int(color), (1...11).contains(number) else {
                throw .invalid("Invalid value for: colorId")
            }
        }
        if fields["status"] == nil { fields["status"] = "confirmed" }
        if fields["eventType"] == nil { fields["eventType"] = "default" }
    }

    static func flags(_ fields: inout JSONObject) throws(GoogleFailure) {
        let standards = [
            ("guestsCanInviteOthers", true), ("guestsCanModify", false),
            ("guestsCanSeeOtherGuests", true), ("anyoneCanAddSelf", false),
            ("attendeesOmitted", false), ("endTimeUnspecified", false),
        ]
        for (name, standard) in standards {
            guard let value = fields[name] else { continue }
            guard let flag = value.bool else { throw .badRequest }
            if flag == standard { fields.removeValue(forKey: name) }
        }
    }

    static func reminders(_ fields: inout JSONObject) throws(GoogleFailure) {
        guard let reminders = fields["reminders"] else {
            fields["reminders"] = ["useDefault": true]
            return
        }
        guard reminders.object != nil,
            reminders["useDefault"]?.nonNull.map({ $0.bool != nil }) ?? true,
            reminders["overrides"]?.nonNull.map({ $0.array != nil }) ?? true
        else { throw .badRequest }
        let useDefault = reminders["useDefault"]?.bool ?? false
        let overrides = reminders["overrides"]?.array ?? []
        if useDefault, !overrides.isEmpty {
            throw GoogleFailure(
                400, "calendar", "cannotUseDefaultRemindersAndSpecifyOverride",
                "Cannot specify both default reminders and overrides at the same time.")
        }
        guard overrides.count <= 5 else { throw .invalid("Too many override reminders.") }
        for reminder in overrides {
            guard let method = reminder["method"]?.string, ["email", "popup"].contains(method),
                let minutes = reminder["minutes"]?.int, (0...40_320).contains(minutes)
            else { throw .invalid("Invalid value for: reminders.overrides") }
        }
        var kept: JSONObject = ["useDefault": .bool(useDefault)]
        if !overrides.isEmpty { kept["overrides"] = .array(overrides) }
        fields["reminders"] = .object(kept)
    }

    /// The sequence that a client names; `nil` if it names none.
    static func sequence(_ body: JSONObject) throws(GoogleFailure) -> Int64? {
        guard let given = body["sequence"]?.nonNull else { return nil }
        guard let sequence = given.int, (0...Int64(Int32.max)).contains(sequence) else {
            throw .invalid("Invalid sequence value.")
        }
        return sequence
    }
}
