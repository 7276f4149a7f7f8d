import LosslessJSON
public import TandemCore

/// The things of a user that are kept on both sides.
public struct Resources {
    let transaction: StoreTransaction

    private var words: SearchIndex { transaction.searchIndex }

    /// The resource with an id, deleted or not; `nil` where the user has none such.
    /// - Throws: ``StoreError``.
    public func find(_ id: ResourceID) throws -> StoredResource? {
        try transaction.gate.first(
            "SELECT \(ResourceRow.columns) FROM resources r WHERE r.user_id = ?1 AND r.id = ?2",
            [.word(id)], ResourceRow.decode)
    }

    /// The resource that a collection knows, or knew, by a provider's name.
    ///
    /// Found by a former name, or by one in a collection that it was moved out of, the resource
    /// says so: its ``StoredResource/remoteID`` or ``StoredResource/collection`` is another. A
    /// tombstone of a former name does not mean the resource.
    ///
    /// - Parameters:
    ///   - remoteID: The provider's name.
    ///   - collection: Where the provider lists it.
    /// - Returns: The resource, deleted or not; `nil` where there is none.
    /// - Throws: ``StoreError``.
    public func find(
        remoteID: RemoteID, in collection: CollectionID
    ) throws -> StoredResource? {
        let present = try transaction.gate.first(
            """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE r.user_id = ?1 AND r.collection_id = ?2 AND r.remote_id = ?3
            """,
            [.word(collection), .word(remoteID)], ResourceRow.decode)
        if let present { return present }
        return try transaction.gate.first(
            """
            SELECT \(ResourceRow.columns) FROM aliases a
            JOIN resources r ON r.user_id = a.user_id AND r.id = a.resource_id
            WHERE a.user_id = ?1 AND a.collection_id = ?2 AND a.remote_id = ?3
            """,
            [.word(collection), .word(remoteID)], ResourceRow.decode)
    }

    /// The resources of other collections of the account that go by a provider's name, by id:
    /// copies, or what was moved; deleted ones too.
    /// - Throws: ``StoreError``.
    public func elsewhere(
        _ remoteID: RemoteID, than collection: RemoteCollection
    ) throws -> [StoredResource] {
        try transaction.gate.all(
            """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE r.user_id = ?1 AND r.remote_id = ?2 AND r.collection_id IN (
                SELECT id FROM collections
                WHERE user_id = ?1 AND account_id = ?3 AND kind = ?4 AND id <> ?5)
            ORDER BY r.id
            """,
            [
                .word(remoteID), .word(collection.account), .word(collection.kind),
                .word(collection.id),
            ], ResourceRow.decode)
    }

    /// The resources with an id that they have wherever they were copied to, by id.
    /// - Throws: ``StoreError``.
    public func find(globalID: String) throws -> [StoredResource] {
        try transaction.gate.all(
            """
            SELECT \(ResourceRow.columns) FROM resources r
            WHERE r.user_id = ?1 AND r.global_id = ?2 ORDER BY r.id
            """,
            [.text(globalID)], ResourceRow.decode)
    }

    /// Every resource that our id or a provider's name, present or former, may mean, by id.
    /// - Throws: ``StoreError``.
    public func matches(anyID text: String) throws -> [StoredResource] {
        if let own = try find(ResourceID(rawValue: text)) { return [own] }
        return try transaction.gate.all(
            """
            SELECT \(ResourceRow.columns) FROM resources r WHERE r.user_id = ?1 AND r.row_key IN (
                SELECT row_key FROM resources WHERE user_id = ?1 AND remote_id = ?2
                AND collection_id IN (SELECT id FROM collections WHERE user_id = ?1)
                UNION
                SELECT t.row_key FROM aliases a
                JOIN resources t ON t.user_id = a.user_id AND t.id = a.resource_id
                WHERE a.user_id = ?1 AND a.remote_id = ?2
                AND a.collection_id IN (SELECT id FROM collections WHERE user_id = ?1)
            ) ORDER BY r.id
            """,
            [.text(text)], ResourceRow.decode)
    }

