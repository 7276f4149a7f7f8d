/// Header fields in the order they came or go; names match without regard to case.
///
/// - SeeAlso: RFC 9110 section 5.
public struct WebHeaders: Hashable, Sendable {
    /// One header field.
    public struct Field: Hashable, Sendable {
        /// The name as written.
        public let name: String
        /// The value, without blanks at its ends.
        public let value: String
    }

    /// Every field, in order.
    public private(set) var fields: [Field] = []

    /// No header at all.
    public init() {}

    /// The fields given, in order.
    public init(_ fields: [(String, String)]) {
        for (name, value) in fields { append(name, value) }
    }

    /// The first value of a name; setting replaces every value of it, `nil` removes them.
    public subscript(name: String) -> String? {
        get { fields.first { Self.equal($0.name, name) }?.value }
        set {
            fields.removeAll { Self.equal($0.name, name) }
            if let newValue { append(name, newValue) }
        }
    }

    /// Every value of a name, in order.
    public func values(of name: String) -> [String] {
        fields.filter { Self.equal($0.name, name) }.map(\.value)
    }

    /// Adds a field behind the others.
    public mutating func append(_ name: String, _ value: String) {
        let blanks: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let front = value.drop(while: blanks)
        let end = front.lastIndex { !blanks($0) }.map(front.index(after:)) ?? front.startIndex
        fields.append(Field(name: name, value: String(front[..<end])))
    }

    /// Whether every name is a token and no value holds a control character.
    ///
    /// - SeeAlso: RFC 9110 sections 5.1 and 5.5.
    public var areValid: Bool {
        fields.allSatisfy { field in
            !field.name.isEmpty && field.name.utf8.allSatisfy(Self.isTokenByte)
                && field.value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
        }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func equal(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { lower($0) == lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}

extension WebHeaders: ExpressibleByDictionaryLiteral {
    /// The fields of a literal, in order.
    public init(dictionaryLiteral elements: (String, String)...) { self.init(elements) }
}

extension WebHeaders: CustomStringConvertible, CustomReflectable {
    /// One `name: value` after the other; values of secret headers are masked.
    public var description: String {
        fields.map { "\($0.name): \(Redaction.header($0.name, value: $0.value))" }
            .joined(separator: "; ")
    }
    /// Nothing but the masked text, so that `dump` shows no more than `print`.
    public var customMirror: Mirror { Mirror(self, children: ["fields": description]) }
}

extension WebHeaders.Field: CustomStringConvertible, CustomReflectable {
    /// `name: value`; the value of a secret header is masked.
    public var description: String { "\(name): \(Redaction.header(name, value: value))" }
    /// Nothing but the masked text, so that `dump` shows no more than `print`.
    public var customMirror: Mirror { Mirror(self, children: ["field": description]) }
}
