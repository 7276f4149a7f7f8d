import LosslessJSON
import Testing

@testable import GoogleEmulator

/// The control API over HTTP.
@Suite struct ControlAPITests {
    let local = Local()

    @Test func `requests are listed in full and can be forgotten`() {
        _ = local.get("calendars/ada%40example.com/events?maxResults=5")
        let items = local.control("GET", "requests").items
        #expect(items.count == 1)
        let item = items.first ?? .null
        #expect(item["api"] == "calendar")
        #expect(item["apiMethod"] == "events.list")
        #expect(item["method"] == "GET")
        #expect(item["path"] == "/calendar/v3/calendars/ada%40example.com/events")
        #expect(item["query"] == "maxResults=5")
        #expect(item["status"] == 200)
        #expect(item["at"] == "2026-11-09T08:00:00.000Z")
        #expect(item["bytes"]?.int ?? 0 > 100)
        #expect(item["durationMs"]?.double ?? -1 >= 0)
        #expect(local.control("DELETE", "requests").status == 204)
        #expect(local.control("GET", "requests").items.isEmpty)
    }

    @Test(arguments: [
        ("", 4), ("api=calendar", 3), ("method=events.list", 1), ("method=post", 2),
        ("status=404", 1), ("api=oauth&status=200", 0), ("method=unknown", 1), ("api=people", 0),
    ])
    func `requests are chosen by API, method and status`(query: String, count: Int) {
        _ = local.event("One")
        _ = local.get("calendars/primary/events")
        _ = local.get("nonsense")
        _ = local.post("/token", [])
        #expect(local.control("GET", "requests?" + query).items.count == count)
    }

    @Test func `requests are followed by the number of the last one`() {
        _ = local.get("colors")
        #expect(local.control("GET", "requests")["last"] == 1)
        _ = local.control("DELETE", "requests")
        #expect(local.control("GET", "requests?after=1").items.isEmpty)
        _ = local.get("colors")
        _ = local.event("One")
        let more = local.control("GET", "requests?after=1&method=POST")
        #expect(more.items.map { $0["apiMethod"] } == ["events.insert"])
        #expect(more["last"] == 3)
        #expect(local.control("GET", "requests?after=2").items.count == 1)
        #expect(local.control("GET", "requests?after=99").items.isEmpty)
        #expect(local.control("GET", "requests?after=-1").status == 400)
        local.google.reset()
        #expect(local.control("GET", "requests?after=3")["last"] == 0)
    }

    @Test(arguments: [
        ("api=foo", "no API 'foo'"), ("api=calender", "Did you mean 'calendar'?"),
        ("method=event.list", "Did you mean 'events.list'?"), ("method=nonsense", "Known are"),
        ("api=oauth&method=events.list", "no method"), ("status=many", "a whole number"),
        ("methods=GET", "Did you mean 'method'?"),
    ])
    func `a name that no request can have is refused`(query: String, part: String) {
        let refused = local.control("GET", "requests?" + query)
        #expect(refused.status == 400)
        #expect(refused.message?.contains(part) == true, "\(refused.text)")
    }

