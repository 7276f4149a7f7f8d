/// Finds walks over dictionaries and sets, whose order differs from process to process.
///
/// It goes by names: what is declared as a dictionary or a set in a file, or as a property
/// anywhere in the target, must be sorted before its order can matter; so must a set or a
/// dictionary that is made and walked on the spot. It can be fooled; what it finds is to be mended
/// by sorting, or by an ordered container.
struct OrderRules {
    /// Properties of the target's types that are dictionaries or sets and nothing else.
    private let properties: Set<String>

    init(files: [SwiftFile]) {
        var unordered: Set<String> = []
        var other: Set<String> = []
        for file in files {
            let bodies = FunctionFinder.functions(in: file.tokens)
            for name in OrderDeclarations.all(in: file.tokens)
            where !bodies.contains(where: { $0.tokens.dropFirst().contains(name.index) }) {
                if name.isUnordered { unordered.insert(name.text) } else { other.insert(name.text) }
            }
        }
        properties = unordered.subtracting(other)
    }

    func breaches(in file: SwiftFile) -> [Finding] {
        let walk = OrderWalk(tokens: file.tokens, names: names(in: file.tokens))
        let lines = Set(file.tokens.indices.filter(walk.leaks).map { file.tokens[$0].line })
        return lines.sorted().map {
            Finding(
                path: file.path, line: $0,
                message: "the order of a dictionary or set leaks here: sort it first")
        }
    }

    /// The names that stand for something unordered in a file: the target's properties, what is
    /// declared so here, and what is made of these.
    private func names(in tokens: [Token]) -> Set<String> {
        let own = OrderDeclarations.all(in: tokens).filter(\.isUnordered).map(\.text)
        var names = properties.union(own)
        while true {
            let walk = OrderWalk(tokens: tokens, names: names)
            let more = tokens.indices.compactMap(walk.derivedName).filter { !names.contains($0) }
            if more.isEmpty { return names }
            names.formUnion(more)
        }
    }
}

/// Follows what becomes of unordered values through the members that are asked of them.
struct OrderWalk {
    let tokens: [Token]
    /// What stands for a dictionary or a set.
    let names: Set<String>

    /// What a chain of members has made of a value.
    private enum Order {
        /// Still a dictionary or a set, or a view of one.
        case unordered
        /// A list, or an element, in an order that nobody chose.
        case leaked
        /// Sorted, or the same for every order.
        case settled
    }

    /// An expression that begins with something unordered.
    private struct Chain {
        var order: Order
        /// The index of the first token behind it.
        var end: Int
    }

    /// Members whose result is the same for every order, or sorted.
    private static let settling: Set<String> = [
        "sorted", "count", "isEmpty", "contains", "allSatisfy", "min", "max", "isSubset",
        "isSuperset", "isDisjoint", "removeAll", "insert", "remove", "updateValue", "removeValue",
        "reserveCapacity", "merge", "formUnion", "subtract", "index",
    ]

    /// Members whose result is a dictionary or a set again.
    private static let keeping: Set<String> = [
        "union", "intersection", "subtracting", "symmetricDifference", "filter", "mapValues",
        "compactMapValues", "merging",
    ]

    /// Members that hand the elements out one after the other.
    private static let handing: Set<String> = [
        "keys", "values", "map", "flatMap", "compactMap", "forEach", "enumerated", "first",
        "reduce", "popFirst", "prefix", "dropFirst", "randomElement", "joined", "makeIterator",
        "lazy",
    ]

    /// What an unordered value is made with on the spot.
    private static let makers: Set<String> = ["Set", "Dictionary"]
    private static let collections = makers.union(["Array"])

    /// Whether a walk in no fixed order begins with the token at `index`.
    func leaks(at index: Int) -> Bool {
        if tokens[index].isWord("for") { return loops(from: index) }
        guard let chain = chain(at: index), chain.order == .leaked else { return false }
        return !isWrapped(index, end: chain.end)
    }

    /// The name of a constant or variable that holds something unordered again:
    /// `let some = known.filter { … }`.
    func derivedName(at index: Int) -> String? {
        guard tokens[index].isWord(in: ["let", "var"]), let name = tokens.at(index + 1),
            name.kind == .word, tokens.at(index + 2)?.isMark("=") == true,
            let chain = chain(at: subject(from: index + 3)), chain.order == .unordered
        else { return nil }
        // Whatever goes on behind the chain, such as `== other`, makes something else of it.
        let next = tokens.at(chain.end)
        let isWhole = next.map { $0.opensLine || $0.isMark("}") || $0.isMark(",") } ?? true
        return isWhole && next?.isMark("?") != true ? name.text : nil
    }

