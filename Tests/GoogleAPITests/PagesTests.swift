import Foundation
import GoogleAPI
import LosslessJSON
import Testing
import WebClient

@Suite struct PagesTests {
    private func titles(
        _ google: ScriptedGoogle, _ query: EventsQuery = EventsQuery()
    ) async throws -> [String] {
        var titles: [String] = []
        for try await page in google.calendar.eventPages(of: "primary", query) {
            titles += page.items.compactMap { $0["summary"]?.string }
            if let token = page.nextSyncToken { titles.append("token \(token)") }
        }
        return titles
    }

    private static func page(_ title: String, next: String) -> WebResponse {
        .json("{\"items\":[{\"summary\":\"\(title)\"}],\"nextPageToken\":\"\(next)\"}")
    }

    private static let last = WebResponse.json(
        "{\"items\":[{\"summary\":\"last\"}],\"nextSyncToken\":\"s\"}")

    @Test func `pages follow each other to the sync token, and each asks the same question`()
        async throws
    {
        let google = ScriptedGoogle(answers: [
            Self.page("one", next: "p2"), .json("{\"items\":[],\"nextPageToken\":\"p3\"}"),
            Self.last,
        ])
        var query = EventsQuery()
        query.maxResults = 1
        #expect(try await titles(google, query) == ["one", "last", "token s"])
        #expect(google.requests.count == 3)
        let asked = google.requests.map { request in
            request.queryTexts.filter { !$0.hasPrefix("alt") && !$0.hasPrefix("pretty") }
        }
        #expect(
            asked == [
                ["maxResults=1"], ["maxResults=1", "pageToken=p2"],
                ["maxResults=1", "pageToken=p3"],
            ])
    }

    @Test func `a listing goes on from the page that the query names`() async throws {
        let google = ScriptedGoogle(answers: [Self.last])
        var query = EventsQuery()
        query.pageToken = "p7"
        #expect(try await titles(google, query) == ["last", "token s"])
        #expect(google.requests.first?.queryTexts.contains("pageToken=p7") == true)
    }

    @Test func `a page that fails ends the listing with its error`() async throws {
        let google = ScriptedGoogle(answers: [
            Self.page("one", next: "p2"), .googleError(410, "fullSyncRequired"),
        ])
        var seen = 0
        let error = await #expect(throws: GoogleError.self) {
            for try await _ in google.calendar.eventPages(of: "primary") { seen += 1 }
        }
        #expect(error?.code == .fullSyncRequired)
        #expect(seen == 1)
    }

    @Test func `pages that go round in a circle come to an end`() async throws {
        let google = ScriptedGoogle(answers: [
            Self.page("one", next: "p2"), Self.page("two", next: "p1"),
            Self.page("one", next: "p2"), Self.last,
        ])
        let error = await #expect(throws: GoogleError.self) { _ = try await titles(google) }
        #expect(error?.code == .unreadable)
        #expect(google.requests.count == 3)
    }

    @Test func `a reader who leaves early asks for no more, and may begin anew`() async throws {
        let google = ScriptedGoogle(answers: [Self.page("one", next: "p2"), Self.last])
        let pages = google.calendar.calendarListPages()
        for try await _ in pages { break }
        #expect(google.requests.count == 1)
        var count = 0
        for try await _ in pages { count += 1 }
        #expect(count == 1)
        #expect(google.requests.allSatisfy { $0.url.path.hasSuffix("/users/me/calendarList") })
    }
}
