import LosslessJSON
import Testing

@testable import GoogleEmulator

/// The pages that people see, and who may answer them.
@Suite struct ConsentPageTests {
    private let desk = OAuthDesk(autoConsent: false)
    private let asked = [("scope", "\(OAuthDesk.calendar) \(OAuthDesk.contacts) openid")]

    @Test func `every scope can be unticked but who the user is`() {
        let page = desk.authorize(asked)
        #expect(page.text.contains("name=\"granted\" value=\"\(OAuthDesk.calendar)\" checked"))
        #expect(page.text.contains("name=\"granted\" value=\"\(OAuthDesk.contacts)\" checked"))
        #expect(!page.text.contains("value=\"openid\" checked"))
        #expect(page.text.contains("See, change, share and delete all your calendars"))
        let part = desk.decide(
            asked + [("decision", "allow")], granting: [OAuthDesk.contacts])
        #expect(part.redirected["scope"] == "\(OAuthDesk.contacts) openid")
        let tokens = desk.exchange(part.redirected["code"] ?? "")
        #expect(tokens["scope"]?.string == "\(OAuthDesk.contacts) openid")
        #expect(tokens.refreshToken != nil)
    }

    @Test func `a scope that was not asked for cannot be granted`() {
        let drive = "https://www.googleapis.com/auth/drive"
        let answer = desk.decide(
            asked + [("decision", "allow")], granting: [drive, OAuthDesk.calendar])
        #expect(answer.redirected["scope"] == "\(OAuthDesk.calendar) openid")
    }

    @Test func `the page needs nothing from elsewhere and cannot be framed`() {
        for page in [desk.authorize(), desk.authorize([("client_id", "x")]), visit()] {
            #expect(page.raw.header("X-Frame-Options") == "DENY")
            let policy = page.raw.header("Content-Security-Policy") ?? ""
            #expect(policy.contains("default-src 'none'"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(page.raw.header("Cache-Control") == "no-store")
            #expect(!page.text.contains("src="))
            #expect(!page.text.contains("<script"))
            #expect(!page.text.contains("<link"))
        }
    }

    private func visit() -> Answer { desk.local.send("GET", "/device") }

    @Test func `everything that comes in is escaped`() {
        let evil = "\"'><b>&"
        let answers = [
            desk.authorize([("state", evil)]), desk.authorize([("client_id", evil)]),
            desk.authorize([("redirect_uri", "http://127.0.0.1/\(evil)")]),
            desk.authorize([("redirect_uri", evil)]), desk.authorize([("scope", evil)]),
            desk.authorize([("prompt", evil)]), desk.authorize([(evil, evil)]),
            desk.local.send("GET", "/device?user_code=\(PercentCoding.encode(evil))"),
        ]
        for answer in answers {
            #expect(answer.raw.header("Content-Type") == "text/html; charset=utf-8")
            #expect(!answer.text.contains("<b>"))
            #expect(!answer.text.contains("\"'"))
        }
    }

    @Test func `markup is escaped below combining marks`() {
        #expect(HTML.escaped("<\u{301}b>") == "&lt;\u{301}b&gt;")
    }

    static let origins: [(String, String, Int)] = [
        ("http://127.0.0.1:8085", "127.0.0.1:8085", 302),
        ("http://localhost:8085", "localhost:8085", 302),
        ("https://accounts.google.com", "accounts.google.com", 302),
        ("http://evil.example", "127.0.0.1:8085", 403),
        ("http://127.0.0.1:9000", "127.0.0.1:8085", 403),
        ("http://evil.example", "evil.example", 403),
        ("null", "127.0.0.1:8085", 403),
    ]

    @Test(arguments: origins.indices)
    func `a form counts only from the server's own page`(index: Int) {
        let (origin, host, status) = Self.origins[index]
        let answer = desk.decide(
            [("decision", "allow")], granting: [OAuthDesk.calendar],
            headers: [("Origin", origin), ("Host", host)])
        #expect(answer.status == status)
    }

    @Test func `a form from another site does not decide for a device`() {
        let asked = desk.local.post(
            "/device/code", [("client_id", "desktop"), ("scope", "email")])
        let typed = asked["user_code"]?.string ?? ""
        let answer = desk.local.post(
            "/device", [("user_code", typed), ("decision", "allow")],
            headers: [("Origin", "http://evil.example"), ("Host", "127.0.0.1:8085")])
        #expect(answer.status == 403)
        #expect(desk.local.send("GET", "/device?user_code=\(typed)").status == 200)
    }

    @Test func `a posted request without a decision shows the form`() {
        let page = desk.local.post("/o/oauth2/v2/auth", desk.request())
        #expect(page.status == 200)
        #expect(page.text.contains("value=\"allow\""))
    }

    @Test func `an unknown decision or user is refused on a page`() {
        let maybe = desk.decide([("decision", "maybe")], granting: [OAuthDesk.calendar])
        #expect(maybe.status == 400)
        let nobody = desk.decide(
            [("decision", "allow"), ("user", "nobody@example.com")],
            granting: [OAuthDesk.calendar])
        #expect(nobody.status == 400)
        #expect(nobody.raw.header("Location") == nil)
    }

    @Test func `a second consent of a web client brings a refresh token only when forced`() {
        func sign(_ more: [(String, String)] = []) -> Answer {
            let answer = desk.decide(
                more + [("client_id", "web"), ("decision", "allow")],
                granting: [OAuthDesk.calendar, OAuthDesk.email])
            return desk.exchange(
                answer.redirected["code"] ?? "",
                [
                    ("client_id", "web"), ("client_secret", "web-secret"),
                    ("redirect_uri", "https://app.example/back"),
                ])
        }
        #expect(sign().refreshToken != nil)
        #expect(sign().refreshToken == nil)
        #expect(sign([("prompt", "consent")]).refreshToken != nil)
    }

    @Test func `many users do not make a page of any size`() throws {
        for number in 0..<300 { try desk.local.google.addUser("u\(number)@example.com") }
        let page = desk.authorize([("login_hint", "u299@example.com")])
        #expect(page.text.contains("<option selected>u299@example.com</option>"))
        #expect(page.text.ranges(of: "<option").count == 201)
    }
}
