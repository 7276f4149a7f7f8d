/// Rows of text below column titles: aligned for people, tab separated for programs.
struct TextTable {
    /// One column.
    struct Column {
        /// What stands above it, in lower case.
        var title: String
        /// Whether it holds numbers, which line up on the right.
        var isNumeric = false
        /// Whether it may be cut where the terminal is too narrow.
        var isElastic = false
        /// Whether what is cut off is its beginning, because its end says more.
        var keepsEnd = false
        /// Whether it holds what people copy into the next command: it is never cut, and stands last
        /// unless it is the first one.
        var isID = false
        /// Whether it is only shown to programs and on `-v`.
        var isDetail = false
        /// Whether people see it only where a row has something in it.
        var isOccasional = false
    }

    var columns: [Column]
    var rows: [[String]] = []
    /// What is said to people instead of an empty table.
    var emptyText = "Nothing."

    /// Tab separated, a line of titles first; the columns only ever grow on the right.
    var tabSeparated: String {
        ([columns.map(\.title)] + rows).map { row in
            row.map(TerminalText.oneLine).joined(separator: "\t")
        }.joined(separator: "\n") + "\n"
    }

    /// Aligned with blanks.
    ///
    /// Where the terminal is too narrow elastic columns are cut, then columns are left out; ids are
    /// always whole, so that a row runs over where nothing else is left.
    ///
    /// - Parameters:
    ///   - style: The terminal's.
    ///   - showsDetails: Whether detail columns are shown; then none is left out.
    /// - Returns: The lines.
    func aligned(_ style: TerminalStyle, showsDetails: Bool) -> String {
        guard !rows.isEmpty else { return emptyText + "\n" }
        let cells = rows.map { row in
            columns.indices.map { $0 < row.count ? TerminalText.oneLine(row[$0]) : "" }
        }
        let titles = columns.map { $0.title.uppercased() }
        var shown = order(showsDetails: showsDetails).map { index in
            Shown(
                index: index, column: columns[index],
                width: ([titles] + cells).map { TerminalText.width($0[index]) }.max() ?? 0)
        }
        if let columns = style.columns {
            if !showsDetails { Self.leaveOut(of: &shown, for: columns) }
            Self.shrink(&shown, to: columns)
        }
        var lines = [style.dim(Self.line(titles, shown))]
        lines += cells.map { Self.line($0, shown) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A column as it is drawn.
    private struct Shown {
        let index: Int
        let column: Column
        var width: Int
    }

    /// The columns that people see, from left to right.
    private func order(showsDetails: Bool) -> [Int] {
        let seen = columns.indices.filter { index in
            if columns[index].isDetail, !showsDetails { return false }
            return !columns[index].isOccasional
                || rows.contains { index < $0.count && !$0[index].isEmpty }
        }
        let last = seen.dropFirst().filter { columns[$0].isID }
        return seen.filter { !last.contains($0) } + last
    }

    private static func line(_ cells: [String], _ shown: [Shown]) -> String {
        var line = shown.map { one in
            TerminalText.padded(
                TerminalText.cut(
                    cells[one.index], to: one.width, keepsEnd: one.column.keepsEnd),
                to: one.width,
                onTheLeft: one.column.isNumeric)
        }.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line
    }

    /// How many columns the line has too many, if elastic cells had no more than these.
    private static func excess(
        of shown: [Shown], over columns: Int, first: Int = .max, others: Int = .max
    ) -> Int {
        let main = shown.first { $0.column.isElastic }?.index
        let widths = shown.map { one in
            one.column.isElastic ? min(one.width, one.index == main ? first : others) : one.width
        }
        return widths.reduce(2 * (widths.count - 1), +) - columns
    }

    /// Leaves columns out, so that an id is not pushed off the line: elastic ones from the right,
    /// then the others; never ids, nor the first elastic column, which says what the row is about.
    private static func leaveOut(of shown: inout [Shown], for columns: Int) {
        guard shown.contains(where: \.column.isID) else { return }
        let main = shown.first { $0.column.isElastic }?.index
        while excess(of: shown, over: columns, first: 12, others: 6) > 0 {
            let spare = shown.indices.filter {
                !shown[$0].column.isID && shown[$0].index != main
            }
            let elastic = spare.last { shown[$0].column.isElastic }
            guard let least = elastic ?? spare.last else { return }
            shown.remove(at: least)
        }
    }

    /// Takes columns off the widest elastic cells until the line fits: down to twelve each, and to
    /// four where that is not enough.
    private static func shrink(_ shown: inout [Shown], to columns: Int) {
        var excess = excess(of: shown, over: columns)
        for least in [12, 4] {
            while excess > 0 {
                let elastic = shown.indices.filter {
                    shown[$0].column.isElastic && !shown[$0].column.isID
                        && shown[$0].width > least
                }
                guard let widest = elastic.max(by: { shown[$0].width < shown[$1].width }) else {
                    break
                }
                shown[widest].width -= 1
                excess -= 1
            }
        }
    }
}
