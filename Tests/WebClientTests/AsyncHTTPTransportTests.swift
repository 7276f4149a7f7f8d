import Testing
import WebClient

/// The real transport against a server of raw bytes.
struct AsyncHTTPTransportTests {
    private func response(
        _ body: [UInt8], status: String = "200 OK", headers: String = ""
    ) -> [UInt8] {
        Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\n\(headers)\r\n".utf8) + body
    }

    /// Sends one request to a server that acts so, and returns what came of it.
    private func send(
        to act: TinyServer.Act, method: String = "GET", body: [UInt8]? = nil,
        timeout: Duration = .seconds(60), maxBytes: Int = 1 << 20,
        options: AsyncHTTPTransport.Options = .init()
    ) async throws -> (outcome: Result<WebResponse, WebError>, requests: [String]) {
        try await TinyServer.withServer([act]) { server, port in
            try await AsyncHTTPTransport.withTransport(options: options) { transport in
                let gate = WebGate(transport: transport)
                let request = WebRequest(
                    method: method, url: try WebURL("http://127.0.0.1:\(port)/a?b=c"), body: body,
                    timeout: timeout, maxResponseBytes: maxBytes)
                do throws(WebError) {
                    return (.success(try await gate.send(request)), server.requests)
                } catch {
                    return (.failure(error), server.requests)
                }
            }
        }
    }

    private func failure(
        _ sent: (outcome: Result<WebResponse, WebError>, requests: [String])
    ) throws -> WebError {
        try #require(throws: WebError.self) { try sent.outcome.get() }
    }

    @Test func `an answer comes back whole, with status, headers and body`() async throws {
        let sent = try await send(
            to: .answer(response(Array("hello".utf8), headers: "X-Thing:  a b \r\n")))
        let answer = try sent.outcome.get()
        #expect(answer.status == 200)
        #expect(answer.headers["x-thing"] == "a b")
        #expect(answer.body == Array("hello".utf8))
        let request = try #require(sent.requests.first)
        #expect(request.hasPrefix("GET /a?b=c HTTP/1.1\r\n"))
        #expect(request.lowercased().contains("user-agent: tandem (gzip)"))
        #expect(request.lowercased().contains("accept-encoding: gzip"))
    }

    @Test func `a body is sent with its length`() async throws {
        let sent = try await send(
            to: .answer(response([])), method: "POST", body: Array("{\"a\":1}".utf8))
        #expect(try sent.outcome.get().status == 200)
        let request = try #require(sent.requests.first)
        #expect(request.lowercased().contains("content-length: 7"))
        #expect(request.hasSuffix("\r\n\r\n{\"a\":1}"))
    }

    @Test(arguments: ["POST", "PATCH", "PUT"])
    func `an empty body says so`(method: String) async throws {
        let sent = try await send(to: .answer(response([])), method: method, body: [])
        #expect(try sent.outcome.get().status == 200)
        #expect(sent.requests.first?.lowercased().contains("content-length: 0") == true)
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        let sent = try await send(
            to: .answer(
                response([], status: "302 Found", headers: "Location: http://127.0.0.1:1/x\r\n")))
        #expect(try sent.outcome.get().status == 302)
        #expect(try sent.outcome.get().headers["Location"] == "http://127.0.0.1:1/x")
        #expect(sent.requests.count == 1)
    }

    @Test func `a refused connection was certainly not sent`() async throws {
        let port = try await TinyServer.withServer([.closeAtOnce]) { _, port in port }
        await AsyncTransportUse.check { transport in
            let request = WebRequest(
                method: "POST", url: try WebURL("http://127.0.0.1:\(port)/"), body: [1, 2, 3])
            let error = await #expect(throws: WebError.self) { try await transport.send(request) }
            #expect(error?.code == .connect)
            #expect(error?.wasSent == false)
        }
    }

