import Foundation
import GoogleConnector
import LosslessJSON
import TandemCore
import TandemStore

extension App {
    /// The rules of every kind that a connector of ours brings.
    static let rulebook = Rulebook(GoogleAccountConnector.rules)

    /// Opens the store, which is made when it is not there.
    ///
    /// - Throws: `StoreError`, or ``CommandFailure`` with exit `configuration`.
    func openStore() throws -> Store {
        for folder in [places.config, places.data, places.state] {
            try PrivateFiles.makeFolder(folder.path)
        }
        let store = try Store.open(
            folder: places.storeFolder.path, keyFile: keyFile,
            // A command does one thing: to open a second connection takes longer than to wait.
            readers: 0, rulebook: Self.rulebook, environment: environment)
        do { try Places.protect(places.settingsFile) } catch {
            try store.close()
            throw error
        }
        return store
    }

    /// Opens the store to read from it, also where nothing may be written, or there is no room to.
    ///
    /// - Throws: `StoreError`, or ``CommandFailure`` with exit `configuration`.
    private func openStoreForReading() throws -> Store {
        do { return try openStore() } catch let error as StoreError
            where error.code == .unwritable || error.code == .full
        {
            return try openUnwrittenStore(because: error)
        }
    }

    private func openUnwrittenStore(because reason: StoreError) throws -> Store {
        do {
            return try Store.openForReading(
                folder: places.storeFolder.path, keyFile: keyFile, rulebook: Self.rulebook,
                environment: environment)
        } catch {
            // There is none, its log has to be folded in first, or somebody has it open: what keeps
            // it from being read is the want of room.
            throw reason.code == .full && error.code != .corrupt ? reason : error
        }
    }

    private var keyFile: String { places.config.appending(path: "sealing.keys").path }

    /// Lends the open store to `body` and closes it afterwards, however `body` ends.
    func withStore<Value>(_ body: (Store) async throws -> Value) async throws -> Value {
        try await lend(try openStore(), to: body)
    }

    private func lend<Value>(
        _ store: Store, to body: (Store) async throws -> Value
    ) async throws -> Value {
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(store)) } catch { outcome = .failure(error) }
        try store.close()
        return try outcome.get()
    }

    /// Lends the store to `body`, which only reads from it, for as long as that takes.
    func withStoreForReading<Value>(_ body: (Store) async throws -> Value) async throws -> Value {
        try await lend(try openStoreForReading(), to: body)
    }

    /// Lends the store's present state to `body`.
    func reading<Value: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        try await withStoreForReading { try await $0.read(body) }
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
