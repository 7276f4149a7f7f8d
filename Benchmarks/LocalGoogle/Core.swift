import GoogleEmulator

/// The local Google without a network.
struct Core {
    private let google: LocalGoogle
    static let list = "/calendar/v3/calendars/primary/events"

    init(_ google: LocalGoogle) { self.google = google }

    func answer(_ method: String, _ target: String, _ body: String = "") throws -> EmulatorResponse
    {
        let response = google.handle(
            EmulatorRequest(
                method: method, target: target,
                headers: [("Authorization", "Bearer \(Bench.token)")], body: Array(body.utf8)))
        guard response.status < 300 else { throw LoadFailure.refused }
        return response
    }

    func text(_ method: String, _ target: String, _ body: String = "") throws -> String {
        String(decoding: try answer(method, target, body).body, as: UTF8.self)
    }
}

/// A store whose writes and deltas are timed.
struct TimedStore {
    private let core: Core
    private var ids: [String] = []
    private var cursor = ""
    /// Calls of each kind in a round.
    private static let calls = 50

    /// Lists everything, page by page.
    init(_ google: LocalGoogle) throws {
        core = Core(google)
        let query = "?maxResults=2500&fields=nextPageToken,nextSyncToken,items/id&prettyPrint=false"
        var onwards = ""
        repeat {
            let page = try core.text("GET", Core.list + query + onwards)
            var rest = page[...]
            while let mark = rest.firstRange(of: "\"id\":\"") {
                rest = rest[mark.upperBound...]
                ids.append(String(rest.prefix { $0 != "\"" }))
            }
            if page.contains("\"nextSyncToken\"") {
                cursor = try page.word("nextSyncToken")
            } else {
                onwards = "&pageToken=" + (try page.word("nextPageToken"))
            }
        } while cursor.isEmpty
    }

    /// Microseconds of one insert, of one patch, of the first page of everything after them, and of
    /// the delta that brings these two.
    mutating func round(_ number: Int) throws -> [(String, Double)] {
        let clock = ContinuousClock()
        var spent = (
            insert: Duration.zero, patch: Duration.zero, page: Duration.zero, delta: Duration.zero
        )
        for call in 0..<Self.calls {
            let day = 10 + call % 15
            let event =
                "{\"summary\":\"Round \(number), call \(call)\","
                + "\"start\":{\"dateTime\":\"2026-11-\(day)T10:00:00Z\"},"
                + "\"end\":{\"dateTime\":\"2026-11-\(day)T11:00:00Z\"}}"
            spent.insert += try clock.measure { _ = try core.answer("POST", Core.list, event) }
            // A step that is prime to the sizes leads to ever other events.
            let id = ids[(number * Self.calls + call) * 7919 % ids.count]
            let patch = "{\"description\":\"Round \(number), call \(call)\"}"
            spent.patch += try clock.measure {
                _ = try core.answer("PATCH", "\(Core.list)/\(id)", patch)
            }
            spent.page += try clock.measure {
                _ = try core.answer("GET", Core.list + "?maxResults=250")
            }
            let target = "\(Core.list)?syncToken=\(cursor)&prettyPrint=false"
            var delta: EmulatorResponse?
            spent.delta += try clock.measure { delta = try core.answer("GET", target) }
            let page = String(decoding: delta?.body ?? [], as: UTF8.self)
            guard page.ranges(of: "\"id\":\"").count == 2 else { throw LoadFailure.unlikeTheFirst }
            cursor = try page.word("nextSyncToken")
        }
        return [
            ("insert", Self.microseconds(spent.insert)), ("patch", Self.microseconds(spent.patch)),
            ("page", Self.microseconds(spent.page)), ("delta", Self.microseconds(spent.delta)),
        ]
    }

    private static func microseconds(_ duration: Duration) -> Double {
        duration / .microseconds(1) / Double(calls)
    }
}

extension String {
    /// The text of the first JSON member of that name behind a mark.
    func word(_ name: String, after mark: String = "") throws -> String {
        let place = mark.isEmpty ? startIndex : firstRange(of: mark)?.upperBound
        guard let place, let member = self[place...].firstRange(of: "\"\(name)\":") else {
            throw LoadFailure.refused
        }
        return String(
            self[member.upperBound...].drop { $0 == " " }.dropFirst().prefix { $0 != "\"" })
    }
}
