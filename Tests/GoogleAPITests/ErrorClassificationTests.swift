import GoogleAPI
import LosslessJSON
import Testing
import WebClient

/// One row: what Google answers, and what it must be called.
struct ErrorRow: Sendable, CustomTestStringConvertible {
    let status: Int
    let reason: String
    let domain: String
    let location: String?
    let code: GoogleError.Code
    /// Whether a write so refused may have happened.
    let isUncertain: Bool

    init(
        _ status: Int, _ reason: String, _ code: GoogleError.Code, domain: String = "global",
        location: String? = nil, isUncertain: Bool = false
    ) {
        self.status = status
        self.reason = reason
        self.code = code
        self.domain = domain
        self.location = location
        self.isUncertain = isUncertain
    }

    var testDescription: String { "\(status) \(reason) → \(code)" }
}

struct ErrorClassificationTests {
    static let rows: [ErrorRow] = [
        ErrorRow(400, "required", .badRequest),
        ErrorRow(400, "invalid", .badRequest),
        ErrorRow(400, "badRequest", .badRequest),
        ErrorRow(400, "parseError", .badRequest),
        ErrorRow(400, "invalidParameter", .badRequest, location: "fields"),
        ErrorRow(400, "syncTokenWithRequestRestrictions", .badRequest),
        ErrorRow(400, "channelIdNotUnique", .badRequest),
        ErrorRow(400, "timeRangeEmpty", .timeRangeEmpty, domain: "calendar", location: "timeMax"),
        ErrorRow(400, "invalid", .fullSyncRequired, location: "syncToken"),
        ErrorRow(401, "authError", .unauthorized, location: "Authorization"),
        ErrorRow(401, "required", .unauthorized),
        ErrorRow(403, "rateLimitExceeded", .rateLimited, domain: "usageLimits"),
        ErrorRow(403, "userRateLimitExceeded", .rateLimited, domain: "usageLimits"),
        ErrorRow(403, "quotaExceeded", .quotaExceeded, domain: "usageLimits"),
        ErrorRow(403, "dailyLimitExceeded", .dailyLimitExceeded, domain: "usageLimits"),
        ErrorRow(403, "forbiddenForNonOrganizer", .forbidden, domain: "calendar"),
        ErrorRow(403, "forbidden", .forbidden),
        ErrorRow(403, "requiredAccessLevel", .forbidden),
        ErrorRow(403, "insufficientPermissions", .insufficientScope),
        ErrorRow(403, "accessNotConfigured", .serviceDisabled, domain: "usageLimits"),
        ErrorRow(403, "storageQuotaExceeded", .storageFull),
        ErrorRow(403, "neverHeardOf", .forbidden),
        ErrorRow(404, "notFound", .notFound),
        ErrorRow(408, "timeout", .backend, isUncertain: true),
        ErrorRow(409, "duplicate", .duplicate),
        ErrorRow(409, "conflict", .conflict),
        ErrorRow(410, "fullSyncRequired", .fullSyncRequired, domain: "calendar"),
        ErrorRow(410, "updatedMinTooLongAgo", .fullSyncRequired, domain: "calendar"),
        ErrorRow(410, "deleted", .deleted),
        ErrorRow(412, "conditionNotMet", .preconditionFailed, location: "If-Match"),
        ErrorRow(413, "uploadTooLarge", .tooLarge),
        ErrorRow(429, "rateLimitExceeded", .rateLimited, domain: "usageLimits"),
        ErrorRow(429, "quotaExceeded", .quotaExceeded, domain: "usageLimits"),
        ErrorRow(429, "neverHeardOf", .rateLimited),
        ErrorRow(500, "backendError", .backend, isUncertain: true),
        ErrorRow(500, "internalError", .backend, isUncertain: true),
        ErrorRow(501, "notImplemented", .other),
        ErrorRow(502, "backendError", .backend, isUncertain: true),
        ErrorRow(503, "backendError", .backend, isUncertain: true),
        ErrorRow(504, "backendError", .backend, isUncertain: true),
        ErrorRow(418, "teapot", .other),
        ErrorRow(302, "found", .other, isUncertain: true),
    ]

