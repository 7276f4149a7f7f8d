import Foundation
import GoogleAPI
import LosslessJSON
import Synchronization
import WebClient

@testable import GoogleConnector

/// A Google with one calendar that keeps whatever its events have, known or not, and applies
/// patches as RFC 7396 says.
final class KeepingGoogle: Sendable {
    private struct State {
        var events: [String: JSON] = [:]
        /// The etag's number of each event, and the highest of them.
        var versions: [String: Int] = [:]
        var version = 0
        var patches: [String: [JSON]] = [:]
    }
    private let state = Mutex(State())

    init(_ events: [JSON]) {
        state.withLock { state in
            for event in events {
                guard let id = event["id"]?.string else { continue }
                Self.keep(event, id, in: &state)
            }
        }
    }

    /// What Google holds now, by id.
    var events: [String: JSON] { state.withLock { $0.events } }

    /// The bodies of the patches that came, by id.
    var patches: [String: [JSON]] { state.withLock { $0.patches } }

    private static func keep(_ event: JSON, _ id: String, in state: inout State) {
        state.version += 1
        state.versions[id] = state.version
        state.events[id] = event.with(["etag": .string("\"\(state.version)\"")])
    }

    func client() throws -> GoogleClient {
        let transport = ClosureTransport { [self] request throws(WebError) in answer(request) }
        return GoogleClient(
            gate: WebGate(transport: transport),
            endpoints: try GoogleEndpoints(loopback: "http://127.0.0.1:1"),
            tokens: TokenSource(fixed: "token"),
            now: { Date(timeIntervalSince1970: 1_795_000_000) })
    }

    private func answer(_ request: WebRequest) -> WebResponse {
        if request.url.path.hasSuffix("calendarList") { return Self.ok(Self.calendars) }
        switch request.method {
        case "GET": return state.withLock { list(after: Self.cursor(of: request), in: &$0) }
        case "PATCH": return state.withLock { patch(request, in: &$0) }
        default: return WebResponse(status: 501)
        }
    }

    private static func ok(_ json: JSON) -> WebResponse {
        WebResponse(
            status: 200, headers: ["Content-Type": "application/json"], body: json.serialized())
    }

    private static let calendars: JSON = [
        "items": [
            [
                "id": "ada@example.com", "etag": "\"1\"", "summary": "Ada", "primary": true,
                "accessRole": "owner", "timeZone": "Europe/Paris",
            ]
        ], "nextSyncToken": "calendars",
    ]

    private static func cursor(of request: WebRequest) -> Int {
        let fields = (request.url.query ?? "").split(separator: "&")
        return fields.lazy.compactMap { field in
            field.hasPrefix("syncToken=") ? Int(field.dropFirst("syncToken=".count)) : nil
        }.first ?? 0
    }

    private func list(after version: Int, in state: inout State) -> WebResponse {
        let changed = state.versions.filter { $0.value > version }.keys.sorted()
        return Self.ok([
            "items": .array(changed.compactMap { state.events[$0] }),
            "nextSyncToken": .string("\(state.version)"),
        ])
    }

    private func patch(_ request: WebRequest, in state: inout State) -> WebResponse {
        let id = String(request.url.path.split(separator: "/").last ?? "")
        guard let event = state.events[id], request.headers["If-Match"] == event["etag"]?.string
        else { return WebResponse(status: 412) }
        do throws(JSONError) {
            let body = try JSON(parsing: request.body ?? [])
            state.patches[id, default: []].append(body)
            Self.keep(event.merging(body), id, in: &state)
            return Self.ok(state.events[id] ?? .null)
        } catch {
            return WebResponse(status: 400)
        }
    }
}
