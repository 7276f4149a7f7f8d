/// The methods of the Calendar API.
enum CalendarRoutes {
    /// Every method that is served, with the scopes that Google's discovery document names.
    static let all: [Route] =
        eventRoutes + calendarListRoutes + calendarRoutes + accessRoutes + otherRoutes + pushRoutes

    private typealias Call = APICall
    private static let gate = CalendarService.gate

    private static let calendarListRoutes: [Route] = {
        let one = "users/me/calendarList/{calendarId}"
        let (read, write) = (Scopes.calendarListRead, Scopes.calendarListWrite)
        return [
            gate.route("calendarList.list", "GET", "users/me/calendarList", read) {
                (call: Call) throws(GoogleFailure) in try CalendarLists(call: call).list()
            },
            gate.route("calendarList.insert", "POST", "users/me/calendarList", write) {
                (call: Call) throws(GoogleFailure) in try CalendarLists(call: call).insert()
            },
            gate.route("calendarList.get", "GET", one, Scopes.calendarListEntryRead) {
                (call: Call) throws(GoogleFailure) in try CalendarLists(call: call).get()
            },
            gate.route("calendarList.update", "PUT", one, Scopes.calendarListEntryWrite) {
                (call: Call) throws(GoogleFailure) in
                try CalendarLists(call: call).change(replaces: true)
            },
            gate.route("calendarList.patch", "PATCH", one, Scopes.calendarListEntryWrite) {
                (call: Call) throws(GoogleFailure) in
                try CalendarLists(call: call).change(replaces: false)
            },
            gate.route("calendarList.delete", "DELETE", one, Scopes.calendarListEntryWrite) {
                (call: Call) throws(GoogleFailure) in try CalendarLists(call: call).delete()
            },
        ]
    }()

    private static let calendarRoutes: [Route] = {
        let one = "calendars/{calendarId}"
        let (read, write) = (Scopes.calendarsRead, Scopes.calendarsWrite)
        return [
            gate.route("calendars.insert", "POST", "calendars", write) {
                (call: Call) throws(GoogleFailure) in try Calendars(call: call).insert()
            },
            gate.route("calendars.get", "GET", one, read) {
                (call: Call) throws(GoogleFailure) in try Calendars(call: call).get()
            },
            gate.route("calendars.update", "PUT", one, write) {
                (call: Call) throws(GoogleFailure) in
                try Calendars(call: call).change(replaces: true)
            },
            gate.route("calendars.patch", "PATCH", one, write) {
                (call: Call) throws(GoogleFailure) in
                try Calendars(call: call).change(replaces: false)
            },
            gate.route("calendars.delete", "DELETE", one, write) {
                (call: Call) throws(GoogleFailure) in try Calendars(call: call).delete()
            },
            gate.route("calendars.clear", "POST", one + "/clear", Scopes.calendarsClear) {
                (call: Call) throws(GoogleFailure) in try Calendars(call: call).clear()
            },
            gate.route(
                "calendars.transferOwnership", "POST", one + "/transferOwnership",
                Scopes.calendarsClear
            ) {
                (call: Call) throws(GoogleFailure) in
                try Calendars(call: call).transferOwnership()
            },
        ]
    }()

    private static let eventRoutes: [Route] = {
        let all = "calendars/{calendarId}/events"
        let one = all + "/{eventId}"
        let (read, write) = (Scopes.eventsRead, Scopes.eventsWrite)
        return [
            gate.route("events.list", "GET", all, read) {
                (call: Call) throws(GoogleFailure) in try EventListing.list(call)
            },
            gate.route("events.insert", "POST", all, write) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).insert()
            },
            gate.route("events.import", "POST", all + "/import", write) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).importEvent()
            },
            gate.route("events.quickAdd", "POST", all + "/quickAdd", write) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).quickAdd()
            },
            gate.route("events.get", "GET", one, read) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).get()
            },
            gate.route("events.update", "PUT", one, write) {
                (call: Call) throws(GoogleFailure) in
                try Events(call: call).change(replaces: true)
            },
            gate.route("events.patch", "PATCH", one, write) {
                (call: Call) throws(GoogleFailure) in
                try Events(call: call).change(replaces: false)
            },
            gate.route("events.delete", "DELETE", one, write) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).delete()
            },
            gate.route("events.move", "POST", one + "/move", Scopes.eventsMove) {
                (call: Call) throws(GoogleFailure) in try Events(call: call).move()
            },
            gate.route("events.instances", "GET", one + "/instances", read) {
                (call: Call) throws(GoogleFailure) in try EventInstanceListing(call).reply()
            },
        ]
    }()

    private static let accessRoutes: [Route] = {
        let all = "calendars/{calendarId}/acl"
        let one = all + "/{ruleId}"
        let (read, write) = (Scopes.aclRead, Scopes.aclWrite)
        return [
            gate.route("acl.list", "GET", all, read) {
                (call: Call) throws(GoogleFailure) in try AccessControl(call: call).list()
            },
            gate.route("acl.insert", "POST", all, write) {
                (call: Call) throws(GoogleFailure) in try AccessControl(call: call).insert()
            },
            gate.route("acl.get", "GET", one, Scopes.aclRuleRead) {
                (call: Call) throws(GoogleFailure) in try AccessControl(call: call).get()
            },
            gate.route("acl.update", "PUT", one, write) {
                (call: Call) throws(GoogleFailure) in
                try AccessControl(call: call).change(replaces: true)
            },
            gate.route("acl.patch", "PATCH", one, write) {
                (call: Call) throws(GoogleFailure) in
                try AccessControl(call: call).change(replaces: false)
            },
            gate.route("acl.delete", "DELETE", one, write) {
                (call: Call) throws(GoogleFailure) in try AccessControl(call: call).delete()
            },
        ]
    }()

    private static let otherRoutes: [Route] = [
        gate.route("settings.list", "GET", "users/me/settings", Scopes.settingsRead) {
            (call: Call) throws(GoogleFailure) in try CalendarSettings(call: call).list()
        },
        gate.route("settings.get", "GET", "users/me/settings/{setting}", Scopes.settingsRead) {
            (call: Call) throws(GoogleFailure) in try CalendarSettings(call: call).get()
        },
        gate.route("colors.get", "GET", "colors", Scopes.colors) {
            (call: Call) throws(GoogleFailure) in .json(Palette.resource)
        },
        gate.route("freebusy.query", "POST", "freeBusy", Scopes.freeBusy) {
            (call: Call) throws(GoogleFailure) in try FreeBusy(call).reply()
        },
    ]
}
