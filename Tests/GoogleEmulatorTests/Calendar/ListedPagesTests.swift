import LosslessJSON
import Testing

@testable import GoogleEmulator

/// A page that is kept says at any time what one says that is made anew.
@Suite struct ListedPagesTests {
    private let local = Local()
    private let hers = "calendars/ada%40example.com/events"

    /// What two readers get of several pages, asked for again.
    private func kept() -> [JSON] { pages("") }

    /// The same, asked for in words that nobody has used before.
    private func fresh(_ number: Int) -> [JSON] { pages("&quotaUser=\(number)") }

    private func pages(_ more: String) -> [JSON] {
        let queries = ["maxResults=2", "maxResults=2&prettyPrint=false", "maxResults=50&q=shown"]
        return ["ada", "grace"].flatMap { user in
            queries.map { local.get("\(hers)?\($0)\(more)", as: user)["items"] ?? "none" }
        }
    }

    @Test func `whatever happens, a kept page is as true as a new one`() throws {
        let id = local.event("Shown one")
        _ = local.event("Shown two")
        share(local, with: "grace", as: "reader")
        let saved = local.google.snapshot()
        let event = "calendars/primary/events/\(id)"
        let happenings: [() throws -> Void] = [
            {},
            { _ = local.call("PATCH", event, ["summary": "Shown otherwise"]) },
            { _ = local.call("PATCH", event, ["visibility": "private"]) },
            { _ = local.call("PATCH", "calendars/primary", ["timeZone": "Asia/Tokyo"]) },
            { try local.google.churn() },
            { share(local, with: "grace", as: "freeBusyReader") },
            { share(local, with: "grace", as: "writer") },
            { _ = local.call("DELETE", event) },
            { _ = local.event("Shown three") },
            { _ = local.call("POST", "calendars/primary/clear") },
            { try local.google.restore(saved) },
            { _ = local.event("Shown four") },
            { try local.google.restore(saved) },
            { _ = local.event("Shown five") },
        ]
        var seen: [[JSON]] = []
        for (number, happening) in happenings.enumerated() {
            try happening()
            _ = kept()
            let pages = kept()
            #expect(pages == fresh(number), "after \(number)")
            seen.append(pages)
        }
        // All but the first one showed in some page.
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 != $1 })
    }

    @Test func `no more is kept than there is room for`() {
        var pages = ListedPages()
        let bytes = Array(repeating: UInt8(ascii: "x"), count: 1 << 20)
        for number in 0..<20 {
            let mark = ListedPages.Mark(query: "\(number)")
            pages.keep(.init(etag: "", rows: number < 10 ? [] : bytes, next: nil), mark)
            #expect(pages[mark] != nil)
        }
        #expect((0..<20).filter { pages[.init(query: "\($0)")] != nil } == [18, 19])
        let later = ListedPages.Mark(version: 2, query: "later")
        pages.keep(.init(etag: "", rows: [], next: nil), later)
        #expect(pages[.init(query: "19")] == nil)
        let large = ListedPages.Mark(version: 2, query: "large")
        pages.keep(.init(etag: "", rows: bytes + bytes + bytes, next: nil), large)
        #expect(pages[large] == nil && pages[later] != nil)
    }
}
