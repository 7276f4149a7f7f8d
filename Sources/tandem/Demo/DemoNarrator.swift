import LosslessJSON

/// Tells the demonstration's story: calm, one thought a step; silent with `--json` and `-q`.
struct DemoNarrator: Sendable {
    let app: App

    private var isSilent: Bool { app.options.format == .json || app.options.isQuiet }

    private func say(_ lines: [String]) throws {
        guard !isSilent else { return }
        try app.console.output.write(lines.map { $0 + "\n" }.joined())
    }

    /// How wide sentences are set; files and pipes get them as wide as most terminals are.
    private var columns: Int { min(app.style.columns ?? TextWrap.widest, TextWrap.widest) }

    /// Begins a part.
    func part(_ title: String, _ text: String) throws {
        try say(["", app.style.bold(title)] + TextWrap.lines(text, to: columns))
    }

    /// What a person would type; it can be copied also where it takes several lines.
    func command(_ words: String) throws {
        let lines = TextWrap.shellLines(
            "  $ tandem \(TerminalText.oneLine(words))", to: app.style.columns, hanging: 6)
        try say([""] + lines.map(app.style.cyan))
    }

    /// What it printed.
    func show(_ answer: Answer) throws {
        guard !isSilent else { return }
        var style = app.style
        style.columns = style.columns.map { max(40, $0 - 4) }
        let bytes = answer.rendered(as: .text, style: style, verbosity: 0)
        try show(
            String(decoding: bytes, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false
            ).map(String.init))
        try tell(answer.notes)
    }

    /// Sentences from what was printed, or beside it.
    func tell(_ sentences: [String]) throws {
        let room = app.style.columns.map { max(1, $0 - 4) }
        try show(
            sentences.flatMap { TextWrap.lines(TerminalText.oneLine($0), to: room, hanging: 2) })
    }

    /// Lines that are fit to be shown.
    func show(_ lines: [String]) throws {
        var lines = lines
        while lines.last?.isEmpty == true { lines.removeLast() }
        try say(lines.map { $0.isEmpty ? "" : "    " + $0 })
    }

    /// An item in a line or two: what an edit made of it.
    func show(_ item: JSON) throws {
        let wanted = ["title", "when", "where", "state"]
        let facts = ItemText(zone: app.zone).details(item).filter { wanted.contains($0.name) }
        let width = facts.map(\.name.count).max() ?? 0
        try show(
            facts.map { fact in
                app.style.dim(TerminalText.padded(fact.name, to: width)) + "  "
                    + TerminalText.oneLine(fact.value)
            })
    }

    /// A remark.
    func remark(_ text: String) throws {
        try say([""] + TextWrap.lines(TerminalText.oneLine(text), to: columns))
    }
}
