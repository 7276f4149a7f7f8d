import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Failures on purpose.
@Suite struct FaultTests {
    let local = Local()

    private func list() -> Answer { local.get("calendars/primary/events") }

    @Test func `a fault hits the nth matching requests and is over`() throws {
        try local.google.addFault(
            .init(api: "calendar", method: "events.list", nth: 2, times: 2, status: 500))
        #expect((0..<5).map { _ in list().status } == [200, 500, 500, 200, 200])
    }

    @Test func `of two faults of one request the second one follows`() throws {
        try local.google.addFault(.init(method: "events.list", status: 500))
        try local.google.addFault(.init(method: "events.list", status: 503))
        #expect((0..<3).map { _ in list().status } == [500, 503, 200])
    }

    @Test func `of faults that overlap each has its turn`() throws {
        try local.google.addFault(.init(times: 3, status: 503))
        try local.google.addFault(.init(nth: 2, times: 2, status: 500))
        #expect((0..<6).map { _ in list().status } == [503, 503, 503, 500, 500, 200])
    }

    @Test func `faults may wait for ever and last for ever`() throws {
        try local.google.addFault(.init(nth: 2, times: .max, status: 500))
        try local.google.addFault(.init(nth: .max, times: .max, status: 503))
        try local.google.addFault(.init(times: .max, status: 429))
        #expect((0..<5).map { _ in list().status } == [429, 500, 500, 500, 500])
        #expect(local.control("GET", "faults").items.count == 3)
    }

    @Test(arguments: [
        LocalGoogle.Fault(), .init(method: "events.list"), .init(retryAfter: 5),
        .init(retryAfter: 5, body: "x"), .init(status: 503, cut: .before),
        .init(status: 503, cut: .after), .init(method: "event.list", status: 503),
        .init(method: "Events.List", status: 503),
        .init(api: "oauth", method: "events.list", status: 500),
        .init(status: 503, retryAfterForm: .date), .init(api: "oauth", page: .again),
        .init(api: "drive", page: .empty), .init(method: "events.insert", page: .again),
        .init(method: "delete", page: .again),
    ])
    func `a fault that would do nothing is refused`(fault: LocalGoogle.Fault) {
        #expect(throws: LocalGoogleError.self) { try local.google.addFault(fault) }
    }

    @Test(arguments: [
        LocalGoogle.Fault(page: .again), .init(method: "get", page: .empty),
        .init(api: "calendar", method: "events.instances", page: .noItems),
        .init(status: 503, retryAfter: 1, retryAfterForm: .date),
    ])
    func `a fault that may find its request waits for it`(fault: LocalGoogle.Fault) throws {
        try local.google.addFault(fault)
        #expect(local.control("GET", "faults").items.count == 1)
    }

    @Test func `api, method and path all have to match`() throws {
        try local.google.addFault(
            .init(api: "calendar", method: "post", path: "/events/[^/]+/move$", status: 503))
        _ = local.event("One")
        #expect(list().status == 200)
        #expect(local.call("POST", "calendars/primary/events/x/move").status == 503)
        try local.google.addFault(.init(api: "oauth", status: 500))
        #expect(list().status == 200)
        let token = local.post("/token", [("grant_type", "refresh_token")])
        #expect(token.status == 500)
        #expect(token["error"] == "internal_failure")
    }

    static let bodies: [(Int?, String?, Int, String, String, String)] = [
        (429, nil, 429, "usageLimits", "rateLimitExceeded", "Rate Limit Exceeded"),
        (nil, "rateLimitExceeded", 403, "usageLimits", "rateLimitExceeded", "Rate Limit Exceeded"),
        (
            403, "userRateLimitExceeded", 403, "usageLimits", "userRateLimitExceeded",
            "User Rate Limit Exceeded"
        ),
        (
            403, "quotaExceeded", 403, "usageLimits", "quotaExceeded",
            "Calendar usage limits exceeded."
        ),
        (503, nil, 503, "global", "backendError", "Backend Error"),
        (500, "backendError", 500, "global", "backendError", "Backend Error"),
        (404, nil, 404, "global", "notFound", "Not Found"),
        (409, "conflict", 409, "global", "conflict", "Conflict"),
        (
            410, nil, 410, "calendar", "fullSyncRequired",
            "Sync token is no longer valid, a full sync is required."
        ),
        (412, nil, 412, "global", "conditionNotMet", "Precondition Failed"),
    ]

