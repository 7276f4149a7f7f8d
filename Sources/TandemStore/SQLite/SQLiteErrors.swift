import GRDB
import GRDBSQLite

/// What SQLite's result codes mean for the store.
///
/// - SeeAlso: <https://www.sqlite.org/rescode.html>.
enum SQLiteErrors {
    static let closed = StoreError(.closed, "The store was closed.")

    /// Turns whatever came out of GRDB into the store's own failure; ours pass as they are.
    static func storeError(_ error: any Error) -> StoreError {
        if let error = error as? StoreError { return error }
        guard let error = error as? DatabaseError else {
            return StoreError(.io, "The store could not be used.", cause: error)
        }
        return storeError(
            code: error.extendedResultCode.rawValue, message: error.message ?? "unknown reason")
    }

    /// As ``storeError(_:)``, with a look at the disk where SQLite blames it.
    ///
    /// Where there is no room for the log or its index, which even readers need, SQLite speaks of an
    /// input or output error, or of a file that cannot be opened.
    static func storeError(_ error: any Error, in folder: String?) -> StoreError {
        let failure = storeError(error)
        guard let folder, let code = failure.resultCode,
            [SQLITE_IOERR, SQLITE_CANTOPEN].contains(Int32(truncatingIfNeeded: code & 0xFF)),
            DiskSpace(of: folder)?.isUsedUp == true
        else { return failure }
        let (kind, text, remedy) = meaning(of: SQLITE_FULL)
        return StoreError(kind, "\(text).", remedy: remedy, cause: failure, resultCode: code)
    }

    /// Says what a result code means, and what to do about it.
    ///
    /// - Parameters:
    ///   - code: The code, extended or not: its last eight bits tell the sort.
    ///   - message: SQLite's own words, which hold names of tables but no values.
    /// - Returns: The failure.
    static func storeError(code: Int32, message: String) -> StoreError {
        let (kind, text, remedy) = meaning(of: code & 0xFF)
        return StoreError(kind, "\(text): \(message)", remedy: remedy, resultCode: Int(code))
    }

    private static func meaning(
        of code: Int32
    ) -> (StoreError.Code, text: String, remedy: String?) {
        switch code {
        case SQLITE_FULL:
            (.full, "No space is left for the store; nothing was kept", "Free some space.")
        case SQLITE_IOERR:
            (
                .io, "The disk failed under the store; nothing was kept",
                "Check the disk, then try again."
            )
        case SQLITE_CORRUPT:
            (
                .corrupt, "The store's file is damaged", StoreError.damageRemedy
            )
        case SQLITE_NOTADB:
            (
                .notAStore, "The store's file is no database",
                "Move it out of the way, or name another folder."
            )
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH:
            (
                .unwritable, "The store's file may not be written",
                "Check who owns the file and its folder, and their permissions."
            )
        case SQLITE_BUSY, SQLITE_LOCKED:
            (
                .locked, "Another process keeps the store locked",
                "Try again when the other tandem has finished."
            )
        case SQLITE_CONSTRAINT: (.constraint, "The store refuses contradictory rows", nil)
        case SQLITE_TOOBIG: (.misuse, "A value is larger than the store can keep", nil)
        case SQLITE_NOMEM: (.io, "There is not enough memory for the store", nil)
        default: (.misuse, "The store did not understand a statement", nil)
        }
    }
}
