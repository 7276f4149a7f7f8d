import TandemCore

/// The one way from a repository to the database: argument 1 of every statement is the user.
struct UserGate {
    let connection: any SQLConnection
    let user: UserID

    /// Runs a statement whose `?1` is the user.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue] = []) throws(StoreError) -> Int {
        try connection.execute(sql, [.text(user.rawValue)] + arguments)
    }

    /// Runs a statement that must touch a row, or else throws `notFound` for `thing`.
    func change(_ thing: String, _ sql: String, _ arguments: [SQLValue]) throws(StoreError) {
        guard try execute(sql, arguments) > 0 else { throw StoreError.notFound(thing) }
    }

    /// Every row's value, in the query's order.
    func all<Value>(
        _ sql: String, _ arguments: [SQLValue], _ decode: (inout RowReader) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        try connection.query(sql, [.text(user.rawValue)] + arguments) { row in
            var reader = RowReader(row: row)
            values.append(try decode(&reader))
        }
        return values
    }

    /// The first row's value, `nil` where there is no row; the query limits itself to one.
    func first<Value>(
        _ sql: String, _ arguments: [SQLValue], _ decode: (inout RowReader) throws -> Value
    ) throws -> Value? {
        try all(sql, arguments, decode).first
    }

    /// The number that a counting query answers.
    func count(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
        try first(sql, arguments) { try $0.integer() }.map { Int($0) } ?? 0
    }

    /// Whether a query answers at least one row.
    func exists(_ sql: String, _ arguments: [SQLValue]) throws -> Bool {
        try first(sql, arguments) { _ in true } ?? false
    }
}
