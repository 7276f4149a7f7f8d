import LosslessJSON
import TandemCore
import TandemFormats
import TandemStore
import TandemTesting
import Testing

@testable import tandem

@Suite struct SideBySideTests {
    private func lines(
        _ columns: Int?, _ rows: [(name: String, cells: [String])]
    ) -> [String] {
        SideBySide(titles: ["MINE", "THEIRS", "BASE"], rows: rows)
            .lines(TerminalStyle(usesColor: false, columns: columns))
    }

    private static let long: [(name: String, cells: [String])] = [
        (name: "summary", cells: ["Pump inspection, second floor", "Pump inspection", "Pump"]),
        (
            name: "extendedProperties/private/a-rather-long-key",
            cells: ["https://example.org/a/very/long/address/without/any/blank", "(nothing)", ""]
        ),
        (name: "attendees", cells: ["ada@example.com (accepted)\nbob@example.org", "", "eve"]),
    ]

    @Test func `what fits stands on one line a part`() {
        let shown = lines(80, [(name: "location", cells: ["Here", "There", "Nowhere"])])
        #expect(shown == ["          MINE  THEIRS  BASE", "location  Here  There   Nowhere"])
    }

    @Test(arguments: 60...200)
    func `at every width all of each value is there, and no line is longer`(columns: Int) {
        let shown = lines(columns, Self.long)
        #expect(shown.allSatisfy { TerminalText.width($0) <= columns })
        #expect(shown[0].contains("MINE") && shown[0].contains("BASE"))
        // Read down the lines, no letter of the values is missing.
        let letters = shown.joined().filter { !$0.isWhitespace }.sorted()
        let wanted = (["MINE", "THEIRS", "BASE"] + Self.long.flatMap { [$0.name] + $0.cells })
            .joined().filter { !$0.isWhitespace }.sorted()
        #expect(letters == wanted)
    }

    @Test(arguments: [1, 20, 39])
    func `a terminal too narrow for columns has the values below each other`(columns: Int) {
        let shown = lines(columns, Self.long)
        #expect(shown.contains { $0.hasPrefix("MINE") })
        #expect(!shown.contains { $0.contains("MINE") && $0.contains("THEIRS") })
    }

    @Test func `without a terminal nothing is broken`() {
        let shown = lines(nil, Self.long)
        #expect(shown.count == 5)
        #expect(shown[1].hasPrefix("summary "))
        #expect(shown[2].contains("/without/any/blank"))
    }

    @Test func `nothing in a value steers the terminal`() {
        let shown = lines(60, [(name: "a\u{1B}b", cells: ["\u{1B}[31mred", "\u{202E}x", "y"])])
        #expect(shown[1].unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
    }

    // MARK: Clashes

    private func record(
        _ field: String, mine: JSON?, theirs: JSON?, base: JSON?
    ) throws -> ConflictRecord {
        let store = try TestStore.inMemory(
            rulebook: Rulebook([NoteRules()]),
            environment: TandemEnvironment(clock: VirtualClock(), random: SeededRandom(seed: 3)))
        return try store.writeBlocking { transaction in
            let account = try transaction.accounts.add(name: "ada", provider: "memory")
            let place = try transaction.collections.add(
                CollectionDraft(
                    remoteID: RemoteID(rawValue: "work"), kind: NoteRules.kind, name: "work",
                    access: .own), to: account.id, isRoot: false)
            let note = try transaction.createLocally(
                ["title": "x"], kind: NoteRules.kind, in: place, run: nil)
            return try transaction.conflicts.add(
                resource: note.id, field: field, mine: mine, theirs: theirs, base: base)
        }
    }

    private func view(
        _ field: String, mine: JSON?, theirs: JSON?, base: JSON?
    ) throws -> ConflictView {
        ConflictView(
            try record(field, mine: mine, theirs: theirs, base: base), rules: NoteRules())
    }

    private func text(_ view: ConflictView) throws -> [String] {
        view.sideBySide(ItemText(zone: try ZoneRules.named("Europe/Paris")))
            .lines(TerminalStyle(usesColor: false, columns: 100))
    }

    @Test func `a clash about one part is that part`() throws {
        let view = try view("title", mine: "ours", theirs: "theirs", base: nil)
        #expect(view.parts.map(\.name) == ["title"])
        #expect(try text(view).last == "title  ours  theirs  (nothing)")
    }

    @Test func `a clash about several members shows each`() throws {
        let view = try view(
            "time", mine: ["from": 1, "to": 2], theirs: ["from": 1, "to": 3], base: ["from": 1])
        #expect(view.parts.map(\.name) == ["from", "to"])
        #expect(try text(view).last == "to    2     3       (nothing)")
    }

    @Test func `an edit of what was deleted shows what was edited, not what is the same`() throws {
        let view = try view(
            "delete", mine: ["title": "ours", "body": "same"], theirs: nil,
            base: ["title": "was", "body": "same"])
        #expect(view.parts.map(\.name) == ["title"])
        #expect(view.alike == 1)
        let lines = try text(view)
        #expect(lines[1].hasPrefix("event  there"))
        #expect(lines[1].contains("deleted"))
        #expect(view.json[0]?["mine"] == "ours" && view.json[0]?["theirs"] == .some(.null))
    }
}
