import LosslessJSON
import Testing

@testable import GoogleEmulator

/// The life and death of refresh tokens.
@Suite struct RefreshTests {
    private let desk = OAuthDesk()
    private static let dead = "Token has been expired or revoked."

    @Test func `another client's token is an invalid grant`() {
        let token = desk.tokens().refreshToken
        let answer = desk.refresh(token, [("client_id", "web"), ("client_secret", "web-secret")])
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_grant")
        #expect(desk.refresh(token).status == 200)
    }

    @Test func `rotation hands out a new token and ends the old one`() {
        desk.set { $0.rotatesRefreshTokens = true }
        let first = desk.tokens().refreshToken
        let answer = desk.refresh(first, [("scope", "openid")])
        let second = answer.refreshToken
        #expect(answer["scope"] == "openid")
        #expect(second != nil && second != first)
        let old = desk.refresh(first)
        #expect(old.status == 400)
        #expect(old.explanation == Self.dead)
        let again = desk.refresh(second)
        #expect(again["scope"]?.string?.contains(OAuthDesk.calendar) == true)
        #expect(again.refreshToken != nil)
        desk.set { $0.rotatesRefreshTokens = false }
        #expect(desk.refresh(again.refreshToken).refreshToken == nil)
    }

    @Test func `a used code ends only what came from it`() {
        let code = desk.code()
        let stolen = desk.exchange(code)
        let child = desk.refresh(stolen.refreshToken)
        let other = desk.tokens()
        #expect(desk.exchange(code).explanation == "Bad Request")
        #expect(desk.me(stolen.accessToken).status == 401)
        #expect(desk.me(child.accessToken).status == 401)
        #expect(desk.refresh(stolen.refreshToken).explanation == Self.dead)
        #expect(desk.me(other.accessToken).status == 200)
        #expect(desk.refresh(other.refreshToken).status == 200)
    }

    @Test func `the second use of a code may be harmless`() {
        desk.set { $0.reusedCodeRevokes = false }
        let code = desk.code()
        let tokens = desk.exchange(code)
        #expect(desk.exchange(code).error == "invalid_grant")
        #expect(desk.me(tokens.accessToken).status == 200)
    }

    @Test func `a client with countless stolen codes loses its consent`() {
        let other = desk.tokens()
        for _ in 0...1000 {
            let code = desk.code([("scope", OAuthDesk.calendar)])
            _ = desk.exchange(code)
            _ = desk.exchange(code)
        }
        #expect(desk.me(other.accessToken).status == 401)
    }

    @Test func `one user's tokens do not push out another's, nor another client's`() {
        desk.set { $0.refreshTokensPerClient = 2 }
        let grace = desk.tokens([("login_hint", "grace@example.com")])
        let web = desk.webTokens()
        let first = desk.tokens()
        let second = desk.tokens()
        let third = desk.tokens()
        #expect(desk.refresh(first.refreshToken).explanation == Self.dead)
        #expect(desk.me(first.accessToken).status == 200)
        for answer in [grace, second, third] {
            #expect(desk.refresh(answer.refreshToken).status == 200)
        }
        let change = [("client_id", "web"), ("client_secret", "web-secret")]
        #expect(desk.refresh(web.refreshToken, change).status == 200)
    }

    @Test func `grants of a project in testing last seven days`() {
        desk.set { $0.testingGrants = true }
        let tokens = desk.webTokens()
        let change = [("client_id", "web"), ("client_secret", "web-secret")]
        #expect(tokens["refresh_token_expires_in"] == 604_799)
        desk.local.clock.advance(seconds: 6 * 86_400)
        let later = desk.refresh(tokens.refreshToken, change)
        #expect(later["refresh_token_expires_in"] == 86_399)
        desk.local.clock.advance(seconds: 86_400)
        let over = desk.refresh(tokens.refreshToken, change)
        #expect(over.status == 400)
        #expect(over.explanation == Self.dead)
        let silent = desk.authorize([("client_id", "web"), ("prompt", "none")])
        #expect(silent.redirected["error"] == "consent_required")
        #expect(desk.webTokens().refreshToken != nil)
    }

    @Test func `who the user is stays known in testing`() {
        desk.set { $0.testingGrants = true }
        let tokens = desk.tokens([("scope", "openid email profile")])
        #expect(tokens["refresh_token_expires_in"] == nil)
        desk.local.clock.advance(seconds: 30 * 86_400)
        #expect(desk.refresh(tokens.refreshToken).status == 200)
    }

