public import LosslessJSON
public import TandemCore
public import TandemStore

/// Shows resources as the items that programs read; knows every account and collection by name.
///
/// Valid only within the transaction it was made in.
public struct ItemViews {
    /// The accounts, by id.
    public let accounts: [AccountID: Account]
    /// The collections, by id.
    public let collections: [CollectionID: RemoteCollection]
    private let transaction: StoreTransaction

    /// Reads the names once.
    /// - Throws: `StoreError`.
    public init(_ transaction: StoreTransaction) throws {
        self.transaction = transaction
        accounts = Dictionary(
            try transaction.accounts.list().map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        collections = Dictionary(
            try transaction.collections.list().map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }

    /// The name of an account.
    public func accountName(_ id: AccountID) -> String { accounts[id]?.name ?? "" }

    /// The zone a collection's times are kept in where they name none.
    public func zone(of collection: CollectionID) -> String {
        collections[collection]?.timeZone ?? "UTC"
    }

    /// A stored resource as an item; of one that is deleted the last version.
    /// - Throws: `StoreError`.
    public func item(_ resource: StoredResource) throws -> JSON {
        let live = resource.live
        var item = try frame(
            resource, id: resource.id.rawValue, data: live ?? resource.base ?? .object([:]))
        if live == nil || resource.projection.isCancelled { item["deleted"] = true }
        return .object(item)
    }

    /// What an id stands for as an item; an instance that is not stored by its series' rule.
    /// - Throws: `StoreError`; `TandemError` where the series cannot be read.
    public func item(_ reference: ItemReference) throws -> JSON {
        guard case .instance(let instance) = reference, instance.exception == nil,
            let series = instance.series, let live = series.live, let remoteID = series.remoteID
        else { return try item(reference.resource) }
        let model = try SeriesModel(
            live, remoteID: remoteID.rawValue, fallbackZone: zone(of: series.collection))
        guard let slot = model.slot(named: instance.slot) else { return try item(series) }
        let data = try model.instance(of: slot, rules: transaction.rulebook)
        var item = try frame(
            series, id: "\(series.id)_\(instance.slot)", data: data)
        item["remoteId"] = data["id"] ?? .null
        return .object(item)
    }

    /// One instance of a window as an item.
    /// - Throws: `StoreError`.
    public func item(_ entry: AgendaEntry) throws -> JSON {
        var item = try frame(entry.resource, id: entry.id, data: entry.data)
        item["remoteId"] = entry.data["id"] ?? .null
        let names = entry.accounts.map { JSON.string(accountName($0)) }
        item["accounts"] = .array(names)
        return .object(item)
    }

    private func frame(
        _ resource: StoredResource, id: String, data: JSON
    ) throws -> JSONObject {
        let collection: JSON = [
            "id": .string(resource.collection.rawValue),
            "name": .string(collections[resource.collection]?.name ?? ""),
        ]
        let state = try transaction.resources.state(of: resource)
        return [
            "id": .string(id), "kind": .string(resource.kind.rawValue),
            "account": .string(accountName(resource.account)), "collection": collection,
            "remoteId": resource.remoteID.map { .string($0.rawValue) } ?? .null,
            "etag": resource.etag.map { .string($0.rawValue) } ?? .null,
            "state": .string(state.rawValue),
            "notifies": .array(try notified(by: resource).map { .string($0) }), "data": data,
        ]
    }

    /// The addresses that the provider may mail once the waiting edit is sent, sorted.
    ///
    /// Nobody, unless the edit asked for it. With `external` the provider mails only those of them
    /// that do not use it, which cannot be seen from here; so all are named.
    /// - Throws: `TandemError` with code `unknownKind`.
    public func notified(by resource: StoredResource) throws -> [String] {
        guard resource.isDirty, resource.sendUpdates != .none else { return [] }
        let rules = try transaction.rulebook.rules(for: resource.kind)
        let edited = rules.notified(before: resource.base, after: resource.live)
        guard resource.movedFrom != nil, let live = resource.live else { return edited }
        return Set(edited).union(rules.notified(moving: live)).sorted()
    }

    /// What the waiting edit changes, by the names that conflicts, the log and plans share: the
    /// rules' own, `calendar` for a move, and members that no rule speaks of by themselves.
    /// - Throws: `TandemError` with code `unknownKind`.
    public func changedFields(of resource: StoredResource) throws -> [String] {
        let place = resource.movedFrom == nil ? [] : ["calendar"]
        guard case .edited(let edited) = resource.local else { return place }
        let rules = try transaction.rulebook.rules(for: resource.kind)
        return place + FieldChange.between(resource.base, edited, rules: rules).map(\.field)
    }

    /// What is going to be sent for the resource: verb, remote id, the names of what is changed and
    /// the body, `nil` for nothing.
    ///
    /// The body of a patch names only what changed; server-owned members are left out.
    /// - Throws: `TandemError` with code `unknownKind`.
    public func pendingWrite(of resource: StoredResource) throws -> JSON? {
        guard resource.isDirty else { return nil }
        let rules = try transaction.rulebook.rules(for: resource.kind)
        var write: JSONObject = [
            "verb": "patch", "remoteId": resource.remoteID.map { .string($0.rawValue) } ?? .null,
            "sendUpdates": .string(resource.sendUpdates.rawValue),
            "fields": .array(try changedFields(of: resource).map { .string($0) }),
        ]
        if let from = resource.movedFrom {
            write["movedFrom"] = .string(collections[from]?.name ?? from.rawValue)
            write["movedTo"] = .string(collections[resource.collection]?.name ?? "")
            write["verb"] = "move"
        }
        switch (resource.local, resource.base) {
        case (.deleted, _): write["verb"] = "delete"
        case (.edited(let json), nil):
            write["verb"] = "create"
            write["body"] = json
        case (.edited(let json), let base?):
            var patch = JSON.patch(from: base, to: json)
            for member in rules.serverOwned.sorted() { patch[member] = nil }
            write["body"] = patch
        case (.unchanged, _): break
        }
        return .object(write)
    }
}