    /// The one resource that our id or a provider's name means.
    ///
    /// - Parameter text: What a person or a program typed.
    /// - Returns: The resource; one that is there counts before deleted ones; `nil` for none.
    /// - Throws: ``TandemError`` with code `ambiguous` where several are there, as when two
    ///   accounts have copies of one event.
    public func resolve(anyID text: String) throws -> StoredResource? {
        let all = try matches(anyID: text)
        let live = all.filter { $0.live != nil }
        guard live.count > 1 else { return live.first ?? all.first }
        throw TandemError(
            .ambiguous, "Several items have that id at their providers.",
            remedy: "Use one of our ids: " + live.map(\.id.rawValue).joined(separator: ", "))
    }

    /// Adds a resource.
    /// - Throws: ``StoreError`` with code `constraint` where the collection has its remote id.
    public func insert(
        _ draft: ResourceDraft, into collection: RemoteCollection
    ) throws -> StoredResource {
        var resource = StoredResource(
            id: transaction.environment.makeID(), account: collection.account,
            collection: collection.id, kind: collection.kind)
        resource.remoteID = draft.remoteID
        if let bytes = draft.baseBytes { try resource.setBase(bytes: bytes) }
        resource.etag = draft.etag
        resource.local = draft.local
        resource.sendUpdates = draft.sendUpdates
        resource.operation = draft.operation
        resource.run = draft.run
        resource.generation = draft.generation
        resource.editNumber = draft.local == .unchanged ? 0 : 1
        let projection = try project(resource)
        try transaction.gate.execute(
            ResourceRow.insertion,
            ResourceRow.arguments(of: resource, projection: projection))
        try words.noteInsertion()
        if let remoteID = resource.remoteID {
            try forgetAlias(remoteID, in: resource.collection)
        }
        resource.projection = projection.withoutSearchText
        return resource
    }

    /// Adds a resource as a full listing brings it, without reading anything back.
    ///
    /// - Parameters:
    ///   - bytes: The version, byte for byte: one JSON object, which the caller has checked.
    ///   - remoteID: The provider's name for it.
    ///   - etag: The provider's mark of the version.
    ///   - projection: What the rules drew from it.
    ///   - generation: The full listing that saw it.
    ///   - collection: Where it belongs.
    /// - Returns: Its new id; `nil` where the collection has a resource of that name already,
    ///   which is left as it is.
    /// - Throws: ``StoreError``.
    public func insertBase(
        bytes: [UInt8], remoteID: RemoteID, etag: ETag?, projection: Projection,
        generation: Int64, into collection: RemoteCollection
    ) throws -> ResourceID? {
        let id: ResourceID = transaction.environment.makeID()
        var arguments: [SQLValue] = [
            .text(transaction.user.rawValue), .word(id), .word(collection.account),
            .word(collection.kind), .word(collection.id), .word(remoteID), .word(etag),
            .integer(generation),
        ]
        arguments += ResourceRow.arguments(of: projection)
        arguments.append(.blob(bytes))
        let added = try transaction.connection.execute(ResourceRow.baseInsertion, arguments)
        guard added > 0 else { return nil }
        try words.noteInsertion()
        return id
    }

    /// Writes a resource with its projection and search words; a former remote id becomes an alias,
    /// and so does the present one where it lies as long as it waits to be moved.
    ///
    /// Whom to mail belongs to a waiting edit: where none waits it is written as nobody, so that no
    /// later edit inherits it.
    ///
    /// - Parameter resource: The resource, read in the same transaction.
    /// - Returns: The resource with its new projection.
    /// - Throws: ``StoreError`` with code `notFound`, or `constraint` where another resource of the
    ///   collection has its remote id.
    @discardableResult
    public func update(_ resource: StoredResource) throws -> StoredResource {
        var resource = resource
        if !resource.isDirty { resource.sendUpdates = .none }
        let projection = try project(resource)
        let former = try former(of: resource.id)
        try keepAlias(of: former, now: resource)
        let (user, id) = (SQLValue.text(transaction.user.rawValue), SQLValue.word(resource.id))
        let hasNewWords = former.words != projection.searchText
        if hasNewWords { try words.remove(where: "r.user_id = ?1 AND r.id = ?2", [user, id]) }
        try transaction.gate.change(
            "item", ResourceRow.update,
            ResourceRow.arguments(of: resource, projection: projection))
        if hasNewWords { try words.add(where: "r.user_id = ?1 AND r.id = ?2", [user, id]) }
        resource.projection = projection.withoutSearchText
        return resource
    }

