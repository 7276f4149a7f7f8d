import Foundation
import LosslessJSON
import Testing

@testable import GoogleEmulator

/// What is told of tokens and users, and by which keys.
@Suite struct TokenInfoTests {
    private let desk = OAuthDesk()

    private func get(_ target: String, token: String? = nil) -> Answer {
        desk.local.send(
            "GET", target, headers: token.map { [("Authorization", "Bearer \($0)")] } ?? [])
    }

    @Test(arguments: ["/oauth2/v1/tokeninfo", "/oauth2/v2/tokeninfo"])
    func `older versions speak of tokens in their own words`(path: String) {
        let token = desk.tokens().accessToken ?? ""
        let answer = get("\(path)?access_token=\(token)")
        #expect(answer["issued_to"] == "desktop")
        #expect(answer["audience"] == "desktop")
        #expect(answer["expires_in"] == 3599)
        #expect(answer["verified_email"] == true)
        #expect(answer["user_id"]?.string?.count == 21)
        let bad = get("\(path)?access_token=x")
        #expect(bad.status == 400)
        #expect(bad.error == "invalid_token")
    }

    @Test func `a token may come in the query, the body or the header`() {
        let token = desk.tokens().accessToken ?? ""
        #expect(get("/tokeninfo?access_token=\(token)").status == 200)
        #expect(get("/tokeninfo", token: token).status == 200)
        #expect(desk.local.post("/tokeninfo", [("access_token", token)]).status == 200)
        let none = get("/tokeninfo")
        #expect(none.status == 400)
        #expect(none.error == "invalid_request")
    }

    @Test func `online access and fixed tokens are told as such`() {
        let online = desk.tokens([("access_type", "online"), ("scope", "openid")])
        let answer = get("/tokeninfo?access_token=\(online.accessToken ?? "")")
        #expect(answer["access_type"] == "online")
        #expect(answer["email"] == nil)
        let fixed = get("/tokeninfo?access_token=token-grace")
        #expect(fixed["email"] == "grace@example.com")
        #expect(fixed["scope"]?.string?.contains(OAuthDesk.calendar) == true)
    }

    @Test func `an identity token is told when it is genuine and fresh`() throws {
        let text =
            desk.tokens([("scope", "openid email profile"), ("nonce", "n-1")])["id_token"]?
            .string ?? ""
        let answer = get("/tokeninfo?id_token=\(text)")
        #expect(answer["iss"] == "https://accounts.google.com")
        #expect(answer["aud"] == "desktop")
        #expect(answer["email_verified"] == "true")
        #expect(answer["exp"]?.string == String(StillClock.start / 1000 + 3600))
        #expect(answer["alg"] == "RS256")
        #expect(answer["name"] == "Ada")
        #expect(answer["hd"] == "example.com")
        #expect(answer["nonce"] == "n-1")
        let parts = text.split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let forged = EventLinks.base64URL(
            Array("{\"aud\":\"desktop\",\"exp\":9999999999}".utf8))
        for bad in ["x", "\(parts[0]).\(forged).\(parts[2])", "\(parts[0]).\(parts[1])."] {
            #expect(get("/tokeninfo?id_token=\(bad)").error == "invalid_token")
        }
        desk.local.clock.advance(seconds: 3600)
        #expect(get("/tokeninfo?id_token=\(text)").status == 400)
    }

    @Test func `a refreshed identity token has no nonce`() throws {
        let tokens = desk.tokens([("nonce", "n-1")])
        let text = desk.refresh(tokens.refreshToken)["id_token"]?.string ?? ""
        let token = try #require(ReceivedToken(text))
        #expect(token.claims["nonce"] == nil)
        #expect(token.claims["sub"] != nil)
        let half = try #require(token.claims["at_hash"]?.string)
        #expect(EventLinks.bytes(base64URL: half)?.count == 16)
    }

