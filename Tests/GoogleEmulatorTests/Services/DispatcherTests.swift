import LosslessJSON
import Testing

@testable import GoogleEmulator

/// What is looked at before a request reaches its service.
@Suite struct DispatcherTests {
    let local = Local()

    private func overridden(_ bytes: Int, as target: String) -> Answer {
        let start = "alt=json&q="
        return local.send(
            "POST", target,
            headers: [
                ("X-HTTP-Method-Override", "GET"),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Authorization", "Bearer token-ada"),
            ], body: start + String(repeating: "x", count: bytes - start.utf8.count))
    }

    @Test func `a query in the body may be as long as a form, and no longer`() {
        let events = "/calendar/v3/calendars/primary/events"
        #expect(overridden(MethodOverride.maxFormBytes, as: events).status == 200)
        let answer = overridden(MethodOverride.maxFormBytes + 1, as: events)
        #expect(answer.status == 413)
        #expect(answer.reason == "uploadTooLarge")
        #expect(local.google.requests.last?.apiMethod == "events.list")
        #expect(local.google.requests.last?.status == 413)
    }

    @Test(arguments: [
        "localhost", "LOCALHOST:1", "127.0.0.1:8085", "[::1]:8085", "www.googleapis.com",
        "oauth2.googleapis.com:443", "accounts.google.com",
    ])
    func `names of this machine and of Google's hosts are served`(host: String) {
        let answer = local.call("GET", "colors", headers: [("Host", host)])
        #expect(answer.status == 200)
    }

    @Test(arguments: [
        "evil.example", "evil.example:8085", "127.0.0.1.evil.example",
        "googleapis.com.evil.example",
        "192.168.0.2:8085", "localhost:x", "www.googleapis.com:8085", "", "evilgoogle.com",
    ])
    func `a page that lets its own name lead here reaches nothing`(host: String) {
        let headers = [(name: "Host", value: host)]
        let answer = local.call("GET", "colors", headers: headers)
        #expect(answer.status == 403)
        #expect(answer.reason == "forbidden")
        let token = local.post("/token", [("grant_type", "refresh_token")], headers: headers)
        #expect(token.status == 403)
        #expect(token["error"] == "forbidden")
        let page = local.send(
            "GET",
            "/o/oauth2/v2/auth?client_id=desktop&redirect_uri=http://localhost&scope=email"
                + "&response_type=code", headers: headers)
        #expect(page.status == 403)
        #expect(page.raw.header("Location") == nil)
        #expect(local.send("GET", "/", headers: headers).status == 403)
        #expect(local.send("GET", "/drive/v3/files", headers: headers).status == 403)
        #expect(local.google.requests.allSatisfy { $0.status == 403 })
    }

    @Test(arguments: ["evil.example", "localhost"])
    func `a second name is one too many`(second: String) {
        let headers = [(name: "Host", value: "localhost"), (name: "host", value: second)]
        #expect(local.call("GET", "colors", headers: headers).status == 400)
    }
}
