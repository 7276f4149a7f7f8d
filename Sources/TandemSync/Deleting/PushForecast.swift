public import TandemCore
public import TandemStore

/// What the next sync would do with the edits that wait, told without doing it.
public struct PushForecast {
    private let transaction: StoreTransaction

    /// Looks at the transaction's store.
    public init(_ transaction: StoreTransaction) { self.transaction = transaction }

    /// The deletes made here that the next sync would stop as a mass delete.
    ///
    /// - Parameter collection: Where the remote copies lie.
    /// - Returns: Their ids; none where they would be sent.
    /// - Throws: `StoreError`.
    public func heldDeletes(in collection: RemoteCollection) throws -> Set<ResourceID> {
        let stopped = try DeleteGate().massDelete(in: collection, of: transaction)
        return Set(stopped?.deletes.map(\.id) ?? [])
    }
}
