public import TandemCore

/// The push channels of a user's collections.
public struct PushChannels {
    let transaction: StoreTransaction

    private static let columns =
        "id, collection_id, remote_resource_id, sealed_token, expires, last_message"

    /// Keeps a channel; one with the same id is replaced.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown collection.
    public func save(_ channel: PushChannelRecord) throws {
        let sealed = try transaction.sealer.seal(
            channel.token, for: label(channel.id), random: transaction.environment.random)
        try remove(channel.id)
        try transaction.gate.execute(
            """
            INSERT INTO push_channels (user_id, id, collection_id, remote_resource_id,
            sealed_token, expires, last_message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            [
                .text(channel.id), .word(channel.collection), .text(channel.resourceID),
                .blob(sealed.bytes), .moment(channel.expires), .integer(channel.lastMessage),
            ])
    }

    /// Notes a message's number, which must be greater than those before.
    /// - Returns: Whether it was; if not, the message is a repetition or a forgery.
    /// - Throws: ``StoreError``.
    public func noteMessage(_ number: Int64, on channel: String) throws -> Bool {
        try transaction.gate.execute(
            """
            UPDATE push_channels SET last_message = ?3
            WHERE user_id = ?1 AND id = ?2 AND last_message < ?3
            """,
            [.text(channel), .integer(number)]) > 0
    }

    /// The channel with an id; `nil` where the user has none such.
    /// - Throws: ``StoreError``, with code `sealed` where its token cannot be opened.
    public func find(_ id: String) throws -> PushChannelRecord? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM push_channels WHERE user_id = ?1 AND id = ?2",
            [.text(id)], decode)
    }

    /// The channels of one collection, or of all, by the moment they end.
    /// - Throws: ``StoreError``, with code `sealed` where a token cannot be opened.
    public func list(of collection: CollectionID? = nil) throws -> [PushChannelRecord] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM push_channels
            WHERE user_id = ?1 AND collection_id = coalesce(?2, collection_id)
            ORDER BY expires, id
            """,
            [.word(collection)], decode)
    }

    /// Forgets a channel.
    /// - Returns: Whether there was one.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func remove(_ id: String) throws -> Bool {
        try transaction.gate.execute(
            "DELETE FROM push_channels WHERE user_id = ?1 AND id = ?2", [.text(id)]) > 0
    }

    private func label(_ id: String) -> SealLabel {
        SealLabel(purpose: "push-channel", parts: [transaction.user.rawValue, id])
    }

    private func decode(_ row: inout RowReader) throws -> PushChannelRecord {
        let id = try row.text()
        return PushChannelRecord(
            id: id, collection: try row.word(), resourceID: try row.text(),
            token: try transaction.sealer.open(SealedBytes(bytes: try row.bytes()), for: label(id)),
            expires: try row.moment(), lastMessage: try row.integer())
    }
}