    /// `for … in names {`, also through `self.`, a path or further members.
    private func loops(from start: Int) -> Bool {
        var index = start + 1
        while let token = tokens.at(index), !token.isWord("in") {
            if token.isMark("{") || token.isMark("}") { return false }
            index += 1
        }
        guard let chain = chain(at: subject(from: index + 1)), let next = tokens.at(chain.end),
            next.isMark("{") || next.isWord("where")
        else { return false }
        return chain.order != .settled
    }

    /// The index of the last word of a path: of `lanes` in `try self.state.lanes.keys`, if that is
    /// a name we know, else of where the path breaks off.
    private func subject(from start: Int) -> Int {
        var index = start
        while tokens.at(index)?.isWord(in: ["try", "await", "borrowing"]) == true { index += 1 }
        while let token = tokens.at(index), token.kind == .word, !isSubject(index),
            let dot = [index + 1, index + 2].first(where: { tokens.at($0)?.isMark(".") == true }),
            dot == index + 1 || "?!".contains(tokens[index + 1].text)
        {
            index = dot + 1
        }
        return index
    }

    private func isSubject(_ index: Int) -> Bool {
        guard let token = tokens.at(index), token.kind == .word else { return false }
        if token.isWord(in: names) { return tokens.at(index + 1)?.isMark(":") != true }
        return token.isWord(in: Self.collections)
            && tokens.at(index - 1)?.isMark(".") != true && callStart(index) != nil
    }

    /// The parenthesis of `Set(…)`, `Set<Element>(…)`.
    private func callStart(_ index: Int) -> Int? {
        var open = index + 1
        if tokens.at(open)?.isMark("<") == true {
            guard let close = tokens[open...].firstIndex(where: { $0.isMark(">") }) else {
                return nil
            }
            open = close + 1
            while tokens.at(open)?.isMark(">") == true { open += 1 }
        }
        return tokens.at(open)?.isMark("(") == true ? open : nil
    }

    /// The chain that begins with a name we know, or with a collection made on the spot.
    private func chain(at index: Int) -> Chain? {
        guard isSubject(index) else { return nil }
        guard !tokens[index].isWord(in: names) else {
            return follow(from: index + 1, as: .unordered)
        }
        guard let open = callStart(index), let close = tokens.closing(open) else { return nil }
        let end = afterClosures(close + 1)
        if tokens[index].isWord(in: Self.makers) { return follow(from: end, as: .unordered) }
        // `Array(known)` is a list in no fixed order; so is `Array(known.keys)`.
        guard let inner = chain(at: subject(from: open + 1)), inner.end == close,
            inner.order != .settled
        else { return nil }
        return follow(from: end, as: .leaked)
    }

    /// Goes through `.member(…)`, one after the other.
    private func follow(from start: Int, as order: Order) -> Chain {
        var chain = Chain(order: order, end: start)
        while let member = member(at: chain.end) {
            let name = tokens[member].text
            if Self.settling.contains(name) {
                chain.order = .settled
            } else if chain.order == .unordered, !Self.keeping.contains(name) {
                // A member that is not known may be one of the value's own, which tells nothing.
                chain.order = Self.handing.contains(name) ? .leaked : .settled
            }
            chain.end = afterClosures(member + 1)
        }
        return chain
    }

    /// The index of the member's name where `.name` or `?.name` stands at `index`.
    private func member(at index: Int) -> Int? {
        var index = index
        if let mark = tokens.at(index), mark.isMark("?") || mark.isMark("!"), !mark.isApart {
            index += 1
        }
        guard tokens.at(index)?.isMark(".") == true, tokens.at(index + 1)?.kind == .word else {
            return nil
        }
        return index + 1
    }

    /// The index behind arguments, subscripts and trailing closures.
    private func afterClosures(_ start: Int) -> Int {
        var position = start
        while let token = tokens.at(position),
            (token.isMark("(") || token.isMark("[")) && !token.opensLine
                || token.isMark("{") && !token.opensLine && !isLoopHead(position),
            let end = tokens.closing(position)
        {
            position = end + 1
        }
        return position
    }

    /// Whether the brace opens the body of a statement and not a trailing closure.
    private func isLoopHead(_ brace: Int) -> Bool {
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

    /// Whether the chain is all that a set or dictionary is made of, which loses the order again;
    /// what becomes of that one is looked at where it begins.
    private func isWrapped(_ index: Int, end: Int) -> Bool {
        var start = index
        while tokens.at(start - 1)?.isMark(".") == true, tokens.at(start - 2)?.kind == .word {
            start -= 2
        }
        if tokens.reads(["uniqueKeysWithValues", ":"], at: start - 2) { start -= 2 }
        guard tokens.at(start - 1)?.isMark("(") == true, tokens.closing(start - 1) == end else {
            return false
        }
        var maker = start - 2
        if tokens.at(maker)?.isMark(">") == true {
            while maker > 0, !tokens[maker].isMark("<") { maker -= 1 }
            maker -= 1
        }
        return tokens.at(maker)?.isWord(in: Self.collections) == true
    }
}
