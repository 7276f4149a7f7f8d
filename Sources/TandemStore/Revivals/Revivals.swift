public import LosslessJSON
public import TandemCore

/// What a user brought to life again after both sides took it for gone, and the names it had.
public struct Revivals {
    let transaction: StoreTransaction

    private static let columns = "v.resource_id, v.remote_id, v.adopted_by, v.agreed"

    /// More often than this nothing is deleted and brought to life again.
    public static let mostLives = 100

    /// The name that a thing gets when it is brought to life again.
    ///
    /// It follows from the one before, so that every machine of the account that does the same makes
    /// the same thing: whoever comes second finds it there.
    ///
    /// - Parameters:
    ///   - name: The name that it had; without one chance decides.
    ///   - json: The resource.
    ///   - rules: The rules of its kind.
    /// - Returns: The name; `nil` where the provider names such things.
    public func nextName(
        after name: RemoteID?, of json: JSON, rules: any KindRules
    ) -> RemoteID? {
        rules.makeRemoteID(
            for: rules.recreated(json, as: nil),
            random: name.map(Self.chance) ?? transaction.environment.random)
    }

    /// Chance that a former name decides, the same on every machine.
    private static func chance(after name: RemoteID) -> any RandomSource {
        let digest = JSON.string("revived: \(name)").digest.rawValue
        return SeededRandom(seed: UInt64(digest.prefix(16), radix: 16) ?? 0)
    }

    /// Notes the names that a resource had, and the one it gets; of others it had before stays what
    /// was known of them.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown resource.
    public func note(_ names: [RemoteID], of resource: StoredResource) throws {
        let agreed = try agreed(of: resource)
        for name in names {
            try put(Revival(of: resource.id, named: name, agreed: agreed))
        }
    }

    /// The version that what waits of a resource began from: the last one that both sides agreed on,
    /// be it under a name that it had before; `nil` where there was none.
    /// - Throws: ``StoreError``.
    public func agreed(of resource: StoredResource) throws -> JSON? {
        if let base = resource.base { return base }
        return try list(of: resource.id).first { $0.remoteID == resource.remoteID }?.agreed
    }

    /// Notes that a resource gave way to another one, of which its last version is a part now.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown resource.
    public func note(_ resource: StoredResource, adoptedBy twin: ResourceID) throws {
        let names = try list(of: resource.id).map(\.remoteID)
        for name in names + [resource.remoteID].compactMap({ $0 }) {
            try put(
                Revival(of: resource.id, named: name, agreed: resource.base, adopted: twin))
        }
    }

    /// Lets what is known of one resource be known of another one, too, that is there under its name:
    /// either of them may be the one that stays.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown resource.
    public func pass(from resource: ResourceID, to twin: ResourceID) throws {
        for revival in try list(of: resource) {
            try put(Revival(of: twin, named: revival.remoteID, agreed: revival.agreed))
        }
    }

    /// Notes what is known of a name now.
    /// - Throws: ``StoreError`` with code `constraint` for an unknown resource.
    public func put(_ revival: Revival) throws {
        try transaction.gate.execute(
            """
            INSERT INTO revivals (user_id, resource_id, remote_id, adopted_by, agreed)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (user_id, resource_id, remote_id) DO UPDATE
            SET adopted_by = excluded.adopted_by, agreed = excluded.agreed
            """,
            [
                .word(revival.resource), .word(revival.remoteID), .word(revival.adopted),
                .json(revival.agreed),
            ])
    }

    /// The names of a resource, in their order; none where it was never brought to life again.
    /// - Throws: ``StoreError``.
    public func list(of resource: ResourceID) throws -> [Revival] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM revivals v
            WHERE v.user_id = ?1 AND v.resource_id = ?2 ORDER BY v.remote_id
            """,
            [.word(resource)], decode)
    }

    /// The names of all that lives in a collection, by resource.
    ///
    /// Few things are ever brought to life again, so these are gone through, not the collection.
    /// - Throws: ``StoreError``.
    public func list(in collection: CollectionID) throws -> [Revival] {
        try transaction.gate.all(
            """
            SELECT \(Self.columns) FROM revivals v CROSS JOIN resources r
            WHERE v.user_id = ?1 AND r.user_id = v.user_id AND r.id = v.resource_id
            AND r.collection_id = ?2 AND r.deleted_at IS NULL AND r.local_state <> 2
            ORDER BY v.resource_id, v.remote_id
            """,
            [.word(collection)], decode)
    }

    private func decode(_ row: inout RowReader) throws -> Revival {
        let resource: ResourceID = try row.word()
        let remoteID: RemoteID = try row.word()
        let adopted: ResourceID? = try row.optionalWord()
        return Revival(
            of: resource, named: remoteID, agreed: try row.optionalJSON(), adopted: adopted)
    }
}
