public import LosslessJSON

extension CalendarCall {
    private static func path(
        _ calendarID: String, event: String? = nil, _ suffix: String = ""
    ) throws(GoogleError) -> String {
        guard let event else {
            return try GoogleCall.path(
                .fixed("/calendars"), .id(calendarID), .fixed("/events" + suffix))
        }
        return try GoogleCall.path(
            .fixed("/calendars"), .id(calendarID), .fixed("/events"), .id(event), .fixed(suffix))
    }

    /// `events.list`: one page of a calendar's events, or of their changes.
    public static func listEvents(
        of calendarID: String, _ query: EventsQuery = EventsQuery()
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "events.list", "GET", path: try path(calendarID), query: query.query, effect: .read)
    }

    /// `events.get`: one event; a cancelled one, too.
    public static func getEvent(
        _ eventID: String, in calendarID: String, maxAttendees: Int? = nil,
        timeZone: String? = nil, ifNoneMatch etag: String? = nil
    ) throws(GoogleError) -> CalendarCall {
        var query = CalendarQuery()
        query.add("maxAttendees", maxAttendees)
        query.add("timeZone", timeZone)
        return CalendarCall(
            "events.get", "GET", path: try path(calendarID, event: eventID), query: query.fields,
            condition: etag.map { .ifNoneMatch($0) }, effect: .read)
    }

    /// `events.insert`: a new event; give it an `id` of your own, so that a lost answer can be
    /// looked up.
    public static func insertEvent(
        _ event: JSON, into calendarID: String, _ options: EventWriteOptions = .init()
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "events.insert", "POST", path: try path(calendarID), query: options.query(),
            body: event, effect: .write)
    }

    /// `events.import`: a private copy of an event that exists elsewhere; mails nobody.
    public static func importEvent(
        _ event: JSON, into calendarID: String, _ options: EventWriteOptions = .init()
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "events.import", "POST", path: try path(calendarID, "/import"),
            query: options.query(mails: false), body: event, effect: .write)
    }

    /// `events.patch`: changes the fields given; `null` removes one, an array is replaced whole.
    public static func patchEvent(
        _ eventID: String, in calendarID: String, with patch: JSON, ifMatch etag: String? = nil,
        _ options: EventWriteOptions = .init()
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "events.patch", "PATCH", path: try path(calendarID, event: eventID),
            query: options.query(), condition: etag.map { .ifMatch($0) }, body: patch,
            effect: .write)
    }

    /// `events.update`: replaces the event; what is left out is removed.
    public static func updateEvent(
        _ eventID: String, in calendarID: String, to event: JSON, ifMatch etag: String? = nil,
        _ options: EventWriteOptions = .init()
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "events.update", "PUT", path: try path(calendarID, event: eventID),
            query: options.query(), condition: etag.map { .ifMatch($0) }, body: event,
            effect: .write)
    }

    /// `events.delete`: cancels the event.
    public static func deleteEvent(
        _ eventID: String, in calendarID: String, ifMatch etag: String? = nil,
        sendUpdates: SendUpdates = .nobody
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "events.delete", "DELETE", path: try path(calendarID, event: eventID),
            query: [.init("sendUpdates", sendUpdates.rawValue)],
            condition: etag.map { .ifMatch($0) }, effect: .write, answersJSON: false)
    }

    /// `events.move`: gives the event to another calendar, which becomes its organizer.
    public static func moveEvent(
        _ eventID: String, from calendarID: String, to destination: String,
        sendUpdates: SendUpdates = .nobody
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "events.move", "POST", path: try path(calendarID, event: eventID, "/move"),
            query: [
                .init("destination", destination), .init("sendUpdates", sendUpdates.rawValue),
            ], effect: .write)
    }

    /// `events.quickAdd`: lets Google read an event out of a sentence.
    public static func quickAddEvent(
        _ text: String, to calendarID: String, sendUpdates: SendUpdates = .nobody
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "events.quickAdd", "POST", path: try path(calendarID, "/quickAdd"),
            query: [.init("text", text), .init("sendUpdates", sendUpdates.rawValue)],
            effect: .write)
    }

    /// `events.instances`: one page of a series' instances.
    public static func listInstances(
        of eventID: String, in calendarID: String, _ query: InstancesQuery = InstancesQuery()
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "events.instances", "GET", path: try path(calendarID, event: eventID, "/instances"),
            query: query.query, effect: .read)
    }
}
