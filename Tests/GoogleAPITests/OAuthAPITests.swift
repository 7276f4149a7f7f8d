import Foundation
import GoogleAPI
import LosslessJSON
import Testing
import WebClient

/// One row of the token endpoint's refusals.
struct RefusalRow: Sendable, CustomTestStringConvertible {
    let status: Int
    let body: String
    let code: OAuthError.Code
    let isTransient: Bool

    init(_ status: Int, _ body: String, _ code: OAuthError.Code, isTransient: Bool = false) {
        self.status = status
        self.body = body
        self.code = code
        self.isTransient = isTransient
    }

    var testDescription: String { "\(status) \(body) → \(code)" }
}

struct OAuthAPITests {
    private let granted = """
        {"access_token":"ya29.a0Example","expires_in":3599,"refresh_token":"1//03Example",\
        "scope":"https://www.googleapis.com/auth/calendar openid","token_type":"Bearer",\
        "id_token":"eyJ.x.y","refresh_token_expires_in":604799}
        """

    @Test func `a refresh sends the client in the body and keeps the refresh token`() async throws {
        let google = ScriptedGoogle(answers: [
            .json("{\"access_token\":\"ya29.new\",\"expires_in\":3599,\"token_type\":\"bearer\"}")
        ])
        let grant = OAuthGrant(
            source: .user(client: Fixtures.client, refreshToken: "1//old"), scopes: ["b", "a"])
        let renewed = try await google.oauth.renew(grant)
        let request = try #require(google.requests.first)
        #expect(request.url.text == "https://oauth2.googleapis.com/token")
        #expect(request.method == "POST")
        #expect(request.headers["Content-Type"] == "application/x-www-form-urlencoded")
        #expect(
            request.form == [
                "grant_type=refresh_token", "refresh_token=1//old",
                "client_id=123-abc.apps.googleusercontent.com",
                "client_secret=GOCSPX-canarysecret",
            ])
        #expect(renewed.source == grant.source)
        #expect(renewed.scopes == ["a", "b"])
        #expect(renewed.accessToken?.value == "ya29.new")
        #expect(renewed.accessToken?.expires == Fixtures.now.addingTimeInterval(3599))
    }

    @Test func `a new refresh token and fewer scopes are taken over`() async throws {
        let google = ScriptedGoogle(answers: [.json(granted)])
        let renewed = try await google.oauth.renew(
            OAuthGrant(
                source: .user(client: Fixtures.client, refreshToken: "1//old"),
                scopes: ["https://www.googleapis.com/auth/contacts", "openid"]))
        #expect(
            renewed.source == .user(client: Fixtures.client, refreshToken: "1//03Example"))
        #expect(renewed.scopes == ["https://www.googleapis.com/auth/calendar", "openid"])
        #expect(
            renewed.missing(of: ["openid", "https://www.googleapis.com/auth/contacts"])
                == ["https://www.googleapis.com/auth/contacts"])
        #expect(renewed.expires == Fixtures.now.addingTimeInterval(604_799))
    }

    @Test func `short names of scopes count as granted in their long spelling`() {
        let grant = OAuthGrant(
            source: .bearerOnly, scopes: [GoogleScopes.email, GoogleScopes.profile, "openid"])
        #expect(grant.missing(of: ["email", "profile", "openid", "x"]) == ["x"])
    }

    @Test(arguments: [
        "{}", "{\"access_token\":\"\"}", "{\"access_token\":7}", "[]", "null",
        "{\"access_token\":\"a b\"}", "{\"access_token\":\"a\\r\\nX: y\"}",
        "{\"access_token\":\"x\",\"token_type\":\"mac\"}", "<html>", "", "{\"access_token\":\"x\"",
        "{\"access_token\":\"ü\"}",
    ])
    func `a token answer without a usable token is unreadable`(body: String) async throws {
        let google = ScriptedGoogle(answers: [.json(body)])
        let error = await #expect(throws: OAuthError.self) {
            try await google.oauth.refresh("1//r", client: Fixtures.client)
        }
        #expect(error?.code == .unreadable)
        #expect(error?.isTransient == true)
    }

    @Test(arguments: [
        ("\"3599\"", 3599.0), ("3599.9", 3599.9), ("-5", 0.0), ("1e99", 86_400.0),
    ])
    func `odd lifetimes are made harmless`(text: String, seconds: Double) async throws {
        let google = ScriptedGoogle(answers: [
            .json("{\"access_token\":\"x\",\"expires_in\":\(text)}")
        ])
        let answer = try await google.oauth.refresh("1//r", client: Fixtures.client)
        #expect(answer.accessToken.expires == Fixtures.now.addingTimeInterval(seconds))
    }

    static let rows: [RefusalRow] = [
        RefusalRow(
            400,
            "{\"error\":\"invalid_grant\",\"error_description\":\"Token has been expired or revoked.\"}",
            .invalidGrant),
        RefusalRow(
            400, "{\"error\":\"invalid_grant\",\"error_subtype\":\"invalid_rapt\"}", .invalidGrant),
        RefusalRow(401, "{\"error\":\"invalid_client\"}", .invalidClient),
        RefusalRow(401, "{\"error\":\"deleted_client\"}", .invalidClient),
        RefusalRow(400, "{\"error\":\"redirect_uri_mismatch\"}", .redirectMismatch),
        RefusalRow(400, "{\"error\":\"unsupported_grant_type\"}", .unsupportedGrantType),
        RefusalRow(400, "{\"error\":\"invalid_request\"}", .invalidRequest),
        RefusalRow(400, "{\"error\":\"invalid_scope\"}", .invalidScope),
        RefusalRow(401, "{\"error\":\"unauthorized_client\"}", .unauthorizedClient),
        RefusalRow(403, "{\"error\":\"access_denied\"}", .accessDenied),
        RefusalRow(403, "{\"error\":\"org_internal\"}", .adminPolicy),
        RefusalRow(400, "{\"error\":\"admin_policy_enforced\"}", .adminPolicy),
        RefusalRow(500, "{\"error\":\"internal_failure\"}", .server, isTransient: true),
        RefusalRow(400, "{\"error\":\"server_error\"}", .server, isTransient: true),
        RefusalRow(503, "{\"error\":\"temporarily_unavailable\"}", .server, isTransient: true),
        RefusalRow(502, "<html>", .server, isTransient: true),
        RefusalRow(503, "", .server, isTransient: true),
        RefusalRow(429, "", .rateLimited, isTransient: true),
        RefusalRow(
            403, "{\"error_code\":\"rate_limit_exceeded\"}", .rateLimited, isTransient: true),
        RefusalRow(
            428, "{\"error\":\"authorization_pending\"}", .authorizationPending, isTransient: true),
        RefusalRow(
            400, "{\"error\":\"authorization_pending\"}", .authorizationPending, isTransient: true),
        RefusalRow(403, "{\"error\":\"slow_down\"}", .slowDown, isTransient: true),
        RefusalRow(400, "{\"error\":\"expired_token\"}", .expired),
        RefusalRow(400, "{\"error\":\"never_heard_of\"}", .other),
        RefusalRow(400, "<html>", .unreadable, isTransient: true),
        RefusalRow(302, "", .unreadable, isTransient: true),
    ]

    @Test(arguments: rows)
    func `each refusal has its code, by its error and not by its status`(
        row: RefusalRow
    ) async throws {
        let google = ScriptedGoogle(answers: [.json(row.body, status: row.status)])
        let error = await #expect(throws: OAuthError.self) {
            try await google.oauth.refresh("1//canarytoken", client: Fixtures.client)
        }
        #expect(error?.code == row.code)
        #expect(error?.isTransient == row.isTransient)
        #expect(error?.status == row.status)
        #expect(google.requests.count == 1)
        for text in texts(of: error as Any) { #expect(!text.contains("canary")) }
    }

    @Test func `a dead grant names the seven days of testing mode and a wrong clock`() async throws
    {
        let google = ScriptedGoogle(answers: [
            .json(
                "{\"error\":\"invalid_grant\"}", status: 400,
                headers: [("Date", "Sun, 22 Nov 2026 06:31:34 GMT")])
        ])
        let error = await #expect(throws: OAuthError.self) {
            try await google.oauth.refresh("1//r", client: Fixtures.client)
        }
        #expect(error?.message.contains("7 days") == true)
        #expect(error?.message.contains("six months") == true)
        #expect(error?.message.contains("60 minutes ahead of") == true)
        #expect(error?.clockSkew == .seconds(3600))
    }

    @Test func `a wrong code does not speak of revoked grants`() async throws {
        let google = ScriptedGoogle(answers: [.json("{\"error\":\"invalid_grant\"}", status: 400)])
        let request = AuthorizationRequest(
            client: Fixtures.client, redirectURI: "http://127.0.0.1:1/", scopes: ["a"],
            random: SystemRandom.bytes)
        let code = try request.code(pasted: "code=4/0Abcdefgh&state=\(request.state)")
        let error = await #expect(throws: OAuthError.self) {
            try await google.oauth.exchange(code, of: request)
        }
        #expect(error?.code == .invalidGrant)
        #expect(error?.message.contains("7 days") == false)
    }

    @Test func `a lost connection is a network failure with its cause`() async throws {
        let google = ScriptedGoogle(failing: WebError(code: .timeout, message: "x", wasSent: true))
        let error = await #expect(throws: OAuthError.self) {
            try await google.oauth.refresh("1//r", client: Fixtures.client)
        }
        #expect(error?.code == .network)
        #expect(error?.isTransient == true)
        #expect((error?.cause as? WebError)?.code == .timeout)
    }

    @Test func `a grant is withdrawn by its refresh token`() async throws {
        let google = ScriptedGoogle(answers: [.json("{}")])
        try await google.oauth.revoke(
            OAuthGrant(source: .user(client: Fixtures.client, refreshToken: "1//r")))
        #expect(google.requests[0].url.text == "https://oauth2.googleapis.com/revoke")
        #expect(google.requests[0].form == ["token=1//r"])
        let refused = ScriptedGoogle(answers: [.json("{\"error\":\"invalid_token\"}", status: 400)])
        let error = await #expect(throws: OAuthError.self) {
            try await refused.oauth.revoke(token: "x")
        }
        #expect(error?.code == .invalidToken)
    }

    @Test func `identity is the stable sub`() async throws {
        let google = ScriptedGoogle(answers: [
            .json(
                """
                {"sub":"1138","name":"Ada","email":"ada@example.com","email_verified":true,\
                "hd":"example.com"}
                """),
            .json("{\"id\":\"1139\",\"verified_email\":false}"), .json("{\"email\":\"x\"}"),
            .json(
                "{\"error\":\"invalid_request\",\"error_description\":\"Invalid Credentials\"}",
                status: 401),
        ])
        let token = AccessToken(value: "ya29.canary", expires: nil)
        let ada = try await google.oauth.identity(of: token)
        #expect(ada.sub == "1138")
        #expect(ada.email == "ada@example.com")
        #expect(ada.name == "Ada")
        #expect(google.requests[0].url.text == "https://openidconnect.googleapis.com/v1/userinfo")
        #expect(google.requests[0].headers["Authorization"] == "Bearer ya29.canary")
        #expect(try await google.oauth.identity(of: token).sub == "1139")
        let nobody = await #expect(throws: OAuthError.self) {
            try await google.oauth.identity(of: token)
        }
        #expect(nobody?.code == .unreadable)
        let refused = await #expect(throws: OAuthError.self) {
            try await google.oauth.identity(of: token)
        }
        #expect(refused?.code == .invalidToken)
    }

    @Test func `no token, secret, code or key is in any description`() async throws {
        let pkce = try PKCE(verifier: String(repeating: "canary-", count: 7))
        let key = ServiceAccountKey(email: "x", keyID: "canary", privateKey: "canary")
        let client = OAuthClient(id: "id", secret: "canary")
        let request = AuthorizationRequest(
            client: client, redirectURI: "http://127.0.0.1:1/", scopes: ["a"],
            random: { Array(repeating: 0x6A, count: $0) })
        let secrets = [request.state, request.pkce.verifier]
        let token = AccessToken(value: "canary", expires: Fixtures.now)
        let grant = OAuthGrant(
            source: .user(client: client, refreshToken: "canary"), accessToken: token)
        let values: [Any] = [
            pkce, key, client, request, token, grant, grant.source,
            OAuthGrant.Source.serviceAccount(key), OAuthGrant(source: .serviceAccount(key)),
            OAuthFile.client(client), OAuthFile.grants([grant]),
            try request.code(pasted: "code=canarycode&state=\(request.state)"),
            request.url(at: .google),
        ]
        for value in values {
            for text in texts(of: value) {
                #expect(!text.contains("canary"))
                for secret in secrets { #expect(!text.contains(secret)) }
            }
        }
    }
}
