import LosslessJSON
import Synchronization
import Testing

@testable import GoogleEmulator

/// A clock that stands still until a test moves it.
final class StillClock: Sendable {
    private let moment: Mutex<Int64>

    /// 2026-11-09T08:00:00Z, a Monday.
    static let start: Int64 = 1_794_211_200_000

    init(_ milliseconds: Int64 = StillClock.start) { moment = Mutex(milliseconds) }

    var now: Int64 { moment.withLock { $0 } }

    func advance(seconds: Int64) { moment.withLock { $0 += seconds * 1000 } }
}

/// An answer with its body read.
struct Answer {
    let raw: EmulatorResponse

    var status: Int { raw.status }
    var text: String { String(decoding: raw.body, as: UTF8.self) }

    /// The body as JSON; `null` if there is none or it is something else.
    var json: JSON {
        do { return try JSON(parsing: raw.body) } catch { return .null }
    }

    /// The first reason in Google's envelope.
    var reason: String? { json["error"]?["errors"]?[0]?["reason"]?.string }
    var domain: String? { json["error"]?["errors"]?[0]?["domain"]?.string }
    var location: String? { json["error"]?["errors"]?[0]?["location"]?.string }
    var message: String? { json["error"]?["message"]?.string }

    var items: [JSON] { json["items"]?.array ?? [] }
    var ids: [String] { items.compactMap { $0["id"]?.string } }

    subscript(name: String) -> JSON? { json[name] }
}

/// A local Google under test with a standing clock and three users.
struct Local {
    let google: LocalGoogle
    let clock: StillClock

    init(
        content: LocalGoogleConfiguration.Content = .empty, seed: UInt64 = 7,
        clock: StillClock = StillClock(), services: ServiceList = .standard,
        _ change: (inout LocalGoogleConfiguration) -> Void = { _ in }
    ) {
        var configuration = LocalGoogleConfiguration(
            users: ["ada@example.com", "grace@example.com", "linus@example.org"],
            clients: [
                .init(id: "desktop", secret: "s3cret+/", kind: .installed),
                .init(
                    id: "web", secret: "web-secret",
                    kind: .web(redirectURIs: ["https://app.example/back"])),
            ],
            tokens: ["ada@example.com", "grace@example.com", "linus@example.org"].map {
                .init(email: $0, token: "token-" + String($0.prefix { $0 != "@" }))
            }, content: content)
        change(&configuration)
        self.clock = clock
        google = LocalGoogle(
            configuration: configuration, services: services, now: { clock.now }, seed: seed)
    }

    /// Sends any request.
    func send(
        _ method: String, _ target: String, headers: [(name: String, value: String)] = [],
        body: String = ""
    ) -> Answer {
        Answer(
            raw: google.handle(
                EmulatorRequest(
                    method: method, target: target, headers: headers, body: Array(body.utf8))))
    }

    /// Calls a method of the Calendar API as a user.
    func call(
        _ method: String, _ path: String, _ body: JSON? = nil, as user: String = "ada",
        headers: [(name: String, value: String)] = []
    ) -> Answer {
        var all = headers + [(name: "Authorization", value: "Bearer token-\(user)")]
        if body != nil { all.append((name: "Content-Type", value: "application/json")) }
        return send(method, "/calendar/v3/" + path, headers: all, body: body?.text ?? "")
    }

    func get(_ path: String, as user: String = "ada") -> Answer { call("GET", path, as: user) }

    /// Makes an event of an hour and answers its id.
    func event(
        _ summary: String, at start: String = "2026-11-10T10:00:00+01:00", as user: String = "ada",
        calendar: String = "primary", _ more: JSONObject = [:]
    ) -> String {
        var body: JSONObject = [
            "summary": .string(summary), "start": ["dateTime": .string(start)],
            "end": ["dateTime": .string(start.replacing("T10:00", with: "T11:00"))],
        ]
        for member in more { body[member.key] = member.value }
        let answer = call("POST", "calendars/\(calendar)/events", .object(body), as: user)
        return answer["id"]?.string ?? "refused: \(answer.text)"
    }

    /// Posts a form.
    func post(
        _ path: String, _ fields: [(String, String)],
        headers: [(name: String, value: String)] = []
    ) -> Answer {
        let body = fields.map { "\(PercentCoding.encode($0.0))=\(PercentCoding.encode($0.1))" }
            .joined(separator: "&")
        return send(
            "POST", path,
            headers: headers
                + [(name: "Content-Type", value: "application/x-www-form-urlencoded")],
            body: body)
    }

    /// Calls the control API.
    func control(_ method: String, _ path: String, _ body: JSON? = nil) -> Answer {
        send(
            method, "/_emulator/" + path, headers: [(name: "Host", value: "127.0.0.1:8085")],
            body: body?.text ?? "")
    }
}

/// The event of that summary on a page.
func titled(_ summary: String, in items: [JSON]) -> JSON? {
    items.first { $0["summary"]?.string == summary }
}

/// JSON out of its text; a mistake in a test's own text is a failure of the test.
func json(_ text: String) -> JSON {
    do { return try JSON(parsing: text) } catch {
        Issue.record(error, "\(text)")
        return .null
    }
}
