public import TandemCore

/// A part of the log: what lies between two places, neither of which belongs to it.
public struct ChangeWindow: Hashable, Sendable {
    /// Only entries behind this place; 0 for all.
    public var after: Int64
    /// Only entries before this place.
    public var before: Int64
    /// Only those of this resource; `nil` for all.
    public var resource: ResourceID?

    /// Describes a part of the log; what is left out does not narrow it.
    public init(after: Int64 = 0, before: Int64 = .max, resource: ResourceID? = nil) {
        self.after = after
        self.before = before
        self.resource = resource
    }
}

/// Where a local edit begins in the log.
public struct OperationStart: Hashable, Sendable {
    /// The place of its first entry.
    public let sequence: Int64
    /// The run that wrote it.
    public let run: RunID?
}

extension ChangeLog {
    /// The same columns, but for the whole versions.
    private static let slimColumns = columns.replacing("before, after", with: "NULL, NULL")

    /// Reads a piece of a part of the log.
    ///
    /// - Parameters:
    ///   - window: The part.
    ///   - newestFirst: Whether the piece is the end of it, latest entry first.
    ///   - limit: At most so many.
    /// - Returns: The entries without the whole versions before and after, which can be large.
    /// - Throws: ``StoreError``.
    public func read(
        _ window: ChangeWindow, newestFirst: Bool = false, limit: Int
    ) throws -> [ChangeEntry] {
        var conditions = "user_id = ?1 AND sequence > ?2 AND sequence < ?3"
        var arguments: [SQLValue] = [
            .integer(window.after), .integer(window.before), .limit(limit),
        ]
        if let resource = window.resource {
            conditions += " AND resource_id = ?5"
            arguments.append(.word(resource))
        }
        return try transaction.gate.all(
            """
            SELECT \(Self.slimColumns) FROM changes WHERE \(conditions)
            ORDER BY sequence\(newestFirst ? " DESC" : "") LIMIT ?4
            """,
            arguments, decode)
    }

    /// Where a local edit begins; `nil` where nothing of it is in the log.
    /// - Throws: ``StoreError``.
    public func start(of operation: OperationID) throws -> OperationStart? {
        try transaction.gate.first(
            """
            SELECT sequence, run_id FROM changes WHERE user_id = ?1 AND operation_id = ?2
            ORDER BY sequence LIMIT 1
            """,
            [.word(operation)]
        ) { row in
            OperationStart(sequence: try row.integer(), run: try row.optionalWord())
        }
    }
}
