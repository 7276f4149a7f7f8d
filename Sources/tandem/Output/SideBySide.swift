/// Values beside each other, each whole: what does not fit into its column goes on below.
struct SideBySide: Sendable {
    /// What the columns are called.
    let titles: [String]
    /// One row a part, with its name and a value for each column.
    var rows: [(name: String, cells: [String])] = []

    /// The least that a column of values may have; with less they stand below each other.
    private static let least = 10
    /// What lies between two columns.
    private static let gap = 2

    /// The rows in the terminal's width; as wide as they are where nothing needs to fit.
    func lines(_ style: TerminalStyle) -> [String] {
        let names = rows.map(\.name).map(TerminalText.oneLine)
        let longest = names.map(TerminalText.width).max() ?? 0
        guard let columns = style.columns else {
            return drawn(style, label: longest, widths: natural)
        }
        let label = min(longest, max(Self.least, columns / 5))
        let room = columns - label - Self.gap * titles.count
        guard room >= Self.least * titles.count else { return stacked(style, columns) }
        return drawn(style, label: label, widths: Self.shares(of: room, among: natural))
    }

    /// How wide each column would be by itself.
    private var natural: [Int] {
        titles.indices.map { index in
            let cells = rows.flatMap { TerminalText.lines($0.cells[index]) }
            return (cells + [titles[index]]).map(TerminalText.width).max() ?? 0
        }
    }

    /// Gives each column what it needs, and those that need more equal parts of the rest.
    private static func shares(of room: Int, among natural: [Int]) -> [Int] {
        var shares = natural.map { _ in 0 }
        var (open, left) = (Array(natural.indices), room)
        while !open.isEmpty {
            let part = left / open.count
            let fitting = open.filter { natural[$0] <= part }
            guard !fitting.isEmpty else {
                for (place, index) in open.enumerated() {
                    shares[index] = part + (place < left % open.count ? 1 : 0)
                }
                break
            }
            for index in fitting {
                shares[index] = natural[index]
                left -= natural[index]
            }
            open.removeAll { fitting.contains($0) }
        }
        return shares
    }

    private func drawn(_ style: TerminalStyle, label: Int, widths: [Int]) -> [String] {
        func line(_ name: String, _ cells: [String], _ draw: (String) -> String) -> String {
            let gap = String(repeating: " ", count: Self.gap)
            var text = style.dim(TerminalText.padded(name, to: label))
            for (index, cell) in cells.enumerated() {
                let isLast = !cells[(index + 1)...].contains { !$0.isEmpty }
                if isLast, cell.isEmpty { break }
                text += gap + draw(isLast ? cell : TerminalText.padded(cell, to: widths[index]))
                if isLast { break }
            }
            while text.last == " " { text.removeLast() }
            return text
        }
        var lines = [line("", titles, style.dim)]
        for row in rows {
            let name = Self.pieces(of: row.name, to: label)
            let cells = zip(row.cells, widths).map { Self.pieces(of: $0, to: $1) }
            let height = ([name] + cells).map(\.count).max() ?? 0
            for place in 0..<height {
                func piece(_ pieces: [String]) -> String {
                    place < pieces.count ? pieces[place] : ""
                }
                lines.append(line(piece(name), cells.map(piece)) { $0 })
            }
        }
        return lines
    }

    /// For terminals too narrow for columns: each value below the other.
    private func stacked(_ style: TerminalStyle, _ columns: Int) -> [String] {
        let label = (titles.map(TerminalText.width).max() ?? 0) + Self.gap
        return rows.flatMap { row in
            Self.pieces(of: row.name, to: columns).map(style.bold)
                + zip(titles, row.cells).flatMap { title, cell in
                    Self.pieces(of: cell, to: max(columns - label, 1)).enumerated().map {
                        style.dim(TerminalText.padded($0 == 0 ? title : "", to: label)) + $1
                    }
                }
        }
    }

    /// A value on lines of at most so many columns: broken between words, and within those that are
    /// longer.
    static func pieces(of text: String, to columns: Int) -> [String] {
        TerminalText.lines(text).flatMap { line -> [String] in
            guard TerminalText.width(line) > columns else { return [line] }
            return TextWrap.lines(line, to: columns).flatMap { broken($0, to: columns) }
        }
    }

    private static func broken(_ line: String, to columns: Int) -> [String] {
        var (pieces, used) = ([""], 0)
        for character in line {
            let width = TerminalText.width(String(character))
            if used + width > columns, used > 0 {
                pieces.append("")
                used = 0
            }
            pieces[pieces.count - 1].append(character)
            used += width
        }
        return pieces
    }
}
