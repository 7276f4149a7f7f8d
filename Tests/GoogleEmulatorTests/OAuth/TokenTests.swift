import Foundation
import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Sections 3, 4 and 6 of the OAuth contract: tokens.
@Suite struct TokenTests {
    var local = Local { $0.autoConsent = true }
    private let calendar = "https://www.googleapis.com/auth/calendar"
    private let redirect = "http://127.0.0.1:9999/"

    private func code(_ more: [(String, String)] = [], client: String = "desktop") -> String {
        let uri = client == "web" ? "https://app.example/back" : redirect
        let items =
            [
                ("client_id", client), ("redirect_uri", uri), ("response_type", "code"),
                ("scope", "\(calendar) email"), ("access_type", "offline"),
            ].filter { item in !more.contains { $0.0 == item.0 } } + more
        let query = items.map { "\($0.0)=\(PercentCoding.encode($0.1))" }.joined(separator: "&")
        let answer = local.send("GET", "/o/oauth2/v2/auth?" + query)
        let location = answer.raw.header("Location") ?? ""
        return Parameters(formEncoded: location.split(separator: "?").last ?? "")["code"] ?? "none"
    }

    private func exchange(_ code: String, _ more: [(String, String)] = []) -> Answer {
        let fields =
            [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
                ("client_id", "desktop"), ("client_secret", "s3cret+/"),
            ].filter { item in !more.contains { $0.0 == item.0 } } + more
        return local.post("/token", fields.filter { $0.1 != "-" })
    }

    private func refresh(_ token: String, _ more: [(String, String)] = []) -> Answer {
        local.post(
            "/token",
            [
                ("grant_type", "refresh_token"), ("refresh_token", token),
                ("client_id", "desktop"), ("client_secret", "s3cret+/"),
            ] + more)
    }

    private func me(_ token: String) -> Answer {
        local.send(
            "GET", "/calendar/v3/users/me/calendarList",
            headers: [("Authorization", "Bearer \(token)")])
    }

