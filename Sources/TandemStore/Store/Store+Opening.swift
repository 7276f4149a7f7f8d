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
