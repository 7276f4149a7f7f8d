import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting

@testable import TandemSync

/// A store in memory, a provider in memory, and somebody who syncs.
struct SyncWorld {
    let store: Store
    let provider: MemoryProvider
    let connector: MemoryConnector
    let environment: TandemEnvironment
    let clock: VirtualClock
    let account: Account
    let run: RunID

    static let work = RemoteID(rawValue: "work")

    init(
        collections: [String] = ["work"], access: CollectionAccess = .own, pageSize: Int = 3,
        maximumBatch: Int = 2, sharing shared: MemoryProvider? = nil, seed: UInt64 = 7
    ) async throws {
        clock = VirtualClock()
        environment = TandemEnvironment(clock: clock, random: SeededRandom(seed: seed))
        store = try TestStore.inMemory(
            rulebook: Rulebook([NoteRules()]), environment: environment)
        provider = shared ?? MemoryProvider(pageSize: pageSize)
        connector = MemoryConnector(
            to: provider, collections: collections, access: access, maximumBatch: maximumBatch)
        (account, run) = try await store.write { transaction in
            (
                try transaction.accounts.add(name: "ada", provider: "memory"),
                try transaction.runs.start("test").id
            )
        }
    }

    @discardableResult
    func sync(
        full: Bool = false, ignoringParking: Bool = false, triesUntilReached: Int? = nil,
        tries: Int = SyncOptions.usualTries
    ) async throws -> AccountReport {
        var options = SyncOptions(run: run)
        options.triesUntilReached = triesUntilReached
        options.tries = tries
        options.full = full
        options.ignoresParking = ignoringParking
        let synchronizer = Synchronizer(
            store: store, environment: environment,
            owner: LeaseOwner(name: "test", process: 1, host: "here"), programVersion: "1")
        return try await synchronizer.sync(account, through: connector, options: options)
    }

    func collection(_ name: String = "work") async throws -> RemoteCollection {
        let id = account.id
        let found = try await store.read {
            try $0.collections.find(
                remoteID: RemoteID(rawValue: name), kind: NoteRules().kind, in: id)
        }
        guard let found else { throw TandemError(.notFound, "No collection \(name).") }
        return found
    }

    /// What is live here, by remote id.
    func notes(in name: String = "work") async throws -> [StoredResource] {
        let id = try await collection(name).id
        return try await store.read { transaction in
            try transaction.resources.list(ResourceFilter(collections: [id]))
        }.sorted { ($0.remoteID?.rawValue ?? "") < ($1.remoteID?.rawValue ?? "") }
    }

    func note(_ id: String, in name: String = "work") async throws -> StoredResource {
        let collection = try await collection(name).id
        let found = try await store.read {
            try $0.resources.find(remoteID: RemoteID(rawValue: id), in: collection)
        }
        guard let found else { throw TandemError(.notFound, "No note \(id).") }
        return found
    }

    func edit(_ id: String, in name: String = "work", _ patch: JSON) async throws {
        let (note, run) = (try await note(id, in: name), run)
        _ = try await store.write { transaction in
            try transaction.editLocally(
                note, to: (note.live ?? [:]).merging(patch), sendUpdates: .none, run: run)
        }
    }

    func create(_ json: JSON) async throws -> StoredResource {
        let (collection, run) = (try await collection(), run)
        return try await store.write { transaction in
            try transaction.createLocally(
                json, kind: NoteRules().kind, in: collection, sendUpdates: .none, run: run)
        }
    }

    func move(_ id: String, from name: String = "work", to other: String) async throws {
        let (note, place, run) = (try await note(id, in: name), try await collection(other), run)
        _ = try await store.write { try $0.moveLocally(note, to: place, run: run) }
    }

    func delete(_ id: String) async throws {
        let (note, run) = (try await note(id), run)
        try await store.write { try $0.deleteLocally(note, sendUpdates: .none, run: run) }
    }

    func put(_ id: String, _ title: String) {
        provider.put(RemoteID(rawValue: id), ["title": .string(title)], in: Self.work)
    }

    func changes() async throws -> [ChangeEntry] {
        try await store.read { try $0.changes.list() }
    }

    /// The titles there, by id.
    func remoteTitles() -> [String?] {
        provider.live(in: Self.work).map { $0.json["title"]?.string }
    }
}
