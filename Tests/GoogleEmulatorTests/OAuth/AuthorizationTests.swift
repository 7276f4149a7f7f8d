import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 2 of the OAuth contract: the authorization endpoint.
@Suite struct AuthorizationTests {
    private let calendar = "https://www.googleapis.com/auth/calendar"

    private func target(_ change: [String: String?] = [:]) -> String {
        var items: [(String, String)] = [
            ("client_id", "desktop"), ("redirect_uri", "http://127.0.0.1:9999/"),
            ("response_type", "code"), ("scope", calendar), ("state", "a b&c"),
            ("access_type", "offline"),
        ]
        for (name, value) in change.sorted(by: { $0.key < $1.key }) {
            items.removeAll { $0.0 == name }
            if let value { items.append((name, value)) }
        }
        return "/o/oauth2/v2/auth?"
            + items.map { "\($0.0)=\(PercentCoding.encode($0.1))" }.joined(separator: "&")
    }

    private func auto() -> Local { Local { $0.autoConsent = true } }

    private func redirect(_ answer: Answer) -> Parameters {
        let location = answer.raw.header("Location") ?? ""
        return Parameters(formEncoded: location.split(separator: "?").last ?? "")
    }

    @Test func `automatic consent redirects at once with code, state and scope`() {
        let answer = auto().send("GET", target())
        #expect(answer.status == 302)
        #expect(answer.raw.header("Location")?.hasPrefix("http://127.0.0.1:9999/?") == true)
        let values = redirect(answer)
        #expect(values["state"] == "a b&c")
        #expect(values["code"]?.hasPrefix("4/0A") == true)
        #expect(values["scope"] == calendar)
        #expect(answer.raw.header("Location")?.contains("code=4%2F0A") == true)
    }

    @Test func `the older path works the same`() {
        let path = target().replacing("/o/oauth2/v2/auth", with: "/o/oauth2/auth")
        #expect(auto().send("GET", path).status == 302)
    }

    @Test func `without automatic consent there is a form`() {
        let local = Local()
        let page = local.send("GET", target(["login_hint": "grace@example.com"]))
        #expect(page.status == 200)
        #expect(page.raw.header("Content-Type")?.hasPrefix("text/html") == true)
        #expect(page.text.contains("<option selected>grace@example.com</option>"))
        #expect(page.text.contains("value=\"allow\""))
        #expect(page.text.contains("value=\"deny\""))
        #expect(page.text.contains("value=\"a b&amp;c\""))
        #expect(page.text.contains("name=\"granted\" value=\"\(calendar)\""))
    }

    private func decide(_ local: Local, _ more: [(String, String)]) -> Answer {
        let query = target().split(separator: "?").last ?? ""
        let fields = Parameters(formEncoded: query).items.map { ($0.name, $0.value) }
        return local.post("/o/oauth2/v2/auth", fields + more)
    }

    @Test func `allowing sends a code and denying an error`() {
        let local = Local()
        let allowed = decide(
            local, [("decision", "allow"), ("granted", calendar), ("user", "grace@example.com")])
        #expect(allowed.status == 302)
        #expect(redirect(allowed)["code"] != nil)
        for more in [[("decision", "deny")], [("decision", "allow")]] {
            let denied = decide(local, more)
            #expect(denied.status == 302)
            #expect(redirect(denied)["error"] == "access_denied")
            #expect(redirect(denied)["state"] == "a b&c")
            #expect(redirect(denied)["code"] == nil)
        }
    }

    @Test func `a user may grant a part`() {
        let local = Local()
        let contacts = "https://www.googleapis.com/auth/contacts"
        let both = target(["scope": "\(calendar) \(contacts) email"])
        let fields = Parameters(formEncoded: both.split(separator: "?").last ?? "").items
            .map { ($0.name, $0.value) }
        let answer = local.post(
            "/o/oauth2/v2/auth", fields + [("decision", "allow"), ("granted", contacts)])
        #expect(redirect(answer)["scope"] == "\(contacts) openid")
    }

    @Test func `login_hint picks the user by address or number`() {
        let local = auto()
        let answer = local.send("GET", target(["login_hint": "grace@example.com"]))
        #expect(answer.status == 302)
        let unknown = local.send("GET", target(["login_hint": "nobody@example.com"]))
        #expect(unknown.status == 400)
        #expect(unknown.raw.header("Location") == nil)
    }

    @Test(arguments: [
        ("none", "", "consent_required"), ("none", "nobody@example.com", "login_required"),
    ])
    func `prompt none never asks`(prompt: String, hint: String, error: String) {
        let answer = Local().send("GET", target(["prompt": prompt, "login_hint": hint]))
        #expect(answer.status == 302)
        #expect(redirect(answer)["error"] == error)
    }

    @Test func `prompt none succeeds once consent was given`() {
        let local = Local()
        _ = decide(local, [("decision", "allow"), ("granted", calendar)])
        #expect(redirect(local.send("GET", target(["prompt": "none"])))["code"] != nil)
    }

    static let pages: [([String: String?], Int, String)] = [
        (["client_id": nil], 400, "invalid_request"),
        (["client_id": "nobody"], 401, "invalid_client"),
        (["redirect_uri": nil], 400, "invalid_request"),
        (["redirect_uri": "http://evil.example/"], 400, "redirect_uri_mismatch"),
        (["redirect_uri": "http://127.0.0.1.evil.example/"], 400, "redirect_uri_mismatch"),
        (["redirect_uri": "http://localhost:80@evil.example/"], 400, "redirect_uri_mismatch"),
        (["redirect_uri": "https://127.0.0.1/"], 400, "redirect_uri_mismatch"),
        (["redirect_uri": "urn:ietf:wg:oauth:2.0:oob"], 400, "invalid_request"),
        (["response_type": nil], 400, "invalid_request"),
        (["response_type": "token"], 400, "invalid_request"),
        (["scope": nil], 400, "invalid_scope"),
        (["scope": "https://www.googleapis.com/auth/everything"], 400, "invalid_scope"),
        (["code_challenge": "short"], 400, "invalid_request"),
        (["code_challenge_method": "MD5"], 400, "invalid_request"),
        (["client_id": "web"], 400, "redirect_uri_mismatch"),
    ]

    @Test(arguments: pages)
    func `what cannot be trusted is a page and no redirect`(
        change: [String: String?], status: Int, error: String
    ) {
        let answer = auto().send("GET", target(change))
        #expect(answer.status == status)
        #expect(answer.raw.header("Location") == nil)
        #expect(answer.raw.header("Content-Type")?.hasPrefix("text/html") == true)
        #expect(answer.text.contains(error))
    }

    @Test(arguments: [
        "http://127.0.0.1:1/x/y", "http://[::1]:8080/", "http://localhost:4711",
        "http://LOCALHOST/", "http://127.0.0.1",
    ])
    func `a desktop client may use any loopback port and path`(uri: String) {
        #expect(auto().send("GET", target(["redirect_uri": uri])).status == 302)
    }

    @Test func `a web client needs its exact address`() {
        let local = auto()
        let good = ["client_id": "web", "redirect_uri": "https://app.example/back"]
        #expect(local.send("GET", target(good)).status == 302)
        let bad = ["client_id": "web", "redirect_uri": "https://app.example/back/"]
        #expect(local.send("GET", target(bad)).status == 400)
    }

    @Test func `markup in parameters stays text`() {
        let page = Local().send("GET", target(["state": "\"><script>alert(1)</script>"]))
        #expect(!page.text.contains("<script>"))
    }
}
