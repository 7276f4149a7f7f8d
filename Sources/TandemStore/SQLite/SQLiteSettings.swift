import GRDB

/// How a connection is set up, and whether a file is a store of ours.
enum SQLiteSettings {
    /// "Tndm" in ASCII: tells our files from those of other programs.
    /// - SeeAlso: <https://www.sqlite.org/pragma.html#pragma_application_id>.
    static let applicationID: Int32 = 0x546E_646D

    /// Twice the usual bytes of a page: an event with its words and indexes fills about 1.5 KiB, so
    /// that pages are split and written half as often.
    private static let pageSize = 8192

    /// Settings that a connection forgets when it closes.
    static func apply(to database: Database, reading: Bool) throws {
        // A file's own schema is not trusted to call functions with side effects.
        try database.execute(sql: "PRAGMA trusted_schema = OFF")
        // Each commit is on disk before it is answered.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.execute(sql: "PRAGMA temp_store = MEMORY")
        try database.execute(sql: "PRAGMA cache_size = -16384")
        // 24 MiB of log: a first listing of ten thousand events is folded into the file once.
        try database.execute(sql: "PRAGMA wal_autocheckpoint = \((24 << 20) / pageSize)")
        try database.execute(sql: "PRAGMA journal_size_limit = 33554432")
        if reading { try database.execute(sql: "PRAGMA query_only = 1") }
    }

    /// Makes the tables of an empty file, brings those of an earlier version up to date, and
    /// refuses whatever is not ours or newer, or lost its tables, before anything is written.
    static func install(in database: Database, of folder: SQLiteFolder?) throws {
        let found = try version(of: database)
        if let folder {
            guard found > 0 || !folder.wasUsed else { throw folder.lost }
            try keepLog(of: database)
        }
        guard found < Schema.version else { return }
        try database.inTransaction(.immediate) {
            // Another process may have done it while we waited for the lock.
            let version = try version(of: database)
            try Schema.migrate(from: version, on: SQLiteConnection(database))
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(Schema.version)")
            return .commit
        }
    }

    /// Refuses a store whose tables are not those of this program, as they cannot be mended where
    /// nothing may be written.
    static func requireTables(in database: Database, of folder: SQLiteFolder) throws {
        let found = try version(of: database)
        guard found > 0 else { throw folder.lost }
        guard found == Schema.version else {
            throw StoreError(
                .unwritable,
                "The store in \(folder.path) is of an earlier version and read-only, so that it "
                    + "cannot be brought up to date.",
                remedy: "Make the folder writable, or copy it to a place that is.")
        }
    }

    /// Sets the write-ahead log, which a file remembers, and forgets when it is copied by `VACUUM`
    /// or changed by another program.
    /// - SeeAlso: <https://www.sqlite.org/wal.html>, "Persistence of WAL Mode".
    private static func keepLog(of database: Database) throws {
        guard try String.fetchOne(database, sql: "PRAGMA journal_mode") != "wal" else { return }
        // Only an empty file takes it.
        try database.execute(sql: "PRAGMA page_size = \(pageSize)")
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw StoreError(
                .unwritable, "The store's file system does not allow a write-ahead log.",
                remedy: "Put the store on a local disk.")
        }
    }

    /// The schema's version; 0 for an empty file.
    private static func version(of database: Database) throws -> Int {
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if application == applicationID {
            guard version <= Schema.version else { throw Schema.newer(version) }
            return version
        }
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard application == 0, version == 0, tables == 0 else { throw SQLiteFolder.foreign }
        return 0
    }

    /// Looks at every page and every reference, and, if asked, at every entry of every index, which
    /// takes up to twice as long: 0.1 seconds without, for 10,000 resources.
    /// - SeeAlso: <https://www.sqlite.org/pragma.html#pragma_quick_check>.
    static func check(_ database: Database, withIndexes: Bool) throws {
        let pragma = withIndexes ? "integrity_check" : "quick_check"
        let findings = try String.fetchAll(database, sql: "PRAGMA \(pragma)(3)")
        guard findings == ["ok"] else { throw damaged(findings.joined(separator: "; ")) }
        let reference = try Row.fetchOne(database, sql: "PRAGMA foreign_key_check")
        guard reference == nil else { throw damaged("a row points at one that is not there") }
    }

    private static func damaged(_ finding: String) -> StoreError {
        StoreError(
            .corrupt, "The store's file is damaged: \(finding).",
            remedy: StoreError.damageRemedy)
    }
}
