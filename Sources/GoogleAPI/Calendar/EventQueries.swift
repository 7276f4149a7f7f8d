/// What `events.list` is asked; every parameter of Google's that is not deprecated.
///
/// Times are RFC 3339 with an offset. All but ``pageToken`` must stay the same over the pages of
/// one listing. With ``syncToken``, Google refuses ``iCalUID``, ``orderBy``, ``timeMin``,
/// ``timeMax``, ``updatedMin``, ``q`` and the extended properties, and `showDeleted: false`.
///
/// - SeeAlso: Google Calendar API reference, `events.list`; guide "Synchronize resources
///   efficiently".
public struct EventsQuery: Hashable, Sendable {
    /// The order of the items.
    public enum Order: String, Hashable, Sendable {
        /// By start; with ``EventsQuery/singleEvents`` only.
        case startTime
        /// By the last change, oldest first.
        case updated
    }

    /// Only these types; empty for all.
    public var eventTypes: [String] = []
    /// Only the event with this iCalendar UID.
    public var iCalUID: String?
    /// The most guests per event.
    public var maxAttendees: Int?
    /// Items per page, 1 to 2500; Google's default is 250.
    public var maxResults: Int?
    /// The order of the items; Google's own stable order by default.
    public var orderBy: Order?
    /// The page, as the page before named it.
    public var pageToken: String?
    /// `name=value` pairs that must all hold.
    public var privateExtendedProperties: [String] = []
    /// `name=value` pairs that must all hold.
    public var sharedExtendedProperties: [String] = []
    /// Words that must all occur.
    public var q: String?
    /// Whether cancelled events are listed.
    public var showDeleted: Bool?
    /// Whether invitations that are hidden are listed.
    public var showHiddenInvitations: Bool?
    /// Whether series are expanded to their instances.
    public var singleEvents: Bool?
    /// The position to list changes from.
    public var syncToken: String?
    /// Only events that start before this (exclusive).
    public var timeMax: String?
    /// Only events that end after this (exclusive).
    public var timeMin: String?
    /// The zone whose offsets the answer's times carry.
    public var timeZone: String?
    /// Only events changed since; deleted ones always included.
    public var updatedMin: String?
    /// Which fields the answer holds; must name `nextPageToken` and `nextSyncToken`.
    public var fields: String?

    /// Asks for everything, as Google does by default.
    public init() {}

    var query: [GoogleCall.QueryField] {
        var query = CalendarQuery()
        query.add("eventTypes", eventTypes)
        query.add("iCalUID", iCalUID)
        query.add("maxAttendees", maxAttendees)
        query.add("maxResults", maxResults)
        query.add("orderBy", orderBy?.rawValue)
        query.add("pageToken", pageToken)
        query.add("privateExtendedProperty", privateExtendedProperties)
        query.add("sharedExtendedProperty", sharedExtendedProperties)
        query.add("q", q)
        query.add("showDeleted", showDeleted)
        query.add("showHiddenInvitations", showHiddenInvitations)
        query.add("singleEvents", singleEvents)
        query.add("syncToken", syncToken)
        query.add("timeMax", timeMax)
        query.add("timeMin", timeMin)
        query.add("timeZone", timeZone)
        query.add("updatedMin", updatedMin)
        query.add("fields", fields)
        return query.fields
    }
}

/// What `events.instances` is asked.
///
/// - SeeAlso: Google Calendar API reference, `events.instances`.
public struct InstancesQuery: Hashable, Sendable {
    /// The most guests per event.
    public var maxAttendees: Int?
    /// Items per page, 1 to 2500; Google's default is 250.
    public var maxResults: Int?
    /// Only the instance whose original start is exactly this (RFC 3339).
    public var originalStart: String?
    /// The page, as the page before named it.
    public var pageToken: String?
    /// Whether cancelled instances are listed.
    public var showDeleted: Bool?
    /// Only instances that start before this (exclusive).
    public var timeMax: String?
    /// Only instances that end after this (exclusive).
    public var timeMin: String?
    /// The zone whose offsets the answer's times carry.
    public var timeZone: String?
    /// Which fields the answer holds.
    public var fields: String?

    /// Asks for every instance, as Google does by default.
    public init() {}

    var query: [GoogleCall.QueryField] {
        var query = CalendarQuery()
        query.add("maxAttendees", maxAttendees)
        query.add("maxResults", maxResults)
        query.add("originalStart", originalStart)
        query.add("pageToken", pageToken)
        query.add("showDeleted", showDeleted)
        query.add("timeMax", timeMax)
        query.add("timeMin", timeMin)
        query.add("timeZone", timeZone)
        query.add("fields", fields)
        return query.fields
    }
}

/// What `calendarList.list` is asked.
///
/// With ``syncToken``, Google refuses ``minAccessRole`` and ``showOwnOrganizationOnly``, and
/// `false` for ``showDeleted`` and ``showHidden``.
///
/// - SeeAlso: Google Calendar API reference, `calendarList.list`.
public struct CalendarListQuery: Hashable, Sendable {
    /// Items per page, 1 to 250; Google's default is 100.
    public var maxResults: Int?
    /// Only calendars on which the person has at least this role.
    public var minAccessRole: String?
    /// The page, as the page before named it.
    public var pageToken: String?
    /// Whether removed entries are listed.
    public var showDeleted: Bool?
    /// Whether hidden entries are listed.
    public var showHidden: Bool?
    /// Whether only calendars of the person's organisation are listed.
    public var showOwnOrganizationOnly: Bool?
    /// The position to list changes from.
    public var syncToken: String?
    /// Which fields the answer holds.
    public var fields: String?

    /// Asks for every entry, as Google does by default.
    public init() {}

    var query: [GoogleCall.QueryField] {
        var query = CalendarQuery()
        query.add("maxResults", maxResults)
        query.add("minAccessRole", minAccessRole)
        query.add("pageToken", pageToken)
        query.add("showDeleted", showDeleted)
        query.add("showHidden", showHidden)
        query.add("showOwnOrganizationOnly", showOwnOrganizationOnly)
        query.add("syncToken", syncToken)
        query.add("fields", fields)
        return query.fields
    }
}

/// What `acl.list` and `settings.list` are asked.
///
/// - SeeAlso: Google Calendar API reference, `acl.list` and `settings.list`.
public struct CalendarPageQuery: Hashable, Sendable {
    /// Items per page, 1 to 250; Google's default is 100.
    public var maxResults: Int?
    /// The page, as the page before named it.
    public var pageToken: String?
    /// Whether removed rules are listed (with role `none`); not for settings.
    public var showDeleted: Bool?
    /// The position to list changes from.
    public var syncToken: String?
    /// Which fields the answer holds.
    public var fields: String?

    /// Asks for everything, as Google does by default.
    public init() {}

    var query: [GoogleCall.QueryField] {
        var query = CalendarQuery()
        query.add("maxResults", maxResults)
        query.add("pageToken", pageToken)
        query.add("showDeleted", showDeleted)
        query.add("syncToken", syncToken)
        query.add("fields", fields)
        return query.fields
    }
}
