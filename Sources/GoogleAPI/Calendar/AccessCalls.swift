public import LosslessJSON

extension CalendarCall {
    private static func rulePath(
        _ calendarID: String, _ ruleID: String? = nil
    ) throws(GoogleError) -> String {
        guard let ruleID else {
            return try GoogleCall.path(.fixed("/calendars"), .id(calendarID), .fixed("/acl"))
        }
        return try GoogleCall.path(
            .fixed("/calendars"), .id(calendarID), .fixed("/acl"), .id(ruleID))
    }

    /// Google mails people about shared calendars unless told not to: this always says which.
    private static func mail(_ isSent: Bool) -> [GoogleCall.QueryField] {
        [.init("sendNotifications", String(isSent))]
    }

    /// `acl.list`: one page of a calendar's access rules, or of their changes.
    public static func listRules(
        of calendarID: String, _ query: CalendarPageQuery = CalendarPageQuery()
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "acl.list", "GET", path: try rulePath(calendarID), query: query.query, effect: .read)
    }

    /// `acl.get`: one access rule.
    public static func getRule(
        _ ruleID: String, of calendarID: String, ifNoneMatch etag: String? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "acl.get", "GET", path: try rulePath(calendarID, ruleID),
            condition: etag.map { .ifNoneMatch($0) }, effect: .read)
    }

    /// `acl.insert`: shares a calendar; a rule for the same person is replaced.
    ///
    /// - Parameters:
    ///   - rule: The rule: its `scope` and `role`.
    ///   - calendarID: The calendar shared.
    ///   - mails: Whether the person is told by mail.
    /// - Returns: The call.
    /// - Throws: ``GoogleError`` with code `invalidCall` for an empty id.
    public static func insertRule(
        _ rule: JSON, into calendarID: String, mails: Bool = false
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "acl.insert", "POST", path: try rulePath(calendarID), query: mail(mails), body: rule,
            effect: .write)
    }

    /// `acl.patch`: changes fields of an access rule.
    public static func patchRule(
        _ ruleID: String, of calendarID: String, with patch: JSON, ifMatch etag: String? = nil,
        mails: Bool = false
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "acl.patch", "PATCH", path: try rulePath(calendarID, ruleID), query: mail(mails),
            condition: etag.map { .ifMatch($0) }, body: patch, effect: .write)
    }

    /// `acl.update`: replaces an access rule.
    public static func updateRule(
        _ ruleID: String, of calendarID: String, to rule: JSON, ifMatch etag: String? = nil,
        mails: Bool = false
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "acl.update", "PUT", path: try rulePath(calendarID, ruleID), query: mail(mails),
            condition: etag.map { .ifMatch($0) }, body: rule, effect: .write)
    }

    /// `acl.delete`: takes access away.
    public static func deleteRule(
        _ ruleID: String, of calendarID: String, ifMatch etag: String? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "acl.delete", "DELETE", path: try rulePath(calendarID, ruleID),
            condition: etag.map { .ifMatch($0) }, effect: .write, answersJSON: false)
    }

    /// `settings.list`: one page of the person's settings, or of their changes.
    public static func listSettings(
        _ query: CalendarPageQuery = CalendarPageQuery()
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "settings.list", "GET", path: "/users/me/settings", query: query.query, effect: .read)
    }

    /// `settings.get`: one setting, for example `timezone`.
    public static func getSetting(
        _ settingID: String, ifNoneMatch etag: String? = nil
    ) throws(GoogleError) -> CalendarCall {
        CalendarCall(
            "settings.get", "GET",
            path: try GoogleCall.path(.fixed("/users/me/settings"), .id(settingID)),
            condition: etag.map { .ifNoneMatch($0) }, effect: .read)
    }
}
