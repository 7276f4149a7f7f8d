/// A table of the status page.
struct StatusSection {
    /// A column: what it is called, and how its cells stand in it.
    struct Column: ExpressibleByStringLiteral {
        let name: String
        var style = Style.word

        init(stringLiteral name: String) { self.name = name }

        private init(_ name: String, _ style: Style) {
            self.name = name
            self.style = style
        }

        /// A number, which stands below the other numbers.
        static func number(_ name: String) -> Self { Self(name, .number) }

        /// Something long, such as a path, which is broken where there is no room for it.
        static func long(_ name: String) -> Self { Self(name, .long) }

        /// The names of the styles in the page.
        enum Style: String {
            case word
            case number
            case long
        }
    }

    let title: String
    let columns: [Column]
    var note = ""
    private var rows: [(cells: [String], isMarked: Bool)] = []
    private var left = 0

    init(_ title: String, _ columns: [Column]) {
        self.title = title
        self.columns = columns
    }

    /// Adds a row; beyond what a page can show they are only counted.
    mutating func add(_ cells: [String], isMarked: Bool = false) {
        guard rows.count < StatusPage.rows else {
            left += 1
            return
        }
        rows.append((cells, isMarked))
    }

    /// The name by which a link leads to it.
    var mark: String { title.lowercased().replacing(" ", with: "-") }

    /// Each cell names its column, which narrow screens show in the place of the head.
    var html: String {
        let head = columns.map { column in
            "<th scope=\"col\" class=\"\(column.style.rawValue)\">\(HTML.escaped(column.name))</th>"
        }.joined()
        let body = rows.map { row in
            let cells = zip(columns, row.cells).map { column, cell in
                "<td class=\"\(column.style.rawValue)\" data-name=\"\(HTML.escaped(column.name))\">"
                    + "\(HTML.escaped(cell))</td>"
            }
            return "<tr\(row.isMarked ? " class=\"marked\"" : "")>\(cells.joined())</tr>"
        }
        let table =
            rows.isEmpty
            ? "<p>None.</p>"
            : "<table><thead><tr>\(head)</tr></thead><tbody>\n\(body.joined(separator: "\n"))\n"
                + "</tbody></table>"
        let notes = [note, left > 0 ? "And \(left) more." : ""].filter { !$0.isEmpty }
            .map { "<p>\(HTML.escaped($0))</p>" }.joined()
        return "<section id=\"\(mark)\"><h2>\(HTML.escaped(title))</h2>\(notes)\n\(table)</section>"
    }
}

/// How the status page looks, in light and in dark, on wide screens and on narrow ones.
///
/// Every colour of a text has a contrast of 4.5 at least to what is behind it.
/// - SeeAlso: W3C, "Web Content Accessibility Guidelines (WCAG) 2.2", success criterion 1.4.3.
enum StatusStyle {
    static let sheet = """
        :root{color-scheme:light dark;--line:#8886;--mark:#b3261e}
        body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem}
        header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:baseline}
        header p{margin:0}header .last{margin-left:auto}
        h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}
        section{overflow-x:auto}section p{margin:.2rem 0}
        button{font:inherit;padding:.3rem .8rem}
        table{border-collapse:collapse;width:100%;font-size:.9rem}
        th,td{text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0;
        border-bottom:1px solid var(--line);white-space:nowrap}
        .number{text-align:right}.long{white-space:normal;overflow-wrap:anywhere;min-width:7rem}
        th{font-weight:600;opacity:.7}.marked td{color:var(--mark)}
        nav a{margin-right:1rem}
        @media(prefers-color-scheme:dark){:root{--mark:#ff9a90}}
        @media(max-width:40rem){thead{display:none}
        tr{display:block;padding:.4rem 0;border-bottom:1px solid var(--line)}
        td{display:flex;gap:.6rem;border:0;padding:.1rem 0;text-align:left;white-space:normal;
        overflow-wrap:anywhere}
        td:empty{display:none}
        td::before{content:attr(data-name);flex:0 0 6rem;opacity:.7}
        #requests tr{display:flex;flex-wrap:wrap;gap:0 .6rem}#requests td::before{content:none}
        #requests td[data-name=path],#requests td[data-name=fault]{order:1;flex-basis:100%}
        #requests td[data-name=at],#requests td[data-name=what],#requests td[data-name=bytes],
        #switches tr:not(.marked){display:none}}
        """
}
