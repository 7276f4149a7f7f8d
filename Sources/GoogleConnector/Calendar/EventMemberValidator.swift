import LosslessJSON
import TandemCore

/// Checks the members of an event that stand each for itself.
struct EventMemberValidator {
    /// Bytes of a title or a place; of a description eight times as much.
    static let textBytes = 8192
    /// - SeeAlso: Google Calendar API reference, "Events", `attachments` and `reminders`.
    static let attachments = 25
    static let reminderOverrides = 5
    static let reminderMinutes = 0...Int64(40_320)
    /// - SeeAlso: Google Calendar API guide, "Extended properties", section "Limits".
    static let propertyNameCharacters = 44
    static let propertyValueCharacters = 1024
    static let properties = 300

    let event: JSON

    func check() throws(TandemError) {
        try checkTexts()
        try checkWords()
        try checkGuests()
        try checkReminders(event["reminders"])
        try checkAttachments()
        try checkProperties()
    }

    // MARK: - Texts and words

    private func checkTexts() throws(TandemError) {
        let limits = [
            ("summary", Self.textBytes), ("location", Self.textBytes),
            ("description", 8 * Self.textBytes), ("colorId", 64), ("iCalUID", 1024),
        ]
        for (name, limit) in limits {
            guard let value = event[name], !value.isNull else { continue }
            guard let text = value.string else {
                throw EventValidator.refusal("'\(name)' must be a text.")
            }
            guard text.utf8.count <= limit else {
                throw EventValidator.refusal("'\(name)' may have \(limit) bytes at most.")
            }
        }
    }

    private func checkWords() throws(TandemError) {
        try checkWord("transparency", of: event, ["opaque", "transparent"])
        try checkWord("visibility", of: event, ["default", "public", "private", "confidential"])
        let flags = [
            "guestsCanInviteOthers", "guestsCanModify", "guestsCanSeeOtherGuests",
            "anyoneCanAddSelf", "endTimeUnspecified", "privateCopy",
        ]
        for name in flags {
            guard let value = event[name], !value.isNull else { continue }
            guard value.bool != nil else {
                throw EventValidator.refusal("'\(name)' must be true or false.")
            }
        }
    }

    private func checkWord(
        _ name: String, of object: JSON, _ words: [String]
    ) throws(TandemError) {
        guard let value = object[name], !value.isNull else { return }
        guard let word = value.string, words.contains(word) else {
            throw EventValidator.refusal(
                "'\(name)' must be one of \(words.joined(separator: ", ")).")
        }
    }

    // MARK: - Guests

    private func checkGuests() throws(TandemError) {
        guard let value = event["attendees"], !value.isBlank else { return }
        guard let guests = value.array else {
            throw EventValidator.refusal("'attendees' must be a list.")
        }
        for guest in guests {
            // Google knows guests without an address, but invites nobody without one.
            let isKnown = guest["id"]?.string != nil || guest["self"]?.bool == true
            guard guest.object != nil, isKnown || Self.isAddress(guest["email"]?.string ?? "")
            else {
                throw EventValidator.refusal(
                    "Each of 'attendees' needs an 'email' such as ada@example.com.")
            }
            try checkWord(
                "responseStatus", of: guest, ["needsAction", "declined", "tentative", "accepted"])
        }
    }

    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 320
            && text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.value >= 0x20 }
    }

    // MARK: - Lists with limits

    private func checkReminders(_ value: JSON?) throws(TandemError) {
        guard let value, !value.isBlank else { return }
        guard value.object != nil else {
            throw EventValidator.refusal("'reminders' must be an object.")
        }
        guard let overrides = value["overrides"], !overrides.isBlank else { return }
        guard let list = overrides.array, list.count <= Self.reminderOverrides else {
            throw EventValidator.refusal(
                "'reminders.overrides' must be a list of \(Self.reminderOverrides) at most.")
        }
        guard value["useDefault"]?.bool != true else {
            throw EventValidator.refusal(
                "'reminders' has either 'useDefault' true or 'overrides', not both.")
        }
        for reminder in list { try Self.checkReminder(reminder) }
    }

    /// An override of an event, or a default reminder of a calendar.
    static func checkReminder(_ reminder: JSON) throws(TandemError) {
        guard ["email", "popup"].contains(reminder["method"]?.string),
            let minutes = reminder["minutes"]?.int, reminderMinutes.contains(minutes)
        else {
            throw EventValidator.refusal(
                "A reminder needs a 'method', email or popup, and 'minutes' from 0 to "
                    + "\(reminderMinutes.upperBound).")
        }
    }

    private func checkAttachments() throws(TandemError) {
        guard let value = event["attachments"], !value.isBlank else { return }
        guard let list = value.array, list.count <= Self.attachments else {
            throw EventValidator.refusal(
                "'attachments' must be a list of \(Self.attachments) at most.")
        }
        guard list.allSatisfy({ $0["fileUrl"]?.string?.isEmpty == false }) else {
            throw EventValidator.refusal("Each of 'attachments' needs a 'fileUrl'.")
        }
    }

    /// Longer names and values are cut or dropped by Google without a word.
    private func checkProperties() throws(TandemError) {
        guard let value = event["extendedProperties"], !value.isBlank else { return }
        guard value.object != nil else {
            throw EventValidator.refusal("'extendedProperties' must be an object.")
        }
        for side in ["private", "shared"] {
            guard let properties = value[side], !properties.isBlank else { continue }
            guard let object = properties.object, object.count <= Self.properties else {
                throw EventValidator.refusal(
                    "'extendedProperties.\(side)' must be an object of \(Self.properties) members "
                        + "at most.")
            }
            for property in object where !property.value.isNull {
                guard let text = property.value.string,
                    text.count <= Self.propertyValueCharacters,
                    (1...Self.propertyNameCharacters).contains(property.key.count)
                else {
                    throw EventValidator.refusal(
                        "A property in 'extendedProperties.\(side)' has a name of up to "
                            + "\(Self.propertyNameCharacters) characters and a text of up to "
                            + "\(Self.propertyValueCharacters).")
                }
            }
        }
    }
}
