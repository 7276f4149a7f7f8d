import LosslessJSON

/// What a command has to say: one value, shown as JSON, as a table or as lines.
struct Answer: Sendable {
    /// For `--json`.
    var json: JSON
    /// For people.
    var view: View
    /// For `--plain`; a table's own rows where nothing else is given.
    var plain: TextTable?
    /// What people should know beside it; shown on standard error unless `-q`.
    var notes: [String] = []

    /// How people see an answer.
    enum View: Sendable {
        case table(TextTable)
        /// Lines that are already fit to be shown.
        case lines(@Sendable (TerminalStyle) -> [String])
    }

    init(json: JSON, table: TextTable, notes: [String] = []) {
        self.json = json
        view = .table(table)
        plain = table
        self.notes = notes
    }

    init(
        json: JSON, plain: TextTable? = nil, notes: [String] = [],
        lines: @escaping @Sendable (TerminalStyle) -> [String]
    ) {
        self.json = json
        self.plain = plain
        self.notes = notes
        view = .lines(lines)
    }
}

/// How answers are written.
enum OutputFormat: Sendable {
    case text
    case plain
    case json
}

extension Answer {
    /// The answer in a format, with a line break at its end; JSON is indented for terminals only.
    func rendered(as format: OutputFormat, style: TerminalStyle, verbosity: Int) -> [UInt8] {
        switch format {
        case .json:
            let layout: JSONStyle = style.columns == nil ? .compact : .pretty
            return TerminalText.json(json.serialized(layout)) + [0x0A]
        case .plain:
            if let plain { return Array(plain.tabSeparated.utf8) }
            return Array(joined(.plain).utf8)
        case .text:
            switch view {
            case .table(let table):
                return Array(table.aligned(style, showsDetails: verbosity > 0).utf8)
            case .lines: return Array(joined(style).utf8)
            }
        }
    }

    private func joined(_ style: TerminalStyle) -> String {
        guard case .lines(let lines) = view else { return "" }
        return lines(style).map { $0 + "\n" }.joined()
    }
}

/// A list as programs read it: its items, and what asks for the rest.
struct ListPage: Sendable {
    var items: [JSON]
    /// What `--after` takes to go on; `nil` at the end.
    var next: String?

    var json: JSON {
        ["items": .array(items), "next": next.map { .string($0) } ?? .null]
    }
}
