import LosslessJSON
import NIOHTTP1
import Testing

@testable import GoogleEmulator

/// For whom a request is meant.
@Suite(.timeLimit(.minutes(2))) struct HostTests {
    private static let control = "/_emulator/counters"
    private static let api = "/calendar/v3/colors"

    /// The status that a server answers a request on the wire with.
    private func status(_ target: String, _ hosts: [String]) async throws -> String {
        let server = ServerTests()
        let lines =
            ["GET \(target) HTTP/1.1"] + hosts.map { "Host: \($0)" }
            + ["Authorization: Bearer token-ada", "Connection: close", "", ""]
        var status = ""
        try await server.withServer(Local().google) { base in
            let answer = try await server.answer(to: lines.joined(separator: "\r\n"), at: base)
            status = answer.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        }
        return status
    }

    @Test(arguments: [
        ["localhost", "evil.example"], ["evil.example", "localhost"], ["localhost", "localhost"],
    ])
    func `a request with several hosts is refused`(hosts: [String]) async throws {
        #expect(try await status(Self.control, hosts) == "400")
        #expect(try await status(Self.api, hosts) == "400")
        #expect(try await status("http://localhost" + Self.control, hosts) == "400")
    }

    @Test(arguments: [
        ("http://localhost", "evil.example", "200"), ("HTTP://127.0.0.1:80", "localhost", "200"),
        ("http://evil.example", "localhost", "403"), ("https://evil.example", "localhost", "403"),
        ("http://localhost@evil.example", "localhost", "403"),
    ])
    func `the host of a whole address counts`(
        origin: String, host: String, expected: String
    ) async throws {
        #expect(try await status(origin + Self.control, [host]) == expected)
        #expect(try await status(origin + Self.api, [host]) == expected)
    }

    @Test(
        arguments: [
            ("/path", nil), ("*", nil), ("", nil), ("/x?y=http://evil.example", nil),
            ("x?y=http://evil.example", nil), ("http://a.example", "a.example"),
            ("http://a.example:80/b?c", "a.example:80"), ("https://a.example?c", "a.example"),
            ("ftp://a.example/", "a.example"),
        ] as [(String, String?)])
    func `a whole address is told from a path`(target: String, authority: String?) {
        #expect(WholeAddress.authority(of: target) == authority)
    }

    @Test func `the control API says in its own words that several hosts are one too many`() {
        let answer = Local().send(
            "GET", Self.control, headers: [("Host", "localhost"), ("host", "localhost")])
        #expect(answer.status == 400)
        #expect(answer["error"]?["code"] == "badRequest")
        let api = Local().send("GET", Self.api, headers: [("Host", "a"), ("Host", "localhost")])
        #expect(api.reason == "badRequest")
    }
}
