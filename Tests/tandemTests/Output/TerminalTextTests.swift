import LosslessJSON
import Testing

@testable import tandem

@Suite struct TerminalTextTests {
    @Test(arguments: [
        ("plain", "plain"),
        ("two\nlines", "two lines"),
        ("tab\tand\r\nbreak", "tab and break"),
        ("\u{1B}[31mred\u{1B}[0m", "[31mred[0m"),
        ("\u{1B}]0;title\u{07}x", "]0;titlex"),
        ("\u{9B}31mC1", "31mC1"),
        ("bell\u{7}back\u{8}del\u{7F}", "bellbackdel"),
        ("turned \u{202E}around\u{202C}", "turned around"),
        ("isolate\u{2066}d\u{2069}", "isolated"),
        ("Zürich 東京 🙂", "Zürich 東京 🙂"),
        ("nul\u{0}l", "null"), ("letter\u{61C}mark", "lettermark"),
    ])
    func `nothing in a text can steer a terminal`(text: String, expected: String) {
        #expect(TerminalText.oneLine(text) == expected)
    }

    @Test func `JSON stays the same JSON, but carries no control characters`() throws {
        let json: JSON = [
            "title": "a\u{1B}[31m\u{9B}b\u{7F}\u{202E}c", "name": "Zürich 東京 🙂 Ã â",
        ]
        let safe = TerminalText.json(json.serialized())
        #expect(try JSON(parsing: safe) == json)
        let text = String(decoding: safe, as: UTF8.self)
        #expect(
            text.unicodeScalars.allSatisfy { scalar in
                (0x20...0x7E).contains(scalar.value)
                    || scalar.value >= 0xA0 && scalar.value != 0x202E
            })
        #expect(text.contains("東京"))
    }

    @Test(arguments: [
        "\u{7F}", "\u{80}", "\u{9B}", "\u{61C}", "\u{200E}", "\u{200F}", "\u{2028}", "\u{202E}",
        "\u{2066}", "\u{2069}",
    ])
    func `each character that steers is escaped in JSON, also where it stands alone`(mark: String)
        throws
    {
        let json: JSON = ["title": .string("a\(mark)b")]
        let safe = TerminalText.json(json.serialized())
        #expect(safe.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(try JSON(parsing: safe) == json)
    }

    @Test(arguments: [
        ("abc", 3), ("Zürich", 6), ("東京", 4), ("🙂", 2), ("e\u{301}", 1), ("", 0), ("가", 2),
        ("a\u{200B}b", 2), ("e\u{301}\u{302}\u{20DD}", 1), ("👩‍👩‍👧‍👦", 2), ("🇫🇷", 2), ("☎️", 2),
        ("\u{1112}\u{1161}\u{11AB}", 2), ("क्ष", 2), ("\u{FE10}", 2), ("ｆ", 2), ("ﾊ", 1),
        ("\u{4DC0}", 1), ("𠮷", 2), ("so\u{AD}ft", 5), ("Work · Zürich", 13),
        ("©\u{FE0F} 1", 4),
    ])
    func `widths are counted in columns`(text: String, columns: Int) {
        #expect(TerminalText.width(text) == columns)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("東京都庁", 5, "東京…"), ("ab", 1, "…"),
        ("ab", 0, ""), ("abc def", 5, "abc…"), ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 4, "👩‍👩‍👧‍👦…"),
        ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ])
    func `what is too wide ends in an ellipsis`(text: String, columns: Int, expected: String) {
        #expect(TerminalText.cut(text, to: columns) == expected)
        #expect(TerminalText.width(TerminalText.cut(text, to: columns)) <= max(columns, 1))
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 4, "…def"), ("東京都庁", 5, "…都庁"), ("ab", 1, "…"),
        ("ab", 0, ""), ("abc def", 5, "…def"),
    ])
    func `of what is told by its end the beginning is cut off`(
        text: String, columns: Int, expected: String
    ) {
        #expect(TerminalText.cut(text, to: columns, keepsEnd: true) == expected)
    }
}

@Suite struct TextTableTests {
    private let table = TextTable(
        columns: [
            .init(title: "title", isElastic: true), .init(title: "count", isNumeric: true),
            .init(title: "id", isDetail: true),
        ],
        rows: [["Pump inspection", "7", "a1"], ["東京", "1200", "b2"]])

