/// A regular expression that is searched for in a path.
///
/// All of its alternatives are followed side by side, so that a search takes no longer than the
/// lengths of pattern and path multiplied, whatever the pattern: it runs while every other request
/// waits. That leaves out what needs going back: references to groups and looking around.
///
/// It knows `.`, `[…]`, `\d`, `\w`, `\s`, `\b` and their opposites, `^`, `$`, groups, `|`, and
/// `*`, `+`, `?`, `{n,m}`.
struct PathPattern: Sendable {
    /// One step of a search; what is not said goes on with the next one.
    enum Step: Sendable {
        case one(PatternSet)
        case edge(PatternEdge)
        case jump(Int)
        case either(Int, Int)
        case found
    }

    /// A longer pattern is refused.
    static let maxBytes = 1000
    /// A pattern that needs more steps, as `{1000}` on a long group does, is refused.
    static let maxSteps = 2000
    /// What a path holds behind so many characters is not looked at.
    static let maxCharacters = 8192

    private let steps: [Step]

    /// - Throws: ``PatternProblem`` with what is wrong with the pattern.
    init(_ text: String) throws(PatternProblem) {
        guard text.utf8.count <= Self.maxBytes else {
            throw PatternProblem("it is longer than \(Self.maxBytes) bytes")
        }
        var parser = PatternParser(text)
        var assembler = PatternAssembler()
        try assembler.add(try parser.pattern())
        steps = assembler.steps + [.found]
    }

    /// Whether the pattern occurs somewhere in the text.
    func occurs(in text: String) -> Bool {
        let scalars = Array(text.unicodeScalars.prefix(Self.maxCharacters))
        // Where a step was met last, so that it is followed once at each place.
        var marks = [Int](repeating: -1, count: steps.count)
        var following: [Int] = []
        for place in 0...scalars.count {
            // A match may begin at each place.
            var open = following + [0]
            following = []
            while let index = open.popLast() {
                guard marks[index] != place else { continue }
                marks[index] = place
                switch steps[index] {
                case .found: return true
                case .jump(let other): open.append(other)
                case .either(let first, let second): open += [first, second]
                case .edge(let edge):
                    if edge.isAt(place, of: scalars) { open.append(index + 1) }
                case .one(let set):
                    if place < scalars.count, set.contains(scalars[place]) {
                        following.append(index + 1)
                    }
                }
            }
        }
        return false
    }
}

/// Why a pattern is not taken.
struct PatternProblem: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// Some of all characters.
struct PatternSet: Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isInverted = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isInverted
    }

    static let all = Self(ranges: [], isInverted: true)
    static let digits = Self(ranges: [0x30...0x39])
    static let word = Self(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let blanks = Self(ranges: [0x09...0x0D, 0x20...0x20])

    static func only(_ scalar: Unicode.Scalar) -> Self {
        Self(ranges: [scalar.value...scalar.value])
    }

    /// Everything else.
    var opposite: Self { Self(ranges: ranges, isInverted: !isInverted) }

    /// The same characters without an inversion.
    var spelledOut: [ClosedRange<UInt32>] {
        guard isInverted else { return ranges }
        var rest: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { rest.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        rest.append(next...UInt32.max)
        return rest
    }
}

/// A place between characters.
enum PatternEdge: Sendable {
    case start
    case end
    /// Between a character of a word and another one, or just not there.
    case word(Bool)

    func isAt(_ place: Int, of scalars: [Unicode.Scalar]) -> Bool {
        switch self {
        case .start: return place == 0
        case .end: return place == scalars.count
        case .word(let isWanted):
            let before = place > 0 && PatternSet.word.contains(scalars[place - 1])
            let after = place < scalars.count && PatternSet.word.contains(scalars[place])
            return (before != after) == isWanted
        }
    }
}

/// The parts of a pattern.
indirect enum PatternNode {
    case one(PatternSet)
    case edge(PatternEdge)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// Something as often as wanted; `nil` stands for any number.
    case many(PatternNode, least: Int, most: Int?)
}

/// Makes the steps of a pattern out of its parts.
struct PatternAssembler {
    private(set) var steps: [PathPattern.Step] = []
    private var visits = 0

    /// - Throws: ``PatternProblem`` for a pattern that needs too many steps.
    mutating func add(_ node: PatternNode) throws(PatternProblem) {
        // Parts without any step of their own count, too: they may be repeated a thousand times.
        visits += 1
        guard visits <= PathPattern.maxSteps, steps.count < PathPattern.maxSteps else {
            throw PatternProblem("it is too large")
        }
        switch node {
        case .one(let set): steps.append(.one(set))
        case .edge(let edge): steps.append(.edge(edge))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .choice(let nodes): try addChoice(nodes[...])
        case .many(let node, let least, let most): try addMany(node, least, most)
        }
    }

    private mutating func addChoice(_ nodes: ArraySlice<PatternNode>) throws(PatternProblem) {
        guard let first = nodes.first else { return }
        guard nodes.count > 1 else { return try add(first) }
        let fork = steps.count
        steps.append(.found)
        try add(first)
        let leap = steps.count
        steps.append(.found)
        steps[fork] = .either(fork + 1, steps.count)
        try addChoice(nodes.dropFirst())
        steps[leap] = .jump(steps.count)
    }

    private mutating func addMany(
        _ node: PatternNode, _ least: Int, _ most: Int?
    ) throws(PatternProblem) {
        for _ in 0..<least { try add(node) }
        guard let most else {
            let fork = steps.count
            steps.append(.found)
            try add(node)
            steps.append(.jump(fork))
            steps[fork] = .either(fork + 1, steps.count)
            return
        }
        var forks: [Int] = []
        for _ in least..<most {
            forks.append(steps.count)
            steps.append(.found)
            try add(node)
        }
        for fork in forks { steps[fork] = .either(fork + 1, steps.count) }
    }
}
