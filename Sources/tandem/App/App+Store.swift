import Foundation
import GoogleConnector
import LosslessJSON
import TandemActions
import TandemCore
import TandemStore

extension App {
    /// The rules of every kind that a connector of ours brings.
    static let rulebook = Rulebook(GoogleAccountConnector.rules)

    /// Opens the store, which is made when it is not there.
    ///
    /// - Throws: `StoreError`, or ``CommandFailure`` with exit `configuration`.
    func openStore() throws -> Store {
        for folder in [places.config, places.data, places.state] { try Places.prepare(folder) }
        return try Store.open(
            folder: places.storeFolder.path,
            keyFile: places.config.appending(path: "sealing.keys").path, rulebook: Self.rulebook,
            environment: environment)
    }

    /// Lends the open store to `body` and closes it afterwards, however `body` ends.
    func withStore<Value>(_ body: (Store) async throws -> Value) async throws -> Value {
        let store = try openStore()
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(store)) } catch { outcome = .failure(error) }
        try store.close()
        return try outcome.get()
    }

    /// Lends the store's present state to `body`.
    func reading<Value: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        try await withStore { try await $0.read(body) }
    }

    /// Does a writing command's work in one transaction, under a run of its own.
    ///
    /// - Parameters:
    ///   - command: The command's words, for the log.
    ///   - dryRun: Whether everything is undone again, once the answer is made.
    ///   - body: Does the work and makes the answer.
    /// - Returns: The answer.
    /// - Throws: What `body` throws; `StoreError`.
    func writing<Value: Sendable>(
        _ command: String, dryRun: Bool = false,
        _ body: @escaping @Sendable (StoreTransaction, RunID) throws -> Value
    ) async throws -> Value {
        try await withStore { store in
            do {
                return try await store.write { transaction in
                    let run = try transaction.runs.start(command)
                    let value = try body(transaction, run.id)
                    guard !dryRun else { throw DryRun(value: value) }
                    try transaction.runs.finish(run.id, exit: 0, summary: nil)
                    return value
                }
            } catch let undone as DryRun<Value> { return undone.value }
        }
    }
}

/// Carries an answer out of a transaction that is undone.
private struct DryRun<Value: Sendable>: Error {
    let value: Value
}

/// Finds accounts and calendars by what a person calls them.
struct Directory {
    let transaction: StoreTransaction
    let accounts: [Account]
    let collections: [RemoteCollection]

    /// - Parameters:
    ///   - transaction: The transaction that is under way.
    ///   - names: What `--account` said; empty for every account.
    /// - Throws: `TandemError` with code `notFound` for an account that is not there.
    init(_ transaction: StoreTransaction, accounts names: [String]) throws {
        self.transaction = transaction
        let all = try transaction.accounts.list()
        var chosen: [Account] = []
        for name in names {
            let found = all.filter { Self.fits($0, name) }
            guard !found.isEmpty else {
                throw TandemError(
                    .notFound, "There is no account '\(name)'.", remedy: "tandem auth list")
            }
            chosen += found.filter { account in !chosen.contains { $0.id == account.id } }
        }
        accounts = names.isEmpty ? all : chosen
        let ids = Set(accounts.map(\.id))
        collections = try transaction.collections.list().filter { ids.contains($0.account) }
    }

    private static func fits(_ account: Account, _ name: String) -> Bool {
        account.name == name || account.id.rawValue == name
            || account.email?.lowercased() == name.lowercased()
    }

    /// The ids of the chosen accounts.
    var accountIDs: Set<AccountID> { Set(accounts.map(\.id)) }

    /// The calendars, those that are gone left out.
    var calendars: [RemoteCollection] {
        collections.filter { $0.kind == .event && !$0.isGone }
    }

    /// The calendars with one of these names, ids or addresses; all where none is named.
    ///
    /// - Throws: `TandemError` with code `notFound`.
    func calendars(named names: [String]) throws -> [RemoteCollection] {
        guard !names.isEmpty else { return calendars }
        return try names.flatMap { name in
            let found = try calendars.filter { try fits($0, name) }
            guard !found.isEmpty else {
                throw TandemError(
                    .notFound, "There is no calendar '\(name)'.", remedy: "tandem calendars list")
            }
            return found
        }
    }

    private func fits(_ calendar: RemoteCollection, _ name: String) throws -> Bool {
        if calendar.id.rawValue == name || calendar.remoteID.rawValue == name
            || calendar.name.lowercased() == name.lowercased()
        {
            return true
        }
        if calendar.resource?.rawValue == name { return true }
        return try name.lowercased() == "primary" && isPrimary(calendar)
    }

    private func isPrimary(_ calendar: RemoteCollection) throws -> Bool {
        guard let entry = calendar.resource else { return false }
        return try transaction.resources.find(entry)?.live?["primary"]?.bool == true
    }

    /// The one calendar that a new event goes to.
    ///
    /// - Parameter name: What was said; the primary calendar of the only account without it.
    /// - Returns: The calendar.
    /// - Throws: `TandemError` with code `notFound` or `ambiguous`.
    func calendar(named name: String?) throws -> RemoteCollection {
        let fitting = try calendars(named: [name ?? "primary"])
        guard fitting.count > 1 else { return fitting[0] }
        throw TandemError(
            .ambiguous,
            name == nil
                ? "There are several accounts, so say which one is meant."
                : "Several calendars are called '\(name ?? "")'.",
            remedy: "Add --account NAME, or the calendar's id: tandem calendars list")
    }
}
