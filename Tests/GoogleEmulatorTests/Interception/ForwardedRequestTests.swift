import NIOHTTP1
import Testing

@testable import GoogleEmulator

/// How requests out of a tunnel are rewritten.
@Suite struct ForwardedRequestTests {
    private static func head(
        _ uri: String, _ headers: HTTPHeaders = ["Host": "www.googleapis.com"],
        method: HTTPMethod = .GET
    ) -> HTTPRequestHead {
        HTTPRequestHead(version: .http1_1, method: method, uri: uri, headers: headers)
    }

    private static func refusal(_ head: HTTPRequestHead) -> ProxyRefusal? {
        do { _ = try ForwardedRequest.rewritten(head) } catch { return error }
        return nil
    }

    @Test(arguments: [
        "/token", "/calendar/v3/calendars/a%40b/events?q=%2F&x=1", "/", "//double", "*",
        "/path?https://example.com/",
    ])
    func `a path stays as it came`(path: String) throws {
        #expect(try ForwardedRequest.rewritten(Self.head(path)).uri == path)
    }

    @Test(arguments: [
        ("https://www.googleapis.com/token?a=b", "/token?a=b"),
        ("HTTPS://www.googleapis.com:443/token", "/token"), ("https://www.googleapis.com", "/"),
        ("https://www.googleapis.com?a=b", "/?a=b"),
    ])
    func `a whole address is cut down to its path`(target: String, path: String) throws {
        #expect(try ForwardedRequest.rewritten(Self.head(target)).uri == path)
    }

    @Test func `a local Google below a path gets its prefix`() throws {
        #expect(try ForwardedRequest.rewritten(Self.head("/token"), prefix: "/g").uri == "/g/token")
    }

    @Test func `the host stays, framing stays, and the scheme is told`() throws {
        let head = Self.head(
            "/token",
            [
                "Host": "oauth2.googleapis.com", "Transfer-Encoding": "chunked",
                "Connection": "close", "Authorization": "Bearer t",
            ], method: .POST)
        let request = try ForwardedRequest.rewritten(head)
        #expect(request.method == .POST)
        for name in ["Host", "Transfer-Encoding", "Connection", "Authorization"] {
            #expect(request.headers[name] == head.headers[name])
        }
        #expect(request.headers["X-Forwarded-Proto"] == ["https"])
    }

    @Test func `what only a proxy may say is not taken from the client`() throws {
        let request = try ForwardedRequest.rewritten(
            Self.head(
                "/",
                [
                    "Host": "www.googleapis.com", "Proxy-Authorization": "Basic x",
                    "Proxy-Connection": "keep-alive", "Forwarded": "proto=http",
                    "X-Forwarded-Proto": "http", "X-Forwarded-Host": "127.0.0.1",
                    "Expect": "100-continue",
                ]))
        #expect(request.headers.map(\.name).sorted() == ["Host", "X-Forwarded-Proto"])
        #expect(request.headers["X-Forwarded-Proto"] == ["https"])
    }

    @Test(arguments: ["example.com", "127.0.0.1:8085", "localhost", "www.googleapis.com:80", ""])
    func `a request for another host goes nowhere`(host: String) {
        #expect(Self.refusal(Self.head("/", ["Host": host])) == .misdirected)
        #expect(Self.refusal(Self.head("https://\(host)/")) == .misdirected)
    }

    @Test func `two hosts are one too many`() {
        let headers: HTTPHeaders = ["Host": "www.googleapis.com", "host": "www.googleapis.com"]
        #expect(Self.refusal(Self.head("/", headers)) == .misdirected)
    }

    @Test func `tunnels within tunnels and other protocols are refused`() {
        #expect(Self.refusal(Self.head("www.google.com:443", method: .CONNECT)) == .malformed)
        #expect(Self.refusal(Self.head("http://www.googleapis.com/")) == .malformed)
        #expect(Self.refusal(Self.head("token")) == .malformed)
        let upgrade: HTTPHeaders = ["Host": "www.googleapis.com", "Upgrade": "h2c"]
        #expect(Self.refusal(Self.head("/", upgrade)) == .upgrade)
    }

    @Test func `only a client of HTTP 1.1 waits for leave`() {
        var head = Self.head("/", ["Expect": "100-Continue"])
        #expect(ForwardedRequest.awaitsLeave(head))
        head.version = .http1_0
        #expect(!ForwardedRequest.awaitsLeave(head))
        #expect(!ForwardedRequest.awaitsLeave(Self.head("/")))
    }

    @Test(arguments: [
        ("http://127.0.0.1:8085", "127.0.0.1", 8085, ""), ("http://localhost", "localhost", 80, ""),
        ("http://[::1]:9/g/", "::1", 9, "/g"),
    ])
    func `the address of a local Google has its parts`(
        url: String, host: String, port: Int, prefix: String
    ) throws {
        let upstream = try InterceptingProxy.upstream(url)
        #expect(upstream == .init(host: host, port: port, prefix: prefix))
    }

    @Test(arguments: [
        "https://127.0.0.1:1", "http://example.com:1", "http://10.0.0.1", "127.0.0.1:1", "",
        "http://u@127.0.0.1:1", "http://127.0.0.1:1/?x",
    ])
    func `requests go on to this machine only`(url: String) {
        #expect(throws: LocalGoogleError.self) { try InterceptingProxy.upstream(url) }
    }
}
