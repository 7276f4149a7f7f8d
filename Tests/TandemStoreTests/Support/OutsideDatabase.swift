import TandemStore

/// A driver as another target would write it, with nothing but what the store shows to others: it
/// states a dialect of its own, and has the tables made in it.
///
/// Below it lies SQLite in memory, whose own tables it takes away first.
final class OutsideDatabase: SQLDatabase {
    private let base: SQLiteDatabase

    init() throws {
        base = try SQLiteDatabase()
        try base.writeBlocking { connection in
            try Self.empty(connection)
            try Schema.migrate(from: 0, on: OutsideConnection(base: connection))
        }
    }

    private static func empty(_ connection: any SQLConnection) throws {
        var tables: [String] = []
        // The index goes first, and takes the tables that it consists of with it.
        try connection.execute("DROP TABLE resource_words", [])
        try connection.query(
            """
            SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
            ORDER BY rowid DESC
            """, []
        ) { row in tables.append(row.text(0) ?? "") }
        for table in tables { try connection.execute("DROP TABLE \(table)", []) }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await base.read { try body(OutsideConnection(base: $0)) }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await base.write { try body(OutsideConnection(base: $0)) }
    }

    func readBlocking<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try base.readBlocking { try body(OutsideConnection(base: $0)) }
    }

    func writeBlocking<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try base.writeBlocking { try body(OutsideConnection(base: $0)) }
    }

    func close() throws(StoreError) { try base.close() }
}

private struct OutsideConnection: SQLConnection {
    let base: any SQLConnection

    /// Another index of words than that of the driver below, under a name of its own.
    let dialect = Dialect(
        name: "from outside",
        words: [
            "blob": "BLOB", "integer": "INTEGER", "strict": "STRICT",
            "row key": "INTEGER PRIMARY KEY",
            "growing key": "INTEGER PRIMARY KEY AUTOINCREMENT",
        ],
        additions: [
            1: """
            CREATE VIRTUAL TABLE outside_words USING fts5 (
                words, content = 'resources', content_rowid = 'row_key',
                tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
            );
            """
        ],
        searchCondition:
            "r.row_key IN (SELECT rowid FROM outside_words WHERE outside_words MATCH ?)",
        lastRowKey: "SELECT last_insert_rowid()",
        wordsAdded: """
            INSERT INTO outside_words (rowid, words)
            SELECT r.row_key, r.words FROM resources r WHERE
            """,
        wordsRemoved: """
            INSERT INTO outside_words (outside_words, rowid, words)
            SELECT 'delete', r.row_key, r.words FROM resources r WHERE
            """)

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StoreError) -> Int {
        try base.execute(sql, arguments)
    }

    func query(
        _ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Void
    ) throws {
        try base.query(sql, arguments, row)
    }

    func executeScript(_ sql: String) throws(StoreError) { try base.executeScript(sql) }
}
