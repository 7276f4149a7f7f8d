import GoogleEmulator
import LosslessJSON
import Testing

/// What the library's landing page shows.
@Suite(.timeLimit(.minutes(2))) struct LandingPageTests {
    @Test func `the core answers a request without a server`() throws {
        // 2026-11-09T08:00:00Z, in milliseconds since 1970.
        let now: @Sendable () -> Int64 = { 1_794_211_200_000 }
        var configuration = LocalGoogleConfiguration(
            users: ["ada@example.com"], tokens: [.init(email: "ada@example.com", token: "secret")])
        configuration.content = .sample
        let google = LocalGoogle(configuration: configuration, now: now, seed: 1)
        let answer = google.handle(
            EmulatorRequest(
                method: "GET", target: "/calendar/v3/users/me/calendarList",
                headers: [(name: "Authorization", value: "Bearer secret")]))
        #expect(answer.status == 200)
        #expect(try JSON(parsing: answer.body)["items"]?.array?.count == 4)
    }

    @Test func `a closure is lent a local Google on a port`() async throws {
        func check(_ url: String, _ token: String) async throws {
            #expect(url.hasPrefix("http://127.0.0.1:") && !token.isEmpty)
        }
        try await withGoogle(.init(users: ["ada@example.com"])) { running in
            let token = try running.google.accessToken(for: "ada@example.com")
            try running.google.addFault(.init(method: "events.list", status: 503))
            try await check(running.url, token)  // The program under test, pointed there.
        }
    }
}
