public import TandemCore

extension Resources {
    /// The resources that a filter lets through, in its order.
    /// - Throws: ``StoreError``.
    public func list(_ filter: ResourceFilter = ResourceFilter()) throws -> [StoredResource] {
        if filter.words != nil { try transaction.searchIndex.settle() }
        var query = ResourceQuery(filter: filter, dialect: transaction.connection.dialect)
        return try transaction.gate.all(query.text(), query.arguments, ResourceRow.decode)
    }

    /// What a window of time needs: whatever overlaps it, and every exception of its series.
    ///
    /// Cancelled resources come only as exceptions. An exception without ``StoredResource/live``,
    /// or a cancelled one, stands for a slot that is not there; one that was moved out of the
    /// window comes too, because its slot lies in it.
    ///
    /// - Parameters:
    ///   - window: In seconds since 1970 UTC, the end left out; what has no length counts where it
    ///     starts.
    ///   - collections: Only those in these collections; `nil` for all.
    /// - Returns: The resources, by start, then by id.
    /// - Throws: ``StoreError``.
    public func overlapping(
        _ window: Range<Int64>, collections: [CollectionID]? = nil
    ) throws -> [StoredResource] {
        var arguments: [SQLValue] = [.integer(window.lowerBound), .integer(window.upperBound)]
        let places = Self.condition("r.collection_id", collections, &arguments)
        return try transaction.gate.all(
            """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE r.user_id = ?1 AND r.row_key IN (
                SELECT row_key FROM resources
                WHERE user_id = ?1 AND span_end >= ?2 AND span_start < ?3
                AND (span_end > ?2 OR span_start >= ?2) AND is_shown = 1
                UNION
                SELECT x.row_key FROM resources s
                JOIN resources x ON x.user_id = s.user_id AND x.collection_id = s.collection_id
                    AND x.series_remote_id = s.remote_id
                WHERE s.user_id = ?1 AND s.span_end >= ?2 AND s.span_start < ?3
                AND (s.span_end > ?2 OR s.span_start >= ?2) AND s.is_shown = 1
                AND s.is_series = 1) \(places)
            ORDER BY r.span_start, r.id
            """,
            arguments, ResourceRow.decode)
    }

    /// The exceptions of a series, deleted and cancelled ones too, by slot.
    /// - Throws: ``StoreError``.
    public func exceptions(
        of series: RemoteID, in collection: CollectionID
    ) throws -> [StoredResource] {
        try transaction.gate.all(
            """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE r.user_id = ?1 AND r.collection_id = ?2 AND r.series_remote_id = ?3
            ORDER BY r.slot, r.id
            """,
            [.word(collection), .word(series)], ResourceRow.decode)
    }

    /// What waits to be pushed from a collection, by id.
    ///
    /// - Parameters:
    ///   - collection: Where the user sees it.
    ///   - limit: At most so many.
    ///   - after: Only those behind this id.
    /// - Returns: The resources, held and parked ones too.
    /// - Throws: ``StoreError``.
    public func dirty(
        in collection: CollectionID, limit: Int? = nil, after: ResourceID? = nil
    ) throws -> [StoredResource] {
        try transaction.gate.all(
            """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE r.user_id = ?1 AND r.collection_id = ?2 AND r.id > ?3 AND r.is_dirty = 1
            ORDER BY r.id LIMIT ?4
            """,
            [.word(collection), .text(after?.rawValue ?? ""), .limit(limit)], ResourceRow.decode)
    }

    /// What waits to be written where the remote copy lies, by id: a moved resource still lies in
    /// its old collection.
    ///
    /// What is gone, and what its provider deleted and a decision is due on, is not among it.
    ///
    /// - Parameters:
    ///   - collection: Where the remote copies lie.
    ///   - limit: At most so many.
    ///   - after: Only those behind this id.
    /// - Returns: The resources, held and parked ones too.
    /// - Throws: ``StoreError``.
    public func waiting(
        in collection: CollectionID, limit: Int? = nil, after: ResourceID? = nil
    ) throws -> [StoredResource] {
        let found = try ["r.collection_id = ?2 AND r.moved_from IS NULL", "r.moved_from = ?2"]
            .flatMap { place in
                try transaction.gate.all(
                    """
                    SELECT \(ResourceRow.columns) FROM resources r
                    WHERE r.user_id = ?1 AND \(place) AND r.id > ?3 AND r.is_dirty = 1
                    AND r.pending_delete IS NULL AND r.deleted_at IS NULL
                    ORDER BY r.id LIMIT ?4
                    """,
                    [.word(collection), .text(after?.rawValue ?? ""), .limit(limit)],
                    ResourceRow.decode)
            }
            .sorted { $0.id < $1.id }
        return limit.map { Array(found.prefix($0)) } ?? found
    }

