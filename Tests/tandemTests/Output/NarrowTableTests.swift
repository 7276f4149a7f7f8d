import Testing

@testable import tandem

@Suite struct NarrowTableTests {
    private static let id = "01M82FMR509B2RNJ3JM73YY2A3_20261124T081500Z"
    private static let shortID = "01M82FMR509B2RNJ3JM73YY2A3"

    /// Stored events, as `events list` shows them.
    private func events(id: String) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "start"), .init(title: "title", isElastic: true),
                .init(title: "calendar", isElastic: true), .init(title: "state"),
                .init(title: "id", isID: true), .init(title: "end", isDetail: true),
                .init(title: "remote id", isID: true, isDetail: true),
            ])
        table.rows = [
            [
                "2026-11-24 08:15", "A rather long title of an event", "Everybody's calendar",
                "dirty", id, "2026-11-24 08:30", "remote-of-\(id)",
            ],
            ["2026-11-25 08:15", "Short", "Work", "clean", id, "2026-11-25 08:30", ""],
        ]
        return table
    }

    private func lines(
        _ table: TextTable, _ columns: Int?, showsDetails: Bool = false
    ) -> [String] {
        table.aligned(
            TerminalStyle(usesColor: false, columns: columns), showsDetails: showsDetails
        ).split(separator: "\n").map(String.init)
    }

    @Test(arguments: [1, 20, 40, 60, 80, 100, 200], [false, true])
    func `an id is whole at every width, and the last thing of its line`(
        columns: Int, showsDetails: Bool
    ) {
        for id in [Self.id, Self.shortID] {
            let lines = lines(events(id: id), columns, showsDetails: showsDetails)
            #expect(lines.count == 3)
            #expect(lines[1].hasSuffix(showsDetails ? "  remote-of-\(id)" : "  \(id)"))
            #expect(lines[2].hasSuffix("  \(id)"))
        }
    }

    @Test(arguments: [40, 60, 80, 100, 200])
    func `other columns make room, so that a line with an id fits`(columns: Int) {
        for line in lines(events(id: Self.shortID), columns) {
            #expect(TerminalText.width(line) <= columns, "\(line)")
        }
    }

    @Test func `what is left out first is what says least`() {
        let table = events(id: Self.shortID)
        #expect(lines(table, 200)[0].split(separator: " ").count == 5)
        #expect(
            lines(table, 80)[0].split(separator: " ") == [
                "START", "TITLE", "CALENDAR", "STATE", "ID",
            ])
        #expect(lines(table, 60)[0].split(separator: " ") == ["START", "TITLE", "ID"])
        #expect(lines(table, 40)[0].split(separator: " ") == ["TITLE", "ID"])
        // Nothing but the id is left to be whole; the row runs over.
        #expect(lines(table, 20)[2] == "Sho…  \(Self.shortID)")
    }

    @Test func `on -v nothing is left out`() {
        let lines = lines(events(id: Self.shortID), 40, showsDetails: true)
        #expect(
            lines[0].split(separator: " ") == [
                "START", "TIT…", "CAL…", "STATE", "END", "ID", "REMOTE", "ID",
            ])
    }

    @Test func `programs get every column where it always was, whatever the width`() {
        #expect(
            events(id: "x").tabSeparated.split(separator: "\n").first
                == "start\ttitle\tcalendar\tstate\tid\tend\tremote id")
    }

    @Test func `an id that comes first stays first`() {
        var table = TextTable(
            columns: [
                .init(title: "setting", isID: true), .init(title: "value", isElastic: true),
                .init(title: "meaning", isElastic: true),
            ])
        let long = String(repeating: "long ", count: 20)
        table.rows = [["retention-days", "400", long]]
        #expect(lines(table, 40)[1] == "retention-days  400    long long long l…")
        #expect(lines(table, 20)[1] == "retention-days  400")
        for columns in [10, 20, 40, 60] {
            #expect(lines(table, columns)[1].hasPrefix("retention-days"))
        }
    }

    @Test func `a table without ids keeps its columns`() {
        var table = TextTable(
            columns: [.init(title: "a", isElastic: true), .init(title: "b"), .init(title: "c")])
        table.rows = [["aaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbb", "cccccccccccccc"]]
        #expect(lines(table, 40)[0].split(separator: " ") == ["A", "B", "C"])
        #expect(TerminalText.width(lines(table, 40)[1]) <= 40)
    }

    @Test func `COLUMNS counts before the terminal's own width, and in no pipe`() {
        func columns(_ said: String?, isTerminal: Bool = true) -> Int? {
            TerminalStyle.decide(
                .never, isTerminal: isTerminal, columns: 80,
                environment: said.map { ["COLUMNS": $0] } ?? [:]
            ).columns
        }
        #expect(columns("40") == 40)
        for unreadable in [nil, "", "0", "-5", "many"] { #expect(columns(unreadable) == 80) }
        #expect(columns("40", isTerminal: false) == nil)
    }
}
