/// Something that product code must not contain.
struct Ban: Sendable {
    let name: String
    /// Why, and what to write instead.
    let remedy: String
    /// Whether the code at this index breaks the rule.
    let matches: @Sendable (_ tokens: [Token], _ index: Int) -> Bool

    func breaches(in file: SwiftFile) -> [Finding] {
        file.tokens.indices.filter { matches(file.tokens, $0) }.map {
            Finding(path: file.path, line: file.tokens[$0].line, message: "\(name): \(remedy)")
        }
    }
}

/// A file where a banned thing has its place, with the reason.
struct Allowance: Sendable {
    let ban: String
    let path: String
    let reason: String
}

enum BanRules {
    static let all: [Ban] = traps + seams + coders

    /// What ends the process where an error was due, or hides one.
    private static let traps: [Ban] = [
        Ban(name: "try!", remedy: "throw the error on") { tokens, index in
            tokens[index].isWord("try") && isGlued("!", after: index, in: tokens)
        },
        Ban(name: "as!", remedy: "cast with 'as?' and throw") { tokens, index in
            tokens[index].isWord("as") && isGlued("!", after: index, in: tokens)
        },
        Ban(name: "force unwrap", remedy: "bind with 'guard let' and throw") { tokens, index in
            isForceUnwrap(index, in: tokens)
        },
        Ban(name: "fatalError", remedy: "throw, or state a precondition") { tokens, index in
            tokens[index].isWord("fatalError")
        },
        Ban(name: "empty catch", remedy: "handle the error, or let it pass on") { tokens, index in
            isEmptyCatch(index, in: tokens)
        },
        Ban(
            name: "unchecked Sendable", remedy: "let the compiler check it, or use a Mutex"
        ) { tokens, index in
            tokens[index].isWord("@unchecked")
                || tokens.reads(["nonisolated", "(", "unsafe", ")"], at: index)
        },
    ]

    /// Time, chance and ids come in through the initialiser.
    private static let seams: [Ban] = [
        Ban(name: "wall clock", remedy: "take the time from the injected clock") { tokens, index in
            tokens.reads(["Date", ".", "now"], at: index)
                || makes("Date", at: index, in: tokens)
                || tokens.reads(["Date", "(", "timeIntervalSinceNow"], at: index)
                || tokens.reads(["time", "(", "nil", ")"], at: index)
                || tokens.reads(["time", "(", "&"], at: index)
                || tokens[index].isWord(in: ["clock_gettime", "gettimeofday", "timespec_get"])
                || (isBareNow(index, in: tokens) && tokens.at(index + 2)?.isMark("(") != true)
        },
        Ban(
            name: "running clock", remedy: "measure and wait with the injected clock"
        ) { tokens, index in
            (tokens[index].isWord(in: ["ContinuousClock", "SuspendingClock", "DispatchTime"])
                && !isDefaultOfGivenClock(index, in: tokens))
                || tokens.reads(["NIODeadline", ".", "now"], at: index)
                || tokens.reads(["processInfo", ".", "systemUptime"], at: index)
                || (isBareNow(index, in: tokens) && tokens.at(index + 2)?.isMark("(") == true)
        },
        Ban(name: "sleep", remedy: "wait with the injected clock, or for a condition") {
            tokens, index in
            isSleep(index, in: tokens)
        },
        Ban(name: "random id", remedy: "take ids from the injected source") { tokens, index in
            makes("UUID", at: index, in: tokens)
        },
        Ban(name: "chance", remedy: "draw from the injected generator") { tokens, index in
            tokens[index].isWord(in: systemDraws) || isUnseededDraw(index, in: tokens)
        },
    ]

    private static let coders: [Ban] = [
        Ban(
            name: "Foundation's JSON coders", remedy: "use LosslessJSON, which keeps what it reads"
        ) { tokens, index in
            tokens[index].isWord(in: ["JSONDecoder", "JSONEncoder", "JSONSerialization"])
        }
    ]

    private static func isGlued(_ mark: String, after index: Int, in tokens: [Token]) -> Bool {
        guard let next = tokens.at(index + 1) else { return false }
        return next.isMark(mark) && !next.isApart
    }

