import Foundation
import GoogleAPI
import Synchronization
import WebClient

@testable import GoogleConnector

/// A Google with one calendar whose events are whatever bytes it is given.
final class WireGoogle: Sendable {
    private struct State {
        var pages: [[[UInt8]]] = []
        /// What the present cursor is called; an older one brings everything again.
        var generation = 0
        var requests = 0
    }
    private let state = Mutex(State())

    /// How many requests came.
    var requests: Int { state.withLock { $0.requests } }

    /// What the next listing brings, be it a full one or a delta.
    func list(_ items: [[UInt8]], pageSize: Int) {
        state.withLock { state in
            state.pages = stride(from: 0, to: items.count, by: pageSize).map { start in
                Array(items[start..<min(start + pageSize, items.count)])
            }
            state.generation += 1
        }
    }

    func connector() throws -> GoogleAccountConnector {
        let transport = ClosureTransport { [self] request throws(WebError) in answer(request) }
        return GoogleAccountConnector(
            client: GoogleClient(
                gate: WebGate(transport: transport),
                endpoints: try GoogleEndpoints(loopback: "http://127.0.0.1:1"),
                tokens: TokenSource(fixed: "token"),
                now: { Date(timeIntervalSince1970: 1_795_000_000) }))
    }

    private static let calendars = """
        {"items":[{"id":"ada@example.com","etag":"\\"1\\"","summary":"Ada","accessRole":"owner",\
        "timeZone":"Europe/Paris","primary":true}],"nextSyncToken":"calendars"}
        """

    private func answer(_ request: WebRequest) -> WebResponse {
        state.withLock { $0.requests += 1 }
        let body =
            request.url.path.hasSuffix("calendarList")
            ? Array(Self.calendars.utf8) : events(request.url.query ?? "")
        return WebResponse(
            status: 200, headers: ["Content-Type": "application/json"], body: body)
    }

    private func events(_ query: String) -> [UInt8] {
        let fields = query.split(separator: "&").map { $0.split(separator: "=") }
        let value = { (name: String) in
            fields.first { $0.first.map(String.init) == name }?.last.map(String.init)
        }
        let (pages, generation) = state.withLock { ($0.pages, $0.generation) }
        // The cursor that the present listing ended with: there is nothing new.
        let isKnown = value("syncToken") == "cursor\(generation)"
        let place = value("pageToken").flatMap(Int.init) ?? 0
        let items = isKnown || !pages.indices.contains(place) ? [] : pages[place]
        let isLast = isKnown || place + 1 >= pages.count
        let end =
            isLast
            ? "\"nextSyncToken\":\"cursor\(generation)\"" : "\"nextPageToken\":\"\(place + 1)\""
        var body = Array(#"{"kind":"calendar#events","timeZone":"Europe/Paris","items":["#.utf8)
        for (number, item) in items.enumerated() {
            if number > 0 { body += Array(",\n ".utf8) }
            body += item
        }
        return body + Array("],\(end)}".utf8)
    }
}
