import AsyncHTTPClient
import Foundation
import LosslessJSON
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import NIOSSL
import Testing

@testable import GoogleEmulator

/// The proxy on real ports, before a local Google on another.
@Suite(.timeLimit(.minutes(2))) struct InterceptingProxyTests {
    private static let now = Date()

    /// Serves a local Google and a proxy before it for as long as the body takes.
    private func withProxy(
        _ google: LocalGoogle, _ body: @escaping @Sendable (Client) async throws -> Void
    ) async throws {
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        let server = LocalGoogleServer(google: google, port: 0) { port in
            ready.yield(port)
            ready.finish()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                for await port in ports {
                    try await Self.withProxy(before: "http://127.0.0.1:\(port)", body)
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private static func withProxy(
        before url: String, _ body: (Client) async throws -> Void
    ) async throws {
        let proxy = try InterceptingProxy(localGoogle: url, now: now)
        let authority = try proxy.certificateAuthority()
        try await proxy.serving { address in
            try await body(Client(url: url, proxy: address, authority: authority))
        }
    }

    /// A program that knows Google by its own names only.
    struct Client: Sendable {
        let url: String
        let proxy: String
        let authority: String

        var port: Int { Int(proxy.split(separator: ":").last ?? "") ?? 0 }

        /// Lends a client that trusts the authority, and goes through the proxy.
        func withHTTP(
            trusting: Bool = true, _ body: (HTTPClient) async throws -> Void
        ) async throws {
            var tls = TLSConfiguration.makeClientConfiguration()
            if trusting {
                tls.trustRoots = .certificates(
                    try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
            }
            var configuration = HTTPClient.Configuration(
                tlsConfiguration: tls, proxy: .server(host: "127.0.0.1", port: port))
            // So long it tries again where TLS fails.
            if !trusting { configuration.timeout.connect = .seconds(1) }
            let client = HTTPClient(configuration: configuration)
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(client)) } catch { outcome = .failure(error) }
            try await client.shutdown()
            try outcome.get()
        }

        static func send(
            _ client: HTTPClient, _ method: HTTPMethod, _ url: String, body: ByteBuffer? = nil
        ) async throws -> (status: UInt, body: ByteBuffer) {
            var request = HTTPClientRequest(url: url)
            request.method = method
            request.headers = [
                "Authorization": "Bearer token-ada", "Content-Type": "application/json",
            ]
            request.body = body.map { .bytes($0) }
            let response = try await client.execute(request, timeout: .seconds(60))
            return (response.status.code, try await response.body.collect(upTo: 64 << 20))
        }

        /// What the proxy answers to bytes, until it closes the connection.
        func answer(to text: String) async throws -> String {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.allowRemoteHalfClosure, value: true)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                            wrappingChannelSynchronously: channel)
                    }
                }
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: text))
                var answer = ByteBuffer()
                for try await part in inbound { answer.writeImmutableBuffer(part) }
                return String(buffer: answer)
            }
        }
    }

    private static let events = "https://www.googleapis.com/calendar/v3/calendars/primary/events"

    @Test func `a client with Google's own addresses reaches the local Google`() async throws {
        let local = Local()
        try await withProxy(local.google) { client in
            try await client.withHTTP { http in
                let made = try await Client.send(
                    http, .POST, Self.events,
                    body: ByteBuffer(
                        string: #"{"start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}"#))
                #expect(made.status == 200)
                let list = try await Client.send(http, .GET, Self.events)
                let items = try JSON(parsing: Array(list.body.readableBytesView))["items"]?.array
                #expect(items?.count == 1)
                let hosts = [
                    "https://www.googleapis.com/oauth2/v3/certs",
                    "https://accounts.google.com/.well-known/openid-configuration",
                ]
                for address in hosts {
                    let answer = try await Client.send(http, .GET, address)
                    #expect(answer.status == 200)
                }
                let head = try await Client.send(http, .HEAD, Self.events)
                #expect(head.body.readableBytes == 0)
            }
        }
        #expect(local.google.requests.count == 5)
    }

    @Test func `a large answer and a large body pass whole, whoever is slower`() async throws {
        let local = Local(content: .generated(GeneratedContent(seed: 3, events: 2500)))
        try await withProxy(local.google) { client in
            try await client.withHTTP { http in
                let address = Self.events + "?maxResults=2500"
                let page = try await Client.send(http, .GET, address)
                #expect(page.body.readableBytes > 1_000_000)
                let items = try JSON(parsing: Array(page.body.readableBytesView))["items"]?.array
                #expect(items?.count == 2500)
                let text = String(repeating: "x", count: 7_000)
                let event =
                    #"{"description":"\#(text)","start":{"date":"2026-11-10"},"#
                    + #""end":{"date":"2026-11-11"}}"#
                let padding = String(repeating: " ", count: 4_000_000)
                let made = try await Client.send(
                    http, .POST, Self.events, body: ByteBuffer(string: event + padding))
                let answer = try JSON(parsing: Array(made.body.readableBytesView))
                #expect(answer["description"]?.string == text)
            }
        }
    }

    @Test func `a connection that is cut behind the proxy is cut before it`() async throws {
        let local = Local()
        try local.google.addFault(.init(method: "colors.get", cut: .after))
        try await withProxy(local.google) { client in
            try await client.withHTTP { http in
                let address = "https://www.googleapis.com/calendar/v3/colors"
                _ = await #expect(throws: (any Error).self) {
                    _ = try await Client.send(http, .GET, address)
                }
                let next = try await Client.send(http, .GET, address)
                #expect(next.status == 200)
            }
        }
    }

    @Test func `a client that does not trust the authority sends nothing`() async throws {
        let local = Local()
        try await withProxy(local.google) { client in
            try await client.withHTTP(trusting: false) { http in
                _ = await #expect(throws: (any Error).self) {
                    _ = try await Client.send(http, .GET, Self.events)
                }
            }
        }
        #expect(local.google.requests.isEmpty)
    }

    @Test(arguments: [
        ("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", 403),
        ("CONNECT www.googleapis.com:80 HTTP/1.1\r\n\r\n", 403),
        ("GET http://www.googleapis.com/ HTTP/1.1\r\nHost: www.googleapis.com\r\n\r\n", 403),
        ("POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 403),
        ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 403),
        ("\u{16}\u{3}\u{1}\u{0}\u{0}\r\n\r\n", 400),
    ])
    func `everything but https to Google is refused, and the connection ends`(
        request: String, status: Int
    ) async throws {
        try await Self.withProxy(before: "http://127.0.0.1:9") { client in
            let answer = try await client.answer(to: request)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test func `a head without an end is not read for ever`() async throws {
        try await Self.withProxy(before: "http://127.0.0.1:9") { client in
            let head = "CONNECT www.google.com:443 HTTP/1.1\r\nA: "
            do {
                let answer = try await client.answer(
                    to: head + String(repeating: "b", count: 1_000_000))
                #expect(answer.hasPrefix("HTTP/1.1 400 "))
            } catch is IOError {
                // What was not read of it made the system reset the connection.
                return
            }
        }
    }

    @Test func `plain http to this machine gets through, as redirects of sign-ins need`()
        async throws
    {
        let local = Local()
        try await withProxy(local.google) { client in
            let answer = try await client.answer(
                to: "POST \(client.url)/_emulator/clock HTTP/1.1\r\nHost: "
                    + "\(client.url.dropFirst(7))\r\nContent-Length: 13\r\n\r\n"
                    + #"{"real":true}"#)
            #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
        }
    }

    @Test func `without a local Google behind it the proxy says so`() async throws {
        // A port that was free a moment ago.
        let former = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(former.localAddress?.port)
        try await former.close()
        try await Self.withProxy(before: "http://127.0.0.1:\(port)") { client in
            let answer = try await client.answer(
                to: "CONNECT www.googleapis.com:443 HTTP/1.1\r\nHost: www.googleapis.com\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 502 The local Google does not answer\r\n"))
        }
    }

    @Test func `when serving ends, its connections and its port are gone`() async throws {
        let proxy = try InterceptingProxy(localGoogle: "http://127.0.0.1:9", now: Self.now)
        let (channel, port) = try await proxy.serving { address in
            let port = try #require(Int(address.split(separator: ":").last ?? ""))
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            return (channel, port)
        }
        try await channel.closeFuture.get()
        await #expect(throws: (any Error).self) {
            _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
        }
    }

    @Test func `there are no more connections than there is room for`() async throws {
        let connections = OpenConnections(capacity: 1)
        let channels = (0..<2).map { _ in NIOAsyncTestingChannel() }
        #expect(connections.admit(channels[0]))
        #expect(!connections.admit(channels[1]))
        try await channels[0].close()
        #expect(connections.admit(channels[1]))
        await connections.close()
        #expect(!connections.admit(NIOAsyncTestingChannel()))
    }
}
