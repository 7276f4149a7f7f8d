public import TandemCore

/// The collections of a user's accounts.
public struct RemoteCollections {
    let transaction: StoreTransaction

    private static let columns = """
        id, account_id, remote_id, kind, name, access, time_zone, cursor, fingerprint,
        listing_generation, generation, last_success, last_attempt, state,
        parked_until, park_reason, full_listings, is_root, resource_id, is_gone, quota_parks
        """

    /// Adds a collection as a connector announced it.
    ///
    /// - Parameters:
    ///   - draft: What the connector knows of it.
    ///   - account: The account it is read through.
    ///   - isRoot: Whether it is the list that names the account's other collections.
    ///   - resource: The entry of the list that it belongs to.
    /// - Returns: The collection, in state ``CollectionState/new``.
    /// - Throws: ``StoreError`` with code `notFound` for an unknown account, `constraint` where the
    ///   account has a collection of that kind and remote id.
    public func add(
        _ draft: CollectionDraft, to account: AccountID, isRoot: Bool = false,
        resource: ResourceID? = nil
    ) throws -> RemoteCollection {
        guard try transaction.accounts.find(account) != nil else {
            throw StoreError.notFound("account")
        }
        let collection = RemoteCollection(
            id: transaction.environment.makeID(), account: account, remoteID: draft.remoteID,
            kind: draft.kind, name: draft.name, access: draft.access, timeZone: draft.timeZone,
            generation: 0, state: .new, recentFullListings: [], isRoot: isRoot,
            resource: resource, isGone: false)
        try transaction.gate.execute(
            """
            INSERT INTO collections (user_id, id, account_id, kind, remote_id, name, access,
            time_zone, generation, state, full_listings, is_root, resource_id, is_gone, quota_parks)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 'new', '', ?9, ?10, 0, 0)
            """,
            [
                .word(collection.id), .word(account), .word(draft.kind), .word(draft.remoteID),
                .text(draft.name), .word(draft.access), .optional(draft.timeZone), .flag(isRoot),
                .word(resource),
            ])
        return collection
    }

    /// Adds a collection that an entry of a list stands for, or brings the one that is there up to
    /// date with it, so that it is in sight again.
    ///
    /// - Parameters:
    ///   - draft: What the connector knows of it.
    ///   - account: The account it is read through.
    ///   - resource: The entry of the list that it belongs to.
    /// - Returns: The collection.
    /// - Throws: ``StoreError`` with code `notFound` for an unknown account.
    @discardableResult
    public func announce(
        _ draft: CollectionDraft, account: AccountID, resource: ResourceID
    ) throws -> RemoteCollection {
        guard let known = try find(remoteID: draft.remoteID, kind: draft.kind, in: account) else {
            return try add(draft, to: account, resource: resource)
        }
        var collection = known
        collection.name = draft.name
        collection.access = draft.access
        collection.timeZone = draft.timeZone ?? known.timeZone
        collection.resource = resource
        collection.isGone = false
        if collection != known { try update(collection) }
        return collection
    }

    /// The collection with an id; `nil` where the user has none such.
    /// - Throws: ``StoreError``.
    public func find(_ id: CollectionID) throws -> RemoteCollection? {
        try transaction.gate.first(
            "SELECT \(Self.columns) FROM collections WHERE user_id = ?1 AND id = ?2",
            [.word(id)], decode)
    }

    /// The collection that an account knows by a provider's name; `nil` where there is none.
    /// - Throws: ``StoreError``.
    public func find(
        remoteID: RemoteID, kind: Kind, in account: AccountID
    ) throws -> RemoteCollection? {
        try transaction.gate.first(
            """
            SELECT \(Self.columns) FROM collections
            WHERE user_id = ?1 AND account_id = ?2 AND kind = ?3 AND remote_id = ?4
            """,
            [.word(account), .word(kind), .word(remoteID)], decode)
    }

    /// The collections of one account, or of all, by id.
    /// - Throws: ``StoreError``.
    public func list(of account: AccountID? = nil) throws -> [RemoteCollection] {
        guard let account else {
            return try transaction.gate.all(
                "SELECT \(Self.columns) FROM collections WHERE user_id = ?1 ORDER BY id", [],
                decode)
        }
        return try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM collections
            WHERE user_id = ?1 AND account_id = ?2 ORDER BY id
            """,
            [.word(account)], decode)
    }

    /// Writes a collection's changed values.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func update(_ collection: RemoteCollection) throws {
        try transaction.gate.change(
            "collection",
            """
            UPDATE collections SET remote_id = ?3, name = ?4, access = ?5, time_zone = ?6,
            cursor = ?7, fingerprint = ?8, listing_generation = ?9, generation = ?10,
            last_success = ?11, last_attempt = ?12, state = ?13, parked_until = ?14,
            park_reason = ?15, full_listings = ?16, is_root = ?17, resource_id = ?18,
            is_gone = ?19, quota_parks = ?20
            WHERE user_id = ?1 AND id = ?2
            """,
            [
                .word(collection.id), .word(collection.remoteID), .text(collection.name),
                .word(collection.access), .optional(collection.timeZone),
                .word(collection.cursor), .optional(collection.fingerprint),
                .optional(collection.listing?.generation), .integer(collection.generation),
                .moment(collection.lastSuccess), .moment(collection.lastAttempt),
                .word(collection.state), .moment(collection.parkedUntil),
                .optional(collection.parkReason),
                .text(Self.text(of: collection.recentFullListings)), .flag(collection.isRoot),
                .word(collection.resource), .flag(collection.isGone),
                .integer(Int64(collection.quotaParks)),
            ])
    }

    /// Removes a collection and everything in it, waiting edits included.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func remove(_ id: CollectionID) throws {
        try transaction.searchIndex.remove(
            where: "r.user_id = ?1 AND r.collection_id = ?2",
            [.text(transaction.user.rawValue), .word(id)])
        try transaction.gate.change(
            "collection", "DELETE FROM collections WHERE user_id = ?1 AND id = ?2", [.word(id)])
    }

    private static func text(of moments: [Timestamp]) -> String {
        moments.map { String($0.milliseconds) }.joined(separator: " ")
    }

    private func decode(_ row: inout RowReader) throws -> RemoteCollection {
        var collection = RemoteCollection(
            id: try row.word(), account: try row.word(), remoteID: try row.word(),
            kind: try row.word(), name: try row.text(), access: try row.word(),
            timeZone: row.optionalText(), cursor: try row.optionalWord(),
            fingerprint: row.optionalText(), generation: 0, state: .new, recentFullListings: [],
            isRoot: false, isGone: false)
        collection.listing = row.optionalInteger().map { ListingState(generation: $0) }
        collection.generation = try row.integer()
        collection.lastSuccess = row.optionalMoment()
        collection.lastAttempt = row.optionalMoment()
        collection.state = try row.word()
        collection.parkedUntil = row.optionalMoment()
        collection.parkReason = row.optionalText()
        collection.recentFullListings = try row.text().split(separator: " ").map { number in
            guard let milliseconds = Int64(number) else { throw StoreError.corruptRow("moment") }
            return Timestamp(milliseconds: milliseconds)
        }
        collection.isRoot = try row.flag()
        collection.resource = try row.optionalWord()
        collection.isGone = try row.flag()
        collection.quotaParks = Int(clamping: try row.integer())
        return collection
    }
}
