import GRDB
import GRDBSQLite

/// One connection inside one transaction.
///
/// GRDB keeps the connection, its transactions and its prepared statements; values are bound and
/// read here, because GRDB ends a text at its first U+0000.
final class SQLiteConnection: SQLConnection {
    let dialect = Dialect.sqlite
    private let database: Database
    private let handle: OpaquePointer
    /// Whether statements that write are refused.
    ///
    /// `PRAGMA query_only` would do so, too, but lets SQLite forget every statement that it
    /// prepared, each time it is set.
    private let onlyReads: Bool
    /// The texts whose kept statements are showing rows, so that they are not started over.
    private var active: Set<String> = []
    /// The statement that was asked for last.
    ///
    /// Row after row of a page asks for one again, and to look it up is to hash all of its text.
    private var latest: (sql: String, statement: Statement)?
    /// The failure that made SQLite undo the whole transaction by itself: nothing may follow it.
    private(set) var fatalFailure: StoreError?

    init(_ database: Database, onlyReads: Bool = false) throws(StoreError) {
        self.database = database
        self.onlyReads = onlyReads
        guard let handle = database.sqliteConnection else { throw SQLiteErrors.closed }
        self.handle = handle
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> Int {
        let statement = try prepare(sql, arguments)
        defer { statement.reset() }
        var code = sqlite3_step(statement.pointer)
        while code == SQLITE_ROW { code = sqlite3_step(statement.pointer) }
        guard code == SQLITE_DONE else { throw failure(code) }
        return Int(sqlite3_changes(handle))
    }

    func query(
        _ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Void
    ) throws {
        let statement = try prepare(sql, arguments)
        let isOutermost = active.insert(sql).inserted
        defer {
            statement.reset()
            if isOutermost { active.remove(sql) }
        }
        while true {
            let code = sqlite3_step(statement.pointer)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw failure(code) }
            try row(SQLiteRow(statement: statement.pointer))
        }
    }

    func executeScript(_ sql: String) throws(StoreError) {
        if let fatalFailure { throw fatalFailure }
        guard !onlyReads else { throw Self.refusal }
        do { try database.execute(sql: sql) } catch { throw SQLiteErrors.storeError(error) }
    }

    private func prepare(
        _ sql: String, _ arguments: [SQLValue]
    ) throws(StoreError) -> BoundStatement {
        if let fatalFailure { throw fatalFailure }
        let bound = BoundStatement(keeper: try statement(sql), room: arguments)
        guard !onlyReads || Self.reads(bound.pointer) else { throw Self.refusal }
        for (index, value) in arguments.enumerated() {
            let code = bound.bind(value, at: Int32(index + 1))
            guard code == SQLITE_OK else {
                bound.reset()
                throw failure(code)
            }
        }
        return bound
    }

    /// Whether running a statement changes nothing; to explain one that writes writes nothing.
    private static func reads(_ statement: OpaquePointer) -> Bool {
        sqlite3_stmt_readonly(statement) != 0 || sqlite3_stmt_isexplain(statement) != 0
    }

    /// What SQLite itself would say.
    private static let refusal = SQLiteErrors.storeError(
        code: SQLITE_READONLY, message: "attempt to write a readonly database")

    private func statement(_ sql: String) throws(StoreError) -> Statement {
        do {
            if active.contains(sql) { return try database.makeStatement(sql: sql) }
            if let latest, latest.sql == sql { return latest.statement }
            let statement = try database.cachedStatement(sql: sql)
            latest = (sql, statement)
            return statement
        } catch { throw SQLiteErrors.storeError(error) }
    }

    private func failure(_ code: Int32) -> StoreError {
        let error = SQLiteErrors.storeError(
            code: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle))
        )
        if sqlite3_get_autocommit(handle) != 0 { fatalFailure = error }
        return error
    }
}

/// A prepared statement with its arguments.
///
/// Texts and blobs are copied into one piece of memory that lives until ``reset()``; SQLite, told
/// to copy them itself, asks for a piece for each.
private final class BoundStatement {
    /// Keeps the statement from being finalised.
    private let keeper: Statement
    private let memory: UnsafeMutableRawBufferPointer
    private var used = 0
    var pointer: OpaquePointer { keeper.sqliteStatement }

    init(keeper: Statement, room arguments: [SQLValue]) {
        self.keeper = keeper
        memory = .allocate(
            byteCount: arguments.reduce(0) { $0 + $1.byteCount }, alignment: 1)
    }

    func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    deinit { memory.deallocate() }

    func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(pointer, index)
        case .integer(let number): return sqlite3_bind_int64(pointer, index, number)
        case .text(var text):
            // An empty buffer may have no address, which SQLite would take for no value; a
            // destructor of -1 has it copy what lives for this call only.
            guard !text.isEmpty else {
                return sqlite3_bind_text(
                    pointer, index, "", 0, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
            }
            let copy = text.withUTF8 { keep(UnsafeRawBufferPointer($0)) }
            return sqlite3_bind_text64(
                pointer, index, copy.assumingMemoryBound(to: CChar.self).baseAddress,
                UInt64(copy.count), nil, UInt8(SQLITE_UTF8))
        case .blob(let bytes):
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(pointer, index, 0) }
            let copy = bytes.withUnsafeBytes { keep($0) }
            return sqlite3_bind_blob64(
                pointer, index, copy.baseAddress, UInt64(copy.count), nil)
        }
    }

    /// Copies bytes behind those that were copied before.
    private func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let place = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + bytes.count])
        place.copyMemory(from: bytes)
        used += bytes.count
        return UnsafeRawBufferPointer(place)
    }
}

extension SQLValue {
    /// How many bytes of text or blob it is.
    fileprivate var byteCount: Int {
        switch self {
        case .null, .integer: 0
        case .text(let text): text.utf8.count
        case .blob(let bytes): bytes.count
        }
    }
}

/// The row that a statement stands at.
private struct SQLiteRow: SQLRow {
    let statement: OpaquePointer

    func int(_ column: Int) -> Int64? {
        isNull(column) ? nil : sqlite3_column_int64(statement, Int32(column))
    }

    func text(_ column: Int) -> String? {
        guard let start = sqlite3_column_text(statement, Int32(column)) else { return nil }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int) -> [UInt8]? {
        guard !isNull(column) else { return nil }
        guard let start = sqlite3_column_blob(statement, Int32(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
    }
}
