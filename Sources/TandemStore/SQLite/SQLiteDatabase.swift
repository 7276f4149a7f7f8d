import GRDB
import GRDBSQLite
import Synchronization
public import TandemCore

/// SQLite as a driver, through GRDB: one writing connection and some for reading.
///
/// Several processes may use one file; a statement that meets another one's lock waits for it.
public final class SQLiteDatabase: SQLDatabase {
    /// How many connections read beside the writing one; they are opened when first needed.
    public static let mostReaders = 3

    private struct State {
        var isClosed = false
        var readers: [DatabaseQueue] = []
        var turn = 0
        var folder: SQLiteFolder?
    }

    private let writer: DatabaseQueue
    private let path: String?
    private let readerCount: Int
    /// In seconds.
    private let patience: Double
    private let isReadOnly: Bool
    private let state: Mutex<State>

    /// Opens a store that lives in memory and ends with the process; its schema is in place.
    /// - Throws: ``StoreError``.
    public init() throws(StoreError) {
        do {
            writer = try DatabaseQueue(
                configuration: Self.configuration(reading: false, patience: 0))
        } catch { throw SQLiteErrors.storeError(error) }
        path = nil
        readerCount = 0
        patience = 0
        state = Mutex(State())
        isReadOnly = false
        try Self.prepare(writer, nil)
    }

    /// Opens the store of a folder, or makes it.
    ///
    /// The folder and its files are set to modes 0700 and 0600. Links, files of other programs and
    /// stores of later versions are refused before anything is written. A store that was not
    /// closed, that failed before, whose file is not as it was left, or that was not checked for a
    /// day, is checked as a whole first.
    ///
    /// - Parameters:
    ///   - folder: Where it lies.
    ///   - readers: How many connections read beside the writing one, at most ``mostReaders``; with
    ///     0 reads and writes wait for each other, on the threads of those who ask, which suits
    ///     programs that do one thing.
    ///   - patience: How long a statement waits for another process' lock, to the second.
    ///   - now: The moment it is; without it no day ends.
    /// - Throws: ``StoreError``.
    public init(
        folder: String, readers: Int = 1, patience: Duration = .seconds(10),
        now: Timestamp? = nil
    ) throws(StoreError) {
        let place = try SQLiteFolder(path: folder, now: now?.milliseconds)
        self.patience = Double(patience.components.seconds)
        do {
            writer = try DatabaseQueue(
                path: place.database,
                configuration: Self.configuration(reading: false, patience: self.patience))
        } catch { throw SQLiteErrors.storeError(error, in: folder) }
        path = place.database
        readerCount = min(max(0, readers), Self.mostReaders)
        isReadOnly = false
        try Self.prepare(writer, place)
        try Self.check(writer, place)
        try place.protect()
        try place.markUsed()
        place.shareLock()
        state = Mutex(State(folder: place))
    }

    /// Opens the store of a folder that may not be written: nothing in it is made or changed, and
    /// every write is refused.
    ///
    /// Nobody else can open the store until this one is closed, since it is read without locks.
    ///
    /// - Parameters:
    ///   - folder: Where it lies.
    ///   - now: As in ``init(folder:readers:patience:now:)``.
    /// - Throws: ``StoreError``, with code `unwritable` where there is none, where it was not closed
    ///   or is of an earlier version; `locked` while others have it open.
    /// - SeeAlso: <https://www.sqlite.org/wal.html>, "Read-Only Databases".
    public init(reading folder: String, now: Timestamp? = nil) throws(StoreError) {
        let place = try SQLiteFolder(reading: folder, now: now?.milliseconds)
        var configuration = Self.configuration(reading: true, patience: 0)
        configuration.readonly = true
        do {
            writer = try DatabaseQueue(path: place.unchangingAddress, configuration: configuration)
            try writer.writeWithoutTransaction { database in
                try SQLiteSettings.requireTables(in: database, of: place)
                guard place.check != .none else { return }
                try SQLiteSettings.check(database, withIndexes: place.check == .everything)
            }
        } catch { throw SQLiteErrors.storeError(error) }
        path = nil
        readerCount = 0
        patience = 0
        isReadOnly = true
        state = Mutex(State(folder: place))
    }

