import GoogleAPI
import LosslessJSON
import TandemCore
import TandemSync
import Testing
import WebClient

@testable import GoogleConnector

struct PullTests {
    private static let events = "/calendar/v3/calendars/ada%40example.com/events"

    @Test func `full listing and delta are one query, but for the cursor`() async throws {
        let page = ScriptedGoogle.json(["items": [], "nextSyncToken": "t"])
        let google = ScriptedGoogle(page, page, page)
        let connector = try google.connector()
        _ = try await connector.pull(.events())
        _ = try await connector.pull(.events(page: "p 1"))
        _ = try await connector.pull(.events(after: "t=", page: "p2"))
        #expect(
            google.lines == [
                "GET \(Self.events)?maxResults=2500",
                "GET \(Self.events)?maxResults=2500&pageToken=p%201",
                "GET \(Self.events)?maxResults=2500&pageToken=p2&syncToken=t%3D",
            ])
        #expect(google.requests.allSatisfy { $0.url.query?.contains("prettyPrint=false") == true })
    }

    @Test func `the list of calendars is listed with hidden ones`() async throws {
        let google = ScriptedGoogle(ScriptedGoogle.json(["items": [], "nextSyncToken": "t"]))
        _ = try await google.connector().pull(.calendars(after: "c"))
        #expect(
            google.lines == [
                "GET /calendar/v3/users/me/calendarList?maxResults=250&showHidden=true&syncToken=c"
            ])
    }

    @Test func `items keep their bytes, tombstones are marked, the nameless is set aside`()
        async throws
    {
        let text =
            #"{"timeZone":"Europe/Paris","items":[{"id":"abcde", "etag":"\"7\"","x":1.50,"#
            + #""start":{"date":"2026-11-09"},"end":{"date":"2026-11-10"}},"#
            + #"{"id":"gone1","status":"cancelled"},{"summary":"?"},7,"#
            + #"{"id":"s_20261109","status":"cancelled","recurringEventId":"s"}],"#
            + #""nextPageToken":"more"}"#
        let page = try await ScriptedGoogle(ScriptedGoogle.raw(text)).connector().pull(.events())
        #expect(page.next == "more" && page.cursor == nil && page.timeZone == "Europe/Paris")
        #expect(page.items.count == 5)
        guard case .resource(let first) = page.items[0], case .resource(let gone) = page.items[1],
            case .unreadable(nil, let raw, let reason) = page.items[2],
            case .unreadable = page.items[3], case .resource(let instance) = page.items[4]
        else {
            Issue.record("\(page.items)")
            return
        }
        #expect(
            first.bytes.map { String(decoding: $0, as: UTF8.self) }
                == #"{"id":"abcde", "etag":"\"7\"","x":1.50,"#
                + #""start":{"date":"2026-11-09"},"end":{"date":"2026-11-10"}}"#)
        #expect(first.etag?.rawValue == "\"7\"" && !first.isTombstone)
        #expect(gone.isTombstone && gone.remoteID.rawValue == "gone1")
        #expect(raw == #"{"summary":"?"}"# && reason.hasSuffix("."))
        #expect(!instance.isTombstone)
    }

    @Test func `a deleted entry of the list of calendars is a tombstone`() async throws {
        let page = try await ScriptedGoogle(
            ScriptedGoogle.json([
                "items": [["id": "a@b", "deleted": true, "etag": "\"1\""]], "nextSyncToken": "t",
            ])
        ).connector().pull(.calendars())
        guard case .resource(let entry)? = page.items.first else {
            Issue.record("\(page.items)")
            return
        }
        #expect(entry.isTombstone && page.cursor?.rawValue == "t")
    }

    @Test func `traffic is counted, failures too`() async throws {
        let connector = try ScriptedGoogle(
            ScriptedGoogle.raw(#"{"items":[]}"#), ScriptedGoogle.refusal(404, "global", "notFound")
        ).connector()
        _ = try await connector.pull(.events())
        await #expect(throws: RemoteError.self) { try await connector.pull(.events()) }
        #expect(connector.traffic == Traffic(requests: 2, bytes: 12))
    }

    @Test func `the two kinds of cursor belong to two queries`() throws {
        let connector = try ScriptedGoogle().connector()
        #expect(connector.fingerprint(of: .event) != connector.fingerprint(of: .calendar))
        #expect(connector.roots.map(\.kind) == [.calendar])
        #expect(connector.capabilities.maximumBatch == 50)
    }
}

struct PushTests {
    private func patch(_ id: String) -> PushRequest {
        .event(.patch, id, etag: "\"1\"", body: ["summary": "X"])
    }

    @Test func `several writes go in one batch, each with its own answer`() async throws {
        let missing: JSON = [
            "error": ["errors": [["domain": "global", "reason": "notFound"]], "code": 404]
        ]
        let google = ScriptedGoogle(
            ScriptedGoogle.batch([
                (200, ["id": "abcde", "etag": "\"2\""]), (404, missing), nil, (204, nil),
            ]))
        let connector = try google.connector()
        let answers = await connector.push([
            patch("abcde"), patch("abcdf"), patch("abcdg"), .event(.delete, "abcdh"),
            .event(.patch, nil),
        ])
        #expect(google.lines == ["POST /batch/calendar/v3"])
        #expect(answers.count == 5)
        #expect(try answers[0].get().etag?.rawValue == "\"2\"")
        #expect(answers[1].code == .notFound)
        #expect(answers[2].code == .unknownOutcome)
        #expect(try answers[3].get().isTombstone)
        #expect(answers[4].code == .rejected)
        #expect(connector.traffic.requests == 1)
    }

