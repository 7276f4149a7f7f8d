import LosslessJSON
import TandemActions
import TandemCore
import TandemStore

/// What an edit would come to: everything that would be sent, without the names of what was made
/// for the look alone, which nobody will ever meet again.
struct EditPlan {
    private let outcome: EditOutcome
    private let run: RunID
    private let views: ItemViews
    private let transaction: StoreTransaction

    init(
        _ outcome: EditOutcome, run: RunID, _ views: ItemViews, in transaction: StoreTransaction
    ) {
        self.outcome = outcome
        self.run = run
        self.views = views
        self.transaction = transaction
    }

    private var all: [StoredResource] { [outcome.resource] + outcome.alsoChanged }

    /// The dry run's answer: the item, and what would be sent and mailed in all.
    var answer: JSON {
        get throws {
            var item = try item(outcome.resource)
            item["run"] = .null
            item["alsoChanged"] = .array(
                outcome.alsoChanged.filter { !isNew($0) }.map { .string($0.id.rawValue) })
            item["dryRun"] = true
            item["sends"] = .array(try all.compactMap { try write(of: $0) })
            let mailed = try all.flatMap { try views.notified(by: $0) }
            item["notifies"] = .array(Set(mailed).sorted().map { .string($0) })
            return item
        }
    }

    /// Each item of the edit, with what would be sent of it as `write`.
    var parts: [JSON] {
        get throws {
            var parts = try all.map { resource in
                var part = try item(resource)
                part["write"] = try write(of: resource) ?? .null
                return part
            }
            parts[0]["instance"] = try instance
            return parts
        }
    }

    /// The instance that a series was edited through: its id and its time; `nil` without one.
    var instance: JSON? {
        get throws {
            guard let instance = outcome.instance else { return nil }
            let item = try views.item(.instance(instance))
            let id = "\(outcome.resource.id)_\(instance.slot)"
            return [
                "id": .string(id), "start": item["data"]?["start"] ?? .null,
                "end": item["data"]?["end"] ?? .null,
            ]
        }
    }

    /// Whether the edit itself made it.
    private func isNew(_ resource: StoredResource) -> Bool {
        resource.run == run && resource.editNumber == 1
            && (resource.base == nil || resource.isUnseen)
    }

    private func item(_ resource: StoredResource) throws -> JSON {
        var item = try views.item(resource)
        guard isNew(resource) else { return item }
        let series = try lastingSeries(of: resource)
        item["id"] = series.map { .string("\($0.id)_\($0.slot)") } ?? .null
        guard series == nil else { return item }
        item["remoteId"] = .null
        item["data"] = item["data"].map(Self.unnamed)
        return item
    }

    private func write(of resource: StoredResource) throws -> JSON? {
        guard var write = try views.pendingWrite(of: resource) else { return nil }
        guard isNew(resource), try lastingSeries(of: resource) == nil else { return write }
        write["remoteId"] = .null
        if let body = write["body"] { write["body"] = Self.unnamed(body) }
        return write
    }

    /// The series of an instance, which names it, where the edit did not make that, too.
    private func lastingSeries(
        of resource: StoredResource
    ) throws -> (id: ResourceID, slot: String)? {
        guard let link = resource.projection.exception,
            let series = try transaction.resources.find(
                remoteID: link.series, in: resource.collection),
            !isNew(series)
        else { return nil }
        return (series.id, link.slot)
    }

    private static func unnamed(_ event: JSON) -> JSON {
        var event = event
        event["id"] = nil
        event["recurringEventId"] = nil
        return event
    }
}
