/// A name with a type or a value that tells whether it is a dictionary or a set.
struct OrderDeclaration: Equatable, Sendable {
    let text: String
    /// The index of its token.
    let index: Int
    let isUnordered: Bool
}

/// Finds the declarations of dictionaries and sets, and of what is neither.
enum OrderDeclarations {
    static func all(in tokens: [Token]) -> [OrderDeclaration] {
        tokens.indices.compactMap { index in
            guard tokens[index].kind == .word, let next = tokens.at(index + 1) else { return nil }
            let declares = tokens.at(index - 1)?.isWord(in: ["let", "var"]) == true
            if next.isMark(":") {
                // A parameter, a property or a label; a label is followed by a value, not a type.
                let isType = isUnorderedType(at: index + 2, in: tokens)
                guard declares || isType else { return nil }
                return OrderDeclaration(text: tokens[index].text, index: index, isUnordered: isType)
            }
            guard declares, next.isMark("=") else { return nil }
            return OrderDeclaration(
                text: tokens[index].text, index: index,
                isUnordered: isUnorderedValue(at: index + 2, in: tokens))
        }
    }

    /// `[Key: Value]`, `Set<…>` or `Dictionary<…>`, also after `inout` and the like.
    private static func isUnorderedType(at start: Int, in tokens: [Token]) -> Bool {
        var index = start
        while tokens.at(index)?.isWord(in: ["inout", "borrowing", "consuming", "sending"]) == true {
            index += 1
        }
        guard let token = tokens.at(index) else { return false }
        if token.isWord("Set") || token.isWord("Dictionary") {
            return tokens.at(index + 1)?.isMark("<") == true
        }
        return token.isMark("[") && isDictionaryBracket(at: index, in: tokens, ofTypes: true)
    }

    private static func isUnorderedValue(at index: Int, in tokens: [Token]) -> Bool {
        guard let token = tokens.at(index) else { return false }
        guard token.isWord("Set") || token.isWord("Dictionary") else {
            return token.isMark("[") && isDictionaryBracket(at: index, in: tokens, ofTypes: false)
        }
        if tokens.at(index + 1)?.isMark("<") == true { return true }
        guard tokens.at(index + 1)?.isMark("(") == true, let end = tokens.closing(index + 1) else {
            return false
        }
        // `Set(…).sorted()` is a list; `Set(…).union(…)` is a set still.
        guard tokens.at(end + 1)?.isMark(".") == true, !tokens[end + 1].isApart else { return true }
        return tokens.at(end + 2)?.isWord(in: keepers) == true
    }

    /// Members whose result is a dictionary or a set again.
    private static let keepers: Set<String> = [
        "union", "intersection", "subtracting", "symmetricDifference", "filter", "mapValues",
        "compactMapValues", "merging",
    ]

    /// Whether the bracket holds `key: value` at its own depth.
    private static func isDictionaryBracket(
        at open: Int, in tokens: [Token], ofTypes: Bool
    ) -> Bool {
        guard let close = tokens.closing(open) else { return false }
        var index = open + 1
        while index < close {
            if tokens[index].isMark(":") { return true }
            if tokens[index].isMark("?"), !ofTypes { return false }
            if "([{".contains(tokens[index].text), tokens[index].kind == .mark,
                let end = tokens.closing(index)
            {
                index = end
            }
            index += 1
        }
        return false
    }
}
