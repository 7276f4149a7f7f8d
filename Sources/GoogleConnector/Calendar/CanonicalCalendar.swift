import LosslessJSON

/// Brings an entry of the list of calendars into the form in which equal contents look equal.
enum CanonicalCalendar {
    static func form(of entry: JSON) -> JSON {
        guard let object = entry.object else { return entry }
        var members: [(String, JSON)] = []
        for member in object where !CalendarRules.serverOwnedMembers.contains(member.key) {
            if let value = value(of: member.key, member.value) {
                members.append((member.key, value))
            }
        }
        return .object(JSONObject(members))
    }

    /// The canonical value of a member; `nil` where it says no more than leaving it out.
    private static func value(of name: String, _ value: JSON) -> JSON? {
        switch name {
        case "summary", "summaryOverride", "description", "location", "timeZone", "colorId",
            "labelProperties", "workingHours":
            return value.isBlank ? nil : value
        case "backgroundColor", "foregroundColor":
            let lower = value.string.map { JSON.string($0.lowercased()) } ?? value
            return value.isBlank ? nil : lower
        case "hidden", "selected", "autoAcceptInvitations":
            return value == false || value.isNull ? nil : value
        case "defaultReminders":
            return sorted(value)
        case "notificationSettings":
            guard var settings = value.withoutNulls.object else {
                return value.isBlank ? nil : value
            }
            if let list = settings["notifications"] { settings["notifications"] = sorted(list) }
            return settings.isEmpty ? nil : JSON.object(settings)
        default:
            return value.isNull ? nil : value
        }
    }

    private static func sorted(_ value: JSON) -> JSON? {
        guard let list = value.array else { return value.isBlank ? nil : value }
        return CanonicalEvent.sorted(list.map(\.withoutNulls)) { $0["method"]?.string ?? "" }
    }
}
