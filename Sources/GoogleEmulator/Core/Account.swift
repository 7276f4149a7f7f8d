import LosslessJSON

/// One user with what belongs to the user alone.
final class Account {
    let email: String
    /// Google's number of the account: 21 digits.
    let subject: String
    var name: String
    var givenName: String
    var familyName: String
    /// Settings of the Calendar, in Google's order.
    var settings: [Setting]
    /// The list of calendars, removed ones included, in the order of subscription.
    private(set) var listEntries: [ListEntry] = []
    /// Grows with each change of the list of calendars.
    private(set) var listSequence: Int64 = 0
    /// Grows with each change of a setting.
    var settingsSequence: Int64 = 0

    /// One setting with the sequence of its last change.
    struct Setting {
        let id: String
        var value: String
        var sequence: Int64 = 0
        var version: Int64 = 0
    }

    init(email: String, subject: String, name: String?) {
        self.email = email
        self.subject = subject
        let local = email.split(separator: "@").first.map(String.init) ?? email
        let words = (name ?? Self.spoken(local)).split(separator: " ").map(String.init)
        self.name = words.joined(separator: " ")
        givenName = words.first ?? local
        familyName = words.dropFirst().joined(separator: " ")
        settings = Self.standardSettings
    }

    /// Gives the account another name, the first word of which is the given one.
    func rename(_ newName: String) {
        let words = newName.split(separator: " ").map(String.init)
        name = words.joined(separator: " ")
        givenName = words.first ?? givenName
        familyName = words.dropFirst().joined(separator: " ")
    }

    /// The zone of the user's settings, an IANA name.
    var timeZone: String { settings.first { $0.id == "timezone" }?.value ?? "Europe/Paris" }

    /// The part of the address after the at sign.
    var domain: String { email.split(separator: "@").last.map(String.init) ?? "" }

    /// The live entry of that calendar.
    func entry(of calendarID: String) -> ListEntry? {
        listEntries.first { $0.calendarID == calendarID && !$0.isRemoved }
    }

    /// Puts a calendar on the list, or back on it.
    @discardableResult
    func subscribe(to calendar: CalendarRecord, color: Int, version: Int64) -> ListEntry {
        let entry: ListEntry
        if let old = listEntries.first(where: { $0.calendarID == calendar.id }) {
            entry = old
            entry.isRemoved = false
        } else {
            entry = ListEntry(calendarID: calendar.id)
            listEntries.append(entry)
        }
        entry.view = ["colorId": .string("\(color % 24 + 1)"), "selected": true]
        if calendar.isPrimary {
            entry.view["defaultReminders"] = [["method": "popup", "minutes": 10]]
            entry.view["notificationSettings"] = ListEntry.primaryNotifications
        }
        touch(entry, version: version)
        return entry
    }

    /// Takes a calendar off the list; a cursor will hear of it.
    func unsubscribe(from calendarID: String, version: Int64) {
        guard let entry = entry(of: calendarID) else { return }
        entry.isRemoved = true
        touch(entry, version: version)
    }

    /// Notes that an entry changed.
    func touch(_ entry: ListEntry, version: Int64) {
        listSequence += 1
        entry.sequence = listSequence
        entry.version = version
    }

    /// Replaces the list, as a snapshot asks.
    func replaceList(_ entries: [ListEntry], sequence: Int64) {
        listEntries = entries
        listSequence = sequence
    }

    /// `ada.lovelace` spoken as a name: `Ada Lovelace`.
    private static func spoken(_ local: String) -> String {
        local.split { ".-_+".contains($0) }
            .map { $0.prefix(1).uppercased() + $0.dropFirst() }
            .joined(separator: " ")
    }

    /// - SeeAlso: Google Calendar API reference, "Settings".
    private static let standardSettings: [Setting] = [
        ("autoAddHangouts", "false"), ("dateFieldOrder", "DMY"), ("defaultEventLength", "60"),
        ("format24HourTime", "true"), ("hideInvitations", "false"), ("hideWeekends", "false"),
        ("locale", "en"), ("remindOnRespondedEventsOnly", "false"), ("showDeclinedEvents", "true"),
        ("timezone", "Europe/Paris"), ("useKeyboardShortcuts", "true"), ("weekStart", "1"),
    ].map { Setting(id: $0.0, value: $0.1) }
}

/// A calendar as one user sees it.
final class ListEntry {
    let calendarID: String
    /// What the user set: summaryOverride, colours, hidden, selected, reminders, notifications.
    var view: JSONObject = [:]
    var isRemoved = false
    var sequence: Int64 = 0
    var version: Int64 = 0

    init(calendarID: String) {
        self.calendarID = calendarID
    }

    /// What Google switches on for a primary calendar.
    static let primaryNotifications: JSON = [
        "notifications": [
            ["type": "eventCreation", "method": "email"],
            ["type": "eventChange", "method": "email"],
            ["type": "eventCancellation", "method": "email"],
            ["type": "eventResponse", "method": "email"],
        ]
    ]
}
