import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Pages of listings that lead astray.
@Suite struct PageFaultTests {
    let local = Local()
    private let list = "calendars/primary/events?maxResults=2"

    private func plant(_ count: Int) -> [String] {
        (0..<count).map { local.event("Event \($0)") }
    }

    /// Follows page tokens to the end, or for so many pages.
    private func pages(_ limit: Int = 20, _ more: String = "") -> [Answer] {
        var pages: [Answer] = []
        var token: String?
        repeat {
            let onwards = token.map { "&pageToken=\(PercentCoding.encode($0))" } ?? ""
            pages.append(local.get(list + more + onwards))
            token = pages.last?["nextPageToken"]?.string
        } while token != nil && pages.count < limit
        return pages
    }

    @Test(arguments: [1, 2, 3])
    func `the same page comes again, wherever it stands, and the listing goes on`(
        nth: Int
    ) throws {
        let ids = plant(5)
        try local.google.addFault(.init(nth: nth, page: .again))
        let pages = pages()
        #expect(pages.count == 4)
        #expect(pages[nth - 1].ids == pages[nth].ids)
        #expect(pages.compactMap { $0["nextSyncToken"] }.count == 1)
        #expect(pages.flatMap(\.ids).count > ids.count)
        #expect(Set(pages.flatMap(\.ids)) == Set(ids))
        let words = pages.compactMap { $0["nextPageToken"]?.string }
        #expect(Set(words).count == 3)
    }

    @Test(arguments: [1, 2, 3])
    func `an empty page stands before the one that was asked for`(nth: Int) throws {
        let ids = plant(5)
        try local.google.addFault(.init(nth: nth, page: .empty))
        let pages = pages()
        #expect(pages.map { $0.ids.count }.filter { $0 == 0 }.count == 1)
        #expect(pages[nth - 1].ids == [])
        #expect(pages[nth - 1]["nextSyncToken"] == nil)
        #expect(pages.flatMap(\.ids) == ids)
    }

    @Test func `page tokens lead in a circle for as long as the fault lasts`() throws {
        _ = plant(3)
        try local.google.addFault(.init(nth: 2, times: 3, page: .circle))
        let pages = pages()
        #expect(pages.map { $0.ids.count } == [2, 1, 2, 2, 2, 1])
        let words = pages.compactMap { $0["nextPageToken"]?.string }
        #expect(words[1] == words[2] && words[2] == words[3])
        #expect(pages.last?["nextSyncToken"] != nil)
    }

    @Test func `a delta keeps its sync token on a twisted page`() throws {
        let token = pages().last?["nextSyncToken"]?.string ?? ""
        let ids = plant(3)
        try local.google.addFault(.init(page: .again))
        let delta = pages(20, "&syncToken=\(token)")
        #expect(delta.map { $0.ids.count } == [2, 2, 1])
        #expect(Set(delta.flatMap(\.ids)) == Set(ids))
    }

    @Test func `the sync token is missing once, and only last pages count`() throws {
        _ = plant(3)
        try local.google.addFault(.init(page: .noSyncToken))
        #expect(pages().last?["nextSyncToken"] == nil)
        #expect(local.google.requests.last?.fault == "fault-1")
        #expect(pages().last?["nextSyncToken"] != nil)
    }

    @Test func `a listing seems to be empty, and complete`() throws {
        _ = plant(1)
        try local.google.addFault(.init(page: .noItems))
        let first = local.get(list)
        #expect(first.items == [])
        #expect(first["items"] != nil)
        #expect(first["nextSyncToken"] != nil)
        #expect(local.get(list).items.count == 1)
    }

    @Test func `one row cannot be read`() throws {
        let ids = plant(2)
        try local.google.addFault(.init(page: .badItem))
        let items = local.get(list).items
        #expect(items[0]["id"]?.string == ids[0])
        #expect(items[0]["start"] == [[1]])
        #expect(items[1]["start"]?["dateTime"] != nil)
    }

    @Test func `only listings are hit, and fields decide what is said`() throws {
        let id = plant(1)[0]
        try local.google.addFault(.init(times: 2, page: .empty))
        #expect(local.get("calendars/primary/events/\(id)")["id"] != nil)
        let only = local.get(list + "&fields=items(id)")
        #expect(only.json == ["items": []])
        let both = local.get(list + "&fields=items/id,nextPageToken&prettyPrint=false")
        #expect(both["nextPageToken"] != nil)
        #expect(!both.text.contains("\n"))
        #expect(local.get(list).items.count == 1)
    }

    @Test func `other listings are twisted, too`() throws {
        try local.google.addFault(.init(method: "calendarList.list", page: .empty))
        let first = local.get("users/me/calendarList")
        #expect(first.items == [])
        let token = first["nextPageToken"]?.string ?? ""
        #expect(local.get("users/me/calendarList?pageToken=\(token)").items.count == 1)
    }

    @Test func `the log has the page token as it was sent`() throws {
        try local.google.addFault(.init(page: .empty))
        let token = local.get(list)["nextPageToken"]?.string ?? ""
        _ = local.get(list + "&pageToken=" + token)
        #expect(local.google.requests.last?.query == "maxResults=2&pageToken=" + token)
    }

    @Test func `a twisted token that nobody handed out is refused as any other`() {
        #expect(local.get(list + "&pageToken=again.1.x").status == 400)
    }

    @Test func `page tokens end before their time, and sync tokens do not end with them`() throws {
        _ = plant(3)
        let page = local.get(list)["nextPageToken"]?.string ?? ""
        let cursor = pages().last?["nextSyncToken"]?.string ?? ""
        try local.google.expire(.calendarPageTokens, user: "ada@example.com")
        let refused = local.get(list + "&pageToken=" + page)
        #expect(refused.status == 400)
        #expect(refused.location == "pageToken")
        #expect(local.get(list + "&syncToken=" + cursor).status == 200)
        let next = local.get(list)["nextPageToken"]?.string ?? ""
        try local.google.restore(local.google.snapshot())
        #expect(local.get(list + "&pageToken=" + page).status == 400)
        try local.google.expire(.calendarCursors)
        #expect(local.get(list + "&syncToken=" + cursor).status == 410)
        #expect(local.get(list + "&pageToken=" + next).status == 410)
    }

    @Test func `the control API knows the words, and a page stands alone`() {
        for word in LocalGoogle.Fault.Page.allCases {
            let body: JSON = ["page": .string(word.rawValue)]
            #expect(local.control("POST", "faults", body).status == 200)
        }
        for body: JSON in [
            ["page": "twice"], ["page": "again", "status": 500], ["page": "again", "delayMs": 5],
        ] {
            #expect(local.control("POST", "faults", body).status == 400)
        }
    }
}
