import Foundation
import GoogleAPI
import LosslessJSON
import Synchronization
import Testing
import WebClient

struct PKCETests {
    @Test func `the challenge is that of RFC 7636 appendix B`() throws {
        let pkce = try PKCE(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(pkce.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test(arguments: [42, 129, 0])
    func `a verifier of a wrong length is refused`(count: Int) {
        #expect(throws: OAuthError.self) {
            try PKCE(verifier: String(repeating: "a", count: count))
        }
    }

    @Test(arguments: ["+", "/", "=", " ", "ü", "\u{0}"])
    func `a verifier with other characters is refused`(character: String) {
        #expect(throws: OAuthError.self) {
            try PKCE(verifier: String(repeating: "a", count: 60) + character)
        }
    }

    @Test func `random verifiers are long, allowed and never the same`() throws {
        let made = (0..<200).map { _ in PKCE(random: SystemRandom.bytes).verifier }
        #expect(Set(made).count == 200)
        for verifier in made { #expect(try PKCE(verifier: verifier).verifier.count == 86) }
    }
}

struct AuthorizationRequestTests {
    private func request(asksAgain: Bool = true) -> AuthorizationRequest {
        AuthorizationRequest(
            client: Fixtures.client, redirectURI: "http://127.0.0.1:8085/",
            scopes: ["https://www.googleapis.com/auth/calendar", "openid"],
            loginHint: "ada@example.com", asksAgain: asksAgain,
            random: { Array(repeating: 7, count: $0) })
    }

    @Test func `the address asks for a code with PKCE, state and offline access`() {
        let request = request()
        let url = request.url(at: .google)
        #expect(url.text.hasPrefix("https://accounts.google.com/o/oauth2/v2/auth?"))
        #expect(
            url.queryFields.map { "\($0.name)=\($0.value)" } == [
                "client_id=123-abc.apps.googleusercontent.com",
                "redirect_uri=http://127.0.0.1:8085/", "response_type=code",
                "scope=https://www.googleapis.com/auth/calendar openid",
                "state=\(request.state)", "access_type=offline", "include_granted_scopes=true",
                "code_challenge=\(request.pkce.challenge)", "code_challenge_method=S256",
                "prompt=consent", "login_hint=ada@example.com",
            ])
        #expect(!url.text.contains("GOCSPX"))
        #expect(!url.text.contains(request.pkce.verifier))
        #expect(request.state.utf8.count == 43)
        #expect(!self.request(asksAgain: false).url(at: .google).text.contains("prompt"))
    }

    @Test func `a code is taken only with the right state`() throws {
        let request = request()
        let good = try WebURL(
            "http://127.0.0.1:8085/?scope=a%20b&code=4%2F0Abc&state=\(request.state)&authuser=0")
        #expect(try request.code(from: good).value == "4/0Abc")
        let bad = [
            "code=4%2F0Abc", "code=4%2F0Abc&state=", "code=4%2F0Abc&state=x",
            "code=4%2F0Abc&state=\(request.state)x",
            "code=4%2F0Abc&state=\(request.state)&state=x",
            "error=access_denied", "error=access_denied&state=x", "",
        ]
        for query in bad {
            let url = try WebURL("http://127.0.0.1:8085/?\(query)")
            let error = #expect(throws: OAuthError.self) { try request.code(from: url) }
            #expect(error?.code == .stateMismatch)
        }
    }

    @Test(arguments: [
        ("access_denied", OAuthError.Code.accessDenied), ("login_required", .consentRequired),
        ("interaction_required", .consentRequired), ("consent_required", .consentRequired),
        ("server_error", .server), ("never_heard_of", .other), ("", .other),
    ])
    func `a refusal in the redirect has its code`(text: String, code: OAuthError.Code) throws {
        let request = request()
        let url = try WebURL("http://127.0.0.1:8085/?error=\(text)&state=\(request.state)")
        let error = #expect(throws: OAuthError.self) { try request.code(from: url) }
        #expect(error?.code == code)
    }

    @Test(arguments: ["", "code=", "code=a&code=b", "code=a%20b", "code=%0D%0A"])
    func `a redirect without one usable code is refused`(query: String) throws {
        let request = request()
        let url = try WebURL("http://127.0.0.1:8085/?state=\(request.state)&\(query)")
        let error = #expect(throws: OAuthError.self) { try request.code(from: url) }
        #expect(error?.code == .codeMissing)
    }

    @Test func `what a person pastes is understood in all its forms`() throws {
        let request = request()
        let query = "state=\(request.state)&code=4%2F0Abcdef&scope=x"
        let forms = [
            "http://127.0.0.1:8085/?\(query)", "  http://127.0.0.1:8085/?\(query)\n",
            "\"http://127.0.0.1:8085/?\(query)\"", "<http://127.0.0.1:8085/?\(query)#>",
            "?\(query)", query, "4/0Abcdef", " 4%2F0Abcdef \n",
        ]
        for form in forms { #expect(try request.code(pasted: form).value == "4/0Abcdef") }
    }

    @Test(arguments: [
        ("", OAuthError.Code.codeMissing), ("short", .codeMissing),
        ("two words here", .codeMissing),
        ("http://127.0.0.1:8085/?code=4%2F0Abc", .stateMismatch),
        ("http://127.0.0.1:8085/?code=4%2F0Abc&state=foreign", .stateMismatch),
        ("code=4%2F0Abc", .stateMismatch), ("error=access_denied", .stateMismatch),
        ("http://127.0.0.1:8085/ ?code=x", .codeMissing),
    ])
    func `what a person pastes wrongly is refused`(text: String, code: OAuthError.Code) {
        let error = #expect(throws: OAuthError.self) { try request().code(pasted: text) }
        #expect(error?.code == code)
    }
}

struct SignInTests {
    private static let answer = """
        {"access_token":"ya29.x","expires_in":3599,"refresh_token":"1//new",\
        "scope":"openid","token_type":"Bearer"}
        """

    private func signIn(
        _ google: ScriptedGoogle, client: OAuthClient = Fixtures.client,
        endpoints: GoogleEndpoints = .google
    ) -> SignIn {
        SignIn(
            oauth: OAuthAPI(gate: google.gate, endpoints: endpoints, now: { Fixtures.now }),
            client: client, scopes: ["openid", "https://www.googleapis.com/auth/calendar"])
    }

    /// Plays the browser: visits the redirect with what Google would have added.
    private func visit(
        _ url: WebURL, adding query: (String) -> String, host: String? = nil
    ) async throws -> WebResponse {
        let fields = url.queryFields
        let redirect = fields.first { $0.name == "redirect_uri" }?.value ?? ""
        let state = fields.first { $0.name == "state" }?.value ?? ""
        return try await AsyncHTTPTransport.withTransport { transport in
            try await transport.send(
                WebRequest(
                    url: try WebURL(redirect + query(state)),
                    headers: host.map { ["Host": $0] } ?? [:]))
        }
    }

    @Test func `a browser sign-in exchanges the code with its verifier`() async throws {
        let google = ScriptedGoogle(answers: [.json(Self.answer)])
        let opened = Mutex<[WebURL]>([])
        let grant = try await signIn(google).inBrowser { url in
            opened.withLock { $0 = [url] }
            #expect(try await visit(url) { _ in "favicon.ico" }.status == 404)
            let page = try await visit(url) { "?code=4%2F0Abc&scope=openid&state=\($0)" }
            #expect(page.status == 200)
            let text = String(decoding: page.body, as: UTF8.self)
            #expect(text.contains("Signed in"))
            #expect(!text.contains("4/0Abc"))
        }
        #expect(grant.source == .user(client: Fixtures.client, refreshToken: "1//new"))
        #expect(grant.scopes == ["openid"])
        #expect(grant.missing(of: ["openid", "x"]) == ["x"])
        let url = try #require(opened.withLock { $0.first })
        let challenge = url.queryFields.first { $0.name == "code_challenge" }?.value
        let redirect = url.queryFields.first { $0.name == "redirect_uri" }?.value ?? ""
        #expect(redirect.hasPrefix("http://127.0.0.1:"))
        let form = PercentCoding.fields(of: google.requests[0].bodyText)
        #expect(form.first { $0.name == "code" }?.value == "4/0Abc")
        #expect(form.first { $0.name == "redirect_uri" }?.value == redirect)
        let verifier = try #require(form.first { $0.name == "code_verifier" }?.value)
        #expect(try PKCE(verifier: verifier).challenge == challenge)
        #expect(google.requests.count == 1)
    }

    @Test(arguments: ["x", "", "%00"])
    func `a redirect with a foreign state ends it without a token request`(
        state: String
    ) async throws {
        let google = ScriptedGoogle(answers: [.json(Self.answer)])
        let error = await #expect(throws: OAuthError.self) {
            try await signIn(google).inBrowser { url in
                let page = try await visit(url) { _ in "?code=4%2F0Abc&state=\(state)" }
                #expect(page.status == 400)
            }
        }
        #expect(error?.code == .stateMismatch)
        #expect(google.requests.isEmpty)
    }

    @Test func `a denial ends it without a token request`() async throws {
        let google = ScriptedGoogle(answers: [.json(Self.answer)])
        let error = await #expect(throws: OAuthError.self) {
            try await signIn(google).inBrowser { url in
                _ = try await visit(url) { "?error=access_denied&state=\($0)" }
            }
        }
        #expect(error?.code == .accessDenied)
        #expect(google.requests.isEmpty)
    }

