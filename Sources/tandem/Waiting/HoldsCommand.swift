import ArgumentParser
import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// `holds`: mass deletes that were stopped.
struct HoldsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holds",
        abstract: "Show, release and refuse mass deletes that were stopped.",
        subcommands: [HoldsList.self, HoldsRelease.self, HoldsRefuse.self])
}

/// `holds list`.
struct HoldsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the mass deletes that were stopped.",
        usage: "tandem holds list [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions

    func run() async throws {
        try await withApp(options) { app in
            let page = page.request
            let list = try await app.reading { transaction in
                let directory = try Directory(transaction, accounts: app.options.accounts)
                let ids = Set(directory.collections.map(\.id))
                let records = try page.read(id: \.id.rawValue) { limit, after in
                    try transaction.holds.list(limit: limit, after: after.map(HoldID.init))
                } where: { record in
                    ids.contains(record.collection)
                }
                let waiting = try WaitingItems(transaction)
                return ListPage(records, page, id: \.id.rawValue) { waiting.hold($0) }
            }
            return Outcome(
                Answer(
                    json: list.json, times: ItemText(zone: app.zone),
                    notes: Self.notes(list.items)
                ) {
                    Self.table(list.items, $0)
                })
        }
    }

    /// So many holds are told of with their commands; the others have the same, with their ids.
    private static let mostNamed = 5

    /// What can be done about each, word by word.
    static func notes(_ items: [JSON]) -> [String] {
        items.prefix(mostNamed).map { item in
            let (id, name) = (item["id"]?.string ?? "", item["collection"]?["name"]?.string ?? "")
            let isLocal = item["direction"] == "push"
            let place = TerminalText.cut(TerminalText.oneLine(name), to: 40)
            return "\(place), deleted \(isLocal ? "here" : "at Google"): let it happen: "
                + "tandem holds release \(id)\n\(isLocal ? "Bring all back" : "Keep all here"): "
                + "tandem holds refuse \(id)"
        }.flatMap { $0.split(separator: "\n").map(String.init) }
    }

    private static func table(_ items: [JSON], _ text: ItemText) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "calendar", isElastic: true), .init(title: "direction"),
                .init(title: "deletes", isNumeric: true), .init(title: "of", isNumeric: true),
                .init(title: "when"), .init(title: "id", isID: true),
            ])
        table.emptyText = "No deletes are held."
        for item in items {
            table.rows.append([
                item["collection"]?["name"]?.string ?? "", item["direction"]?.string ?? "",
                item["deletes"]?.number?.text ?? "", item["of"]?.number?.text ?? "",
                text.moment(item["when"]), item["id"]?.string ?? "",
            ])
        }
        return table
    }
}

/// `holds release`.
struct HoldsRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Let the deletes happen.",
        usage: "tandem holds release <id> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The hold's id.") var id: String

    func run() async throws {
        try await withApp(options) { app in
            try await Settlement.answer(
                app, "holds release", id: id, told: "The deletes happen with the next sync."
            ) { try $0.release(HoldID(rawValue: $1)) }
        }
    }
}

/// `holds refuse`.
struct HoldsRefuse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse",
        abstract: "Undo held local deletes; keep here what was deleted at Google.",
        usage: "tandem holds refuse <id> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The hold's id.") var id: String

    func run() async throws {
        try await withApp(options) { app in
            try await Settlement.answer(app, "holds refuse", id: id, told: "The items stay.") {
                try $0.refuse(HoldID(rawValue: $1))
            }
        }
    }
}
