import TandemCore

/// What the shown state of a resource follows from, in SQL; the same as ``Resources/state(of:)``.
enum StateSQL {
    private static let hasConflict = """
        EXISTS (SELECT 1 FROM conflicts c WHERE c.user_id = r.user_id AND c.resource_id = r.id
            AND c.resolved_at IS NULL)
        """

    private static func hasIntent(_ outcome: IntentOutcome) -> String {
        """
        EXISTS (SELECT 1 FROM intents i WHERE i.user_id = r.user_id AND i.resource_id = r.id
            AND i.outcome = '\(outcome.rawValue)')
        """
    }

    /// The word of a resource `r`'s state.
    static let word = """
        CASE
        WHEN r.hold = 'quarantined' THEN 'quarantined'
        WHEN r.hold IN ('push-held', 'pull-held') THEN 'held'
        WHEN r.hold = 'conflict' OR \(hasConflict) THEN 'conflict'
        WHEN r.hold = 'unreachable' THEN 'unreachable'
        WHEN \(hasIntent(.unknown)) THEN 'unconfirmed'
        WHEN \(hasIntent(.pending)) THEN 'pushing'
        WHEN r.is_dirty = 1 THEN 'dirty'
        ELSE 'clean' END
        """

    /// The conditions for one state; the first narrows the rows down by an index where one can.
    static func conditions(for state: ResourceState) -> [String] {
        let exact = "\(word) = '\(state.rawValue)'"
        guard let candidates = candidates(for: state) else { return [exact] }
        return ["r.row_key IN (\(candidates))", exact]
    }

    /// The keys of all rows that can be in a state; `nil` where that is most of them.
    private static func candidates(for state: ResourceState) -> String? {
        switch state {
        case .clean: nil
        case .dirty: "SELECT row_key FROM resources WHERE user_id = ?1 AND is_dirty = 1"
        case .held, .quarantined, .unreachable: held
        case .pushing, .unconfirmed:
            """
            SELECT t.row_key FROM intents i
            JOIN resources t ON t.user_id = i.user_id AND t.id = i.resource_id
            WHERE i.user_id = ?1
            """
        case .conflict:
            """
            \(held) UNION
            SELECT t.row_key FROM conflicts c
            JOIN resources t ON t.user_id = c.user_id AND t.id = c.resource_id
            WHERE c.user_id = ?1 AND c.resolved_at IS NULL
            """
        }
    }

    private static let held =
        "SELECT row_key FROM resources WHERE user_id = ?1 AND hold IS NOT NULL"
}
