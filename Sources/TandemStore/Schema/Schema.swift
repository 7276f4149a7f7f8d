/// The tables of the store, version by version.
public enum Schema {
    /// The version that this program reads and writes.
    public static let version = Migration0002.version

    /// One step from the version before.
    private struct Migration {
        let version: Int
        let script: String
    }

    private static let migrations = [
        Migration(version: Migration0001.version, script: Migration0001.schema),
        Migration(version: Migration0002.version, script: Migration0002.schema),
    ]

    /// Brings a database from `version` to the present one, inside the caller's transaction.
    ///
    /// - Parameters:
    ///   - version: The version the database is at; 0 for an empty one.
    ///   - connection: The writing connection.
    /// - Throws: ``StoreError`` with code `newer` where the database is ahead of this program.
    public static func migrate(
        from version: Int, on connection: any SQLConnection
    ) throws(StoreError) {
        guard version <= Self.version else { throw newer(version) }
        for migration in migrations where migration.version > version {
            let dialect = connection.dialect
            try connection.executeScript(dialect.translate(migration.script))
            if let addition = dialect.additions[migration.version] {
                try connection.executeScript(addition)
            }
        }
    }

    static func newer(_ version: Int) -> StoreError {
        StoreError(
            .newer,
            "The store was made by a later version of tandem (schema \(version); "
                + "this program knows \(Self.version)). Nothing was changed.",
            remedy: "Use that version of tandem, or another store.")
    }
}
