import TandemCore
import TandemStore

extension DeleteGate {
    /// Whether so many deletes have to wait.
    ///
    /// A large collection is counted as a whole only where they have to.
    ///
    /// - Parameters:
    ///   - deletes: How many are to go.
    ///   - unshown: How many of these are out of sight already, as deletes made here are.
    ///   - collection: Where they lie.
    ///   - store: The store.
    /// - Returns: How many live resources they are part of; `nil` where they pass.
    /// - Throws: `StoreError`.
    func stopped(
        _ deletes: Int, unshown: Int = 0, in collection: CollectionID, of store: StoreTransaction
    ) throws -> Int? {
        let counted = try store.resources.count(in: collection, atMost: enough(for: deletes))
        guard holds(deletes: deletes, of: counted + unshown) else { return nil }
        return try store.resources.count(in: collection) + unshown
    }

    /// The deletes made here that the gate stops, and how much they are part of; `nil` where it lets
    /// all of them pass.
    func massDelete(
        in collection: RemoteCollection, of store: StoreTransaction
    ) throws -> (deletes: [StoredResource], live: Int)? {
        let deletes = try store.resources.unreleasedDeletes(in: collection.id)
        guard !deletes.isEmpty else { return nil }
        let live = try stopped(
            deletes.count, unshown: deletes.count, in: collection.id, of: store)
        return live.map { (deletes, $0) }
    }
}
