extension CalendarRoute {
    /// Every method that is served, with the scopes that Google's discovery document names.
    static let all: [CalendarRoute] =
        eventRoutes + calendarListRoutes + calendarRoutes + accessRoutes + otherRoutes

    private typealias Call = CalendarCall

    private static let calendarListRoutes: [CalendarRoute] = {
        let one = "users/me/calendarList/{calendarId}"
        let (read, write) = (Scopes.calendarListRead, Scopes.calendarListWrite)
        return [
            CalendarRoute("calendarList.list", "GET", "users/me/calendarList", read) {
                (call: Call) throws(GoogleFailure) in try CalendarLists(call: call).list()
            },
            CalendarRoute("calendarList.insert", "POST", "users/me/calendarList", write) {
                (call: Call) throws(GoogleFailure) in try CalendarLists(call: call).insert()
            },
            CalendarRoute("calendarList.get", "GET", one, read) {
                (call: Call) throws(GoogleFailure) in try CalendarLists(call: call).get()
            },
            CalendarRoute("calendarList.update", "PUT", one, write) {
                (call: Call) throws(GoogleFailure) in
                try CalendarLists(call: call).change(replaces: true)
            },
            CalendarRoute("calendarList.patch", "PATCH", one, write) {
                (call: Call) throws(GoogleFailure) in
                try CalendarLists(call: call).change(replaces: false)
            },
            CalendarRoute("calendarList.delete", "DELETE", one, write) {
                (call: Call) throws(GoogleFailure) in try CalendarLists(call: call).delete()
            },
        ]
    }()

    private static let calendarRoutes: [CalendarRoute] = {
        let one = "calendars/{calendarId}"
        let (read, write) = (Scopes.calendarsRead, Scopes.calendarsWrite)
        return [
            CalendarRoute("calendars.insert", "POST", "calendars", write) {
                (call: Call) throws(GoogleFailure) in try Calendars(call: call).insert()
            },
            CalendarRoute("calendars.get", "GET", one, read) {
                (call: Call) throws(GoogleFailure) in try Calendars(call: call).get()
            },
            CalendarRoute("calendars.update", "PUT", one, write) {
                (call: Call) throws(GoogleFailure) in
                try Calendars(call: call).change(replaces: true)
            },
            CalendarRoute("calendars.patch", "PATCH", one, write) {
                (call: Call) throws(GoogleFailure) in
                try Calendars(call: call).change(replaces: false)
            },
            CalendarRoute("calendars.delete", "DELETE", one, write) {
                (call: Call) throws(GoogleFailure) in try Calendars(call: call).delete()
            },
            CalendarRoute("calendars.clear", "POST", one + "/clear", Scopes.calendarsClear) {
                (call: Call) throws(GoogleFailure) in try Calendars(call: call).clear()
            },
        ]
    }()

    private static let eventRoutes: [CalendarRoute] = {
        let all = "calendars/{calendarId}/events"
        let one = all + "/{eventId}"
        let (read, write) = (Scopes.eventsRead, Scopes.eventsWrite)
        return [
            CalendarRoute("events.list", "GET", all, read) {
                (call: Call) throws(GoogleFailure) in try EventListing.list(call)
            },
            CalendarRoute("events.insert", "POST", all, write) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).insert()
            },
            CalendarRoute("events.import", "POST", all + "/import", write) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).importEvent()
            },
            CalendarRoute("events.quickAdd", "POST", all + "/quickAdd", write) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).quickAdd()
            },
            CalendarRoute("events.get", "GET", one, read) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).get()
            },
            CalendarRoute("events.update", "PUT", one, write) {
                (call: Call) throws(GoogleFailure) in
                try Events(call: call).change(replaces: true)
            },
            CalendarRoute("events.patch", "PATCH", one, write) {
                (call: Call) throws(GoogleFailure) in
                try Events(call: call).change(replaces: false)
            },
            CalendarRoute("events.delete", "DELETE", one, write) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).delete()
            },
            CalendarRoute("events.move", "POST", one + "/move", write) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).move()
            },
            CalendarRoute("events.instances", "GET", one + "/instances", read) {
                (call: Call) throws(GoogleFailure) in try EventInstanceListing(call).reply()
            },
        ]
    }()

    private static let accessRoutes: [CalendarRoute] = {
        let all = "calendars/{calendarId}/acl"
        let one = all + "/{ruleId}"
        let (read, write) = (Scopes.aclRead, Scopes.aclWrite)
        return [
            CalendarRoute("acl.list", "GET", all, read) {
                (call: Call) throws(GoogleFailure) in try AccessControl(call: call).list()
            },
            CalendarRoute("acl.insert", "POST", all, write) {
                (call: Call) throws(GoogleFailure) in try AccessControl(call: call).insert()
            },
            CalendarRoute("acl.get", "GET", one, read) {
                (call: Call) throws(GoogleFailure) in try AccessControl(call: call).get()
            },
            CalendarRoute("acl.update", "PUT", one, write) {
                (call: Call) throws(GoogleFailure) in
                try AccessControl(call: call).change(replaces: true)
            },
            CalendarRoute("acl.patch", "PATCH", one, write) {
                (call: Call) throws(GoogleFailure) in
                try AccessControl(call: call).change(replaces: false)
            },
            CalendarRoute("acl.delete", "DELETE", one, write) {
                (call: Call) throws(GoogleFailure) in try AccessControl(call: call).delete()
            },
        ]
    }()

    private static let otherRoutes: [CalendarRoute] = [
        CalendarRoute("settings.list", "GET", "users/me/settings", Scopes.settingsRead) {
            (call: Call) throws(GoogleFailure) in try CalendarSettings(call: call).list()
        },
        CalendarRoute("settings.get", "GET", "users/me/settings/{setting}", Scopes.settingsRead) {
            (call: Call) throws(GoogleFailure) in try CalendarSettings(call: call).get()
        },
        CalendarRoute("colors.get", "GET", "colors", Scopes.colors) {
            (call: Call) throws(GoogleFailure) in .json(Palette.resource)
        },
        CalendarRoute("freebusy.query", "POST", "freeBusy", Scopes.freeBusy) {
            (call: Call) throws(GoogleFailure) in try FreeBusy(call).reply()
        },
    ]
}