    @Test func `a name that is nearly right is asked back`() {
        let body = local.control("POST", "switches", ["batchlimit": 2])
        #expect(
            body.message == "\"batchlimit\" is unknown here. Did you mean 'batchLimit'? "
                + "'tandem emulator switches' lists them all.")
        let fault = local.control("POST", "faults", ["method": "event.list", "status": 503])
        #expect(fault.message == "There is no method 'event.list'. Did you mean 'events.list'?")
        let none = local.control(
            "POST", "faults", ["api": "drive", "method": "files.list", "status": 503])
        #expect(none.message?.hasSuffix("name one of HTTP's own.") == true, "\(none.text)")
        let other = local.control("POST", "faults", ["statsu": 503])
        #expect(other.message?.contains("Did you mean 'status'?") == true)
    }

    @Test func `counters count by API and method`() {
        _ = local.event("One")
        _ = local.get("colors")
        _ = local.get("colors")
        _ = local.post("/token", [])
        _ = local.get("nonsense")
        let counters = local.control("GET", "counters")
        #expect(counters["requests"]?["calendar"]?["colors.get"] == 2)
        #expect(counters["requests"]?["calendar"]?["events.insert"] == 1)
        #expect(counters["requests"]?["calendar"]?["unknown"] == 1)
        #expect(counters["requests"]?["oauth"]?["token"] == 1)
        #expect(counters["events"] == 1)
        #expect(counters["mails"] == 0)
    }

    @Test func `faults are armed and disarmed`() {
        let body = json(
            #"""
            {"api":"calendar","method":"GET","path":"/events$","nth":1,"times":5,"status":429,
             "reason":"rateLimitExceeded","retryAfter":3,"delayMs":10,"body":{"a":1}}
            """#)
        let id = local.control("POST", "faults", body)["id"]?.string ?? ""
        let hit = local.get("calendars/primary/events")
        #expect(hit.status == 429)
        #expect(hit.json == ["a": 1])
        #expect(hit.raw.delayMilliseconds == 10)
        #expect(local.control("DELETE", "faults/\(id)").status == 204)
        #expect(local.control("DELETE", "faults/\(id)").status == 404)
        #expect(local.get("calendars/primary/events").status == 200)
        #expect(local.control("POST", "faults", ["cut": "sideways"]).status == 400)
        #expect(local.control("POST", "faults", ["nth": "x"]).status == 400)
        #expect(local.control("POST", "faults", ["cut": "after"]).status == 200)
        #expect(local.control("DELETE", "faults").status == 204)
    }

    @Test func `faults that wait are listed as they were sent`() throws {
        let sent: [JSON] = [
            [
                "api": "calendar", "method": "events.list", "path": "/events$", "nth": 2,
                "times": 3, "status": 429, "reason": "rateLimitExceeded", "retryAfter": 7,
            ],
            ["delayMs": 20, "cut": "before", "nth": 9], ["nth": 9, "cut": "after"],
            ["nth": 9, "truncate": 5, "garbage": true], ["nth": 9, "status": 200, "body": "<p>"],
            ["nth": 9, "status": 503, "retryAfter": 5, "retryAfterForm": "date"],
            ["nth": 9, "page": "again"],
        ]
        for fault in sent { #expect(local.control("POST", "faults", fault).status == 200) }
        _ = local.get("calendars/primary/events")
        let items = local.control("GET", "faults").items
        #expect(items.count == sent.count)
        for (fault, item) in zip(sent, items) {
            for member in fault.object ?? [:] { #expect(item[member.key] == member.value) }
        }
        #expect(items.first?["id"] == "fault-1")
        #expect(items.map { $0["seen"] } == [1, 1, 1, 1, 1, 1, 1])
        // What is listed can be sent again, but for what only the list knows.
        var again = try #require(items.first?.object)
        for name in ["id", "seen"] { again.removeValue(forKey: name) }
        #expect(local.control("POST", "faults", .object(again)).status == 200)
    }

    @Test func `every answer ends its line`() {
        for path in ["counters", "nothing", "snapshot"] {
            #expect(local.control("GET", path).text.hasSuffix("}\n"))
        }
    }

    @Test func `every answer says which commands are known`() {
        let version = String(LocalGoogle.controlProtocol)
        for path in ["counters", "nothing", "clock"] {
            let answer = local.control("GET", path)
            #expect(answer.raw.header("Local-Google-Protocol") == version)
        }
        #expect(local.get("colors").raw.header("Local-Google-Protocol") == nil)
    }

    @Test func `the clock is set, advanced and made real again`() {
        let set = local.control("POST", "clock", ["set": "2030-01-01T00:00:00Z"])
        #expect(set["now"] == "2030-01-01T00:00:00.000Z")
        local.clock.advance(seconds: 1)
        #expect(local.control("GET", "clock")["now"] == "2030-01-01T00:00:01.000Z")
        let moved = local.control("POST", "clock", ["advance": 90.5])
        #expect(moved["now"] == "2030-01-01T00:01:31.500Z")
        let real = local.control("POST", "clock", ["real": true])
        #expect(real["now"] == "2026-11-09T08:00:01.000Z")
        let bad: [JSON] = [
            [:], ["set": "tomorrow"], ["advance": 1e30], ["advance": "x"], ["real": false],
            ["set": "2030-01-01T00:00:00Z", "advance": 1],
        ]
        for body in bad { #expect(local.control("POST", "clock", body).status == 400) }
    }

    @Test(arguments: ["0005-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z", "9890-01-01T00:00:01Z"])
    func `a time that cannot be told is no time for the clock`(time: String) throws {
        let answer = local.control("POST", "clock", ["set": .string(time)])
        #expect(answer.status == 400)
        let message = answer["error"]?["message"]?.string ?? ""
        #expect(message.contains("0006-01-01T00:00:00Z to 9890-01-01T00:00:00Z"))
        #expect(local.google.clock == StillClock.start)
        let moment = try #require(Stamp.milliseconds(time))
        let seconds = JSONNumber((moment - StillClock.start) / 1000 - (moment < 0 ? 1 : 0))
        let moved = local.control("POST", "clock", ["advance": .number(seconds)])
        #expect(moved["error"]?["message"]?.string == message)
        #expect(throws: LocalGoogleError.self) { try local.google.setClock(moment) }
        #expect(throws: LocalGoogleError.self) { try local.google.setClock(.min) }
        #expect(throws: LocalGoogleError.self) {
            try local.google.advanceClock(milliseconds: .max)
        }
    }

    @Test func `expire and churn need sense`() {
        #expect(local.control("POST", "expire", ["what": "access-tokens"]).status == 200)
        #expect(local.control("POST", "expire", ["what": "milk"]).status == 400)
        let nobody: JSON = ["what": "calendar-cursors", "user": "nobody@example.com"]
        #expect(local.control("POST", "expire", nobody).status == 404)
        #expect(local.control("POST", "churn", [:]).status == 200)
        #expect(local.control("POST", "churn", ["calendar": "Nowhere"]).status == 404)
    }

    @Test func `reset goes back to the start`() throws {
        let before = local.get("users/me/calendarList").items
        let id = local.event("One")
        try local.google.addFault(.init(nth: 5, status: 500))
        try local.google.advanceClock(milliseconds: 1000)
        #expect(local.control("POST", "reset").status == 200)
        #expect(local.google.clock == StillClock.start)
        #expect(local.google.requests.isEmpty)
        #expect(local.get("users/me/calendarList").items == before)
        #expect(local.event("One") == id)
    }

    @Test(arguments: [#"{"user":"ada@example.com"}"#, #"{"hard":true}"#, "[]", "5", "{"])
    func `a reset of a part is refused, because there is only a reset of everything`(
        body: String
    ) {
        let id = local.event("Kept")
        let answer = local.send(
            "POST", "/_emulator/reset", headers: [("Host", "localhost")], body: body)
        #expect(answer.status == 400)
        #expect(answer["error"]?["code"] == "invalidCommand")
        #expect(answer["error"]?["message"]?.string?.isEmpty == false)
        #expect(local.get("calendars/primary/events").ids == [id])
        #expect(local.control("POST", "reset", [:]).status == 200)
        #expect(local.get("calendars/primary/events").ids.isEmpty)
    }

    static let refusedHeaders: [[(name: String, value: String)]] = [
        [], [("Host", "www.googleapis.com")], [("Host", "127.0.0.1.evil.example")],
        [("Host", "localhost:8085"), ("Origin", "https://evil.example")],
        [("Host", "[::2]:80")], [("Host", "127.0.0.1"), ("Origin", "null")],
    ]

    @Test(arguments: refusedHeaders.indices)
    func `other hosts and pages from elsewhere are refused`(index: Int) {
        let answer = local.send(
            "POST", "/_emulator/reset", headers: Self.refusedHeaders[index])
        #expect(answer.status == 403)
    }

    @Test(arguments: ["127.0.0.1", "localhost:1", "[::1]:8085", "127.0.0.1:65535"])
    func `loopback names are served`(host: String) {
        let headers = [(name: "Host", value: host), (name: "Origin", value: "http://localhost:3")]
        #expect(local.send("GET", "/_emulator/counters", headers: headers).status == 200)
    }

    @Test func `what is not there or no JSON is said so`() {
        #expect(local.control("GET", "nothing").status == 404)
        let answer = local.send(
            "POST", "/_emulator/seed", headers: [("Host", "localhost")], body: "{")
        #expect(answer.status == 400)
        #expect(answer["error"]?["message"]?.string?.contains("not JSON") == true)
    }

    @Test(arguments: [
        ("faults", "{\"stauts\":500}", "stauts"), ("clock", "{\"sett\":1}", "sett"),
        ("expire", "{\"what\":\"access-tokens\",\"users\":\"x\"}", "users"),
        ("churn", "{\"contact\":1}", "contact"), ("switches", "{\"magic\":true}", "magic"),
    ])
    func `an unknown member is refused by its name`(path: String, body: String, name: String) {
        let answer = local.control("POST", path, json(body))
        #expect(answer.status == 400)
        #expect(answer["error"]?["code"] == "invalidCommand")
        #expect(answer["error"]?["message"]?.string?.contains("\"\(name)\"") == true)
    }

    @Test(arguments: [
        ("expire", "{\"what\":5}"), ("expire", "{\"what\":\"access-tokens\",\"user\":5}"),
        ("expire", "{\"what\":\"access-tokens\",\"calendar\":\"primary\"}"),
        ("churn", "{\"calendar\":5}"), ("faults", "{\"api\":5}"), ("faults", "{\"garbage\":1}"),
        ("conferences", "{\"outcome\":\"maybe\"}"), ("clock", "[]"),
    ])
    func `a member of the wrong kind is refused`(path: String, body: String) {
        #expect(local.control("POST", path, json(body)).status == 400)
    }

    @Test func `a wrong method is told apart from a wrong path`() {
        let answer = local.control("PUT", "clock")
        #expect(answer.status == 405)
        #expect(answer.raw.header("Allow") == "GET, POST")
        #expect(answer["error"]?["code"] == "methodNotAllowed")
        let missing = local.control("GET", "nothing")
        #expect(missing["error"]?["code"] == "notFound")
        let far = local.send("GET", "/_emulator/clock")
        #expect(far["error"]?["code"] == "forbidden")
    }

    @Test func `cursors of an API that is not there yet can be expired`() {
        #expect(local.control("POST", "expire", ["what": "people-cursors"]).status == 200)
        #expect(local.control("GET", "counters")["contacts"] == 0)
    }

    @Test func `the control API is neither counted nor hit by faults`() throws {
        try local.google.addFault(.init(times: 100, status: 500))
        #expect(local.control("GET", "counters").status == 200)
        #expect(local.google.requests.isEmpty)
    }
}
