import LosslessJSON
import TandemCore
import TandemStore

/// Which part of a list is wanted.
struct PageRequest: Sendable {
    /// At most so many items; `nil` for all.
    var limit: Int?
    /// Only what comes behind this mark; `nil` from the start.
    var after: String?

    /// The most items that one page may be asked for.
    static let largest = 1_000_000

    /// How many things are read at a time where some of them are left out.
    private static let chunk = 200

    /// All of a list.
    static let everything = PageRequest()

    /// How many things to read: one more than is shown tells whether any are left.
    var reading: Int? { limit.map { $0 + 1 } }

    /// Whether a thing comes behind the mark, in a list that is in order of its ids' bytes.
    func includes(_ id: String) -> Bool {
        after.map { $0.utf8.lexicographicallyPrecedes(id.utf8) } ?? true
    }

    /// Reads on in a list until the page is full, leaving out what is not wanted.
    ///
    /// - Parameters:
    ///   - id: What a thing is marked by; the list is in its order.
    ///   - list: Reads at most so many things behind a mark.
    ///   - isWanted: Whether a thing is shown at all.
    /// - Returns: The things, one more than the page shows where any are left.
    /// - Throws: What the closures throw.
    func read<Thing>(
        id: (Thing) -> String, from list: (_ limit: Int?, _ after: String?) throws -> [Thing],
        where isWanted: (Thing) throws -> Bool
    ) rethrows -> [Thing] {
        guard let reading else { return try list(nil, after).filter(isWanted) }
        var found: [Thing] = []
        var mark = after
        let chunk = max(reading, Self.chunk)
        while found.count < reading {
            let part = try list(chunk, mark)
            found += try part.filter(isWanted)
            guard part.count == chunk, let last = part.last else { break }
            mark = id(last)
        }
        return found
    }
}

/// A list as programs read it: its items, and what asks for the rest.
struct ListPage: Sendable {
    var items: [JSON]
    /// What `--after` takes to go on; `nil` at the end.
    var next: String?
    /// What people are told instead of an empty list, where there is more to say than that it is.
    var emptyText: String?

    var json: JSON {
        ["items": .array(items), "next": next.map { .string($0) } ?? .null]
    }
}

extension ListPage {
    /// One page of what lies behind its mark.
    ///
    /// - Parameters:
    ///   - things: What lies behind the mark, in order; more than the page's limit where any are
    ///     left.
    ///   - page: The page.
    ///   - id: What a thing is marked by.
    ///   - emptyText: What people are told instead of an empty list; `nil` for the usual.
    ///   - item: A thing as programs read it.
    /// - Throws: What `item` throws.
    init<Thing>(
        _ things: [Thing], _ page: PageRequest, id: (Thing) -> String, emptyText: String? = nil,
        item: (Thing) throws -> JSON
    ) rethrows {
        self.emptyText = emptyText
        let shown = page.shown(of: things)
        items = try shown.map(item)
        next = shown.count < things.count ? shown.last.map(id) : nil
    }
}

extension PageRequest {
    /// The things that the page shows.
    func shown<Thing>(of things: [Thing]) -> ArraySlice<Thing> {
        limit.map { things.prefix($0) } ?? things[...]
    }

    /// The mark as a place in a list by start; `nil` without one.
    ///
    /// - Throws: `TandemError` with code `invalid` for a mark that no such list gave.
    func startMark() throws(TandemError) -> StartMark? {
        guard let after else { return nil }
        guard let mark = StartMark(after) else {
            let shown = TerminalText.cut(TerminalText.oneLine(after), to: 60)
            throw TandemError(.invalid, "'\(shown)' is no mark that a list gave.")
        }
        return mark
    }
}

extension ListPage {
    /// The words that go on with a list behind its last item: those it was asked for with, and the
    /// mark.
    ///
    /// - Parameters:
    ///   - next: ``next`` of the page.
    ///   - words: What stood behind the program's name.
    /// - Returns: What to type, fit for a shell.
    static func command(goingOn next: String, behind words: [String]) -> String {
        var kept: [String] = []
        var isValue = false
        for word in words {
            defer { isValue = !isValue && word == "--after" }
            if !isValue, word != "--after", !word.hasPrefix("--after=") { kept.append(word) }
        }
        // Behind a lone `--` nothing would be read as a flag.
        kept.insert(contentsOf: ["--after", next], at: kept.firstIndex(of: "--") ?? kept.endIndex)
        return (["tandem"] + kept).map(\.shellWord).joined(separator: " ")
    }
}
