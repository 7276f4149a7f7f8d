import LosslessJSON
import Testing

@testable import GoogleEmulator

/// The device flow at its edges.
@Suite struct DeviceFlowTests {
    private let desk = OAuthDesk(autoConsent: false)

    private func begin(_ more: [(String, String)] = []) -> Answer {
        desk.local.post(
            "/device/code", [("client_id", "desktop"), ("scope", "openid email")] + more)
    }

    private func poll(_ asked: Answer, client: String = "desktop") -> Answer {
        desk.local.post(
            "/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", asked["device_code"]?.string ?? ""), ("client_id", client),
                ("client_secret", client == "web" ? "web-secret" : "s3cret+/"),
            ])
    }

    private func decide(_ asked: Answer, _ more: [(String, String)]) -> Answer {
        desk.local.post("/device", [("user_code", asked["user_code"]?.string ?? "")] + more)
    }

    @Test func `a client gets only so many codes in half an hour`() {
        desk.set { $0.deviceCodesPerClient = 2 }
        #expect(begin().status == 200)
        #expect(begin().status == 200)
        let refused = begin()
        #expect(refused.status == 403)
        #expect(refused.json == ["error_code": "rate_limit_exceeded"])
        let web = desk.local.post("/device/code", [("client_id", "web"), ("scope", "email")])
        #expect(web.status == 200)
        desk.local.clock.advance(seconds: 1800)
        #expect(begin().status == 200)
    }

    @Test func `an expired code says so also after others were asked for`() {
        let old = begin()
        desk.local.clock.advance(seconds: 1800)
        _ = begin()
        let answer = poll(old)
        #expect(answer.status == 400)
        #expect(answer.json == ["error": "expired_token"])
        let page = decide(old, [("decision", "allow"), ("granted", OAuthDesk.email)])
        #expect(page.status == 400)
    }

    @Test func `another client's code is malformed`() {
        let answer = poll(begin(), client: "web")
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_grant")
        #expect(answer.explanation == "Malformed device code.")
    }

    @Test func `a code may be typed carelessly`() {
        let typed = begin()["user_code"]?.string ?? ""
        let letters = typed.replacing("-", with: "")
        for spelling in [typed, typed.lowercased(), letters, " \(letters) ", "%09\(typed)"] {
            let code = spelling.replacing(" ", with: "%20")
            let page = desk.local.send("GET", "/device?user_code=\(code)")
            #expect(page.status == 200)
            #expect(page.text.contains("value=\"\(typed)\""))
        }
        for wrong in ["X", "AAAA-AAAA", String(repeating: "B", count: 1000)] {
            #expect(desk.local.send("GET", "/device?user_code=\(wrong)").status == 400)
        }
        let entry = desk.local.send("GET", "/device")
        #expect(entry.status == 200)
        #expect(entry.text.contains("name=\"user_code\""))
    }

    @Test func `a person may allow a part and decides once`() {
        let asked = begin()
        let allowed = decide(
            asked,
            [("decision", "allow"), ("user", "grace@example.com"), ("granted", OAuthDesk.contacts)])
        #expect(allowed.status == 200)
        #expect(decide(asked, [("decision", "deny")]).status == 400)
        let tokens = poll(asked)
        #expect(tokens.status == 200)
        #expect(tokens["scope"] == "openid")
        let again = poll(asked)
        #expect(again.error == "invalid_grant")
    }

    @Test func `a person who allows nothing has denied`() {
        let desk = OAuthDesk(autoConsent: false) { $0.switches.deviceFlowGrantsEveryScope = true }
        let asked = desk.local.post(
            "/device/code", [("client_id", "desktop"), ("scope", OAuthDesk.calendar)])
        let page = desk.local.post(
            "/device",
            [("user_code", asked["user_code"]?.string ?? ""), ("decision", "allow")])
        #expect(page.text.contains("Access denied"))
        let answer = desk.local.post(
            "/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", asked["device_code"]?.string ?? ""), ("client_id", "desktop"),
            ])
        #expect(answer.status == 403)
        #expect(answer.error == "access_denied")
        #expect(answer.explanation == "Forbidden")
    }

    @Test func `a tester's device is cut off after seven days`() {
        let desk = OAuthDesk(autoConsent: false) { $0.switches.deviceFlowGrantsEveryScope = true }
        desk.set { $0.testingGrants = true }
        let asked = desk.local.post(
            "/device/code", [("client_id", "desktop"), ("scope", OAuthDesk.calendar)])
        _ = desk.local.post(
            "/device",
            [
                ("user_code", asked["user_code"]?.string ?? ""), ("decision", "allow"),
                ("granted", OAuthDesk.calendar),
            ])
        let tokens = poll(asked, at: desk)
        #expect(tokens["refresh_token_expires_in"] == 604_799)
    }

    private func poll(_ asked: Answer, at desk: OAuthDesk) -> Answer {
        desk.local.post(
            "/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", asked["device_code"]?.string ?? ""), ("client_id", "desktop"),
            ])
    }

    @Test func `malformed requests are refused`() {
        #expect(desk.local.send("GET", "/device/code?client_id=desktop&scope=email").status == 405)
        let twice = begin([("scope", "email")])
        #expect(twice.error == "invalid_request")
        let missing = desk.local.post("/device/code", [("scope", "email")])
        #expect(missing.explanation == "Missing required parameter: client_id")
        let scope = desk.local.post(
            "/device/code", [("client_id", "desktop"), ("scope", "https://mail.google.com/")])
        #expect(scope.error == "invalid_scope")
        let poll = desk.local.post(
            "/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("client_id", "desktop"),
            ])
        #expect(poll.explanation == "Missing required parameter: device_code")
    }

    @Test func `a clock that goes back does not slow a device down`() throws {
        let asked = begin()
        #expect(poll(asked).status == 428)
        try desk.local.google.advanceClock(milliseconds: -60_000)
        #expect(poll(asked).status == 428)
    }
}
