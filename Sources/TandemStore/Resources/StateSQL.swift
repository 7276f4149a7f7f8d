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
        switch state {
        case .clean: return [exact]
        case .dirty: return ["r.is_dirty = 1", exact]
        case .held, .quarantined, .unreachable: return ["r.hold IS NOT NULL", exact]
        case .pushing, .unconfirmed:
            return ["r.id IN (SELECT resource_id FROM intents WHERE user_id = ?1)", exact]
        case .conflict:
            return [
                """
                r.id IN (
                    SELECT id FROM resources WHERE user_id = ?1 AND hold IS NOT NULL
                    UNION
                    SELECT resource_id FROM conflicts
                    WHERE user_id = ?1 AND resolved_at IS NULL)
                """, exact,
            ]
        }
    }
}
