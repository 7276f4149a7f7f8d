import Foundation
import GoogleAPI
import LosslessJSON
import Synchronization
import Testing
import WebClient

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

    @Test(arguments: [
        "?code=4%2F0Abc&state=x", "?code=4%2F0Abc&state=", "?code=4%2F0Abc&state=%00",
        "?code=4%2F0Abc", "?error=access_denied", "?error=access_denied&state=x",
    ])
    func `an answer with a foreign state is refused, and the right one still counts`(
        foreign: String
    ) async throws {
        let google = ScriptedGoogle(answers: [.json(Self.answer)])
        let grant = try await signIn(google).inBrowser { url in
            for _ in 0..<2 {
                let page = try await visit(url) { _ in foreign }
                #expect(page.status == 400)
                #expect(String(decoding: page.body, as: UTF8.self).contains("ignored"))
            }
            #expect(google.requests.isEmpty)
            #expect(try await visit(url) { "?code=right000&state=\($0)" }.status == 200)
        }
        #expect(grant.accessToken?.value == "ya29.x")
        #expect(google.requests.count == 1)
        #expect(google.requests[0].form.contains("code=right000"))
    }

    @Test func `foreign answers alone end at the time-out, without a token request`() async throws {
        let google = ScriptedGoogle(answers: [.json(Self.answer)])
        let error = await #expect(throws: OAuthError.self) {
            try await signIn(google).inBrowser(timeout: .milliseconds(50)) { url in
                // The wait may be over before the visit is.
                do { _ = try await visit(url) { _ in "?code=4%2F0Abc&state=x" } } catch {
                    #expect(error is WebError)
                }
            }
        }
        #expect(error?.code == .timedOut)
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
            try await paste(google) { "http://127.0.0.1:8085/?state=\($0)&code=4/0Abcdef" }
        }
        #expect(error?.code == .noRefreshToken)
    }

    /// Signs in with what a person makes of the state that was shown.
    private func paste(
        _ google: ScriptedGoogle, text: (String) -> String
    ) async throws -> OAuthGrant {
        let shown = Mutex<[WebURL]>([])
        return try await signIn(google).byPaste(
            show: { url in shown.withLock { $0 = [url] } },
            read: {
                let fields = shown.withLock { $0.first }?.queryFields ?? []
                return text(fields.first { $0.name == "state" }?.value ?? "")
            })
    }

    @Test(arguments: ["4/0Abcdef", "4%2F0Abcdef", "code=4/0Abcdef", "?code=4/0Abcdef&state=x"])
    func `a pasted code without this sign-in's state is sent nowhere`(text: String) async throws {
        let google = ScriptedGoogle(answers: [.json(Self.answer)])
        let error = await #expect(throws: OAuthError.self) { try await paste(google) { _ in text } }
        #expect(error?.code == .codeMissing || error?.code == .stateMismatch)
        #expect(google.requests.isEmpty)
    }

    @Test func `a pasted address is exchanged with the redirect it was asked with`() async throws {
        let google = ScriptedGoogle(answers: [.json(Self.answer)])
        let grant = try await paste(google) {
            "http://127.0.0.1:8085/?state=\($0)&code=4/0Abcdef&scope=openid\n"
        }
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
