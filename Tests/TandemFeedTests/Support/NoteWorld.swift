import LosslessJSON
import TandemCore
import TandemFeed
import TandemStore
import TandemSync
import TandemTesting

/// A provider in memory, and somebody who edits and syncs, each command in a run of its own.
struct NoteWorld {
    let store: Store
    let provider: MemoryProvider
    let clock: VirtualClock
    private let connector: MemoryConnector
    private let environment: TandemEnvironment
    private let account: Account

    static let work = RemoteID(rawValue: "work")
    static let home = RemoteID(rawValue: "home")

    /// Makes a world with notes in the collection `work`, read once.
    init(
        collections: [String] = ["work"], _ notes: [(id: String, note: JSON)] = []
    ) async throws {
        clock = VirtualClock()
        environment = TandemEnvironment(clock: clock, random: SeededRandom(seed: 7))
        store = try TestStore.inMemory(environment: environment)
        provider = MemoryProvider(pageSize: 50)
        connector = MemoryConnector(to: provider, collections: collections)
        account = try await store.write {
            try $0.accounts.add(name: "ada", provider: "memory", email: "ada@example.com")
        }
        for (id, note) in notes { put(id, note) }
        try await sync()
    }

    @discardableResult
    func sync(full: Bool = false) async throws -> AccountReport {
        clock.advance(by: .seconds(60))
        var options = SyncOptions(run: try await store.write { try $0.runs.start("sync").id })
        options.full = full
        return try await Synchronizer(
            store: store, environment: environment,
            owner: LeaseOwner(name: "test", process: 1, host: "here"), programVersion: "1"
        ).sync(account, through: connector, options: options)
    }

    /// What the feed tells of what `body` does.
    func activities(
        of body: () async throws -> Void
    ) async throws -> [Activity] {
        let before = try await store.activities().last?.id
        try await body()
        return try await store.activities(since: before)
    }

    // MARK: The other side

    func put(_ id: String, _ note: JSON, in place: RemoteID = work) {
        provider.put(RemoteID(rawValue: id), note, in: place)
    }

    func patch(_ id: String, _ patch: JSON) {
        provider.patch(RemoteID(rawValue: id), patch, in: Self.work)
    }

    func remove(_ id: String, from place: RemoteID = work) {
        provider.delete(RemoteID(rawValue: id), in: place)
    }

    // MARK: Here

    func note(_ id: String, in place: RemoteID = work) async throws -> StoredResource {
        let collection = try await collection(place).id
        let found = try await store.read {
            try $0.resources.find(remoteID: RemoteID(rawValue: id), in: collection)
        }
        guard let found else { throw TandemError(.notFound, "No note \(id).") }
        return found
    }

    func collection(_ name: RemoteID) async throws -> RemoteCollection {
        let account = account.id
        let found = try await store.read {
            try $0.collections.find(remoteID: name, kind: NoteRules.kind, in: account)
        }
        guard let found else { throw TandemError(.notFound, "No collection \(name).") }
        return found
    }

    func create(_ note: JSON) async throws {
        let place = try await collection(Self.work)
        try await edit { transaction, run in
            _ = try transaction.createLocally(note, kind: NoteRules.kind, in: place, run: run)
        }
    }

    func edit(_ id: String, _ patch: JSON) async throws {
        let note = try await note(id)
        try await edit { transaction, run in
            _ = try transaction.editLocally(
                note, to: (note.live ?? [:]).merging(patch), run: run)
        }
    }

    func delete(_ id: String) async throws {
        let note = try await note(id)
        try await edit { try $0.deleteLocally(note, run: $1) }
    }

    func move(_ id: String, to other: RemoteID) async throws {
        let (note, place) = (try await note(id), try await collection(other))
        try await edit { _ = try $0.moveLocally(note, to: place, run: $1) }
    }

    func takeBack(_ id: String, in place: RemoteID = work) async throws {
        let note = try await note(id, in: place)
        try await edit { _ = try $0.revertLocally(note, run: $1) }
    }

    private func edit(
        _ body: @escaping @Sendable (StoreTransaction, RunID) throws -> Void
    ) async throws {
        clock.advance(by: .seconds(1))
        try await store.write { try body($0, $0.runs.start("edit").id) }
    }
}
