import LosslessJSON

/// What a command has to say: one value, shown as JSON, as a table or as lines.
struct Answer: Sendable {
    /// For `--json`.
    var json: JSON
    /// For people.
    var view: View
    /// For `--plain`, where it is not the view's own table; made only when it is asked for.
    var plain: @Sendable () -> TextTable? = { nil }
    /// What people should know beside it; shown on standard error unless `-q`.
    var notes: [String] = []
    /// Whether people are only told that it was done, which `-q` leaves out: no data is in it.
    var isReceipt = false
    /// How typed times were read, where they could be read otherwise; said on standard error unless
    /// `-q`, also to programs.
    var timeRemarks: [String] = []

    /// How people see an answer.
    enum View: Sendable {
        case table(TextTable)
        /// A table with times, made for people and for programs apart.
        case timeTable(ItemText, @Sendable (ItemText) -> TextTable)
        /// Lines that are already fit to be shown.
        case lines(@Sendable (TerminalStyle) -> [String])
    }

    init(json: JSON, table: TextTable, notes: [String] = []) {
        self.json = json
        view = .table(table)
        self.notes = notes
    }

    /// An answer with times in it.
    ///
    /// - Parameters:
    ///   - json: For programs.
    ///   - text: How times are shown to people; `--plain` gets them exactly.
    ///   - notes: What people should know beside it.
    ///   - table: Makes the table, showing every time by what it is given.
    init(
        json: JSON, times text: ItemText, notes: [String] = [],
        table: @escaping @Sendable (ItemText) -> TextTable
    ) {
        self.json = json
        self.notes = notes
        view = .timeTable(text, table)
    }

    init(
        json: JSON, plain: @autoclosure @escaping @Sendable () -> TextTable? = nil,
        notes: [String] = [],
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
    /// The same, for people no more than word that it was done.
    var asReceipt: Answer {
        var answer = self
        answer.isReceipt = true
        return answer
    }

    /// The answer in a format, with a line break at its end; JSON is indented for terminals only.
    func rendered(as format: OutputFormat, style: TerminalStyle, verbosity: Int) -> [UInt8] {
        switch format {
        case .json:
            let layout: JSONStyle = style.columns == nil ? .compact : .pretty
            return TerminalText.json(json.serialized(layout)) + [0x0A]
        case .plain:
            if let plain = plain() { return Array(plain.tabSeparated.utf8) }
            switch view {
            case .table(let table): return Array(table.tabSeparated.utf8)
            case .timeTable(let text, let table):
                return Array(table(text.exact).tabSeparated.utf8)
            case .lines(let lines): return Self.joined(lines(.plain))
            }
        case .text:
            switch view {
            case .table(let table):
                return Array(table.aligned(style, showsDetails: verbosity > 0).utf8)
            case .timeTable(let text, let table):
                return Array(table(text).aligned(style, showsDetails: verbosity > 0).utf8)
            case .lines(let lines): return Self.joined(lines(style))
            }
        }
    }

    private static func joined(_ lines: [String]) -> [UInt8] {
        Array(lines.map { $0 + "\n" }.joined().utf8)
    }
}
