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
            return value.unless(value.isBlank)
        case "backgroundColor", "foregroundColor":
            let lower = value.string.map { JSON.string($0.lowercased()) } ?? value
            return lower.unless(value.isBlank)
        case "hidden", "selected", "autoAcceptInvitations":
            return value.unless(value == false || value.isNull)
        case "defaultReminders":
            return sorted(value)
        case "notificationSettings":
            guard var settings = value.withoutNulls.object else {
                return value.unless(value.isBlank)
            }
            if let list = settings["notifications"] { settings["notifications"] = sorted(list) }
            return JSON.object(settings).unless(settings.isEmpty)
        default:
            return value.unless(value.isNull)
        }
    }

    private static func sorted(_ value: JSON) -> JSON? {
        guard let list = value.array else { return value.unless(value.isBlank) }
        return CanonicalEvent.sorted(list.map(\.withoutNulls)) { $0["method"]?.string ?? "" }
    }
}