    @Test(arguments: bodies.indices)
    func `errors look like Google's`(index: Int) throws {
        let (status, reason, expected, domain, name, message) = Self.bodies[index]
        try local.google.addFault(.init(status: status, reason: reason))
        let answer = list()
        #expect(answer.status == expected)
        #expect(answer.domain == domain)
        #expect(answer.reason == name)
        #expect(answer.message == message)
        #expect(answer.json["error"]?["code"]?.int == Int64(expected))
    }

    @Test func `an expired token can be played`() throws {
        try local.google.addFault(.init(status: 401))
        let answer = list()
        #expect(answer.status == 401)
        #expect(answer.raw.header("WWW-Authenticate") != nil)
    }

    @Test func `Retry-After, delay and a body of one's own are sent`() throws {
        try local.google.addFault(
            .init(status: 429, retryAfter: 7, delayMilliseconds: 250, body: "<html>busy</html>"))
        let answer = list()
        #expect(answer.raw.header("Retry-After") == "7")
        #expect(answer.raw.delayMilliseconds == 250)
        #expect(answer.text == "<html>busy</html>")
        try local.google.addFault(.init(delayMilliseconds: 100))
        let delayed = list()
        #expect(delayed.status == 200)
        #expect(delayed.raw.delayMilliseconds == 100)
    }

    @Test func `a cut before loses the request, a cut after the answer`() throws {
        let body: JSON = ["start": ["date": "2026-11-10"], "end": ["date": "2026-11-11"]]
        for (cut, count) in [(EmulatorResponse.Cut.before, 0), (.after, 1)] {
            try local.google.addFault(.init(method: "events.insert", cut: cut))
            let answer = local.call("POST", "calendars/primary/events", body)
            #expect(answer.raw.cut == cut)
            #expect(list().items.count == count)
        }
        #expect(local.google.requests.map(\.status) == [0, 200, 200, 200])
    }

    @Test func `faults can be taken back`() throws {
        let first = try local.google.addFault(.init(times: 100, status: 500))
        let second = try local.google.addFault(.init(times: 100, status: 503))
        #expect(list().status == 500)
        #expect(local.google.removeFault(first))
        #expect(!local.google.removeFault(first))
        #expect(list().status == 503)
        #expect(local.google.removeFault(second))
        try local.google.addFault(.init(times: 100, status: 500))
        #expect(local.google.removeFault())
        #expect(list().status == 200)
    }

    @Test func `the body can be cut or made unreadable`() throws {
        try local.google.addFault(.init(cut: .within(bytes: 7)))
        let cut = list()
        #expect(cut.raw.cut == .within(bytes: 7))
        #expect(cut.status == 200)
        let whole = list()
        try local.google.addFault(.init(isGarbage: true))
        let garbage = list()
        #expect(garbage.status == 200)
        #expect(garbage.raw.body.count == whole.raw.body.count)
        #expect(garbage.json == .null)
        #expect(String(validating: garbage.raw.body, as: UTF8.self) == nil)
        let body: JSON = ["truncate": 3, "status": 503]
        #expect(local.control("POST", "faults", body).status == 200)
        let refused = list()
        #expect(refused.status == 503)
        #expect(refused.raw.cut == .within(bytes: 3))
        #expect(local.control("POST", "faults", ["truncate": 3, "cut": "after"]).status == 400)
    }

    static let unknown: [LocalGoogle.Fault] = [
        .init(reason: "tooHot"), .init(api: "calendar", reason: "invalid_grant"),
        .init(api: "oauth", reason: "rateLimitExceeded"), .init(status: 404, reason: "duplicate"),
        .init(status: 418), .init(status: 200), .init(api: "calendar", status: 428),
        .init(reason: "tooHot", body: "{}"),
    ]

