import NIOHTTP1
import Testing

@testable import GoogleEmulator

/// Which connections the proxy leads to the local Google, and which it refuses.
@Suite struct InterceptedHostTests {
    private static func decision(_ target: String, _ method: HTTPMethod = .CONNECT) -> ProxyDecision
    {
        ProxyDecision(HTTPRequestHead(version: .http1_1, method: method, uri: target))
    }

    @Test(arguments: [
        "www.googleapis.com", "oauth2.googleapis.com", "accounts.google.com",
        "openidconnect.googleapis.com", "people.googleapis.com", "driveactivity.googleapis.com",
        "calendar-json.googleapis.com", "calendar.mtls.googleapis.com", "www.google.com",
        "google.com", "lh3.googleusercontent.com",
    ])
    func `hosts of Google's are led to the local Google`(host: String) {
        #expect(Self.decision("\(host):443") == .tunnel(host: host))
    }

    @Test func `names are compared without case and without a last dot`() {
        #expect(
            Self.decision("WWW.GoogleAPIs.com.:443") == .tunnel(host: "www.googleapis.com"))
    }

    @Test(arguments: [
        "example.com:443", "notgoogle.com:443", "google.com.example.com:443", "127.0.0.1:443",
        "[::1]:443", "google.com", "google.com:443:443", ":443", "", ".google.com:443",
        "a..google.com:443", "-a.google.com:443", "a_b.google.com:443", "gööögle.com:443",
        "evil\u{0}.google.com:443", "x/../google.com:443", "user@www.google.com:443",
        "\(String(repeating: "a", count: 64)).google.com:443",
        "\(String(repeating: "a.", count: 125))google.com:443",
    ])
    func `every other name is refused with a sentence`(target: String) throws {
        guard case .refuse(let refusal) = Self.decision(target) else {
            Issue.record("a tunnel to \(target)")
            return
        }
        #expect(refusal.status == 403)
        let lines = String(decoding: refusal.bytes, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "HTTP/1.1 403 \(refusal.sentence)")
        #expect(lines[0].utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        #expect(lines.last == "403 \(refusal.sentence).\n")
        #expect(lines.contains("Content-Length: \(lines.last?.utf8.count ?? 0)"))
    }

    @Test(arguments: ["www.google.com:80", "www.google.com:", "www.google.com:0443"])
    func `only the port of https is served`(target: String) {
        #expect(Self.decision(target) == .refuse(.otherPort))
    }

    @Test(arguments: [HTTPMethod.GET, .POST, .OPTIONS])
    func `plain http is refused for Google's hosts too`(method: HTTPMethod) {
        #expect(Self.decision("http://www.googleapis.com/", method) == .refuse(.notGoogle))
        #expect(Self.decision("/", method) == .refuse(.notGoogle))
    }

    @Test(arguments: [
        ("http://127.0.0.1:8085/a?b", "127.0.0.1", 8085, "/a?b"),
        ("HTTP://localhost", "localhost", 80, "/"), ("http://[::1]:9?x", "::1", 9, "/?x"),
        ("http://[::1]/", "::1", 80, "/"),
    ])
    func `plain http to this machine is passed on`(
        uri: String, host: String, port: Int, path: String
    ) throws {
        let upstream = InterceptingProxy.Upstream(host: host, port: port, prefix: "")
        #expect(Self.decision(uri, .GET) == .pass(upstream))
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: uri,
            headers: [
                "Host": "h", "Proxy-Connection": "keep-alive", "Connection": "keep-alive",
            ])
        let request = try LoopbackRequest.rewritten(head, for: upstream)
        #expect(request.uri == path)
        #expect(
            request.headers.map { "\($0.name): \($0.value)" } == ["Host: h", "Connection: close"])
        let elsewhere = InterceptingProxy.Upstream(host: host, port: port + 1, prefix: "")
        #expect(throws: ProxyRefusal.self) { try LoopbackRequest.rewritten(head, for: elsewhere) }
    }

    @Test(arguments: [
        "http://127.0.0.1.example.com/", "http://127.0.0.1@example.com/", "http://localhost:0/",
        "http://localhost:/", "http://localhost:99999/", "http://10.0.0.1/", "http:///", "http://",
    ])
    func `what only looks like this machine is refused`(uri: String) {
        #expect(Self.decision(uri, .GET) == .refuse(.notGoogle))
    }
}