    @Test func `an unknown host was certainly not sent`() async throws {
        await AsyncTransportUse.check { transport in
            let request = WebRequest(
                method: "POST", url: try WebURL("https://no-such-host.invalid/"), body: [1])
            let error = await #expect(throws: WebError.self) { try await transport.send(request) }
            #expect(error?.code == .connect)
            #expect(error?.wasSent == false)
        }
    }

    @Test func `a cut after the request was read counts as sent`() async throws {
        let error = try failure(
            try await send(to: .readThenClose, method: "POST", body: Array("abc".utf8)))
        #expect(error.code == .cut)
        #expect(error.wasSent == true)
    }

    @Test(arguments: ["GET", "DELETE"])
    func `a cut request without a body is not repeated either`(method: String) async throws {
        let sent = try await send(to: .readThenClose, method: method)
        let error = try failure(sent)
        #expect(error.code == .cut)
        #expect(error.wasSent != false)
        #expect(sent.requests.count == 1)
    }

    @Test func `a cut before anything was read is never called unsent without proof`() async throws
    {
        let error = try failure(try await send(to: .closeAtOnce, method: "DELETE"))
        #expect(error.code == .cut || error.code == .connect)
        #expect(error.code == .connect ? error.wasSent == false : error.wasSent == nil)
    }

    @Test func `a body cut short is no answer`() async throws {
        let cut = Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this".utf8)
        let error = try failure(try await send(to: .answer(cut)))
        #expect(error.code == .cut)
        #expect(error.wasSent == true)
    }

    @Test func `a chunked body cut short is no answer`() async throws {
        let cut = Array(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n".utf8)
        #expect(try failure(try await send(to: .answer(cut))).code == .cut)
    }

    @Test func `a slow answer ends at the deadline`() async throws {
        let sent = try await send(
            to: .silence, method: "POST", body: [1], timeout: .milliseconds(200))
        let error = try failure(sent)
        #expect(error.code == .timeout)
        // On a busy machine the deadline may pass before the connection is made.
        #expect(error.wasSent == true || sent.requests.isEmpty)
    }

    @Test func `an answer that stalls in its body ends at the deadline`() async throws {
        let half = Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8)
        let error = try failure(
            try await send(to: .answer(half, keepsOpen: true), timeout: .milliseconds(300)))
        #expect(error.code == .timeout)
        #expect(error.wasSent != false)
    }

    @Test func `a body over the cap is stopped while it comes`() async throws {
        let big = response([UInt8](repeating: 0x61, count: 300_000))
        let error = try failure(try await send(to: .answer(big), maxBytes: 100_000))
        #expect(error.code == .tooLarge)
    }

    @Test func `a body of exactly the cap passes`() async throws {
        let body = [UInt8](repeating: 0x61, count: 100_000)
        let sent = try await send(to: .answer(response(body)), maxBytes: 100_000)
        #expect(try sent.outcome.get().body.count == 100_000)
    }

    @Test func `gzip is unpacked`() async throws {
        let packed = Gzip.stored(Array("plain text".utf8))
        let sent = try await send(
            to: .answer(response(packed, headers: "Content-Encoding: gzip\r\n")))
        #expect(try sent.outcome.get().body == Array("plain text".utf8))
    }

    @Test func `a run of zeros unpacks to its length`() async throws {
        let packed = Gzip.zeros(about: 500_000)
        let sent = try await send(
            to: .answer(response(packed, headers: "Content-Encoding: gzip\r\n")))
        #expect(try sent.outcome.get().body.count == 1 + 500_000 / 258 * 258)
    }

    @Test func `a gzip bomb is stopped at the cap`() async throws {
        let packed = Gzip.zeros(about: 20_000_000, isChecked: false)
        #expect(packed.count < 1 << 20)
        let error = try failure(
            try await send(to: .answer(response(packed, headers: "Content-Encoding: gzip\r\n"))))
        #expect(error.code == .tooLarge)
    }

