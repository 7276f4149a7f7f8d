public import TandemCore

/// The items of a user that were set aside.
public struct Quarantine {
    let transaction: StoreTransaction

    /// The largest raw text that is kept, in bytes of UTF-8; the rest is cut off.
    public static let rawBytesKept = 1 << 20

    private static let columns = """
        id, collection_id, resource_id, remote_id, kind, reason, raw, since, program_version
        """

    /// Sets an item aside; one that was set aside already keeps its id and its moment.
    ///
    /// - Parameters:
    ///   - collection: Where it belongs.
    ///   - resource: The item, where it has a row.
    ///   - remoteID: The provider's name for it, where it could be read.
    ///   - kind: What sort of thing it is.
    ///   - reason: Why, in words for a person.
    ///   - raw: What came, or what was to be sent.
    ///   - programVersion: The version of this program.
    /// - Returns: The record.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown collection or resource.
    public func add(
        collection: CollectionID, resource: ResourceID?, remoteID: RemoteID?, kind: Kind,
        reason: String, raw: String, programVersion: String
    ) throws -> QuarantineRecord {
        let earlier = try find(collection: collection, resource: resource, remoteID: remoteID)
        if let earlier { try remove(earlier.id) }
        let record = QuarantineRecord(
            id: earlier?.id ?? transaction.environment.makeID(), collection: collection,
            resource: resource, remoteID: remoteID, kind: kind, reason: reason,
            raw: Self.shortened(raw), since: earlier?.since ?? transaction.environment.now(),
            programVersion: programVersion)
        try transaction.gate.execute(
            """
            INSERT INTO quarantine (user_id, id, collection_id, resource_id, remote_id, kind,
            reason, raw, since, program_version)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """,
            [
                .word(record.id), .word(collection), .word(resource), .word(remoteID),
                .word(kind), .text(reason), .text(record.raw), .moment(record.since),
                .text(programVersion),
            ])
        return record
    }

    /// The record with an id; `nil` where the user has none such.
    /// - Throws: ``StoreError``.
    public func find(_ id: QuarantineID) throws -> QuarantineRecord? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM quarantine WHERE user_id = ?1 AND id = ?2",
            [.word(id)], decode)
    }

    /// The record of an item; `nil` where it is not set aside.
    ///
    /// - Parameters:
    ///   - collection: Where it belongs.
    ///   - resource: The item, where it has a row.
    ///   - remoteID: The provider's name for it, which decides where it has no row.
    /// - Returns: The record; `nil` also where neither is given.
    /// - Throws: ``StoreError``.
    public func find(
        collection: CollectionID, resource: ResourceID?, remoteID: RemoteID?
    ) throws -> QuarantineRecord? {
        if let resource {
            return try transaction.gate.first(
                """
                SELECT \(Self.columns) FROM quarantine
                WHERE user_id = ?1 AND collection_id = ?2 AND resource_id = ?3
                ORDER BY id LIMIT 1
                """,
                [.word(collection), .word(resource)], decode)
        }
        guard let remoteID else { return nil }
        return try transaction.gate.first(
            """
            SELECT \(Self.columns) FROM quarantine
            WHERE user_id = ?1 AND collection_id = ?2 AND remote_id = ?3 AND resource_id IS NULL
            ORDER BY id LIMIT 1
            """,
            [.word(collection), .word(remoteID)], decode)
    }

    /// The items set aside, oldest first.
    ///
    /// - Parameters:
    ///   - collection: Only those of this collection; `nil` for all.
    ///   - limit: At most so many; `nil` for all.
    ///   - after: Only those behind this id.
    /// - Returns: The records.
    /// - Throws: ``StoreError``.
    public func list(
        in collection: CollectionID? = nil, limit: Int? = nil, after: QuarantineID? = nil
    ) throws -> [QuarantineRecord] {
        // The index of collections is used only where one is named.
        let place = collection == nil ? "" : "AND collection_id = ?4"
        return try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM quarantine
            WHERE user_id = ?1 AND id > ?2 \(place) ORDER BY id LIMIT ?3
            """,
            [.text(after?.rawValue ?? ""), .limit(limit)] + (collection.map { [.word($0)] } ?? []),
            decode)
    }

    /// What a collection could not read, by the provider's names; a refused write is not among it,
    /// nor what has no name.
    ///
    /// Every page asks for this, so the raw texts, which may be long, are left where they are.
    ///
    /// - Parameter collection: Where it was read.
    /// - Returns: The newest record of each name.
    /// - Throws: ``StoreError``.
    public func unread(in collection: CollectionID) throws -> [RemoteID: QuarantineID] {
        let records = try transaction.gate.all(
            """
            SELECT q.remote_id, q.id FROM quarantine q
            LEFT JOIN resources r ON r.user_id = q.user_id AND r.id = q.resource_id
            WHERE q.user_id = ?1 AND q.collection_id = ?2 AND q.remote_id IS NOT NULL
            AND coalesce(r.hold, '') <> 'quarantined' ORDER BY q.id
            """,
            [.word(collection)]
        ) { (try $0.word(RemoteID.self), try $0.word(QuarantineID.self)) }
        return Dictionary(records) { _, newest in newest }
    }

    /// What a collection listed without a name, so that it cannot be known again.
    /// - Throws: ``StoreError``.
    public func nameless(in collection: CollectionID) throws -> [QuarantineID] {
        // Asked for what has no resource, SQLite would look through all collections' records.
        let records = try transaction.gate.all(
            """
            SELECT id, resource_id FROM quarantine
            WHERE user_id = ?1 AND collection_id = ?2 AND remote_id IS NULL ORDER BY id
            """,
            [.word(collection)]
        ) { (try $0.word(QuarantineID.self), $0.optionalText()) }
        return records.filter { $0.1 == nil }.map(\.0)
    }

    /// What another version of this program set aside in a collection, oldest first.
    /// - Throws: ``StoreError``.
    public func list(
        in collection: CollectionID, notBy programVersion: String
    ) throws -> [QuarantineRecord] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM quarantine
            WHERE user_id = ?1 AND collection_id = ?2 AND program_version <> ?3 ORDER BY id
            """,
            [.word(collection), .text(programVersion)], decode)
    }

    /// How many items of a collection are set aside.
    /// - Throws: ``StoreError``.
    public func count(in collection: CollectionID) throws -> Int {
        try transaction.gate.count(
            "SELECT count(*) FROM quarantine WHERE user_id = ?1 AND collection_id = ?2",
            [.word(collection)])
    }

    /// Lets an item go.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func remove(_ id: QuarantineID) throws {
        try transaction.gate.change(
            "quarantined item", "DELETE FROM quarantine WHERE user_id = ?1 AND id = ?2",
            [.word(id)])
    }

    /// Lets a resource go, under whatever reasons it was set aside.
    /// - Returns: How many records were removed.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func remove(resource: ResourceID) throws -> Int {
        try transaction.gate.execute(
            "DELETE FROM quarantine WHERE user_id = ?1 AND resource_id = ?2", [.word(resource)])
    }

    private static func shortened(_ raw: String) -> String {
        guard raw.utf8.count > rawBytesKept else { return raw }
        return String(decoding: raw.utf8.prefix(rawBytesKept), as: UTF8.self)
    }

    private func decode(_ row: inout RowReader) throws -> QuarantineRecord {
        QuarantineRecord(
            id: try row.word(), collection: try row.word(), resource: try row.optionalWord(),
            remoteID: try row.optionalWord(), kind: try row.word(), reason: try row.text(),
            raw: try row.text(), since: try row.moment(), programVersion: try row.text())
    }
}