    /// How many edits wait in a collection, or to be moved out of it.
    /// - Throws: ``StoreError``.
    public func countWaiting(in collection: CollectionID) throws -> Int {
        try [
            "collection_id = ?2 AND is_dirty = 1",
            "moved_from = ?2 AND moved_from IS NOT NULL AND is_dirty = 1",
        ]
        .map { condition in
            try transaction.gate.count(
                "SELECT count(*) FROM resources WHERE user_id = ?1 AND \(condition)",
                [.word(collection)])
        }
        .reduce(0, +)
    }

    /// The deletes that wait and that no person let pass yet, by id; a moved resource counts where
    /// its remote copy lies.
    /// - Throws: ``StoreError``.
    public func unreleasedDeletes(in collection: CollectionID) throws -> [StoredResource] {
        try ["r.collection_id = ?2 AND r.moved_from IS NULL", "r.moved_from = ?2"]
            .flatMap { place in
                try transaction.gate.all(
                    """
                    SELECT \(ResourceRow.columns) FROM resources r
                    WHERE r.user_id = ?1 AND \(place) AND r.local_state = 2
                    AND r.pending_delete IS NULL AND r.deleted_at IS NULL
                    AND r.base IS NOT NULL AND r.hold IS NULL AND NOT EXISTS (
                        SELECT 1 FROM revivals v
                        WHERE v.user_id = r.user_id AND v.resource_id = r.id
                        AND v.adopted_by IS NOT NULL)
                    AND NOT EXISTS (
                        SELECT 1 FROM hold_items i
                        JOIN holds h ON h.user_id = i.user_id AND h.id = i.hold_id
                        WHERE i.user_id = r.user_id AND i.resource_id = r.id
                        AND h.direction = 'push' AND h.decision = 'released')
                    ORDER BY r.id
                    """,
                    [.word(collection)], ResourceRow.decode)
            }
            .sorted { $0.id < $1.id }
    }

    /// What waits to be moved out of a collection, by id.
    /// - Throws: ``StoreError``.
    public func movingOut(of collection: CollectionID) throws -> [StoredResource] {
        try transaction.gate.all(
            """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE r.user_id = ?1 AND r.moved_from = ?2 AND r.is_dirty = 1 ORDER BY r.id
            """,
            [.word(collection)], ResourceRow.decode)
    }

    /// What a provider asks to delete and what has not passed the gate yet, by id.
    /// - Throws: ``StoreError``.
    public func pendingDeletes(in collection: CollectionID) throws -> [StoredResource] {
        try transaction.gate.all(
            """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE r.user_id = ?1 AND r.collection_id = ?2 AND r.pending_delete IS NOT NULL
            ORDER BY r.id
            """,
            [.word(collection)], ResourceRow.decode)
    }

    /// The names that a provider gave, or was given, for what a collection has or had; not those that
    /// a thing had before.
    /// - Throws: ``StoreError``.
    public func names(in collection: CollectionID) throws -> [RemoteID] {
        try transaction.gate.all(
            """
            SELECT remote_id FROM resources
            WHERE user_id = ?1 AND collection_id = ?2 AND remote_id IS NOT NULL
            ORDER BY remote_id
            """,
            [.word(collection)]
        ) { try $0.word() }
    }

    /// Where a resource lay before, under the name that it has, and did not surely leave; where it
    /// lies while it waits to be moved from there is no such place.
    /// - Throws: ``StoreError``.
    public func formerPlaces(of resource: StoredResource) throws -> [CollectionID] {
        try transaction.gate.all(
            """
            SELECT a.collection_id FROM aliases a
            WHERE a.user_id = ?1 AND a.resource_id = ?2 AND a.remote_id = ?3
            AND a.has_left = 0 AND a.collection_id NOT IN (?4, ?5) ORDER BY a.collection_id
            """,
            [
                .word(resource.id), .word(resource.remoteID), .word(resource.collection),
                .word(resource.movedFrom ?? resource.collection),
            ]
        ) { try $0.word() }
    }