    @Test func `a gzip bomb is stopped even where the request allows anything`() async throws {
        let packed = Gzip.zeros(about: 20_000_000, isChecked: false)
        var options = AsyncHTTPTransport.Options()
        #expect(options.maxUnpackedBytes == 64 << 20)
        options.maxUnpackedBytes = 4 << 20
        let error = try failure(
            try await send(
                to: .answer(response(packed, headers: "Content-Encoding: gzip\r\n")),
                maxBytes: .max, options: options))
        #expect(error.code == .tooLarge)
    }

    @Test(arguments: [true, false])
    func `broken gzip is no answer`(isCut: Bool) async throws {
        var packed = Gzip.stored(Array("plain text of some length".utf8))
        if isCut { packed.removeLast(20) } else { packed[12] ^= 0xFF }
        let error = try failure(
            try await send(to: .answer(response(packed, headers: "Content-Encoding: gzip\r\n"))))
        #expect(error.code == .cut)
        #expect(error.wasSent == true)
    }

    @Test func `what is not HTTP is no answer`() async throws {
        let error = try failure(try await send(to: .answer(Array("SSH-2.0-x\r\n\r\n".utf8))))
        #expect(error.code == .malformed || error.code == .cut)
    }

    @Test func `TLS to a server without TLS was not sent`() async throws {
        try await TinyServer.withServer([.greet(response([]))]) { server, port in
            await AsyncTransportUse.check { transport in
                let request = WebRequest(
                    method: "POST", url: try WebURL("https://127.0.0.1:\(port)/"), body: [1])
                let error = await #expect(throws: WebError.self) {
                    try await transport.send(request)
                }
                #expect(error?.code == .connect)
                #expect(error?.wasSent == false)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `a certificate that nobody vouches for stops the request unsent`(
        host: String
    ) async throws {
        let tls = try SelfSigned.context()
        try await TinyServer.withServer([.answer(response([]))], tls: tls) { server, port in
            await AsyncTransportUse.check { transport in
                let request = WebRequest(
                    method: "POST", url: try WebURL("https://\(host):\(port)/"), body: [1])
                let error = await #expect(throws: WebError.self) {
                    try await transport.send(request)
                }
                #expect(error?.code == .certificate)
                #expect(error?.wasSent == false)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `a cancelled request ends at once`() async throws {
        try await TinyServer.withServer([.silence]) { server, port in
            try await AsyncHTTPTransport.withTransport { transport in
                let request = WebRequest(url: try WebURL("http://127.0.0.1:\(port)/"))
                let task = Task { () -> WebError.Code? in
                    do throws(WebError) {
                        _ = try await transport.send(request)
                        return nil
                    } catch { return error.code }
                }
                while server.requests.isEmpty { await Task.yield() }
                task.cancel()
                #expect(await task.value == .cancelled)
            }
        }
    }

    @Test func `connections are used again and requests are not repeated`() async throws {
        let acts: [TinyServer.Act] = [.answer(response([0x31]), keepsOpen: true)]
        try await TinyServer.withServer(acts) { server, port in
            try await AsyncHTTPTransport.withTransport { transport in
                for _ in 0..<5 {
                    let url = try WebURL("http://127.0.0.1:\(port)/")
                    #expect(try await transport.send(WebRequest(url: url)).body == [0x31])
                }
            }
            #expect(server.requests.count == 5)
        }
    }

    @Test func `a transport that was shut down refuses`() async throws {
        let transport = AsyncHTTPTransport()
        try await transport.shutdown()
        let request = WebRequest(url: try WebURL("http://127.0.0.1:1/"))
        let error = await #expect(throws: WebError.self) { try await transport.send(request) }
        #expect(error?.code == .closed)
        #expect(error?.wasSent == false)
    }
}

/// Lends a transport to a check that fails the test when it throws.
enum AsyncTransportUse {
    static func check(_ body: (AsyncHTTPTransport) async throws -> Void) async {
        do { try await AsyncHTTPTransport.withTransport { try await body($0) } } catch {
            Issue.record(error)
        }
    }
}
