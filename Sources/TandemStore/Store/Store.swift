public import TandemCore

/// The local store: everything that was read from providers and edited here.
///
/// Transactions are synchronous closures: whatever is read, decided and written inside one sees
/// no change by others in between.
public struct Store: Sendable {
    let database: any SQLDatabase
    /// The rules of the kinds that connectors handed over.
    public let rulebook: Rulebook
    /// The clock, and chance.
    public let environment: TandemEnvironment
    let sealer: CredentialSealer
    let blobFolder: BlobFolder?

    /// Binds a store to an open database whose schema is in place.
    ///
    /// - Parameters:
    ///   - database: The driver, with ``Schema/migrate(from:on:)`` done.
    ///   - rulebook: The rules of the kinds that connectors handed over.
    ///   - environment: The clock, and chance.
    ///   - sealer: What seals the secrets of accounts.
    ///   - blobFolder: Where contents lie; without it no blob can be kept.
    public init(
        database: any SQLDatabase, rulebook: Rulebook, environment: TandemEnvironment,
        sealer: CredentialSealer, blobFolder: BlobFolder? = nil
    ) {
        self.database = database
        self.rulebook = rulebook
        self.environment = environment
        self.sealer = sealer
        self.blobFolder = blobFolder
    }

    /// Reads one state of the store.
    /// - Throws: ``StoreError``, or what `body` throws.
    public func read<Value: Sendable>(
        as user: UserID = .local, _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        try await database.read { try body(transaction(on: $0, as: user)) }
    }

    /// Reads and writes in one transaction; on disk when the call returns, undone when it throws.
    /// - Throws: ``StoreError``, or what `body` throws.
    public func write<Value: Sendable>(
        as user: UserID = .local, _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        try await database.write { try settled(transaction(on: $0, as: user), body) }
    }

    /// As ``read(as:_:)``, but the calling thread waits: for programs without `async`.
    /// - Throws: ``StoreError``, or what `body` throws.
    public func readBlocking<Value>(
        as user: UserID = .local, _ body: (StoreTransaction) throws -> Value
    ) throws -> Value {
        try database.readBlocking { try body(transaction(on: $0, as: user)) }
    }

    /// As ``write(as:_:)``, but the calling thread waits: for programs without `async`.
    /// - Throws: ``StoreError``, or what `body` throws.
    public func writeBlocking<Value>(
        as user: UserID = .local, _ body: (StoreTransaction) throws -> Value
    ) throws -> Value {
        try database.writeBlocking { try settled(transaction(on: $0, as: user), body) }
    }

    /// A number that is another one after another connection wrote: much cheaper to ask for again
    /// and again than whatever it may have written.
    ///
    /// In a store with readers of its own each of them counts by itself, and its own writes, too.
    /// - Returns: The number; `nil` where the database does not tell.
    /// - Throws: ``StoreError``.
    public func version() async throws -> Int64? {
        try await database.read { connection in
            guard let question = connection.dialect.version else { return nil }
            var version: Int64?
            try connection.query(question, []) { version = $0.int(0) }
            return version
        }
    }

    /// Gives back files and locks; the next opening then needs no check.
    /// - Throws: ``StoreError``.
    public func close() throws(StoreError) { try database.close() }

    private func transaction(
        on connection: any SQLConnection, as user: UserID
    ) -> StoreTransaction {
        StoreTransaction(
            user: user, connection: connection, rulebook: rulebook, environment: environment,
            sealer: sealer, blobFolder: blobFolder,
            searchIndex: SearchIndex(connection: connection))
    }

    /// Writes, and lets the index of words follow before the transaction ends.
    private func settled<Value>(
        _ transaction: StoreTransaction, _ body: (StoreTransaction) throws -> Value
    ) throws -> Value {
        let value = try body(transaction)
        try transaction.searchIndex.settle()
        return value
    }
}
