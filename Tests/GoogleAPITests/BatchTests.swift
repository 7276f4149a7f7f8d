import GoogleAPI
import LosslessJSON
import Testing
import WebClient

struct BatchTests {
    private func calls(_ count: Int) throws -> [CalendarCall] {
        try (0..<count).map { try .patchEvent("e\($0)", in: "p", with: ["n": .string("\($0)")]) }
    }

    private static func multipart(_ body: String, boundary: String = "b1") -> WebResponse {
        WebResponse(
            status: 200,
            headers: ["Content-Type": "multipart/mixed; boundary=\(boundary)"],
            body: Array(body.utf8))
    }

    private static func part(
        _ id: String, _ status: String, _ body: String, end: String = "\r\n",
        headers: [String] = ["Content-Type: application/json"]
    ) -> String {
        let lines =
            [
                "--b1", "Content-Type: application/http", "Content-ID: \(id)", "",
                "HTTP/1.1 \(status)",
            ]
            + headers + ["", body, ""]
        return lines.joined(separator: end)
    }

    private func ids(
        _ outcomes: [Result<GoogleAnswer, GoogleError>]
    ) -> [String] {
        outcomes.map { outcome in
            switch outcome {
            case .success(let answer): answer.json?["id"]?.string ?? "none"
            case .failure(let error): "\(error.code)"
            }
        }
    }

    @Test func `calls go out as parts with path, headers and length`() async throws {
        let google = ScriptedGoogle(answers: [WebResponse(status: 500)])
        _ = try await google.calendar.batch([
            try .patchEvent("e@1", in: "p", with: ["summary": "ü"], ifMatch: "\"1\""),
            try .deleteEvent("e2", in: "p"),
            try .moveEvent("e3", from: "p", to: "q"),
        ])
        let request = try #require(google.requests.first)
        #expect(request.method == "POST")
        #expect(request.url.text == "https://www.googleapis.com/batch/calendar/v3")
        #expect(request.headers["Authorization"] == "Bearer token-1")
        #expect(request.headers["Content-Type"] == "multipart/mixed; boundary=\"batch_tandem_0\"")
        let expected = [
            "--batch_tandem_0", "Content-Type: application/http", "Content-ID: <call-0>",
            "Content-Transfer-Encoding: binary", "",
            "PATCH /calendar/v3/calendars/p/events/e%401?sendUpdates=none&alt=json"
                + "&prettyPrint=false HTTP/1.1",
            "If-Match: \"1\"", "Accept: application/json",
            "Content-Type: application/json; charset=UTF-8", "Content-Length: 16", "",
            "{\"summary\":\"ü\"}",
            "--batch_tandem_0", "Content-Type: application/http", "Content-ID: <call-1>",
            "Content-Transfer-Encoding: binary", "",
            "DELETE /calendar/v3/calendars/p/events/e2?sendUpdates=none&alt=json"
                + "&prettyPrint=false HTTP/1.1",
            "Accept: application/json", "", "",
            "--batch_tandem_0", "Content-Type: application/http", "Content-ID: <call-2>",
            "Content-Transfer-Encoding: binary", "",
            "POST /calendar/v3/calendars/p/events/e3/move?destination=q&sendUpdates=none&alt=json"
                + "&prettyPrint=false HTTP/1.1",
            "Accept: application/json", "Content-Length: 0", "", "",
            "--batch_tandem_0--", "",
        ].joined(separator: "\r\n")
        #expect(request.bodyText == expected)
    }

    @Test func `a body that holds the boundary gets another one`() async throws {
        let google = ScriptedGoogle(answers: [WebResponse(status: 500)])
        _ = try await google.calendar.batch([
            try .patchEvent("e", in: "p", with: ["a": "--batch_tandem_0 --batch_tandem_1"])
        ])
        #expect(google.requests[0].headers["Content-Type"]?.contains("batch_tandem_2") == true)
    }

    @Test(arguments: ["\r\n", "\n"])
    func `answers are matched by id, in any order and with either line end`(
        end: String
    ) async throws {
        let body =
            "preamble\(end)"
            + Self.part("<response-call-2>", "200 OK", "{\"id\":\"two\"}", end: end)
            + Self.part("<response-call-0>", "200 OK", "{\"id\":\"zero\"}", end: end)
            + Self.part("response-<call-1>", "200", "{\"id\":\"one\"}", end: end)
            + "--b1--\(end)epilogue --b1\(end)"
        let google = ScriptedGoogle(answers: [Self.multipart(body)])
        #expect(ids(try await google.calendar.batch(try calls(3))) == ["zero", "one", "two"])
    }

