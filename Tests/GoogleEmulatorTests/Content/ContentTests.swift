import LosslessJSON
import Testing

@testable import GoogleEmulator

/// What accounts hold at first.
@Suite struct ContentTests {
    @Test func `the sample has four calendars and 366 events`() {
        let local = Local(content: .sample)
        let lists = local.get("users/me/calendarList").items
        let roles = lists.map {
            "\($0["summary"]?.string ?? "") \($0["accessRole"]?.string ?? "")"
        }
        #expect(roles == ["Work owner", "Home owner", "Team writer", "Holidays reader"])
        var count = 0
        for entry in lists {
            let id = PercentCoding.encode(entry["id"]?.string ?? "")
            count += local.get("calendars/\(id)/events?maxResults=2500").items.count
        }
        #expect(count == 366)
    }

    @Test func `the sample has series with changed and cancelled instances, guests and Meet`() {
        let items = Local(content: .sample).get("calendars/primary/events?maxResults=2500").items
        #expect(items.contains { $0["recurrence"] != nil })
        #expect(items.contains { $0["recurringEventId"] != nil && $0["status"] == "confirmed" })
        #expect(items.contains { $0["recurringEventId"] != nil && $0["status"] == "cancelled" })
        #expect(items.contains { $0["hangoutLink"] != nil })
        #expect(items.contains { $0["start"]?["date"] != nil })
        let zones = Set(items.compactMap { $0["start"]?["timeZone"]?.string })
        #expect(zones.isSuperset(of: ["Europe/Paris", "America/New_York", "Asia/Kolkata"]))
        let invited = items.filter { item in
            item["organizer"]?["email"] == "grace@example.com"
                && item["attendees"]?.array?.contains {
                    $0["self"] == true && $0["responseStatus"] == "needsAction"
                } == true
        }
        #expect(invited.count >= 5)
    }

    @Test(arguments: [
        StillClock.start, 1_772_000_000_000, 951_782_400_000, 4_102_444_800_000,
    ])
    func `the sample is planted around any present`(now: Int64) {
        let local = Local(content: .sample, clock: StillClock(now))
        #expect(local.get("calendars/primary/events?maxResults=2500").items.count > 200)
        #expect(local.google.clock == now)
    }

    @Test func `another first user gets the same sample`() {
        let local = Local(content: .sample) {
            $0.users = ["grace@example.com"]
            $0.tokens = [.init(email: "grace@example.com", token: "token-grace")]
        }
        #expect(local.google.users == ["grace@example.com", "ada@example.com"])
        #expect(local.get("users/me/calendarList", as: "grace").items.count == 4)
    }

    @Test func `generated accounts have the wanted size`() throws {
        let content = GeneratedContent(seed: 5, events: 300, calendars: 3)
        let local = Local(content: .generated(content))
        let lists = local.get("users/me/calendarList").items
        #expect(lists.count == 3)
        var count = 0
        for entry in lists {
            let id = PercentCoding.encode(entry["id"]?.string ?? "")
            count += local.get("calendars/\(id)/events?maxResults=2500").items.count
        }
        #expect(count == 300)
    }

    @Test func `generated events are as large as real ones`() {
        let content = GeneratedContent(seed: 5, events: 300)
        let local = Local(content: .generated(content))
        let page = local.get("calendars/primary/events?maxResults=2500&prettyPrint=false")
        #expect((700...800).contains(page.raw.body.count / 300))
    }

    @Test func `generated events are such as Google would accept`() {
        let content = GeneratedContent(seed: 5, events: 60, seriesPercent: 30)
        let local = Local(content: .generated(content))
        for event in local.get("calendars/primary/events").items {
            let id = event["id"]?.string ?? ""
            let path = "calendars/primary/events/\(id)?supportsAttachments=true"
            let answer = local.call("PUT", path, event)
            #expect(answer.json == event)
        }
    }

    @Test func `the same seed and requests give the same answers`() {
        func run(_ seed: UInt64) -> [String] {
            let local = Local(content: .sample, seed: seed)
            let id = local.event("One")
            return [
                id, local.get("calendars/primary/events?maxResults=2500").text,
                local.get("users/me/calendarList").text, local.google.snapshot().text,
            ]
        }
        #expect(run(1) == run(1))
        #expect(run(1)[0] != run(2)[0])
    }

    @Test func `tokens of users who were not named make them`() {
        let local = Local { $0.tokens.append(.init(email: "New@Example.com", token: "token-new")) }
        #expect(local.get("calendars/primary", as: "new")["id"] == "new@example.com")
    }

    @Test func `without users there is one`() {
        let local = Local {
            $0.users = []
            $0.tokens = []
        }
        #expect(local.google.users == ["ada@example.com"])
    }

    @Test func `client-secrets files are read and written`() throws {
        typealias Client = LocalGoogleConfiguration.Client
        let client = Client(id: "id", secret: "secret", kind: .installed)
        #expect(
            try Client(secretsFile: client.secretsFile(baseURL: "http://127.0.0.1:1")) == client)
        let web = Client(id: "w", secret: "s", kind: .web(redirectURIs: ["https://a.example/b"]))
        #expect(try Client(secretsFile: web.secretsFile(baseURL: "http://127.0.0.1:1")) == web)
        for text in ["", "[]", "{\"installed\":{}}", "{\"other\":{\"client_id\":\"a\"}}"] {
            #expect(throws: LocalGoogleError.self) {
                try Client(secretsFile: Array(text.utf8))
            }
        }
    }

    @Test func `ids of what is made later are none of the content's, whose seed is the same`() {
        let local = Local(
            content: .generated(GeneratedContent(seed: 7, events: 500, seriesPercent: 0)), seed: 7)
        #expect(Set((0..<500).map { _ in local.event("One") }).count == 500)
        #expect(local.get("calendars/primary/events?maxResults=2500").items.count == 1000)
    }
}