    /// Removes a resource's row with all that points at it; the log keeps what happened.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func delete(_ id: ResourceID) throws {
        try words.remove(
            where: "r.user_id = ?1 AND r.id = ?2",
            [.text(transaction.user.rawValue), .word(id)])
        try transaction.gate.change(
            "item", "DELETE FROM resources WHERE user_id = ?1 AND id = ?2", [.word(id)])
    }

    /// What the rules draw from what the user sees, or saw last; of what was never pushed and is
    /// gone only the former projection is left.
    private func project(_ resource: StoredResource) throws -> Projection {
        guard let shown = resource.live ?? resource.local.edited ?? resource.base else {
            return resource.projection
        }
        return try transaction.rulebook.rules(for: resource.kind).projection(of: shown)
    }

    /// What a row holds before it is written over.
    private struct Former {
        let collection: CollectionID
        let remoteID: RemoteID?
        let movedFrom: CollectionID?
        let words: String
    }

    private func former(of id: ResourceID) throws -> Former {
        let former = try transaction.gate.first(
            """
            SELECT collection_id, remote_id, moved_from, words FROM resources
            WHERE user_id = ?1 AND id = ?2
            """,
            [.word(id)]
        ) { row in
            Former(
                collection: try row.word(), remoteID: try row.optionalWord(),
                movedFrom: try row.optionalWord(), words: try row.text())
        }
        guard let former else { throw StoreError.notFound("item") }
        return former
    }

    /// Keeps the name and place that a row is about to lose, and those that it goes by where it
    /// lies until it is moved, so that it can be found by them.
    private func keepAlias(of former: Former, now resource: StoredResource) throws {
        let (collection, remoteID) = (former.collection, former.remoteID)
        let isRenamed = remoteID != resource.remoteID
        if collection != resource.collection || isRenamed {
            if let remoteID { try addAlias(remoteID, in: collection, of: resource.id) }
            if let present = resource.remoteID {
                try forgetAlias(present, in: resource.collection)
            }
        }
        if isRenamed || former.movedFrom != resource.movedFrom, let place = resource.movedFrom,
            let present = resource.remoteID
        {
            try addAlias(present, in: place, of: resource.id)
        }
    }

    private func addAlias(
        _ remoteID: RemoteID, in collection: CollectionID, of resource: ResourceID
    ) throws {
        try transaction.gate.execute(
            """
            INSERT INTO aliases (user_id, collection_id, remote_id, resource_id)
            VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (user_id, collection_id, remote_id) DO UPDATE
            SET resource_id = excluded.resource_id, has_left = 0
            """,
            [.word(collection), .word(remoteID), .word(resource)])
    }

    /// Takes the name from a resource that is gone, so that another may have it.
    func forgetName(of resource: StoredResource) throws {
        try transaction.gate.change(
            "item", "UPDATE resources SET remote_id = NULL WHERE user_id = ?1 AND id = ?2",
            [.word(resource.id)])
    }

    private func forgetAlias(_ remoteID: RemoteID, in collection: CollectionID) throws {
        try transaction.gate.execute(
            """
            DELETE FROM aliases WHERE user_id = ?1 AND collection_id = ?2 AND remote_id = ?3
            """,
            [.word(collection), .word(remoteID)])
    }
}

extension Projection {
    /// The projection as a row gives it back.
    fileprivate var withoutSearchText: Self {
        var copy = self
        copy.searchText = ""
        return copy
    }
}
