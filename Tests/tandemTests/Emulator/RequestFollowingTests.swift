import ArgumentParser
import GoogleEmulator
import LosslessJSON
import Synchronization
import TandemFormats
import Testing
import WebClient

@testable import tandem

/// Requests that are printed as they come.
@Suite struct RequestFollowingTests {
    private static let request: JSON = [
        "at": "2026-11-09T08:00:07.250Z", "api": "calendar", "apiMethod": "events.list",
        "method": "GET", "path": "/calendar/v3/x", "query": "a=1", "status": 503,
        "durationMs": 0.3, "bytes": 12, "fault": "fault-1",
    ]

    @Test func `a request is one line, for people and for programs`() throws {
        func line(_ format: OutputFormat) -> String {
            String(
                decoding: RequestFollowing.line(Self.request, ItemText(zone: .utc), format),
                as: UTF8.self)
        }
        #expect(
            line(.text)
                == "08:00:07  503  0.3 ms  calendar events.list  GET  /calendar/v3/x  fault-1\n")
        #expect(
            line(.plain).hasPrefix("2026-11-09T08:00:07Z\tcalendar events.list\t503\t0.3\t12\t"))
        #expect(try JSON(parsing: line(.json)) == Self.request)
    }

    /// What a local Google answers, one after the other, and what it was asked.
    private final class Script: Sendable {
        private let answers: Mutex<[(items: [Int], last: Int)]>
        private let queries = Mutex<[String]>([])

        init(_ answers: [(items: [Int], last: Int)]) { self.answers = Mutex(answers) }

        var asked: [String] { queries.withLock { $0 } }
        var isOver: Bool { answers.withLock { $0.isEmpty } }

        func answer(_ request: WebRequest) -> WebResponse {
            queries.withLock { $0.append(request.url.query ?? "") }
            let next = answers.withLock { $0.isEmpty ? (items: [], last: 0) : $0.removeFirst() }
            let items = next.items.map { JSON.object(["bytes": .number(JSONNumber($0))]) }
            let body: JSON = [
                "items": .array(items), "last": .number(JSONNumber(next.last)),
            ]
            return WebResponse(
                status: 200,
                headers: ["Local-Google-Protocol": "\(LocalGoogle.controlProtocol)"],
                body: body.serialized())
        }
    }

    @Test func `each request is shown once, also after a reset`() async throws {
        let script = Script([
            (items: [1, 2, 3], last: 3), (items: [], last: 3), (items: [4], last: 4),
            (items: [], last: 1), (items: [5], last: 1),
        ])
        let transport = ClosureTransport { request throws(WebError) in script.answer(request) }
        let following = RequestFollowing(
            control: EmulatorControl(
                gate: WebGate(transport: transport), address: "http://127.0.0.1:8085"),
            choice: try RequestChoice.parse(["--api", "calendar"]), last: 2)
        var shown: [Int64] = []
        await #expect(throws: CancellationError.self) {
            try await following.follow {
                shown.append($0["bytes"]?.int ?? 0)
            } pause: {
                if script.isOver { throw CancellationError() }
            }
        }
        #expect(shown == [2, 3, 4, 5])
        #expect(script.asked == [0, 3, 3, 4, 0].map { "api=calendar&after=\($0)" })
    }
}
