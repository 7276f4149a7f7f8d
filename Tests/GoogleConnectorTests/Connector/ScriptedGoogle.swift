import Foundation
import GoogleAPI
import LosslessJSON
import Synchronization
import TandemCore
import TandemSync
import WebClient

@testable import GoogleConnector

/// A Google that answers what it is told, request by request, and remembers what it was asked.
final class ScriptedGoogle: Sendable {
    typealias Answer = @Sendable (WebRequest) throws(WebError) -> WebResponse

    private struct State {
        var answers: [Answer] = []
        var requests: [WebRequest] = []
    }
    private let state = Mutex(State())

    /// Answers the requests in this order; a request beyond them is answered with 418.
    init(_ answers: Answer...) { state.withLock { $0.answers = answers } }

    /// What was asked so far.
    var requests: [WebRequest] { state.withLock { $0.requests } }

    /// Method, path and query of what was asked, as far as we choose it.
    var lines: [String] {
        requests.map { request in
            let query = (request.url.query ?? "").split(separator: "&")
                .filter { !$0.hasPrefix("alt=") && !$0.hasPrefix("prettyPrint=") }
            let path = request.url.path
            return "\(request.method) \(path)" + (query.isEmpty ? "" : "?")
                + query.joined(separator: "&")
        }
    }

    /// The JSON of the request at `place`; `nil` where there is none.
    func body(_ place: Int) throws -> JSON? {
        guard requests.indices.contains(place), let body = requests[place].body, !body.isEmpty
        else { return nil }
        return try JSON(parsing: body)
    }

    func client(tokens: TokenSource = TokenSource(fixed: "token")) throws -> GoogleClient {
        let transport = ClosureTransport { [self] request throws(WebError) in
            try answer(request)
        }
        return GoogleClient(
            gate: WebGate(transport: transport),
            endpoints: try GoogleEndpoints(loopback: "http://127.0.0.1:1"), tokens: tokens,
            now: { Date(timeIntervalSince1970: 1_795_000_000) })
    }

    func connector() throws -> GoogleAccountConnector {
        GoogleAccountConnector(client: try client())
    }

    private func answer(_ request: WebRequest) throws(WebError) -> WebResponse {
        let answer = state.withLock { state -> Answer? in
            state.requests.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else { return WebResponse(status: 418) }
        return try answer(request)
    }

    // MARK: Answers

    static func json(
        _ json: JSON, status: Int = 200, headers: [(String, String)] = []
    ) -> Answer {
        raw(json.text, status: status, headers: [("Content-Type", "application/json")] + headers)
    }

    static func raw(
        _ text: String, status: Int = 200, headers: [(String, String)] = []
    ) -> Answer {
        { _ in
            WebResponse(status: status, headers: WebHeaders(headers), body: Array(text.utf8))
        }
    }

    /// Google's envelope around an error.
    static func refusal(
        _ status: Int, _ domain: String, _ reason: String, location: String? = nil,
        headers: [(String, String)] = []
    ) -> Answer {
        var error: JSON = [
            "domain": .string(domain), "reason": .string(reason), "message": "No.",
        ]
        error["location"] = location.map { .string($0) }
        let code = JSON.number(JSONNumber(status))
        return json(
            ["error": ["errors": [error], "code": code, "message": "No."]], status: status,
            headers: headers)
    }

    static func failure(_ code: WebError.Code, wasSent: Bool?) -> Answer {
        { _ throws(WebError) in throw WebError(code: code, message: "No.", wasSent: wasSent) }
    }

    /// Answers a batch part by part, in reverse order; a `nil` part is left out.
    static func batch(_ parts: [(status: Int, json: JSON?)?]) -> Answer {
        var text = ""
        for (place, part) in parts.enumerated().reversed() {
            guard let part else { continue }
            let body = part.json?.text ?? ""
            text += "--b\r\nContent-Type: application/http\r\nContent-ID: <response-call-\(place)>"
            text += "\r\n\r\nHTTP/1.1 \(part.status) X\r\nContent-Type: application/json\r\n"
            text += "Content-Length: \(body.utf8.count)\r\n\r\n\(body)\r\n"
        }
        return raw(
            text + "--b--\r\n", headers: [("Content-Type", "multipart/mixed; boundary=b")])
    }
}

extension PushRequest {
    /// A write of an event of Ada's.
    static func event(
        _ verb: IntentVerb, _ target: String?, etag: String? = nil, body: JSON? = nil,
        destination: String? = nil, mails: TandemCore.SendUpdates = .none
    ) -> PushRequest {
        PushRequest(
            operation: OperationID(rawValue: "op"),
            collection: CollectionAddress(
                remoteID: RemoteID(rawValue: "ada@example.com"), kind: .event),
            verb: verb, target: target.map { RemoteID(rawValue: $0) },
            etag: etag.map { ETag(rawValue: $0) }, body: body,
            destination: destination.map { RemoteID(rawValue: $0) }, sendUpdates: mails)
    }

    /// A write of an entry of the list of calendars.
    static func calendar(
        _ verb: IntentVerb, _ target: String?, etag: String? = nil, body: JSON? = nil
    ) -> PushRequest {
        PushRequest(
            operation: OperationID(rawValue: "op"),
            collection: CollectionAddress(
                remoteID: GoogleAccountConnector.calendarList, kind: .calendar),
            verb: verb, target: target.map { RemoteID(rawValue: $0) },
            etag: etag.map { ETag(rawValue: $0) }, body: body)
    }
}

extension PullRequest {
    /// The wish for a page of Ada's events.
    static func events(after cursor: String? = nil, page: String? = nil) -> PullRequest {
        PullRequest(
            collection: CollectionAddress(
                remoteID: RemoteID(rawValue: "ada@example.com"), kind: .event),
            cursor: cursor.map { Cursor(rawValue: $0) }, page: page)
    }

    /// The wish for a page of the list of calendars.
    static func calendars(after cursor: String? = nil, page: String? = nil) -> PullRequest {
        PullRequest(
            collection: CollectionAddress(
                remoteID: GoogleAccountConnector.calendarList, kind: .calendar),
            cursor: cursor.map { Cursor(rawValue: $0) }, page: page)
    }
}
