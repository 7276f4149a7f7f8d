import TandemStore

extension DeleteGate {
    /// The deletes made here that the gate stops, and how much they are part of; `nil` where it lets
    /// all of them pass.
    func massDelete(
        in collection: RemoteCollection, of store: StoreTransaction
    ) throws -> (deletes: [StoredResource], live: Int)? {
        let deletes = try store.resources.unreleasedDeletes(in: collection.id)
        guard !deletes.isEmpty else { return nil }
        let live = try store.resources.count(in: collection.id) + deletes.count
        return holds(deletes: deletes.count, of: live) ? (deletes, live) : nil
    }
}
