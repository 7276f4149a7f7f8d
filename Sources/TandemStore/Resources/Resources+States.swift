public import TandemCore

extension Resources {
    /// The state that programs read: what keeps a resource from agreeing with the other side.
    /// - Throws: ``StoreError``.
    public func state(of resource: StoredResource) throws -> ResourceState {
        switch resource.hold {
        case .quarantined: return .quarantined
        case .pushHeld, .pullHeld: return .held
        case .conflict: return .conflict
        case .unreachable, nil: break
        }
        if try !transaction.conflicts.open(for: resource.id).isEmpty { return .conflict }
        if resource.hold == .unreachable { return .unreachable }
        let intents = try transaction.intents.open(for: resource.id)
        if intents.contains(where: { $0.outcome == .unknown }) { return .unconfirmed }
        if !intents.isEmpty { return .pushing }
        return resource.isDirty ? .dirty : .clean
    }

    /// How many resources a collection shows: neither deleted nor cancelled.
    /// - Throws: ``StoreError``.
    public func count(in collection: CollectionID) throws -> Int {
        // Two walks over indexes, so that no row is read.
        let all = try transaction.gate.count(
            "SELECT count(*) FROM resources WHERE user_id = ?1 AND collection_id = ?2",
            [.word(collection)])
        return all - (try countHidden(in: collection))
    }

    /// The same, counted no farther than to `limit`, which costs the same in a large collection as
    /// in a small one, but for what is hidden.
    /// - Throws: ``StoreError``.
    public func count(in collection: CollectionID, atMost limit: Int) throws -> Int {
        let hidden = try countHidden(in: collection)
        let all = try transaction.gate.count(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM resources WHERE user_id = ?1 AND collection_id = ?2 LIMIT ?3) x
            """,
            [.word(collection), .limit(limit + hidden)])
        return all - hidden
    }

    private func countHidden(in collection: CollectionID) throws -> Int {
        try transaction.gate.count(
            """
            SELECT count(*) FROM resources
            WHERE user_id = ?1 AND collection_id = ?2 AND is_shown = 0
            """,
            [.word(collection)])
    }

    /// How many resources of a collection are in each state; states that none is in are left out.
    ///
    /// Resources that were deleted here, and wait for it to be pushed, count; those that both sides
    /// deleted count only where something still waits for them.
    /// - Throws: ``StoreError``.
    public func states(in collection: CollectionID) throws -> [ResourceState: Int] {
        var counts: [ResourceState: Int] = [:]
        var clean = try count(in: collection)
        let waiting = try transaction.gate.all(
            """
            SELECT \(StateSQL.word), r.is_shown, count(*) FROM resources r
            WHERE r.user_id = ?1 AND r.collection_id = ?2 AND r.id IN (
                SELECT id FROM resources
                WHERE user_id = ?1 AND collection_id = ?2 AND is_dirty = 1
                UNION
                SELECT id FROM resources
                WHERE user_id = ?1 AND collection_id = ?2 AND hold IS NOT NULL
                UNION
                SELECT resource_id FROM conflicts WHERE user_id = ?1 AND resolved_at IS NULL
                UNION
                SELECT resource_id FROM intents WHERE user_id = ?1)
            GROUP BY 1, 2
            """,
            [.word(collection)]
        ) { (try $0.word(ResourceState.self), try $0.flag(), Int(try $0.integer())) }
        for (state, isShown, number) in waiting {
            counts[state, default: 0] += number
            if isShown { clean -= number }
        }
        if clean > 0 { counts[.clean] = clean }
        return counts
    }
}
