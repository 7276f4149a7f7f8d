/// Words that have no place in what we publish.
///
/// The patterns are put together here, so that this file does not break its own rule.
enum WordRules {
    /// Marks of work left undone: an issue is the place for it.
    static let unfinished = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

    /// Places on one machine and words about how the text came to be, in lower case.
    static let foreign = [
        "/wo" + "rk/", "/tmp/" + "pk/", "/tmp/" + "brief", "." + "library/", "../sha" + "red",
        "this ses" + "sion", "sub" + "agent", "before-" + "stop",
    ]

    static func unfinished(in path: String, text: String) -> [Finding] {
        lines(of: text).flatMap { number, line in
            unfinished.filter { holdsWord($0, in: line) }.map {
                Finding(path: path, line: number, message: "'\($0)': finish it, or file an issue")
            }
        }
    }

    static func foreign(in path: String, text: String) -> [Finding] {
        let lowered = text.lowercased()
        let found = foreign.filter(lowered.contains)
        if found.isEmpty { return [] }
        return lines(of: lowered).flatMap { number, line in
            found.filter(line.contains).map {
                Finding(path: path, line: number, message: "'\($0)' does not belong here")
            }
        }
    }

    private static func lines(of text: String) -> [(Int, Substring)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
            ($0.offset + 1, $0.element)
        }
    }

    /// Whether `word` stands in `line` by itself, not within a longer word or number.
    private static func holdsWord(_ word: String, in line: Substring) -> Bool {
        line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == word }
    }
}
