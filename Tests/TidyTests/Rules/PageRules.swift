/// What a landing page of documentation says that a program can check.
struct PageRules: Sendable {
    /// The name in the first heading.
    let title: String?
    /// The headings of the second and third rank, such as `Overview`.
    let headings: [String]
    /// Links to symbols, outside of code.
    let links: [GuideRules.Mention]
    /// How many of the links stand below `Topics`.
    let topics: Int
    /// Blocks of Swift, with the lines where they begin.
    let blocks: [GuideRules.Mention]

    init(_ text: String) {
        var headings: [String] = []
        var links: [GuideRules.Mention] = []
        var blocks: [GuideRules.Mention] = []
        var (fence, title, topics) = (String?.none, String?.none, 0)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            if line.hasPrefix("```") {
                fence = fence == nil ? String(line.dropFirst(3)) : nil
                if fence == "swift" { blocks.append(.init(text: "", line: number + 1)) }
            } else if let fence {
                guard fence == "swift", let block = blocks.popLast() else { continue }
                blocks.append(.init(text: block.text + line + "\n", line: block.line))
            } else {
                let found = Self.symbols(in: line)
                if line.hasPrefix("# ") {
                    title = found.first
                } else {
                    links += found.map { .init(text: $0, line: number + 1) }
                    topics += headings.contains("Topics") ? found.count : 0
                }
                if line.hasPrefix("##") { headings.append(String(line.drop { "# ".contains($0) })) }
            }
        }
        (self.title, self.headings, self.links) = (title, headings, links)
        (self.topics, self.blocks) = (topics, blocks)
    }

    /// What stands between double backticks.
    private static func symbols(in line: Substring) -> [String] {
        var (found, rest) = ([String](), line)
        while let start = rest.firstRange(of: "``") {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "``") else { break }
            found.append(String(rest[..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return found
    }

    /// What is wrong with the page, whose symbols are those of one target.
    func findings(path: String, target: String, symbols: SymbolIndex) -> [Finding] {
        var findings = links.filter { !symbols.paths.contains($0.text) }.map {
            Finding(path: path, line: $0.line, message: "'\(target)' has no '\($0.text)'")
        }
        if title != target {
            findings.append(Finding(path: path, line: 1, message: "the title names no '\(target)'"))
        }
        for heading in ["Overview", "Topics"] where !headings.contains(heading) {
            findings.append(Finding(path: path, line: 1, message: "there is no '\(heading)'"))
        }
        if topics == 0 {
            findings.append(Finding(path: path, line: 1, message: "the topics lead nowhere"))
        }
        return findings
    }

    /// Blocks of Swift that stand in none of the files, whatever their line breaks.
    func uncompiled(path: String, in files: [String]) -> [Finding] {
        blocks.filter { block in
            let code = Self.squeezed(block.text)
            return code.isEmpty || !files.contains { $0.contains(code) }
        }.map {
            Finding(
                path: path, line: $0.line,
                message: "no test and no example holds this code, so nothing compiles it")
        }
    }

    /// The text without blanks and line ends.
    static func squeezed(_ text: String) -> String {
        String(decoding: text.utf8.filter { $0 != 0x20 && $0 != 0x0A }, as: UTF8.self)
    }
}
