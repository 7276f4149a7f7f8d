import Synchronization
import Testing
import WebClient

struct WebGateTests {
    /// A gate whose network answers so, and what reached that network.
    private func gate(
        status: Int = 200, body: [UInt8] = [], log: (@Sendable (WebLogEntry) -> Void)? = nil
    ) -> (WebGate, Recorder) {
        let recorder = Recorder()
        let transport = ClosureTransport { request throws(WebError) in
            recorder.note(request)
            return WebResponse(status: status, body: body)
        }
        return (
            WebGate(transport: transport, product: "Test/1", uptime: { .zero }, log: log), recorder
        )
    }

    @Test(arguments: [
        "https://www.googleapis.com/", "http://127.0.0.1:1/", "http://[::1]:1/",
        "http://localhost/", "https://127.0.0.1/",
    ])
    func `https everywhere, plain http to this machine`(text: String) async throws {
        let (gate, recorder) = gate()
        #expect(try await gate.send(WebRequest(url: try WebURL(text))).status == 200)
        #expect(recorder.requests.count == 1)
    }

    @Test(arguments: [
        "http://www.googleapis.com/", "http://10.0.0.1/", "http://127.0.0.1.nip.io/",
        "http://localhost.example/", "http://[::ffff:7f00:1]/",
    ])
    func `plain http to anybody else never reaches the network`(text: String) async throws {
        let (gate, recorder) = gate()
        let url = try WebURL(text)
        let error = await #expect(throws: WebError.self) {
            try await gate.send(WebRequest(url: url))
        }
        #expect(error?.code == .insecure)
        #expect(error?.wasSent == false)
        #expect(recorder.requests.isEmpty)
    }

    @Test func `gzip is asked for in both headers`() async throws {
        let (gate, recorder) = gate()
        _ = try await gate.send(WebRequest(url: try WebURL("https://a/")))
        let sent = try #require(recorder.requests.first)
        #expect(sent.headers["User-Agent"] == "Test/1 (gzip)")
        #expect(sent.headers["Accept-Encoding"] == "gzip")
    }

    @Test(arguments: [
        ("GET", "a\r\nB: c"), ("G T", "a"), ("get", "a"), ("", "a"), ("GET\r\n", "a"),
    ])
    func `a request that is not HTTP never reaches the network`(
        method: String, value: String
    ) async throws {
        let (gate, recorder) = gate()
        let request = WebRequest(
            method: method, url: try WebURL("https://a/"), headers: ["X": value])
        let error = await #expect(throws: WebError.self) { try await gate.send(request) }
        #expect(error?.code == .malformed)
        #expect(recorder.requests.isEmpty)
    }

    @Test func `an answer over the cap is refused, whatever the transport did`() async throws {
        let (gate, _) = gate(body: [1, 2, 3])
        let url = try WebURL("https://a/")
        let error = await #expect(throws: WebError.self) {
            try await gate.send(WebRequest(url: url, maxResponseBytes: 2))
        }
        #expect(error?.code == .tooLarge)
        #expect(error?.wasSent == true)
    }

    @Test func `every request is logged once, without secrets`() async throws {
        let entries = Mutex<[WebLogEntry]>([])
        let (gate, _) = gate(status: 404, body: [1, 2]) { entry in
            entries.withLock { $0.append(entry) }
        }
        let url = try WebURL(
            "https://a.example/calendars/ada%40example.com/events?access_token=CANARY")
        _ = try await gate.send(
            WebRequest(
                method: "POST", url: url, headers: ["Authorization": "Bearer CANARY"],
                body: Array("CANARY".utf8), label: "events.insert"))
        let insecure = WebRequest(url: try WebURL("http://a.example/x"))
        await #expect(throws: WebError.self) { try await gate.send(insecure) }
        let seen = entries.withLock { $0 }
        #expect(seen.count == 2)
        #expect(seen.first?.status == 404)
        #expect(seen.first?.sentBytes == 6)
        #expect(seen.first?.receivedBytes == 2)
        #expect(seen.first?.host == "a.example")
        #expect(seen.first?.label == "events.insert")
        #expect(seen.first?.path == "/calendars/•••%40example.com/events")
        #expect(seen.last?.failure == .insecure)
        #expect(!"\(seen)".contains("CANARY"))
        #expect(!"\(seen)".contains("ada"))
    }
}

/// Remembers the requests that reached the network.
final class Recorder: Sendable {
    private let seen = Mutex<[WebRequest]>([])
    var requests: [WebRequest] { seen.withLock { $0 } }
    func note(_ request: WebRequest) { seen.withLock { $0.append(request) } }
}
