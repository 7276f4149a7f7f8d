import GoogleAPI
import GoogleEmulator
import LosslessJSON
import Testing

/// What the landing page of GoogleAPI shows, on the local Google.
@Suite(.timeLimit(.minutes(2))) struct LandingPageTests {
    @Test func `a calendar is listed, and then what changed meanwhile`() async throws {
        try await withGoogle { running in
            let token = try running.google.accessToken(for: "ada@example.com")
            let endpoints = try GoogleEndpoints(loopback: running.url)
            try await GoogleClient.withClient(token: token, at: endpoints) { client in
                let calendar = CalendarAPI(client: client)
                var syncToken: String?
                for try await page in calendar.eventPages(of: "primary") {
                    for event in page.items { print(event["summary"]?.string ?? "an event") }
                    syncToken = page.nextSyncToken ?? syncToken
                }
                var changes = EventsQuery()
                changes.syncToken = syncToken
                for try await page in calendar.eventPages(of: "primary", changes) {
                    print("\(page.items.count) changed meanwhile")
                }
            }
            #expect(running.google.requests.map(\.apiMethod) == ["events.list", "events.list"])
            #expect(running.google.requests.last?.query.contains("syncToken=") == true)
        }
    }
}
