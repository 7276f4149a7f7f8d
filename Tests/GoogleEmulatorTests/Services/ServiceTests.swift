import LosslessJSON
import Testing

@testable import GoogleEmulator

/// The seam on which the APIs stand, by means of one more of them.
@Suite struct ServiceTests {
    let local = Local.withNotes()

    @Test func `a further API is served, counted and logged`() {
        #expect(local.notes("POST", "notes", ["text": "milk"])["id"] == "1")
        #expect(local.notes("GET", "notes/1")["text"] == "milk")
        #expect(local.notes("GET", "notes/1?fields=id").json == ["id": "1"])
        #expect(local.notes("GET", "notes/1?fields=colour").status == 400)
        #expect(local.send("GET", "/notes/v1/notes/1").status == 403)
        let unknown = local.notes("GET", "nothing")
        #expect(unknown.status == 404)
        #expect(unknown.reason == "notFound")
        let counters = local.control("GET", "counters")
        #expect(counters["notes"] == 2)
        #expect(counters["requests"]?["notes"]?["notes.get"] == 4)
        #expect(counters["requests"]?["notes"]?["unknown"] == 1)
    }

    @Test func `its scopes are asked for in its own name`() throws {
        let token = try local.google.accessToken(
            for: "ada@example.com", scopes: ["https://www.googleapis.com/auth/contacts"])
        let answer = local.send(
            "GET", "/notes/v1/notes/0", headers: [("Authorization", "Bearer \(token)")])
        #expect(answer.status == 403)
        let metadata = answer.json["error"]?["details"]?[0]?["metadata"]
        #expect(metadata == ["service": "notes.googleapis.com", "method": "notes.notes.get"])
    }

    @Test func `faults hit it by its name`() throws {
        try local.google.addFault(.init(api: "notes", method: "notes.get", status: 503))
        #expect(local.get("colors").status == 200)
        #expect(local.notes("GET", "notes/0").reason == "backendError")
        #expect(local.google.requests.last?.fault == "fault-1")
    }

    @Test func `its batch reaches nobody else and nobody else's reaches it`() {
        func batch(_ path: String, _ line: String) -> Answer {
            local.send(
                "POST", path,
                headers: [
                    ("Content-Type", "multipart/mixed; boundary=b"),
                    ("Authorization", "Bearer token-ada"),
                ], body: "--b\r\n\r\n\(line) HTTP/1.1\r\n\r\n--b--\r\n")
        }
        #expect(batch("/batch/notes/v1", "GET /notes/v1/notes/0").text.contains("200 OK"))
        #expect(batch("/batch/notes/v1", "GET /calendar/v3/colors").text.contains("404 Not"))
        #expect(batch("/batch/calendar/v3", "GET /notes/v1/notes/0").text.contains("404 Not"))
    }

    @Test func `it is seeded, reset, expired and churned`() {
        #expect(local.control("POST", "seed", ["notes": ["a", "b"]]).status == 200)
        #expect(local.notes("GET", "notes/2")["text"] == "b")
        #expect(local.control("POST", "churn", ["shelf": "?"]).status == 200)
        #expect(local.notes("GET", "notes/2")["text"] == "b?")
        #expect(local.control("POST", "expire", ["what": "notes", "shelf": "x"]).status == 200)
        #expect(local.notes("GET", "notes/0").status == 404)
        #expect(local.control("POST", "expire", ["what": "notes", "calendar": "x"]).status == 400)
        #expect(local.control("POST", "reset").status == 200)
        #expect(local.notes("GET", "notes/0")["text"] == "welcome")
        #expect(local.control("GET", "notes/7")["asked"] == "7")
    }

    @Test func `its part of a snapshot is read before anything is replaced`() {
        let snapshot = local.control("GET", "snapshot").json
        _ = local.notes("POST", "notes", ["text": "later"])
        let event = local.event("Kept")
        var damaged = snapshot
        damaged["services"]?["notes"]?["notes"] = 5
        #expect(local.control("PUT", "snapshot", damaged).status == 400)
        #expect(local.get("calendars/primary/events").ids == [event])
        #expect(local.control("PUT", "snapshot", snapshot).status == 200)
        #expect(local.notes("GET", "notes/1").status == 404)
        #expect(local.get("calendars/primary/events").ids == [])
    }

