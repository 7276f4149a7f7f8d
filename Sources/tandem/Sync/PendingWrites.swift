import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import TandemSync

/// What the next sync would send.
enum PendingWrites {
    static func answer(_ app: App) async throws -> Answer {
        let (sends, mailed) = try await app.reading { transaction in
            let directory = try Directory(transaction, accounts: app.options.accounts)
            let views = try ItemViews(transaction)
            var sends: [JSON] = []
            var mailed: Set<String> = []
            let now = transaction.environment.now()
            for collection in directory.collections where isOpen(collection, at: now) {
                for resource in try transaction.resources.dirty(in: collection.id) {
                    // Held, quarantined, in conflict, or resting: it would stay here.
                    guard resource.hold == nil, resource.parkedUntil.map({ $0 <= now }) ?? true,
                        var write = try views.pendingWrite(of: resource)
                    else { continue }
                    let addresses = try views.notified(by: resource)
                    write["item"] = .string(resource.id.rawValue)
                    write["calendar"] = .string(collection.name)
                    write["title"] = .string(resource.projection.title)
                    write["state"] = .string(try transaction.resources.state(of: resource).rawValue)
                    write["notifies"] = .array(addresses.map { .string($0) })
                    mailed.formUnion(addresses)
                    sends.append(write)
                }
            }
            return (sends, mailed.sorted())
        }
        let json: JSON = [
            "dryRun": true, "sends": .array(sends), "notifies": .array(mailed.map { .string($0) }),
        ]
        let notes =
            mailed.isEmpty
            ? [] : ["\(Counted.text(mailed.count, "address", "addresses")) would be mailed."]
        return Answer(json: json, times: ItemText(zone: app.zone), notes: notes) { text in
            table(sends, isExact: text.isExact)
        }
    }

    /// Programs get the changes as JSON, people the names of what is changed.
    private static func table(_ sends: [JSON], isExact: Bool) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "verb"), .init(title: "title", isElastic: true),
                .init(title: "calendar", isElastic: true), .init(title: "state"),
                .init(title: "changes", isElastic: true),
                .init(title: "mails", isElastic: true, isOccasional: true),
            ])
        table.emptyText = "Nothing would be sent."
        for write in sends {
            table.rows.append([
                write["verb"]?.string ?? "", write["title"]?.string ?? "",
                write["calendar"]?.string ?? "", write["state"]?.string ?? "",
                isExact ? write["body"]?.text ?? "" : changed(by: write),
                (write["notifies"]?.array ?? []).compactMap(\.string).joined(separator: ", "),
            ])
        }
        return table
    }

    private static func changed(by write: JSON) -> String {
        let members = write["body"]?.object?.keys.filter { $0 != "id" } ?? []
        let place = write["movedTo"]?.string.map { ["to \($0)"] } ?? []
        return (place + members).joined(separator: ", ")
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
