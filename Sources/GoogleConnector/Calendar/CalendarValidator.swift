import LosslessJSON
import TandemCore

/// Finds out before a push what Google would refuse of an entry of the list of calendars.
struct CalendarValidator {
    private let entry: JSON

    init(entry: JSON) { self.entry = entry }

    func check() throws(TandemError) {
        guard entry.object != nil else {
            throw EventValidator.refusal("An entry of the list of calendars must be a JSON object.")
        }
        guard entry.serialized().count <= EventValidator.maximumBytes else {
            throw EventValidator.refusal(
                "An entry of the list of calendars may have 1 MiB at most.")
        }
        try checkTexts()
        try checkColours()
        for name in ["hidden", "selected", "autoAcceptInvitations"] {
            guard entry[name] == nil || entry[name] == .null || entry[name]?.bool != nil else {
                throw EventValidator.refusal("'\(name)' must be true or false.")
            }
        }
        try checkReminders()
    }

    private func checkTexts() throws(TandemError) {
        let isKnown = ["id", "etag"].contains { entry[$0]?.string?.isEmpty == false }
        guard isKnown || entry["summary"]?.string?.isEmpty == false else {
            throw EventValidator.refusal(
                "A new calendar needs a 'summary', its title; to subscribe to a calendar give its "
                    + "'id'.")
        }
        for name in ["summary", "summaryOverride", "description", "location", "timeZone"] {
            guard let value = entry[name], !value.isNull else { continue }
            guard let text = value.string, text.utf8.count <= EventMemberValidator.textBytes else {
                throw EventValidator.refusal(
                    "'\(name)' must be a text of \(EventMemberValidator.textBytes) bytes at most.")
            }
        }
        guard let zone = entry["timeZone"]?.string, !zone.isEmpty else { return }
        guard EventTime.rules(of: zone) != nil else {
            throw EventValidator.refusal(
                "The 'timeZone' is not known; use a name of the IANA database such as "
                    + "Europe/Paris.")
        }
    }

    private func checkColours() throws(TandemError) {
        for name in ["backgroundColor", "foregroundColor"] {
            guard let value = entry[name], !value.isBlank else { continue }
            let bytes = value.string.map { Array($0.lowercased().utf8) } ?? []
            let isHex = bytes.dropFirst().allSatisfy {
                switch $0 {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
                    true
                default: false
                }
            }
            guard bytes.count == 7, bytes.first == UInt8(ascii: "#"), isHex else {
                throw EventValidator.refusal("'\(name)' must be a colour such as #0088aa.")
            }
        }
    }

    private func checkReminders() throws(TandemError) {
        guard let value = entry["defaultReminders"], !value.isBlank else { return }
        guard let list = value.array, list.count <= EventMemberValidator.reminderOverrides else {
            throw EventValidator.refusal(
                "'defaultReminders' must be a list of "
                    + "\(EventMemberValidator.reminderOverrides) at most.")
        }
        for reminder in list { try EventMemberValidator.checkReminder(reminder) }
    }
}
