import LosslessJSON
public import TandemCore

/// The log of what changed, in the order in which it was committed; only ever appended to.
public struct ChangeLog {
    let transaction: StoreTransaction

    static let columns = """
        sequence, user_id, account_id, collection_id, resource_id, kind, verb, origin, title,
        actor_name, actor_email, certainty, changes, before, after, run_id, operation_id, cause,
        item_count, at
        """

    /// Appends an entry; its user is this transaction's, whatever it says.
    /// - Throws: ``StoreError`` with code `misuse` for a delete without a cause.
    public func append(_ entry: ChangeEntry) throws {
        guard entry.verb != .deleted || entry.cause != nil else {
            throw StoreError(.misuse, "A delete needs a cause before it may be logged.")
        }
        try transaction.gate.execute(
            """
            INSERT INTO changes (user_id, account_id, collection_id, resource_id, kind, verb,
            origin, title, actor_name, actor_email, certainty, changes, before, after, run_id,
            operation_id, cause, item_count, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
            ?19)
            """,
            [
                .word(entry.account), .word(entry.collection), .word(entry.resource),
                .word(entry.kind), .word(entry.verb), .word(entry.origin), .text(entry.title),
                .optional(entry.actor.name), .optional(entry.actor.email),
                .word(entry.actor.certainty), .json(Self.json(of: entry.changes)),
                .json(entry.before), .json(entry.after), .word(entry.run), .word(entry.operation),
                .optional(entry.cause?.text), .optional(entry.count.map(Int64.init)),
                .moment(entry.at),
            ])
    }

    /// Entries in the order of the log.
    ///
    /// - Parameters:
    ///   - sequence: Only those behind this place; 0 for all.
    ///   - run: Only those of this run; `nil` for all.
    ///   - resource: Only those of this resource; `nil` for all.
    ///   - operation: Only those of this local edit; `nil` for all.
    ///   - limit: At most so many; `nil` for all.
    /// - Returns: The entries, oldest first.
    /// - Throws: ``StoreError``.
    public func list(
        after sequence: Int64 = 0, run: RunID? = nil, resource: ResourceID? = nil,
        operation: OperationID? = nil, limit: Int? = nil
    ) throws -> [ChangeEntry] {
        var conditions = "user_id = ?1 AND sequence > ?2"
        var arguments: [SQLValue] = [.integer(sequence), .limit(limit)]
        if let run {
            arguments.append(.word(run))
            conditions += " AND run_id = ?\(arguments.count + 1)"
        }
        if let resource {
            arguments.append(.word(resource))
            conditions += " AND resource_id = ?\(arguments.count + 1)"
        }
        if let operation {
            arguments.append(.word(operation))
            conditions += " AND operation_id = ?\(arguments.count + 1)"
        }
        return try transaction.gate.all(
            "SELECT \(Self.columns) FROM changes WHERE \(conditions) ORDER BY sequence LIMIT ?3",
            arguments, decode)
    }

    /// Forgets entries from before `horizon`, which lies at least 90 days back.
    ///
    /// - Parameters:
    ///   - horizon: Entries from before it go.
    ///   - limit: Looks at so many of the oldest at most; `nil` for all.
    /// - Returns: How many were forgotten.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func purge(before horizon: Timestamp, limit: Int? = nil) throws -> Int {
        try transaction.gate.execute(
            """
            DELETE FROM changes WHERE user_id = ?1 AND at < ?2 AND sequence IN (
                SELECT sequence FROM changes WHERE user_id = ?1 ORDER BY sequence LIMIT ?3)
            """,
            [.moment(horizon), .limit(limit)])
    }

    private static func json(of changes: [FieldChange]) -> JSON? {
        guard !changes.isEmpty else { return nil }
        return .array(
            changes.map { change in
                var object = JSONObject([("field", .string(change.field))])
                object["before"] = change.before
                object["after"] = change.after
                return .object(object)
            })
    }

    private static func changes(in json: JSON?) throws(StoreError) -> [FieldChange] {
        var changes: [FieldChange] = []
        for element in json?.array ?? [] {
            guard let field = element["field"]?.string else {
                throw StoreError.corruptRow("change")
            }
            changes.append(
                FieldChange(field: field, before: element["before"], after: element["after"]))
        }
        return changes
    }

    func decode(_ row: inout RowReader) throws -> ChangeEntry {
        let sequence = try row.integer()
        var entry = ChangeEntry(
            user: try row.word(), account: try row.word(), collection: try row.word(),
            resource: try row.optionalWord(), kind: try row.word(), verb: try row.word(),
            origin: try row.word(), title: try row.text(),
            actor: ChangeActor(
                name: row.optionalText(), email: row.optionalText(), certainty: try row.word()),
            changes: try Self.changes(in: row.optionalJSON()), before: try row.optionalJSON(),
            after: try row.optionalJSON(), run: try row.optionalWord(),
            operation: try row.optionalWord(), cause: try Self.cause(row.optionalText()),
            count: row.optionalInteger().map { Int($0) }, at: try row.moment())
        entry.sequence = sequence
        return entry
    }

    private static func cause(_ text: String?) throws(StoreError) -> DeleteCause? {
        guard let text else { return nil }
        guard let cause = DeleteCause(text: text) else {
            throw StoreError.corruptRow("delete's cause")
        }
        return cause
    }
}
