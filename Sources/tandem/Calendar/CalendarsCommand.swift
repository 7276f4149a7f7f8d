import ArgumentParser
import LosslessJSON
import TandemActions
import TandemCore
import TandemStore

/// `calendars`: the calendars of the accounts.
struct CalendarsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendars", abstract: "List calendars.", subcommands: [CalendarsList.self])
}

/// `calendars list`.
struct CalendarsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the calendars of every account.",
        usage: "tandem calendars list [<options>]",
        discussion: """
            Events are counted as 'tandem events list' lists them: a series is one,
            and cancelled or deleted ones are none.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions

    func run() async throws {
        try await withApp(options) { app in
            let page = page.request
            let list = try await app.reading { transaction in
                let directory = try Directory(transaction, accounts: app.options.accounts)
                let roots = directory.collections.filter { $0.kind == .calendar }
                let filter = ResourceFilter(
                    collections: roots.map(\.id), kinds: [.calendar], limit: page.reading,
                    order: .id(after: page.after.map(ResourceID.init)))
                let views = try ItemViews(transaction)
                return try ListPage(
                    transaction.resources.list(filter), page, id: \.id.rawValue,
                    emptyText: directory.emptyText
                ) { entry in
                    try Self.item(views.item(entry), of: entry, in: directory, transaction)
                }
            }
            var table = Self.table(list.items)
            table.emptyText = list.emptyText ?? table.emptyText
            return Outcome(Answer(json: list.json, table: table))
        }
    }

    /// The entry with what its calendar holds.
    private static func item(
        _ item: JSON, of entry: StoredResource, in directory: Directory,
        _ transaction: StoreTransaction
    ) throws -> JSON {
        var item = item
        let calendar = directory.collections.first {
            $0.kind == .event
                && ($0.resource == entry.id
                    || $0.account == entry.account && $0.remoteID == entry.remoteID)
        }
        guard let calendar else { return item }
        item["name"] = .string(calendar.name)
        item["access"] = .string(calendar.access.rawValue)
        item["events"] = [
            "collection": .string(calendar.id.rawValue),
            "count": .number(JSONNumber(try transaction.resources.count(in: calendar.id))),
        ]
        return item
    }

    private static func table(_ items: [JSON]) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "calendar", isElastic: true),
                .init(title: "account", isElastic: true),
                .init(title: "access"), .init(title: "events", isNumeric: true),
                .init(title: "zone", isElastic: true), .init(title: "id", isID: true),
                .init(title: "remote id", isID: true, isDetail: true),
            ])
        table.emptyText = "No calendars yet; 'tandem sync' fetches them."
        for item in items {
            let data = item["data"]
            let star = data?["primary"]?.bool == true ? " *" : ""
            table.rows.append([
                (item["name"]?.string ?? ItemText.title(data)) + star,
                item["account"]?.string ?? "", item["access"]?.string ?? "",
                item["events"]?["count"]?.number?.text ?? "", data?["timeZone"]?.string ?? "",
                item["id"]?.string ?? "", item["remoteId"]?.string ?? "",
            ])
        }
        return table
    }
}
