/// Reads a regular expression into its parts.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var depth = 0

    /// Groups lie no deeper in one another.
    private static let maxDepth = 50
    /// Nothing is repeated more often by a number.
    private static let maxCount = 1000

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// - Throws: ``PatternProblem`` for what is no pattern, or one that is not known here.
    mutating func pattern() throws(PatternProblem) -> PatternNode {
        let node = try choice()
        guard next == nil else { throw PatternProblem("a ) has no (") }
        return node
    }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
        guard next == wanted else { return false }
        place += 1
        return true
    }

    private mutating func choice() throws(PatternProblem) -> PatternNode {
        var options = [try sequence()]
        while take("|") { options.append(try sequence()) }
        return .choice(options)
    }

    private mutating func sequence() throws(PatternProblem) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let node = try single(scalar)
            nodes.append(try repeated(node))
        }
        return .sequence(nodes)
    }

    private mutating func single(_ scalar: Unicode.Scalar) throws(PatternProblem) -> PatternNode {
        place += 1
        switch scalar {
        case "(": return try group()
        case "[": return .one(try set())
        case ".": return .one(.all)
        case "^": return .edge(.start)
        case "$": return .edge(.end)
        case "*", "+", "?": throw PatternProblem("there is nothing before a \(scalar)")
        case "\\":
            if take("b") { return .edge(.word(true)) }
            if take("B") { return .edge(.word(false)) }
            return .one(try escaped())
        default: return .one(.only(scalar))
        }
    }

    private mutating func group() throws(PatternProblem) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maxDepth else { throw PatternProblem("its groups are too deep") }
        if take("?"), !take(":") {
            throw PatternProblem("groups that begin with (? are not known here, but for (?:")
        }
        let node = try choice()
        guard take(")") else { throw PatternProblem("a ( has no )") }
        return node
    }

    /// What stands behind a backslash.
    private mutating func escaped() throws(PatternProblem) -> PatternSet {
        guard let scalar = next else { throw PatternProblem("it ends with a \\") }
        place += 1
        switch scalar {
        case "d": return .digits
        case "D": return PatternSet.digits.opposite
        case "w": return .word
        case "W": return PatternSet.word.opposite
        case "s": return .blanks
        case "S": return PatternSet.blanks.opposite
        default:
            guard !PatternSet.word.contains(scalar) else {
                throw PatternProblem("\\\(scalar) is not known here")
            }
            return .only(scalar)
        }
    }

    /// What stands between brackets; a `]` at the beginning is one of the characters.
    private mutating func set() throws(PatternProblem) -> PatternSet {
        var set = PatternSet(ranges: [])
        set.isInverted = take("^")
        var isFirst = true
        while let scalar = next {
            place += 1
            if scalar == "]", !isFirst { return set }
            isFirst = false
            guard scalar != "[" else { throw PatternProblem("a [ within [ ] needs a \\") }
            var low = PatternSet.only(scalar)
            if scalar == "\\" { low = try escaped() }
            set.ranges += try range(from: low)
        }
        throw PatternProblem("a [ has no ]")
    }

    /// A range such as `a-z`, or what is there without one.
    private mutating func range(
        from low: PatternSet
    ) throws(PatternProblem) -> [ClosedRange<UInt32>] {
        let isRange = next == "-" && place + 1 < scalars.count && scalars[place + 1] != "]"
        guard isRange, let first = low.character else { return low.spelledOut }
        place += 1
        let scalar = scalars[place]
        place += 1
        let high = scalar == "\\" ? try escaped() : .only(scalar)
        guard let last = high.character, first <= last else {
            throw PatternProblem("a range within [ ] ends before it begins")
        }
        return [first...last]
    }

    /// The part as often as the sign behind it says.
    private mutating func repeated(_ node: PatternNode) throws(PatternProblem) -> PatternNode {
        let counts: (least: Int, most: Int?)
        if take("*") {
            counts = (0, nil)
        } else if take("+") {
            counts = (1, nil)
        } else if take("?") {
            counts = (0, 1)
        } else if let read = try braces() {
            counts = read
        } else {
            return node
        }
        // As few as possible is as good: it is asked whether there is a match, and not which.
        _ = take("?")
        guard next != "+" else { throw PatternProblem("a + behind a repetition is not known here") }
        return .many(node, least: counts.least, most: counts.most)
    }

    /// `{2}`, `{2,}` or `{2,5}`; `nil` for braces that hold something else, which stand for
    /// themselves.
    private mutating func braces() throws(PatternProblem) -> (least: Int, most: Int?)? {
        guard next == "{" else { return nil }
        let start = place
        place += 1
        guard let least = number() else {
            place = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = number() }
        guard take("}") else {
            place = start
            return nil
        }
        guard least <= Self.maxCount, most ?? least <= Self.maxCount else {
            throw PatternProblem("a repetition goes up to \(Self.maxCount)")
        }
        guard most ?? least >= least else { throw PatternProblem("a repetition ends too early") }
        return (least, most)
    }

    /// A number; one beyond all limits is as large as can be.
    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, PatternSet.digits.contains(scalar) {
            place += 1
            value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), Self.maxCount + 1)
        }
        return value
    }
}

extension PatternSet {
    /// The one character that the set holds; `nil` for sets of several.
    fileprivate var character: UInt32? {
        guard !isInverted, ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }
}
