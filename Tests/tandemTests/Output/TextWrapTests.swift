import Testing

@testable import tandem

/// Text on lines that fit.
@Suite struct TextWrapTests {
    private static let sentence =
        "Each edit is on disk before the command ends, and touches no network."

    @Test(arguments: [1, 5, 8, 20, 39, 40, 60, 80])
    func `no line is wider than the terminal, and no word is lost or broken`(columns: Int) {
        let lines = TextWrap.lines(Self.sentence, to: columns)
        #expect(lines.joined(separator: " ") == Self.sentence)
        for line in lines where line.contains(" ") { #expect(line.count <= columns) }
        #expect(lines.count == 1 || columns < Self.sentence.count)
    }

    @Test func `where nothing needs to fit there is one line`() {
        #expect(TextWrap.lines(Self.sentence, to: nil) == [Self.sentence])
        #expect(TextWrap.lines("", to: 10) == [""])
        #expect(TextWrap.lines("  two\n words ", to: nil) == ["two words"])
    }

    @Test func `wide letters count twice, and later lines are set in`() {
        #expect(TextWrap.lines("日本 日本 日本", to: 9, hanging: 2) == ["日本 日本", "  日本"])
    }

    @Test func `a command goes on behind a backslash, its flags beside their values`() {
        let command =
            "  $ tandem events add --title 'Lunch with Grace' --when 'tomorrow 12:30' --busy"
        #expect(
            TextWrap.shellLines(command, to: 50, hanging: 6) == [
                #"  $ tandem events add --title 'Lunch with Grace' \"#,
                "      --when 'tomorrow 12:30' --busy",
            ])
        #expect(TextWrap.shellLines(command, to: nil, hanging: 6) == [command])
        for columns in 20...90 {
            let lines = TextWrap.shellLines(command, to: columns, hanging: 6)
            for line in lines.dropLast() { #expect(line.hasSuffix(" \\")) }
            let whole = lines.enumerated().map { index, line in
                String(
                    (index < lines.count - 1 ? line.dropLast(2) : line[...]).drop {
                        index > 0 && $0 == " "
                    })
            }.joined(separator: " ")
            #expect(whole == command)
        }
    }
}
