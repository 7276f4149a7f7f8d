import LosslessJSON
import TandemCore
import TandemStore
import Testing

@testable import tandem

@Suite struct ListPageTests {
    /// A stored list of numbers in order of their two digits, as the store would read it.
    private func stored(_ limit: Int?, _ after: String?) -> [Int] {
        let behind = (10...99).filter { number in after.map { String(number) > $0 } ?? true }
        return limit.map { Array(behind.prefix($0)) } ?? behind
    }

    @Test(arguments: [1, 2, 7, 89, 90, 91, 1_000_000])
    func `pages together are the whole list, each thing once`(limit: Int) {
        var seen: [JSON] = []
        var after: String?
        repeat {
            let page = PageRequest(limit: limit, after: after)
            let list = ListPage(
                stored(page.reading, page.after), page, id: { String($0) },
                item: { .number(JSONNumber($0)) })
            #expect(list.items.count <= limit)
            seen += list.items
            after = list.next
        } while after != nil && seen.count < 200
        #expect(seen == (10...99).map { .number(JSONNumber($0)) })
    }

    @Test func `what is left out does not end a page early, nor the list`() {
        let page = PageRequest(limit: 3, after: "20")
        let found = page.read(id: { String($0) }, from: stored, where: { $0 % 10 == 0 })
        #expect(found.prefix(4) == [30, 40, 50, 60])
        let list = ListPage(found, page, id: { String($0) }, item: { .number(JSONNumber($0)) })
        #expect(list.items == [30, 40, 50])
        #expect(list.next == "50")
        let rare = PageRequest(limit: 1, after: nil).read(
            id: { String($0) }, from: stored, where: { $0 == 97 })
        #expect(rare == [97])
        let none = PageRequest.everything.read(
            id: { String($0) }, from: stored, where: { _ in false })
        #expect(none.isEmpty)
    }

    @Test func `marks are compared as the store orders names, byte by byte`() {
        let page = PageRequest(limit: nil, after: "Z")
        #expect(page.includes("a"))
        #expect(page.includes("É"))
        #expect(!page.includes("Z"))
        #expect(!page.includes("A"))
        #expect(PageRequest.everything.includes(""))
    }

    @Test(arguments: [
        (["events", "list", "--limit", "2"], "tandem events list --limit 2 --after '5~x'"),
        (["log", "--after", "old", "--limit=3"], "tandem log --limit=3 --after '5~x'"),
        (["log", "--after=old", "-q"], "tandem log -q --after '5~x'"),
        (
            ["events", "list", "--query", "O'Neill --after", "--calendar", "My work"],
            #"tandem events list --query 'O'\''Neill --after' --calendar 'My work' --after '5~x'"#
        ),
        (["log", "--limit", "1", "--", "x"], "tandem log --limit 1 --after '5~x' -- x"),
    ])
    func `a page is gone on from with the same words and the new mark`(
        words: [String], command: String
    ) {
        #expect(ListPage.command(goingOn: "5~x", behind: words) == command)
    }

    @Test(arguments: ["x", "5", "~", "5~", "~x", "5.5~x", "99999999999999999999~x"])
    func `what no list gave is no mark`(mark: String) throws {
        let error = #expect(throws: TandemError.self) {
            try PageRequest(limit: nil, after: mark).startMark()
        }
        #expect(error?.code == .invalid)
        #expect(try PageRequest.everything.startMark() == nil)
        let read = try PageRequest(limit: nil, after: "-5~x~y").startMark()
        #expect(read == StartMark(start: -5, id: ResourceID(rawValue: "x~y")))
        #expect(read?.description == "-5~x~y")
    }
}
