import Crypto
import Foundation
import GoogleAPI
import LosslessJSON
import Testing
import WebClient
import _CryptoExtras

struct OAuthFileTests {
    private func file(_ text: String) throws -> OAuthFile {
        try OAuthFile(parsing: Array(text.utf8))
    }

    private func grants(_ text: String) throws -> [OAuthGrant] {
        guard case .grants(let grants) = try file(text) else { return [] }
        return grants
    }

    private func client(_ text: String) throws -> OAuthClient? {
        guard case .client(let client) = try file(text) else { return nil }
        return client
    }

    private let secrets = """
        {"client_id":"123-abc.apps.googleusercontent.com","project_id":"p",\
        "auth_uri":"https://accounts.google.com/o/oauth2/auth",\
        "token_uri":"https://evil.example/token",\
        "client_secret":"GOCSPX-x","redirect_uris":["http://localhost","urn:ietf:wg:oauth:2.0:oob"]}
        """

    @Test func `client secrets of both kinds are read, web first`() throws {
        let installed = try client("{\"installed\":\(secrets)}")
        #expect(
            installed
                == OAuthClient(
                    id: "123-abc.apps.googleusercontent.com", secret: "GOCSPX-x",
                    kind: .installed,
                    redirectURIs: ["http://localhost", "urn:ietf:wg:oauth:2.0:oob"],
                    projectID: "p"))
        #expect(try client("{\"installed\":\(secrets),\"web\":\(secrets)}")?.kind == .web)
        #expect(try client("{\"installed\":{\"client_id\":\"x\"}}")?.secret == nil)
        #expect(try client("{\"installed\":{\"client_id\":\"x\"}}")?.redirectURIs == [])
    }

    @Test func `google-auth's token file is read`() throws {
        let grant = try #require(
            try grants(
                """
                {"token":"ya29.a0","refresh_token":"1//03","token_uri":"https://evil.example/",\
                "client_id":"c","client_secret":"s","scopes":["b","a","a"],\
                "universe_domain":"googleapis.com","account":"","expiry":"2026-11-22T07:31:34.123456Z"}
                """
            ).first)
        #expect(
            grant.source
                == .user(client: OAuthClient(id: "c", secret: "s"), refreshToken: "1//03"))
        #expect(grant.scopes == ["a", "b"])
        #expect(grant.accessToken?.value == "ya29.a0")
        let seconds = try #require(grant.accessToken?.expires?.timeIntervalSince1970)
        #expect(abs(seconds - 1_795_332_694.123456) < 0.001)
    }

    @Test func `a token without expiry counts as expired`() throws {
        let grant = try grants(
            "{\"token\":\"x\",\"refresh_token\":\"r\",\"client_id\":\"c\",\"client_secret\":\"s\"}")
        #expect(grant.first?.accessToken == nil)
    }

    @Test func `gcloud's authorized_user is read`() throws {
        let grant = try grants(
            """
            {"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"1//r",\
            "quota_project_id":"q"}
            """)
        #expect(
            grant.map(\.source) == [
                .user(client: OAuthClient(id: "c", secret: "s"), refreshToken: "1//r")
            ])
        #expect(grant.first?.scopes == [])
    }

    private func old(_ refreshToken: String, invalid: Bool = false) -> String {
        """
        {"_class":"OAuth2Credentials","_module":"oauth2client.client","access_token":"ya29.old",\
        "client_id":"c","client_secret":"s","refresh_token":"\(refreshToken)",\
        "token_expiry":"2024-08-20T11:53:04Z","token_uri":"https://oauth2.googleapis.com/token",\
        "user_agent":null,"revoke_uri":"https://x","id_token":null,"id_token_jwt":null,\
        "token_response":{"access_token":"ya29.old"},"scopes":["https://x/calendar","openid"],\
        "token_info_uri":"https://x","invalid":\(invalid)}
        """
    }

    @Test func `an old calendar.dat is read`() throws {
        let grant = try #require(try grants(old("1//old")).first)
        #expect(
            grant.source
                == .user(client: OAuthClient(id: "c", secret: "s"), refreshToken: "1//old"))
        #expect(grant.scopes == ["https://x/calendar", "openid"])
        #expect(
            grant.accessToken?.expires
                == Date(timeIntervalSince1970: 1_724_154_784))
    }

    @Test(arguments: [
        (
            #""scopes":[]"#, #"{"scope":"https://x/calendar openid"}"#,
            ["https://x/calendar", "openid"]
        ),
        (#""scopes":null"#, #"{"scope":"openid"}"#, ["openid"]),
        (#""x":1"#, #"{"scope":"openid"}"#, ["openid"]),
        (#""scopes":["","  "]"#, #"{"scope":"openid"}"#, ["openid"]),
        (#""scopes":["email"]"#, #"{"scope":"openid"}"#, ["email"]),
        (#""scope":"email""#, #"{"scope":"openid"}"#, ["email"]),
        (#""scopes":[]"#, "null", []), (#""scopes":[]"#, #"{"scope":7}"#, []),
        (#""scopes":[]"#, #""openid""#, []),
    ])
    func `scopes that an old calendar.dat leaves open are those of Google's answer`(
        member: String, answer: String, scopes: [String]
    ) throws {
        let text = old("1//old")
            .replacing(#""scopes":["https://x/calendar","openid"]"#, with: member)
            .replacing(
                #""token_response":{"access_token":"ya29.old"}"#,
                with: #""token_response":\#(answer)"#)
        #expect(try grants(text).first?.scopes == scopes)
    }

    @Test func `an old calendar.dat that says it is invalid is refused`() {
        let error = #expect(throws: OAuthError.self) { try grants(old("1//old", invalid: true)) }
        #expect(error?.code == .invalidGrant)
    }

    @Test func `an old store of several gives the valid ones in order`() throws {
        let store = """
            {"data":[{"key":{"type":"x"},"credential":\(old("1//a"))},\
            {"key":{},"credential":\(old("1//b", invalid: true))},\
            {"key":{},"credential":\(old("1//c"))}],"file_version":1}
            """
        let tokens = try grants(store).map { grant -> String in
            guard case .user(_, let token) = grant.source else { return "" }
            return token
        }
        #expect(tokens == ["1//a", "1//c"])
        let revoked =
            "{\"data\":[{\"credential\":\(old("1//b", invalid: true))}],\"file_version\":1}"
        let error = #expect(throws: OAuthError.self) { try grants(revoked) }
        #expect(error?.code == .invalidGrant)
    }

    @Test(arguments: [
        "", "null", "[]", "7", "{", "{}", "{\"installed\":{}}", "{\"web\":{\"client_id\":7}}",
        "{\"installed\":[]}", "{\"refresh_token\":\"r\"}", "{\"data\":[]}", "{\"data\":[7]}",
        "{\"data\":[{\"credential\":\"text\"}]}", "{\"type\":\"external_account\"}",
        "{\"type\":\"service_account\",\"client_email\":\"canary\"}",
        "{\"type\":\"service_account\",\"client_email\":\"a\",\"private_key\":\"canary\"}",
        "{\"client_id\":\"c\",\"refresh_token\":\"canary with blanks\"}",
        "{\"client_id\":\"c\",\"refresh_token\":\"canary\\r\\nX: y\"}",
        "{\"client_id\":\"c\",\"refresh_token\":\"canary\",\"universe_domain\":\"evil.example\"}",
        "canary", "{\"token\":\"canary\"", "\u{80}",
    ])
    func `a broken file is refused without quoting it`(text: String) {
        let error = #expect(throws: OAuthError.self) { try file(text) }
        #expect(error?.code == .badFile)
        for text in texts(of: error as Any) { #expect(!text.contains("canary")) }
    }

    @Test func `a Python pickle is named as such`() {
        let error = #expect(throws: OAuthError.self) {
            try OAuthFile(parsing: [0x80, 0x04, 0x95, 0x00])
        }
        #expect(error?.code == .badFile)
        #expect(error?.message.contains("pickle") == true)
    }

    @Test func `a huge file is refused unread`() {
        let huge = Array("{\"a\":\"".utf8) + [UInt8](repeating: 0x61, count: 2 << 20)
        let error = #expect(throws: OAuthError.self) { try OAuthFile(parsing: huge) }
        #expect(error?.code == .badFile)
    }

    @Test func `a deep file is refused`() {
        let deep = String(repeating: "{\"a\":", count: 100_000)
        let error = #expect(throws: OAuthError.self) { try file(deep) }
        #expect(error?.code == .badFile)
    }

    @Test func `files are read from disk, absent ones refused`() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let path = folder + "/tandem-oauth-file-test-\(ProcessInfo.processInfo.processIdentifier)"
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(old("1//disk").utf8)))
        defer {
            do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
        }
        #expect(try OAuthFile(path: path) == file(old("1//disk")))
        let error = #expect(throws: OAuthError.self) { try OAuthFile(path: path + "-absent") }
        #expect(error?.code == .badFile)
    }

    @Test func `a grant is stored and read back whole`() throws {
        let client = OAuthClient(
            id: "c", secret: "s", kind: .web, redirectURIs: ["https://a/"], projectID: "p")
        let grants = [
            OAuthGrant(
                source: .user(client: client, refreshToken: "1//r"),
                accessToken: AccessToken(value: "t", expires: Fixtures.now), scopes: ["a", "b"],
                expires: Fixtures.now),
            OAuthGrant(
                source: .serviceAccount(
                    ServiceAccountKey(email: "e", keyID: nil, privateKey: "k", subject: "u"))),
            OAuthGrant(
                source: .bearerOnly, accessToken: AccessToken(value: "t", expires: nil)),
        ]
        for grant in grants {
            let stored = try JSON(parsing: grant.secretJSON.serialized())
            #expect(try OAuthGrant(secretJSON: stored) == grant)
        }
    }

    @Test(arguments: [
        "{}", "{\"version\":2,\"kind\":\"bearer\"}", "{\"version\":1}", "7",
        "{\"version\":1,\"kind\":\"user\"}", "{\"version\":1,\"kind\":\"user\",\"client\":{}}",
        "{\"version\":1,\"kind\":\"service_account\",\"client_email\":\"\"}",
    ])
    func `a broken stored grant is refused`(text: String) throws {
        let json = try JSON(parsing: text)
        let error = #expect(throws: OAuthError.self) { try OAuthGrant(secretJSON: json) }
        #expect(error?.code == .badFile)
    }
}

struct ServiceAccountTests {
    private let pem: String

    init() throws { pem = try _RSA.Signing.PrivateKey(keySize: .bits2048).pkcs8PEMRepresentation }

    private func key(_ pem: String) throws -> ServiceAccountKey {
        let json = JSON.object(
            JSONObject([
                ("type", "service_account"), ("private_key_id", "k1"),
                ("private_key", .string(pem)), ("client_email", "robot@p.iam.example"),
                ("token_uri", "https://evil.example/token"),
            ]))
        guard case .grants(let grants) = try OAuthFile(parsing: json.serialized()),
            case .serviceAccount(var key)? = grants.first?.source
        else { throw OAuthError(code: .badFile, message: "no key") }
        key.subject = "ada@example.com"
        return key
    }

    private func decoded(_ part: Substring) throws -> Data {
        var text = String(part).replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        return try #require(Data(base64Encoded: text))
    }

    @Test func `a service account signs its request for Google's own endpoint`() async throws {
        let google = ScriptedGoogle(answers: [
            .json("{\"access_token\":\"ya29.sa\",\"expires_in\":3599,\"token_type\":\"Bearer\"}")
        ])
        let grant = try await google.oauth.renew(
            OAuthGrant(source: .serviceAccount(try key(pem)), scopes: ["b", "a"]))
        #expect(grant.accessToken?.value == "ya29.sa")
        let request = try #require(google.requests.first)
        #expect(request.url.text == "https://oauth2.googleapis.com/token")
        #expect(request.form.first == "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer")
        let assertion = try #require(request.form.last).dropFirst("assertion=".count)
        let parts = String(assertion).split(separator: ".")
        try #require(parts.count == 3)
        let header = try JSON(parsing: Array(try decoded(parts[0])))
        #expect(header == ["alg": "RS256", "typ": "JWT", "kid": "k1"])
        let claims = try JSON(parsing: Array(try decoded(parts[1])))
        #expect(
            claims == [
                "iss": "robot@p.iam.example", "scope": "a b",
                "aud": "https://oauth2.googleapis.com/token", "iat": 1_795_332_694,
                "exp": 1_795_336_294, "sub": "ada@example.com",
            ])
        let publicKey = try _RSA.Signing.PrivateKey(pemRepresentation: pem).publicKey
        let signed = Array("\(parts[0]).\(parts[1])".utf8)
        let signature = _RSA.Signing.RSASignature(rawRepresentation: try decoded(parts[2]))
        #expect(
            publicKey.isValidSignature(
                signature, for: SHA256.hash(data: signed), padding: .insecurePKCS1v1_5))
    }

    @Test func `a key that is none is refused without quoting it and without a request`()
        async throws
    {
        let google = ScriptedGoogle(answers: [.json("{}")])
        let broken = try key("-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n")
        let error = await #expect(throws: OAuthError.self) {
            try await google.oauth.assertion(of: broken, scopes: ["a"])
        }
        #expect(error?.code == .badFile)
        for text in texts(of: error as Any) { #expect(!text.contains("canary")) }
        #expect(google.requests.isEmpty)
    }

    @Test func `without scopes nothing is asked for`() async throws {
        let google = ScriptedGoogle(answers: [.json("{}")])
        let key = try key(pem)
        let error = await #expect(throws: OAuthError.self) {
            try await google.oauth.assertion(of: key, scopes: [])
        }
        #expect(error?.code == .invalidScope)
        #expect(google.requests.isEmpty)
    }
}