    @Test func `a second answer and a foreign host name change nothing`() async throws {
        let google = ScriptedGoogle(answers: [.json(Self.answer)])
        let grant = try await signIn(google).inBrowser { url in
            let rebound = try await visit(
                url, adding: { "?code=evil&state=\($0)" }, host: "evil.example")
            #expect(rebound.status == 400)
            #expect(try await visit(url) { "?code=first000&state=\($0)" }.status == 200)
            do {
                let second = try await visit(url) { "?code=second00&state=\($0)" }
                #expect(second.status == 410)
            } catch {
                #expect((error as? WebError)?.code == .connect)  // It may be closed already.
            }
        }
        #expect(grant.accessToken?.value == "ya29.x")
        #expect(google.requests[0].form.contains("code=first000"))
    }

    @Test func `nobody comes: it ends at the time-out`() async throws {
        let google = ScriptedGoogle(answers: [.json(Self.answer)])
        let error = await #expect(throws: OAuthError.self) {
            try await signIn(google).inBrowser(timeout: .milliseconds(50)) { _ in }
        }
        #expect(error?.code == .timedOut)
    }

    @Test func `an hour's access without a refresh token is refused`() async throws {
        let google = ScriptedGoogle(answers: [.json("{\"access_token\":\"x\",\"expires_in\":1}")])
        let error = await #expect(throws: OAuthError.self) {
            try await signIn(google).byPaste(show: { _ in }, read: { "4/0Abcdef" })
        }
        #expect(error?.code == .noRefreshToken)
    }

    @Test func `a pasted address is exchanged with the redirect it was asked with`() async throws {
        let google = ScriptedGoogle(answers: [.json(Self.answer)])
        let shown = Mutex<[WebURL]>([])
        let grant = try await signIn(google).byPaste(
            show: { url in shown.withLock { $0 = [url] } },
            read: {
                let fields = shown.withLock { $0.first }?.queryFields ?? []
                let state = fields.first { $0.name == "state" }?.value ?? ""
                return "http://127.0.0.1:8085/?state=\(state)&code=4/0Abcdef&scope=openid\n"
            })
        #expect(grant.accessToken?.value == "ya29.x")
        #expect(google.requests[0].form.contains("redirect_uri=http://127.0.0.1:8085/"))
        #expect(google.requests[0].form.contains("code=4/0Abcdef"))
    }

    @Test func `a local Google is signed in to by following its redirect`() async throws {
        let google = ScriptedGoogle([
            { request in
                let fields = request.url.queryFields
                let state = fields.first { $0.name == "state" }?.value ?? ""
                let redirect = fields.first { $0.name == "redirect_uri" }?.value ?? ""
                return .success(
                    WebResponse(
                        status: 302,
                        headers: ["Location": "\(redirect)?state=\(state)&code=4%2F0Abcdef"]))
            }, { _ in .success(.json(Self.answer)) },
        ])
        let local = try GoogleEndpoints(loopback: "http://127.0.0.1:8123")
        let grant = try await signIn(google, endpoints: local).byFetching()
        #expect(grant.accessToken?.value == "ya29.x")
        #expect(google.requests.map(\.url.path) == ["/o/oauth2/v2/auth", "/token"])
        let real = await #expect(throws: OAuthError.self) {
            try await signIn(google).byFetching()
        }
        #expect(real?.code == .redirectNotAllowed)
        #expect(google.requests.count == 2)
    }

    @Test(arguments: [
        (WebResponse(status: 200), OAuthError.Code.consentRequired),
        (WebResponse(status: 400), .invalidRequest),
        (WebResponse(status: 302), .invalidRequest),
        (WebResponse(status: 302, headers: ["Location": "nonsense"]), .unreadable),
        (
            WebResponse(status: 302, headers: ["Location": "http://127.0.0.1:1/?code=x"]),
            .redirectMismatch
        ),
        (
            WebResponse(status: 302, headers: ["Location": "http://127.0.0.1:8085/?code=x"]),
            .stateMismatch
        ),
    ])
    func `a local Google's odd answers end it without a token request`(
        answer: WebResponse, code: OAuthError.Code
    ) async throws {
        let google = ScriptedGoogle(answers: [answer])
        let local = try GoogleEndpoints(loopback: "http://127.0.0.1:8123")
        let error = await #expect(throws: OAuthError.self) {
            try await signIn(google, endpoints: local).byFetching()
        }
        #expect(error?.code == code)
        #expect(google.requests.count == 1)
    }
}

