import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The folder of a store: which files it has, who uses them, and whether they can be trusted.
///
/// Every open store holds a shared lock on one file; whoever can take it alone is the only one.
/// A write-ahead log that is there although nobody uses the store was left by a crash; a file that
/// is not as the last one left it was changed by somebody else.
final class SQLiteFolder: Sendable {
    /// How much of a store is looked at when it is opened.
    enum Check {
        /// The header alone: it is as it was left, or others use it right now.
        case none
        /// Every page and every reference: after a crash, where the file is not as it was left, and
        /// once a day.
        case pages
        /// Every entry of every index too, as after a failure that spoke of damage.
        case everything
    }

    let path: String
    let database: String
    let check: Check
    /// Whether a store was kept here before, so that an empty file cannot be a new one.
    let wasUsed: Bool
    private let failureMark: String
    private let lastClose: LastClose?
    /// When all of the file was looked at, in milliseconds of Unix time.
    private let checkedAt: Int64
    private let lock: Mutex<Int32?>

    static let foreign = StoreError(
        .notAStore, "The file is no store of tandem; nothing was changed.",
        remedy: "Move it out of the way, or name another folder.")

    /// How long another process may take to open the store: to look at every page of a large one
    /// takes seconds, and one that was paused in the midst of it would keep everybody out for ever.
    static let openingPatienceMilliseconds: Int32 = 60_000
    /// How often it is asked whether the other one is done.
    private static let pauseMilliseconds: Int32 = 50

    /// `now` is in milliseconds of Unix time; without it no day ends.
    init(
        path: String, now: Int64?, patienceMilliseconds: Int32 = openingPatienceMilliseconds
    ) throws(StoreError) {
        self.path = path
        database = Self.database(in: path)
        failureMark = Self.failureMark(in: path)
        try PrivateFiles.makeFolder(path)
        let (descriptor, isAlone) = try Self.takeLock(
            Self.lockFile(in: path), patienceMilliseconds)
        lock = Mutex(descriptor)
        do throws(StoreError) {
            wasUsed = try Self.wasUsed(path, lock: descriptor)
            let last = try LastClose(path: Self.lastClose(in: path))
            check = try Self.inspect(path, isAlone: isAlone, wasUsed: wasUsed, last, now)
            lastClose = last
            // Without a note only a new store is not looked at, or one that others use.
            let isNew = last == nil && isAlone
            checkedAt = check == .none && !isNew ? last?.checkedAt ?? 0 : now ?? 0
        } catch {
            SystemCalls.closeFile(descriptor)
            throw error
        }
    }

