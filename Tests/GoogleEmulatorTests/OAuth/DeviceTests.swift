import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 5 of the OAuth contract: devices without a browser.
@Suite struct DeviceTests {
    private func begin(_ local: Local, scope: String = "openid email") -> Answer {
        local.post("/device/code", [("client_id", "desktop"), ("scope", scope)])
    }

    private func poll(_ local: Local, _ code: JSON?) -> Answer {
        local.post(
            "/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", code?.string ?? ""), ("client_id", "desktop"),
                ("client_secret", "s3cret+/"),
            ])
    }

    @Test func `a device asks, waits and gets its tokens`() {
        let local = Local()
        let asked = begin(local)
        #expect(asked.status == 200)
        #expect(asked["expires_in"] == 1800)
        #expect(asked["interval"] == 5)
        #expect(asked["verification_url"] == "https://www.google.com/device")
        #expect(asked["verification_uri"] == asked["verification_url"])
        let typed = asked["user_code"]?.string ?? ""
        #expect(typed.wholeMatch(of: /[B-Z]{4}-[B-Z]{4}/) != nil)
        let pending = poll(local, asked["device_code"])
        #expect(pending.status == 428)
        #expect(pending["error"] == "authorization_pending")
        #expect(pending["error_description"] == "Precondition Required")
        let page = local.send("GET", "/device?user_code=\(typed.lowercased())")
        #expect(page.text.contains("value=\"allow\""))
        let email = "https://www.googleapis.com/auth/userinfo.email"
        let allowed = local.post(
            "/device", [("user_code", typed), ("decision", "allow"), ("granted", email)])
        #expect(allowed.status == 200)
        local.clock.advance(seconds: 5)
        let tokens = poll(local, asked["device_code"])
        #expect(tokens.status == 200)
        #expect(tokens["refresh_token"] != nil)
        #expect(tokens["scope"]?.string == "openid \(email)")
        local.clock.advance(seconds: 10)
        #expect(poll(local, asked["device_code"])["error"] == "invalid_grant")
    }

    @Test func `polling too fast slows the device down by five seconds`() {
        let local = Local()
        let code = begin(local)["device_code"]
        #expect(poll(local, code).status == 428)
        local.clock.advance(seconds: 4)
        let fast = poll(local, code)
        #expect(fast.status == 403)
        #expect(fast["error"] == "slow_down")
        #expect(fast["error_description"] == "Forbidden")
        local.clock.advance(seconds: 9)
        #expect(poll(local, code)["error"] == "slow_down")
        local.clock.advance(seconds: 15)
        #expect(poll(local, code)["error"] == "authorization_pending")
    }

    @Test func `denied, expired and unknown codes are told apart`() {
        let local = Local()
        let asked = begin(local)
        _ = local.post(
            "/device", [("user_code", asked["user_code"]?.string ?? ""), ("decision", "deny")])
        let denied = poll(local, asked["device_code"])
        #expect(denied.status == 403)
        #expect(denied["error"] == "access_denied")
        let late = begin(local)
        local.clock.advance(seconds: 1800)
        let expired = poll(local, late["device_code"])
        #expect(expired.status == 400)
        #expect(expired["error"] == "expired_token")
        let unknown = poll(local, "nonsense")
        #expect(unknown["error"] == "invalid_grant")
        #expect(unknown["error_description"] == "Malformed device code.")
        #expect(local.send("GET", "/device?user_code=XXXX-XXXX").status == 400)
    }

    @Test func `calendar and contacts are refused to devices unless configured`() {
        let calendar = "https://www.googleapis.com/auth/calendar"
        let refused = begin(Local(), scope: calendar)
        #expect(refused.status == 400)
        #expect(refused["error"] == "invalid_scope")
        let relaxed = Local { $0.switches.deviceFlowGrantsEveryScope = true }
        #expect(begin(relaxed, scope: calendar).status == 200)
        let drive = "https://www.googleapis.com/auth/drive.file"
        #expect(begin(Local(), scope: drive).status == 200)
    }

    @Test func `with automatic consent a visit of the page suffices`() {
        let local = Local { $0.autoConsent = true }
        let asked = begin(local)
        let typed = asked["user_code"]?.string ?? ""
        #expect(local.send("GET", "/device?user_code=\(typed)").status == 200)
        #expect(poll(local, asked["device_code"]).status == 200)
    }

    @Test func `an unknown client and a missing scope are refused`() {
        let local = Local()
        let client = local.post("/device/code", [("client_id", "x"), ("scope", "email")])
        #expect(client.status == 401)
        #expect(client["error"] == "invalid_client")
        #expect(
            local.post("/device/code", [("client_id", "desktop")])["error"] == "invalid_request")
    }
}
