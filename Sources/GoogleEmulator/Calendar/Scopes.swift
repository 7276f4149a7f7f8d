/// The scopes that suffice for groups of methods, without their common beginning.
///
/// - SeeAlso: Google's discovery document of the Calendar API, `scopes` of each method.
enum Scopes {
    static let calendarListRead = [
        "calendar", "calendar.calendarlist", "calendar.calendarlist.readonly", "calendar.readonly",
    ]
    static let calendarListWrite = ["calendar", "calendar.calendarlist"]
    /// One entry of the list; an app may see and change those of the calendars that it made.
    static let calendarListEntryRead = calendarListRead + ["calendar.app.created"]
    static let calendarListEntryWrite = calendarListWrite + ["calendar.app.created"]
    static let calendarsRead = [
        "calendar", "calendar.app.created", "calendar.calendars", "calendar.calendars.readonly",
        "calendar.readonly",
    ]
    static let calendarsWrite = ["calendar", "calendar.app.created", "calendar.calendars"]
    static let calendarsClear = ["calendar", "calendar.calendars"]
    static let eventsRead = [
        "calendar", "calendar.readonly", "calendar.events", "calendar.events.readonly",
        "calendar.app.created", "calendar.events.owned", "calendar.events.owned.readonly",
        "calendar.events.freebusy", "calendar.events.public.readonly",
    ]
    static let eventsWrite = [
        "calendar", "calendar.events", "calendar.app.created", "calendar.events.owned",
    ]
    static let eventsMove = ["calendar", "calendar.events", "calendar.events.owned"]
    static let aclRead = ["calendar", "calendar.acls", "calendar.acls.readonly"]
    static let aclRuleRead = aclRead + ["calendar.readonly"]
    static let aclWrite = ["calendar", "calendar.acls"]
    static let settingsRead = [
        "calendar", "calendar.readonly", "calendar.settings", "calendar.settings.readonly",
    ]
    /// Whoever may watch anything may stop that.
    static let channelsStop = [
        "calendar", "calendar.acls", "calendar.acls.readonly", "calendar.app.created",
        "calendar.calendarlist", "calendar.calendarlist.readonly", "calendar.events",
        "calendar.events.freebusy", "calendar.events.owned", "calendar.events.owned.readonly",
        "calendar.events.public.readonly", "calendar.events.readonly", "calendar.readonly",
        "calendar.settings", "calendar.settings.readonly",
    ]
    static let freeBusy = [
        "calendar", "calendar.readonly", "calendar.freebusy", "calendar.events.freebusy",
    ]
    static let colors = [
        "calendar", "calendar.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly",
        "calendar.app.created", "calendar.events.owned", "calendar.events.owned.readonly",
        "calendar.events.freebusy", "calendar.events.public.readonly",
    ]

    /// What every scope of Google begins with.
    static let prefix = "https://www.googleapis.com/auth/"
}
