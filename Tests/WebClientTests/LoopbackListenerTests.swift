import NIOCore
import NIOPosix
import Synchronization
import Testing
import WebClient

struct LoopbackListenerTests {
    private func page(_ status: Int, isFinal: Bool) -> LoopbackReply {
        LoopbackReply(status: status, page: "<p>\(status)</p>", isFinal: isFinal)
    }

    @Test func `it answers until the final answer, then it is gone`() async throws {
        let bound = Mutex(0)
        let result = try await LoopbackListener.waitForAnswer(
            .init(timeout: .seconds(120)),
            ready: { port in
                bound.withLock { $0 = port }
                try await AsyncHTTPTransport.withTransport { transport in
                    let other = try await transport.send(
                        WebRequest(url: try WebURL("http://127.0.0.1:\(port)/favicon.ico")))
                    #expect(other.status == 404)
                    let final = try await transport.send(
                        WebRequest(url: try WebURL("http://127.0.0.1:\(port)/?code=x")))
                    #expect(final.status == 200)
                    #expect(final.body == Array("<p>200</p>".utf8))
                    #expect(final.headers["Referrer-Policy"] == "no-referrer")
                    #expect(final.headers["Cache-Control"] == "no-store")
                    let policy = final.headers["Content-Security-Policy"] ?? ""
                    #expect(policy.contains("default-src 'none'"))
                }
            },
            answer: { request in
                request.target.hasPrefix("/?")
                    ? page(200, isFinal: true) : page(404, isFinal: false)
            })
        #expect(result.target == "/?code=x")
        #expect(result.host == "127.0.0.1:\(bound.withLock { $0 })")
        #expect(!"\(result)".contains("code"))
        await AsyncTransportUse.check { transport in
            let request = WebRequest(
                url: try WebURL("http://127.0.0.1:\(bound.withLock { $0 })/?code=x"))
            let error = await #expect(throws: WebError.self) { try await transport.send(request) }
            #expect(error?.code == .connect)
        }
    }

    @Test func `nobody answers: it ends at the time-out`() async throws {
        let error = await #expect(throws: WebError.self) {
            try await LoopbackListener.waitForAnswer(
                .init(timeout: .milliseconds(50)), ready: { _ in },
                answer: { _ in page(200, isFinal: true) })
        }
        #expect(error?.code == .timeout)
    }

    @Test func `a port in use is passed over, and all in use is an error`() async throws {
        try await TinyServer.withServer([.silence]) { _, taken in
            let used = Mutex(0)
            let error = await #expect(throws: WebError.self) {
                try await LoopbackListener.waitForAnswer(
                    .init(ports: [taken, 0], timeout: .milliseconds(50)),
                    ready: { port in used.withLock { $0 = port } },
                    answer: { _ in page(200, isFinal: true) })
            }
            #expect(error?.code == .timeout)
            #expect(used.withLock { $0 } != taken)
            let none = await #expect(throws: WebError.self) {
                try await LoopbackListener.waitForAnswer(
                    .init(ports: [taken], timeout: .milliseconds(50)), ready: { _ in },
                    answer: { _ in page(200, isFinal: true) })
            }
            #expect(none?.code == .listen)
        }
    }

    @Test(arguments: ["0.0.0.0", "192.168.0.1", "example.com", ""])
    func `it listens on this machine only`(address: String) async throws {
        let error = await #expect(throws: WebError.self) {
            try await LoopbackListener.waitForAnswer(
                .init(address: address, timeout: .milliseconds(50)), ready: { _ in },
                answer: { _ in page(200, isFinal: true) })
        }
        #expect(error?.code == .listen)
    }

    @Test func `a cancelled wait ends and closes`() async throws {
        let ports = Mutex<[Int]>([])
        let task = Task {
            try await LoopbackListener.waitForAnswer(
                .init(timeout: .seconds(60)), ready: { port in ports.withLock { $0 = [port] } },
                answer: { _ in page(200, isFinal: true) })
        }
        while ports.withLock({ $0.isEmpty }) { await Task.yield() }
        task.cancel()
        let error = await #expect(throws: WebError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }

    @Test func `what fails while getting ready closes it`() async throws {
        struct NoBrowser: Error {}
        await #expect(throws: NoBrowser.self) {
            try await LoopbackListener.waitForAnswer(
                .init(timeout: .seconds(60)), ready: { _ in throw NoBrowser() },
                answer: { _ in page(200, isFinal: true) })
        }
    }

    @Test func `a connection that says too much is closed and the wait goes on`() async throws {
        let result = try await LoopbackListener.waitForAnswer(
            .init(timeout: .seconds(120)),
            ready: { port in
                let url = try WebURL("http://127.0.0.1:\(port)/?x")
                try await AsyncHTTPTransport.withTransport { transport in
                    let flood = WebRequest(
                        url: url, headers: ["X": String(repeating: "a", count: 40_000)])
                    await #expect(throws: WebError.self) { try await transport.send(flood) }
                    let answer = try await transport.send(WebRequest(url: url))
                    #expect(answer.status == 200)
                }
            }, answer: { _ in page(200, isFinal: true) })
        #expect(result.method == "GET")
    }
}
