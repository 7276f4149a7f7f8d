import LosslessJSON
import TandemCore
import TandemFeed
import TandemStore
import TandemTesting
import Testing

/// Marks, and how a feed is read on behind them.
@Suite struct MarkTests {
    @Test func `a mark is its text, and is told from others`() async throws {
        let world = try await FeedWorld()
        for _ in 0..<40 { try await world.append(world.entry()) }
        let marks = try await world.activities().map(\.id)
        #expect(Set(marks).count == 40)
        for mark in marks {
            #expect(FeedMark(mark.text) == mark && "\(mark)" == mark.text)
            let isPlain = mark.text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
            #expect(isPlain && !mark.text.hasPrefix("-"))
        }
    }

    @Test(arguments: [
        "", "-", "1", "1-", "-1", "0-1", "-1-1", "01-1", "1-01", "+1-1", "1-+1", "A-1", "1-A",
        "1-1 ", "1--", "1-1-1", "é-1", "1-zzzzzzzzzzzzzz", "zzzzzzzzzzzzzz-1", "\u{0}",
    ])
    func `what no feed gave is no mark`(text: String) {
        #expect(FeedMark(text) == nil)
    }

    @Test func `a reader goes on behind a mark without a gap and without a double`() async throws {
        let world = try await FeedWorld()
        try await world.append((0..<1_203).map { world.entry(.updated, "\($0)") })
        let all = try await world.activities()
        #expect(all.map(\.title) == (0..<1_203).map(String.init))
        for index in [0, 498, 499, 500, 501, 999, 1_000, 1_202] {
            let rest = try await world.store.activities(since: all[index].id)
            #expect(rest.first?.title == (index < 1_202 ? "\(index + 1)" : nil))
            #expect(rest.count == 1_202 - index)
        }
        let last = try #require(all.last)
        try await world.append(world.entry(.updated, "new"))
        #expect(try await world.store.activities(since: last.id).map(\.title) == ["new"])
    }

    @Test func `the log is held in pieces, and a piece may come to nothing`() async throws {
        let world = try await FeedWorld()
        try await world.append((0..<1_000).map { world.entry(.updated, "\($0)") })
        try await world.append(world.entry(.deleted, "end"))
        var filter = ActivityFilter()
        filter.verbs = [.deleted]
        var places: [FeedPlace] = [.start]
        var counts: [Int] = []
        for _ in 0..<3 {
            let (from, wanted) = (places[places.count - 1], filter)
            let piece = try await world.store.read {
                try FeedReader($0, filter: wanted).piece(after: from)
            }
            places.append(piece.end)
            counts.append(piece.activities.count)
            #expect(piece.isLast == (counts.count == 3))
        }
        #expect(counts == [0, 0, 1] && places == places.sorted())
        let end = try await world.store.read { try FeedReader($0).end() }
        #expect(end == places.last)
        let again = try await world.store.read { try FeedReader($0).piece(after: end) }
        #expect(again.activities.isEmpty && again.isLast && again.end == end)
    }

    @Test func `the latest come first, page by page, however rare they are`() async throws {
        let world = try await FeedWorld()
        let entries = (0..<1_203).map { number in
            world.entry(number.isMultiple(of: 400) ? .deleted : .updated, "\(number)")
        }
        try await world.append(entries)
        #expect(try await world.latest(3).map(\.title) == ["1202", "1201", "1200"])
        var filter = ActivityFilter()
        filter.verbs = [.deleted]
        let first = try await world.latest(2, filter)
        #expect(first.map(\.title) == ["1200", "800"])
        let rest = try await world.latest(9, before: first.last?.id, filter)
        #expect(rest.map(\.title) == ["400", "0"])
        #expect(try await world.latest(9, before: rest.last?.id, filter).isEmpty)
        #expect(try await world.latest(0).isEmpty)
    }

    @Test func `a mark of another store, or of another past of this one, is unknown`() async throws
    {
        let (world, other) = (try await FeedWorld(), try await FeedWorld())
        try await world.append(world.entry(), world.entry())
        // As after an older copy of the store was restored: the place was given out again.
        other.clock.advance(by: .seconds(1))
        try await other.append(other.entry(), other.entry(), other.entry())
        #expect(try await world.activities().count == 2)
        for mark in try await other.activities().map(\.id) {
            let error = await #expect(throws: TandemError.self) { try await world.place(of: mark) }
            #expect(error?.code == .invalid && error?.remedy?.contains("tandem feed") == true)
        }
        let empty = try await FeedWorld()
        let mark = try #require(try await world.activities().first?.id)
        await #expect(throws: TandemError.self) { try await empty.place(of: mark) }
    }

    @Test func `a mark whose entry is forgotten leads to what is kept, and says so`() async throws {
        let world = try await FeedWorld()
        try await world.append(world.entry(.updated, "old"))
        let old = try #require(try await world.activities().first?.id)
        let horizon = world.clock.now().advanced(by: .seconds(1))
        world.clock.advance(by: .seconds(86_400 * 90))
        try await world.append(world.entry(.updated, "new"))
        #expect(try await world.place(of: old) != .forgotten)
        try await world.store.write { _ = try $0.changes.purge(before: horizon) }
        #expect(try await world.place(of: old) == .forgotten)
        #expect(try await world.store.activities(since: old).map(\.title) == ["new"])
        // One that is missing too early was never given.
        let young = try #require(try await world.activities().first?.id)
        let end = world.clock.now().advanced(by: .seconds(1))
        try await world.store.write { _ = try $0.changes.purge(before: end) }
        await #expect(throws: TandemError.self) { try await world.place(of: young) }
    }
}
