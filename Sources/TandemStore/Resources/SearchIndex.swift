import TandemCore

/// Keeps the index of words in step with the rows of resources.
///
/// SQLite's index is a virtual table, which a trigger may not touch while the schema is not
/// trusted; so whoever changes rows says so here. A dialect whose index keeps itself says nothing.
struct SearchIndex {
    let connection: any SQLConnection

    /// Adds the words of the row that was inserted last.
    func addLast(_ projection: Projection) throws(StoreError) {
        guard let sql = connection.dialect.wordsOfLastRow else { return }
        try connection.execute(sql, [.text(projection.title), .text(projection.searchText)])
    }

    /// Adds the words of every resource `r` for which a condition holds.
    func add(where condition: String, _ arguments: [SQLValue]) throws(StoreError) {
        guard let sql = connection.dialect.wordsAdded else { return }
        try connection.execute("\(sql) \(condition)", arguments)
    }

    /// Removes the words of every resource `r` for which a condition holds, before their rows are
    /// changed or deleted.
    func remove(where condition: String, _ arguments: [SQLValue]) throws(StoreError) {
        guard let sql = connection.dialect.wordsRemoved else { return }
        try connection.execute("\(sql) \(condition)", arguments)
    }
}