    /// Reads one unchanging state.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        let queue = try reader()
        let isShared = readerCount == 0
        return try await run(on: queue) { [self] in
            try read($0, restricting: isShared, body)
        }
    }

    /// Reads and writes in one transaction.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try ensureWritable()
        return try await run(on: writer) { [self] in try write($0, body) }
    }

    /// Reads one unchanging state while the calling thread waits.
    public func readBlocking<Value>(
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        let isShared = readerCount == 0
        return try wait(for: reader()) { try read($0, restricting: isShared, body) }
    }

    /// Reads and writes in one transaction while the calling thread waits.
    public func writeBlocking<Value>(
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        try ensureWritable()
        return try wait(for: writer) { try write($0, body) }
    }

    /// Closes every connection; the last process to do so folds the log into the file.
    public func close() throws(StoreError) {
        let (readers, folder) = state.withLock { state in
            defer {
                state.isClosed = true
                state.readers = []
                state.folder = nil
            }
            return (state.readers, state.folder)
        }
        do {
            for reader in readers { try reader.close() }
            try writer.close()
        } catch { throw SQLiteErrors.storeError(error, in: folder?.path) }
        if !isReadOnly { folder?.noteClose() }
        folder?.releaseLock()
    }

    private func ensureOpen() throws(StoreError) {
        guard state.withLock({ !$0.isClosed }) else { throw SQLiteErrors.closed }
    }

    private func ensureWritable() throws(StoreError) {
        try ensureOpen()
        guard !isReadOnly else {
            throw StoreError(
                .unwritable, "The store was opened for reading only.",
                remedy: "Check who owns the store's folder, and its permissions.")
        }
    }

    /// The connection whose turn it is to read.
    private func reader() throws -> DatabaseQueue {
        guard readerCount > 0, let path else {
            try ensureOpen()
            return writer
        }
        return try state.withLock { state in
            guard !state.isClosed else { throw SQLiteErrors.closed }
            state.turn = (state.turn + 1) % readerCount
            if state.readers.count <= state.turn {
                state.turn = state.readers.count
                do {
                    state.readers.append(
                        try DatabaseQueue(
                            path: path,
                            configuration: Self.configuration(
                                reading: true, patience: patience)))
                } catch { throw SQLiteErrors.storeError(error, in: state.folder?.path) }
            }
            return state.readers[state.turn]
        }
    }
}

extension SQLiteDatabase {
    private static func configuration(reading: Bool, patience: Double) -> Configuration {
        var configuration = Configuration()
        configuration.label = reading ? "tandem.reader" : "tandem.writer"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            try SQLiteSettings.apply(to: database, reading: reading)
            // GRDB has every column noted that a statement touches, for observers; there are none.
            sqlite3_set_authorizer(database.sqliteConnection, nil, nil)
        }
        return configuration
    }

    private static func prepare(
        _ writer: DatabaseQueue, _ folder: SQLiteFolder?
    ) throws(StoreError) {
        do {
            try writer.writeWithoutTransaction { database in
                try SQLiteSettings.install(in: database, of: folder)
            }
        } catch { throw SQLiteErrors.storeError(error, in: folder?.path) }
    }

    private static func check(
        _ writer: DatabaseQueue, _ folder: SQLiteFolder
    ) throws(StoreError) {
        guard folder.check != .none else { return }
        do {
            try writer.writeWithoutTransaction {
                try SQLiteSettings.check($0, withIndexes: folder.check == .everything)
            }
        } catch {
            let failure = SQLiteErrors.storeError(error, in: folder.path)
            if failure.code == .corrupt { folder.noteFailure() }
            throw failure
        }
        try folder.forgetFailure()
    }

    /// Runs `body` on a connection's own queue; a task's cancellation does not interrupt it.
    ///
    /// Where one connection serves all, the task's own thread does the work: everything else waits
    /// for it anyway, and a change of threads and back takes longer than a short transaction.
    private func run<Value: Sendable>(
        on queue: DatabaseQueue, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        guard readerCount > 0 else { return try wait(for: queue, body) }
        return try await withCheckedThrowingContinuation { continuation in
            queue.asyncWriteWithoutTransaction { database in
                continuation.resume(with: Swift.Result { try body(database) })
            }
        }
    }

    /// Runs `body` on a connection's own queue while the calling thread waits.
    private func wait<Value>(
        for queue: DatabaseQueue, _ body: (Database) throws -> Value
    ) throws -> Value {
        try queue.writeWithoutTransaction(body)
    }

    private func read<Value>(
        _ database: Database, restricting: Bool, _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        try translating {
            try Self.transaction(.deferred, on: database, onlyReads: restricting, body)
        }
    }

    private func write<Value>(
        _ database: Database, _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        try translating {
            do { return try Self.transaction(.immediate, on: database, body) } catch {
                try Self.suspectDamage(error, in: database)
                throw error
            }
        }
    }

    /// Looks at everything where rows were refused that should have been taken: an index that does
    /// not agree with its table refuses them, too.
    private static func suspectDamage(_ error: any Error, in database: Database) throws {
        guard error is DatabaseError || error is StoreError else { return }
        let failure = SQLiteErrors.storeError(error)
        // Refusals of our own have no code of SQLite's.
        guard failure.code == .constraint, failure.resultCode != nil else { return }
        try SQLiteSettings.check(database, withIndexes: true)
    }

    /// Lets failures out as the store's own; one that speaks of damage leaves a mark, so that the
    /// next opening looks at everything.
    private func translating<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch {
            guard error is DatabaseError || error is StoreError else { throw error }
            let folder = state.withLock(\.folder)
            let failure = SQLiteErrors.storeError(error, in: folder?.path)
            if failure.code == .corrupt || failure.code == .io { folder?.noteFailure() }
            throw failure
        }
    }

    private static func transaction<Value>(
        _ kind: Database.TransactionKind, on database: Database, onlyReads: Bool = false,
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        let connection = try SQLiteConnection(database, onlyReads: onlyReads)
        var outcome: Value?
        try database.inTransaction(kind) {
            outcome = try body(connection)
            // A transaction that SQLite undid by itself must not look kept.
            if let failure = connection.fatalFailure { throw failure }
            return .commit
        }
        guard let outcome else { throw SQLiteErrors.closed }
        return outcome
    }
}
