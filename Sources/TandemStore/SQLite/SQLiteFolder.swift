import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The folder of a store: which files it has, who uses them, and whether they can be trusted.
///
/// Every open store holds a shared lock on one file; whoever can take it alone is the only one.
/// A write-ahead log that is there although nobody uses the store was left by a crash.
final class SQLiteFolder: Sendable {
    /// How much of a store is looked at when it is opened.
    enum Check {
        /// The header alone: it was closed, or others use it right now.
        case none
        /// Every page and every reference, as after a crash.
        case pages
        /// Every entry of every index too, as after a failure that spoke of damage.
        case everything
    }

    let database: String
    let check: Check
    private let failureMark: String
    private let lock: Mutex<Int32?>

    static let foreign = StoreError(
        .notAStore, "The file is no store of tandem; nothing was changed.",
        remedy: "Move it out of the way, or name another folder.")

    init(path: String) throws(StoreError) {
        database = "\(path)/tandem.sqlite"
        failureMark = "\(path)/tandem.failed"
        try PrivateFiles.makeFolder(path)
        let (descriptor, isAlone) = try Self.takeLock("\(path)/tandem.lock")
        lock = Mutex(descriptor)
        do throws(StoreError) {
            check = try Self.inspect(
                database, failureMark: failureMark, isAlone: isAlone)
        } catch {
            SystemCalls.closeFile(descriptor)
            throw error
        }
    }

    deinit { releaseLock() }

    /// Lets others in, now that the file is in order.
    func shareLock() {
        lock.withLock { descriptor in
            if let descriptor { flock(descriptor, LOCK_SH) }
        }
    }

    func releaseLock() {
        lock.withLock { descriptor in
            if let open = descriptor { SystemCalls.closeFile(open) }
            descriptor = nil
        }
    }

    /// Leaves a mark that the next opening has to look at everything.
    func noteFailure() {
        // Where even the mark cannot be made, the failure itself was told already.
        let descriptor = open(failureMark, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if descriptor >= 0 { SystemCalls.closeFile(descriptor) }
    }

    /// Takes the mark away after everything was looked at.
    func forgetFailure() throws(StoreError) { try PrivateFiles.remove(failureMark) }

    /// Sets the modes of all files, those that SQLite made since included.
    func protect() throws(StoreError) {
        for suffix in Self.suffixes {
            try PrivateFiles.setMode(0o600, of: database + suffix)
        }
    }

    private static let suffixes = ["", "-wal", "-shm"]

    private static func takeLock(_ path: String) throws(StoreError) -> (Int32, isAlone: Bool) {
        try PrivateFiles.makeFile(path)
        let descriptor = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw PrivateFiles.failure(errno, "open", path) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return (descriptor, true) }
        // Whoever has it alone only has it while it opens the store.
        while flock(descriptor, LOCK_SH) != 0 {
            guard errno == EINTR else {
                let failure = PrivateFiles.failure(errno, "lock", path)
                SystemCalls.closeFile(descriptor)
                throw failure
            }
        }
        return (descriptor, false)
    }

    /// Refuses what is not ours by the file's first bytes, and tells how much to look at.
    private static func inspect(
        _ database: String, failureMark: String, isAlone: Bool
    ) throws(StoreError) -> Check {
        for suffix in suffixes.dropFirst() { _ = try PrivateFiles.entry(at: database + suffix) }
        let entry = try PrivateFiles.entry(at: database)
        let header = try SQLiteHeader(path: database)
        guard let header else {
            try refuseLoneLog(of: database)
            try PrivateFiles.makeFile(database)
            return .none
        }
        guard header.isOurs else { throw foreign }
        guard header.schemaVersion <= Schema.version else {
            throw Schema.newer(header.schemaVersion)
        }
        try PrivateFiles.makeFile(database)
        guard isAlone else { return .none }
        if case .file = try PrivateFiles.entry(at: failureMark) { return .everything }
        if case .file(let logBytes) = try PrivateFiles.entry(at: database + "-wal"), logBytes > 0 {
            return .pages
        }
        if case .file(let bytes) = entry, bytes < header.bytes {
            throw StoreError(
                .corrupt, "The store's file was cut off: it has \(bytes) of \(header.bytes) bytes.",
                remedy: "Put a backup back.")
        }
        return .none
    }

    /// Refuses a write-ahead log whose database is empty or missing: SQLite would take it for a new
    /// one, and throw the log and the commits in it away.
    ///
    /// No crash leaves this: the database has its first page before there is a log.
    /// - SeeAlso: <https://www.sqlite.org/howtocorrupt.html>, section 1.4.
    private static func refuseLoneLog(of database: String) throws(StoreError) {
        guard case .file(let bytes) = try PrivateFiles.entry(at: database + "-wal"), bytes > 0
        else { return }
        throw StoreError(
            .corrupt,
            "The store's file \(database) is empty or missing, but its log of \(bytes) bytes is "
                + "there; nothing was changed.",
            remedy: "Put a backup of the file back, or move the log \(database)-wal away.")
    }
}

/// The first hundred bytes of an SQLite file.
///
/// They may lag behind the write-ahead log, so zeros prove nothing.
/// - SeeAlso: <https://www.sqlite.org/fileformat2.html>, "The Database Header".
struct SQLiteHeader {
    /// What the file's length should be at least, in bytes.
    let bytes: Int64
    let schemaVersion: Int
    let isOurs: Bool

    /// Reads the header; `nil` for an empty file, and where there is none.
    init?(path: String) throws(StoreError) {
        guard let header = try PrivateFiles.readStart(of: path, count: 100), !header.isEmpty else {
            return nil
        }
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw SQLiteFolder.foreign
        }
        func number(_ offset: Int) -> Int64 {
            header[offset..<offset + 4].reduce(0) { $0 << 8 | Int64($1) }
        }
        let pageBytes = Int64(header[16]) << 8 | Int64(header[17])
        bytes = (pageBytes == 1 ? 65_536 : pageBytes) * number(28)
        schemaVersion = Int(number(60))
        let application = number(68)
        isOurs =
            application == Int64(SQLiteSettings.applicationID)
            || application == 0 && schemaVersion == 0
    }
}