struct DeviceFlowTests {
    private static let begun = """
        {"device_code":"AH-1Ngcanary","user_code":"GQVQ-JKEC",\
        "verification_url":"https://www.google.com/device","expires_in":1800,"interval":5}
        """

    /// Runs a device sign-in whose polls are answered so.
    private func run(
        _ polls: [WebResponse], begun: WebResponse = .json(begun)
    ) async throws -> (
        grant: Result<OAuthGrant, any Error>, naps: [Duration], google: ScriptedGoogle
    ) {
        let google = ScriptedGoogle(answers: [begun] + polls)
        let naps = Mutex<[Duration]>([])
        let signIn = SignIn(
            oauth: google.oauth, client: Fixtures.client, scopes: ["openid", "email"])
        let grant: Result<OAuthGrant, any Error>
        do {
            grant = .success(
                try await signIn.byDevice(
                    show: { device in
                        #expect(device.userCode == "GQVQ-JKEC")
                        #expect(!texts(of: device).contains { $0.contains("canary") })
                    }, sleep: { duration in naps.withLock { $0.append(duration) } }))
        } catch { grant = .failure(error) }
        return (grant, naps.withLock { $0 }, google)
    }

    private func refusal(_ status: Int, _ error: String) -> WebResponse {
        .json("{\"error\":\"\(error)\"}", status: status)
    }

