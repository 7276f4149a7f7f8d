import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import TandemSync

/// Shows what waits, as items that programs read.
struct WaitingItems {
    let transaction: StoreTransaction
    let views: ItemViews

    init(_ transaction: StoreTransaction) throws {
        self.transaction = transaction
        views = try ItemViews(transaction)
    }

    /// One edit that waits to be sent.
    func queued(_ resource: StoredResource) throws -> JSON {
        let write = try views.pendingWrite(of: resource)
        let intents = try transaction.intents.open(for: resource.id)
        let id = resource.operation ?? intents.first?.id
        return [
            "id": .string(id?.rawValue ?? resource.id.rawValue),
            "item": .string(resource.id.rawValue),
            "remoteId": resource.remoteID.map { .string($0.rawValue) } ?? .null,
            "kind": .string(resource.kind.rawValue), "op": write?["verb"] ?? "none",
            "fields": .array(try views.changedFields(of: resource).map { .string($0) }),
            "state": .string(try transaction.resources.state(of: resource).rawValue),
            "since": id.flatMap(\.moment).map { .string($0.rfc3339) } ?? .null,
            "parkedUntil": resource.parkedUntil.map { .string($0.rfc3339) } ?? .null,
            "title": .string(resource.projection.title),
            "account": .string(views.accountName(resource.account)),
            "collection": collection(resource.collection),
        ]
    }

    /// One clash.
    func conflict(_ record: ConflictRecord) throws -> JSON {
        let resource = try transaction.resources.find(record.resource)
        let choices = try ConflictChoices(transaction).choices(for: record)
        return [
            "id": .string(record.id.rawValue), "item": .string(record.resource.rawValue),
            "field": .string(record.field), "mine": record.mine ?? .null,
            "theirs": record.theirs ?? .null, "base": record.base ?? .null,
            "when": .string(record.when.rfc3339),
            "title": .string(resource?.projection.title ?? ""),
            "account": .string(resource.map { views.accountName($0.account) } ?? ""),
            "collection": resource.map { collection($0.collection) } ?? .null,
            "resolution": record.resolution.map { .string($0.rawValue) } ?? .null,
            "reason": try reason(for: record).map { .string($0) } ?? .null,
            "choices": .array(choices.map { .string($0.rawValue) }),
        ]
    }

    /// Why Google did not take the value from here, or may not take it; `nil` where nothing is known
    /// against it.
    private func reason(for record: ConflictRecord) throws -> String? {
        if let refusal = record.refusal { return "Google kept its own value. \(refusal)" }
        let doubt = try ConflictChoices(transaction).doubt(about: record)
        return doubt.map { "Google may not take yours. \($0.text)" }
    }

    /// One item set aside.
    func quarantined(_ record: QuarantineRecord) -> JSON {
        [
            "id": .string(record.id.rawValue),
            "item": record.resource.map { .string($0.rawValue) } ?? .null,
            "remoteId": record.remoteID.map { .string($0.rawValue) } ?? .null,
            "kind": .string(record.kind.rawValue), "collection": collection(record.collection),
            "reason": .string(record.reason), "raw": .string(record.raw),
            "since": .string(record.since.rfc3339),
            "programVersion": .string(record.programVersion),
        ]
    }

    /// One stopped mass delete.
    func hold(_ record: HoldRecord) -> JSON {
        [
            "id": .string(record.id.rawValue), "collection": collection(record.collection),
            "direction": .string(record.direction.rawValue),
            "deletes": .number(JSONNumber(record.deletes)), "of": .number(JSONNumber(record.of)),
            "when": .string(record.when.rfc3339),
            "items": .array(record.resources.map { .string($0.rawValue) }),
        ]
    }

    private func collection(_ id: CollectionID) -> JSON {
        ["id": .string(id.rawValue), "name": .string(views.collections[id]?.name ?? "")]
    }
}

extension Identifier {
    /// When the id was made: the first 48 bits of a ULID are milliseconds since 1970.
    ///
    /// - SeeAlso: The ULID specification, <https://github.com/ulid/spec>.
    var moment: Timestamp? {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
        let bytes = Array(rawValue.utf8)
        guard bytes.count == 26 else { return nil }
        var milliseconds: Int64 = 0
        for byte in bytes.prefix(10) {
            guard let digit = alphabet.firstIndex(of: byte) else { return nil }
            milliseconds = milliseconds << 5 | Int64(digit)
        }
        return Timestamp(milliseconds: milliseconds)
    }
}

extension JSON {
    /// A value as one line of a table shows it.
    var shortText: String { string ?? (isNull ? "(nothing)" : text) }
}
