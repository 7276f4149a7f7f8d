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
}