    @Test func `it asks until the person has decided, slower when told so`() async throws {
        let result = try await run([
            refusal(428, "authorization_pending"), refusal(403, "slow_down"),
            refusal(400, "authorization_pending"), WebResponse(status: 503),
            .json("{\"access_token\":\"x\",\"refresh_token\":\"r\",\"expires_in\":1}"),
        ])
        #expect(try result.grant.get().accessToken?.value == "x")
        #expect(result.naps == [5, 5, 10, 10, 20].map { .seconds($0) })
        let begin = result.google.requests[0]
        #expect(begin.url.text == "https://oauth2.googleapis.com/device/code")
        #expect(
            begin.form == ["client_id=123-abc.apps.googleusercontent.com", "scope=openid email"])
        #expect(
            result.google.requests[1].form.prefix(2) == [
                "grant_type=urn:ietf:params:oauth:grant-type:device_code",
                "device_code=AH-1Ngcanary",
            ])
    }

    @Test(arguments: [
        (403, "access_denied", OAuthError.Code.accessDenied), (400, "expired_token", .expired),
        (400, "invalid_grant", .invalidGrant), (401, "invalid_client", .invalidClient),
    ])
    func `a refusal ends it`(status: Int, error: String, code: OAuthError.Code) async throws {
        let result = try await run([refusal(status, error)])
        #expect((result.grant.failure as? OAuthError)?.code == code)
        #expect(result.google.requests.count == 2)
    }

    @Test func `it gives up when the code has expired`() async throws {
        let short = Self.begun.replacing("1800", with: "12")
        let result = try await run(
            [refusal(428, "authorization_pending")], begun: .json(short))
        #expect((result.grant.failure as? OAuthError)?.code == .expired)
        #expect(result.naps.count == 3)
    }

    @Test(arguments: [
        (400, "{\"error\":\"invalid_scope\"}", OAuthError.Code.invalidScope),
        (403, "{\"error_code\":\"rate_limit_exceeded\"}", .rateLimited),
        (200, "{}", .unreadable), (200, "x", .unreadable),
        (
            200,
            "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_url\":\"javascript:alert(1)\"}",
            .unreadable
        ),
    ])
    func `what cannot begin says why`(status: Int, body: String, code: OAuthError.Code) async throws
    {
        let result = try await run([], begun: .json(body, status: status))
        #expect((result.grant.failure as? OAuthError)?.code == code)
        #expect(result.naps.isEmpty)
    }

    @Test func `the standard's spelling of the page's address is read, too`() async throws {
        let standard = Self.begun.replacing("verification_url", with: "verification_uri")
        let result = try await run(
            [.json("{\"access_token\":\"x\",\"refresh_token\":\"r\"}")], begun: .json(standard))
        #expect(try result.grant.get().source != .bearerOnly)
    }
}

