import LosslessJSON
import Synchronization
import TandemCore
import TandemStore
import TandemSync

/// One machine of the account's owner: a store, a clock that may be wrong, and a run that goes on.
final class SimulatedReplica {
    let number: Int
    private(set) var store: Store
    private let home: SimulatedHome
    let clock: SkewedClock
    let environment: TandemEnvironment
    let account: Account
    let connector: MemoryConnector
    var run: SteppedRun?
    /// The pages that a listing under way had so far, by collection.
    var lastPages: [RemoteID: PulledPage] = [:]
    /// Whether it was told that a collection is empty which is not: only to list it again mends
    /// that.
    var wasMisled = false
    /// What its last run came to.
    private(set) var report: AccountReport?

    init(
        _ number: Int, of provider: MemoryProvider, collections: [String], clock: VirtualClock,
        seed: UInt64, in home: SimulatedHome
    ) throws {
        self.number = number
        self.home = home
        self.clock = SkewedClock(clock)
        environment = TandemEnvironment(clock: self.clock, random: SeededRandom(seed: seed))
        store = try home.open(TestStore.rulebook, environment)
        connector = MemoryConnector(to: provider, collections: collections, maximumBatch: 2)
        account = try self.store.writeBlocking {
            try $0.accounts.add(name: "ada", provider: "memory")
        }
    }

    /// Begins a run, as `sync` does.
    func begin(full: Bool) throws {
        let id = try store.writeBlocking { try $0.runs.start("sync").id }
        var options = SyncOptions(run: id)
        options.full = full
        lastPages = [:]
        run = try SteppedRun(
            account, through: connector, store: store, environment: environment, options: options)
        end()
    }

    /// The program ends at once, and is started anew.
    func crash() throws {
        run = nil
        guard case .folder = home else { return }
        try reopen {}
    }

    /// Puts a copy of the store aside, unless a run goes on.
    ///
    /// - Returns: Whether it was done.
    func backUp() throws -> Bool {
        guard run == nil, case .folder = home else { return false }
        try reopen { try home.backUp() }
        return true
    }

    /// Puts the copy in the place of the store.
    ///
    /// - Returns: Whether there was one.
    func restore() throws -> Bool {
        guard case .folder = home else { return false }
        run = nil
        var isRestored = false
        try reopen { isRestored = try home.restore() }
        return isRestored
    }

    private func reopen(_ meanwhile: () throws -> Void) throws {
        try store.close()
        try meanwhile()
        store = try home.open(TestStore.rulebook, environment)
    }

    /// Gives everything back.
    func close() throws { try home.close(store) }

    /// A run that came to its end is over; one that may ask nothing is so at once.
    /// - Returns: What it came to; `nil` where it goes on.
    @discardableResult
    func end() -> AccountReport? {
        guard let report = run?.report else { return nil }
        self.report = report
        run = nil
        return report
    }

    /// Whether its last run had nothing to do any more.
    var wasQuiet: Bool {
        guard let report else { return false }
        return report.failures.isEmpty
            && report.collections.allSatisfy { collection in
                collection.pulled.total + collection.pushed.total + collection.held
                    + collection.conflicts + collection.parked + collection.unconfirmed == 0
            }
    }

    /// What is here and not deleted, by the provider's name.
    func notes() throws -> [StoredResource] {
        try store.readBlocking { try $0.resources.list(ResourceFilter()) }
            .filter { $0.live != nil }
            .sorted { ($0.remoteID?.rawValue ?? "", $0.id) < ($1.remoteID?.rawValue ?? "", $1.id) }
    }

    /// What is here, deleted or not.
    func everything() throws -> [StoredResource] {
        try store.readBlocking { try $0.resources.list(ResourceFilter(includesDeleted: true)) }
    }

    /// What a replica knows of one of the provider's notes.
    func row(_ id: RemoteID, in place: RemoteID) throws -> StoredResource? {
        try store.readBlocking { transaction in
            try transaction.collections.find(
                remoteID: place, kind: NoteRules.kind, in: account.id
            ).flatMap { try transaction.resources.find(remoteID: id, in: $0.id) }
        }
    }

    /// Whether a thing was ever known here under two names, or in two places.
    ///
    /// What was imported says nothing of how it was made; its `uid` tells that it is the same.
    func knowsTwice(_ note: JSON) throws -> Bool {
        guard let member = ["made", "uid"].first(where: { note[$0]?.string != nil }) else {
            return false
        }
        return try everything().count { ($0.base ?? $0.live)?[member] == note[member] } > 1
    }

    /// Whether something that waits for a decision may lie in a collection unseen.
    func mayLackSomething() throws -> Bool {
        try everything().contains { $0.pendingDelete != nil }
    }

    /// The collections that can be written, by their names.
    func collections() throws -> [RemoteCollection] {
        try store.readBlocking { try $0.collections.list(of: account.id) }
            .sorted { $0.remoteID < $1.remoteID }
    }
}

/// A clock that goes as another one does, and shows something else.
final class SkewedClock: WallClock {
    private let clock: VirtualClock
    private let ahead = Mutex(Duration.zero)

    init(_ clock: VirtualClock) { self.clock = clock }

    /// Lets it show so much more from now on.
    func set(ahead duration: Duration) { ahead.withLock { $0 = duration } }

    func now() -> Timestamp { clock.now().advanced(by: ahead.withLock { $0 }) }

    func wait(for duration: Duration) async throws { try await clock.wait(for: duration) }
}