    @Test(arguments: ["/token", "/o/oauth2/token", "/oauth2/v4/token"])
    func `a code becomes tokens`(path: String) {
        let answer = local.post(
            path,
            [
                ("grant_type", "authorization_code"), ("code", code()), ("redirect_uri", redirect),
                ("client_id", "desktop"), ("client_secret", "s3cret+/"),
            ])
        #expect(answer.status == 200)
        #expect(answer["access_token"]?.string?.hasPrefix("ya29.") == true)
        #expect(answer["refresh_token"]?.string?.hasPrefix("1//") == true)
        #expect(answer["expires_in"] == 3599)
        #expect(answer["token_type"] == "Bearer")
        #expect(
            answer["scope"]?.string
                == "\(calendar) https://www.googleapis.com/auth/userinfo.email openid")
        #expect(answer.raw.header("Content-Type") == "application/json; charset=utf-8")
        #expect(answer.raw.header("Cache-Control") == "no-store")
        #expect(me(answer["access_token"]?.string ?? "").status == 200)
    }

    @Test func `a refresh token can be made to rotate`() {
        let local = Local {
            $0.autoConsent = true
            $0.switches.rotatesRefreshTokens = true
        }
        let tests = TokenTests(local: local)
        let first = tests.exchange(tests.code())["refresh_token"]?.string ?? ""
        let narrow = tests.refresh(first, [("scope", calendar)])
        #expect(narrow["scope"]?.string == calendar)
        let second = narrow["refresh_token"]?.string ?? ""
        #expect(second.hasPrefix("1//") && second != first)
        #expect(tests.refresh(first)["error"] == "invalid_grant")
        let whole = tests.refresh(second)
        #expect(whole["scope"]?.string?.contains("userinfo.email") == true)
        #expect(tests.refresh("none")["refresh_token"] == nil)
    }

    @Test func `a grant of a project in testing ends after seven days`() throws {
        let local = Local {
            $0.autoConsent = true
            $0.switches.testingGrants = true
        }
        let tests = TokenTests(local: local)
        let answer = tests.exchange(tests.code())
        #expect(answer["refresh_token_expires_in"] == 604_799)
        let token = answer["refresh_token"]?.string ?? ""
        local.clock.advance(seconds: 604_000)
        #expect(tests.refresh(token)["refresh_token_expires_in"] == 799)
        try local.google.restore(local.google.snapshot())
        local.clock.advance(seconds: 799)
        #expect(tests.refresh(token)["error"] == "invalid_grant")
        let harmless = tests.exchange(tests.code([("scope", "openid email")]))
        #expect(harmless["refresh_token_expires_in"] == nil)
        #expect(self.exchange(code())["refresh_token_expires_in"] == nil)
    }

    @Test func `the client may authenticate with a Basic header`() {
        let basic = Data("desktop:s3cret%2B%2F".utf8).base64EncodedString()
        func send(_ header: String) -> Answer {
            local.post(
                "/token",
                [
                    ("grant_type", "authorization_code"), ("code", code()),
                    ("redirect_uri", redirect),
                ], headers: [("Authorization", header)])
        }
        #expect(send("Basic \(basic)").status == 200)
        let wrong = send("Basic " + Data("desktop:wrong".utf8).base64EncodedString())
        #expect(wrong.status == 401)
        #expect(wrong["error_description"] == "The provided client secret is invalid.")
    }

    @Test func `PKCE with the vector of RFC 7636`() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        let challenge = [
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ]
        #expect(exchange(code(challenge), [("code_verifier", verifier)]).status == 200)
        #expect(
            exchange(code(challenge), [("code_verifier", verifier), ("client_secret", "-")]).status
                == 200)
        let missing = exchange(code(challenge))
        #expect(missing.status == 400)
        #expect(missing["error_description"] == "Missing code verifier.")
        let wrong = exchange(code(challenge), [("code_verifier", verifier + "x")])
        #expect(wrong["error"] == "invalid_grant")
        #expect(wrong["error_description"] == "Invalid code verifier.")
        let plain = [("code_challenge", verifier)]
        #expect(exchange(code(plain), [("code_verifier", verifier)]).status == 200)
    }

    static let refusals: [([(String, String)], Int, String, String)] = [
        (
            [("grant_type", "password")], 400, "unsupported_grant_type",
            "Invalid grant_type: password"
        ),
        ([("grant_type", "-")], 400, "invalid_request", "Missing required parameter: grant_type"),
        ([("code", "-")], 400, "invalid_request", "Missing required parameter: code"),
        ([("code", "4/nonsense")], 400, "invalid_grant", "Malformed auth code."),
        ([("redirect_uri", "http://127.0.0.1:1/")], 400, "redirect_uri_mismatch", "Bad Request"),
        ([("client_id", "nobody")], 401, "invalid_client", "The OAuth client was not found."),
        (
            [("client_secret", "wrong")], 401, "invalid_client",
            "The provided client secret is invalid."
        ),
        (
            [("client_id", "-"), ("client_secret", "-")], 400, "invalid_request",
            "Could not determine client ID from request."
        ),
        (
            [("client_id", "web"), ("client_secret", "web-secret")], 400, "invalid_grant",
            "Bad Request"
        ),
        ([("client_secret", "-")], 400, "invalid_request", "client_secret is missing."),
    ]

    @Test(arguments: refusals.indices)
    func `a bad exchange is refused in flat form`(index: Int) {
        let (change, status, error, description) = Self.refusals[index]
        let answer = exchange(code(), change)
        #expect(answer.status == status)
        #expect(answer["error"]?.string == error)
        #expect(answer["error_description"]?.string == description)
        #expect(answer.raw.header("Cache-Control") == "no-store")
    }

    @Test func `a code serves once and its second use revokes what came from it`() {
        let once = code()
        let first = exchange(once)
        let second = exchange(once)
        #expect(second.status == 400)
        #expect(second["error"] == "invalid_grant")
        #expect(me(first["access_token"]?.string ?? "").status == 401)
        #expect(refresh(first["refresh_token"]?.string ?? "").status == 400)
    }

    @Test func `a code dies with the consent that it came from`() {
        let tokens = exchange(code())
        let waiting = code()
        _ = local.post("/revoke", [("token", tokens["refresh_token"]?.string ?? "")])
        let answer = exchange(waiting)
        #expect(answer.status == 400)
        #expect(answer["error"] == "invalid_grant")
        #expect(answer["access_token"] == nil)
        #expect(exchange(code()).status == 200)
    }

    @Test func `a code lives for ten minutes`() {
        let old = code()
        local.clock.advance(seconds: 600)
        #expect(exchange(old)["error"] == "invalid_grant")
    }

    @Test func `a refresh token needs offline access, and for web clients a first consent`() {
        #expect(exchange(code([("access_type", "online")]))["refresh_token"] == nil)
        func web(_ more: [(String, String)]) -> Answer {
            exchange(
                code(more, client: "web"),
                [
                    ("redirect_uri", "https://app.example/back"), ("client_id", "web"),
                    ("client_secret", "web-secret"),
                ])
        }
        #expect(web([])["refresh_token"] != nil)
        #expect(web([])["refresh_token"] == nil)
        #expect(web([("prompt", "consent")])["refresh_token"] != nil)
        #expect(exchange(code())["refresh_token"] != nil)
        #expect(exchange(code())["refresh_token"] != nil)
    }

    @Test func `refreshing gives a new access token and no new refresh token`() {
        let token = exchange(code())["refresh_token"]?.string ?? ""
        let answer = refresh(token)
        #expect(answer.status == 200)
        #expect(answer["refresh_token"] == nil)
        #expect(answer["expires_in"] == 3599)
        #expect(me(answer["access_token"]?.string ?? "").status == 200)
        let part = refresh(token, [("scope", calendar)])
        #expect(part["scope"]?.string == calendar)
        #expect(part["id_token"] == nil)
        let more = refresh(token, [("scope", "https://www.googleapis.com/auth/drive")])
        #expect(more["error"] == "invalid_scope")
    }

    @Test func `a dead refresh token says so`() throws {
        let token = exchange(code())["refresh_token"]?.string ?? ""
        try local.google.expire(.refreshTokens, user: "grace@example.com")
        #expect(refresh(token).status == 200)
        try local.google.expire(.refreshTokens)
        let answer = refresh(token)
        #expect(answer.status == 400)
        #expect(answer["error"] == "invalid_grant")
        #expect(answer["error_description"] == "Token has been expired or revoked.")
        #expect(refresh("1//nonsense")["error"] == "invalid_grant")
        #expect(
            local.post("/token", [("grant_type", "refresh_token"), ("client_id", "desktop")])[
                "error"] == "invalid_request")
    }

    @Test func `a refresh token dies when nobody uses it for half a year`() {
        let token = exchange(code())["refresh_token"]?.string ?? ""
        local.clock.advance(seconds: 180 * 86_400)
        #expect(refresh(token).status == 200)
        local.clock.advance(seconds: 180 * 86_400)
        #expect(refresh(token).status == 200)
        local.clock.advance(seconds: 184 * 86_400)
        #expect(refresh(token)["error"] == "invalid_grant")
    }

    @Test func `more than a hundred refresh tokens drop the oldest`() {
        let first = exchange(code())["refresh_token"]?.string ?? ""
        for _ in 0..<99 { _ = exchange(code()) }
        #expect(refresh(first).status == 200)
        _ = exchange(code())
        #expect(refresh(first)["error"] == "invalid_grant")
    }

    @Test func `access tokens can be ended before their time`() throws {
        let token = exchange(code())["access_token"]?.string ?? ""
        #expect(me(token).status == 200)
        try local.google.expire(.accessTokens, user: "ada@example.com")
        #expect(me(token).status == 401)
    }

    @Test(arguments: ["access_token", "refresh_token"])
    func `revoking either token ends the whole grant`(which: String) {
        let tokens = exchange(code())
        let answer = local.post("/revoke", [("token", tokens[which]?.string ?? "")])
        #expect(answer.status == 200)
        #expect(answer.json == [:])
        #expect(me(tokens["access_token"]?.string ?? "").status == 401)
        #expect(refresh(tokens["refresh_token"]?.string ?? "")["error"] == "invalid_grant")
        let again = local.send("GET", "/revoke?token=\(tokens[which]?.string ?? "")")
        #expect(again.status == 400)
        #expect(again["error"] == "invalid_token")
        #expect(again["error_description"] == "Token expired or revoked")
    }

    @Test func `include_granted_scopes adds what was granted before`() {
        _ = exchange(code())
        let answer = exchange(
            code([
                ("scope", "https://www.googleapis.com/auth/contacts"),
                ("include_granted_scopes", "true"),
            ]))
        #expect(answer["scope"]?.string?.contains(calendar) == true)
        #expect(
            answer["scope"]?.string?.hasPrefix("https://www.googleapis.com/auth/contacts") == true)
    }

    @Test(arguments: ["/tokeninfo", "/oauth2/v3/tokeninfo"])
    func `tokeninfo tells everything as strings`(path: String) {
        let token = exchange(code())["access_token"]?.string ?? ""
        local.clock.advance(seconds: 100)
        let answer = local.send("GET", "\(path)?access_token=\(token)")
        #expect(answer["aud"] == "desktop")
        #expect(answer["azp"] == "desktop")
        #expect(answer["email"] == "ada@example.com")
        #expect(answer["email_verified"] == "true")
        #expect(answer["expires_in"] == "3499")
        #expect(answer["access_type"] == "offline")
        #expect(answer["sub"]?.string?.count == 21)
        let bad = local.send("GET", "\(path)?access_token=x")
        #expect(bad.status == 400)
        #expect(bad["error_description"] == "Invalid Value")
    }

    @Test(arguments: [
        ("/oauth2/v3/userinfo", "sub", "email_verified"),
        ("/v1/userinfo", "sub", "email_verified"),
        ("/oauth2/v2/userinfo", "id", "verified_email"),
        ("/oauth2/v1/userinfo", "id", "verified_email"),
    ])
    func `userinfo says who the user is`(path: String, id: String, verified: String) throws {
        func ask(_ token: String) -> Answer {
            local.send("GET", path, headers: [("Authorization", "Bearer \(token)")])
        }
        let answer = ask("token-ada")
        #expect(answer[id]?.string?.count == 21)
        #expect(answer["email"] == "ada@example.com")
        #expect(answer[verified] == true)
        #expect(answer["given_name"] == "Ada")
        #expect(ask("nonsense").status == 401)
        let narrow = try local.google.accessToken(for: "ada@example.com", scopes: [calendar])
        #expect(ask(narrow).status == 403)
        let openid = try local.google.accessToken(for: "ada@example.com", scopes: ["openid"])
        #expect(ask(openid)["email"] == nil)
        #expect(ask(openid)[id] == answer[id])
    }

    @Test func `the identity token names issuer, client and user`() throws {
        let answer = exchange(code([("nonce", "n-1")]))
        let parts = (answer["id_token"]?.string ?? "").split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let claims = try JSON(parsing: try #require(EventLinks.bytes(base64URL: parts[1])))
        #expect(claims["iss"] == "https://accounts.google.com")
        #expect(claims["aud"] == "desktop")
        #expect(claims["email"] == "ada@example.com")
        #expect(claims["nonce"] == "n-1")
        #expect(claims["iat"]?.int == StillClock.start / 1000)
        #expect(claims["exp"]?.int == StillClock.start / 1000 + 3600)
        let header = try JSON(parsing: try #require(EventLinks.bytes(base64URL: parts[0])))
        #expect(header["alg"] == "RS256")
        let keys = local.send("GET", "/oauth2/v3/certs")
        #expect(keys["keys"]?[0]?["kid"] == header["kid"])
        #expect(keys["keys"]?[0]?["e"] == "AQAB")
        let old = local.send("GET", "/oauth2/v1/certs").json.object
        #expect(old?.keys == [header["kid"]?.string ?? ""])
        #expect(old?.members.first?.value.string?.hasPrefix("-----BEGIN CERTIFICATE-----") == true)
    }

    @Test func `the configuration points at the address that was asked`() {
        let path = "/.well-known/openid-configuration"
        let here = local.send("GET", path, headers: [("Host", "127.0.0.1:8085")])
        #expect(here["token_endpoint"] == "http://127.0.0.1:8085/token")
        #expect(here["issuer"] == "https://accounts.google.com")
        let proxied = local.send("GET", path, headers: [("Host", "accounts.google.com")])
        #expect(proxied["token_endpoint"] == "https://oauth2.googleapis.com/token")
    }
}
