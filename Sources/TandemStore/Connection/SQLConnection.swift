/// One connection inside one transaction: valid only within the closure it was lent to.
///
/// Statements are written once, in the dialect that SQLite 3.40 and PostgreSQL 15 share, with
/// arguments as `?1`, `?2` and so on; values never become part of the text.
public protocol SQLConnection {
    /// Where the database's own language differs from the shared one.
    var dialect: Dialect { get }

    /// Runs one statement; the prepared form is kept under its text.
    /// - Returns: The number of rows changed.
    /// - Throws: ``StoreError``.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> Int

    /// Runs one query and shows each row in turn.
    /// - Throws: ``StoreError``, or what `row` throws.
    func query(
        _ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Void
    ) throws

    /// Runs several statements without arguments, divided by semicolons: for schemas only.
    /// - Throws: ``StoreError``.
    func executeScript(_ sql: String) throws(StoreError)
}

/// One row of an answer: valid only while it is shown.
public protocol SQLRow {
    /// The whole number in `column`, counted from 0; `nil` where there is none.
    func int(_ column: Int) -> Int64?
    /// The text in `column`; `nil` where there is none.
    func text(_ column: Int) -> String?
    /// The bytes in `column`; `nil` where there are none.
    func bytes(_ column: Int) -> [UInt8]?
}

/// A driver: hands out connections, and nothing else.
///
/// What it promises: a read sees one state of the whole store; a write sees what was committed
/// before it began, and either all of it is kept, on disk, when the call returns, or none of it,
/// when the call throws. A task's cancellation does not tear a transaction: it ends either way.
public protocol SQLDatabase: Sendable {
    /// Lends a connection that sees one unchanging state and cannot write.
    /// - Throws: ``StoreError``, or what `body` throws.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value

    /// Lends the writing connection inside a transaction; a throw undoes it.
    /// - Throws: ``StoreError``, or what `body` throws.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value

    /// As `read`, but the calling thread waits.
    /// - Throws: ``StoreError``, or what `body` throws.
    func readBlocking<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value

    /// As `write`, but the calling thread waits.
    /// - Throws: ``StoreError``, or what `body` throws.
    func writeBlocking<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value

    /// Gives back files and locks; whatever is asked afterwards fails as `closed`.
    /// - Throws: ``StoreError``.
    func close() throws(StoreError)
}