    /// Notes that nothing of a name is left in a collection, as its provider said.
    /// - Throws: ``StoreError``.
    public func noteLeft(_ remoteID: RemoteID, from collection: CollectionID) throws {
        try transaction.gate.execute(
            """
            UPDATE aliases SET has_left = 1
            WHERE user_id = ?1 AND collection_id = ?2 AND remote_id = ?3
            """,
            [.word(collection), .word(remoteID)])
    }

    /// Whether anything that its provider calls gone lay in a collection before, and did not surely
    /// leave that: it may lie there still, or again.
    /// - Throws: ``StoreError``.
    public func mayHaveReturned(to collection: CollectionID) throws -> Bool {
        try transaction.gate.exists(
            """
            SELECT 1 FROM resources r
            JOIN aliases a ON a.user_id = r.user_id AND a.resource_id = r.id
            WHERE r.user_id = ?1 AND r.pending_delete IS NOT NULL
            AND a.collection_id = ?2 AND a.remote_id = r.remote_id AND r.collection_id <> ?2
            AND a.has_left = 0 AND coalesce(r.moved_from, '') <> ?2 LIMIT 1
            """,
            [.word(collection)])
    }

    /// Notes that what its provider calls gone is not in a collection where it was before: a whole
    /// listing of that did not name it.
    /// - Throws: ``StoreError``.
    public func noteNotReturned(to collection: CollectionID) throws {
        try transaction.gate.execute(
            """
            UPDATE aliases SET has_left = 1
            WHERE user_id = ?1 AND collection_id = ?2 AND resource_id IN (
                SELECT id FROM resources WHERE user_id = ?1 AND pending_delete IS NOT NULL)
            """,
            [.word(collection)])
    }

    /// Whether a provider asks to delete anything that was not edited here and that no hold keeps.
    /// - Throws: ``StoreError``.
    public func hasPlainDeletes(in collection: CollectionID) throws -> Bool {
        try transaction.gate.exists(
            """
            SELECT 1 FROM resources
            WHERE user_id = ?1 AND collection_id = ?2 AND pending_delete IS NOT NULL
            AND hold IS NULL AND is_dirty = 0 LIMIT 1
            """,
            [.word(collection)])
    }

    /// What a complete listing of `generation` did not show, though it was pushed and is not gone,
    /// by id.
    ///
    /// - Parameters:
    ///   - collection: What was listed.
    ///   - generation: The listing's.
    ///   - limit: At most so many.
    ///   - after: Only those behind this id.
    /// - Returns: The resources, those whose move out of the collection waits included, and the
    ///   instances that go with them.
    /// - Throws: ``StoreError``.
    public func unseen(
        in collection: CollectionID, before generation: Int64, limit: Int? = nil,
        after: ResourceID? = nil
    ) throws -> [StoredResource] {
        try transaction.gate.all(
            """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE r.user_id = ?1 AND r.id > ?4 AND r.generation < ?3 AND r.deleted_at IS NULL
            AND r.base IS NOT NULL AND r.row_key IN (
                SELECT row_key FROM resources
                WHERE user_id = ?1 AND collection_id = ?2 AND moved_from IS NULL
                UNION
                SELECT row_key FROM resources
                WHERE user_id = ?1 AND moved_from = ?2)
            ORDER BY r.id LIMIT ?5
            """,
            [
                .word(collection), .integer(generation), .text(after?.rawValue ?? ""),
                .limit(limit),
            ], ResourceRow.decode)
    }

    /// The condition that a column is one of some ids; empty for all.
    static func condition(
        _ column: String, _ ids: [some RawRepresentable<String>]?,
        _ arguments: inout [SQLValue]
    ) -> String {
        guard let ids else { return "" }
        // The user is argument 1, so the first of ours is argument 2.
        let numbers = ids.indices.map { "?\(arguments.count + 2 + $0)" }
        arguments += ids.map { .text($0.rawValue) }
        return numbers.isEmpty
            ? "AND 1 = 0" : "AND \(column) IN (\(numbers.joined(separator: ", ")))"
    }
}
