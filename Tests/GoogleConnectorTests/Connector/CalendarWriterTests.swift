import GoogleAPI
import LosslessJSON
import TandemCore
import TandemSync
import Testing
import WebClient

@testable import GoogleConnector

/// Writes of the list of calendars: which resource at Google each part goes to.
struct CalendarWriterTests {
    private static let list = "/calendar/v3/users/me/calendarList"
    private static let calendars = "/calendar/v3/calendars"
    private static let entry: JSON = [
        "id": "team@x.y", "etag": "\"1\"", "summary": "Team", "accessRole": "owner",
        "timeZone": "Europe/Paris",
    ]
    private static let found = ScriptedGoogle.json(entry)
    private static let done = ScriptedGoogle.json(["id": "team@x.y", "etag": "\"c\""])

    private func push(
        _ google: ScriptedGoogle, _ request: PushRequest
    ) async throws -> Result<RemoteResource, RemoteError> {
        try #require(await google.connector().push([request]).first)
    }

    @Test func `one's own view goes to the entry, under its etag`() async throws {
        let google = ScriptedGoogle(Self.found)
        let request = PushRequest.calendar(
            .patch, "team@x.y", etag: "\"1\"",
            body: ["summaryOverride": "T", "backgroundColor": "#000000", "accessRole": "x"])
        #expect(try await push(google, request).get().json == Self.entry)
        #expect(google.lines == ["PATCH \(Self.list)/team%40x.y?colorRgbFormat=true"])
        #expect(google.requests[0].headers["If-Match"] == "\"1\"")
        #expect(try google.body(0) == ["summaryOverride": "T", "backgroundColor": "#000000"])
    }

