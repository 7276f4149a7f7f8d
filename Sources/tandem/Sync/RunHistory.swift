import LosslessJSON
import TandemCore
import TandemStore

/// The runs of the chosen accounts, each with how it stands.
struct RunHistory {
    /// How a run stands.
    enum State: String, Sendable {
        /// It came to its end.
        case finished
        /// A living process works on it.
        case running
        /// Its process ended before it did, as by `kill -9`.
        case unfinished
    }

    private let directory: Directory
    /// Who works on an account now.
    private let owners: [LeaseOwner]

    init(_ directory: Directory) throws {
        self.directory = directory
        let transaction = directory.transaction
        owners = try transaction.leases.list()
            .filter { $0.isBinding(in: transaction.environment) }.map(\.owner)
    }

    /// The runs of a page, newest first.
    func runs(_ page: PageRequest) throws -> [RunRecord] {
        try page.read(id: \.id.rawValue) { limit, after in
            try directory.transaction.runs.list(limit: limit, after: after.map(RunID.init))
        } where: { run in
            try !directory.isNarrowed || concerns(run)
        }
    }

    /// Whether a run worked on one of the chosen accounts: its summary says so, or its changes.
    private func concerns(_ run: RunRecord) throws -> Bool {
        if let accounts = run.summary?["accounts"]?.array {
            let names = Set(directory.accounts.map(\.name))
            return accounts.contains { $0["account"]?.string.map(names.contains) ?? false }
        }
        let ids = directory.accountIDs
        return try directory.transaction.changes.list(run: run.id)
            .contains { ids.contains($0.account) }
    }

    /// How a run stands.
    func state(of run: RunRecord) -> State {
        if run.finished != nil { return .finished }
        return owners.contains { $0.isWorking(on: run.id) } ? .running : .unfinished
    }
}

extension LeaseOwner {
    /// Whoever works on a run of `sync` in this process; no two runs share a name, so that a
    /// lease is never taken for one's own.
    init(syncing run: RunID, by process: ProcessIdentity) {
        self.init(name: "tandem sync \(process.number) \(run)", process: process)
    }

    /// Whether the owner took its lease for a run.
    func isWorking(on run: RunID) -> Bool { name.hasSuffix(" \(run)") }
}
