/// A function, initialiser, subscript or computed property with a body.
struct FunctionExtent: Equatable, Sendable {
    let name: String
    /// The line of the declaring keyword, from 1.
    let firstLine: Int
    /// The line of the closing brace.
    let lastLine: Int
    /// The tokens from the keyword to the closing brace.
    let tokens: Range<Int>

    var lines: Int { lastLine - firstLine + 1 }
}

/// Finds every body of code by matching braces.
enum FunctionFinder {
    /// Words that begin another declaration: reaching one means that there was no body.
    private static let declarations: Set<String> = [
        "func", "var", "let", "init", "deinit", "subscript", "case", "static", "struct", "enum",
        "extension", "protocol", "actor", "typealias", "associatedtype", "mutating", "public",
        "private", "internal", "fileprivate", "package", "import", "return", "if", "guard", "for",
        "while", "switch",
    ]

    static func functions(in tokens: [Token]) -> [FunctionExtent] {
        tokens.indices.compactMap { function(at: $0, in: tokens) }
    }

    private static func function(at start: Int, in tokens: [Token]) -> FunctionExtent? {
        let keyword = tokens[start]
        guard keyword.isWord(in: ["func", "init", "deinit", "subscript", "var"]),
            tokens.at(start - 1)?.isMark(".") != true,
            let open = bodyStart(of: keyword.text, at: start, in: tokens),
            let close = tokens.closing(open)
        else { return nil }
        let isNamed = keyword.text == "func" || keyword.text == "var"
        return FunctionExtent(
            name: isNamed ? tokens.at(start + 1)?.text ?? keyword.text : keyword.text,
            firstLine: keyword.line, lastLine: tokens[close].line, tokens: start..<(close + 1))
    }

    private static func bodyStart(of keyword: String, at start: Int, in tokens: [Token]) -> Int? {
        switch keyword {
        case "deinit":
            return tokens.at(start + 1)?.isMark("{") == true ? start + 1 : nil
        case "var":
            return accessorStart(after: start + 2, in: tokens)
        case "init":
            // `init` followed by anything else is a call or a reference.
            guard tokens.at(start + 1).map({ "(<?!".contains($0.text) }) == true else { return nil }
            fallthrough
        default:
            guard let parameters = tokens[start...].firstIndex(where: { $0.isMark("(") }),
                let end = tokens.closing(parameters)
            else { return nil }
            return braceStart(after: end + 1, in: tokens)
        }
    }

    /// The brace that opens a body, after effects, result type and `where` clause.
    private static func braceStart(after start: Int, in tokens: [Token]) -> Int? {
        var index = start
        while let token = tokens.at(index) {
            if token.isMark("{") { return index }
            if token.isMark("}") || token.isWord(in: declarations) { return nil }
            if token.isMark("(") || token.isMark("[") {
                guard let end = tokens.closing(index) else { return nil }
                index = end
            }
            index += 1
        }
        return nil
    }

    /// The brace of a computed property, or of the closure that makes a stored one.
    private static func accessorStart(after start: Int, in tokens: [Token]) -> Int? {
        var index = start
        while let token = tokens.at(index) {
            if token.isMark("{") { return index }
            if token.isMark("=") {
                return tokens.at(index + 1)?.isMark("{") == true ? index + 1 : nil
            }
            if token.isMark("}") || token.isMark(",") || token.isMark(")")
                || token.isWord(in: declarations)
            {
                return nil
            }
            if token.isMark("(") || token.isMark("[") {
                guard let end = tokens.closing(index) else { return nil }
                index = end
            }
            index += 1
        }
        return nil
    }
}
