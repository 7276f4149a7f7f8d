import Testing

@testable import tandem

@Suite struct ProgressBarTests {
    @Test func `a bar tells how much, how fast and how long still`() {
        let bar = ProgressBar(
            step: ProgressStep(label: "Work", phase: .reading, done: 2500, total: 10_000),
            elapsed: .seconds(5))
        let line = bar.line(columns: 80, style: .plain)
        #expect(line.hasPrefix("reading Work  [#"))
        #expect(line.contains("2500/10000  500/s  0:15 left"))
        #expect(TerminalText.width(line) <= 80)
    }

    @Test func `without a total there is a count and a rate`() {
        let bar = ProgressBar(
            step: ProgressStep(label: "Work", phase: .reading, done: 300, total: nil),
            elapsed: .seconds(1))
        #expect(bar.line(columns: 80, style: .plain) == "reading Work  300  300/s")
    }

    @Test(arguments: [20, 1, 0, -5])
    func `no terminal is too narrow`(columns: Int) {
        let bar = ProgressBar(
            step: ProgressStep(label: "A very long name", phase: .reading, done: 1, total: 2),
            elapsed: .zero)
        #expect(!bar.line(columns: columns, style: .plain).isEmpty)
    }

    @Test(arguments: [80, 60, 52])
    func `the bar outlasts the name on a narrow terminal, and the line fits`(columns: Int) {
        let bar = ProgressBar(
            step: ProgressStep(
                label: "12 calendars", phase: .reading, done: 12_500, total: 20_000),
            elapsed: .seconds(5))
        let line = bar.line(columns: columns, style: .plain)
        #expect(line.hasPrefix(columns == 80 ? "reading 12 calendars  [#" : "reading  [#"))
        #expect(line.hasSuffix("12500/20000  2500/s  0:03 left"))
        #expect(TerminalText.width(line) < columns)
    }

    @Test(arguments: 1...40)
    func `no line is broken by its terminal`(columns: Int) {
        for total in [nil, 1_000_000_000] {
            let bar = ProgressBar(
                step: ProgressStep(
                    label: "A very long name", phase: .sending, done: 900_000_000, total: total),
                elapsed: .seconds(100_000))
            let line = bar.line(columns: columns, style: .plain)
            #expect(TerminalText.width(line) <= max(columns - 1, 1))
        }
    }
}

@Suite struct ProgressBoardTests {
    private func step(
        _ id: String, _ done: Int, of total: Int?, _ phase: ProgressStep.Phase = .reading
    ) -> ProgressStep {
        ProgressStep(label: "The \(id)", phase: phase, done: done, total: total, id: id)
    }

    @Test func `calendars that take turns have one rate and one end`() throws {
        var board = ProgressBoard()
        _ = board.take(step("work", 0, of: 6000), at: .seconds(1))
        _ = board.take(step("home", 0, of: 4000), at: .seconds(1))
        _ = board.take(step("work", 2500, of: 6000), at: .seconds(2))
        _ = board.take(step("home", 2500, of: 4000), at: .seconds(3))
        let shown = board.take(step("work", 5000, of: 6000), at: .seconds(4))
        let bar = try #require(shown)
        #expect(bar.name == "reading 2 calendars")
        #expect(bar.line(columns: 80, style: .plain).hasSuffix("7500/10000  2500/s  0:01 left"))
    }

    @Test func `one calendar has its name`() throws {
        var board = ProgressBoard()
        let shown = board.take(step("work", 1, of: nil), at: .seconds(1))
        let bar = try #require(shown)
        #expect(bar.name == "reading The work")
    }

    @Test func `where one end is not known there is none, until it is reached`() throws {
        var board = ProgressBoard()
        _ = board.take(step("work", 0, of: 6000), at: .zero)
        let shownWithoutEnd = board.take(step("home", 500, of: nil), at: .seconds(1))
        let unknown = try #require(shownWithoutEnd)
        #expect(unknown.step.total == nil && unknown.step.done == 500)
        #expect(unknown.line(columns: 80, style: .plain) == "reading 2 calendars  500  500/s")
        let shownWithEnd = board.take(step("home", 700, of: 700), at: .seconds(2))
        let known = try #require(shownWithEnd)
        #expect(known.step.total == 6700)
        // One that could not be read is waited for no longer.
        _ = board.take(step("work", 0, of: 0, .done), at: .seconds(3))
        let shownLast = board.take(step("home", 700, of: 700), at: .seconds(3))
        let last = try #require(shownLast)
        #expect(last.step.total == 700)
    }

    @Test func `sending has a beginning of its own, and the list of calendars counts not`() throws {
        var board = ProgressBoard()
        var list = step("list", 5, of: 5)
        list.isList = true
        let shownOfList = board.take(list, at: .zero)
        #expect(shownOfList == nil)
        _ = board.take(step("work", 100, of: 100), at: .seconds(1))
        _ = board.take(step("work", 0, of: 50, .sending), at: .seconds(11))
        let shown = board.take(step("work", 10, of: 50, .sending), at: .seconds(12))
        let bar = try #require(shown)
        #expect(bar.name == "sending The work")
        #expect(bar.line(columns: 80, style: .plain).hasSuffix("10/50  10/s  0:04 left"))
    }
}
