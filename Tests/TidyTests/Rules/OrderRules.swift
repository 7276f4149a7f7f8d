/// Finds walks over dictionaries and sets, whose order differs from process to process.
///
/// It goes by names: what is declared as a dictionary or a set in a file, or as a property
/// anywhere in the target, must be sorted before its order can matter. It can be fooled; what it
/// finds is to be mended by sorting, or by an ordered container.
struct OrderRules {
    /// Properties of the target's types that are dictionaries or sets and nothing else.
    private let properties: Set<String>

    /// Ends of a chain that give the same for every order.
    private static let indifferent: Set<String> = [
        "sorted", "count", "isEmpty", "contains", "allSatisfy", "min", "max", "intersection",
        "subtracting", "union", "isSubset", "isSuperset", "isDisjoint", "removeAll", "insert",
        "remove", "updateValue", "removeValue", "reserveCapacity", "merge", "merging", "filter",
        "mapValues", "compactMapValues", "symmetricDifference", "formUnion", "subtract", "index",
    ]

    /// Results of these are unordered again, or sorted.
    private static let wrappers: Set<String> = ["Set", "Dictionary"]

    init(files: [SwiftFile]) {
        var unordered: Set<String> = []
        var other: Set<String> = []
        for file in files {
            let bodies = FunctionFinder.functions(in: file.tokens)
            for name in Self.declarations(in: file.tokens)
            where !bodies.contains(where: { $0.tokens.dropFirst().contains(name.index) }) {
                if name.isUnordered { unordered.insert(name.text) } else { other.insert(name.text) }
            }
        }
        properties = unordered.subtracting(other)
    }

    func breaches(in file: SwiftFile) -> [Finding] {
        let tokens = file.tokens
        let own = Self.declarations(in: tokens).filter(\.isUnordered).map(\.text)
        let names = properties.union(own)
        return tokens.indices.compactMap { index in
            let isLoop = tokens[index].isWord("for") && walks(names, from: index, in: tokens)
            guard isLoop || chains(names, at: index, in: tokens) else { return nil }
            return Finding(
                path: file.path, line: tokens[index].line,
                message: "the order of a dictionary or set leaks here: sort it first")
        }
    }

    /// `for … in names {`, also through `self.`, a path or `.enumerated()`.
    private func walks(_ names: Set<String>, from start: Int, in tokens: [Token]) -> Bool {
        var index = start + 1
        while let token = tokens.at(index), !token.isWord("in") {
            if token.isMark("{") || token.isMark("}") { return false }
            index += 1
        }
        index += 1
        var last: Int?
        while let token = tokens.at(index), !token.isMark("{"), !token.isWord("where") {
            if token.kind == .word { last = index }
            // A call decides by itself; its chain is looked at where it stands.
            if token.isMark("(") || token.isMark("[") { return false }
            index += 1
        }
        guard let last else { return false }
        return names.contains(tokens[last].text)
    }

    /// `names.map { … }`, `names.keys` and their like, unless the chain ends in a sorted or an
    /// order-free result.
    private func chains(_ names: Set<String>, at index: Int, in tokens: [Token]) -> Bool {
        guard tokens[index].isWord(in: names), tokens.at(index + 1)?.isMark(".") == true else {
            return false
        }
        var members: [String] = []
        var position = index + 1
        while tokens.at(position)?.isMark(".") == true, let member = tokens.at(position + 1) {
            members.append(member.text)
            position += 2
            while let token = tokens.at(position),
                token.isMark("(") || token.isMark("[") || token.isMark("{"),
                !(token.isMark("{") && isLoopHead(position, in: tokens)),
                let end = tokens.closing(position)
            {
                position = end + 1
            }
        }
        if members.contains(where: Self.indifferent.contains) { return false }
        let isWrapped =
            tokens.at(index - 1)?.isMark("(") == true
            && tokens.at(index - 2)?.isWord(in: Self.wrappers) == true
        return !isWrapped && members.contains(where: Self.ordering.contains)
    }

    /// Members that hand the elements out one after the other.
    private static let ordering: Set<String> = [
        "keys", "values", "map", "flatMap", "compactMap", "forEach", "enumerated", "first",
        "reduce", "popFirst", "prefix", "dropFirst", "randomElement", "joined", "makeIterator",
    ]

    /// Whether the brace opens the body of a statement and not a trailing closure.
    private func isLoopHead(_ brace: Int, in tokens: [Token]) -> Bool {
        var index = brace - 1
        while index >= 0, !tokens[index].isMark("{"), !tokens[index].isMark("}") {
            if tokens[index].isWord(in: ["for", "if", "guard", "while", "switch", "else"]) {
                return true
            }
            if tokens[index].opensLine, tokens[index].line < tokens[brace].line - 3 { return false }
            index -= 1
        }
        return false
    }

    private struct Declaration {
        let text: String
        let index: Int
        let isUnordered: Bool
    }

    /// Names with a type or a value that tells whether they are dictionaries or sets.
    private static func declarations(in tokens: [Token]) -> [Declaration] {
        tokens.indices.compactMap { index in
            guard tokens[index].kind == .word, let next = tokens.at(index + 1) else { return nil }
            let declares = tokens.at(index - 1)?.isWord(in: ["let", "var"]) == true
            if next.isMark(":") {
                // A parameter, a property or a label; a label is followed by a value, not a type.
                let isType = isUnorderedType(at: index + 2, in: tokens)
                guard declares || isType else { return nil }
                return Declaration(text: tokens[index].text, index: index, isUnordered: isType)
            }
            guard declares, next.isMark("=") else { return nil }
            return Declaration(
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
