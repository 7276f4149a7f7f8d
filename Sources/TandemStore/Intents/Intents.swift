import LosslessJSON
public import TandemCore

/// The writes of a user that were announced and whose answer is not stored yet.
public struct Intents {
    let transaction: StoreTransaction

    private static let columns = """
        id, resource_id, collection_id, edit_number, verb, target, etag, body, local,
        body_digest, send_updates, destination, created_at, outcome, run_id
        """

    /// Announces a write; commit before sending it.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown resource or a used id.
    public func add(_ intent: Intent) throws {
        try transaction.gate.execute(
            """
            INSERT INTO intents (user_id, id, resource_id, collection_id, edit_number, verb, target,
            etag, body, local, body_digest, send_updates, destination, created_at, outcome, run_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
            """,
            [
                .word(intent.id), .word(intent.resource), .word(intent.collection),
                .integer(intent.editNumber), .word(intent.verb), .word(intent.target),
                .word(intent.etag), .json(intent.body), .json(intent.local),
                .word(intent.bodyDigest), .word(intent.sendUpdates), .word(intent.destination),
                .moment(intent.createdAt), .word(intent.outcome), .word(intent.run),
            ])
    }

    /// Notes that the answer was lost.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func markUnknown(_ id: OperationID) throws {
        try transaction.gate.change(
            "intent", "UPDATE intents SET outcome = 'unknown' WHERE user_id = ?1 AND id = ?2",
            [.word(id)])
    }

    /// Forgets a write whose answer is being stored in the same transaction.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func remove(_ id: OperationID) throws {
        try transaction.gate.change(
            "intent", "DELETE FROM intents WHERE user_id = ?1 AND id = ?2", [.word(id)])
    }

    /// The write with an id; `nil` where there is none open.
    /// - Throws: ``StoreError``.
    public func find(_ id: OperationID) throws -> Intent? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM intents WHERE user_id = ?1 AND id = ?2", [.word(id)],
            decode)
    }

    /// The open writes of a collection, oldest first.
    /// - Throws: ``StoreError``.
    public func open(in collection: CollectionID) throws -> [Intent] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM intents
            WHERE user_id = ?1 AND collection_id = ?2 ORDER BY created_at, id
            """,
            [.word(collection)], decode)
    }

    /// The open writes of a resource, oldest first.
    /// - Throws: ``StoreError``.
    public func open(for resource: ResourceID) throws -> [Intent] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM intents
            WHERE user_id = ?1 AND resource_id = ?2 ORDER BY created_at, id
            """,
            [.word(resource)], decode)
    }

    private func decode(_ row: inout RowReader) throws -> Intent {
        Intent(
            id: try row.word(), resource: try row.word(), collection: try row.word(),
            editNumber: try row.integer(), verb: try row.word(), target: try row.word(),
            etag: try row.optionalWord(), body: try row.optionalJSON(),
            local: try row.optionalJSON(), bodyDigest: try row.optionalWord(),
            sendUpdates: try row.word(), destination: try row.optionalWord(),
            createdAt: try row.moment(), outcome: try row.word(), run: try row.optionalWord())
    }
}
