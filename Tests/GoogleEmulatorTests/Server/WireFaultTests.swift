import Foundation
import LosslessJSON
import Testing

@testable import GoogleEmulator

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Failures on purpose as a client on the other end of a socket meets them.
@Suite(.timeLimit(.minutes(2))) struct WireFaultTests {
    private let server = ServerTests()
    private static let event = #"{"start":{"date":"2026-11-10"},"end":{"date":"2026-11-11"}}"#

    @Test(arguments: [EmulatorResponse.Cut.before, .after])
    func `a write whose connection is cut is lost or done`(cut: EmulatorResponse.Cut) async throws {
        let local = Local()
        try local.google.addFault(.init(method: "events.insert", cut: cut))
        try await server.withServer(local.google) { base in
            let events = base + "/calendar/v3/calendars/primary/events"
            await #expect(throws: URLError.self) {
                _ = try await ServerTests.send("POST", events, body: Self.event)
            }
            let list = try await ServerTests.send("GET", events)
            let count = try JSON(parsing: list.body)["items"]?.array?.count
            #expect(count == (cut == .before ? 0 : 1))
        }
    }

    @Test func `garbage arrives whole and is no JSON`() async throws {
        let local = Local()
        let length = local.get("colors").raw.body.count
        try local.google.addFault(.init(method: "colors.get", isGarbage: true))
        try await server.withServer(local.google) { base in
            let answer = try await ServerTests.send("GET", base + "/calendar/v3/colors")
            #expect(answer.status == 200)
            #expect(answer.body.count == length)
            #expect(throws: JSONError.self) { try JSON(parsing: answer.body) }
        }
    }

    @Test func `a page of HTML comes with the status of success`() async throws {
        let local = Local()
        try local.google.addFault(.init(body: "<html>Sorry</html>"))
        try await server.withServer(local.google) { base in
            let answer = try await ServerTests.send("GET", base + "/calendar/v3/colors")
            #expect(answer.status == 200)
            #expect(String(decoding: answer.body, as: UTF8.self) == "<html>Sorry</html>")
            let type = answer.headers.value(forHTTPHeaderField: "Content-Type")
            #expect(type == "text/html; charset=UTF-8")
        }
    }

    @Test func `a compressed page is read as if it had not been compressed`() async throws {
        let local = Local(content: .sample)
        let plain = local.get("calendars/primary/events").raw.body
        try await server.withServer(local.google) { base in
            let url = base + "/calendar/v3/calendars/primary/events"
            let answer = try await ServerTests.send("GET", url, agent: "test/1 (gzip)")
            #expect(answer.headers.value(forHTTPHeaderField: "Vary") != nil)
            #expect(answer.body == plain)
        }
    }

    @Test func `a body is cut before its first byte, within, and behind its last`() async throws {
        for bytes in [0, 1, 1_000_000] {
            let local = Local()
            try local.google.addFault(.init(method: "colors.get", cut: .within(bytes: bytes)))
            try await server.withServer(local.google) { base in
                let answer = try? await ServerTests.send("GET", base + "/calendar/v3/colors")
                #expect((answer == nil) == (bytes < 1_000_000))
            }
        }
    }
}