    @Test func `folded headers, padded delimiters and Google's own form are read`() async throws {
        let body = """
            --batch_x y \r
            Content-Type: application/http\r
            Content-ID:\r
            \t<response-call-0>\r
            \r
            HTTP/1.1 200 OK\r
            ETag: "35"\r
            Content-Type: application/json; charset=UTF-8\r
            Vary: Origin,\r
              Referer\r
            Content-Length: 12\r
            \r
            {"id":"zero"}ignored\r
            --batch_x y--\r

            """
        let response = WebResponse(
            status: 200,
            headers: ["content-type": "Multipart/Mixed; charset=x; Boundary=\"batch_xy\""],
            body: Array(body.replacing("batch_x y", with: "batch_xy").utf8))
        let google = ScriptedGoogle(answers: [response])
        let outcomes = try await google.calendar.batch(try calls(1))
        // The length given cuts the JSON short by one: the outcome of the write is unknown.
        #expect(ids(outcomes) == ["unreadable"])
        let whole = WebResponse(
            status: 200, headers: response.headers,
            body: Array(
                String(decoding: response.body, as: UTF8.self)
                    .replacing("Content-Length: 12", with: "Content-Length: 13").utf8))
        let again = try await ScriptedGoogle(answers: [whole]).calendar.batch(try calls(1))
        #expect(ids(again) == ["zero"])
        #expect(try again[0].get().etag == "\"35\"")
    }

    @Test func `each part has its own status, and an empty 204 is one`() async throws {
        let notFound = """
            {"error":{"errors":[{"domain":"global","reason":"notFound"}],"code":404,"message":"x"}}
            """
        let body =
            Self.part("<response-call-0>", "204 No Content", "", headers: ["Content-Length: 0"])
            + Self.part("<response-call-1>", "404 Not Found", notFound)
            + Self.part(
                "<response-call-2>", "429 Too Many", "{}", headers: ["Retry-After: 7"])
            + Self.part("<response-call-3>", "412 Precondition Failed", "{}") + "--b1--"
        let google = ScriptedGoogle(answers: [Self.multipart(body)])
        let outcomes = try await google.calendar.batch(
            [try .deleteEvent("e", in: "p")] + (try calls(3)))
        #expect(ids(outcomes) == ["none", "notFound", "rateLimited", "preconditionFailed"])
        #expect(outcomes[2].failure?.retryAfter == .seconds(7))
        #expect(outcomes[1].failure?.reason == "notFound")
        #expect(outcomes[1].failure?.method == "events.patch")
    }

    @Test func `a missing or broken part has an unknown outcome, the others keep theirs`()
        async throws
    {
        let body =
            Self.part("<response-call-0>", "200 OK", "{\"id\":\"zero\"}")
            + Self.part("<response-call-1>", "nonsense", "{}")
            + Self.part("<response-call-9>", "200 OK", "{\"id\":\"nobody's\"}")
            + "--b1\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n"
            + Self.part("<response-call-0>", "500 Twice", "{}")
            + Self.part("<response-call-3>", "200 OK", "{\"id\":") + "--b1--"
        let google = ScriptedGoogle(answers: [Self.multipart(body)])
        let outcomes = try await google.calendar.batch(
            try calls(2) + [try .getEvent("r", in: "p")] + (try calls(1)))
        #expect(ids(outcomes) == ["zero", "missingPart", "missingPart", "unreadable"])
        #expect(outcomes.map { $0.failure?.mayHaveBeenApplied } == [nil, true, false, true])
    }

    @Test func `an answer cut short loses only the parts that did not come whole`() async throws {
        let body =
            Self.part("<response-call-0>", "200 OK", "{\"id\":\"zero\"}")
            + Self.part("<response-call-1>", "200 OK", "{\"id\":\"one\"}").dropLast(10)
        let google = ScriptedGoogle(answers: [Self.multipart(body)])
        #expect(ids(try await google.calendar.batch(try calls(2))) == ["zero", "missingPart"])
    }

    @Test(arguments: [
        WebResponse.json("{}"), WebResponse(status: 200),
        WebResponse(status: 200, headers: ["Content-Type": "multipart/mixed"]),
        WebResponse(status: 200, headers: ["Content-Type": "multipart/mixed; boundary="]),
    ])
    func `what is no batch answer leaves every outcome unknown`(
        response: WebResponse
    ) async throws {
        let google = ScriptedGoogle(answers: [response])
        let outcomes = try await google.calendar.batch(try calls(2))
        #expect(ids(outcomes) == ["unreadable", "unreadable"])
        #expect(outcomes.allSatisfy { $0.failure?.mayHaveBeenApplied == true })
    }