    @Test func `the keys may be kept for a moment only`() {
        let kept = "public, max-age=60, must-revalidate"
        for path in [
            "/oauth2/v3/certs", "/oauth2/v1/certs", "/.well-known/openid-configuration",
        ] {
            let answer = get(path)
            #expect(answer.raw.header("Cache-Control") == kept)
            #expect(answer.raw.header("Content-Type") == "application/json; charset=utf-8")
        }
        #expect(desk.local.post("/oauth2/v3/certs", []).status == 405)
        let key = get("/oauth2/v3/certs")["keys"]?[0]
        #expect(key?["kty"] == "RSA")
        #expect(key?["alg"] == "RS256")
        #expect(key?["use"] == "sig")
        #expect(key?["n"]?.string?.count == 342)
    }

    @Test func `discovery names every endpoint there is`() {
        let routes = OAuthService().routes
        let answer = desk.local.send(
            "GET", "/.well-known/openid-configuration", headers: [("Host", "localhost:8085")])
        for name in [
            "authorization_endpoint", "token_endpoint", "device_authorization_endpoint",
            "userinfo_endpoint", "revocation_endpoint", "jwks_uri",
        ] {
            let address = answer[name]?.string ?? ""
            #expect(address.hasPrefix("http://localhost:8085/"))
            let path = String(address.dropFirst("http://localhost:8085".count))
            #expect(routes.contains { $0.template.text == path }, "\(name)")
        }
        #expect(answer["code_challenge_methods_supported"] == ["plain", "S256"])
    }

    @Test(arguments: ["/oauth2/v3/userinfo", "/v1/userinfo"])
    func `a bad token gets the flat refusal of OpenID Connect`(path: String) {
        for token in [nil, "nonsense"] {
            let answer = get(path, token: token)
            #expect(answer.status == 401)
            #expect(answer.error == "invalid_request")
            #expect(answer.explanation == "Invalid Credentials")
            #expect(answer.raw.header("WWW-Authenticate")?.hasPrefix("Bearer realm=") == true)
        }
    }

    @Test(arguments: ["/oauth2/v2/userinfo", "/oauth2/v1/userinfo"])
    func `older versions refuse in the envelope of the APIs`(path: String) {
        let none = get(path)
        #expect(none.status == 401)
        #expect(none.reason == "required")
        #expect(none["error"]?["details"]?[0]?["reason"] == "CREDENTIALS_MISSING")
        let bad = get(path, token: "nonsense")
        #expect(bad.status == 401)
        #expect(bad.reason == "authError")
    }

    @Test func `userinfo has the members of its version and of the scopes`() {
        let openID = get("/v1/userinfo", token: "token-ada").json.object
        #expect(
            openID?.keys.sorted() == [
                "email", "email_verified", "given_name", "hd", "locale", "name", "picture", "sub",
            ])
        let old = get("/oauth2/v2/userinfo", token: "token-ada").json.object
        #expect(
            old?.keys.sorted() == [
                "email", "given_name", "hd", "id", "name", "picture", "verified_email",
            ])
        let email = desk.tokens([("scope", "email")]).accessToken
        let narrow = get("/v1/userinfo", token: email).json.object
        #expect(narrow?.keys.sorted() == ["email", "email_verified", "hd", "sub"])
        let posted = desk.local.post(
            "/v1/userinfo", [], headers: [("Authorization", "Bearer token-ada")])
        #expect(posted.status == 200)
    }

    @Test(arguments: ["/.well-known/openid-configuration", "/oauth2/v3/certs", "/oauth2/v1/certs"])
    func `documents are only read`(path: String) {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = desk.local.send(method, path)
            #expect(answer.status == 405)
            #expect(answer.error == "invalid_request")
            #expect(answer.raw.header("Allow") == "GET, HEAD")
        }
        #expect(desk.local.send("GET", path).status == 200)
        #expect(desk.local.send("HEAD", path).status == 200)
    }
}