    /// The folder of a store that may not be written: nothing in it is made or changed, and whoever
    /// else opens it waits until it is given back.
    init(reading path: String, now: Int64?) throws(StoreError) {
        self.path = path
        database = Self.database(in: path)
        failureMark = Self.failureMark(in: path)
        let descriptor = try Self.takeWholeLock(Self.lockFile(in: path))
        lock = Mutex(descriptor)
        do throws(StoreError) {
            wasUsed = try Self.wasUsed(path, lock: descriptor)
            let last = try LastClose(path: Self.lastClose(in: path))
            check = try Self.inspectUnchanged(path, wasUsed: wasUsed, last, now)
            (lastClose, checkedAt) = (last, 0)
        } catch {
            if let descriptor { SystemCalls.closeFile(descriptor) }
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

    /// Notes how the file is left, once every connection to it is closed.
    func noteClose() {
        guard let trace = LastClose.Trace(of: database) else { return }
        let note = LastClose(trace: trace, checkedAt: checkedAt)
        if note != lastClose { note.write(to: Self.lastClose(in: path)) }
    }

    /// Takes the mark away after everything was looked at.
    func forgetFailure() throws(StoreError) { try PrivateFiles.remove(failureMark) }

    /// Sets the modes of all files, those that SQLite made since included.
    func protect() throws(StoreError) {
        for suffix in Self.suffixes {
            try PrivateFiles.setMode(0o600, of: database + suffix)
        }
        try PrivateFiles.setMode(0o600, of: Self.lastClose(in: path))
    }

    private static let suffixes = ["", "-wal", "-shm"]

    private static func database(in path: String) -> String { "\(path)/tandem.sqlite" }
    private static func failureMark(in path: String) -> String { "\(path)/tandem.failed" }
    private static func lastClose(in path: String) -> String { "\(path)/tandem.closed" }
    private static func lockFile(in path: String) -> String { "\(path)/tandem.lock" }

    private static func takeLock(
        _ path: String, _ patienceMilliseconds: Int32
    ) throws(StoreError) -> (Int32, isAlone: Bool) {
        try PrivateFiles.makeFile(path)
        let descriptor = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw PrivateFiles.failure(errno, "open", path) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return (descriptor, true) }
        do throws(StoreError) {
            try shareLock(descriptor, path, patienceMilliseconds)
        } catch {
            SystemCalls.closeFile(descriptor)
            throw error
        }
        return (descriptor, false)
    }

    /// Takes the lock with others: whoever has it alone only has it while it opens the store.
    private static func shareLock(
        _ descriptor: Int32, _ path: String, _ patienceMilliseconds: Int32
    ) throws(StoreError) {
        var waited: Int32 = 0
        while flock(descriptor, LOCK_SH | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw PrivateFiles.failure(errno, "lock", path)
            }
            guard waited < patienceMilliseconds else {
                throw StoreError(
                    .locked,
                    "Another process began to open the store, and has not come to an end for "
                        + "\(patienceMilliseconds / 1000) seconds.",
                    remedy: "Let the process go on if it is paused, or end it.")
            }
            // As SQLite waits for its own locks: in the system, for a moment at a time.
            _ = poll(nil, 0, pauseMilliseconds)
            waited += pauseMilliseconds
        }
    }

    /// Refuses what is not ours by the file's first bytes, and tells how much to look at.
    private static func inspect(
        _ path: String, isAlone: Bool, wasUsed: Bool, _ last: LastClose?, _ now: Int64?
    ) throws(StoreError) -> Check {
        let database = database(in: path)
        for suffix in suffixes.dropFirst() { _ = try PrivateFiles.entry(at: database + suffix) }
        let entry = try PrivateFiles.entry(at: database)
        guard let header = try Self.header(of: database) else {
            try refuseLoneLog(of: database)
            guard !wasUsed else { throw lost(path) }
            try PrivateFiles.makeFile(database)
            return .none
        }
        try PrivateFiles.makeFile(database)
        guard isAlone else { return .none }
        if case .file = try PrivateFiles.entry(at: failureMark(in: path)) { return .everything }
        if case .file(let logBytes) = try PrivateFiles.entry(at: database + "-wal"), logBytes > 0 {
            return .pages
        }
        try refuseCutOff(entry, header)
        return isAsLeft(database, last, now) ? .none : .pages
    }

    private static func isAsLeft(
        _ database: String, _ last: LastClose?, _ now: Int64?
    ) -> Bool {
        guard let last, let trace = LastClose.Trace(of: database) else { return false }
        return last.vouches(for: trace, at: now)
    }

    /// The header of a store of ours; `nil` for an empty file, and where there is none.
    private static func header(of database: String) throws(StoreError) -> SQLiteHeader? {
        guard let header = try SQLiteHeader(path: database) else { return nil }
        guard header.isOurs else { throw foreign }
        guard header.schemaVersion <= Schema.version else {
            throw Schema.newer(header.schemaVersion)
        }
        return header
    }

