/// What the guides say that a program can check: where links lead, and what is called by name.
enum GuideRules {
    /// A word or an address in a guide.
    struct Mention: Equatable, Sendable {
        let text: String
        /// From 1.
        let line: Int
    }

    /// Links to files of this repository, without what follows `#`.
    static func links(in text: String) -> [Mention] {
        mentions(in: text, between: "](", and: ")").compactMap { link in
            let path = link.text.prefix { $0 != "#" }
            guard !path.isEmpty, !path.contains(":") else { return nil }
            return Mention(text: String(path), line: link.line)
        }
    }

    /// What stands between single backticks.
    static func quotes(in text: String) -> [Mention] { mentions(in: text, between: "`", and: "`") }

    private static func mentions(
        in text: String, between opening: String, and closing: String
    ) -> [Mention] {
        var isCode = false
        var found: [Mention] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let isFence = line.hasPrefix("```")
            if isFence { isCode.toggle() }
            guard !isCode, !isFence else { continue }
            var rest = line
            while let start = rest.firstRange(of: opening) {
                rest = rest[start.upperBound...]
                guard let end = rest.firstRange(of: closing) else { break }
                found.append(Mention(text: String(rest[..<end.lowerBound]), line: number + 1))
                rest = rest[end.upperBound...]
            }
        }
        return found
    }

    /// The path of a link's file from the root; `nil` for one that leads out of the repository.
    static func resolved(_ link: String, from page: String) -> String? {
        var parts = page.split(separator: "/").dropLast().map(String.init)
        for part in link.split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(String(part))
                continue
            }
            if parts.isEmpty { return nil }
            parts.removeLast()
        }
        return parts.joined(separator: "/")
    }

    /// The pages that are installed and packed, as the Makefile names them: some by name, and all
    /// below some folders.
    static func installed(by makefile: String, among files: Set<String>) -> Set<String> {
        func words(after start: String) -> [String] {
            let line = makefile.split(separator: "\n").first { $0.hasPrefix(start) }
            return (line?.dropFirst(start.count) ?? "").split(separator: " ").map(String.init)
        }
        let folders = words(after: "PAGES = $(shell find").prefix { $0 != "-name" }
        let pages = files.filter { file in
            file.hasSuffix(".md") && folders.contains { file.hasPrefix($0 + "/") }
        }
        return pages.union(words(after: "GUIDES :="))
    }

    /// One row of the table in ARCHITECTURE.md.
    struct TableRow: Equatable, Sendable {
        let target: String
        /// Targets of ours that it imports; `nil` where the row says "all".
        let ours: Set<String>?
    }

    static func table(in text: String) -> [TableRow] {
        text.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap { line in
            let cells = line.split(separator: "|").map(String.init)
            guard cells.count == 3, let name = quotes(in: cells[0]).first?.text else { return nil }
            let isAll = cells[2].contains("all")
            return TableRow(
                target: name, ours: isAll ? nil : Set(quotes(in: cells[2]).map(\.text)))
        }
    }
}
