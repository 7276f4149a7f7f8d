/// One line of a recurrence set, cut into its pieces (RFC 5545, section 3.1).
struct RecurrenceLine: Equatable, Sendable {
    enum Name: String, Sendable {
        case rule = "RRULE"
        case exceptionRule = "EXRULE"
        case date = "RDATE"
        case exceptionDate = "EXDATE"
    }

    /// One `NAME=VALUE` before the colon.
    struct Parameter: Equatable, Sendable {
        /// Upper case.
        let name: String
        /// Without quotation marks.
        let value: String
        let text: String
    }

    let name: Name
    let parameters: [Parameter]
    let value: Substring
    /// The whole line, unfolded.
    let text: String

    /// - Throws: ``FormatError`` with code `rule`.
    init(_ source: String) throws(FormatError) {
        text = Self.unfolded(source)
        let pieces = Self.pieces(of: text[...])
        guard let pieces, let head = pieces.head.first,
            let name = Name(rawValue: RecurrenceRule.trim(head).uppercased())
        else {
            throw RecurrenceRule.bad(
                "A recurrence line begins with RRULE:, EXRULE:, RDATE: or EXDATE:.",
                text.prefix(80))
        }
        self.name = name
        value = RecurrenceRule.trim(pieces.value)
        var parameters: [Parameter] = []
        for piece in pieces.head.dropFirst() {
            let key = piece.prefix { $0 != "=" }
            guard key.count < piece.count, !key.isEmpty else {
                throw RecurrenceRule.bad("A parameter must be NAME=VALUE.", piece.prefix(80))
            }
            let value = piece.dropFirst(key.count + 1).filter { $0 != "\"" }
            parameters.append(
                Parameter(name: key.uppercased(), value: String(value), text: String(piece)))
        }
        self.parameters = parameters
        guard !text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 }) else {
            throw RecurrenceRule.bad("A line must not hold control characters.", text.prefix(80))
        }
    }

    var isRule: Bool { name == .rule || name == .exceptionRule }

    func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// Everything before the value, colon included.
    var head: String {
        ([name.rawValue] + parameters.map(\.text)).joined(separator: ";") + ":"
    }

    /// Takes out folds (a line break and a blank) and line breaks at the end.
    private static func unfolded(_ source: String) -> String {
        func isBreak(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }
        guard source.utf8.contains(where: isBreak) else { return source }
        var bytes: [UInt8] = []
        var rest = Array(source.utf8)[...]
        while let byte = rest.first {
            let breaks = rest.prefix(while: isBreak)
            let next = rest.dropFirst(breaks.count).first
            if breaks.isEmpty {
                bytes.append(byte)
                rest = rest.dropFirst()
            } else if next == nil || next == 0x20 || next == 0x09 {
                rest = rest.dropFirst(breaks.count + 1)
            } else {
                bytes.append(contentsOf: breaks)
                rest = rest.dropFirst(breaks.count)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Cuts at semicolons up to the first colon, neither of them within quotation marks.
    private static func pieces(of text: Substring) -> (head: [Substring], value: Substring)? {
        var head: [Substring] = []
        var isQuoted = false
        var start = text.startIndex
        let bytes = text.utf8
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ";") where !isQuoted:
                head.append(text[start..<index])
                start = bytes.index(after: index)
            case UInt8(ascii: ":") where !isQuoted:
                head.append(text[start..<index])
                return (head, text[bytes.index(after: index)...])
            default: break
            }
        }
        return nil
    }
}
