import LosslessJSON
import TandemCore

/// Reads a row's columns one after another, in the order in which the query names them.
struct RowReader {
    private let row: any SQLRow
    private var column = 0

    init(row: any SQLRow) { self.row = row }

    private mutating func advance() -> Int {
        defer { column += 1 }
        return column
    }

    mutating func optionalInteger() -> Int64? { row.int(advance()) }
    mutating func optionalText() -> String? { row.text(advance()) }
    mutating func optionalBytes() -> [UInt8]? { row.bytes(advance()) }

    mutating func integer() throws(StoreError) -> Int64 { try present(optionalInteger()) }
    mutating func text() throws(StoreError) -> String { try present(optionalText()) }
    mutating func bytes() throws(StoreError) -> [UInt8] { try present(optionalBytes()) }

    mutating func flag() throws(StoreError) -> Bool { try integer() != 0 }

    mutating func moment() throws(StoreError) -> Timestamp {
        Timestamp(milliseconds: try integer())
    }

    mutating func optionalMoment() -> Timestamp? {
        optionalInteger().map(Timestamp.init(milliseconds:))
    }

    /// An id, a name or an open word.
    mutating func word<Word: RawRepresentable<String>>(
        _ type: Word.Type = Word.self
    ) throws(StoreError) -> Word {
        try present(Word(rawValue: try text()))
    }

    /// An id, a name or an open word, or none.
    mutating func optionalWord<Word: RawRepresentable<String>>(
        _ type: Word.Type = Word.self
    ) throws(StoreError) -> Word? {
        guard let text = optionalText() else { return nil }
        return try present(Word(rawValue: text))
    }

    /// A JSON document that was stored as bytes.
    mutating func optionalJSON() throws(StoreError) -> JSON? {
        guard let bytes = optionalBytes() else { return nil }
        return try Self.decode(bytes)
    }

    static func decode(_ bytes: [UInt8]) throws(StoreError) -> JSON {
        do { return try JSON(parsing: bytes) } catch {
            throw StoreError.corruptRow("document", cause: error)
        }
    }

    private func present<Value>(_ value: Value?) throws(StoreError) -> Value {
        guard let value else { throw StoreError.corruptRow("row, column \(column - 1) of which") }
        return value
    }
}

extension SQLValue {
    /// A document's compact text as bytes, or no value.
    static func json(_ json: JSON?) -> Self { json.map { .blob($0.serialized()) } ?? .null }

    /// A moment in milliseconds since 1970 UTC.
    static func moment(_ moment: Timestamp) -> Self { .integer(moment.milliseconds) }

    /// A moment in milliseconds since 1970 UTC, or no value.
    static func moment(_ moment: Timestamp?) -> Self {
        moment.map { .integer($0.milliseconds) } ?? .null
    }
}
