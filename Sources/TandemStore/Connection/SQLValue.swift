/// One value that goes into a statement or comes out of a row.
public enum SQLValue: Hashable, Sendable {
    /// No value.
    case null
    /// A whole number of 64 bits.
    case integer(Int64)
    /// Text in UTF-8.
    case text(String)
    /// Bytes as they are.
    case blob([UInt8])
}

extension SQLValue {
    /// A text, or no value.
    static func optional(_ text: String?) -> Self { text.map(SQLValue.text) ?? .null }

    /// A whole number, or no value.
    static func optional(_ number: Int64?) -> Self { number.map(SQLValue.integer) ?? .null }

    /// Bytes, or no value.
    static func optional(_ bytes: [UInt8]?) -> Self { bytes.map(SQLValue.blob) ?? .null }

    /// One for true, zero for false: both dialects keep truth as a number.
    static func flag(_ flag: Bool) -> Self { .integer(flag ? 1 : 0) }

    /// The text of an id, a name or an open word.
    static func word(_ word: some RawRepresentable<String>) -> Self { .text(word.rawValue) }

    /// The text of an id, a name or an open word, or no value.
    static func word(_ word: (some RawRepresentable<String>)?) -> Self {
        word.map { .text($0.rawValue) } ?? .null
    }
}

extension SQLValue {
    /// The argument of a `LIMIT`: no limit is the largest whole number, in both dialects.
    static func limit(_ limit: Int?) -> Self {
        .integer(limit.map { Int64(max(0, $0)) } ?? .max)
    }
}
