import ArgumentParser
import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import TandemSync

/// `queue`: the edits that wait to be sent.
struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Show, drop and retry the edits that wait to be sent.",
        subcommands: [QueueList.self, QueueDrop.self, QueueRetry.self])
}

/// `queue list`.
struct QueueList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the edits that wait to be sent.",
        usage: "tandem queue list [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions

    func run() async throws {
        try await withApp(options) { app in
            let page = page.request
            let list = try await app.reading { transaction in
                let directory = try Directory(transaction, accounts: app.options.accounts)
                let edits = try directory.collections.flatMap { collection in
                    try transaction.resources.dirty(
                        in: collection.id, limit: page.reading,
                        after: page.after.map(ResourceID.init))
                }.sorted { $0.id < $1.id }
                let waiting = try WaitingItems(transaction)
                return try ListPage(edits, page, id: \.id.rawValue) { try waiting.queued($0) }
            }
            return Outcome(
                Answer(json: list.json, times: ItemText(zone: app.zone)) {
                    Self.table(list.items, $0)
                })
        }
    }

    private static func table(_ items: [JSON], _ text: ItemText) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "since"), .init(title: "op"),
                .init(title: "title", isElastic: true),
                .init(title: "calendar", isElastic: true),
                .init(title: "fields", isElastic: true),
                .init(title: "state"), .init(title: "item", isID: true),
                .init(title: "id", isID: true, isDetail: true),
            ])
        table.emptyText = "Nothing waits to be sent."
        for item in items {
            table.rows.append([
                text.moment(item["since"]), item["op"]?.string ?? "",
                item["title"]?.string ?? "", item["collection"]?["name"]?.string ?? "",
                ItemText.fields(of: item),
                item["state"]?.string ?? "", item["item"]?.string ?? "",
                item["id"]?.string ?? "",
            ])
        }
        return table
    }
}

/// `queue drop`.
struct QueueDrop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Give up an edit that waits: the item goes back to what both sides agreed on.",
        usage: "tandem queue drop <id> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The id of the edit or of the item.") var id: String

    func run() async throws {
        try await withApp(options) { app in
            let id = id
            let item = try await app.writing("queue drop") { transaction, run in
                let resource = try QueueEntry.find(id, in: transaction)
                let taken = try Resolutions(transaction, run: run).takeBack(resource)
                let views = try ItemViews(transaction)
                var item = try views.item(taken[0])
                item["run"] = .string(run.rawValue)
                item["alsoChanged"] = .array(taken.dropFirst().map { .string($0.id.rawValue) })
                return item
            }
            var notes = ["The edit was dropped."]
            if let others = item["alsoChanged"]?.array?.count, others > 0 {
                let items = Counted.text(others, "other item", "other items")
                notes.append("It was one with edits of \(items), which were dropped, too.")
            }
            return Outcome(
                ItemText(zone: app.zone).answer(item, notes: notes),
                change: MadeChange("queue drop", madeTo: item))
        }
    }
}

/// `queue retry`.
struct QueueRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Let the next sync send an edit that was put off.",
        usage: "tandem queue retry <id> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The id of the edit or of the item.") var id: String

    func run() async throws {
        try await withApp(options) { app in
            let id = id
            let item = try await app.writing("queue retry") { transaction, run in
                var resource = try QueueEntry.find(id, in: transaction)
                if resource.hold == .quarantined,
                    let entry = try transaction.quarantine.list(in: resource.collection)
                        .first(where: { $0.resource == resource.id })
                {
                    try Resolutions(transaction, run: run).retry(entry.id)
                    resource = try transaction.resources.find(resource.id) ?? resource
                }
                resource.parkedUntil = nil
                resource.pushRounds = 0
                resource = try transaction.resources.update(resource)
                var item = try ItemViews(transaction).item(resource)
                item["run"] = .string(run.rawValue)
                return item
            }
            return Outcome(
                ItemText(zone: app.zone).answer(item, notes: ["The next sync tries it again."]),
                change: MadeChange("queue retry", madeTo: item))
        }
    }
}

/// Finds what waits by any of its ids.
enum QueueEntry {
    /// - Throws: `TandemError` with code `notFound` where nothing waits under the id.
    static func find(_ id: String, in transaction: StoreTransaction) throws -> StoredResource {
        for collection in try transaction.collections.list() {
            for resource in try transaction.resources.dirty(in: collection.id)
            where [resource.id.rawValue, resource.operation?.rawValue, resource.remoteID?.rawValue]
                .contains(id)
            {
                return resource
            }
        }
        if let resource = try transaction.resources.resolve(anyID: id), resource.isDirty {
            return resource
        }
        throw TandemError(
            .notFound, "No edit waits under that id.", remedy: "tandem queue list")
    }
}
