import GoogleConnector
import TandemCore
import TandemStore
import TandemSync
import TandemTesting

/// One machine of the account's owner: a store, and the real connector over a wire of its own.
final class GoogleReplica {
    let number: Int
    let store: Store
    let wire: GoogleWire
    let environment: TandemEnvironment
    let account: Account
    private(set) var connector: GoogleAccountConnector
    var run: SteppedRun?
    /// Whether Google once said that nothing is there, with a cursor and without a sign that it was
    /// wrong; nothing but a full listing can tell.
    var wasMisled = false

    init(_ number: Int, at side: GoogleSide, clock: VirtualClock, seed: UInt64) throws {
        self.number = number
        environment = TandemEnvironment(clock: clock, random: SeededRandom(seed: seed))
        store = try Store.inMemory(
            rulebook: Rulebook(GoogleAccountConnector.rules), environment: environment)
        wire = GoogleWire(to: side, clock: clock)
        connector = try wire.connector()
        account = try store.writeBlocking {
            try $0.accounts.add(
                name: "ada", provider: "google", email: GoogleSide.ada, subject: "1")
        }
    }

    /// What an effect of a run asks for.
    enum Effect { case transaction, read, creation, change, wait }

    /// What one of the effects that wait asks for; `nil` where none does.
    func sort(ofEffect number: Int) -> Effect? {
        guard let run, !run.pending.isEmpty else { return nil }
        let pending = run.pending[number % run.pending.count]
        switch pending.effect {
        case .store: return .transaction
        case .storeAndPull where run.needs(pending.number).page == false: return .transaction
        case .pull, .storeAndPull, .lookUp: return .read
        case .push(let requests):
            return requests.contains(where: Self.changes) ? .change : .creation
        case .wait: return .wait
        }
    }

    /// Whether a write changes what is there.
    static func changes(_ request: PushRequest) -> Bool {
        request.verb == .patch || request.verb == .delete
    }

    /// Begins a run, as `sync` does.
    func begin(full: Bool) throws {
        let id = try store.writeBlocking { try $0.runs.start("sync").id }
        var options = SyncOptions(run: id)
        options.full = full
        run = try SteppedRun(
            account, through: connector, store: store, environment: environment, options: options)
        end()
    }

    /// The program ends at once, and is started anew.
    func crash() throws {
        run = nil
        connector = try wire.connector()
    }

    /// A run that came to its end is over; one that may ask nothing is so at once.
    func end() {
        if run?.report != nil { run = nil }
    }

    /// What is here and was neither deleted nor cancelled, by Google's names.
    func events() throws -> [StoredResource] {
        try rows().filter { $0.live != nil && !$0.projection.isCancelled }
    }

    /// Every event that the store has, by Google's names.
    func rows(includesDeleted: Bool = false) throws -> [StoredResource] {
        try store.readBlocking { transaction in
            try transaction.resources.list(
                ResourceFilter(
                    collections: try transaction.collections.list(of: account.id)
                        .filter { $0.kind == .event }.map(\.id),
                    includesDeleted: includesDeleted))
        }
        .sorted { ($0.remoteID?.rawValue ?? "", $0.id) < ($1.remoteID?.rawValue ?? "", $1.id) }
    }

    /// What is not sent before somebody decides: what is held, the earlier part of a division whose
    /// later one is held, and the instances of such series.
    ///
    /// What was deleted here waits like what was edited.
    func setAside() throws -> [StoredResource] {
        let rows = try rows(includesDeleted: true).filter { $0.deletedAt == nil }
        let waiting = try withEarlierParts(of: rows.filter { $0.hold != nil }.map(\.id))
        let held = rows.filter { waiting.contains($0.id) }
        return rows.filter { row in
            waiting.contains(row.id)
                || held.contains {
                    $0.remoteID == row.projection.exception?.series
                        && $0.collection == row.collection && $0.remoteID != nil
                }
        }
    }

    /// A division is one edit: without its later part nothing is sent of the earlier one.
    private func withEarlierParts(of held: [ResourceID]) throws -> Set<ResourceID> {
        try store.readBlocking { transaction in
            var all = Set(held)
            var next = held
            while let later = next.popLast() {
                guard let split = try transaction.splits.continuing(in: later),
                    try transaction.splits.isOpen(split), all.insert(split.earlier).inserted
                else { continue }
                next.append(split.earlier)
            }
            return all
        }
    }

    /// What the store knows of an event in one of Google's calendars.
    func row(_ id: RemoteID, in calendar: RemoteID) throws -> StoredResource? {
        try store.readBlocking { transaction in
            try transaction.collections.find(remoteID: calendar, kind: .event, in: account.id)
                .flatMap { try transaction.resources.find(remoteID: id, in: $0.id) }
        }
    }

    /// The calendars that are known here, by Google's names.
    func calendars() throws -> [RemoteCollection] {
        try store.readBlocking { try $0.collections.list(of: account.id) }
            .filter { $0.kind == .event && !$0.isGone }
            .sorted { $0.remoteID < $1.remoteID }
    }
}
