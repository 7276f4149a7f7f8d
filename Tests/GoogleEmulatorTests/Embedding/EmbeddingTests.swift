import Foundation
import LosslessJSON
import Testing

@testable import GoogleEmulator

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A local Google that is lent to a closure.
@Suite(.timeLimit(.minutes(2))) struct EmbeddingTests {
    private struct Refusal: Error {}

    private static func status(_ url: String, token: String? = nil) async throws -> Int {
        var request = URLRequest(url: try #require(URL(string: url)))
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        let (_, response) = try await session.data(for: request)
        return (response as? HTTPURLResponse)?.statusCode ?? 0
    }

    private static func isServed(_ url: String) async -> Bool {
        do { return try await status(url + "/_emulator/clock") == 200 } catch { return false }
    }

    @Test func `it runs while the closure does, and everything is at hand`() async throws {
        let url = try await withGoogle(.init(users: ["ada@example.com"])) { running in
            let token = try running.google.accessToken(for: "ada@example.com")
            let colors = running.url + "/calendar/v3/colors"
            #expect(try await Self.status(colors, token: token) == 200)
            try running.google.addFault(.init(method: "colors.get", status: 503))
            #expect(try await Self.status(colors, token: token) == 503)
            #expect(running.google.requests.map(\.status) == [200, 503])
            #expect(running.url.hasSuffix(":\(running.port)"))
            let secrets = try JSON(parsing: running.clientSecrets)
            #expect(secrets["installed"]?["token_uri"]?.string == running.url + "/token")
            return running.url
        }
        #expect(await !Self.isServed(url))
    }

    @Test func `a user's file refreshes`() async throws {
        try await withGoogle { running in
            let file = try JSON(parsing: running.credentials(for: "ada@example.com"))
            #expect(file["type"] == "authorized_user")
            let form = ["client_id", "client_secret", "refresh_token"].map {
                "\($0)=\(PercentCoding.encode(file[$0]?.string ?? ""))"
            }.joined(separator: "&")
            let answer = running.google.handle(
                EmulatorRequest(
                    method: "POST", target: "/token",
                    headers: [("Content-Type", "application/x-www-form-urlencoded")],
                    body: Array("grant_type=refresh_token&\(form)".utf8)))
            #expect(answer.status == 200)
            #expect(throws: LocalGoogleError.self) {
                _ = try running.credentials(for: "nobody@example.com")
            }
        }
    }

    @Test func `it has ended when the closure throws`() async {
        var address = ""
        await #expect(throws: Refusal.self) {
            try await withGoogle { running in
                address = running.url
                throw Refusal()
            }
        }
        #expect(!address.isEmpty)
        #expect(await !Self.isServed(address))
    }

    @Test func `it has ended when its caller is cancelled`() async throws {
        let (addresses, tell) = AsyncStream.makeStream(of: String.self)
        let (forever, keep) = AsyncStream.makeStream(of: Void.self)
        let work = Task {
            try await withGoogle { running in
                tell.yield(running.url)
                for await _ in forever {}
                try Task.checkCancellation()
            }
        }
        for await address in addresses {
            #expect(await Self.isServed(address))
            work.cancel()
            await #expect(throws: CancellationError.self) { try await work.value }
            #expect(await !Self.isServed(address))
            tell.finish()
        }
        keep.finish()
    }

    @Test func `a caller who is cancelled already gets nothing to work with`() async {
        let work = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await withGoogle { _ in _ = Issue.record("it was lent all the same") }
        }
        await #expect(throws: CancellationError.self) { try await work.value }
    }

    @Test func `a port that is taken is an error`() async throws {
        try await withGoogle { running in
            do {
                try await withGoogle(port: running.port) { _ in
                    _ = Issue.record("two of them share a port")
                }
                Issue.record("nothing was thrown")
            } catch {
                #expect(!(error is CancellationError))
            }
        }
    }

    @Test @MainActor func `the closure stays where its caller runs`() async throws {
        var seen: [String] = []
        try await withGoogle { running in
            MainActor.assertIsolated()
            seen.append(running.url)
        }
        #expect(seen.count == 1)
    }
}
