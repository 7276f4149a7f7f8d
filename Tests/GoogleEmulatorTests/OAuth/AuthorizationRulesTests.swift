import LosslessJSON
import Testing

@testable import GoogleEmulator

/// The parameters of the authorization request, one by one.
@Suite struct AuthorizationRulesTests {
    static let pages: [([(String, String)], String, String)] = [
        ([("access_type", "sometimes")], "invalid_request", "access_type"),
        ([("prompt", "login")], "invalid_request", "Invalid prompt: login"),
        ([("prompt", "none consent")], "invalid_request", "none stands alone"),
        (
            [("prompt", "consent"), ("approval_prompt", "force")], "invalid_request",
            "Conflict params: approval_prompt and prompt"
        ),
        ([("approval_prompt", "often")], "invalid_request", "approval_prompt"),
        ([("code_challenge_method", "S256")], "invalid_request", "code_challenge_method"),
        (
            [("code_challenge", String(repeating: "a", count: 42))], "invalid_request",
            "code_challenge"
        ),
        (
            [("code_challenge", String(repeating: "a", count: 129))], "invalid_request",
            "code_challenge"
        ),
        (
            [("code_challenge", String(repeating: "a", count: 42) + "+")], "invalid_request",
            "code_challenge"
        ),
        (
            [
                ("code_challenge", String(repeating: "a", count: 43)),
                ("code_challenge_method", "s256"),
            ], "invalid_request", "code_challenge_method"
        ),
        ([("scope", "email nonsense")], "invalid_scope", "{invalid=[nonsense]}"),
        ([("scope", "  ")], "invalid_scope", "invalid"),
        ([("redirect_uri", "oob")], "invalid_request", "out-of-band"),
        ([("redirect_uri", "urn:ietf:wg:oauth:2.0:oob:auto")], "invalid_request", "out-of-band"),
        ([("redirect_uri", "http://127.0.0.1/#part")], "redirect_uri_mismatch", "registered"),
        ([("redirect_uri", "http://127.0.0.1/ä")], "redirect_uri_mismatch", "registered"),
        (
            [("redirect_uri", "http://127.0.0.1/" + String(repeating: "a", count: 2048))],
            "redirect_uri_mismatch", "registered"
        ),
        ([("nonce", String(repeating: "n", count: 1025))], "invalid_request", "nonce"),
        ([("login_hint", "nobody@example.com")], "invalid_request", "nobody@example.com"),
        ([("hd", "nowhere.example")], "invalid_request", "nowhere.example"),
    ]

    @Test(arguments: pages.indices)
    func `a wrong parameter is explained on a page`(index: Int) {
        let (change, error, word) = Self.pages[index]
        let answer = OAuthDesk().authorize(change)
        #expect(answer.status == 400)
        #expect(answer.raw.header("Location") == nil)
        #expect(answer.text.contains("Error 400: \(error)"))
        #expect(answer.text.contains(word))
    }

