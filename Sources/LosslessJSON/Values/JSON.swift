/// Any JSON value as a tree; keeps the order of keys and the text of numbers.
///
/// Equality: members in any order, numbers by their text (`1` is not `1.0`; compare ``canonical()``
/// forms for that), strings by their UTF-8 bytes. Operations recurse, so a tree that is built by
/// hand should not be nested deeper than 512 levels.
public enum JSON: Sendable {
    /// The word `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, as it is written.
    case number(JSONNumber)
    /// A string; may contain U+0000.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object.
    case object(JSONObject)
}

extension JSON: Hashable {
    /// Compares two trees.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): ExactText.same(left, right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Feeds what equality looks at.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0 as UInt8)
        case .bool(let bool):
            hasher.combine(1 as UInt8)
            hasher.combine(bool)
        case .number(let number):
            hasher.combine(2 as UInt8)
            hasher.combine(number)
        case .string(let string):
            hasher.combine(3 as UInt8)
            ExactText.hash(string, into: &hasher)
        case .array(let elements):
            hasher.combine(4 as UInt8)
            hasher.combine(elements)
        case .object(let object):
            hasher.combine(5 as UInt8)
            hasher.combine(object)
        }
    }
}

extension JSON {
    /// Parses bytes into a tree; of members with the same key the last one counts.
    ///
    /// - Throws: ``JSONError`` under the same conditions as ``JSONDocument/init(parsing:limits:)``.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            try JSON(parsing: buffer, limits: limits)
        }
    }

    /// Parses a text into a tree; offsets in errors count its UTF-8 bytes.
    ///
    /// - Throws: ``JSONError`` under the same conditions as ``JSONDocument/init(parsing:limits:)``.
    public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    private init(
        parsing bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits
    ) throws(JSONError) {
        let tape = try TapeScanner.scan(bytes, limits: limits)
        self = tape.withUnsafeBufferPointer { TreeBuilder(bytes: bytes, tape: $0).value(at: 0) }
    }
}
