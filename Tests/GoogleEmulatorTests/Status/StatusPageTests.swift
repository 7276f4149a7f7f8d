import Foundation
import LosslessJSON
import Testing

@testable import GoogleEmulator

/// The page for people.
@Suite struct StatusPageTests {
    let local = Local()

    private func page(_ query: String = "") -> Answer { local.control("GET", query) }

    private func press(_ button: String, host: String?, origin: String?) -> Answer {
        var headers: [(name: String, value: String)] = []
        if let host { headers.append(("Host", host)) }
        if let origin { headers.append(("Origin", origin)) }
        return local.send("POST", "/_emulator/page/\(button)", headers: headers)
    }

    @Test func `it shows accounts, calendars, requests, faults, switches, mails and the clock`()
        throws
    {
        _ = local.event("One")
        _ = local.get("nonsense")
        try local.google.addFault(
            .init(api: "calendar", nth: 7, status: 429, reason: "rateLimitExceeded"))
        local.google.switches.rotatesRefreshTokens = true
        let text = page().text
        #expect(page().raw.header("Content-Type")?.hasPrefix("text/html") == true)
        for part in [
            "ada@example.com", "calendar, owner", ">1 event<", ">0 events<", "events.insert", "404",
            "rateLimitExceeded", "fault-1", "rotatesRefreshTokens", "0 would have been sent",
            "2026-11-09T08:00:00.000Z", "http-equiv=\"refresh\"", "name=\"viewport\"",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!page("?refresh=no").text.contains("http-equiv=\"refresh\""))
        try local.google.advanceClock(milliseconds: 86_400_000)
        #expect(page().text.contains("elsewhere it is 2026-11-09"))
    }

    @Test func `it needs nothing from elsewhere and may not be framed`() {
        let answer = page()
        let policy = answer.raw.header("Content-Security-Policy") ?? ""
        #expect(policy.contains("default-src 'none'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        for part in ["src=", "<script", "@import", "url(", "https://"] {
            #expect(!answer.text.contains(part), "\(part)")
        }
    }

    @Test func `what clients sent is shown as text`() {
        let evil = "<script>alert(1)</script>"
        _ = local.call(
            "POST", "calendars", ["summary": .string(evil)])
        _ = local.send("<b>", "/calendar/v3/%3Cscript%3E<script>'\"")
        let text = page().text
        #expect(!text.contains("<script"))
        #expect(!text.contains("<b>"))
        #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    }

    @Test func `the address alone leads to it, under a loopback name`() {
        let home = local.send("GET", "/", headers: [("Host", "localhost:8085")])
        #expect(home.status == 302)
        #expect(home.raw.header("Location") == "/_emulator/")
        #expect(local.send("GET", "/", headers: [("Host", "www.googleapis.com")]).status == 404)
        #expect(local.send("POST", "/", headers: [("Host", "localhost:8085")]).status == 404)
        #expect(local.send("GET", "/_emulator/", headers: [("Host", "x.example")]).status == 403)
    }

    @Test func `its buttons reset and clear`() throws {
        _ = local.event("One")
        try local.google.addFault(.init(nth: 5, status: 500))
        let here = "127.0.0.1:8085"
        let cleared = press("clear-faults", host: here, origin: "http://127.0.0.1:8085")
        #expect(cleared.status == 303)
        #expect(cleared.raw.header("Location") == "/_emulator/")
        #expect(local.control("GET", "faults").items.isEmpty)
        #expect(local.google.counters["events"] == 1)
        #expect(press("reset", host: here, origin: "http://127.0.0.1:8085").status == 303)
        #expect(local.google.counters["events"] == 0)
    }

    @Test func `before a reset it asks, and stands still meanwhile`() {
        _ = local.event("One")
        let text = page().text
        #expect(!text.contains("page/reset"))
        #expect(text.contains("name=\"ask\" value=\"reset\""))
        let asked = page("?ask=reset").text
        #expect(asked.contains("action=\"/_emulator/page/reset\""))
        #expect(asked.contains("Keep everything"))
        #expect(!asked.contains("http-equiv=\"refresh\""))
        #expect(!asked.contains("<section"))
        #expect(local.google.counters["events"] == 1)
    }

    @Test func `what happens comes first, and links lead to each part`() {
        let text = page().text
        let parts = text.components(separatedBy: "<section id=\"").dropFirst().map {
            $0.prefix { $0 != "\"" }
        }
        #expect(
            parts == [
                "requests", "faults-that-wait", "push-channels", "mails", "accounts", "switches",
            ])
        for part in parts { #expect(text.contains("href=\"#\(part)\"")) }
    }

    private static let elsewhere: [(host: String?, origin: String?)] = [
        ("127.0.0.1:8085", nil), ("127.0.0.1:8085", "null"),
        ("127.0.0.1:8085", "http://127.0.0.1:3000"), ("127.0.0.1:8085", "http://localhost:8085"),
        ("127.0.0.1:8085", "https://127.0.0.1:8085"), ("evil.example", "http://evil.example"),
        (nil, "http://127.0.0.1:8085"),
    ]

    @Test(arguments: elsewhere.indices)
    func `its buttons are not heard from elsewhere`(index: Int) {
        _ = local.event("One")
        let (host, origin) = Self.elsewhere[index]
        #expect(press("reset", host: host, origin: origin).status == 403)
        #expect(local.google.counters["events"] == 1)
    }

    @Test func `it stays short, however much there is`() throws {
        for index in 0..<300 { try local.google.addUser("user\(index)@example.com") }
        for _ in 0..<300 { _ = local.get("colors") }
        let text = page().text
        #expect(text.contains("And 103 more."))
        #expect(text.components(separatedBy: "colors.get").count == StatusPage.requests + 1)
    }

    @Test func `a request took what a fault held it back`() throws {
        try local.google.addFault(.init(method: "colors.get", delayMilliseconds: 250))
        _ = local.get("colors")
        #expect(local.google.requests.first?.duration ?? .zero >= .milliseconds(250))
    }
}
