import Foundation
import GoogleAPI
import LosslessJSON
import Testing
import WebClient

struct AnswerTests {
    private func page(_ body: String) async throws -> GooglePage {
        try await ScriptedGoogle(answers: [.json(body)]).calendar.listEvents(of: "p")
    }

    @Test func `a page gives its items in place, its tokens and its etag`() async throws {
        let page = try await page(
            """
            {"kind":"calendar#events","etag":"\\"p1\\"","nextPageToken":"np","nextSyncToken":"ns",\
            "items":[{"id":"a","x":1.0},{"id":"b"}]}
            """)
        #expect(page.items.map { $0["id"]?.string } == ["a", "b"])
        #expect(
            page.items.first.map { String(decoding: $0.rawBytes, as: UTF8.self) }
                == "{\"id\":\"a\",\"x\":1.0}")
        #expect(page.nextPageToken == "np")
        #expect(page.nextSyncToken == "ns")
        #expect(page.etag == "\"p1\"")
    }

    @Test(arguments: [
        "{\"items\":[],\"nextPageToken\":\"x\"}", "{\"nextPageToken\":\"x\"}",
        "{\"items\":null,\"nextSyncToken\":\"x\"}", "{\"items\":[]}",
    ])
    func `an empty page is a page`(body: String) async throws {
        #expect(try await page(body).items.isEmpty)
    }

    @Test(arguments: [
        "{}", "{\"kind\":\"calendar#events\"}", "{\"items\":{}}", "{\"items\":\"x\"}",
        "{\"nextPageToken\":\"\"}", "{\"nextPageToken\":7}", "{\"error\":\"captive portal\"}",
    ])
    func `what only looks like an empty page is unreadable`(body: String) async {
        let error = await #expect(throws: GoogleError.self) { try await page(body) }
        #expect(error?.code == .unreadable)
    }

    @Test func `a page of more than sixteen MiB is not taken, a resource may be larger`()
        async throws
    {
        let google = ScriptedGoogle([
            { .success(.json("{\"items\":[],\"x\":\($0.maxResponseBytes)}")) }
        ])
        _ = try await google.calendar.listEvents(of: "p")
        _ = try await google.calendar.listCalendarList()
        _ = try await google.calendar.send(try .getEvent("e", in: "p"))
        #expect(google.requests.map(\.maxResponseBytes) == [16 << 20, 16 << 20, 64 << 20])
        let blanks = String(repeating: " ", count: 16 << 20)
        let large = ScriptedGoogle(answers: [.json("{\"items\":[]}" + blanks)])
        let error = await #expect(throws: GoogleError.self) {
            try await large.calendar.listEvents(of: "p")
        }
        #expect(error?.code == .answerTooLarge)
        #expect((error?.cause as? WebError)?.code == .tooLarge)
    }

    @Test func `an answer's etag comes from the JSON, else from the header`() async throws {
        let google = ScriptedGoogle(answers: [
            .json("{\"etag\":\"\\\"1\\\"\"}", headers: [("ETag", "\"2\"")]),
            .json("{\"id\":\"x\"}", headers: [("ETag", "\"2\"")]),
            .json("{}"),
        ])
        let call = try CalendarCall.getEvent("e", in: "p")
        #expect(try await google.calendar.send(call).etag == "\"1\"")
        #expect(try await google.calendar.send(call).etag == "\"2\"")
        #expect(try await google.calendar.send(call).etag == nil)
    }

    @Test func `a delete answers nothing, with or without a body`() async throws {
        let google = ScriptedGoogle(answers: [WebResponse(status: 204), .json("", status: 200)])
        let call = try CalendarCall.deleteEvent("e", in: "p")
        for _ in 0..<2 {
            let answer = try await google.calendar.send(call)
            #expect(answer.document == nil)
            #expect(answer.json == nil)
        }
    }

    @Test func `304 is an answer to a condition and an error without one`() async throws {
        let google = ScriptedGoogle(answers: [
            WebResponse(status: 304, headers: ["ETag": "\"1\""])
        ])
        let answer = try await google.calendar.send(
            try .getEvent("e", in: "p", ifNoneMatch: "\"1\""))
        #expect(answer.isNotModified)
        #expect(answer.document == nil)
        let call = try CalendarCall.getEvent("e", in: "p")
        let error = await #expect(throws: GoogleError.self) { try await google.calendar.send(call) }
        #expect(error?.code == .other)
    }

    @Test func `Google's clock comes with the answer`() async throws {
        let google = ScriptedGoogle(answers: [
            .json("{}", headers: [("Date", "Sun, 22 Nov 2026 07:31:34 GMT")])
        ])
        let answer = try await google.calendar.getEvent("e", in: "p")
        #expect(answer.serverDate == Fixtures.now)
    }

    @Test(arguments: [
        ("2026-11-22T07:31:34Z", 1_795_332_694.0), ("2026-11-22T07:31:34.500000Z", 1_795_332_694.5),
        ("2026-11-22T08:31:34+01:00", 1_795_332_694), ("2026-11-22T07:31:34", 1_795_332_694),
        ("1970-01-01T00:00:00Z", 0), ("2024-02-29T23:59:60Z", 1_709_251_200),
        ("1969-12-31T23:59:59-00:30", 1799),
    ])
    func `times of token files are read`(text: String, seconds: Double) throws {
        let file = """
            {"client_id":"c","client_secret":"s","refresh_token":"r","token":"t","expiry":"\(text)"}
            """
        guard case .grants(let grants) = try OAuthFile(parsing: Array(file.utf8)) else {
            Issue.record("not grants")
            return
        }
        #expect(grants.first?.accessToken?.expires == Date(timeIntervalSince1970: seconds))
    }
}