    @Test func `the calendar's own data goes to the calendar, and the entry comes back`()
        async throws
    {
        let google = ScriptedGoogle(Self.found, Self.done, Self.found)
        let request = PushRequest.calendar(
            .patch, "team@x.y", etag: "\"1\"", body: ["summary": "Crew"])
        let answer = try await push(google, request).get()
        #expect(answer.json["accessRole"] == "owner" && answer.etag?.rawValue == "\"1\"")
        #expect(
            google.lines == [
                "GET \(Self.list)/team%40x.y", "PATCH \(Self.calendars)/team%40x.y",
                "GET \(Self.list)/team%40x.y",
            ])
        #expect(try google.body(1) == ["summary": "Crew"])
    }

    @Test func `an entry that changed meanwhile stops a write of the calendar`() async throws {
        let google = ScriptedGoogle(Self.found)
        let request = PushRequest.calendar(
            .patch, "team@x.y", etag: "\"0\"", body: ["summary": "Crew"])
        let answer = try await push(google, request)
        guard case .failure(let error) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(error.code == .preconditionFailed && google.requests.count == 1)
    }

    @Test func `both parts go where they belong, the condition first`() async throws {
        let google = ScriptedGoogle(Self.found, Self.done, Self.found)
        let request = PushRequest.calendar(
            .patch, "team@x.y", etag: "\"1\"", body: ["summary": "Crew", "hidden": true])
        _ = try await push(google, request).get()
        #expect(
            google.lines == [
                "PATCH \(Self.list)/team%40x.y", "PATCH \(Self.calendars)/team%40x.y",
                "GET \(Self.list)/team%40x.y",
            ])
        #expect(try google.body(0) == ["hidden": true])
        #expect(try google.body(1) == ["summary": "Crew"])
    }

    @Test func `a new calendar is made, and its entry comes back`() async throws {
        let google = ScriptedGoogle(Self.done, Self.found)
        let request = PushRequest.calendar(
            .create, "01JOPERATION", body: ["summary": "Team", "location": .null])
        #expect(try await push(google, request).get().remoteID.rawValue == "team@x.y")
        #expect(google.lines == ["POST \(Self.calendars)", "GET \(Self.list)/team%40x.y"])
        #expect(try google.body(0) == ["summary": "Team"])
    }

    @Test func `a new calendar gets its maker's view`() async throws {
        let google = ScriptedGoogle(Self.done, Self.found)
        let request = PushRequest.calendar(
            .create, "01JOPERATION", body: ["summary": "Team", "selected": true])
        _ = try await push(google, request).get()
        #expect(google.lines == ["POST \(Self.calendars)", "PATCH \(Self.list)/team%40x.y"])
    }

    @Test func `a calendar that was made is never made again for a lost second answer`()
        async throws
    {
        for failure in [
            ScriptedGoogle.failure(.connect, wasSent: false),
            ScriptedGoogle.refusal(404, "global", "notFound"),
            ScriptedGoogle.refusal(429, "usageLimits", "rateLimitExceeded"),
        ] {
            let google = ScriptedGoogle(Self.done, failure)
            let request = PushRequest.calendar(.create, "01JX", body: ["summary": "Team"])
            guard case .failure(let error) = try await push(google, request) else {
                Issue.record("no failure")
                continue
            }
            #expect(error.code == .unknownOutcome)
        }
    }

    @Test func `an id subscribes to a calendar that exists`() async throws {
        let google = ScriptedGoogle(Self.found)
        let request = PushRequest.calendar(
            .create, "team@x.y",
            body: ["id": "team@x.y", "summary": "ignored", "foregroundColor": "#ffffff"])
        _ = try await push(google, request).get()
        #expect(google.lines == ["POST \(Self.list)?colorRgbFormat=true"])
        #expect(try google.body(0) == ["foregroundColor": "#ffffff", "id": "team@x.y"])
    }

    @Test func `a delete unsubscribes and destroys nothing`() async throws {
        let google = ScriptedGoogle(ScriptedGoogle.raw("", status: 204))
        let answer = try await push(
            google, .calendar(.delete, "team@x.y", etag: "\"1\"")
        ).get()
        #expect(answer.isTombstone && answer.remoteID.rawValue == "team@x.y")
        #expect(google.lines == ["DELETE \(Self.list)/team%40x.y"])
    }

    @Test func `a calendar is never moved`() async throws {
        let google = ScriptedGoogle()
        guard case .failure(let error) = try await push(google, .calendar(.move, "team@x.y"))
        else {
            Issue.record("no failure")
            return
        }
        #expect(error.code == .rejected && google.requests.isEmpty)
    }

    @Test func `a creation whose answer was lost is found by what was sent`() async throws {
        let others: JSON = [
            "items": [
                ["id": "1", "summary": "Team", "accessRole": "reader"],
                ["id": "2", "summary": "Other", "accessRole": "owner"],
                ["id": "3", "summary": "Team", "accessRole": "owner", "primary": true],
            ], "nextPageToken": "p",
        ]
        let google = ScriptedGoogle(
            ScriptedGoogle.json(others),
            ScriptedGoogle.json(["items": [Self.entry], "nextSyncToken": "t"]))
        let request = PushRequest.calendar(
            .create, "01JX", body: ["summary": "Team", "selected": true])
        guard case .present(let made) = try await google.connector().lookUp(request) else {
            Issue.record("not found")
            return
        }
        #expect(made.remoteID.rawValue == "team@x.y" && google.requests.count == 2)
    }

    @Test func `a creation that never arrived is absent`() async throws {
        let google = ScriptedGoogle(ScriptedGoogle.json(["items": [], "nextSyncToken": "t"]))
        let request = PushRequest.calendar(.create, "01JX", body: ["summary": "Team"])
        #expect(try await google.connector().lookUp(request) == .absent)
    }

    @Test func `an entry is looked up by its id`() async throws {
        let google = ScriptedGoogle(
            Self.found, ScriptedGoogle.refusal(404, "global", "notFound"))
        let connector = try google.connector()
        guard case .present = try await connector.lookUp(.calendar(.patch, "team@x.y")) else {
            Issue.record("not found")
            return
        }
        #expect(try await connector.lookUp(.calendar(.delete, "team@x.y")) == .absent)
        #expect(google.lines.allSatisfy { $0 == "GET \(Self.list)/team%40x.y" })
    }
}
