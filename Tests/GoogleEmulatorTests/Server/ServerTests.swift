import Foundation
import LosslessJSON
import NIOCore
import NIOPosix
import Testing

@testable import GoogleEmulator

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The local Google on a real port.
@Suite(.timeLimit(.minutes(2))) struct ServerTests {
    /// Runs a server on a free port for as long as the body takes.
    func withServer(
        _ google: LocalGoogle, bodyLimit: Int = LocalGoogleServer.maxBodyBytes,
        _ body: (String) async throws -> Void
    ) async throws {
        var server = LocalGoogleServer(google: google)
        server.bodyLimit = bodyLimit
        try await server.serving { try await body($0.url) }
    }

    static func send(
        _ method: String, _ url: String, token: String? = "token-ada", body: String? = nil,
        agent: String? = nil
    ) async throws -> (status: Int, body: [UInt8], headers: HTTPURLResponse) {
        var request = URLRequest(url: try #require(URL(string: url)))
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        if let agent { request.setValue(agent, forHTTPHeaderField: "User-Agent") }
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        let (data, response) = try await session.data(for: request)
        let answer = try #require(response as? HTTPURLResponse)
        return (answer.statusCode, Array(data), answer)
    }

    @Test func `events are written and read over a socket`() async throws {
        let local = Local()
        try await withServer(local.google) { base in
            let events = base + "/calendar/v3/calendars/ada%40example.com/events"
            let made = try await Self.send(
                "POST", events,
                body: #"{"start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}"#)
            #expect(made.status == 200)
            let id = try JSON(parsing: made.body)["id"]?.string ?? ""
            let list = try await Self.send("GET", events + "?maxResults=10")
            #expect(try JSON(parsing: list.body)["items"]?[0]?["id"]?.string == id)
            #expect(list.headers.value(forHTTPHeaderField: "ETag")?.hasPrefix("\"") == true)
            let gone = try await Self.send("DELETE", events + "/" + id)
            #expect(gone.status == 204)
        }
        #expect(local.google.requests.count == 3)
    }

    @Test func `the control API is served under a loopback name`() async throws {
        try await withServer(Local().google) { base in
            let answer = try await Self.send("GET", base + "/_emulator/counters", token: nil)
            #expect(answer.status == 200)
            #expect(try JSON(parsing: answer.body)["events"] == 0)
        }
    }

    @Test func `a cut connection is an error for the client`() async throws {
        let local = Local()
        try local.google.addFault(.init(method: "colors.get", cut: .after))
        try await withServer(local.google) { base in
            await #expect(throws: URLError.self) {
                _ = try await Self.send("GET", base + "/calendar/v3/colors")
            }
            let next = try await Self.send("GET", base + "/calendar/v3/colors")
            #expect(next.status == 200)
        }
        #expect(local.google.requests.map(\.status) == [200, 200])
    }

    @Test func `a truncated body ends the connection early`() async throws {
        let local = Local()
        try local.google.addFault(.init(method: "colors.get", cut: .within(bytes: 100)))
        try await withServer(local.google) { base in
            await #expect(throws: URLError.self) {
                _ = try await Self.send("GET", base + "/calendar/v3/colors")
            }
            let next = try await Self.send("GET", base + "/calendar/v3/colors")
            #expect(next.status == 200)
        }
    }

    @Test func `a body above the limit gets Google's error`() async throws {
        let local = Local()
        try await withServer(local.google, bodyLimit: 1000) { base in
            let large = String(repeating: "x", count: 1001)
            let answer = try await Self.send(
                "POST", base + "/calendar/v3/calendars/primary/events", body: large)
            #expect(answer.status == 413)
            #expect(try JSON(parsing: answer.body)["error"]?["code"] == 413)
            let fits = try await Self.send(
                "POST", base + "/calendar/v3/calendars/primary/events",
                body: String(large.dropLast()))
            #expect(fits.status == 400)
            // Seeds and snapshots may be larger than what Google takes.
            let seed = "{\"accounts\":[{\"email\":\"x@example.com\",\"name\":\"\(large)\"}]}"
            let planted = try await Self.send("POST", base + "/_emulator/seed", body: seed)
            #expect(planted.status == 200)
        }
    }

    private typealias Incoming = NIOAsyncChannelInboundStream<ByteBuffer>
    private typealias Outgoing = NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Opens a connection for as long as the body takes.
    private func connected<Value: Sendable>(
        to base: String, _ body: @Sendable (Incoming, Outgoing) async throws -> Value
    ) async throws -> Value {
        let port = Int(base.split(separator: ":").last ?? "") ?? 0
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(inbound, outbound)
        }
    }

    /// What the server still says, until it closes the connection.
    private func rest(_ inbound: Incoming) async throws -> String {
        var answer = ByteBuffer()
        for try await part in inbound { answer.writeImmutableBuffer(part) }
        return String(buffer: answer)
    }

    /// What the server says to bytes, until it closes the connection.
    func answer(to text: String, at base: String) async throws -> String {
        try await connected(to: base) { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            return try await self.rest(inbound)
        }
    }

    @Test func `bodies have so much room together, which is free again after each`() async throws {
        let room = BodyRoom(mostBytes: 1000)
        var server = LocalGoogleServer(google: Local().google)
        server.bodies = room
        let path = "/calendar/v3/calendars/primary/events"
        let head = [
            "POST \(path) HTTP/1.1", "Host: localhost", "Authorization: Bearer token-ada",
            "Connection: close", "Content-Length: 910",
        ]
        let most =
            head.joined(separator: "\r\n") + "\r\n\r\n" + String(repeating: "x", count: 900)
        let other = String(repeating: "x", count: 101)
        try await server.serving { running in
            try await self.connected(to: running.url) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: most))
                while room.usedBytes < 900 { await Task.yield() }
                let refused = try await Self.send("POST", running.url + path, body: other)
                #expect(refused.status == 503)
                #expect(refused.headers.value(forHTTPHeaderField: "Retry-After") == "1")
                let error = try JSON(parsing: refused.body)["error"]
                #expect(error?["errors"]?[0]?["reason"] == "backendError")
                try await outbound.write(ByteBuffer(string: String(repeating: "x", count: 10)))
                #expect(try await self.rest(inbound).hasPrefix("HTTP/1.1 400 "))
            }
            #expect(room.usedBytes == 0)
            #expect(try await Self.send("POST", running.url + path, body: other).status == 400)
            // A connection that breaks leaves nothing behind.
            try await self.connected(to: running.url) { _, outbound in
                try await outbound.write(ByteBuffer(string: most))
                while room.usedBytes < 900 { await Task.yield() }
            }
            while room.usedBytes > 0 { await Task.yield() }
        }
    }

    @Test func `a client that asks before it sends a body is let go on`() async throws {
        let body = #"{"start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}"#
        let head = [
            "Host: localhost", "Authorization: Bearer token-ada", "Connection: close",
            "Content-Length: \(body.utf8.count)",
        ]
        let path = "/calendar/v3/calendars/primary/events"
        try await withServer(Local().google) { base in
            func ask(_ version: String, _ expectation: String) async throws -> [String] {
                let lines = ["POST \(path) HTTP/\(version)", "Expect: \(expectation)"] + head
                return try await self.answer(
                    to: lines.joined(separator: "\r\n") + "\r\n\r\n" + body, at: base
                ).components(separatedBy: "\r\n")
            }
            let answer = try await ask("1.1", "100-Continue")
            #expect(answer.prefix(3) == ["HTTP/1.1 100 Continue", "", "HTTP/1.1 200 OK"])
            #expect(try await ask("1.1", "much").first == "HTTP/1.1 200 OK")
            // Clients of that version do not know interim answers.
            #expect(try await !ask("1.0", "100-continue").contains("HTTP/1.0 100 Continue"))
        }
    }

    /// What is no HTTP: its first line, its further lines, what comes as its body.
    static let noHTTP = [
        ["GET /calendar/v3/colors HTTP/1.1", "Content-Length: x", "", ""],
        ["POST /token HTTP/1.1", "Content-Length: -1", "", ""],
        ["POST /token HTTP/1.1", "Content-Length: 1", "Content-Length: 2", "", "ab"],
        ["POST /token HTTP/1.1", "Transfer-Encoding: chunked", "", "zz", ""],
        ["POST /token HTTP/1.1", "Transfer-Encoding: chunked", "", "fffffffffffffffff", ""],
        ["GET /calendar/v3/colors HTTP/1.1", "a line without a colon", "", ""],
        ["GET /calendar/v3/colors HTTP/1.1", "A name: with blanks", "", ""],
        ["GET /calendar/v3/colors HTTP/1.1", ": no name", "", ""],
        ["GET /calendar v3 HTTP/1.1", "", ""], ["GET calendar/v3 HTTP/1.1", "", ""],
        ["G@T /calendar/v3/colors HTTP/1.1", "", ""], ["get /token HTTP/1.1", "", ""],
        ["SING /token HTTP/1.1", "", ""], ["GET /token FTP/1.1", "", ""], ["\u{16}\u{3}\u{1}"],
    ]

    @Test(arguments: noHTTP)
    func `what is no HTTP gets 400 without a body, is not listed, and stops nothing`(
        lines: [String]
    ) async throws {
        let local = Local()
        var sent = lines
        if sent.count > 1 { sent.insert("Host: localhost", at: 1) }
        let text = sent.joined(separator: "\r\n")
        try await withServer(local.google) { base in
            let answer = try await self.answer(to: text, at: base).components(separatedBy: "\r\n")
            #expect(answer.first == "HTTP/1.1 400 Bad Request")
            #expect(answer.contains("Content-Length: 0"))
            #expect(answer.suffix(2) == ["", ""])
            #expect(local.google.requests.isEmpty)
            let next = try await Self.send("GET", base + "/calendar/v3/colors")
            #expect(next.status == 200)
        }
    }

    @Test(arguments: [
        "", "GET /calendar/v3/colors HTTP/1.1\r\n",
        "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf",
        "GET /calendar/v3/colors HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ])
    func `a connection on which nothing comes any more is closed`(text: String) async throws {
        var server = LocalGoogleServer(google: Local().google)
        server.longestIdleTime = .milliseconds(100)
        try await server.serving { running in
            let answer = try await self.answer(to: text, at: running.url)
            // On a busy machine it may close before the whole request has arrived.
            let isWhole = text.hasSuffix("localhost\r\n\r\n")
            #expect(answer.isEmpty || (isWhole && answer.hasPrefix("HTTP/1.1 403 ")))
        }
    }

    @Test func `a stop answers what it holds back before it ends`() async throws {
        let local = Local()
        try local.google.addFault(.init(method: "colors.get", delayMilliseconds: 600_000))
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        var server = LocalGoogleServer(google: local.google) { port in
            ready.yield(port)
            ready.finish()
        }
        server.longestDrain = .seconds(100)
        let running = Task { [server] in try await server.run() }
        for await port in ports {
            async let answer = Self.send("GET", "http://127.0.0.1:\(port)/calendar/v3/colors")
            while local.google.requests.isEmpty { await Task.yield() }
            running.cancel()
            #expect(try await answer.status == 200)
        }
        try await running.value
    }

    @Test func `posts are delivered, tried again when the clock moves, and not elsewhere`()
        async throws
    {
        let receiver = Local()
        try receiver.google.addFault(.init(path: "^/hook", status: 503))
        let sender = Local.withNotes()
        try await withServer(receiver.google) { base in
            try await self.withServer(sender.google) { _ in
                let hook: JSON = ["to": .string(base + "/hook?x=1")]
                #expect(sender.notes("POST", "notes/0:send", hook).status == 204)
                while sender.google.waitingPosts.first?.attempt != 2 { await Task.yield() }
                try sender.google.advanceClock(milliseconds: 1000)
                while receiver.google.requests.count < 2 { await Task.yield() }
                while sender.google.counters["posts"]?["dropped"] != 1 { await Task.yield() }
            }
        }
        #expect(receiver.google.requests.map(\.status) == [503, 404])
        #expect(receiver.google.requests.map(\.method) == ["POST", "POST"])
        #expect(receiver.google.requests.first?.query == "x=1")
    }

    @Test(arguments: ["http://127.0.0.1:1/", "https://127.0.0.1:1/", "http://192.0.2.1/", "x"])
    func `a post that cannot arrive says why`(url: String) async {
        let post = OutgoingPost(
            id: 1, service: "notes", topic: "", url: url, headers: [], body: [], due: 0,
            expires: nil, attempt: 1)
        let outcome = await PostSender(allowsForeign: false).send(post)
        guard case .failed(let reason) = outcome else {
            Issue.record("It arrived: \(outcome)")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test func `large pages and many clients at once are served`() async throws {
        let content = GeneratedContent(seed: 1, events: 3000)
        let local = Local(content: .generated(content))
        try await withServer(local.google) { base in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let events = base + "/calendar/v3/calendars/primary/events"
                        let page = try await Self.send("GET", events + "?maxResults=2500")
                        return try JSON(parsing: page.body)["items"]?.array?.count ?? 0
                    }
                }
                for try await count in group { #expect(count == 2500) }
            }
        }
    }

    @Test func `a port that is taken is an error, which can be told from others`() async throws {
        let local = Local()
        try await withServer(local.google) { base in
            let port = Int(base.split(separator: ":").last ?? "") ?? 0
            let second = LocalGoogleServer(google: local.google, port: port)
            let error = await #expect(throws: (any Error).self) { try await second.run() }
            #expect(error.flatMap(LocalGoogleServer.portProblem) == .taken)
            #expect(LocalGoogleServer.portProblem(of: CancellationError()) == nil)
        }
    }
}