    private func failure(
        _ response: WebResponse, of call: CalendarCall
    ) async throws -> GoogleError {
        let google = ScriptedGoogle(answers: [response])
        // The fixed token cannot be renewed, so that a 401 shows as one about sign-in.
        return try await #require(throws: GoogleError.self) {
            try await google.calendar.send(call)
        }
    }

    private func patch() throws -> CalendarCall {
        try .patchEvent("e1", in: "primary", with: ["summary": "x"])
    }

    @Test(arguments: rows.filter { $0.status != 401 })
    func `each of Google's refusals has its code`(row: ErrorRow) async throws {
        let response = WebResponse.googleError(
            row.status, row.reason, domain: row.domain, location: row.location)
        let error = try await failure(response, of: try patch())
        #expect(error.code == row.code)
        #expect(error.status == row.status)
        #expect(error.reason == row.reason)
        #expect(error.allReasons == [row.reason])
        #expect(error.domain == row.domain)
        #expect(error.location == row.location)
        #expect(error.service == .calendar)
        #expect(error.method == "events.patch")
        #expect(error.mayHaveBeenApplied == row.isUncertain)
        // Other sentences may follow.
        #expect(error.message.hasSuffix("."))
    }

    @Test(arguments: rows.filter { $0.status != 401 })
    func `a refused read is never called applied`(row: ErrorRow) async throws {
        let response = WebResponse.googleError(row.status, row.reason, location: row.location)
        let error = try await failure(response, of: try .getEvent("e1", in: "primary"))
        #expect(!error.mayHaveBeenApplied)
        #expect(error.code == row.code)
    }

    @Test func `the first of several reasons counts, all are kept`() async throws {
        let body = """
            {"error":{"errors":[{"domain":"usageLimits","reason":"userRateLimitExceeded"},\
            {"domain":"global","reason":"forbidden"},{"reason":"forbidden"},{"reason":7},3],\
            "code":403,"message":"m"}}
            """
        let error = try await failure(.json(body, status: 403), of: try patch())
        #expect(error.reason == "userRateLimitExceeded")
        #expect(error.allReasons == ["userRateLimitExceeded", "forbidden"])
        #expect(error.code == .rateLimited)
        #expect(error.domain == "usageLimits")
    }

    @Test func `newer services name a status and details`() async throws {
        let body = """
            {"error":{"code":403,"message":"Request had insufficient authentication scopes.",\
            "status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo",\
            "reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT","domain":"googleapis.com"}]}}
            """
        let error = try await failure(.json(body, status: 403), of: try patch())
        #expect(error.code == .insufficientScope)
        #expect(error.reason == "PERMISSION_DENIED")
        #expect(error.allReasons == ["ACCESS_TOKEN_SCOPE_INSUFFICIENT", "PERMISSION_DENIED"])
        #expect(error.domain == "googleapis.com")
    }

    @Test(arguments: [400, 403, 410])
    func `an expired sync token of a newer service is known by its detail`(
        status: Int
    ) async throws {
        let body = """
            {"error":{"code":\(status),"message":"Sync token is expired.",\
            "status":"FAILED_PRECONDITION","details":[{"reason":"EXPIRED_SYNC_TOKEN"}]}}
            """
        let error = try await failure(.json(body, status: status), of: try patch())
        #expect(error.code == .fullSyncRequired)
    }

    @Test func `a 410 without a reason means the cursor for a delta and else the resource`()
        async throws
    {
        var query = EventsQuery()
        query.syncToken = "t"
        let delta = try await failure(
            WebResponse(status: 410), of: try .listEvents(of: "primary", query))
        #expect(delta.code == .fullSyncRequired)
        let patch = try await failure(WebResponse(status: 410), of: try patch())
        #expect(patch.code == .deleted)
    }

    @Test func `a sync token called invalid without naming it needs a full listing`() async throws {
        var query = EventsQuery()
        query.syncToken = "t"
        let response = WebResponse.googleError(400, "invalid")
        #expect(
            try await failure(response, of: try .listEvents(of: "p", query)).code
                == .fullSyncRequired)
        #expect(try await failure(response, of: try .listEvents(of: "p")).code == .badRequest)
    }

    @Test(arguments: [
        "", "<html><body>Bad gateway</body></html>", "{", "null", "[]", "7", "{\"error\":7}",
        "{\"error\":{\"errors\":7}}", "{\"error\":{\"errors\":[]}}", "{\"error\":null}",
        "{\"error\":{\"errors\":[{\"reason\":\"\"}]}}",
    ])
    func `an error without a readable reason keeps its status`(body: String) async throws {
        let error = try await failure(.json(body, status: 503), of: try patch())
        #expect(error.code == .backend)
        #expect(error.reason == nil)
        #expect(error.allReasons.isEmpty)
        #expect(error.status == 503)
    }

    @Test(arguments: [
        ("120", 120.0), ("0", 0.0), ("Sun, 22 Nov 2026 07:33:34 GMT", 120.0),
        ("Sun, 22 Nov 2026 07:00:00 GMT", 0.0), ("999999999999999999999999", 86_400.0),
        ("100000", 86_400.0), ("Fri, 01 Jan 2100 00:00:00 GMT", 86_400.0),
    ])
    func `Retry-After is read in seconds and as a date`(text: String, seconds: Double) async throws
    {
        let response = WebResponse.googleError(
            429, "rateLimitExceeded", headers: [("Retry-After", text)])
        let error = try await failure(response, of: try patch())
        #expect(error.retryAfter == .seconds(seconds))
    }

    @Test(arguments: ["", "soon", "-1", "1.5", "Sun, 22 Nov 2026", "Xxx, 31 Feb 2026 00:00:00 GMT"])
    func `a broken Retry-After is none`(text: String) async throws {
        let response = WebResponse.googleError(
            429, "rateLimitExceeded", headers: [("Retry-After", text)])
        #expect(try await failure(response, of: try patch()).retryAfter == nil)
    }

    @Test func `a Retry-After date counts from Google's clock, not from a wrong one here`()
        async throws
    {
        let response = WebResponse.googleError(
            429, "rateLimitExceeded",
            headers: [
                ("Date", "Sun, 22 Nov 2026 09:31:34 GMT"),
                ("Retry-After", "Sun, 22 Nov 2026 09:32:34 GMT"),
            ])
        let error = try await failure(response, of: try patch())
        #expect(error.retryAfter == .seconds(60))
        #expect(error.clockSkew == .seconds(-7200))
    }

    @Test func `no secret and no address of Google's message reaches an error's text`() async throws
    {
        let message = "User ada@example.com used ya29.CANARY0123 and 1//CANARY0123"
        let error = try await failure(
            .googleError(403, "forbidden", message: message), of: try patch())
        for text in texts(of: error) {
            #expect(!text.contains("CANARY0123"))
            #expect(!text.contains("ada@"))
            #expect(!text.contains("token-1"))
            #expect(text.contains("forbidden"))
        }
    }

    @Test(
        arguments: [
            (WebError.Code.connect, Bool?.some(false), GoogleError.Code.unreachable, false),
            (.closed, false, .cancelled, false), (.timeout, false, .unreachable, false),
            (.timeout, true, .transport, true), (.timeout, nil, .transport, true),
            (.cut, true, .transport, true), (.cut, nil, .transport, true),
            (.tooLarge, true, .answerTooLarge, true), (.malformed, false, .invalidCall, false),
            (.malformed, true, .transport, true), (.insecure, false, .untrusted, false),
            (.certificate, false, .untrusted, false), (.cancelled, nil, .cancelled, true),
            (.cancelled, false, .cancelled, false),
        ] as [(WebError.Code, Bool?, GoogleError.Code, Bool)])
    func `a lost answer to a write may have been applied unless it certainly was not sent`(
        code: WebError.Code, wasSent: Bool?, expected: GoogleError.Code, isUncertain: Bool
    ) async throws {
        let google = ScriptedGoogle(
            failing: WebError(code: code, message: "x", wasSent: wasSent))
        let patch = try patch()
        let error = await #expect(throws: GoogleError.self) {
            try await google.calendar.send(patch)
        }
        #expect(error?.code == expected)
        #expect(error?.mayHaveBeenApplied == isUncertain)
        #expect((error?.cause as? WebError)?.code == code)
        #expect(google.requests.count == 1)
        let read = await #expect(throws: GoogleError.self) {
            try await google.calendar.listEvents(of: "primary")
        }
        #expect(read?.code == expected)
        #expect(read?.mayHaveBeenApplied == false)
    }

    @Test(arguments: [
        "ya29.CANARY0123", "1//03CANARY0123", "CANARY0123@example.com", "Bearer-CANARY0123",
        "CANARY0123" + String(repeating: "a", count: 51), "CANARY0123 x", "CANARY0123/x",
        "CANARY0123ü",
    ])
    func `what is no plain word is shown neither as a reason nor as a place`(
        canary: String
    ) async throws {
        for body in [
            #"{"error":{"errors":[{"reason":"\#(canary)","location":"token=CANARY0123"}],"code":403}}"#,
            #"{"error":{"status":"\#(canary)","details":[{"reason":"\#(canary)"}]}}"#,
            #"{"error":{"details":[{"domain":"ya29.CANARY0123"}]}}"#,
            #"{"error":"\#(canary)"}"#,
        ] {
            let error = try await failure(.json(body, status: 403), of: try patch())
            #expect(error.reason == nil && error.allReasons.isEmpty)
            let shown = texts(of: error) + [error.domain ?? "", error.location ?? ""]
            for text in shown { #expect(!text.contains("CANARY0123")) }
        }
    }

    @Test func `a reason of sixty letters, digits and underscores is one`() async throws {
        let reason = "RATE_9_" + String(repeating: "x", count: 53)
        let error = try await failure(.googleError(403, reason), of: try patch())
        #expect(error.reason == reason)
    }

    @Test func `a reason that is no word is none, and controls never reach the terminal`()
        async throws
    {
        let error = try await failure(
            .googleError(403, "x\\u001b[31m y", location: "a\\u001bb", message: "c\\u001b[2Jd"),
            of: try patch())
        #expect(error.reason == nil)
        #expect(error.location == "a b")
        for text in texts(of: error) { #expect(!text.contains("\u{1B}")) }
    }

    @Test(arguments: [
        "", "{", "{\"id\":\"a\"", "<html>login</html>", "[]", "null", "\"x\"", "{\"a\":1}x",

    ])
    func `a success that is not the promised JSON is unreadable, and a write may have happened`(
        body: String
    ) async throws {
        let patch = try patch()
        let error = try await failure(.json(body), of: patch)
        #expect(error.code == .unreadable)
        #expect(error.mayHaveBeenApplied)
        let read = try await failure(.json(body), of: try .getEvent("e", in: "p"))
        #expect(read.code == .unreadable)
        #expect(!read.mayHaveBeenApplied)
    }
}
