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
    /// - Parameters:
    ///   - style: The terminal's.
    ///   - showsDetails: Whether detail columns are shown.
    /// - Returns: The lines.
    func aligned(_ style: TerminalStyle, showsDetails: Bool) -> String {
        guard !rows.isEmpty else { return emptyText + "\n" }
        let shown = columns.indices.filter { index in
            if columns[index].isDetail, !showsDetails { return false }
            return !columns[index].isOccasional
                || rows.contains { index < $0.count && !$0[index].isEmpty }
        }
        let cells = rows.map { row in
            shown.map { $0 < row.count ? TerminalText.oneLine(row[$0]) : "" }
        }
        let titles = shown.map { columns[$0].title.uppercased() }
        var widths = titles.map(TerminalText.width)
        for row in cells {
            for (index, cell) in row.enumerated() {
                widths[index] = max(widths[index], TerminalText.width(cell))
            }
        }
        shrink(&widths, shown: shown, to: style.columns)
        var lines = [style.dim(line(titles, widths: widths, shown: shown))]
        lines += cells.map { line($0, widths: widths, shown: shown) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ cells: [String], widths: [Int], shown: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let text = TerminalText.cut(cell, to: widths[index])
            line += TerminalText.padded(
                text, to: widths[index], onTheLeft: columns[shown[index]].isNumeric)
            if index < cells.count - 1 { line += "  " }
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Takes columns off the widest elastic cells until the line fits: down to twelve each, and to
    /// four where that is not enough.
    private func shrink(_ widths: inout [Int], shown: [Int], to columns: Int?) {
        guard let columns else { return }
        var excess = widths.reduce(2 * (widths.count - 1), +) - columns
        for least in [12, 4] {
            while excess > 0 {
                let elastic = shown.indices.filter {
                    self.columns[shown[$0]].isElastic && widths[$0] > least
                }
                guard let widest = elastic.max(by: { widths[$0] < widths[$1] }) else { break }
                widths[widest] -= 1
                excess -= 1
            }
        }
    }
}
