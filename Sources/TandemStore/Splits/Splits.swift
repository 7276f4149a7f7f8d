public import TandemCore

/// The series of a user that were divided here and that the provider did not take whole yet.
public struct Splits {
    let transaction: StoreTransaction

    private static let columns = "earlier_id, later_id, edit_number, operation_id"

    /// Notes that a series was divided.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown resource, or a later part
    ///   that continues another series already.
    public func add(_ split: Split) throws {
        try transaction.gate.execute(
            """
            INSERT INTO splits (user_id, earlier_id, later_id, edit_number, operation_id)
            VALUES (?1, ?2, ?3, ?4, ?5)
            """,
            [
                .word(split.earlier), .word(split.later), .integer(split.edit),
                .word(split.operation),
            ])
    }

    /// Notes that a later edit of the earlier part cuts it now.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func update(_ split: Split) throws {
        try transaction.gate.change(
            "split", "UPDATE splits SET edit_number = ?3 WHERE user_id = ?1 AND later_id = ?2",
            [.word(split.later), .integer(split.edit)])
    }

    /// The splits whose earlier part a series is, by the later part's id.
    /// - Throws: ``StoreError``.
    public func cutting(_ earlier: ResourceID) throws -> [Split] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM splits WHERE user_id = ?1 AND earlier_id = ?2
            ORDER BY later_id
            """,
            [.word(earlier)], decode)
    }

    /// The split whose later part a series is; `nil` where it is none's.
    /// - Throws: ``StoreError``.
    public func continuing(in later: ResourceID) throws -> Split? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM splits WHERE user_id = ?1 AND later_id = ?2",
            [.word(later)], decode)
    }

    /// The splits that one edit made.
    /// - Throws: ``StoreError``.
    public func made(by operation: OperationID) throws -> [Split] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM splits WHERE user_id = ?1 AND operation_id = ?2
            ORDER BY later_id
            """,
            [.word(operation)], decode)
    }

    /// Forgets a split: both parts stand on their own.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func remove(_ split: Split) throws {
        try transaction.gate.change(
            "split", "DELETE FROM splits WHERE user_id = ?1 AND later_id = ?2",
            [.word(split.later)])
    }

    private func decode(_ row: inout RowReader) throws -> Split {
        Split(
            earlier: try row.word(), later: try row.word(), edit: try row.integer(),
            operation: try row.word())
    }
}
