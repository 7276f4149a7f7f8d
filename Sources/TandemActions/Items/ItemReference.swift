public import TandemCore
import TandemFormats
public import TandemStore

/// What an id stands for: something stored, or one instance of a series.
public enum ItemReference: Sendable {
    /// A stored resource that is no exception of a series.
    case resource(StoredResource)
    /// One instance of a series, whether it is stored as an exception or not.
    case instance(InstanceReference)

    /// The stored resource that is nearest: the thing itself, the exception, else the series.
    public var resource: StoredResource {
        switch self {
        case .resource(let resource): resource
        case .instance(let instance): instance.exception ?? instance.series ?? instance.anchor
        }
    }
}

/// One instance of a series.
public struct InstanceReference: Sendable {
    /// The series; `nil` where only the exception is known, as when one was invited to one
    /// instance alone.
    public var series: StoredResource?
    /// The instance's own resource, where it differs from the series.
    public var exception: StoredResource?
    /// The slot as the provider's id suffix writes it.
    public var slot: String
    /// The resource that the id led to.
    let anchor: StoredResource
}

/// Finds things by any id that was ever printed, ours or the provider's.
public struct ItemLookup {
    private let transaction: StoreTransaction
    /// Only these accounts are searched; empty for all.
    private let accounts: Set<AccountID>

    /// Looks in the transaction's store.
    ///
    /// - Parameters:
    ///   - transaction: The transaction that is under way.
    ///   - accounts: The accounts to look in; empty for all.
    public init(_ transaction: StoreTransaction, accounts: Set<AccountID> = []) {
        self.transaction = transaction
        self.accounts = accounts
    }

    /// Finds what an id stands for.
    ///
    /// - Parameter id: Our id, a remote id, or either followed by `_` and a slot, such as
    ///   `_20261109T090000Z` or `_20261109`.
    /// - Returns: What the id stands for.
    /// - Throws: `TandemError` with code `notFound`, whose remedy names the nearest instances of a
    ///   series that is there, or `ambiguous` where several accounts know a remote id;
    ///   `StoreError`.
    public func find(_ id: String) throws -> ItemReference {
        if let resource = try stored(id) { return try reference(to: resource) }
        if let (stem, suffix) = Self.instanceParts(of: id), let series = try stored(stem) {
            if let instance = try instance(of: series, slot: suffix) { return .instance(instance) }
            throw try NearestInstances(of: series, in: transaction).error(missing: suffix)
        }
        throw TandemError(
            .notFound, "There is nothing with the id '\(id.shortened)'.",
            remedy: "tandem events list")
    }

    /// The ids of an instance: what stands before the last `_`, and the slot behind it.
    static func instanceParts(of id: String) -> (stem: String, slot: String)? {
        guard let cut = id.lastIndex(of: "_") else { return nil }
        let slot = id[id.index(after: cut)...].uppercased()
        guard CompactTime(slot) != nil else { return nil }
        return (String(id[..<cut]), slot)
    }

    private func stored(_ id: String) throws -> StoredResource? {
        let found = try transaction.resources.matches(anyID: id).filter {
            accounts.isEmpty || accounts.contains($0.account)
        }
        guard found.count > 1 else { return found.first }
        let alive = found.filter { $0.live != nil }
        guard alive.count > 1 else { return alive.first ?? found.first }
        throw TandemError(
            .ambiguous, "Several calendars hold an event with the id '\(id.shortened)'.",
            remedy: "Use the item's own id: tandem events list --json")
    }

    private func reference(to resource: StoredResource) throws -> ItemReference {
        guard let link = resource.projection.exception else { return .resource(resource) }
        let series = try transaction.resources.find(
            remoteID: link.series, in: resource.collection)
        return .instance(
            InstanceReference(
                series: series, exception: resource, slot: link.slot, anchor: resource))
    }

    /// The instance of a series in a slot; `nil` where the series has no such slot.
    private func instance(
        of series: StoredResource, slot: String
    ) throws -> InstanceReference? {
        guard let remoteID = series.remoteID else { return nil }
        let exceptions = try SeriesExceptions.all(
            of: series, remoteID: remoteID, in: transaction)
        if let exception = exceptions.first(where: { $0.projection.exception?.slot == slot }) {
            return InstanceReference(
                series: series, exception: exception, slot: slot, anchor: exception)
        }
        // Its slots are not there to be looked at, but come back with it.
        if series.projection.isSeries, series.waitsToBeDeleted {
            throw EventActions.isDeleted("series", series)
        }
        guard let live = series.live, series.projection.isSeries else { return nil }
        let zone = try transaction.collections.find(series.collection)?.timeZone ?? "UTC"
        let model = try SeriesModel(live, remoteID: remoteID.rawValue, fallbackZone: zone)
        guard let wanted = model.slot(named: slot), try model.has(wanted) else { return nil }
        return InstanceReference(series: series, exception: nil, slot: slot, anchor: series)
    }
}

/// The exceptions of one series.
enum SeriesExceptions {
    /// Every exception that is stored, deleted ones included; also those that a waiting move of
    /// the series left behind.
    static func all(
        of series: StoredResource, remoteID: RemoteID, in transaction: StoreTransaction
    ) throws -> [StoredResource] {
        var found = try transaction.resources.exceptions(of: remoteID, in: series.collection)
        if let left = series.movedFrom {
            found += try transaction.resources.exceptions(of: remoteID, in: left)
        }
        return found
    }
}