    @Test(arguments: unknown.indices)
    func `an error that Google does not know is refused with those that it knows`(index: Int) {
        let error = #expect(throws: LocalGoogleError.self) {
            try local.google.addFault(Self.unknown[index])
        }
        #expect(error?.code == .invalidCommand)
        guard Self.unknown[index].reason != "duplicate" else {
            #expect(error?.message == "duplicate comes with 409, not with 404.")
            return
        }
        let isOAuth = Self.unknown[index].api == "oauth"
        let example = isOAuth ? "invalid_grant (400)" : "badRequest (400)"
        #expect(error?.message.contains(example) == true)
        #expect(error?.message.contains("'tandem emulator fault reasons'") == true)
    }

    @Test func `every error that a fault can play is listed, and can be asked for`() throws {
        let items = local.control("GET", "reasons").items
        let ofOAuth = local.control("GET", "reasons?api=oauth").items
        #expect(ofOAuth == items.filter { $0["apis"]?.array?.contains("oauth") == true })
        #expect(local.control("GET", "reasons?api=foo").status == 400)
        #expect(
            items.contains {
                $0["reason"] == "rateLimitExceeded" && $0["statuses"] == [403, 429]
                    && $0["apis"]?.array?.contains("calendar") == true
            })
        for item in items {
            for status in item["statuses"]?.array ?? [] {
                for api in item["apis"]?.array ?? [] {
                    let fault: JSON = [
                        "api": api, "status": status, "reason": item["reason"] ?? .null,
                    ]
                    #expect(local.control("POST", "faults", fault).status == 200)
                }
            }
        }
    }

    @Test func `every error that is known can be played`() throws {
        for service in ServiceList.standard.all {
            for known in service.knownFailures {
                for status in known.statuses {
                    try local.google.addFault(
                        .init(api: service.name, status: status, reason: known.reason))
                }
            }
        }
        #expect(local.google.removeFault())
        for known in APIFailures.known {
            for status in known.statuses {
                try local.google.addFault(
                    .init(api: "calendar", status: status, reason: known.reason))
                let answer = list()
                #expect(answer.status == status)
                #expect(answer.reason == known.reason)
                #expect(answer.json["error"]?["code"]?.int == Int64(status))
            }
        }
    }

    @Test func `a reason hits only the API that knows it`() throws {
        try local.google.addFault(.init(reason: "invalid_grant"))
        #expect(list().status == 200)
        let token = local.post("/token", [("grant_type", "refresh_token")])
        #expect(token.status == 400)
        #expect(token["error"] == "invalid_grant")
    }

    static let authorize =
        "/o/oauth2/v2/auth?client_id=desktop&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2F"
        + "&response_type=code&scope=email&state=s1"

    @Test(arguments: ["access_denied", "server_error", "login_required"])
    func `the authorization page sends the browser back with an error`(reason: String) throws {
        try local.google.addFault(.init(api: "oauth", reason: reason))
        let answer = local.send("GET", Self.authorize)
        #expect(answer.status == 302)
        #expect(answer.raw.header("Location") == "http://127.0.0.1:9/?state=s1&error=\(reason)")
    }

    @Test func `a fault of userinfo is answered as a bad token is`() throws {
        func ask(_ token: String) -> Answer {
            local.send("GET", "/v1/userinfo", headers: [("Authorization", "Bearer \(token)")])
        }
        let bad = ask("bad")
        try local.google.addFault(.init(api: "oauth", status: 401))
        let fault = ask("token-ada")
        #expect(fault.status == 401)
        #expect(fault.json == bad.json)
        #expect(
            fault.raw.header("WWW-Authenticate") == bad.raw.header("WWW-Authenticate"))
        #expect(ask("token-ada").status == 200)
    }

    static let signInErrors: [(JSON, method: String, target: String, status: Int, body: JSON)] = [
        (
            ["reason": "rate_limit_exceeded"], "POST", "/device/code", 403,
            ["error_code": "rate_limit_exceeded"]
        ),
        (
            ["status": 429], "POST", "/device/code", 429, ["error_code": "rate_limit_exceeded"]
        ),
        (
            ["status": 400], "POST", "/revoke", 400,
            ["error": "invalid_token", "error_description": "Token expired or revoked"]
        ),
        (
            ["status": 400], "GET", "/tokeninfo", 400,
            ["error": "invalid_token", "error_description": "Invalid Value"]
        ),
        (
            ["reason": "invalid_token"], "GET", "/oauth2/v3/tokeninfo", 400,
            ["error": "invalid_token", "error_description": "Invalid Value"]
        ),
        (
            ["reason": "invalid_rapt"], "POST", "/token", 400,
            [
                "error": "invalid_grant",
                "error_description": "reauth related error (invalid_rapt)",
                "error_subtype": "invalid_rapt",
            ]
        ),
        (
            ["reason": "server_error", "status": 502], "POST", "/token", 502,
            ["error": "server_error"]
        ),
        (
            ["reason": "temporarily_unavailable", "status": 500], "POST", "/token", 500,
            ["error": "temporarily_unavailable"]
        ),
    ]

    @Test(arguments: signInErrors.indices)
    func `errors of the sign-in look like Google's`(index: Int) {
        let (fault, method, target, status, body) = Self.signInErrors[index]
        #expect(local.control("POST", "faults", fault).status == 200)
        let answer = local.send(method, target)
        #expect(answer.status == status)
        #expect(answer.json == body)
    }

    @Test(arguments: ["invalid_request", "invalid_token", nil])
    func `userinfo says in one way that a token is bad`(reason: String?) throws {
        let headers = [(name: "Authorization", value: "Bearer token-ada")]
        try local.google.addFault(
            .init(api: "oauth", method: "userinfo", times: 2, status: 401, reason: reason))
        let answer = local.send("GET", "/oauth2/v3/userinfo", headers: headers)
        #expect(
            answer.json
                == ["error": "invalid_request", "error_description": "Invalid Credentials"])
        #expect(
            answer.raw.header("WWW-Authenticate")?.contains("error=\"invalid_token\"") == true)
        let old = local.send("GET", "/oauth2/v2/userinfo", headers: headers)
        #expect(old.reason == "authError")
    }

    @Test func `what must not be redirected is a page`() throws {
        for (target, status, reason) in [
            (Self.authorize, 400, "invalid_scope"), (Self.authorize, 500, nil),
            (Self.authorize, 403, "org_internal"), ("/o/oauth2/v2/auth", 403, "access_denied"),
            ("/device", 429, nil),
        ] {
            try local.google.addFault(.init(api: "oauth", status: status, reason: reason))
            let answer = local.send("GET", target)
            #expect(answer.status == status)
            #expect(answer.raw.header("Content-Type") == "text/html; charset=utf-8")
        }
    }

    @Test func `not more faults wait than there is room for`() throws {
        for _ in 0..<FaultList.limit { try local.google.addFault(.init(status: 500)) }
        let error = #expect(throws: LocalGoogleError.self) {
            try local.google.addFault(.init(status: 500))
        }
        #expect(error?.code == .limitReached)
        #expect(local.control("POST", "faults", ["status": 500]).status == 429)
        #expect(list().status == 500)
        try local.google.addFault(.init(status: 503))
    }

    static let senseless: [LocalGoogle.Fault] = [
        .init(cut: .within(bytes: -1)), .init(status: 429, retryAfter: -1),
        .init(nth: 0), .init(times: 0), .init(status: 99), .init(status: 600),
        .init(delayMilliseconds: -1), .init(path: "("), .init(api: "mail"),
    ]

    @Test(arguments: senseless.indices)
    func `senseless faults are refused`(index: Int) {
        #expect(throws: LocalGoogleError.self) {
            try local.google.addFault(Self.senseless[index])
        }
    }
}
