import LosslessJSON
import Testing

@testable import GoogleEmulator

/// What clients can make grow, and where it ends.
@Suite struct LimitTests {
    private func record(_ path: String) -> LocalGoogle.RequestRecord {
        LocalGoogle.RequestRecord(
            at: 0, api: "calendar", apiMethod: "unknown", method: "GET", path: path, query: "",
            status: 404, bytes: 0, isPartOfBatch: false)
    }

    @Test func `the log keeps the last requests and counts all`() {
        var log = RequestLog(maxCount: 100, maxBytes: 1 << 20)
        for number in 0..<1000 { log.add(record("/\(number)")) }
        #expect((100...110).contains(log.items.count))
        #expect(log.items.last?.path == "/999")
        #expect(log.counts.first?.count == 1000)
    }

    @Test func `the log is bounded by what its requests take, not only by their number`() {
        var log = RequestLog(maxCount: 100_000, maxBytes: 100_000)
        let long = String(repeating: "x", count: 10_000)
        for _ in 0..<1000 { log.add(record(long)) }
        #expect(log.items.count <= 11)
        log.clear()
        for _ in 0..<100 { log.add(record("/")) }
        #expect(log.items.count == 100)
    }

    private func fill(_ state: inout OAuthState, until now: Int64) {
        for number in 0..<OAuthState.maxDevices {
            let isIn = state.add(
                DeviceRequest(clientID: "c", userCode: "\(number)", scopes: [], expires: now),
                as: "\(number)", now: 0)
            #expect(isIn)
        }
    }

    @Test func `a table that is full of living things refuses and lets expired ones go`() {
        var state = OAuthState(configuration: .init())
        fill(&state, until: 100)
        let device = DeviceRequest(clientID: "c", userCode: "n", scopes: [], expires: 200)
        let early = state.add(device, as: "new", now: 99)
        #expect(!early)
        let late = state.add(device, as: "new", now: 100)
        #expect(late)
        #expect(state.devices.count == 1)
    }

    @Test func `access tokens make room by the first one that would expire`() {
        var state = OAuthState(configuration: .init())
        for number in 0...OAuthState.maxAccessTokens {
            state.add(
                AccessToken(
                    user: "a", clientID: "c", scopes: [], grantID: 1, isOffline: true,
                    expires: Int64(1000 + number)),
                as: "\(number)", now: 0)
        }
        #expect(state.accessTokens.count == OAuthState.maxAccessTokens)
        #expect(state.accessTokens["0"] == nil)
        #expect(state.accessTokens["1"] != nil)
    }

    @Test func `a device that finds no room is told so in Google's words`() {
        let local = Local()
        local.google.locked { state in fill(&state.world.oauth, until: .max) }
        let answer = local.post(
            "/device/code", [("client_id", "desktop"), ("scope", "email")])
        #expect(answer.status == 403)
        #expect(answer["error_code"] == "rate_limit_exceeded")
    }

    @Test func `a code that finds no room is a page, and old ones make room`() {
        let local = Local { $0.autoConsent = true }
        let target =
            "/o/oauth2/auth?client_id=desktop&redirect_uri=http%3A%2F%2Flocalhost%3A1"
            + "&response_type=code&scope=email"
        for _ in 0..<OAuthState.maxCodes { _ = local.send("GET", target) }
        let full = local.send("GET", target)
        #expect(full.status == 429)
        #expect(full.raw.header("Content-Type") == "text/html; charset=utf-8")
        local.clock.advance(seconds: 600)
        #expect(local.send("GET", target).status == 302)
    }
}
