/// Splits Swift source into tokens, good enough to find names, braces and unwraps.
///
/// It knows line and nested block comments, string literals of all forms (raw, multi-line,
/// interpolated), regex literals and names in backticks. The code inside an interpolation is code.
struct SwiftLexer {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var isApart = true
    private var opensLine = true
    private var tokens: [Token] = []

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    static func tokens(of text: String) -> [Token] {
        var lexer = SwiftLexer(text)
        lexer.readCode(insideInterpolation: false)
        return lexer.tokens
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        bytes.indices.contains(index + offset) ? bytes[index + offset] : nil
    }

    private func has(_ text: String, at offset: Int = 0) -> Bool {
        bytes.dropFirst(index + offset).starts(with: text.utf8)
    }

    private mutating func append(_ kind: Token.Kind, _ text: String, line: Int? = nil) {
        tokens.append(
            Token(
                kind: kind, text: text, line: line ?? self.line, isApart: isApart,
                opensLine: opensLine))
        isApart = false
        opensLine = false
    }

    /// Reads to the end, or to the parenthesis that ends an interpolation, which it consumes.
    private mutating func readCode(insideInterpolation: Bool) {
        var depth = 0
        while let next = byte() {
            if skipSpace(next) || skipComment() || readLiteral() || readWord(next) { continue }
            if next == UInt8(ascii: "(") { depth += 1 }
            if next == UInt8(ascii: ")") { depth -= 1 }
            append(.mark, String(UnicodeScalar(next)))
            index += 1
            if insideInterpolation, depth < 0 { return }
        }
    }

    private mutating func skipSpace(_ next: UInt8) -> Bool {
        guard next == 0x0A || next == 0x20 || next == 0x09 || next == 0x0D else { return false }
        if next == 0x0A {
            line += 1
            opensLine = true
        }
        isApart = true
        index += 1
        return true
    }

    private mutating func skipComment() -> Bool {
        if has("//") {
            while let next = byte(), next != 0x0A { index += 1 }
        } else if has("/*") {
            var depth = 0
            repeat {
                if has("/*") {
                    depth += 1
                    index += 2
                } else if has("*/") {
                    depth -= 1
                    index += 2
                } else {
                    if byte() == 0x0A { line += 1 }
                    index += 1
                }
            } while depth > 0 && byte() != nil
        } else {
            return false
        }
        isApart = true
        return true
    }

    private mutating func readWord(_ next: UInt8) -> Bool {
        if next == UInt8(ascii: "`") {
            var end = index + 1
            while end < bytes.count, bytes[end] != next, bytes[end] != 0x0A { end += 1 }
            append(.word, String(decoding: bytes[index..<min(end + 1, bytes.count)], as: UTF8.self))
            index = min(end + 1, bytes.count)
            return true
        }
        let start = index
        let isNumber = Self.isDigit(next)
        guard isNumber || Self.startsWord(next) else { return false }
        index += 1
        while let more = byte() {
            let isFraction =
                isNumber && more == UInt8(ascii: ".") && byte(1).map(Self.isDigit) == true
            guard isFraction || Self.isDigit(more) || Self.continuesWord(more) else { break }
            index += 1
        }
        append(isNumber ? .number : .word, String(decoding: bytes[start..<index], as: UTF8.self))
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }

    private static func continuesWord(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte >= 0x80
    }

    /// Attributes (`@Test`), compiler directives (`#if`) and closure arguments (`$0`) are words.
    private static func startsWord(_ byte: UInt8) -> Bool {
        continuesWord(byte) || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "#")
            || byte == UInt8(ascii: "$")
    }
}

// MARK: Literals

extension SwiftLexer {
    private mutating func readLiteral() -> Bool {
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        switch byte(hashes) {
        case UInt8(ascii: "\""):
            readString(hashes: hashes)
            return true
        case UInt8(ascii: "/"):
            return readRegex(hashes: hashes)
        default:
            return false
        }
    }

    private mutating func readString(hashes: Int) {
        let fence = String(repeating: "#", count: hashes)
        let isMultiline = has("\"\"\"", at: hashes) && isBlankLine(from: index + hashes + 3)
        let closer = (isMultiline ? "\"\"\"" : "\"") + fence
        let escape = "\\" + fence
        let opening = tokens.count
        append(.literal, "")
        index += hashes + (isMultiline ? 3 : 1)
        let start = index
        while let next = byte() {
            if has(closer) {
                if tokens.count == opening + 1 {
                    tokens[opening].content = String(decoding: bytes[start..<index], as: UTF8.self)
                }
                index += closer.utf8.count
                append(.literal, "")
                return
            }
            if next == 0x0A {
                // A one-line literal that is not closed: the compiler refuses it; do not run on.
                guard isMultiline else { return }
                line += 1
                index += 1
            } else if has(escape + "(") {
                index += escape.utf8.count
                append(.mark, "(")
                index += 1
                readCode(insideInterpolation: true)
            } else if has(escape) {
                index += escape.utf8.count
                if let escaped = byte(), escaped != 0x0A { index += 1 }
            } else {
                index += 1
            }
        }
    }

    /// Whether only blanks follow on this line: what tells `"""` from a raw string with quotes.
    private func isBlankLine(from start: Int) -> Bool {
        let rest = bytes.dropFirst(start).prefix { $0 != 0x0A }
        return rest.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }

    private mutating func readRegex(hashes: Int) -> Bool {
        guard hashes > 0 || expectsOperand else { return false }
        let closer = "/" + String(repeating: "#", count: hashes)
        var end = index + hashes + 1
        // A bare regex neither starts with a blank nor leaves its line.
        if hashes == 0 {
            guard let first = byte(1), first != 0x20, first != 0x09, first != 0x0A else {
                return false
            }
        }
        var lines = 0
        while end < bytes.count {
            if bytes.dropFirst(end).starts(with: closer.utf8) {
                append(.literal, "")
                line += lines
                index = end + closer.utf8.count
                return true
            }
            if bytes[end] == 0x0A {
                guard hashes > 0 else { return false }
                lines += 1
            }
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return false
    }

    /// Words that a value follows.
    private static let operandLeaders: Set<String> = [
        "return", "in", "case", "where", "try", "await", "else",
    ]

    /// Whether a value must come next, so that `/` opens a regex and does not divide.
    private var expectsOperand: Bool {
        guard let last = tokens.last else { return true }
        switch last.kind {
        case .number, .literal: return false
        case .word: return last.isWord(in: Self.operandLeaders)
        case .mark: return "(,=:[{;&|".contains(last.text)
        }
    }
}
