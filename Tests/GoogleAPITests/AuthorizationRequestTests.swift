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
                "state=\(request.state)", "access_type=offline",
                "code_challenge=\(request.pkce.challenge)", "code_challenge_method=S256",
                "include_granted_scopes=true", "prompt=consent", "login_hint=ada@example.com",
            ])
        #expect(!url.text.contains("GOCSPX"))
        #expect(!url.text.contains(request.pkce.verifier))
        #expect(request.state.utf8.count == 43)
        #expect(!self.request(asksAgain: false).url(at: .google).text.contains("prompt"))
    }

    @Test func `who asks for reading only is not given what was granted before`() {
        let request = AuthorizationRequest(
            client: Fixtures.client, redirectURI: "http://127.0.0.1:8085/",
            scopes: ["openid", GoogleScopes.calendarReadonly],
            random: { Array(repeating: 7, count: $0) })
        let names = request.url(at: .google).queryFields.map(\.name)
        #expect(names.contains("scope") && !names.contains("include_granted_scopes"))
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
            "?\(query)", query, " \(query) \n",
        ]
        for form in forms { #expect(try request.code(pasted: form).value == "4/0Abcdef") }
    }

    @Test(arguments: [
        ("", OAuthError.Code.codeMissing), ("short", .codeMissing),
        ("two words here", .codeMissing), ("4/0Abcdef", .codeMissing),
        (" 4%2F0Abcdef \n", .codeMissing), ("4/0AbcdefABCDEFabcdefABCDEF-abcdef_x", .codeMissing),
        ("http://127.0.0.1:8085/?code=4%2F0Abc", .stateMismatch),
        ("http://127.0.0.1:8085/?code=4%2F0Abc&state=foreign", .stateMismatch),
        ("code=4%2F0Abc", .stateMismatch), ("error=access_denied", .stateMismatch),
        ("http://127.0.0.1:8085/ ?code=x", .codeMissing),
    ])
    func `what a person pastes wrongly is refused`(text: String, code: OAuthError.Code) {
        let error = #expect(throws: OAuthError.self) { try request().code(pasted: text) }
        #expect(error?.code == code)
        let isAdvised = error?.message.contains("copy the whole address") == true
        #expect(isAdvised == (code == .codeMissing))
    }
}
