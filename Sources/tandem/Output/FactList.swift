import LosslessJSON

/// Facts, one a line.
struct FactList: Sendable {
    let facts: [(name: String, value: String)]

    init(_ facts: [(name: String, value: String)]) { self.facts = facts }

    /// The answer that shows the facts; `--plain` shows `plain`, where that is given.
    func answer(_ json: JSON, plain: FactList? = nil, notes: [String] = []) -> Answer {
        Answer(json: json, plain: (plain ?? self).table, notes: notes) { lines($0) }
    }

    /// The facts below each other.
    func lines(_ style: TerminalStyle) -> [String] {
        let width = facts.map { $0.name.count }.max() ?? 0
        return facts.flatMap { fact in
            TerminalText.lines(fact.value).enumerated().map { index, line in
                let name = index == 0 ? fact.name : ""
                return style.dim(TerminalText.padded(name, to: width)) + "  " + line
            }
        }
    }

    private var table: TextTable {
        TextTable(
            columns: [.init(title: "field"), .init(title: "value")],
            rows: facts.map { [$0.name, $0.value] })
    }
}
