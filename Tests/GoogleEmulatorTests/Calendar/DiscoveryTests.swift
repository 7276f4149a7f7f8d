import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Holds the table of methods against Google's discovery document.
@Suite struct DiscoveryTests {
    private let routes = CalendarService().routes

    @Test func `every method has Google's path, verb and scopes`() {
        for route in routes {
            let method = Discovery.methods.first { $0.id == route.id }
            #expect(method?.verb == route.method, "\(route.id)")
            let path = method.map { "/calendar/v3/" + $0.path }
            #expect(path == route.template.text, "\(route.id)")
            #expect(method?.scopes.sorted() == route.scopes.sorted(), "\(route.id)")
            #expect(Set(route.scopes).count == route.scopes.count, "\(route.id)")
        }
        let served = Set(routes.map(\.id))
        #expect(served.count == routes.count)
        let missing = Discovery.methods.map(\.id).filter { !served.contains($0) }
        #expect(missing == [])
    }

    @Test func `fields may name what Google's schemas name`() {
        for method in Discovery.methods where method.answer != "-" {
            #expect(FieldSchema.calendar.answer(method.id) == method.answer)
        }
        for (schema, members) in Discovery.schemas {
            for member in members {
                let parts = member.split(separator: ":").map(String.init)
                let type = FieldSchema.calendar.type(of: parts[0], in: schema)
                #expect(type == (parts.count > 1 ? parts[1] : "Scalar"), "\(schema).\(parts[0])")
            }
        }
        // The entry repeats what everybody shares of its calendar.
        let extra: Set = ["labelProperties", "workingHours"]
        for (schema, members) in FieldSchema.calendar.types {
            let known = Set(
                (Discovery.schemas[schema] ?? []).compactMap {
                    $0.split(separator: ":").first.map(String.init)
                })
            let more = Set(members.keys).subtracting(known)
            #expect(more == (schema == "CalendarListEntry" ? extra : []), "\(schema)")
        }
    }

    /// A request that would succeed, but for the parameter that a test adds.
    private func request(
        _ method: Discovery.Method, _ local: Local
    ) -> (path: String, body: JSON?) {
        let event: JSON = [
            "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
            "recurrence": ["RRULE:FREQ=DAILY;COUNT=2"], "iCalUID": "u@example.net",
        ]
        let id =
            local.call("POST", "calendars/primary/events", event)["id"]?.string ?? "none"
        let path = method.path.replacing("{calendarId}", with: "primary")
            .replacing("{eventId}", with: id).replacing("{setting}", with: "locale")
            .replacing("{ruleId}", with: "user%3Aada%40example.com")
        var body: JSON?
        switch method.id {
        case "acl.insert", "acl.patch", "acl.update":
            body = ["role": "owner", "scope": ["type": "user", "value": "ada@example.com"]]
        case "calendarList.insert", "calendarList.patch", "calendarList.update":
            body = ["id": "primary"]
        case "events.insert", "events.import", "events.patch", "events.update":
            body = event
            if method.id != "events.import" { body?["iCalUID"] = nil }
        default: break
        }
        return (path, body)
    }

    @Test func `a value of another kind is refused for every parameter`() {
        let served = Set(routes.map(\.id))
        for method in Discovery.methods where served.contains(method.id) {
            for parameter in method.parameters
            where parameter.kind != .string && parameter.name != "alwaysIncludeEmail" {
                let local = Local()
                let (path, body) = request(method, local)
                var query = "?\(parameter.name)=nonsense"
                for other in method.parameters
                where other.isRequired && other.name != parameter.name {
                    query += "&\(other.name)=x"
                }
                let answer = local.call(method.verb, path + query, body)
                let place = "\(method.id) \(parameter.name): \(answer.text)"
                #expect(answer.status == 400, "\(place)")
                #expect(answer.reason == "invalidParameter", "\(place)")
                #expect(answer.location == parameter.name, "\(place)")
            }
        }
    }

    @Test func `a parameter that must be there is asked for`() {
        let served = Set(routes.map(\.id))
        for method in Discovery.methods where served.contains(method.id) {
            guard let needed = method.parameters.first(where: \.isRequired) else { continue }
            let local = Local()
            let (path, body) = request(method, local)
            let answer = local.call(method.verb, path, body)
            #expect(answer.reason == "required", "\(method.id)")
            #expect(answer.location == needed.name, "\(method.id)")
        }
    }

    @Test func `an app sees and changes the entries of the calendars that it made`() throws {
        let local = Local()
        let token = try local.google.accessToken(
            for: "ada@example.com", scopes: [Scopes.prefix + "calendar.app.created"])
        func call(_ method: String, _ path: String, _ body: String = "") -> Answer {
            local.send(
                method, "/calendar/v3/" + path, headers: [("Authorization", "Bearer \(token)")],
                body: body)
        }
        let made = call("POST", "calendars", #"{"summary":"Mine"}"#)["id"]?.string ?? ""
        let entry = "users/me/calendarList/" + PercentCoding.encode(made)
        #expect(call("GET", entry).status == 200)
        #expect(call("PATCH", entry, #"{"hidden":true}"#)["hidden"] == true)
        #expect(call("GET", "users/me/calendarList/primary").status == 404)
        #expect(call("GET", "users/me/calendarList").status == 403)
        #expect(call("GET", "colors").status == 200)
    }

    @Test(arguments: [
        ("newDataOwner=grace%40example.com&useAdminAccess=true", 403, "forbidden"),
        ("newDataOwner=grace%40example.com&useAdminAccess=false", 400, "invalidParameter"),
        ("useAdminAccess=true", 400, "required"),
    ])
    func `nobody here is an administrator`(query: String, status: Int, reason: String) {
        let local = Local()
        let answer = local.call("POST", "calendars/primary/transferOwnership?" + query)
        #expect(answer.status == status)
        #expect(answer.reason == reason)
    }
}
