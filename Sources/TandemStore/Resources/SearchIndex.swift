import TandemCore

/// Keeps the index of words in step with the rows of resources, for one transaction.
///
/// SQLite's index is a virtual table, which a trigger may not touch while the schema is not
/// trusted; so whoever changes rows says so here. New rows wait, and enter the index together: at
/// the transaction's end, or before anything else is asked of it. A dialect whose index keeps
/// itself is told nothing.
final class SearchIndex {
    private let connection: any SQLConnection
    /// The key of the first row that waits; all behind it wait, too, since keys count up.
    private var firstWaiting: Int64?

    init(connection: any SQLConnection) {
        self.connection = connection
    }

    /// Says that the last row that was inserted is a resource's.
    func noteInsertion() throws {
        guard firstWaiting == nil, let sql = connection.dialect.lastRowKey else { return }
        try connection.query(sql, []) { row in
            var reader = RowReader(row: row)
            firstWaiting = try reader.integer()
        }
    }

    /// Adds the words of the rows that wait.
    func settle() throws(StoreError) {
        guard let first = firstWaiting else { return }
        firstWaiting = nil
        try add(where: "r.row_key >= ?1", [.integer(first)])
    }

    /// Adds the words of every resource `r` for which a condition holds, and which is not in the
    /// index yet.
    func add(where condition: String, _ arguments: [SQLValue]) throws(StoreError) {
        guard let sql = connection.dialect.wordsAdded else { return }
        try connection.execute("\(sql) \(condition)", arguments)
    }

    /// Removes the words of every resource `r` for which a condition holds, before their rows are
    /// changed or deleted.
    func remove(where condition: String, _ arguments: [SQLValue]) throws(StoreError) {
        try settle()
        guard let sql = connection.dialect.wordsRemoved else { return }
        try connection.execute("\(sql) \(condition)", arguments)
    }
}
