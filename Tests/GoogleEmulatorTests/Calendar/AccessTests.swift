import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Roles, access rules and scopes of the Calendar contract.
@Suite struct AccessTests {
    let local = Local()
    private let hers = "calendars/ada%40example.com/events"

    private func scoped(_ scopes: String..., user: String = "ada") throws -> String {
        try local.google.accessToken(
            for: "\(user)@example.com",
            scopes: scopes.map { "https://www.googleapis.com/auth/" + $0 })
    }

    private func call(_ method: String, _ path: String, token: String, body: String = "") -> Answer
    {
        local.send(
            method, "/calendar/v3/" + path, headers: [("Authorization", "Bearer \(token)")],
            body: body)
    }

    @Test func `a calendar that was not shared is not found`() {
        #expect(local.get(hers, as: "grace").status == 404)
        #expect(local.get("calendars/ada%40example.com", as: "grace").status == 404)
    }

    @Test(arguments: [
        ("reader", 403), ("freeBusyReader", 403), ("writerWithoutPrivateAccess", 200),
        ("writer", 200), ("owner", 200),
    ])
    func `writing needs a writer's role`(role: String, status: Int) {
        share(local, with: "grace", as: role)
        let body: JSON = ["start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"]]
        let answer = local.call("POST", hers, body, as: "grace")
        #expect(answer.status == status)
        if status == 403 {
            #expect(answer.reason == "requiredAccessLevel")
            #expect(answer.message == "You need to have writer access to this calendar.")
        }
        let list = local.get(hers, as: "grace")
        #expect(list["accessRole"]?.string == role)
    }

    @Test func `a writer acts with the organizer's rights`() {
        let id = local.event("One")
        share(local, with: "grace", as: "writer")
        let answer = local.call("PATCH", "\(hers)/\(id)", ["summary": "Two"], as: "grace")
        #expect(answer["summary"] == "Two")
        #expect(answer["organizer"]?["email"] == "ada@example.com")
    }

    @Test(arguments: [("freeBusyReader", true), ("reader", true), ("writer", false)])
    func `private events show others only that one is busy`(role: String, hides: Bool) {
        let secret = local.event("Secret", ["visibility": "private", "location": "Bank"])
        let open = local.event("Open")
        share(local, with: "grace", as: role)
        let answer = local.get("\(hers)/\(secret)", as: "grace")
        #expect((answer["summary"] == nil) == hides)
        #expect((answer["location"] == nil) == hides)
        #expect(answer["visibility"] == "private")
        #expect(answer["start"] != nil)
        let list = local.get(hers, as: "grace").items
        #expect(list.count == 2)
        #expect((titled("Secret", in: list) == nil) == hides)
        let plain = local.get("\(hers)/\(open)", as: "grace")
        #expect((plain["summary"] == nil) == (role == "freeBusyReader"))
        #expect(local.get("\(hers)?q=secret", as: "grace").items.count == (hides ? 0 : 1))
    }

    @Test func `a writer without private access cannot touch private events`() {
        let id = local.event("Secret", ["visibility": "private"])
        share(local, with: "grace", as: "writerWithoutPrivateAccess")
        let answer = local.call("PATCH", "\(hers)/\(id)", ["summary": "Two"], as: "grace")
        #expect(answer.reason == "requiredAccessLevel")
        #expect(local.get("\(hers)/\(id)", as: "grace")["summary"] == nil)
    }

    @Test func `a writer without private access imports nothing over private events`() {
        let single = local.event("Secret", ["visibility": "private", "iCalUID": "s@example.net"])
        let series = local.event(
            "Secrets",
            [
                "visibility": "private", "iCalUID": "d@example.net",
                "start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"],
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
            ])
        share(local, with: "grace", as: "writerWithoutPrivateAccess")
        let over = json(
            #"{"start":{"date":"2026-12-10"},"end":{"date":"2026-12-11"},"summary":"Taken"}"#)
        var whole = over
        whole["iCalUID"] = "s@example.net"
        var instance = over
        instance["iCalUID"] = "d@example.net"
        instance["recurringEventId"] = .string(series)
        instance["originalStartTime"] = ["date": "2026-11-11"]
        for body in [whole, instance] {
            let answer = local.call("POST", "\(hers)/import", body, as: "grace")
            #expect(answer.status == 403)
            #expect(answer.reason == "requiredAccessLevel")
        }
        #expect(local.get("\(hers)/\(single)")["summary"] == "Secret")
        #expect(local.get("\(hers)/\(series)_20261111")["summary"] == "Secrets")
        var new = over
        new["iCalUID"] = "n@example.net"
        #expect(local.call("POST", "\(hers)/import", new, as: "grace").status == 200)
    }

    @Test func `rules for domains and for everybody give roles`() {
        let path = "calendars/primary/acl"
        _ = local.call(
            "POST", path,
            ["scope": ["type": "domain", "value": "example.com"], "role": "reader"])
        #expect(local.get(hers, as: "grace")["accessRole"] == "reader")
        #expect(local.get(hers, as: "linus").status == 404)
        let rule = local.call(
            "POST", path, ["scope": ["type": "default"], "role": "freeBusyReader"])
        #expect(rule["id"] == "default")
        #expect(rule["scope"] == ["type": "default"])
        #expect(local.get(hers, as: "linus")["accessRole"] == "freeBusyReader")
    }

    @Test func `everybody cannot own a calendar`() {
        let path = "calendars/primary/acl"
        func rule(_ role: JSON) -> JSON { ["scope": ["type": "default"], "role": role] }
        #expect(local.call("POST", path, rule("owner")).reason == "invalid")
        #expect(local.get(path).items.count == 1)
        #expect(local.call("POST", path, rule("reader")).status == 200)
        for method in ["PATCH", "PUT"] {
            #expect(local.call(method, path + "/default", rule("owner")).reason == "invalid")
        }
        #expect(local.get(path + "/default")["role"] == "reader")
    }

    @Test func `rules are listed, changed and removed`() {
        share(local, with: "grace", as: "reader")
        let path = "calendars/primary/acl"
        let list = local.get(path)
        #expect(list["kind"] == "calendar#acl")
        #expect(list.ids == ["user:ada@example.com", "user:grace@example.com"])
        let token = list["nextSyncToken"]?.string ?? ""
        let one = path + "/user%3Agrace%40example.com"
        #expect(local.get(one)["role"] == "reader")
        #expect(local.call("PATCH", one, ["role": "writer"])["role"] == "writer")
        #expect(local.call("PUT", one, ["role": "reader"])["role"] == "reader")
        share(local, with: "grace", as: "writer")
        #expect(local.get(path).ids.count == 2)
        #expect(local.call("DELETE", one).status == 204)
        #expect(local.get(one).status == 404)
        #expect(local.get(path).ids == ["user:ada@example.com"])
        let delta = local.get("\(path)?syncToken=\(token)")
        #expect(delta.items.map { $0["role"] } == ["none"])
        #expect(local.get("\(path)?showDeleted=true").items.count == 2)
    }

    @Test func `bad rules and the last owner are refused`() {
        let path = "calendars/primary/acl"
        #expect(local.call("POST", path, ["role": "reader"]).reason == "required")
        #expect(local.call("POST", path, ["scope": ["type": "default"]]).reason == "required")
        let bad: [JSON] = [
            ["scope": ["type": "planet"], "role": "reader"],
            ["scope": ["type": "user"], "role": "reader"],
            ["scope": ["type": "default"], "role": "king"],
        ]
        for body in bad { #expect(local.call("POST", path, body).reason == "invalid") }
        let last = local.call("DELETE", path + "/user%3Aada%40example.com")
        #expect(last.status == 403)
        #expect(local.get(path).items.count == 1)
    }

    @Test func `the data owner stays an owner beside others, and hears why`() {
        share(local, with: "grace", as: "owner")
        let path = "calendars/ada%40example.com/acl/user%3Aada%40example.com"
        let answers = [
            local.call("DELETE", path), local.call("DELETE", path, as: "grace"),
            local.call("PATCH", path, ["role": "writer"], as: "grace"),
        ]
        for answer in answers {
            #expect(answer.status == 403)
            #expect(answer.reason == "forbidden")
            #expect(answer.message == "The data owner of a calendar remains its owner.")
        }
        #expect(local.get(path)["role"] == "owner")
    }

    @Test func `only owners change rules and only writers see them`() {
        share(local, with: "grace", as: "writer")
        let path = "calendars/ada%40example.com/acl"
        #expect(local.get(path, as: "grace").status == 200)
        let body: JSON = ["scope": ["type": "default"], "role": "reader"]
        #expect(local.call("POST", path, body, as: "grace").reason == "requiredAccessLevel")
        share(local, with: "grace", as: "reader")
        #expect(local.get(path, as: "grace").reason == "requiredAccessLevel")
    }

    @Test func `a bad switch stops a rule before it is written`() {
        let rule: JSON = [
            "scope": ["type": "user", "value": "grace@example.com"], "role": "reader",
        ]
        let answer = local.call("POST", "calendars/primary/acl?sendNotifications=maybe", rule)
        #expect(answer.location == "sendNotifications")
        #expect(local.get(hers, as: "grace").status == 404)
    }

    @Test func `who loses every role loses the calendar from the list`() {
        share(local, with: "grace", as: "reader")
        let lists = "users/me/calendarList"
        _ = local.call("POST", lists, ["id": "ada@example.com"], as: "grace")
        let token = local.get(lists, as: "grace")["nextSyncToken"]?.string ?? ""
        _ = local.call("DELETE", "calendars/primary/acl/user%3Agrace%40example.com")
        #expect(local.get(hers, as: "grace").status == 404)
        let delta = local.get("\(lists)?syncToken=\(token)", as: "grace")
        #expect(delta.items.map { $0["deleted"] } == [true])
    }

    @Test func `sharing is told by mail unless that is switched off`() {
        let path = "calendars/primary/acl"
        let body: JSON = [
            "scope": ["type": "user", "value": "grace@example.com"], "role": "reader",
        ]
        _ = local.call("POST", path + "?sendNotifications=false", body)
        #expect(local.google.mails == 0)
        _ = local.call("DELETE", path + "/user%3Agrace%40example.com")
        _ = local.call("POST", path, body)
        #expect(local.google.mails == 1)
    }

    @Test func `each change of a user's rule is told, whatever other rules give`() {
        let path = "calendars/primary/acl"
        let one = path + "/user%3Agrace%40example.com"
        let changes: [(method: String, path: String, role: JSON, mails: Int64)] = [
            ("POST", path, "writer", 1), ("POST", path, "writer", 1), ("POST", path, "reader", 2),
            ("PATCH", one, "owner", 3), ("PUT", one, "reader", 4), ("PUT", one, "reader", 4),
            ("PATCH", one + "?sendNotifications=false", "writer", 4), ("PATCH", one, "none", 4),
        ]
        // Everybody in the domain could do as much already.
        let all: JSON = ["scope": ["type": "domain", "value": "example.com"], "role": "owner"]
        #expect(local.call("POST", path, all).status == 200)
        for change in changes {
            let body: JSON = [
                "scope": ["type": "user", "value": "Grace@example.com"], "role": change.role,
            ]
            #expect(local.call(change.method, change.path, body).status == 200)
            #expect(local.google.mails == change.mails, "\(change)")
        }
    }

    @Test func `groups, domains and who changes the own rule get no mail`() {
        let path = "calendars/ada%40example.com/acl"
        for (type, value) in [("group", "team@example.com"), ("domain", "example.org")] {
            let scope: JSON = ["type": .string(type), "value": .string(value)]
            let answer = local.call("POST", path, ["scope": scope, "role": "reader"])
            #expect(answer.status == 200)
        }
        share(local, with: "grace", as: "owner")
        #expect(local.google.mails == 1)
        let own = path + "/user%3Agrace%40example.com"
        #expect(local.call("PATCH", own, ["role": "writer"], as: "grace").status == 200)
        #expect(local.google.mails == 1)
    }

    @Test func `without a token nobody is known`() {
        let answer = local.send("GET", "/calendar/v3/calendars/primary/events")
        #expect(answer.status == 403)
        #expect(answer.json["error"]?["status"] == "PERMISSION_DENIED")
        #expect(answer.message?.hasPrefix("Method doesn't allow unregistered callers") == true)
        #expect(answer.reason == "forbidden")
    }

    @Test func `a bad token is 401 with its header`() {
        for header in ["Bearer wrong", "Basic abc", "Bearer"] {
            let answer = local.send(
                "GET", "/calendar/v3/colors", headers: [("Authorization", header)])
            #expect(answer.status == 401)
            #expect(answer.reason == "authError")
            #expect(answer.location == "Authorization")
            #expect(answer.json["error"]?["status"] == "UNAUTHENTICATED")
            #expect(answer.json["error"]?["errors"]?[0]?["message"] == "Invalid Credentials")
            #expect(
                answer.raw.header("WWW-Authenticate")?.contains("error=\"invalid_token\"") == true)
        }
    }

    @Test func `a token in the query is taken, too`() {
        #expect(local.send("GET", "/calendar/v3/colors?access_token=token-ada").status == 200)
        #expect(local.send("GET", "/calendar/v3/colors?oauth_token=token-ada").status == 200)
    }

    @Test func `a missing scope is 403 and says which`() throws {
        let token = try scoped("calendar.readonly")
        #expect(call("GET", "calendars/primary/events", token: token).status == 200)
        let answer = call("POST", "calendars/primary/events", token: token, body: "{}")
        #expect(answer.status == 403)
        #expect(answer.reason == "insufficientPermissions")
        #expect(answer.message == "Request had insufficient authentication scopes.")
        let header = answer.raw.header("WWW-Authenticate") ?? ""
        #expect(header.contains("insufficient_scope"))
        #expect(header.contains("auth/calendar.events"))
        #expect(
            answer.json["error"]?["details"]?[0]?["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    }

    @Test(arguments: [
        ("calendar.events", "GET", "calendars/primary/events", 200),
        ("calendar.events", "GET", "users/me/calendarList", 403),
        ("calendar.calendarlist.readonly", "GET", "users/me/calendarList", 200),
        ("calendar.calendarlist.readonly", "DELETE", "users/me/calendarList/x", 403),
        ("calendar.settings.readonly", "GET", "users/me/settings", 200),
        ("calendar.freebusy", "GET", "calendars/primary/events", 403),
        ("calendar.acls.readonly", "GET", "calendars/primary/acl", 200),
        ("calendar.calendars.readonly", "GET", "calendars/primary", 200),
        ("calendar.readonly", "GET", "colors", 200),
        ("calendar.events.readonly", "GET", "colors", 403),
        ("drive", "GET", "colors", 403),
    ])
    func `each method names the scopes that suffice`(
        scope: String, method: String, path: String, status: Int
    ) throws {
        #expect(call(method, path, token: try scoped(scope)).status == status)
    }

    @Test func `narrow event scopes narrow the calendars`() throws {
        share(local, with: "grace", as: "writer")
        let owned = try scoped("calendar.events.owned", user: "grace")
        #expect(call("GET", "calendars/primary/events", token: owned).status == 200)
        #expect(call("GET", hers, token: owned).status == 404)
        _ = local.event("Secret title")
        let busy = try scoped("calendar.events.freebusy")
        let list = call("GET", "calendars/primary/events", token: busy)
        #expect(list.items.count == 1)
        #expect(list.items.first?["summary"] == nil)
        let made = try scoped("calendar.app.created")
        #expect(call("GET", "calendars/primary/events", token: made).status == 404)
        let calendar = call("POST", "calendars", token: made, body: "{\"summary\":\"Mine\"}")
        let id = PercentCoding.encode(calendar["id"]?.string ?? "")
        #expect(call("GET", "calendars/\(id)/events", token: made).status == 200)
    }

    @Test func `access tokens die after an hour on the clock`() throws {
        let token = try scoped("calendar")
        #expect(call("GET", "colors", token: token).status == 200)
        local.clock.advance(seconds: 3598)
        #expect(call("GET", "colors", token: token).status == 200)
        local.clock.advance(seconds: 1)
        #expect(call("GET", "colors", token: token).status == 401)
        #expect(local.get("colors").status == 200)
    }
}