    @Test(arguments: ServiceList.standard.all.map(\.name))
    func `every service keeps the promises of the seam`(name: String) throws {
        let service = try #require(ServiceList.standard[name])
        #expect(service.routes.allSatisfy { !$0.id.isEmpty && $0.template.count > 0 })
        #expect(!service.roots.isEmpty && service.roots.allSatisfy { $0.hasPrefix("/") })
        #expect(service.knownFailures.allSatisfy { !$0.statuses.isEmpty })
        let local = Local()
        let part = local.google.locked { service.snapshot(of: $0.world) }
        #expect((local.google.snapshot()["services"]?[name] != nil) == (part != nil))
        for root in service.roots {
            let answer = local.send("GET", root + "no/such/thing")
            #expect(answer.status == 404)
            #expect(local.google.requests.last?.api == name)
            let large = local.google.refuseBody(of: EmulatorRequest(method: "PUT", path: root))
            #expect(large.status == 413)
            #expect(!large.body.isEmpty)
        }
    }

    @Test func `what nobody owns is not found`() {
        let answer = local.send("GET", "/nowhere")
        #expect(answer.status == 404)
        #expect(answer.reason == "notFound")
        #expect(local.google.requests.last?.api == "unknown")
    }

    @Test func `a body that is too large gets the error of its API`() {
        let calendar = local.google.refuseBody(
            of: EmulatorRequest(method: "POST", path: "/calendar/v3/calendars/x/events"))
        #expect(Answer(raw: calendar).reason == "uploadTooLarge")
        let token = local.google.refuseBody(of: EmulatorRequest(method: "POST", path: "/token"))
        #expect(Answer(raw: token)["error"] == "request_too_large")
        let control = local.google.refuseBody(
            of: EmulatorRequest(method: "POST", path: "/_emulator/seed"))
        #expect(control.status == 413)
        #expect(Answer(raw: control)["error"]?["code"] == "tooLarge")
        #expect(local.google.requests.map(\.apiMethod) == ["events.insert", "token"])
    }
}

/// Requests for whose bodies there is no room.
@Suite struct CrowdTests {
    @Test(arguments: [
        "/calendar/v3/calendars/x/events", "/token", "/_emulator/seed", "/nowhere",
    ])
    func `a body for which there is no room is refused for now, in the words of its API`(
        path: String
    ) {
        let local = Local()
        let answer = Answer(
            raw: local.google.refuseForNow(EmulatorRequest(method: "POST", path: path)))
        #expect(answer.status == 503)
        #expect(answer.raw.header("Retry-After") == "1")
        switch path {
        case "/token": #expect(answer["error"] == "internal_failure")
        case "/_emulator/seed": #expect(answer["error"]?["code"] == "busy")
        default: #expect(answer.reason == "backendError")
        }
    }
}

/// Templates of paths.
@Suite struct RouteTests {
    @Test(arguments: [
        ("/a/{x}/c", "/a/b/c", "b"), ("/a/{x}/c", "/a/b%2Fd/c", "b/d"),
        ("/a/{x}:verb/c", "/a/b:verb/c", "b"), ("/a/{x}/c", "/a/b:verb/c", "b:verb"),
    ])
    func `a name takes one decoded part`(template: String, path: String, found: String) {
        let parts = PathTemplate.parts(of: path) ?? []
        #expect(PathTemplate(template).match(parts) == ["x": found])
    }

    @Test(arguments: [
        ("/a/{x}/c", "/a/b"), ("/a/{x}/c", "/a//c"), ("/a/{x}/c", "/a/%zz/c"),
        ("/a/{x}:verb", "/a/:verb"), ("/a/{x}:verb", "/a/b"), ("/a/{x}", "a/b"), ("/a", "/A"),
        ("/a/{x}", "/a/b/"),
    ])
    func `another path is no match`(template: String, path: String) {
        #expect(PathTemplate.parts(of: path).flatMap { PathTemplate(template).match($0) } == nil)
    }
}