struct RedirectPlanTests {
    private func client(_ kind: OAuthClient.Kind, _ uris: [String]) -> OAuthClient {
        OAuthClient(id: "c", kind: kind, redirectURIs: uris)
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1:5/"),
        ("localhost", "127.0.0.1", "http://localhost:5/"),
        ("LocalHost", "127.0.0.1", "http://localhost:5/"), ("::1", "::1", "http://[::1]:5/"),
        ("[::1]", "::1", "http://[::1]:5/"),
    ])
    func `an installed client may use any port of this machine`(
        host: String, bind: String, uri: String
    ) throws {
        let plan = try RedirectPlan(client: client(.installed, ["http://localhost"]), host: host)
        #expect(plan.bindAddress == bind)
        #expect(plan.ports == [0])
        #expect(try plan.redirectURI(port: 5) == uri)
    }

    @Test func `ports are kept in order`() throws {
        let plan = try RedirectPlan(client: client(.installed, []), ports: [8080, 8090])
        #expect(plan.ports == [8080, 8090])
    }

    @Test(arguments: [
        "evil.example", "192.168.0.1", "0.0.0.0", "", "a b", "localhost.evil.example",
    ])
    func `another host is refused unless the client lists it with https`(host: String) {
        let client = client(
            .installed, ["http://localhost", "http://evil.example/cb", "http://192.168.0.1/"])
        let error = #expect(throws: OAuthError.self) {
            try RedirectPlan(client: client, host: host)
        }
        #expect(error?.code == .redirectNotAllowed)
    }

    @Test func `a listed https redirect is used exactly and listened for here`() throws {
        let plan = try RedirectPlan(
            client: client(.web, ["https://other.example/", "https://app.example/cb?x=1"]),
            host: "app.example", ports: [9000])
        #expect(plan.bindAddress == "127.0.0.1")
        #expect(plan.ports == [9000])
        #expect(try plan.redirectURI(port: 9000) == "https://app.example/cb?x=1")
    }

    @Test func `a web client uses only the ports that it registered`() throws {
        let client = client(.web, ["http://localhost:8080/cb", "http://localhost:8090/cb"])
        let plan = try RedirectPlan(client: client, host: "localhost")
        #expect(plan.ports == [8080, 8090])
        #expect(try plan.redirectURI(port: 8090) == "http://localhost:8090/cb")
        #expect(throws: OAuthError.self) { try plan.redirectURI(port: 1) }
        #expect(throws: OAuthError.self) { try RedirectPlan(client: client) }
    }
}