    /// A postfix `!`: an unwrap, or an implicitly unwrapped type.
    private static func isForceUnwrap(_ index: Int, in tokens: [Token]) -> Bool {
        guard tokens[index].isMark("!"), !tokens[index].isApart, let before = tokens.at(index - 1)
        else { return false }
        if let next = tokens.at(index + 1), next.isMark("="), !next.isApart { return false }
        switch before.kind {
        case .word: return !before.isWord(in: ["try", "as"])
        case .literal: return true
        // `pair.1!` unwraps a tuple's member; a number that stands alone has nothing to unwrap.
        case .number: return tokens.at(index - 2)?.isMark(".") == true
        case .mark: return ")]}>!?".contains(before.text)
        }
    }

    /// `X()`, `X.init()`, or `: X = .init()`: a value made out of nothing but the present.
    private static func makes(_ type: String, at index: Int, in tokens: [Token]) -> Bool {
        tokens.reads([type, "(", ")"], at: index)
            || tokens.reads([type, ".", "init", "(", ")"], at: index)
            || tokens.reads([type, "=", ".", "init", "(", ")"], at: index)
            || tokens.reads([type, "?", "=", ".", "init", "(", ")"], at: index)
    }

    /// Words that a value follows.
    private static let valueLeaders: Set<String> = [
        "await", "case", "else", "guard", "if", "in", "return", "switch", "throw", "try", "where",
        "while", "yield",
    ]

    /// A `.now` whose type is left out, as in `let moment: Date = .now`.
    private static func isBareNow(_ index: Int, in tokens: [Token]) -> Bool {
        guard tokens.reads([".", "now"], at: index), let before = tokens.at(index - 1) else {
            return false
        }
        switch before.kind {
        case .word: return before.isWord(in: valueLeaders)
        case .number, .literal: return false
        // Behind `?` and `>` a member may be asked for; then nothing stands between.
        case .mark:
            return "(,=:[{;&|+-*/<".contains(before.text)
                || ("?>".contains(before.text) && tokens[index].isApart)
        }
    }

    private static func isEmptyCatch(_ index: Int, in tokens: [Token]) -> Bool {
        guard tokens[index].isWord("catch"), tokens.at(index - 1)?.isMark("}") == true,
            let open = tokens[index...].firstIndex(where: { $0.isMark("{") })
        else { return false }
        return tokens.at(open + 1)?.isMark("}") == true
    }

    private static func isSleep(_ index: Int, in tokens: [Token]) -> Bool {
        guard tokens[index].isWord(in: ["sleep", "usleep", "nanosleep"]),
            tokens.at(index + 1)?.isMark("(") == true
        else { return false }
        if tokens.at(index - 1)?.isMark(".") == true {
            // The method of an injected clock is what the seam is for.
            return tokens.at(index - 2)?.isWord(in: ["Task", "Thread", "Glibc", "Darwin"]) == true
        }
        return tokens.at(index - 1)?.isWord("func") != true && !hasInjectedSleep(tokens)
    }

    /// `clock: any Clock<Duration> = ContinuousClock()`: a clock that is given, with a default.
    private static func isDefaultOfGivenClock(_ index: Int, in tokens: [Token]) -> Bool {
        tokens.reads(["Clock", "<", "Duration", ">", "="], at: index - 5)
            && tokens.reads(["(", ")"], at: index + 1)
    }

    /// Whether the file is given a closure named `sleep`, which is a seam.
    private static func hasInjectedSleep(_ tokens: [Token]) -> Bool {
        tokens.indices.contains { index in
            tokens.reads(["sleep", ":"], at: index)
                && (tokens.at(index + 2)?.isMark("(") == true
                    || tokens.at(index + 2)?.text.hasPrefix("@") == true)
        }
    }

    /// What asks the operating system for chance.
    private static let systemDraws: Set<String> = [
        "SystemRandomNumberGenerator", "arc4random", "arc4random_buf", "arc4random_uniform",
        "drand48", "getentropy", "getrandom",
    ]

    private static func isUnseededDraw(_ index: Int, in tokens: [Token]) -> Bool {
        guard tokens.at(index - 1)?.isMark(".") == true,
            tokens[index].isWord(in: ["random", "randomElement", "shuffled", "shuffle"]),
            tokens.at(index + 1)?.isMark("(") == true, let end = tokens.closing(index + 1)
        else { return false }
        return !tokens[index...end].contains { $0.isWord("using") }
    }
}
