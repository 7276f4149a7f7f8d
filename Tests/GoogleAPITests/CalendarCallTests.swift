import GoogleAPI
import LosslessJSON
import Testing
import WebClient

/// One row: a call, and how it must look on the wire.
struct CallRow: Sendable, CustomTestStringConvertible {
    let name: String
    let method: String
    /// Below `https://www.googleapis.com/calendar/v3`, the standard fields left out.
    let target: String
    let body: String?
    let make: @Sendable () throws -> CalendarCall

    init(
        _ name: String, _ method: String, _ target: String, body: String? = nil,
        _ make: @escaping @Sendable () throws -> CalendarCall
    ) {
        self.name = name
        self.method = method
        self.target = target
        self.body = body
        self.make = make
    }

    var testDescription: String { "\(name) \(target)" }
}

struct CalendarCallTests {
    static let calendar = "ada@example.com"

    static let eventRows: [CallRow] = [
        CallRow("events.list", "GET", "/calendars/ada%40example.com/events") {
            try .listEvents(of: calendar)
        },
        CallRow("events.get", "GET", "/calendars/primary/events/e1") {
            try .getEvent("e1", in: "primary")
        },
        CallRow(
            "events.get", "GET", "/calendars/p/events/e1?maxAttendees=1&timeZone=Europe%2FParis"
        ) {
            try .getEvent("e1", in: "p", maxAttendees: 1, timeZone: "Europe/Paris")
        },
        CallRow("events.insert", "POST", "/calendars/p/events?sendUpdates=none", body: "{\"a\":1}")
        {
            try .insertEvent(["a": 1], into: "p")
        },
        CallRow(
            "events.import", "POST",
            "/calendars/p/events/import?conferenceDataVersion=1&supportsAttachments=true",
            body: "{\"iCalUID\":\"u\"}"
        ) {
            try .importEvent(
                ["iCalUID": "u"], into: "p",
                .init(conferenceDataVersion: 1, supportsAttachments: true))
        },
        CallRow(
            "events.patch", "PATCH",
            "/calendars/p/events/e_20261122T070000Z?sendUpdates=all&conferenceDataVersion=1"
                + "&eventLabelVersion=1&maxAttendees=3&supportsAttachments=false&fields=id%2Cetag",
            body: "{\"x\":null}"
        ) {
            try .patchEvent(
                "e_20261122T070000Z", in: "p", with: ["x": .null],
                .init(
                    sendUpdates: .everyone, conferenceDataVersion: 1, eventLabelVersion: 1,
                    maxAttendees: 3, supportsAttachments: false, fields: "id,etag"))
        },
        CallRow(
            "events.update", "PUT", "/calendars/p/events/e?sendUpdates=externalOnly", body: "{}"
        ) {
            try .updateEvent("e", in: "p", to: [:], .init(sendUpdates: .externalOnly))
        },
        CallRow("events.delete", "DELETE", "/calendars/p/events/e?sendUpdates=none") {
            try .deleteEvent("e", in: "p")
        },
        CallRow(
            "events.move", "POST",
            "/calendars/p/events/e/move?destination=c_1%40group.calendar.google.com&sendUpdates=none",
            body: ""
        ) {
            try .moveEvent("e", from: "p", to: "c_1@group.calendar.google.com")
        },
        CallRow(
            "events.quickAdd", "POST",
            "/calendars/p/events/quickAdd?text=Lunch%20%26%20talk%201pm%3F&sendUpdates=all",
            body: ""
        ) {
            try .quickAddEvent("Lunch & talk 1pm?", to: "p", sendUpdates: .everyone)
        },
        CallRow("events.instances", "GET", "/calendars/p/events/e/instances") {
            try .listInstances(of: "e", in: "p")
        },
    ]

