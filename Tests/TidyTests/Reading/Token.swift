/// One word or mark of Swift code; comments and the insides of string literals are not code.
struct Token: Equatable, Sendable {
    enum Kind: Sendable {
        case word
        case number
        case mark
        case literal
    }

    let kind: Kind
    /// The token as written; empty for literals, whose text must not be mistaken for code.
    let text: String
    /// The line where it starts, from 1.
    let line: Int
    /// Whether blanks, a line end or a comment stand between it and the token before.
    let isApart: Bool
    /// Whether it is the first token of its line.
    let opensLine: Bool
    /// What a string literal without interpolation says, on the first of its two tokens.
    var content: String?
}

extension Token {
    func isWord(_ text: String) -> Bool {
        kind == .word && self.text == text
    }

    func isMark(_ text: String) -> Bool {
        kind == .mark && self.text == text
    }

    func isWord(in words: Set<String>) -> Bool {
        kind == .word && words.contains(text)
    }
}

extension [Token] {
    /// The token at `index`, or `nil` outside.
    func at(_ index: Int) -> Token? {
        indices.contains(index) ? self[index] : nil
    }

    /// The index of the mark that closes the bracket opened at `index`, or `nil` when none does.
    func closing(_ index: Int) -> Int? {
        var depth = 0
        for position in self[index...].indices where self[position].kind == .mark {
            switch self[position].text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            default: break
            }
            if depth == 0 { return position }
        }
        return nil
    }

    /// Whether the words and marks from `index` on are `texts`, in this order.
    func reads(_ texts: [String], at index: Int) -> Bool {
        texts.indices.allSatisfy { offset in
            guard let token = at(index + offset), token.kind != .literal else { return false }
            return token.text == texts[offset]
        }
    }
}
