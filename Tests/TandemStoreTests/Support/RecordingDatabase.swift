import Synchronization
import TandemStore

/// A driver that passes everything on to another and remembers the statements.
final class RecordingDatabase: SQLDatabase {
    private let base: any SQLDatabase
    private let recorded = Mutex<Set<String>>([])

    init(_ base: any SQLDatabase) { self.base = base }

    /// Every statement so far, in order of its text.
    var statements: [String] { recorded.withLock { $0.sorted() } }

    /// Forgets what was remembered.
    func forget() { recorded.withLock { $0 = [] } }

    private func note(_ sql: String) { recorded.withLock { _ = $0.insert(sql) } }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await base.read { [self] in try body(Recorder(base: $0, note: note)) }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await base.write { [self] in try body(Recorder(base: $0, note: note)) }
    }

    func readBlocking<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try base.readBlocking { try body(Recorder(base: $0, note: note)) }
    }

    func writeBlocking<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try base.writeBlocking { try body(Recorder(base: $0, note: note)) }
    }

    func close() throws(StoreError) { try base.close() }
}

private struct Recorder: SQLConnection {
    let base: any SQLConnection
    let note: (String) -> Void

    var dialect: Dialect { base.dialect }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> Int {
        note(sql)
        return try base.execute(sql, arguments)
    }

    func query(
        _ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Void
    ) throws {
        note(sql)
        try base.query(sql, arguments, row)
    }

    func executeScript(_ sql: String) throws(StoreError) { try base.executeScript(sql) }
}
