import GoogleAPI
import GoogleEmulator
import LosslessJSON
import Synchronization
import Testing

/// Clients with a network of their own, on the local Google.
@Suite(.timeLimit(.minutes(2))) struct LendingTests {
    @Test func `a grant out of a file is renewed, and kept before it is used`() async throws {
        try await withGoogle { running in
            let file = try OAuthFile(parsing: running.credentials(for: "ada@example.com"))
            guard case .grants(let grants) = file, let grant = grants.first else {
                Issue.record("The file holds no grant.")
                return
            }
            let kept = Mutex<[OAuthGrant]>([])
            let count = try await GoogleClient.withClient(
                grant: grant, saving: { grant in kept.withLock { $0.append(grant) } },
                at: GoogleEndpoints(loopback: running.url)
            ) { client in
                try await CalendarAPI(client: client).listCalendarList().items.count
            }
            #expect(count == 1)
            let saved = kept.withLock { $0 }
            #expect(saved.count == 1)
            #expect(saved.first?.source == grant.source)
            #expect(saved.first?.accessToken != nil)
        }
    }

    @Test func `a grant that cannot be kept is not used`() async throws {
        struct Full: Error {}
        try await withGoogle { running in
            let file = try OAuthFile(parsing: running.credentials(for: "ada@example.com"))
            guard case .grants(let grants) = file, let grant = grants.first else {
                Issue.record("The file holds no grant.")
                return
            }
            let endpoints = try GoogleEndpoints(loopback: running.url)
            let error = await #expect(throws: GoogleError.self) {
                try await GoogleClient.withClient(
                    grant: grant, saving: { _ in throw Full() }, at: endpoints
                ) { client in
                    _ = try await CalendarAPI(client: client).listCalendarList()
                }
            }
            #expect((error?.cause as? OAuthError)?.code == .notSaved)
            #expect(!running.google.requests.contains { $0.api == "calendar" })
        }
    }

    @Test func `a fixed token that is refused is not renewed`() async throws {
        try await withGoogle { running in
            let endpoints = try GoogleEndpoints(loopback: running.url)
            let error = await #expect(throws: GoogleError.self) {
                try await GoogleClient.withClient(token: "nobody's", at: endpoints) { client in
                    _ = try await CalendarAPI(client: client).listCalendarList()
                }
            }
            #expect(error?.message.contains("token") == true)
            #expect(running.google.requests.map(\.status) == [401])
        }
    }
}