    static let calendarRows: [CallRow] = [
        CallRow("calendarList.list", "GET", "/users/me/calendarList") { try .listCalendarList() },
        CallRow("calendarList.get", "GET", "/users/me/calendarList/ada%40example.com") {
            try .getCalendarListEntry(calendar)
        },
        CallRow(
            "calendarList.insert", "POST", "/users/me/calendarList?colorRgbFormat=true",
            body: "{\"id\":\"x\"}"
        ) {
            try .insertCalendarListEntry(["id": "x"], colorsAsRGB: true)
        },
        CallRow("calendarList.patch", "PATCH", "/users/me/calendarList/x", body: "{}") {
            try .patchCalendarListEntry("x", with: [:])
        },
        CallRow(
            "calendarList.update", "PUT", "/users/me/calendarList/x?colorRgbFormat=false",
            body: "{}"
        ) {
            try .updateCalendarListEntry("x", to: [:], colorsAsRGB: false)
        },
        CallRow("calendarList.delete", "DELETE", "/users/me/calendarList/x") {
            try .deleteCalendarListEntry("x")
        },
        CallRow(
            "calendars.get", "GET", "/calendars/de.german%23holiday%40group.v.calendar.google.com"
        ) {
            try .getCalendar("de.german#holiday@group.v.calendar.google.com")
        },
        CallRow("calendars.insert", "POST", "/calendars", body: "{\"summary\":\"s\"}") {
            try .insertCalendar(["summary": "s"])
        },
        CallRow("calendars.patch", "PATCH", "/calendars/a%20b", body: "{}") {
            try .patchCalendar("a b", with: [:])
        },
        CallRow("calendars.update", "PUT", "/calendars/a%2Fb", body: "{}") {
            try .updateCalendar("a/b", to: [:])
        },
        CallRow("calendars.delete", "DELETE", "/calendars/x") { try .deleteCalendar("x") },
        CallRow("calendars.clear", "POST", "/calendars/primary/clear", body: "") {
            try .clearCalendar("primary")
        },
        CallRow("colors.get", "GET", "/colors") { try .getColors() },
        CallRow("freebusy.query", "POST", "/freeBusy", body: "{\"timeMin\":\"t\"}") {
            try .queryFreeBusy(["timeMin": "t"])
        },
        CallRow("acl.list", "GET", "/calendars/p/acl") { try .listRules(of: "p") },
        CallRow("acl.get", "GET", "/calendars/p/acl/user%3Abob%40example.com") {
            try .getRule("user:bob@example.com", of: "p")
        },
        CallRow("acl.insert", "POST", "/calendars/p/acl?sendNotifications=false", body: "{}") {
            try .insertRule([:], into: "p")
        },
        CallRow("acl.patch", "PATCH", "/calendars/p/acl/default?sendNotifications=true", body: "{}")
        {
            try .patchRule("default", of: "p", with: [:], mails: true)
        },
        CallRow("acl.update", "PUT", "/calendars/p/acl/default?sendNotifications=false", body: "{}")
        {
            try .updateRule("default", of: "p", to: [:])
        },
        CallRow("acl.delete", "DELETE", "/calendars/p/acl/domain%3Aexample.com") {
            try .deleteRule("domain:example.com", of: "p")
        },
        CallRow("settings.list", "GET", "/users/me/settings") { try .listSettings() },
        CallRow("settings.get", "GET", "/users/me/settings/timezone") {
            try .getSetting("timezone")
        },
    ]

