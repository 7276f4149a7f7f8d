import LosslessJSON
import TandemFeed
import TandemStore
import TandemTesting
import Testing

/// What the target's landing page shows.
@Suite struct LandingPageTests {
    @Test func `the latest activities are read in one transaction`() async throws {
        let world = try await FeedWorld()
        try await world.append(world.entry(.updated, "Call Grace"), world.entry(.created, "Lunch"))
        let store = world.store
        let news = try await store.read { try FeedReader($0).latest(3) }
        for activity in news {
            print(activity.when, activity.verb, activity.title)
            for change in activity.changes {
                print(change.field, change.before ?? "–", change.after ?? "–")
            }
        }
        #expect(news.map(\.title) == ["Lunch", "Call Grace"])
    }
}