    @Test(arguments: ["client_id", "redirect_uri", "scope", "state", "prompt", "nonce"])
    func `a parameter may come once`(name: String) {
        let desk = OAuthDesk()
        let twice = desk.local.send("GET", desk.target() + "&\(name)=a&\(name)=a")
        #expect(twice.status == 400)
        #expect(
            twice.text.contains("OAuth 2 parameters can only have a single value: \(name)"))
        #expect(desk.local.send("GET", desk.target() + "&unheard=a&unheard=a").status == 302)
    }

    @Test func `a request beyond all measure is refused`() {
        let desk = OAuthDesk()
        let long = desk.authorize([("state", String(repeating: "s", count: 16_384))])
        #expect(long.status == 413)
        #expect(desk.authorize([("state", String(repeating: "s", count: 15_000))]).status == 302)
        let post = desk.local.post(
            "/o/oauth2/v2/auth", desk.request([("state", String(repeating: "s", count: 70_000))]))
        #expect(post.status == 413)
        #expect(desk.local.send("PUT", desk.target()).status == 405)
    }

    @Test func `the redirect adds to the query that is there`() {
        let answer = OAuthDesk().authorize([("redirect_uri", "http://localhost:7/x?y=1")])
        let location = answer.raw.header("Location") ?? ""
        #expect(location.hasPrefix("http://localhost:7/x?y=1&state=s-1&code=4%2F0A"))
        #expect(OAuthDesk().authorize([("state", "-")]).redirected["state"] == nil)
    }

    @Test func `the domain chooses among the users`() {
        let desk = OAuthDesk()
        let code = desk.code([("hd", "example.org"), ("prompt", "select_account")])
        let token = desk.exchange(code)
        #expect(desk.me(token.accessToken)["items"]?[0]?["id"] == "linus@example.org")
        #expect(desk.authorize([("hd", "*")]).status == 302)
        let silent = desk.authorize([("hd", "nowhere.example"), ("prompt", "none")])
        #expect(silent.redirected["error"] == "login_required")
    }

    @Test func `a hint is an address or Google's number`() throws {
        let desk = OAuthDesk()
        let grace = desk.tokens([("login_hint", "Grace@Example.com")])
        #expect(desk.me(grace.accessToken)["items"]?[0]?["id"] == "grace@example.com")
        let info = desk.local.send(
            "GET", "/tokeninfo?access_token=\(grace.accessToken ?? "")")
        let number = try #require(info["sub"]?.string)
        let again = desk.tokens([("login_hint", number)])
        #expect(desk.me(again.accessToken)["items"]?[0]?["id"] == "grace@example.com")
    }

    @Test func `nobody can be chosen silently among several`() {
        let desk = OAuthDesk()
        #expect(desk.authorize([("prompt", "none")]).redirected["error"] == "consent_required")
        _ = desk.tokens([("login_hint", "grace@example.com")])
        #expect(desk.authorize([("prompt", "none")]).redirected["error"] == "interaction_required")
        let named = desk.authorize([("prompt", "none"), ("login_hint", "grace@example.com")])
        #expect(named.redirected["code"] != nil)
        #expect(named.redirected["state"] == "s-1")
    }

    @Test func `the older word for asking again counts`() {
        let desk = OAuthDesk()
        #expect(desk.webTokens().refreshToken != nil)
        #expect(desk.webTokens([("approval_prompt", "auto")]).refreshToken == nil)
        #expect(desk.webTokens([("approval_prompt", "force")]).refreshToken != nil)
        #expect(desk.webTokens([("prompt", "select_account")]).refreshToken == nil)
    }

    @Test func `more scopes than before are a new consent`() {
        let desk = OAuthDesk()
        #expect(desk.webTokens([("scope", OAuthDesk.calendar)]).refreshToken != nil)
        #expect(desk.webTokens([("scope", OAuthDesk.calendar)]).refreshToken == nil)
        let more = "\(OAuthDesk.calendar) \(OAuthDesk.contacts)"
        #expect(desk.webTokens([("scope", more)]).refreshToken != nil)
        #expect(desk.webTokens([("scope", more)]).refreshToken == nil)
        let silent = desk.webTokens([("scope", more), ("prompt", "none")])
        #expect(silent.accessToken != nil && silent.refreshToken == nil)
    }

    @Test func `users who leave scopes out get fewer`() {
        let desk = OAuthDesk()
        desk.set { $0.withheldScopes = [OAuthDesk.calendar] }
        let answer = desk.authorize()
        #expect(answer.redirected["scope"] == "\(OAuthDesk.email) openid")
        let tokens = desk.exchange(answer.redirected["code"] ?? "")
        #expect(tokens["scope"]?.string == "\(OAuthDesk.email) openid")
        #expect(desk.me(tokens.accessToken).status == 403)
        let none = desk.authorize([("scope", OAuthDesk.calendar)])
        #expect(none.redirected["error"] == "access_denied")
    }

    @Test func `policies refuse on a page`() {
        let desk = OAuthDesk()
        desk.set { $0.blockedScopes = [OAuthDesk.calendar] }
        #expect(desk.authorize().text.contains("Error 400: admin_policy_enforced"))
        #expect(desk.authorize([("scope", "email")]).status == 302)
        desk.set {
            $0.blockedScopes = []
            $0.internalDomains = ["desktop": "example.org"]
        }
        #expect(desk.authorize().text.contains("Error 400: org_internal"))
        #expect(desk.authorize([("login_hint", "linus@example.org")]).status == 302)
        let embedded = "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36"
        let agent = desk.authorize(headers: [("User-Agent", embedded)])
        #expect(agent.text.contains("Error 400: disallowed_useragent"))
    }

    @Test func `codes do not grow without bound`() {
        let desk = OAuthDesk()
        let first = desk.code()
        for _ in 0..<4000 { _ = desk.code() }
        #expect(desk.exchange(first).explanation == "Malformed auth code.")
        let count = desk.local.google.locked { $0.world.oauth.codes.count }
        #expect(count == 4000)
    }
}
