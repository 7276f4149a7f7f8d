import Foundation
import GoogleAPI
import LosslessJSON
import TandemCore
import TandemSync
import Testing
import WebClient

@testable import GoogleConnector

/// Each way in which Google, the network or the sign-in can fail, and what the engine is told.
struct FailureTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let answer: ScriptedGoogle.Answer
        let code: RemoteError.Code
        var testDescription: String { what }

        init(_ what: String, _ answer: @escaping ScriptedGoogle.Answer, _ code: RemoteError.Code) {
            self.what = what
            self.answer = answer
            self.code = code
        }
    }

    private static func refusal(
        _ status: Int, _ domain: String, _ reason: String, location: String? = nil,
        _ code: RemoteError.Code
    ) -> Row {
        Row(
            "\(status) \(reason) \(location ?? "")",
            ScriptedGoogle.refusal(status, domain, reason, location: location), code)
    }

    /// What means the same for reads and for writes.
    static let both: [Row] = [
        Row("no connection", ScriptedGoogle.failure(.connect, wasSent: false), .offline),
        Row("time is up unsent", ScriptedGoogle.failure(.timeout, wasSent: false), .offline),
        Row("bad certificate", ScriptedGoogle.failure(.certificate, wasSent: false), .untrusted),
        Row("plain http", ScriptedGoogle.failure(.insecure, wasSent: false), .untrusted),
        Row("unsendable", ScriptedGoogle.failure(.malformed, wasSent: false), .rejected),
        Row("stopped unsent", ScriptedGoogle.failure(.cancelled, wasSent: false), .cancelled),
        Row("shut down", ScriptedGoogle.failure(.closed, wasSent: false), .cancelled),
        refusal(429, "usageLimits", "rateLimitExceeded", .throttled),
        refusal(403, "usageLimits", "rateLimitExceeded", .throttled),
        refusal(403, "usageLimits", "userRateLimitExceeded", .throttled),
        Row("429 without a word", ScriptedGoogle.raw("", status: 429), .throttled),
        refusal(403, "usageLimits", "quotaExceeded", .quotaExceeded),
        refusal(403, "usageLimits", "dailyLimitExceeded", .dailyLimitExceeded),
        refusal(403, "usageLimits", "accessNotConfigured", .clientRefused),
        refusal(403, "global", "insufficientPermissions", .permissionMissing),
        refusal(403, "global", "forbidden", .forbidden),
        refusal(403, "calendar", "forbiddenForNonOrganizer", .forbidden),
        refusal(403, "calendar", "requiredAccessLevel", .forbidden),
        refusal(404, "global", "notFound", .notFound),
        refusal(410, "global", "deleted", .gone),
        refusal(412, "global", "conditionNotMet", location: "If-Match", .preconditionFailed),
        refusal(400, "global", "required", .rejected),
        refusal(400, "calendar", "timeRangeEmpty", .rejected),
        refusal(400, "global", "parseError", .rejected),
        refusal(413, "global", "uploadTooLarge", .rejected),
        refusal(501, "global", "notImplemented", .rejected),
    ]

    static let reads: [Row] =
        both + [500, 502, 503, 504].map { refusal($0, "global", "backendError", .transient) } + [
            Row("cut", ScriptedGoogle.failure(.cut, wasSent: true), .transient),
            Row("time is up", ScriptedGoogle.failure(.timeout, wasSent: nil), .transient),
            Row("too large", ScriptedGoogle.failure(.tooLarge, wasSent: true), .transient),
            refusal(408, "global", "timeout", .transient),
            refusal(418, "global", "unheardOf", .transient),
            Row("a page of HTML", ScriptedGoogle.raw("<html>Sign in</html>"), .transient),
            Row("half a page", ScriptedGoogle.raw(#"{"items":[{"id":"ab"#), .transient),
            Row("no page", ScriptedGoogle.json(["kind": "calendar#events"]), .transient),
            Row("items that are none", ScriptedGoogle.json(["items": 3]), .transient),
            refusal(410, "calendar", "fullSyncRequired", location: "syncToken", .cursorExpired),
            refusal(410, "calendar", "updatedMinTooLongAgo", .cursorExpired),
            refusal(400, "global", "invalid", location: "syncToken", .cursorExpired),
            refusal(400, "global", "invalid", .cursorExpired),
            refusal(400, "global", "invalid", location: "timeMin", .rejected),
            refusal(400, "calendar", "syncTokenWithRequestRestrictions", .rejected),
        ]

    static let writes: [Row] =
        both + [500, 502, 503, 504].map { refusal($0, "global", "backendError", .unknownOutcome) }
        + [
            Row("cut", ScriptedGoogle.failure(.cut, wasSent: true), .unknownOutcome),
            Row("time is up", ScriptedGoogle.failure(.timeout, wasSent: nil), .unknownOutcome),
            Row("stopped", ScriptedGoogle.failure(.cancelled, wasSent: true), .unknownOutcome),
            refusal(408, "global", "timeout", .unknownOutcome),
            refusal(418, "global", "unheardOf", .unknownOutcome),
            Row("a page of HTML", ScriptedGoogle.raw("<html>Sign in</html>"), .unknownOutcome),
            Row("half an answer", ScriptedGoogle.raw(#"{"id":"ab"#), .unknownOutcome),
            Row("nothing", ScriptedGoogle.raw("", status: 204), .unknownOutcome),
            Row("no resource", ScriptedGoogle.json(["kind": "x"]), .unknownOutcome),
            refusal(409, "global", "duplicate", .alreadyExists),
            refusal(409, "global", "conflict", .throttled),
            refusal(400, "global", "invalid", .rejected),
            refusal(403, "usageLimits", "storageQuotaExceeded", .rejected),
        ]

    @Test(arguments: reads)
    func `a failed read is told apart`(row: Row) async throws {
        let connector = try ScriptedGoogle(row.answer).connector()
        let error = await #expect(throws: RemoteError.self) {
            try await connector.pull(.events(after: "cursor"))
        }
        #expect(error?.code == row.code)
        #expect(error?.message.isEmpty == false)
    }

    @Test(arguments: writes)
    func `a failed write is told apart`(row: Row) async throws {
        let connector = try ScriptedGoogle(row.answer).connector()
        let answers = await connector.push([
            .event(.patch, "abcde", etag: "\"1\"", body: ["summary": "X"])
        ])
        #expect(answers.count == 1)
        #expect(throws: RemoteError.self) { try answers.first?.get() }
        guard case .failure(let error)? = answers.first else { return }
        #expect(error.code == row.code)
    }

    @Test(arguments: [
        (OAuthError.Code.invalidGrant, RemoteError.Code.signInNeeded),
        (.noRefreshToken, .signInNeeded), (.invalidClient, .clientRefused),
        (.unauthorizedClient, .clientRefused), (.adminPolicy, .clientRefused),
        (.network, .offline), (.server, .offline), (.notSaved, .offline),
    ])
    func `a failed refresh is told apart, and nothing is sent`(
        code: OAuthError.Code, expected: RemoteError.Code
    ) async throws {
        let tokens = TokenSource(
            grant: OAuthGrant(source: .bearerOnly, accessToken: nil),
            now: { .distantPast },
            renew: { _ throws(OAuthError) in throw OAuthError(code: code, message: "No.") },
            save: { _ in })
        let google = ScriptedGoogle()
        let connector = GoogleAccountConnector(client: try google.client(tokens: tokens))
        let error = await #expect(throws: RemoteError.self) {
            try await connector.pull(.events())
        }
        #expect(error?.code == expected)
        let writes = await connector.push(
            [.event(.delete, "abcde"), .event(.delete, "abcdf")])
        for write in writes {
            guard case .failure(let error) = write else { continue }
            #expect(error.code == expected)
        }
        #expect(writes.count == 2 && google.requests.isEmpty)
        #expect(connector.traffic == Traffic())
    }

    @Test func `a page that is too large is asked for again, a tenth as long`() async throws {
        let google = ScriptedGoogle(
            ScriptedGoogle.failure(.tooLarge, wasSent: true),
            ScriptedGoogle.json(["items": [], "nextSyncToken": "end"]))
        let page = try await google.connector().pull(.events())
        #expect(page.cursor == Cursor(rawValue: "end"))
        #expect(google.lines.map { $0.contains("maxResults=2500") } == [true, false])
        #expect(google.lines.last?.contains("maxResults=250") == true)
    }

    @Test func `a token refused twice asks for consent`() async throws {
        let google = ScriptedGoogle(
            ScriptedGoogle.refusal(401, "global", "authError", location: "Authorization"))
        let connector = try google.connector()
        let error = await #expect(throws: RemoteError.self) {
            try await connector.pull(.events())
        }
        #expect(error?.code == .signInNeeded)
    }

    @Test func `a failure carries what Google asks for and says`() async throws {
        let connector = try ScriptedGoogle(
            ScriptedGoogle.refusal(
                429, "usageLimits", "rateLimitExceeded", headers: [("Retry-After", "17")])
        ).connector()
        let error = await #expect(throws: RemoteError.self) {
            try await connector.pull(.events())
        }
        #expect(error?.retryAfter == .seconds(17))
        #expect(error?.api == "calendar" && error?.method == "events.list")
        #expect(error?.status == 429 && error?.reason == "rateLimitExceeded")
    }

    @Test func `no kind of failure has two rows`() {
        let kinds = FailureTable.rows.map(\.failure)
        #expect(Set(kinds).count == kinds.count)
    }
}
