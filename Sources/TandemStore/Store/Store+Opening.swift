public import TandemCore

extension Store {
    /// Opens the store of a folder, or makes it: `tandem.sqlite`, its key file, and its contents.
    ///
    /// - Parameters:
    ///   - folder: Where it lies; made with mode 0700.
    ///   - keyFile: Where the sealing keys lie; `sealing.keys` in the folder unless named.
    ///   - readers: As in ``SQLiteDatabase/init(folder:readers:patience:now:)``.
    ///   - rulebook: The rules of the kinds that connectors handed over.
    ///   - environment: The clock, and chance.
    /// - Returns: The store, with its tables in place; close it when done.
    /// - Throws: ``StoreError`` with codes `unsafeFile`, `notAStore`, `newer`, `corrupt`,
    ///   `unwritable`, `locked`, `full` or `io`.
    public static func open(
        folder: String, keyFile: String? = nil, readers: Int = 1, rulebook: Rulebook,
        environment: TandemEnvironment
    ) throws(StoreError) -> Store {
        Store(
            database: try SQLiteDatabase(
                folder: folder, readers: readers, now: environment.now()),
            rulebook: rulebook, environment: environment,
            sealer: CredentialSealer(keyFile: keyFile ?? "\(folder)/sealing.keys"),
            blobFolder: BlobFolder(path: "\(folder)/blobs"))
    }

    /// Lends the store of a folder, which is made where there is none, and closes it afterwards,
    /// however `body` ends.
    ///
    /// - Parameters:
    ///   - folder: Where it lies; made with mode 0700.
    ///   - keyFile: Where the sealing keys lie; `sealing.keys` in the folder unless named.
    ///   - readers: As in ``SQLiteDatabase/init(folder:readers:patience:now:)``.
    ///   - rulebook: The rules of the kinds that connectors handed over.
    ///   - environment: The clock, and chance; this machine's unless given.
    ///   - body: The work; it runs in the caller's isolation.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; ``StoreError``, as
    ///   ``open(folder:keyFile:readers:rulebook:environment:)`` and ``close()``.
    public static func withStore<Value>(
        folder: String, keyFile: String? = nil, readers: Int = 1, rulebook: Rulebook,
        environment: TandemEnvironment = .system, _ body: (Store) async throws -> Value
    ) async throws -> Value {
        let store = try open(
            folder: folder, keyFile: keyFile, readers: readers, rulebook: rulebook,
            environment: environment)
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(store)) } catch { outcome = .failure(error) }
        do { try store.close() } catch {
            // What `body` met first is what its caller has to know.
            _ = try outcome.get()
            throw error
        }
        return try outcome.get()
    }

    /// Opens the store of a folder that cannot be written, for want of rights or of room; nothing of
    /// it is made or changed.
    ///
    /// - Parameters:
    ///   - folder: Where it lies.
    ///   - keyFile: As in ``open(folder:keyFile:readers:rulebook:environment:)``.
    ///   - rulebook: The rules of the kinds that connectors handed over.
    ///   - environment: The clock, and chance.
    /// - Returns: The store, every write to which is refused; close it when done.
    /// - Throws: ``StoreError``, as ``SQLiteDatabase/init(reading:now:)``.
    public static func openForReading(
        folder: String, keyFile: String? = nil, rulebook: Rulebook, environment: TandemEnvironment
    ) throws(StoreError) -> Store {
        Store(
            database: try SQLiteDatabase(reading: folder, now: environment.now()),
            rulebook: rulebook, environment: environment,
            sealer: CredentialSealer(keyFile: keyFile ?? "\(folder)/sealing.keys"),
            blobFolder: BlobFolder(path: "\(folder)/blobs"))
    }

    /// Opens a store that lives in memory and ends with the process.
    ///
    /// - Parameters:
    ///   - rulebook: The rules of the kinds that connectors handed over.
    ///   - environment: The clock, and chance.
    /// - Returns: An empty store.
    /// - Throws: ``StoreError``.
    public static func inMemory(
        rulebook: Rulebook, environment: TandemEnvironment
    ) throws(StoreError) -> Store {
        Store(
            database: try SQLiteDatabase(), rulebook: rulebook, environment: environment,
            sealer: CredentialSealer(ephemeralKeyFrom: environment.random))
    }
}
