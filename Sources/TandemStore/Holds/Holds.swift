public import TandemCore

/// The stopped mass deletes of a user.
public struct Holds {
    let transaction: StoreTransaction

    private static let columns = """
        id, collection_id, direction, total, created_at, decision, decided_at
        """

    /// Records a stopped mass delete; marking the resources is left to the caller.
    ///
    /// - Parameters:
    ///   - collection: Where it was stopped.
    ///   - direction: Which side asks for the deletes.
    ///   - resources: What was to be deleted.
    ///   - total: How many things there were.
    /// - Returns: The record.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown collection or resource.
    public func add(
        collection: CollectionID, direction: HoldDirection, resources: [ResourceID], of total: Int
    ) throws -> HoldRecord {
        let record = HoldRecord(
            id: transaction.environment.makeID(), collection: collection, direction: direction,
            of: total, when: transaction.environment.now(), resources: resources.sorted())
        try transaction.gate.execute(
            """
            INSERT INTO holds (user_id, id, collection_id, direction, total, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            [
                .word(record.id), .word(collection), .word(direction), .integer(Int64(total)),
                .moment(record.when),
            ])
        for resource in record.resources {
            try transaction.gate.execute(
                "INSERT INTO hold_items (user_id, hold_id, resource_id) VALUES (?1, ?2, ?3)",
                [.word(record.id), .word(resource)])
        }
        return record
    }

    /// The record with an id, decided or not; `nil` where the user has none such.
    /// - Throws: ``StoreError``.
    public func find(_ id: HoldID) throws -> HoldRecord? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM holds WHERE user_id = ?1 AND id = ?2", [.word(id)],
            decode)
    }

    /// The stopped mass deletes, oldest first.
    ///
    /// - Parameters:
    ///   - collection: Only those of this collection; `nil` for all.
    ///   - includesDecided: Whether decided ones are shown too.
    ///   - limit: At most so many; `nil` for all.
    ///   - after: Only those behind this id.
    /// - Returns: The records.
    /// - Throws: ``StoreError``.
    public func list(
        in collection: CollectionID? = nil, includesDecided: Bool = false, limit: Int? = nil,
        after: HoldID? = nil
    ) throws -> [HoldRecord] {
        let open = includesDecided ? "" : "AND decision IS NULL"
        return try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM holds
            WHERE user_id = ?1 AND id > ?2 AND collection_id = coalesce(?3, collection_id) \(open)
            ORDER BY id LIMIT ?4
            """,
            [.text(after?.rawValue ?? ""), .word(collection), .limit(limit)], decode)
    }

    /// Notes a decision; what follows from it is left to the caller.
    /// - Throws: ``StoreError`` with code `notFound` where none such waits.
    public func decide(_ id: HoldID, as decision: HoldDecision) throws {
        try transaction.gate.change(
            "open hold",
            """
            UPDATE holds SET decision = ?3, decided_at = ?4
            WHERE user_id = ?1 AND id = ?2 AND decision IS NULL
            """,
            [.word(id), .word(decision), .moment(transaction.environment.now())])
    }

    /// Takes a resource out of the holds that wait, as when its delete was undone; a hold that
    /// loses its last resource is lifted.
    /// - Throws: ``StoreError``.
    public func withdraw(_ resource: ResourceID) throws {
        let open = try transaction.gate.all(
            """
            SELECT h.id FROM holds h
            JOIN hold_items i ON i.user_id = h.user_id AND i.hold_id = h.id
            WHERE h.user_id = ?1 AND i.resource_id = ?2 AND h.decision IS NULL ORDER BY h.id
            """,
            [.word(resource)]
        ) { try $0.word(HoldID.self) }
        for hold in open {
            try transaction.gate.execute(
                "DELETE FROM hold_items WHERE user_id = ?1 AND hold_id = ?2 AND resource_id = ?3",
                [.word(hold), .word(resource)])
            if try resources(of: hold).isEmpty { try decide(hold, as: .lifted) }
        }
    }

    /// Takes a resource out of the holds that were released: its next delete is another one.
    /// - Throws: ``StoreError``.
    public func forgetRelease(of resource: ResourceID) throws {
        try transaction.gate.execute(
            """
            DELETE FROM hold_items WHERE user_id = ?1 AND resource_id = ?2 AND hold_id IN (
                SELECT id FROM holds WHERE user_id = ?1 AND decision = 'released')
            """,
            [.word(resource)])
    }

    /// Forgets holds that were decided before `horizon` and whose resources are forgotten, too.
    ///
    /// - Parameters:
    ///   - horizon: Holds decided before it go; those that wait stay.
    ///   - limit: At most so many; `nil` for all.
    /// - Returns: How many were forgotten.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func purge(decidedBefore horizon: Timestamp, limit: Int? = nil) throws -> Int {
        try transaction.gate.execute(
            """
            DELETE FROM holds WHERE user_id = ?1 AND id IN (
                SELECT h.id FROM holds h
                WHERE h.user_id = ?1 AND h.decided_at < ?2 AND NOT EXISTS (
                    SELECT 1 FROM hold_items i WHERE i.user_id = h.user_id AND i.hold_id = h.id)
                LIMIT ?3)
            """,
            [.moment(horizon), .limit(limit)])
    }

    private func resources(of hold: HoldID) throws -> [ResourceID] {
        try transaction.gate.all(
            """
            SELECT resource_id FROM hold_items WHERE user_id = ?1 AND hold_id = ?2
            ORDER BY resource_id
            """,
            [.word(hold)]
        ) { try $0.word() }
    }

    private func decode(_ row: inout RowReader) throws -> HoldRecord {
        let id: HoldID = try row.word()
        return HoldRecord(
            id: id, collection: try row.word(), direction: try row.word(),
            of: Int(try row.integer()), when: try row.moment(), decision: try row.optionalWord(),
            decidedAt: row.optionalMoment(),
            resources: try resources(of: id))
    }
}
