import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Programs that sign in with keys of their own.
@Suite struct ServiceAccountTests {
    private let desk = OAuthDesk()
    private static let now = StillClock.start / 1000

    /// A new key file.
    private func key(_ name: String = "robot-one") throws -> JSON {
        try JSON(
            parsing: desk.local.google.makeServiceAccount(
                named: name, baseURL: "http://127.0.0.1:8085"))
    }

    /// Signs as Google's libraries do, which name the key as its file does.
    private func signer(_ key: JSON) throws -> TokenSigner {
        try TokenSigner(
            pem: key["private_key"]?.string ?? "", name: key["private_key_id"]?.string)
    }

    private func claims(_ key: JSON, _ change: JSONObject = [:]) -> JSONObject {
        var claims: JSONObject = [
            "iss": key["client_email"] ?? .null, "scope": .string(OAuthDesk.calendar),
            "aud": key["token_uri"] ?? .null, "iat": .int(Self.now), "exp": .int(Self.now + 3600),
        ]
        for member in change { claims[member.key] = member.value.nonNull }
        return claims
    }

    private func send(_ assertion: String) -> Answer {
        desk.local.post(
            "/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", assertion),
            ])
    }

    @Test func `the key file is Google's`() throws {
        let key = try key()
        #expect(key["type"] == "service_account")
        #expect(key["client_email"] == "robot-one@local-google.iam.gserviceaccount.com")
        #expect(key["private_key"]?.string?.hasPrefix("-----BEGIN PRIVATE KEY-----\n") == true)
        #expect(key["private_key"]?.string?.hasSuffix("-----END PRIVATE KEY-----\n") == true)
        #expect(key["private_key_id"]?.string?.count == 40)
        #expect(key["client_id"]?.string?.count == 21)
        #expect(key["token_uri"] == "http://127.0.0.1:8085/token")
        let hint = key["client_email"]?.string ?? ""
        #expect(desk.authorize([("login_hint", hint)]).status == 400)
    }

    @Test func `a service account acts for itself and for users`() throws {
        let key = try key()
        let signer = try signer(key)
        let own = send(try signer.token(claims(key)))
        #expect(own.status == 200)
        #expect(own["expires_in"] == 3599)
        #expect(own["token_type"] == "Bearer")
        #expect(own.refreshToken == nil)
        #expect(desk.me(own.accessToken)["items"]?[0]?["id"] == key["client_email"])
        let grace = send(try signer.token(claims(key, ["sub": "grace@example.com"])))
        #expect(desk.me(grace.accessToken)["items"]?[0]?["id"] == "grace@example.com")
        let info = desk.local.send("GET", "/tokeninfo?access_token=\(grace.accessToken ?? "")")
        #expect(info["azp"] == key["client_id"])
        #expect(info["access_type"] == "online")
    }

    @Test func `a statement may be meant for any address of the endpoint`() throws {
        let key = try key()
        let signer = try signer(key)
        for audience in [
            "https://oauth2.googleapis.com/token", "https://accounts.google.com/o/oauth2/token",
            "https://www.googleapis.com/oauth2/v4/token", "http://localhost:1/token",
        ] {
            let token = try signer.token(claims(key, ["aud": .string(audience)]))
            #expect(send(token).status == 200, "\(audience)")
        }
    }

    static let refusals: [(JSONObject, String, String)] = [
        (["iss": "nobody@example.com"], "invalid_grant", "account not found"),
        (["iss": .null], "invalid_grant", "account not found"),
        (["aud": "https://evil.example/token"], "invalid_grant", "audience"),
        (["aud": "http://127.0.0.1:8085/revoke"], "invalid_grant", "audience"),
        (["aud": .null], "invalid_grant", "audience"),
        (["exp": .int(now + 3601)], "invalid_grant", "short-lived"),
        (["iat": .int(now - 7200), "exp": .int(now - 3600)], "invalid_grant", "short-lived"),
        (["iat": .int(now + 600), "exp": .int(now + 700)], "invalid_grant", "short-lived"),
        (["iat": .int(.max), "exp": .int(.min)], "invalid_grant", "short-lived"),
        (["exp": "soon"], "invalid_grant", "short-lived"),
        (["iat": .null], "invalid_grant", "short-lived"),
        (["sub": "nobody@example.com"], "invalid_grant", "Invalid email or User ID"),
        (["scope": .null], "invalid_scope", "Invalid OAuth scope"),
        (["scope": "nonsense"], "invalid_scope", "Invalid OAuth scope"),
    ]

    @Test func `a wrong statement is refused`() throws {
        let key = try key()
        let signer = try signer(key)
        for (change, error, word) in Self.refusals {
            let answer = send(try signer.token(claims(key, change)))
            #expect(answer.status == 400)
            #expect(answer.error == error)
            #expect(answer.explanation?.contains(word) == true, "\(word)")
        }
    }

    @Test func `a statement that is forged or broken is refused`() throws {
        let key = try key()
        let good = try signer(key).token(claims(key))
        let parts = good.split(separator: ".").map(String.init)
        let stranger = try TokenSigner().token(claims(key))
        let none = EventLinks.base64URL(Array("{\"alg\":\"none\"}".utf8))
        let other = EventLinks.base64URL(
            JSON.object(claims(key, ["sub": "ada@example.com"])).serialized())
        for forged in [
            stranger, "\(none).\(parts[1]).\(parts[2])", "\(none).\(parts[1]).",
            "\(parts[0]).\(other).\(parts[2])", "\(parts[0]).\(parts[1]).AAAA",
        ] {
            #expect(send(forged).explanation == "Invalid JWT Signature.")
        }
        for broken in [
            "x", "..", "a.b.c", "\(parts[0]).\(parts[1])", good + ".x", "\(parts[0]).W10.x",
        ] {
            let answer = send(broken)
            #expect(answer.status == 400)
            #expect(answer.error == "invalid_grant")
            #expect(answer.explanation?.hasPrefix("Invalid JWT") == true)
        }
        #expect(send("").explanation == "Missing required parameter: assertion")
    }

    @Test func `acting for users can be forbidden`() throws {
        let key = try key()
        desk.set { $0.delegatesToServiceAccounts = false }
        let signer = try signer(key)
        let answer = send(try signer.token(claims(key, ["sub": "grace@example.com"])))
        #expect(answer.status == 400)
        #expect(answer.error == "unauthorized_client")
        #expect(send(try signer.token(claims(key))).status == 200)
    }

    @Test func `an identity token for a service instead of an access token`() throws {
        let key = try key()
        let change: JSONObject = ["scope": .null, "target_audience": "https://run.example"]
        let answer = send(try signer(key).token(claims(key, change)))
        #expect(answer.accessToken == nil)
        let info = desk.local.send("GET", "/tokeninfo?id_token=\(answer["id_token"]?.string ?? "")")
        #expect(info["aud"] == "https://run.example")
        #expect(info["email"] == key["client_email"])
    }

    @Test func `a second key works beside the first and the tenth is the last`() throws {
        let first = try key()
        let second = try key()
        #expect(first["private_key_id"] != second["private_key_id"])
        #expect(first["client_id"] == second["client_id"])
        for key in [first, second] {
            #expect(send(try signer(key).token(claims(key))).status == 200)
        }
        for _ in 2..<10 { _ = try key() }
        #expect(throws: LocalGoogleError.self) { try key() }
    }

    @Test(arguments: ["short", "Robot-one", "robot one", "1robot", "robots-", "röbötchen", ""])
    func `a name that Google would refuse is refused`(name: String) {
        #expect(throws: LocalGoogleError.self) { try key(name) }
    }

    /// A key file that was made elsewhere.
    private func foreignKey(_ change: JSONObject = [:]) throws -> JSON {
        var file = try key()
        file["client_email"] = "Robot@garden.iam.gserviceaccount.com"
        file["client_id"] = "113800000000000000001"
        file["private_key_id"] = "key-1"
        for member in change { file[member.key] = member.value.nonNull }
        return file
    }

    @Test func `a key file from elsewhere is known from the start`() throws {
        let file = try foreignKey()
        var configuration = LocalGoogleConfiguration()
        let isClient = try configuration.register(clientFile: file.serialized())
        #expect(!isClient)
        let desk = OAuthDesk { $0.serviceAccounts = configuration.serviceAccounts }
        let token = try signer(file).token(
            claims(file, ["iss": "robot@garden.iam.gserviceaccount.com"]))
        for _ in 0...1 {
            let answer = desk.local.post(
                "/token",
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                    ("assertion", token),
                ])
            let list = desk.me(answer.accessToken)
            #expect(list["items"]?[0]?["id"] == "robot@garden.iam.gserviceaccount.com")
            try desk.local.google.restore(desk.local.google.snapshot())
        }
        #expect(!desk.local.google.users.contains("robot@garden.iam.gserviceaccount.com"))
    }

    static let unusable: [JSONObject] = [
        ["client_email": .null], ["client_email": "robot"], ["client_id": .null],
        ["private_key_id": 1], ["private_key": "no key"], ["type": "external_account"],
    ]

    @Test(arguments: unusable.indices)
    func `a key file that cannot be used is refused`(index: Int) throws {
        let file = try foreignKey(Self.unusable[index]).serialized()
        var configuration = LocalGoogleConfiguration()
        let error = #expect(throws: LocalGoogleError.self) {
            try configuration.register(clientFile: file)
        }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func `a command makes a key file`() throws {
        let answer = desk.local.control("POST", "service-accounts", ["name": "robot-one"])
        #expect(answer["token_uri"] == "http://127.0.0.1:8085/token")
        let token = try signer(answer.json).token(claims(answer.json))
        #expect(send(token).status == 200)
        #expect(desk.local.control("POST", "service-accounts", ["name": "no"]).status == 400)
        #expect(desk.local.control("POST", "service-accounts").status == 400)
    }

    @Test func `a service account is no person`() throws {
        let desk = OAuthDesk(autoConsent: false)
        let file = try desk.local.google.makeServiceAccount(named: "robot-one")
        let email = try JSON(parsing: file)["client_email"]?.string ?? ""
        #expect(!desk.authorize().text.contains(email))
        let answer = desk.decide(
            [("decision", "allow"), ("user", email)], granting: [OAuthDesk.calendar])
        #expect(answer.status == 400)
    }
}