    @Test func `a batch refused as a whole refuses every call in the same words`() async throws {
        let google = ScriptedGoogle(answers: [.googleError(403, "rateLimitExceeded")])
        let outcomes = try await google.calendar.batch(try calls(2))
        #expect(ids(outcomes) == ["rateLimited", "rateLimited"])
        #expect(outcomes.allSatisfy { $0.failure?.mayHaveBeenApplied == false })
        #expect(google.requests.count == 1)
    }

    @Test func `a batch that got no answer leaves every write's outcome unknown`() async throws {
        let google = ScriptedGoogle(failing: WebError(code: .cut, message: "x", wasSent: true))
        let outcomes = try await google.calendar.batch(
            try calls(1) + [try .getEvent("e", in: "p")])
        #expect(ids(outcomes) == ["transport", "transport"])
        #expect(outcomes.map { $0.failure?.mayHaveBeenApplied } == [true, false])
    }

    @Test func `parts refused with 401 are sent once more, the others are not`() async throws {
        let first =
            Self.part("<response-call-0>", "200 OK", "{\"id\":\"zero\"}")
            + Self.part("<response-call-1>", "401 Unauthorized", "{}")
            + Self.part("<response-call-2>", "401 Unauthorized", "{}") + "--b1--"
        let second =
            Self.part("<response-call-0>", "200 OK", "{\"id\":\"one\"}")
            + Self.part("<response-call-1>", "401 Unauthorized", "{}") + "--b1--"
        let google = ScriptedGoogle(answers: [Self.multipart(first), Self.multipart(second)])
        let tokens = TokenSource(
            grant: OAuthGrant(
                source: .user(client: Fixtures.client, refreshToken: "r"),
                accessToken: AccessToken(value: "a", expires: nil)), now: { Fixtures.now },
            renew: { grant throws(OAuthError) in
                var next = grant
                next.accessToken = AccessToken(value: "b", expires: nil)
                return next
            }, save: { _ in })
        let client = GoogleClient(
            gate: google.gate, endpoints: .google, tokens: tokens, now: { Fixtures.now })
        let outcomes = try await CalendarAPI(client: client).batch(try calls(3))
        #expect(ids(outcomes) == ["zero", "one", "unauthorized"])
        #expect(google.requests.map { $0.headers["Authorization"] } == ["Bearer a", "Bearer b"])
        let resent = google.requests[1].bodyText
        #expect(!resent.contains("/events/e0?"))
        #expect(resent.contains("/events/e1?") && resent.contains("/events/e2?"))
    }

    @Test func `a batch refused with 401 whose token cannot be renewed asks for a sign-in`()
        async throws
    {
        let google = ScriptedGoogle(answers: [.googleError(401, "authError")])
        let outcomes = try await google.calendar.batch(try calls(2))
        #expect(ids(outcomes) == ["signIn", "signIn"])
        #expect(outcomes.allSatisfy { $0.failure?.mayHaveBeenApplied == false })
    }

    @Test func `a call that would break into other parts stays here, the others go`() async throws {
        let google = ScriptedGoogle(answers: [
            Self.multipart(Self.part("<response-call-0>", "200 OK", "{\"id\":\"zero\"}") + "--b1--")
        ])
        let evil = "\"1\"\r\n\r\n--batch_tandem_0\r\nContent-ID: <call-9>"
        let outcomes = try await google.calendar.batch([
            try .deleteEvent("e", in: "p", ifMatch: evil), try .getEvent("e", in: "p"),
        ])
        #expect(ids(outcomes) == ["invalidCall", "zero"])
        #expect(outcomes[0].failure?.mayHaveBeenApplied == false)
        #expect(google.requests.count == 1)
        #expect(!google.requests[0].bodyText.contains("call-9"))
    }

    @Test func `an empty batch sends nothing, more than fifty calls are refused`() async throws {
        let google = ScriptedGoogle(answers: [.json("{}")])
        #expect(try await google.calendar.batch([]).isEmpty)
        let tooMany = try calls(51)
        let error = await #expect(throws: GoogleError.self) {
            try await google.calendar.batch(tooMany)
        }
        #expect(error?.code == .invalidCall)
        #expect(google.requests.isEmpty)
    }

    @Test func `fifty calls go there and back`() async throws {
        let google = ScriptedGoogle([
            { request in
                let ids = request.bodyText.matches(of: /Content-ID: <(call-\d+)>/).map {
                    $0.output.1
                }
                let parts = ids.reversed().map {
                    Self.part("<response-\($0)>", "200 OK", "{\"id\":\"\($0)\"}")
                }
                return .success(Self.multipart(parts.joined() + "--b1--"))
            }
        ])
        let outcomes = try await google.calendar.batch(try calls(50))
        #expect(ids(outcomes) == (0..<50).map { "call-\($0)" })
    }
}

extension Result {
    var failure: Failure? {
        if case .failure(let error) = self { return error }
        return nil
    }
}
