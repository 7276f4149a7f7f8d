import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import TandemSync

/// What the next sync would send, and what it would hold back.
struct PendingWrites: Sendable {
    private var sends: [JSON] = []
    /// The deletes that would wait for a person, as part of a mass delete.
    private var held: [JSON] = []
    private var mailed: Set<String> = []
    private let emptyText: String

    static func answer(_ app: App) async throws -> Answer {
        let pending = try await app.reading { transaction in
            try PendingWrites(
                Directory(transaction, accounts: app.options.accounts), in: transaction)
        }
        return pending.answer(ItemText(zone: app.zone))
    }

    private init(_ directory: Directory, in transaction: StoreTransaction) throws {
        emptyText = directory.emptyText ?? "Nothing would be sent."
        let views = try ItemViews(transaction)
        let forecast = PushForecast(transaction)
        let now = transaction.environment.now()
        let stopped = try directory.collections.reduce(into: Set<ResourceID>()) {
            try $0.formUnion(forecast.heldDeletes(in: $1))
        }
        for collection in directory.collections where Self.isOpen(collection, at: now) {
            for resource in try transaction.resources.dirty(in: collection.id) {
                // Held, quarantined, in conflict, or resting: it would stay here.
                guard resource.hold == nil, resource.parkedUntil.map({ $0 <= now }) ?? true,
                    var write = try views.pendingWrite(of: resource)
                else { continue }
                let isHeld = stopped.contains(resource.id)
                let addresses = isHeld ? [] : try views.notified(by: resource)
                write["item"] = .string(resource.id.rawValue)
                write["calendar"] = .string(collection.name)
                write["title"] = .string(resource.projection.title)
                write["state"] = .string(try transaction.resources.state(of: resource).rawValue)
                write["notifies"] = .array(addresses.map { .string($0) })
                mailed.formUnion(addresses)
                if isHeld { held.append(write) } else { sends.append(write) }
            }
        }
    }

    private func answer(_ text: ItemText) -> Answer {
        let json: JSON = [
            "dryRun": true, "sends": .array(sends), "held": .array(held),
            "notifies": .array(mailed.sorted().map { .string($0) }),
        ]
        var notes: [String] = []
        if !held.isEmpty {
            notes.append(
                "\(Counted.text(held.count, "delete")) would be held, not sent; after the sync: "
                    + "tandem holds list")
        }
        if !mailed.isEmpty {
            notes.append("\(Counted.text(mailed.count, "address", "addresses")) would be mailed.")
        }
        return Answer(json: json, times: text, notes: notes) { table(isExact: $0.isExact) }
    }

    /// Programs get the changes as JSON, people the names of what is changed.
    private func table(isExact: Bool) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "verb"), .init(title: "title", isElastic: true),
                .init(title: "calendar", isElastic: true), .init(title: "state"),
                .init(title: "changes", isElastic: true, isOccasional: true),
                .init(title: "mails", isElastic: true, isOccasional: true),
            ])
        table.emptyText = emptyText
        func add(_ write: JSON, state: String) {
            table.rows.append([
                write["verb"]?.string ?? "", write["title"]?.string ?? "",
                write["calendar"]?.string ?? "", state,
                isExact ? write["body"]?.text ?? "" : ItemText.fields(of: write),
                (write["notifies"]?.array ?? []).compactMap(\.string).joined(separator: ", "),
            ])
        }
        for write in sends { add(write, state: write["state"]?.string ?? "") }
        for write in held { add(write, state: "would be held") }
        return table
    }

    /// Whether a sync would write into the collection: it may, and Google did not ask to wait.
    private static func isOpen(_ collection: RemoteCollection, at now: Timestamp) -> Bool {
        let limits = [RemoteError.Code.throttled, .quotaExceeded].map(\.description)
        let rests =
            collection.parkReason.map(limits.contains) ?? false
            && collection.parkedUntil.map { $0 > now } ?? false
        return collection.access.allowsWriting && !rests
    }
}