    @Test func `a user may allow access for a limited time`() {
        desk.set { $0.grantSeconds = 7200 }
        let tokens = desk.tokens()
        #expect(tokens["refresh_token_expires_in"] == 7199)
        desk.local.clock.advance(seconds: 3600)
        #expect(desk.refresh(tokens.refreshToken)["refresh_token_expires_in"] == 3599)
        desk.local.clock.advance(seconds: 3600)
        #expect(desk.refresh(tokens.refreshToken).explanation == Self.dead)
    }

    @Test func `a new password ends tokens with scopes of mail`() throws {
        let mail = desk.tokens([("scope", "https://mail.google.com/ email")])
        let gmail = desk.tokens(
            [("scope", "https://www.googleapis.com/auth/gmail.send \(OAuthDesk.calendar)")])
        let calendar = desk.tokens()
        let grace = desk.tokens(
            [("scope", "https://mail.google.com/"), ("login_hint", "grace@example.com")])
        try desk.local.google.changePassword(of: "Ada@example.com")
        #expect(desk.refresh(mail.refreshToken).explanation == Self.dead)
        #expect(desk.refresh(gmail.refreshToken).explanation == Self.dead)
        #expect(desk.refresh(calendar.refreshToken).status == 200)
        #expect(desk.refresh(grace.refreshToken).status == 200)
        #expect(throws: LocalGoogleError.self) {
            try desk.local.google.changePassword(of: "nobody@example.com")
        }
        #expect(
            desk.local.control("POST", "password", ["user": "grace@example.com"]).status == 200)
        #expect(desk.refresh(grace.refreshToken).explanation == Self.dead)
        #expect(
            desk.local.control("POST", "password", ["user": "nobody@example.com"]).status == 404)
        #expect(desk.local.control("POST", "password").status == 400)
    }

    @Test func `policies end what was granted`() {
        let token = desk.tokens().refreshToken
        desk.set { $0.blockedScopes = [OAuthDesk.calendar] }
        let blocked = desk.refresh(token)
        #expect(blocked.status == 400)
        #expect(blocked.error == "admin_policy_enforced")
        desk.set {
            $0.blockedScopes = []
            $0.requiresReauthentication = true
        }
        let again = desk.refresh(token)
        #expect(again.status == 400)
        #expect(again.error == "invalid_grant")
        #expect(again["error_subtype"] == "invalid_rapt")
        desk.set { $0.requiresReauthentication = false }
        #expect(desk.refresh(token).status == 200)
    }

    @Test func `a revoked grant may go on for a while`() {
        desk.set { $0.revocationLagSeconds = 60 }
        let tokens = desk.tokens()
        let revoked = desk.local.post("/revoke", [("token", tokens.accessToken ?? "")])
        #expect(revoked.status == 200)
        #expect(desk.me(tokens.accessToken).status == 200)
        #expect(desk.authorize([("prompt", "none")]).redirected["error"] == "consent_required")
        desk.local.clock.advance(seconds: 60)
        #expect(desk.me(tokens.accessToken).status == 401)
        #expect(desk.refresh(tokens.refreshToken).explanation == Self.dead)
    }

    @Test func `a consent while a revoked grant goes on outlives it`() {
        desk.set { $0.revocationLagSeconds = 60 }
        let old = desk.tokens()
        _ = desk.local.post("/revoke", [("token", old.accessToken ?? "")])
        let new = desk.tokens()
        desk.local.clock.advance(seconds: 61)
        #expect(desk.me(old.accessToken).status == 401)
        #expect(desk.refresh(old.refreshToken).explanation == Self.dead)
        #expect(desk.me(new.accessToken).status == 200)
        #expect(desk.refresh(new.refreshToken).status == 200)
    }

    @Test func `revoking asks for consent again`() {
        let tokens = desk.webTokens()
        #expect(desk.webTokens().refreshToken == nil)
        _ = desk.local.send("POST", "/revoke?token=\(tokens.accessToken ?? "")")
        #expect(desk.webTokens().refreshToken != nil)
    }

    @Test func `an expired access token revokes nothing`() {
        let tokens = desk.tokens()
        desk.local.clock.advance(seconds: 3600)
        let answer = desk.local.post("/revoke", [("token", tokens.accessToken ?? "")])
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_token")
        #expect(desk.refresh(tokens.refreshToken).status == 200)
        #expect(desk.local.post("/revoke", [])["error"] == "invalid_request")
    }

    @Test func `expired access tokens are forgotten`() {
        for _ in 0..<50 { _ = desk.tokens() }
        desk.local.clock.advance(seconds: 3600)
        _ = desk.tokens()
        let count = desk.local.google.locked { $0.world.oauth.accessTokens.count }
        #expect(count == 1)
    }
}
