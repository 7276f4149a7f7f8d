public import LosslessJSON
public import TandemCore

/// The clashes of a user.
public struct Conflicts {
    let transaction: StoreTransaction

    private static let columns = """
        id, resource_id, field, mine, theirs, base, refusal, created_at, resolved_at, resolution
        """

    /// Records a clash.
    ///
    /// - Parameters:
    ///   - resource: What it is about.
    ///   - field: The part that both changed, ``ConflictRecord/delete`` or ``ConflictRecord/slot``.
    ///   - mine: The value from here.
    ///   - theirs: The value from there.
    ///   - base: The value both started from.
    ///   - refusal: Why the provider did not take the value from here; `nil` where both changed it.
    /// - Returns: The record.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown resource.
    public func add(
        resource: ResourceID, field: String, mine: JSON?, theirs: JSON?, base: JSON?,
        refusal: String? = nil
    ) throws -> ConflictRecord {
        let record = ConflictRecord(
            id: transaction.environment.makeID(), resource: resource, field: field, mine: mine,
            theirs: theirs, base: base, refusal: refusal, when: transaction.environment.now())
        try transaction.gate.execute(
            """
            INSERT INTO conflicts
            (user_id, id, resource_id, field, mine, theirs, base, refusal, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            [
                .word(record.id), .word(resource), .text(field), .json(mine), .json(theirs),
                .json(base), .optional(refusal), .moment(record.when),
            ])
        return record
    }

    /// The clash with an id, settled or not; `nil` where the user has none such.
    /// - Throws: ``StoreError``.
    public func find(_ id: ConflictID) throws -> ConflictRecord? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM conflicts WHERE user_id = ?1 AND id = ?2", [.word(id)],
            decode)
    }

    /// The clashes, oldest first.
    ///
    /// - Parameters:
    ///   - includesResolved: Whether settled ones are shown too.
    ///   - limit: At most so many; `nil` for all.
    ///   - after: Only those behind this id.
    /// - Returns: The clashes of all resources.
    /// - Throws: ``StoreError``.
    public func list(
        includesResolved: Bool = false, limit: Int? = nil, after: ConflictID? = nil
    ) throws -> [ConflictRecord] {
        let open = includesResolved ? "" : "AND resolved_at IS NULL"
        return try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM conflicts
            WHERE user_id = ?1 AND id > ?2 \(open) ORDER BY id LIMIT ?3
            """,
            [.text(after?.rawValue ?? ""), .limit(limit)], decode)
    }

    /// The clashes of a resource that wait, oldest first.
    /// - Throws: ``StoreError``.
    public func open(for resource: ResourceID) throws -> [ConflictRecord] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM conflicts
            WHERE user_id = ?1 AND resource_id = ?2 AND resolved_at IS NULL ORDER BY id
            """,
            [.word(resource)], decode)
    }

    /// How many clashes of a collection wait.
    /// - Throws: ``StoreError``.
    public func count(in collection: CollectionID) throws -> Int {
        try transaction.gate.count(
            """
            SELECT count(*) FROM conflicts c
            JOIN resources r ON r.user_id = c.user_id AND r.id = c.resource_id
            WHERE c.user_id = ?1 AND c.resolved_at IS NULL AND r.collection_id = ?2
            """,
            [.word(collection)])
    }

    /// Notes how a clash was settled; the record stays, so that the other value can still be had.
    /// - Throws: ``StoreError`` with code `notFound` where none such waits.
    public func resolve(_ id: ConflictID, as resolution: ConflictResolution) throws {
        try transaction.gate.change(
            "open conflict",
            """
            UPDATE conflicts SET resolved_at = ?3, resolution = ?4
            WHERE user_id = ?1 AND id = ?2 AND resolved_at IS NULL
            """,
            [.word(id), .moment(transaction.environment.now()), .word(resolution)])
    }

    /// Notes that a settled clash was settled otherwise; it is kept anew from now on.
    /// - Throws: ``StoreError`` with code `notFound` where none such is settled.
    public func resettle(_ id: ConflictID, as resolution: ConflictResolution) throws {
        try transaction.gate.change(
            "settled conflict",
            """
            UPDATE conflicts SET resolved_at = ?3, resolution = ?4
            WHERE user_id = ?1 AND id = ?2 AND resolved_at IS NOT NULL
            """,
            [.word(id), .moment(transaction.environment.now()), .word(resolution)])
    }

    /// Forgets clashes that were settled before `horizon`, which lies at least 90 days back.
    ///
    /// - Parameters:
    ///   - horizon: Clashes settled before it go; those that wait stay.
    ///   - limit: At most so many; `nil` for all.
    /// - Returns: How many were forgotten.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func purge(resolvedBefore horizon: Timestamp, limit: Int? = nil) throws -> Int {
        try transaction.gate.execute(
            """
            DELETE FROM conflicts WHERE user_id = ?1 AND id IN (
                SELECT id FROM conflicts WHERE user_id = ?1 AND resolved_at < ?2 LIMIT ?3)
            """,
            [.moment(horizon), .limit(limit)])
    }

    private func decode(_ row: inout RowReader) throws -> ConflictRecord {
        ConflictRecord(
            id: try row.word(), resource: try row.word(), field: try row.text(),
            mine: try row.optionalJSON(), theirs: try row.optionalJSON(),
            base: try row.optionalJSON(), refusal: row.optionalText(), when: try row.moment(),
            resolvedAt: row.optionalMoment(), resolution: try row.optionalWord())
    }
}
