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
            "rateLimitExceeded", "fault-1", "rotatesRefreshTokens", "2 requests, newest first.",
            "2026-11-09T08:00:00.000Z, the machine", "http-equiv=\"refresh\"",
            "name=\"viewport\"", "1 of \(SwitchTable.rows.count) changed from the default",
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
                "requests", "faults-that-wait", "quotas-and-lag", "push-channels", "mails",
                "accounts", "switches",
            ])
        for part in parts { #expect(text.contains("href=\"#\(part)\"")) }
    }

    @Test func `quotas, lag and changed switches are marked`() throws {
        #expect(page().text.contains("All are at their defaults."))
        try local.google.setQuota(.init(perUserPerMinute: 600))
        try local.google.setReadLag(.reads(3))
        local.google.switches.batchLimit = 7
        let marked = page().text.components(separatedBy: "\n").filter {
            $0.contains("<tr class=\"marked\">")
        }
        #expect(marked.count == 3)
        for (row, part) in zip(marked, ["perUserPerMinute 600", "reads 3", "batchLimit"]) {
            #expect(row.contains(part), "\(row)")
        }
    }

    @Test func `mails are told where there would have been some`() {
        #expect(!page().text.contains("would have been sent"))
        let event: JSON = [
            "start": ["dateTime": "2026-11-10T10:00:00Z"],
            "end": ["dateTime": "2026-11-10T11:00:00Z"],
            "attendees": [["email": "guest@example.org"]],
        ]
        _ = local.call("POST", "calendars/primary/events?sendUpdates=all", event)
        #expect(page().text.contains("<p>1 mail would have been sent.</p>"))
    }

    @Test func `words and numbers stay whole, and only what is long is broken`() {
        _ = local.get("colors")
        let text = page().text
        #expect(text.contains("white-space:nowrap"))
        #expect(text.contains("<td class=\"long\" data-name=\"path\">"))
        #expect(text.contains("<td class=\"number\" data-name=\"bytes\">"))
        #expect(text.contains("<td class=\"word\" data-name=\"method\">GET</td>"))
    }

    @Test func `every row of a calendar names its account`() {
        _ = local.call("POST", "calendars", ["summary": "Second"])
        let rows = page().text.components(separatedBy: "data-name=\"holds\"").dropLast()
        #expect(rows.count >= 2)
        #expect(rows.allSatisfy { $0.hasSuffix("</td><td class=\"long\" ") })
        #expect(!page().text.contains("data-name=\"account\"></td>"))
    }

    /// How much a colour stands out: at least 4.5 is wanted of text.
    private static func contrast(_ first: String, _ second: String) -> Double {
        func light(_ color: String) -> Double {
            let number = Int(color.dropFirst(), radix: 16) ?? 0
            let parts = [number >> 16 & 255, number >> 8 & 255, number & 255].map { part in
                let value = Double(part) / 255
                return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05
        }
        let both = [light(first), light(second)].sorted()
        return both[1] / both[0]
    }

    @Test func `marked rows and the sign-in's name can be read, in light and in dark`() throws {
        let marks = StatusStyle.sheet.components(separatedBy: "--mark:").dropFirst()
            .map { String($0.prefix(7)) }
        guard case .other(_, let bytes) = Page.message("x", "x").content else {
            Issue.record("the page is no page")
            return
        }
        let brand = String(decoding: bytes, as: UTF8.self).components(separatedBy: ".brand {")
            .dropFirst().compactMap { $0.components(separatedBy: " color: ").dropFirst().first }
            .map { String($0.prefix(7)) }
        for colors in [marks, brand] {
            try #require(colors.count == 2)
            #expect(Self.contrast(colors[0], "#ffffff") >= 4.5)
            #expect(Self.contrast(colors[1], "#121212") >= 4.5)
        }
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
