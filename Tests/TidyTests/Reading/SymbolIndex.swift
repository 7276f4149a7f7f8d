/// The public symbols of a target, by the paths that documentation links to them with:
/// `Store/read(as:_:)`.
///
/// It goes by tokens and knows no types: what an extension adds to a type stands under the name
/// that the extension uses.
struct SymbolIndex: Sendable {
    let paths: Set<String>

    init(files: [SwiftFile]) {
        var reader = SymbolReader()
        for file in files {
            reader.tokens = file.tokens
            reader.read(file.tokens.indices, path: [], isOpen: false)
        }
        paths = reader.paths
    }
}

/// Walks through declarations and leaves bodies of functions aside.
private struct SymbolReader {
    var tokens: [Token] = []
    var paths: Set<String> = []

    private static let types: Set<String> = ["struct", "class", "enum", "actor", "protocol"]
    private static let values: Set<String> = ["var", "let", "typealias", "associatedtype"]
    private static let modifiers: Set<String> = [
        "public", "open", "package", "internal", "private", "fileprivate", "static", "final",
        "mutating", "nonmutating", "nonisolated", "indirect", "convenience", "override", "lazy",
        "weak", "unowned", "required", "borrowing", "consuming",
    ]
    private static let hiding: Set<String> = ["package", "internal", "private", "fileprivate"]

    /// - Parameters:
    ///   - range: The tokens to read.
    ///   - path: The types around them.
    ///   - isOpen: Whether what stands there is public without saying so.
    mutating func read(_ range: Range<Int>, path: [String], isOpen: Bool) {
        var index = range.lowerBound
        var said: Set<String> = []
        while index < range.upperBound {
            let token = tokens[index]
            let isPublic =
                said.contains("public") || said.contains("open")
                || isOpen && said.isDisjoint(with: Self.hiding)
            let isClassMember =
                token.isWord("class")
                && tokens.at(index + 1)?.isWord(in: ["func", "var", "subscript"]) == true
            if token.isWord(in: Self.modifiers) || isClassMember {
                // `private(set)` hides no reading.
                let isPartial = tokens.at(index + 1)?.isMark("(") == true
                if !isPartial { said.insert(token.text) }
                index = isPartial ? after(index + 1) : index + 1
                continue
            }
            if token.kind == .word, token.text.hasPrefix("@") {
                index = tokens.at(index + 1)?.isMark("(") == true ? after(index + 1) : index + 1
                continue
            }
            index = declaration(at: index, in: range, path: path, isPublic: isPublic, said: said)
            said = []
        }
    }

    /// Notes what is declared at `index`, if anything is; the index behind it.
    private mutating func declaration(
        at index: Int, in range: Range<Int>, path: [String], isPublic: Bool, said: Set<String>
    ) -> Int {
        let token = tokens[index]
        guard token.kind == .word, tokens.at(index - 1)?.isMark(".") != true else {
            return token.isMark("{") ? after(index) : index + 1
        }
        let name = self.name(at: index + 1)
        if Self.types.contains(token.text), let name {
            note(path + [name], isPublic)
            let members = token.text == "protocol" && isPublic
            return enter(from: index + 2, in: range, path: path + [name], isOpen: members)
        }
        switch token.text {
        case "extension":
            let names = dotted(from: index + 1)
            return enter(
                from: index + 1, in: range, path: names, isOpen: said.contains("public"))
        case "func", "init", "subscript":
            return function(at: index, path: path, isPublic: isPublic)
        case "case":
            return cases(from: index + 1, in: range, path: path)
        default:
            if Self.values.contains(token.text), let name { note(path + [name], isPublic) }
            return index + 1
        }
    }

    private mutating func note(_ path: [String], _ isPublic: Bool) {
        if isPublic { paths.insert(path.joined(separator: "/")) }
    }

    private func name(at index: Int) -> String? {
        guard let token = tokens.at(index), token.kind == .word else { return nil }
        return token.text.filter { $0 != "`" }
    }

