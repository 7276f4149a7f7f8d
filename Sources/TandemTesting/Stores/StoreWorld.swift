public import LosslessJSON
public import TandemCore
public import TandemStore

/// A store with one account, one empty collection of notes and one run, for one check.
public struct StoreWorld: Sendable {
    /// The store.
    public let store: Store
    /// Its clock, and its chance.
    public let world: TestEnvironment
    /// Ada's account, of the command line's user.
    public let account: Account
    /// An empty collection of notes that Ada may write to.
    public let work: RemoteCollection
    /// A run.
    public let run: RunID

    /// Sets the world up.
    ///
    /// - Parameters:
    ///   - seed: What chance repeats.
    ///   - makeStore: Opens an empty store.
    /// - Throws: What `makeStore` throws; `StoreError`.
    public init(
        seed: UInt64 = 1, _ makeStore: (TestEnvironment) async throws -> Store
    ) async throws {
        world = TestEnvironment(seed: seed)
        store = try await makeStore(world)
        (account, work, run) = try await store.write { transaction throws in
            let account = try transaction.accounts.add(
                name: "ada", provider: "memory", email: "ada@example.com", subject: "42",
                scopes: ["read", "write"])
            let draft = CollectionDraft(
                remoteID: RemoteID(rawValue: "work"), kind: NoteRules.kind, name: "Work",
                access: .own, timeZone: "Europe/Paris")
            return (
                account, try transaction.collections.add(draft, to: account.id),
                try transaction.runs.start("test").id
            )
        }
    }

    /// Adds another collection of notes.
    public func collection(
        _ name: String, access: CollectionAccess = .own, isGone: Bool = false
    ) async throws -> RemoteCollection {
        let account = account.id
        return try await store.write { transaction throws in
            let draft = CollectionDraft(
                remoteID: RemoteID(rawValue: name), kind: NoteRules.kind, name: name,
                access: access)
            var collection = try transaction.collections.add(draft, to: account)
            collection.isGone = isGone
            try transaction.collections.update(collection)
            return collection
        }
    }

    /// Adds a note as a provider sends it.
    ///
    /// - Parameters:
    ///   - id: Its remote id, and its title unless the members name one.
    ///   - members: A merge patch with what else it has.
    ///   - collection: Where it goes; ``work`` unless given.
    ///   - generation: The full listing that saw it.
    /// - Returns: Its row.
    /// - Throws: `StoreError`.
    @discardableResult
    public func pull(
        _ id: String, _ members: JSON = [:], into collection: RemoteCollection? = nil,
        generation: Int64 = 1
    ) async throws -> StoredResource {
        let note = Self.note(id, members)
        let place = collection ?? work
        return try await store.write { transaction throws in
            let draft = ResourceDraft(
                remoteID: RemoteID(rawValue: id), baseBytes: note.serialized(),
                etag: ETag(rawValue: "1"), generation: generation)
            return try transaction.resources.insert(draft, into: place)
        }
    }

    /// Makes a note here.
    func create(
        _ note: JSON, in collection: RemoteCollection? = nil
    ) async throws -> StoredResource {
        let (place, run) = (collection ?? work, run)
        return try await store.write { transaction throws in
            try transaction.createLocally(note, kind: NoteRules.kind, in: place, run: run)
        }
    }

    /// Edits a note here.
    @discardableResult
    func edit(_ note: StoredResource, _ patch: JSON) async throws -> StoredResource {
        let run = run
        return try await store.write { transaction throws in
            try transaction.editLocally(note, to: (note.live ?? [:]).merging(patch), run: run)
        }
    }

    /// Deletes a note here.
    @discardableResult
    func delete(_ note: StoredResource) async throws -> StoredResource {
        let run = run
        try await store.write { try $0.deleteLocally(note, run: run) }
        return try await reread(note)
    }

    /// Changes a note's row as the engine does.
    @discardableResult
    func update(
        _ note: StoredResource, _ change: @escaping @Sendable (inout StoredResource) -> Void
    ) async throws -> StoredResource {
        try await store.write { transaction throws in
            guard var row = try transaction.resources.find(note.id) else {
                throw TandemError(.notFound, "The note is not there.")
            }
            change(&row)
            return try transaction.resources.update(row)
        }
    }

    /// Announces a write of a note.
    @discardableResult
    func announce(
        _ note: StoredResource, verb: IntentVerb = .patch, outcome: IntentOutcome = .pending
    ) async throws -> Intent {
        let run = run
        return try await store.write { transaction throws in
            let intent = Intent(
                id: transaction.environment.makeID(), resource: note.id,
                collection: note.collection, editNumber: note.editNumber, verb: verb,
                target: note.remoteID ?? RemoteID(rawValue: "?"), etag: note.etag,
                body: note.live, local: note.live,
                destination: verb == .move ? RemoteID(rawValue: "there") : nil,
                createdAt: transaction.environment.now(), outcome: outcome, run: run)
            try transaction.intents.add(intent)
            return intent
        }
    }

    /// A note as it is now.
    func reread(_ note: StoredResource) async throws -> StoredResource {
        let found = try await store.read { try $0.resources.find(note.id) }
        guard let found else { throw TandemError(.notFound, "The note is not there.") }
        return found
    }

    /// The whole log.
    func log() async throws -> [ChangeEntry] {
        try await store.read { try $0.changes.list() }
    }

    /// A note's JSON under its id.
    static func note(_ id: String, _ members: JSON = [:]) -> JSON {
        JSON.object(JSONObject([("id", .string(id)), ("title", .string(id))])).merging(members)
    }
}
