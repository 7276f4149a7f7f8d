import LosslessJSON
import Testing

@testable import GoogleEmulator

/// The sign-in's part of a snapshot.
@Suite struct OAuthSnapshotTests {
    private let desk = OAuthDesk(autoConsent: false)

    /// Another local Google with the state of the first one.
    private func copy() throws -> OAuthDesk {
        let other = OAuthDesk(autoConsent: false)
        let text = desk.local.google.snapshot().serialized(.compact)
        try other.local.google.restore(try JSON(parsing: text))
        #expect(other.local.google.snapshot() == desk.local.google.snapshot())
        return other
    }

    private func allow(_ change: [(String, String)] = []) -> String {
        let answer = desk.decide(
            change + [("decision", "allow")], granting: [OAuthDesk.calendar, OAuthDesk.email])
        return answer.redirected["code"] ?? "none"
    }

    @Test func `codes and tokens go on`() throws {
        let waiting = allow([("nonce", "n-1")])
        let used = allow()
        let tokens = desk.exchange(used)
        let other = try copy()
        #expect(other.exchange(waiting).status == 200)
        #expect(other.me(tokens.accessToken).status == 200)
        #expect(other.refresh(tokens.refreshToken).status == 200)
        #expect(other.exchange(used).error == "invalid_grant")
        #expect(other.me(tokens.accessToken).status == 401)
        let silent = other.authorize([("prompt", "none")])
        #expect(silent.redirected["code"] != nil)
    }

    @Test func `identity tokens stay genuine`() throws {
        let text = desk.exchange(allow())["id_token"]?.string ?? ""
        let keys = desk.local.send("GET", "/oauth2/v3/certs").text
        let other = try copy()
        #expect(other.local.send("GET", "/oauth2/v3/certs").text == keys)
        #expect(other.local.send("GET", "/tokeninfo?id_token=\(text)").status == 200)
    }

    @Test func `time limits and withdrawn codes go on`() throws {
        desk.set {
            $0.testingGrants = true
            $0.grantSeconds = 1_000_000
        }
        let code = allow()
        let dead = desk.exchange(code)
        _ = desk.exchange(code)
        let tokens = desk.exchange(allow())
        let other = try copy()
        #expect(other.me(dead.accessToken).status == 401)
        #expect(other.refresh(tokens.refreshToken).status == 200)
        other.local.clock.advance(seconds: 7 * 86_400)
        #expect(other.refresh(tokens.refreshToken).error == "invalid_grant")
    }

    @Test func `devices wait and poll on`() throws {
        let asked = [0, 1, 2].map { _ in
            desk.local.post("/device/code", [("client_id", "desktop"), ("scope", "email")])
        }
        let decisions = [("allow", OAuthDesk.email), ("deny", "-")]
        for (answer, decision) in zip(asked, decisions) {
            _ = desk.local.post(
                "/device",
                [
                    ("user_code", answer["user_code"]?.string ?? ""),
                    ("decision", decision.0), ("granted", decision.1),
                ])
        }
        let other = try copy()
        let answers = asked.map { answer in
            other.local.post(
                "/token",
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                    ("device_code", answer["device_code"]?.string ?? ""),
                    ("client_id", "desktop"),
                ])
        }
        #expect(answers.map(\.status) == [200, 403, 428])
        let typed = asked[2]["user_code"]?.string ?? ""
        #expect(other.local.send("GET", "/device?user_code=\(typed)").status == 200)
    }

    @Test func `service accounts keep their keys`() throws {
        let key = try JSON(
            parsing: desk.local.google.makeServiceAccount(named: "robot-one"))
        let other = try copy()
        let assertion = try TokenSigner(pem: key["private_key"]?.string ?? "").token([
            "iss": key["client_email"] ?? .null, "scope": .string(OAuthDesk.calendar),
            "aud": key["token_uri"] ?? .null, "iat": .int(StillClock.start / 1000),
            "exp": .int(StillClock.start / 1000 + 60),
        ])
        let answer = other.local.post(
            "/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", assertion),
            ])
        #expect(answer.status == 200)
    }

    @Test(arguments: [
        "serial", "grants", "codes", "accessTokens", "refreshTokens", "devices",
        "deviceQuotas", "serviceAccounts", "signingKey",
    ])
    func `a damaged part is refused and changes nothing`(name: String) throws {
        let tokens = desk.exchange(allow())
        let whole = desk.local.google.snapshot()
        var part = try #require(whole["services"]?["oauth"])
        part[name] = "damaged"
        var damaged = whole
        damaged["services"]?["oauth"] = part
        #expect(throws: LocalGoogleError.self) { try desk.local.google.restore(damaged) }
        #expect(desk.me(tokens.accessToken).status == 200)
    }

    @Test(arguments: [
        (
            "devices",
            json(
                "{\"code\":\"c\",\"client\":\"desktop\",\"userCode\":\"BBBB-BBBB\",\"scopes\":[],\"expires\":1,\"interval\":1000000000000,\"state\":\"pending\"}"
            )
        ),
        (
            "serviceAccounts",
            json(
                "{\"email\":\"a\",\"client\":\"1\",\"keys\":[{\"id\":\"1\",\"public\":\"no key\"}]}"
            )
        ),
    ])
    func `a senseless entry is refused`(name: String, entry: JSON) throws {
        let whole = desk.local.google.snapshot()
        var part = try #require(whole["services"]?["oauth"])
        part[name] = .array([entry])
        var damaged = whole
        damaged["services"]?["oauth"] = part
        #expect(throws: LocalGoogleError.self) { try desk.local.google.restore(damaged) }
    }
}
