import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Quotas that count.
@Suite struct QuotaTests {
    let local = Local()

    private func statuses(_ count: Int, as user: String = "ada") -> [Int] {
        (0..<count).map { _ in local.get("colors", as: user).status }
    }

    @Test func `a user has so many requests in any minute`() throws {
        try local.google.setQuota(.init(perUserPerMinute: 3))
        #expect(statuses(2) == [200, 200])
        local.clock.advance(seconds: 30)
        #expect(statuses(2) == [200, 403])
        let refused = local.get("colors")
        #expect(refused.reason == "userRateLimitExceeded")
        #expect(refused.domain == "usageLimits")
        #expect(statuses(1, as: "grace") == [200])
        local.clock.advance(seconds: 29)
        #expect(statuses(1) == [403])
        local.clock.advance(seconds: 1)
        #expect(statuses(3) == [200, 200, 403])
        local.clock.advance(seconds: 60)
        #expect(statuses(4) == [200, 200, 200, 403])
    }

    @Test func `a project has so many, whoever asks, even without a token`() throws {
        try local.google.setQuota(.init(perProjectPerMinute: 2, status: 429))
        #expect(statuses(1) == [200])
        #expect(local.send("GET", "/calendar/v3/colors").status == 403)
        let refused = local.get("colors", as: "grace")
        #expect(refused.status == 429)
        #expect(refused.reason == "rateLimitExceeded")
        #expect(refused.raw.header("Retry-After") == nil)
    }

    @Test func `a day ends at midnight on the Pacific coast`() throws {
        // The clock stands at midnight there.
        try local.google.setQuota(
            .init(perProjectPerDay: 1, status: 429, retryAfter: .seconds))
        local.clock.advance(seconds: 86_390)
        #expect(statuses(1) == [200])
        let refused = local.get("colors")
        #expect(refused.status == 403)
        #expect(refused.reason == "dailyLimitExceeded")
        #expect(refused.raw.header("Retry-After") == "10")
        local.clock.advance(seconds: 9)
        #expect(statuses(1) == [403])
        local.clock.advance(seconds: 1)
        #expect(statuses(2) == [200, 403])
    }

    @Test func `writes are limited while reads go on`() throws {
        try local.google.setQuota(.init(writesPerUserPerDay: 1))
        let id = local.event("One")
        let refused = local.call("DELETE", "calendars/primary/events/\(id)")
        #expect(refused.status == 403)
        #expect(refused.reason == "quotaExceeded")
        #expect(refused.message == "Calendar usage limits exceeded.")
        #expect(local.get("calendars/primary/events").ids == [id])
        #expect(local.call("POST", "freeBusy", [:]).reason == "required")
    }

    @Test func `Retry-After comes as seconds or as a date of the local Google's clock`() throws {
        for (form, text) in [
            (LocalGoogle.RetryAfterForm.seconds, "40"), (.date, "Mon, 09 Nov 2026 08:01:00 GMT"),
        ] {
            let local = Local()
            try local.google.setQuota(.init(perUserPerMinute: 1, retryAfter: form))
            _ = local.get("colors")
            local.clock.advance(seconds: 20)
            #expect(local.get("colors").raw.header("Retry-After") == text)
            try local.google.setQuota(nil)
            try local.google.addFault(.init(status: 503, retryAfter: 40, retryAfterForm: form))
            #expect(local.get("colors").raw.header("Retry-After") == text)
        }
    }

    @Test func `the parts of a batch count each, and the batch itself does not`() throws {
        try local.google.setQuota(.init(perUserPerMinute: 2))
        let part = "--b\r\nContent-Type: application/http\r\n\r\nGET /calendar/v3/colors\r\n\r\n"
        let answer = local.send(
            "POST", "/batch/calendar/v3",
            headers: [
                ("Content-Type", "multipart/mixed; boundary=b"),
                ("Authorization", "Bearer token-ada"),
            ], body: part + part + part + "--b--")
        #expect(answer.status == 200)
        #expect(answer.text.components(of: "HTTP/1.1 200") == 2)
        #expect(answer.text.components(of: "HTTP/1.1 403") == 1)
    }

    @Test func `quotas are set, listed and lifted by command, and a reset lifts them`() {
        let set = local.control("POST", "quotas", ["perUserPerMinute": 0, "status": 429])
        #expect(set.json == ["api": "calendar", "perUserPerMinute": 0, "status": 429])
        #expect(statuses(1) == [429])
        #expect(local.control("GET", "quotas").items == [set.json])
        #expect(local.control("DELETE", "quotas/drive").status == 404)
        #expect(local.control("DELETE", "quotas/calendar").status == 204)
        #expect(statuses(1) == [200])
        _ = local.control("POST", "quotas", ["perUserPerMinute": 0])
        _ = local.control("POST", "reset")
        #expect(statuses(1) == [200])
        #expect(local.control("GET", "quotas").items == [])
    }

    static let senseless: [JSON] = [
        [:], ["perUserPerMinute": -1], ["perUserPerMinute": 1, "status": 500],
        ["perUserPerMinute": 1, "api": "oauth"], ["perUserPerMinute": 1, "api": "mail"],
        ["perUserPerMinute": "1"], ["perHour": 1], ["perUserPerMinute": 1, "retryAfter": "soon"],
    ]

    @Test(arguments: senseless.indices)
    func `senseless quotas are refused`(index: Int) {
        #expect(local.control("POST", "quotas", Self.senseless[index]).status == 400)
        #expect(local.control("GET", "quotas").items == [])
    }

    @Test func `a clock that is set back or far ahead begins a new minute`() throws {
        try local.google.setQuota(.init(perUserPerMinute: 1))
        for moment: Int64 in [0, -61_977_830_400_000, 249_931_094_400_000, 1_794_211_200_000] {
            try local.google.setClock(moment)
            #expect(statuses(2) == [200, 403])
        }
    }
}

extension String {
    /// How often a text occurs, without overlaps.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