    private static func refuseCutOff(
        _ entry: PrivateFiles.Entry, _ header: SQLiteHeader
    ) throws(StoreError) {
        guard case .file(let bytes) = entry, bytes < header.bytes else { return }
        throw StoreError(
            .corrupt, "The store's file was cut off: it has \(bytes) of \(header.bytes) bytes.",
            remedy: "Put a backup back.")
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

/// What a folder remembers of the store in it.
///
/// The lock file is empty until the tables are in place, and says so from then on; a database that
/// is empty beside it was cut off or deleted, and with it perhaps edits that nobody else has.
extension SQLiteFolder {
    private static let mark = "There is a store in this folder.\n"

    /// Notes that there is a store from now on, once its tables are on disk.
    func markUsed() throws(StoreError) {
        guard !wasUsed else { return }
        let failed = lock.withLock { descriptor -> Int32? in
            guard let descriptor else { return EBADF }
            let bytes = Array(Self.mark.utf8)
            let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
            return count == bytes.count && fsync(descriptor) == 0 ? nil : errno
        }
        if let failed { throw PrivateFiles.failure(failed, "write", Self.lockFile(in: path)) }
    }

    /// What is thrown where the database is empty, and must not be.
    var lost: StoreError { Self.lost(path) }

    private static func lost(_ path: String) -> StoreError {
        StoreError(
            .corrupt,
            "The store's file \(database(in: path)) is empty or missing, although a store was kept "
                + "there; nothing was changed.",
            remedy: "Put a backup of the file back. To begin anew, move the folder \(path) away: "
                + "edits that were not sent yet are then lost.")
    }

    /// Whether the lock file says that there was a store, or contents are left of one.
    private static func wasUsed(_ path: String, lock: Int32?) throws(StoreError) -> Bool {
        if let lock {
            var status = stat()
            guard fstat(lock, &status) == 0 else {
                throw PrivateFiles.failure(errno, "look at", lockFile(in: path))
            }
            if status.st_size > 0 { return true }
        }
        return try !PrivateFiles.names(in: "\(path)/blobs").isEmpty
    }
}

/// A store that may not be written.
extension SQLiteFolder {
    /// The database as SQLite reads it without a log, without locks, and without making a file.
    ///
    /// Right only while nobody writes it, which the lock makes sure of.
    /// - SeeAlso: <https://www.sqlite.org/uri.html>, "immutable".
    var unchangingAddress: String {
        let plain = Set("/-._~".utf8)
        let path = database.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(UnicodeScalar(byte))
            case _ where plain.contains(byte): String(UnicodeScalar(byte))
            default: "%" + Hexadecimal.text(of: [byte])
            }
        }
        return "file:\(path.joined())?immutable=1"
    }

    /// Whether anything of the store is to be looked at more closely.
    private static func inspectUnchanged(
        _ path: String, wasUsed: Bool, _ last: LastClose?, _ now: Int64?
    ) throws(StoreError) -> Check {
        let database = database(in: path)
        let entry = try PrivateFiles.entry(at: database)
        guard let header = try Self.header(of: database) else {
            try refuseLoneLog(of: database)
            guard !wasUsed else { throw lost(path) }
            throw StoreError(
                .unwritable, "There is no store in \(path), and none can be made there.",
                remedy: "Check who owns the folder, and its permissions.")
        }
        if case .file(let bytes) = try PrivateFiles.entry(at: database + "-wal"), bytes > 0 {
            throw StoreError(
                .unwritable,
                "The store in \(path) is read-only and was not closed: its log has to be folded "
                    + "into it before it can be read.",
                remedy: "Make the folder writable, or copy it to a place that is.")
        }
        try refuseCutOff(entry, header)
        if case .file = try PrivateFiles.entry(at: failureMark(in: path)) { return .everything }
        return isAsLeft(database, last, now) ? .none : .pages
    }

    /// Takes the lock alone; `nil` where there is no lock file, since then nobody has the store
    /// open either.
    private static func takeWholeLock(_ path: String) throws(StoreError) -> Int32? {
        guard case .file = try PrivateFiles.entry(at: path) else { return nil }
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw PrivateFiles.failure(errno, "open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let cause = errno
            SystemCalls.closeFile(descriptor)
            guard cause == EWOULDBLOCK else { throw PrivateFiles.failure(cause, "lock", path) }
            throw StoreError(
                .locked, "Another process uses the store, which may only be read from here.",
                remedy: "Try again when the other tandem has finished.")
        }
        return descriptor
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
