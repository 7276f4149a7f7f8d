import LosslessJSON
import TandemCore
import TandemFeed
import TandemStore
import TandemTesting

/// A store in memory whose log is written by hand.
struct FeedWorld {
    let world: StoreWorld

    init() async throws {
        world = try await StoreWorld { try TestStore.inMemory(environment: $0.environment) }
    }

    var store: Store { world.store }
    var clock: VirtualClock { world.world.clock }

    /// An entry as it is before it is appended.
    func entry(
        _ verb: ChangeVerb = .updated, _ title: String = "T", of item: String = "r",
        kind: Kind = NoteRules.kind, origin: ChangeOrigin = .remote,
        actor: ChangeActor = .unknown, changes: [FieldChange] = [], account: AccountID? = nil,
        run: RunID? = nil, operation: String? = nil
    ) -> ChangeEntry {
        ChangeEntry(
            user: .local, account: account ?? world.account.id, collection: world.work.id,
            resource: verb == .listed ? nil : ResourceID(rawValue: item), kind: kind, verb: verb,
            origin: origin, title: title, actor: actor, changes: changes, before: ["whole": 1],
            run: run, operation: operation.map(OperationID.init),
            cause: verb == .deleted ? .tombstone : nil, count: verb == .listed ? 12 : nil,
            at: clock.now())
    }

    func append(_ entries: ChangeEntry...) async throws { try await append(entries) }

    func append(_ entries: [ChangeEntry]) async throws {
        try await store.write { transaction in
            for entry in entries { try transaction.changes.append(entry) }
        }
    }

    /// The whole feed, piece by piece.
    func activities(_ filter: ActivityFilter = ActivityFilter()) async throws -> [Activity] {
        try await store.activities(filter)
    }

    func latest(
        _ limit: Int, before: FeedMark? = nil, _ filter: ActivityFilter = ActivityFilter()
    ) async throws -> [Activity] {
        try await store.read { transaction in
            let reader = FeedReader(transaction, filter: filter)
            return try reader.latest(
                limit, before: try before.map { try reader.place(of: $0).place })
        }
    }

    func place(of mark: FeedMark) async throws -> MarkPlace {
        try await store.read { try FeedReader($0).place(of: mark) }
    }
}

extension Store {
    /// The whole feed behind a mark, piece by piece, oldest first.
    func activities(
        _ filter: ActivityFilter = ActivityFilter(), since mark: FeedMark? = nil
    ) async throws -> [Activity] {
        var all: [Activity] = []
        var place = try await read { transaction in
            try mark.map { try FeedReader(transaction).place(of: $0).place } ?? .start
        }
        while true {
            let from = place
            let piece = try await read { try FeedReader($0, filter: filter).piece(after: from) }
            all += piece.activities
            place = piece.end
            if piece.isLast { return all }
        }
    }
}
