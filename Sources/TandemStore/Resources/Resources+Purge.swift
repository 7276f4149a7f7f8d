public import TandemCore

extension Resources {
    /// Forgets resources that were gone before `horizon`.
    ///
    /// Exceptions stay as long as their series, and so does whatever something else hangs on: a
    /// conflict, settled or not, an entry of the quarantine, a hold that waits, an intent.
    ///
    /// - Parameters:
    ///   - horizon: What was gone before it goes.
    ///   - limit: At most so many; `nil` for all.
    /// - Returns: How many were forgotten.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func purge(deletedBefore horizon: Timestamp, limit: Int? = nil) throws -> Int {
        let gone = try transaction.gate.all(
            """
            SELECT r.id FROM resources r
            WHERE r.user_id = ?1 AND r.is_shown = 0 AND r.deleted_at < ?2 AND r.is_dirty = 0
            AND NOT EXISTS (
                SELECT 1 FROM resources s
                WHERE s.user_id = r.user_id AND s.collection_id = r.collection_id
                AND s.remote_id = r.series_remote_id AND s.deleted_at IS NULL)
            AND \(Self.hasNo("conflicts")) AND \(Self.hasNo("quarantine"))
            AND \(Self.hasNo("intents"))
            AND NOT EXISTS (
                SELECT 1 FROM hold_items i
                JOIN holds h ON h.user_id = i.user_id AND h.id = i.hold_id
                WHERE i.user_id = r.user_id AND i.resource_id = r.id AND h.decision IS NULL)
            LIMIT ?3
            """,
            [.moment(horizon), .limit(limit)]
        ) { try $0.word(ResourceID.self) }
        for id in gone { try delete(id) }
        return gone.count
    }

    /// The condition that no row of a table points at the resource `r`.
    private static func hasNo(_ table: String) -> String {
        """
        NOT EXISTS (SELECT 1 FROM \(table) x
            WHERE x.user_id = r.user_id AND x.resource_id = r.id)
        """
    }
}
