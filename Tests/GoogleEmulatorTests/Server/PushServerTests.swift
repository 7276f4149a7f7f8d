import LosslessJSON
import NIOHTTP1
import NIOSSL
import Testing

@testable import GoogleEmulator

/// Notifications over real sockets.
@Suite(.timeLimit(.minutes(2))) struct PushServerTests {
    /// Runs a server for as long as the body takes.
    private func serving(_ google: LocalGoogle, _ body: () async throws -> Void) async throws {
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        let server = LocalGoogleServer(google: google) { port in
            ready.yield(port)
            ready.finish()
        }
        let running = Task { try await server.run() }
        let outcome: Result<Void, any Error>
        do {
            for await _ in ports { try await body() }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        running.cancel()
        try await running.value
        try outcome.get()
    }

    @Test func `a hook hears of its channel, of changes, and again after trouble`() async throws {
        let local = Local()
        try await HookServer.withHook([200, 503]) { hook, port in
            try await serving(local.google) {
                let address = "http://127.0.0.1:\(port)/hook?a=1"
                let made = local.watch(with: ["address": .string(address), "token": "t=1"])
                #expect(made.status == 200)
                let first = await hook.visits(atLeast: 1)[0]
                #expect(first.head.method == .POST)
                #expect(first.head.uri == "/hook?a=1")
                #expect(first.bodyBytes == 0)
                #expect(first["Host"] == "127.0.0.1:\(port)")
                #expect(first["Content-Length"] == "0")
                #expect(first["X-Goog-Resource-State"] == "sync")
                #expect(first["X-Goog-Channel-ID"] == "one")
                #expect(first["X-Goog-Channel-Token"] == "t=1")
                #expect(first["X-Goog-Resource-ID"] == made["resourceId"]?.string)
                _ = local.event("A")
                _ = await hook.visits(atLeast: 2)
                while local.google.waitingPosts.first?.attempt != 2 { await Task.yield() }
                try local.google.advanceClock(milliseconds: 1000)
                let all = await hook.visits(atLeast: 3)
                #expect(all.map { $0["X-Goog-Message-Number"] } == ["1", "2", "2"])
                #expect(all.map { $0["X-Goog-Resource-State"] } == ["sync", "exists", "exists"])
            }
        }
    }

    @Test func `a stopped channel is silent while others go on`() async throws {
        let local = Local()
        try await HookServer.withHook { hook, port in
            try await serving(local.google) {
                let address = "http://localhost:\(port)/"
                let stopped = local.watch(id: "stopped", with: ["address": .string(address)])
                _ = local.watch(id: "living", with: ["address": .string(address)])
                _ = await hook.visits(atLeast: 2)
                #expect(local.stop(stopped.json).status == 204)
                for summary in ["A", "B"] { _ = local.event(summary) }
                let all = await hook.visits(atLeast: 4)
                #expect(all.dropFirst(2).map { $0["X-Goog-Channel-ID"] } == ["living", "living"])
            }
        }
    }

    private func post(to url: String) -> OutgoingPost {
        OutgoingPost(
            id: 1, service: "calendar", topic: "", url: url,
            headers: [("X-Goog-Channel-ID", "one")],
            body: [], due: 0, expires: nil, attempt: 1)
    }

    @Test func `a hook that answers 102 has taken its message`() async throws {
        let sender = PostSender(allowsForeign: false)
        try await HookServer.withHook([102]) { hook, port in
            let outcome = await sender.send(post(to: "http://127.0.0.1:\(port)/hook"))
            #expect(outcome == .answered(102))
            #expect(hook.visits.count == 1)
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `a hook with a certificate that is trusted is posted to`(host: String) async throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try HookCertificate.chain)
        let sender = PostSender(allowsForeign: false, tls: PostTLS(configuration))
        try await HookServer.withHook([204], tls: HookCertificate.context()) { hook, port in
            let outcome = await sender.send(post(to: "https://\(host):\(port)/hook"))
            #expect(outcome == .answered(204))
            #expect(hook.visits.first?["X-Goog-Channel-ID"] == "one")
        }
    }

    @Test func `a hook that cannot prove who it is gets nothing, and the reason is told`()
        async throws
    {
        let sender = PostSender(allowsForeign: false)
        try await HookServer.withHook(tls: HookCertificate.context()) { hook, port in
            let outcome = await sender.send(post(to: "https://localhost:\(port)/hook"))
            guard case .failed(let reason) = outcome else {
                Issue.record("It arrived: \(outcome)")
                return
            }
            #expect(reason.contains("CERTIFICATE_VERIFY_FAILED"))
            #expect(hook.visits.isEmpty)
        }
        try await HookServer.withHook { hook, port in
            let outcome = await sender.send(post(to: "https://localhost:\(port)/hook"))
            guard case .failed = outcome else {
                Issue.record("It arrived: \(outcome)")
                return
            }
            #expect(hook.visits.isEmpty)
        }
    }
}
