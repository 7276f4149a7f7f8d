import TandemCore
import TandemStore

/// Keeping what can only be sent with another thing, as long as that is kept here unsent.
extension PassTransaction {
    /// Whether a resource is kept here though its provider has it no more, or though it lies where
    /// nobody can read it.
    func isKeptAside(_ row: StoredResource) -> Bool {
        row.hold == .unreachable || row.hold == .quarantined && row.pendingDelete != nil
    }

    /// Keeps what waits like what it waits for.
    func keepAlong(_ row: StoredResource) throws {
        var row = row
        row.hold = .unreachable
        try store.resources.update(row)
    }

    /// Lets go on what was kept along with another thing that is not kept any more.
    ///
    /// - Parameter row: What waits.
    /// - Returns: It, as it is then.
    /// - Throws: ``StoreError``.
    func letGoOn(_ row: StoredResource) throws -> StoredResource {
        guard row.hold == .unreachable, row.base == nil || row.isUnseen,
            let keeper = try whatComesFirst(for: row), !isKeptAside(keeper)
        else { return row }
        var row = row
        row.hold = nil
        return try store.resources.update(row)
    }

    /// The series of an instance that is none of its own there, or the earlier part of a division.
    private func whatComesFirst(for row: StoredResource) throws -> StoredResource? {
        if let link = row.projection.exception {
            return try store.resources.find(remoteID: link.series, in: row.collection)
        }
        return try store.splits.continuing(in: row.id).flatMap {
            try store.resources.find($0.earlier)
        }
    }
}