    @Test func `a batch without an answer leaves every write unknown`() async throws {
        let google = ScriptedGoogle(ScriptedGoogle.failure(.cut, wasSent: true))
        let answers = try await google.connector().push([patch("abcde"), patch("abcdf")])
        #expect(answers.map(\.code) == [.unknownOutcome, .unknownOutcome])
    }

    @Test func `more writes than a batch holds go in several`() async throws {
        let google = ScriptedGoogle(
            ScriptedGoogle.batch((0..<50).map { (200, ["id": .string("abc\($0)")]) }),
            ScriptedGoogle.batch([(200, ["id": "abc50"]), (200, ["id": "abc51"])]))
        let answers = try await google.connector().push((0..<52).map { patch("abc\($0)") })
        #expect(google.requests.count == 2)
        for (place, answer) in answers.enumerated() {
            #expect(try answer.get().remoteID.rawValue == "abc\(place)")
        }
    }

    @Test func `one write goes by itself, no write nowhere`() async throws {
        let google = ScriptedGoogle(
            ScriptedGoogle.json(["id": "abcde"], headers: [("ETag", "\"9\"")]))
        let connector = try google.connector()
        #expect(await connector.push([]).isEmpty)
        let answers = await connector.push([patch("abcde")])
        #expect(google.lines.count == 1 && google.lines[0].hasPrefix("PATCH "))
        #expect(google.requests[0].headers["If-Match"] == "\"1\"")
        #expect(try answers[0].get().etag?.rawValue == "\"9\"")
    }
}

struct LookUpTests {
    private static let events = "/calendar/v3/calendars/ada%40example.com/events"
    private static let missing = ScriptedGoogle.refusal(404, "global", "notFound")

    @Test func `present, gone and unknown are told apart`() async throws {
        let google = ScriptedGoogle(
            ScriptedGoogle.json(["id": "abcde", "etag": "\"1\""]),
            ScriptedGoogle.json(["id": "abcde", "status": "cancelled"]), Self.missing,
            ScriptedGoogle.refusal(410, "global", "deleted"))
        let connector = try google.connector()
        let request = PushRequest.event(.patch, "abcde")
        guard case .present(let found) = try await connector.lookUp(request) else {
            Issue.record("not present")
            return
        }
        #expect(found.remoteID.rawValue == "abcde")
        #expect(try await connector.lookUp(request) == .tombstone)
        #expect(try await connector.lookUp(request) == .absent)
        #expect(try await connector.lookUp(request) == .tombstone)
        #expect(try await connector.lookUp(.event(.patch, nil)) == .absent)
        #expect(google.lines == Array(repeating: "GET \(Self.events)/abcde", count: 4))
    }

    @Test func `a look-up that fails tells nothing`() async throws {
        let connector = try ScriptedGoogle(
            ScriptedGoogle.refusal(503, "global", "backendError"), ScriptedGoogle.json(["x": 1])
        ).connector()
        for _ in 0..<2 {
            let error = await #expect(throws: RemoteError.self) {
                try await connector.lookUp(.event(.patch, "abcde"))
            }
            #expect(error?.code == .transient)
        }
    }

    @Test func `a move is looked up where it was to lead`() async throws {
        let google = ScriptedGoogle(Self.missing)
        let request = PushRequest.event(.move, "abcde", destination: "team@x.y")
        #expect(try await google.connector().lookUp(request) == .absent)
        #expect(google.lines == ["GET /calendar/v3/calendars/team%40x.y/events/abcde"])
    }

    @Test func `a creation with a UID from elsewhere is found by it`() async throws {
        let copies = ScriptedGoogle.json([
            "items": [["id": "s_20261109", "recurringEventId": "s"], ["id": "_other"]]
        ])
        let google = ScriptedGoogle(Self.missing, copies, Self.missing)
        let connector = try google.connector()
        let body: JSON = ["iCalUID": "x@example.com"]
        guard
            case .present(let found) = try await connector.lookUp(
                .event(.create, "abcde", body: body))
        else {
            Issue.record("not present")
            return
        }
        #expect(found.remoteID.rawValue == "_other")
        #expect(google.lines.last == "GET \(Self.events)?iCalUID=x%40example.com")
        let own = PushRequest.event(.create, "abcde", body: ["iCalUID": "abcde@google.com"])
        #expect(try await connector.lookUp(own) == .absent)
        #expect(google.requests.count == 3)
    }
}

extension Result where Failure == RemoteError {
    /// How it failed; `nil` when it did not.
    fileprivate var code: RemoteError.Code? {
        guard case .failure(let error) = self else { return nil }
        return error.code
    }
}