    @Test(arguments: eventRows + calendarRows)
    func `each method has Google's path, query and body`(row: CallRow) async throws {
        let google = ScriptedGoogle(answers: [.json("{\"id\":\"x\"}")])
        let call = try row.make()
        try await google.calendar.send(call)
        let sent = try #require(google.requests.first)
        #expect(google.requests.count == 1)
        #expect(call.call.name == row.name)
        #expect(sent.method == row.method)
        let mark = row.target.contains("?") ? "&" : "?"
        #expect(
            sent.url.text == "https://www.googleapis.com/calendar/v3\(row.target)"
                + "\(mark)alt=json&prettyPrint=false")
        #expect(sent.headers["Authorization"] == "Bearer token-1")
        #expect(sent.headers["Accept"] == "application/json")
        #expect(sent.body.map { String(decoding: $0, as: UTF8.self) } == row.body)
        let type = row.body.map { $0.isEmpty ? nil : "application/json; charset=UTF-8" } ?? nil
        #expect(sent.headers["Content-Type"] == type)
    }

    @Test func `every parameter of a listing is sent`() throws {
        var query = EventsQuery()
        query.eventTypes = ["default", "focusTime"]
        query.iCalUID = "u@x"
        query.maxAttendees = 1
        query.maxResults = 2500
        query.orderBy = .startTime
        query.pageToken = "p=1"
        query.privateExtendedProperties = ["a=b", "c=d"]
        query.sharedExtendedProperties = ["e=f"]
        query.q = "two words"
        query.showDeleted = true
        query.showHiddenInvitations = false
        query.singleEvents = true
        query.syncToken = "CAIQ=="
        query.timeMax = "2026-11-22T00:00:00+01:00"
        query.timeMin = "2026-11-21T00:00:00Z"
        query.timeZone = "UTC"
        query.updatedMin = "2026-11-20T00:00:00Z"
        query.fields = "items(id),nextPageToken"
        let fields = try CalendarCall.listEvents(of: "p", query).call.query
        #expect(
            fields.map { "\($0.name)=\($0.value)" } == [
                "eventTypes=default", "eventTypes=focusTime", "iCalUID=u@x", "maxAttendees=1",
                "maxResults=2500", "orderBy=startTime", "pageToken=p=1",
                "privateExtendedProperty=a=b", "privateExtendedProperty=c=d",
                "sharedExtendedProperty=e=f", "q=two words", "showDeleted=true",
                "showHiddenInvitations=false", "singleEvents=true", "syncToken=CAIQ==",
                "timeMax=2026-11-22T00:00:00+01:00", "timeMin=2026-11-21T00:00:00Z",
                "timeZone=UTC", "updatedMin=2026-11-20T00:00:00Z",
                "fields=items(id),nextPageToken",
            ])
    }

    @Test func `the other listings send theirs`() throws {
        var list = CalendarListQuery()
        (list.maxResults, list.minAccessRole, list.pageToken) = (250, "owner", "p")
        (list.showDeleted, list.showHidden, list.showOwnOrganizationOnly) = (true, true, false)
        (list.syncToken, list.fields) = ("s", "items")
        #expect(
            try CalendarCall.listCalendarList(list).call.query.map { "\($0.name)=\($0.value)" } == [
                "maxResults=250", "minAccessRole=owner", "pageToken=p", "showDeleted=true",
                "showHidden=true", "showOwnOrganizationOnly=false", "syncToken=s", "fields=items",
            ])
        var instances = InstancesQuery()
        (instances.maxAttendees, instances.maxResults, instances.originalStart) = (1, 2, "o")
        (instances.pageToken, instances.showDeleted, instances.timeMax) = ("p", false, "x")
        (instances.timeMin, instances.timeZone, instances.fields) = ("m", "z", "f")
        #expect(
            try CalendarCall.listInstances(of: "e", in: "p", instances).call.query
                .map { "\($0.name)=\($0.value)" } == [
                    "maxAttendees=1", "maxResults=2", "originalStart=o", "pageToken=p",
                    "showDeleted=false", "timeMax=x", "timeMin=m", "timeZone=z", "fields=f",
                ])
        var rules = CalendarPageQuery()
        (rules.maxResults, rules.pageToken, rules.showDeleted) = (250, "p", true)
        (rules.syncToken, rules.fields) = ("s", "f")
        #expect(
            try CalendarCall.listRules(of: "c", rules).call.query.map { "\($0.name)=\($0.value)" }
                == ["maxResults=250", "pageToken=p", "showDeleted=true", "syncToken=s", "fields=f"])
    }

    @Test(arguments: ["", ".", "..", String(repeating: "x", count: 2049)])
    func `an id that would name something else never reaches Google`(id: String) {
        let makers: [() throws -> CalendarCall] = [
            { try .listEvents(of: id) }, { try .getEvent(id, in: "p") },
            { try .getEvent("e", in: id) }, { try .patchEvent(id, in: "p", with: [:]) },
            { try .deleteEvent(id, in: "p") }, { try .deleteCalendar(id) },
            { try .clearCalendar(id) }, { try .deleteCalendarListEntry(id) },
            { try .deleteRule(id, of: "p") }, { try .getSetting(id) },
            { try .moveEvent(id, from: "p", to: "q") },
        ]
        for make in makers {
            let error = #expect(throws: GoogleError.self) { try make() }
            #expect(error?.code == .invalidCall)
            #expect(error?.mayHaveBeenApplied == false)
        }
    }

    @Test func `conditions travel as headers`() async throws {
        let google = ScriptedGoogle(answers: [.json("{}")])
        try await google.calendar.send(
            try .patchEvent("e", in: "p", with: [:], ifMatch: "\"35\""))
        try await google.calendar.send(try .updateEvent("e", in: "p", to: [:], ifMatch: "\"36\""))
        try await google.calendar.send(try .deleteEvent("e", in: "p", ifMatch: "\"37\""))
        try await google.calendar.send(try .getEvent("e", in: "p", ifNoneMatch: "\"38\""))
        #expect(
            google.requests.map { $0.headers["If-Match"] } == ["\"35\"", "\"36\"", "\"37\"", nil])
        #expect(google.requests.last?.headers["If-None-Match"] == "\"38\"")
    }

    @Test func `an etag that would break the header never reaches the network`() async throws {
        let google = ScriptedGoogle(answers: [.json("{}")])
        let call = try CalendarCall.deleteEvent("e", in: "p", ifMatch: "x\r\nHost: evil")
        let error = await #expect(throws: GoogleError.self) { try await google.calendar.send(call) }
        #expect(error?.code == .invalidCall)
        #expect(error?.mayHaveBeenApplied == false)
        #expect(google.requests.isEmpty)
    }

    @Test func `everything can go to a local Google instead`() async throws {
        let endpoints = try GoogleEndpoints(loopback: "http://127.0.0.1:8123")
        let google = ScriptedGoogle(answers: [.json("{\"items\":[]}")])
        let client = GoogleClient(
            gate: google.gate, endpoints: endpoints, tokens: TokenSource(fixed: "t"),
            now: { Fixtures.now })
        _ = try await CalendarAPI(client: client).listEvents(of: "a@b")
        #expect(
            google.requests.first?.url.text
                == "http://127.0.0.1:8123/calendar/v3/calendars/a%40b/events"
                + "?alt=json&prettyPrint=false")
        #expect(endpoints.calendarBatch.text == "http://127.0.0.1:8123/batch/calendar/v3")
        #expect(endpoints.authorization.text == "http://127.0.0.1:8123/o/oauth2/v2/auth")
        #expect(endpoints.token.text == "http://127.0.0.1:8123/token")
        #expect(endpoints.revoke.text == "http://127.0.0.1:8123/revoke")
        #expect(endpoints.deviceCode.text == "http://127.0.0.1:8123/device/code")
        #expect(endpoints.userInfo.text == "http://127.0.0.1:8123/oauth2/v3/userinfo")
    }

    @Test(arguments: [
        "http://10.0.0.1:1", "https://evil.example", "http://localhost.evil:1", "", "127.0.0.1:1",
        "http://127.0.0.1:1/?x=1", "http://user@127.0.0.1:1", "file:///x",
    ])
    func `a local Google anywhere else is refused`(base: String) {
        let error = #expect(throws: GoogleError.self) { try GoogleEndpoints(loopback: base) }
        #expect(error?.code == .invalidCall)
    }
}