    @Test func `columns line up, numbers on the right, and no line ends in blanks`() {
        #expect(
            table.aligned(.plain, showsDetails: false) == """
                TITLE            COUNT
                Pump inspection      7
                東京              1200

                """)
    }

    @Test func `details are shown when asked for`() {
        #expect(table.aligned(.plain, showsDetails: true).contains("  a1\n"))
    }

    @Test func `a narrow terminal cuts what is elastic, never the numbers`() {
        let lines = table.aligned(
            TerminalStyle(usesColor: false, columns: 20), showsDetails: false
        ).split(separator: "\n")
        #expect(lines.allSatisfy { TerminalText.width(String($0)) <= 20 })
        #expect(lines[1] == "Pump inspect…      7")
    }

    @Test(arguments: [
        String(repeating: "x", count: 500), String(repeating: "漢", count: 300),
        String(repeating: "👩‍👩‍👧‍👦", count: 200), String(repeating: "z\u{301}\u{323}", count: 300),
        String(repeating: "\u{1B}[1m", count: 300),
    ])
    func `whatever a title holds, the table fits the terminal, and is whole in a pipe`(
        title: String
    ) {
        var table = table
        table.rows = [[title, "7", "a1"], ["Short", "8", "b2"]]
        let shown = table.aligned(
            TerminalStyle(usesColor: false, columns: 60), showsDetails: true)
        let lines = shown.split(separator: "\n")
        #expect(lines.count == 3)
        for line in lines { #expect(TerminalText.width(String(line)) <= 60) }
        #expect(lines[1].hasSuffix("  7  a1"))
        #expect(lines[2].hasSuffix("  8  b2"))
        let piped = table.aligned(.plain, showsDetails: true)
        #expect(piped.contains(TerminalText.oneLine(title)))
    }

    @Test func `columns that hold nothing are only shown to programs`() {
        var table = table
        table.columns[1].isOccasional = true
        #expect(table.aligned(.plain, showsDetails: false).contains("COUNT"))
        table.rows = [["Pump", "", "a1"]]
        #expect(table.aligned(.plain, showsDetails: false) == "TITLE\nPump\n")
        #expect(table.tabSeparated == "title\tcount\tid\nPump\t\ta1\n")
    }

    @Test func `tab separated values have one line a row, whatever the cells hold`() {
        var table = table
        table.rows = [["tab\there", "line\nbreak", "\u{1B}[2J"]]
        #expect(table.tabSeparated == "title\tcount\tid\ntab here\tline break\t[2J\n")
    }

    @Test func `rows that are too short are filled up, empty tables say so`() {
        var table = table
        table.rows = [["only"]]
        #expect(table.aligned(.plain, showsDetails: true).contains("only"))
        table.rows = []
        table.emptyText = "No events."
        #expect(table.aligned(.plain, showsDetails: true) == "No events.\n")
    }
}

@Suite struct TerminalStyleTests {
    private func uses(
        _ choice: ColorChoice, terminal: Bool, _ environment: [String: String] = [:]
    ) -> Bool {
        TerminalStyle.decide(choice, isTerminal: terminal, columns: 80, environment: environment)
            .usesColor
    }

    @Test func `colours need a terminal that wants them`() {
        #expect(uses(.auto, terminal: true))
        #expect(!uses(.auto, terminal: false))
        #expect(!uses(.auto, terminal: true, ["NO_COLOR": "1"]))
        #expect(uses(.auto, terminal: true, ["NO_COLOR": ""]))
        #expect(!uses(.auto, terminal: true, ["TERM": "dumb"]))
        #expect(uses(.auto, terminal: false, ["CLICOLOR_FORCE": "1"]))
        #expect(!uses(.auto, terminal: false, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
        #expect(uses(.always, terminal: false, ["NO_COLOR": "1"]))
        #expect(!uses(.never, terminal: true, ["CLICOLOR_FORCE": "1"]))
    }

    @Test func `without colour nothing is added to the text`() {
        #expect(TerminalStyle.plain.red("x") == "x")
        #expect(TerminalStyle(usesColor: true, columns: nil).red("x") == "\u{1B}[31mx\u{1B}[0m")
    }
}
