public import LosslessJSON

extension CalendarCall {
    private static func listPath(_ calendarID: String? = nil) throws(GoogleError) -> String {
        guard let calendarID else { return "/users/me/calendarList" }
        return try GoogleCall.path(.fixed("/users/me/calendarList"), .id(calendarID))
    }

    private static func calendarPath(
        _ calendarID: String, _ suffix: String = ""
    ) throws(GoogleError) -> String {
        try GoogleCall.path(.fixed("/calendars"), .id(calendarID), .fixed(suffix))
    }

    private static func colors(_ isRGB: Bool?) -> [GoogleCall.QueryField] {
        var query = CalendarQuery()
        query.add("colorRgbFormat", isRGB)
        return query.fields
    }

    /// `calendarList.list`: one page of the calendars that the person sees, or of their changes.
    public static func listCalendarList(
        _ query: CalendarListQuery = CalendarListQuery()
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendarList.list", "GET", path: try listPath(), query: query.query, effect: .read)
    }

    /// `calendarList.get`: the person's view of one calendar.
    public static func getCalendarListEntry(
        _ calendarID: String, ifNoneMatch etag: String? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendarList.get", "GET", path: try listPath(calendarID),
            condition: etag.map { .ifNoneMatch($0) }, effect: .read)
    }

    /// `calendarList.insert`: subscribes to a calendar that exists; the body needs its `id`.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - isRGB: Whether colours are given as `backgroundColor`/`foregroundColor`.
    /// - Returns: The call.
    /// - Throws: Nothing today; like the other makers.
    public static func insertCalendarListEntry(
        _ entry: JSON, colorsAsRGB isRGB: Bool? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendarList.insert", "POST", path: try listPath(), query: colors(isRGB),
            body: entry, effect: .write)
    }

    /// `calendarList.patch`: changes fields of the person's view.
    public static func patchCalendarListEntry(
        _ calendarID: String, with patch: JSON, ifMatch etag: String? = nil,
        colorsAsRGB isRGB: Bool? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendarList.patch", "PATCH", path: try listPath(calendarID), query: colors(isRGB),
            condition: etag.map { .ifMatch($0) }, body: patch, effect: .write)
    }

    /// `calendarList.update`: replaces the person's view.
    public static func updateCalendarListEntry(
        _ calendarID: String, to entry: JSON, ifMatch etag: String? = nil,
        colorsAsRGB isRGB: Bool? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendarList.update", "PUT", path: try listPath(calendarID), query: colors(isRGB),
            condition: etag.map { .ifMatch($0) }, body: entry, effect: .write)
    }

    /// `calendarList.delete`: unsubscribes; the calendar itself stays.
    public static func deleteCalendarListEntry(
        _ calendarID: String, ifMatch etag: String? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendarList.delete", "DELETE", path: try listPath(calendarID),
            condition: etag.map { .ifMatch($0) }, effect: .write, answersJSON: false)
    }

    /// `calendars.get`: a calendar's own data, the same for everybody.
    public static func getCalendar(
        _ calendarID: String, ifNoneMatch etag: String? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendars.get", "GET", path: try calendarPath(calendarID),
            condition: etag.map { .ifNoneMatch($0) }, effect: .read)
    }

    /// `calendars.insert`: a new secondary calendar; the body needs a `summary`.
    public static func insertCalendar(_ calendar: JSON) throws(GoogleError) -> CalendarCall {
        CalendarCall("calendars.insert", "POST", path: "/calendars", body: calendar, effect: .write)
    }

    /// `calendars.patch`: changes fields of a calendar for everybody.
    public static func patchCalendar(
        _ calendarID: String, with patch: JSON, ifMatch etag: String? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendars.patch", "PATCH", path: try calendarPath(calendarID),
            condition: etag.map { .ifMatch($0) }, body: patch, effect: .write)
    }

    /// `calendars.update`: replaces a calendar's data for everybody.
    public static func updateCalendar(
        _ calendarID: String, to calendar: JSON, ifMatch etag: String? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendars.update", "PUT", path: try calendarPath(calendarID),
            condition: etag.map { .ifMatch($0) }, body: calendar, effect: .write)
    }

    /// `calendars.delete`: destroys a secondary calendar and its events, for everybody.
    public static func deleteCalendar(
        _ calendarID: String, ifMatch etag: String? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendars.delete", "DELETE", path: try calendarPath(calendarID),
            condition: etag.map { .ifMatch($0) }, effect: .write, answersJSON: false)
    }

    /// `calendars.clear`: deletes every event of a primary calendar.
    public static func clearCalendar(_ calendarID: String) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "calendars.clear", "POST", path: try calendarPath(calendarID, "/clear"),
            effect: .write, answersJSON: false)
    }

    /// `colors.get`: the colours that ids stand for.
    public static func getColors() throws(GoogleError) -> CalendarCall {
        CalendarCall("colors.get", "GET", path: "/colors", effect: .read)
    }

    /// `freebusy.query`: when calendars are busy; a calendar's own error is inside the answer.
    ///
    /// - Parameter query: `timeMin`, `timeMax`, `items`, and perhaps `timeZone`,
    ///   `groupExpansionMax` (≤ 100), `calendarExpansionMax` (≤ 50).
    /// - Returns: The call.
    /// - Throws: Nothing today; like the other makers.
    public static func queryFreeBusy(_ query: JSON) throws(GoogleError) -> CalendarCall {
        CalendarCall("freebusy.query", "POST", path: "/freeBusy", body: query, effect: .read)
    }
}