    private func dotted(from start: Int) -> [String] {
        var (names, index) = ([String](), start)
        while let name = name(at: index) {
            names.append(name)
            guard tokens.at(index + 1)?.isMark(".") == true else { break }
            index += 2
        }
        return names
    }

    /// The index behind what a bracket at `index` encloses.
    private func after(_ index: Int) -> Int { (tokens.closing(index) ?? tokens.count - 1) + 1 }

    /// Reads the members of a type; the index behind its brace.
    private mutating func enter(
        from start: Int, in range: Range<Int>, path: [String], isOpen: Bool
    ) -> Int {
        guard let brace = tokens[start..<range.upperBound].firstIndex(where: { $0.isMark("{") })
        else { return range.upperBound }
        let end = after(brace)
        read(brace + 1..<max(brace + 1, end - 1), path: path, isOpen: isOpen)
        return end
    }

    private mutating func function(at index: Int, path: [String], isPublic: Bool) -> Int {
        let keyword = tokens[index].text
        var open = keyword == "func" ? index + 2 : index + 1
        while tokens.at(open)?.isMark("?") == true || tokens.at(open)?.isMark("!") == true
            || keyword == "func" && tokens.at(open)?.kind == .mark
                && !"(<".contains(tokens[open].text)
        {
            open += 1
        }
        if tokens.at(open)?.isMark("<") == true {
            open = tokens[open...].firstIndex { $0.isMark("(") } ?? tokens.count
        }
        guard tokens.at(open)?.isMark("(") == true else { return index + 1 }
        let isIndexed = keyword == "subscript"
        let labels = parts(of: open).map { label(in: $0, needsTwo: isIndexed) }
        let name = keyword == "func" ? self.name(at: index + 1) : keyword
        // Nobody links to an operator.
        if let name { note(path + ["\(name)(\(labels.map { "\($0):" }.joined()))"], isPublic) }
        return after(open)
    }

    /// The parts between the commas within a bracket, by their tokens.
    private func parts(of open: Int) -> [Range<Int>] {
        let end = after(open) - 1
        var (parts, start, index, depth) = ([Range<Int>](), open + 1, open + 1, 0)
        while index < end {
            let token = tokens[index]
            if token.kind == .mark, "([{".contains(token.text) {
                index = after(index)
                continue
            }
            // Generic arguments hold commas; `->` closes none.
            if token.isMark("<"), !token.isApart { depth += 1 }
            if token.isMark(">"), tokens.at(index - 1)?.isMark("-") != true {
                depth = max(0, depth - 1)
            }
            index += 1
            guard token.isMark(","), depth == 0 else { continue }
            parts.append(start..<index - 1)
            start = index
        }
        return start < end ? parts + [start..<end] : parts
    }

    /// The label that a parameter is called by.
    private func label(in part: Range<Int>, needsTwo: Bool) -> String {
        let words = tokens[part].prefix { !$0.isMark(":") }.filter {
            $0.kind == .word && !$0.text.hasPrefix("@")
        }
        guard words.count < part.count, let first = words.first else { return "_" }
        return needsTwo && words.count < 2 ? "_" : first.text.filter { $0 != "`" }
    }

    /// The names behind `case`, in an enum that is public.
    private mutating func cases(from start: Int, in range: Range<Int>, path: [String]) -> Int {
        var index = start
        while index < range.upperBound, let name = name(at: index) {
            var full = name
            index += 1
            if tokens.at(index)?.isMark("(") == true {
                let labels = parts(of: index).map { label(in: $0, needsTwo: false) }
                full += "(\(labels.map { "\($0):" }.joined()))"
                index = after(index)
            }
            note(path + [full], paths.contains(path.joined(separator: "/")))
            while index < range.upperBound, !tokens[index].isMark(","), !tokens[index].opensLine {
                index += 1
            }
            guard tokens.at(index)?.isMark(",") == true else { break }
            index += 1
        }
        return index
    }
}
