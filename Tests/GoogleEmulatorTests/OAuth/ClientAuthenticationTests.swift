import Foundation
import LosslessJSON
import Testing

@testable import GoogleEmulator

/// How clients show who they are, and which forms the token endpoint takes.
@Suite struct ClientAuthenticationTests {
    private let desk = OAuthDesk()

    private func basic(_ text: String) -> [(name: String, value: String)] {
        [("Authorization", "Basic " + Data(text.utf8).base64EncodedString())]
    }

    private func send(
        _ more: [(String, String)] = [], headers: [(name: String, value: String)]
    ) -> Answer {
        desk.local.post(
            "/token",
            [
                ("grant_type", "authorization_code"), ("code", desk.code()),
                ("redirect_uri", OAuthDesk.redirect),
            ] + more, headers: headers)
    }

    @Test func `a Basic header is enough, also beside the same client_id`() {
        #expect(send(headers: basic("desktop:s3cret%2B%2F")).status == 200)
        #expect(
            send([("client_id", "desktop")], headers: basic("desktop:s3cret%2B%2F")).status == 200)
        let refresh = desk.tokens().refreshToken
        let answer = desk.local.post(
            "/token", [("grant_type", "refresh_token"), ("refresh_token", refresh ?? "")],
            headers: basic("desktop:s3cret%2B%2F"))
        #expect(answer.status == 200)
    }

    @Test(arguments: [
        [("client_secret", "s3cret+/")], [("client_id", "web")],
        [("client_id", "desktop"), ("client_secret", "s3cret+/")],
    ])
    func `two ways at once are refused`(more: [(String, String)]) {
        let answer = send(more, headers: basic("desktop:s3cret%2B%2F"))
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_request")
    }

    @Test(arguments: [
        "Basic", "Basic ###", "Basic ZGVza3RvcA==", "basic OnNlY3JldA==", "Basic /w==",
    ])
    func `an unreadable Basic header asks for a better one`(header: String) {
        let answer = send(headers: [("Authorization", header)])
        #expect(answer.status == 401)
        #expect(answer.error == "invalid_client")
        #expect(answer.explanation == "Unauthorized")
        #expect(answer.raw.header("WWW-Authenticate")?.hasPrefix("Basic ") == true)
    }

    @Test func `a Basic header of an unknown client or with a wrong secret is refused`() {
        let unknown = send(headers: basic("nobody:x"))
        #expect(unknown.status == 401)
        #expect(unknown.explanation == "The OAuth client was not found.")
        let wrong = send(headers: basic("desktop:x"))
        #expect(wrong.status == 401)
        #expect(wrong.explanation == "The provided client secret is invalid.")
    }

    @Test func `a web client needs its secret everywhere`() {
        let tokens = desk.webTokens()
        let change = [("client_id", "web"), ("client_secret", "-")]
        let refused = desk.refresh(tokens.refreshToken, change)
        #expect(refused.status == 400)
        #expect(refused.explanation == "client_secret is missing.")
        let device = desk.local.post("/device/code", [("client_id", "web"), ("scope", "email")])
        let poll = desk.local.post(
            "/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", device["device_code"]?.string ?? ""), ("client_id", "web"),
            ])
        #expect(poll.explanation == "client_secret is missing.")
    }

    @Test(arguments: ["grant_type", "code", "client_id", "client_secret", "redirect_uri"])
    func `a field may come once`(name: String) {
        let fields = [
            ("grant_type", "authorization_code"), ("code", "x"), ("client_id", "desktop"),
            ("client_secret", "s3cret+/"), ("redirect_uri", OAuthDesk.redirect),
        ]
        let answer = desk.local.post("/token", fields + [(name, "x")])
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_request")
        #expect(
            answer.explanation == "OAuth 2 parameters can only have a single value: \(name)")
    }

    @Test func `blanks may be written in two ways and text is UTF-8`() {
        let token = desk.tokens().refreshToken ?? ""
        func send(_ scope: String, type: String?) -> Answer {
            var headers: [(name: String, value: String)] = []
            if let type { headers.append(("Content-Type", type)) }
            return desk.local.send(
                "POST", "/token", headers: headers,
                body: "grant_type=refresh_token&client_id=desktop&client_secret=s3cret%2b%2F"
                    + "&refresh_token=\(PercentCoding.encode(token))&scope=\(scope)&&x=%C3%A4")
        }
        let form = "application/x-www-form-urlencoded"
        #expect(send("openid+email", type: form).status == 200)
        #expect(send("openid%20email", type: form + "; charset=UTF-8").status == 200)
        #expect(send("openid+email", type: nil).status == 200)
        #expect(send("openid+email", type: form.uppercased()).status == 200)
        let other = send("openid+email", type: "application/json")
        #expect(other.explanation == "Missing required parameter: grant_type")
        #expect(send("%zz", type: form).status == 200)
    }

    @Test func `a form beyond all measure and other methods are refused`() {
        let long = desk.local.post(
            "/token",
            [("grant_type", "refresh_token"), ("x", String(repeating: "x", count: 70_000))])
        #expect(long.status == 413)
        #expect(long.error == "request_too_large")
        let many = Array(repeating: ("a", "b"), count: 10_000)
        #expect(desk.local.post("/token", many).status == 400)
        for method in ["GET", "PUT", "DELETE"] {
            let answer = desk.local.send(method, "/token?grant_type=refresh_token")
            #expect(answer.status == 405)
            #expect(answer.raw.header("Allow") == "POST")
        }
    }

    @Test func `a program without a secret needs none`() {
        let desk = OAuthDesk { $0.clients.append(.init(id: "phone", secret: "")) }
        let code = desk.code([("client_id", "phone")])
        let tokens = desk.exchange(code, [("client_id", "phone"), ("client_secret", "-")])
        #expect(tokens.status == 200)
        let again = desk.refresh(
            tokens.refreshToken, [("client_id", "phone"), ("client_secret", "-")])
        #expect(again.status == 200)
    }

    static let verifiers: [(String, Bool)] = [
        (String(repeating: "a", count: 42), false), (String(repeating: "a", count: 43), true),
        (String(repeating: "a", count: 128), true), (String(repeating: "a", count: 129), false),
        (String(repeating: "-._~", count: 11), true),
        (String(repeating: "a", count: 43) + "!", false),
        ("", false),
    ]

    @Test(arguments: verifiers.indices)
    func `a verifier has 43 to 128 unreserved characters`(index: Int) {
        let (verifier, isGood) = Self.verifiers[index]
        #expect(ProofKey.isWellFormed(verifier) == isGood)
    }

    @Test func `the plain method is the default and a verifier without a challenge is too much`() {
        let verifier = String(repeating: "Ab1-._~", count: 10)
        let code = desk.code([("code_challenge", verifier)])
        #expect(desk.exchange(code, [("code_verifier", verifier)]).status == 200)
        let named = desk.code([("code_challenge", verifier), ("code_challenge_method", "plain")])
        #expect(desk.exchange(named, [("code_verifier", verifier)]).status == 200)
        let extra = desk.exchange(desk.code(), [("code_verifier", verifier)])
        #expect(extra.status == 400)
        #expect(extra.error == "invalid_grant")
        #expect(extra.explanation == "code_verifier or verifier is not needed.")
    }
}
