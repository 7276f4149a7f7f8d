import ArgumentParser
import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import TandemSync

/// `conflicts`: values that clash, and the way to settle them.
struct ConflictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "Show and settle what was changed on both sides.",
        discussion: """
            Until you settle a conflict Google's value is shown, and yours is kept
            beside it.
            """,
        subcommands: [ConflictsList.self, ConflictsShow.self, ConflictsResolve.self])
}

/// `conflicts list`.
struct ConflictsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the conflicts that wait.",
        usage: "tandem conflicts list [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions
    @Flag(name: .long, help: "Show settled ones, too.") var all = false

    func run() async throws {
        try await withApp(options) { app in
            Outcome(try await Self.answer(app, page: page.plain, all: all))
        }
    }

    /// The conflicts of the chosen accounts.
    static func answer(
        _ app: App, page: (limit: Int?, after: String?) = (nil, nil), all: Bool = false
    ) async throws -> Answer {
        let list = try await app.reading { transaction in
            let directory = try Directory(transaction, accounts: app.options.accounts)
            let waiting = try WaitingItems(transaction)
            let records = try transaction.conflicts.list(includesResolved: all).filter {
                let account = try transaction.resources.find($0.resource)?.account
                return account.map(directory.accountIDs.contains) ?? true
            }
            return try ListPage(records, page, id: \.id.rawValue) { try waiting.conflict($0) }
        }
        var table = TextTable(
            columns: [
                .init(title: "title", isElastic: true), .init(title: "field"),
                .init(title: "mine", isElastic: true), .init(title: "theirs", isElastic: true),
                .init(title: "id"), .init(title: "base", isDetail: true),
                .init(title: "when", isDetail: true), .init(title: "item", isDetail: true),
            ])
        table.emptyText = "No conflicts."
        for item in list.items {
            table.rows.append([
                item["title"]?.string ?? "", item["field"]?.string ?? "",
                item["mine"]?.shortText ?? "", item["theirs"]?.shortText ?? "",
                item["id"]?.string ?? "", item["base"]?.shortText ?? "",
                item["when"]?.string ?? "", item["item"]?.string ?? "",
            ])
        }
        let notes =
            list.items.isEmpty ? [] : ["Settle with: tandem conflicts resolve ID --use mine"]
        return Answer(json: list.json, table: table, notes: notes)
    }
}

/// `conflicts show`.
struct ConflictsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one conflict: your value, Google's, and the former.",
        usage: "tandem conflicts show <id> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The conflict's id.") var id: String

    func run() async throws {
        try await withApp(options) { app in
            let id = ConflictID(rawValue: id)
            let item = try await app.reading { transaction in
                guard let record = try transaction.conflicts.find(id) else {
                    throw TandemError(
                        .notFound, "There is no such conflict.", remedy: "tandem conflicts list")
                }
                return try WaitingItems(transaction).conflict(record)
            }
            let facts = ["title", "field", "mine", "theirs", "base", "when", "item", "id"]
                .map { (name: $0, value: item[$0]?.shortText ?? "") }
            return Outcome(FactList(facts).answer(item))
        }
    }
}

/// `conflicts resolve`.
struct ConflictsResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Settle a conflict; the next sync sends what you chose.",
        usage: "tandem conflicts resolve <id> --use <value> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The conflict's id.") var id: String
    @Option(
        name: .long, help: ArgumentHelp("mine, theirs or both (as two items).", valueName: "value"))
    var use: String

    func validate() throws {
        guard ["mine", "theirs", "both"].contains(use) else {
            throw ValidationError("--use takes mine, theirs or both.")
        }
    }

    func run() async throws {
        try await withApp(options) { app in
            let choice = ConflictResolution(rawValue: use) ?? .theirs
            let item = try await Self.resolve(ConflictID(rawValue: id), use: choice, app)
            return Outcome(ItemText(zone: app.zone).answer(item, notes: ["Settled."]))
        }
    }

    /// Settles one conflict and shows the item as it now is.
    static func resolve(
        _ id: ConflictID, use choice: ConflictResolution, _ app: App
    ) async throws -> JSON {
        try await app.writing("conflicts resolve") { transaction, run in
            let resource = try Resolutions(transaction, run: run).resolve(id, use: choice)
            var item = try ItemViews(transaction).item(resource)
            item["run"] = .string(run.rawValue)
            item["conflict"] = .string(id.rawValue)
            return item
        }
    }
}

/// Facts, one a line.
struct FactList: Sendable {
    let facts: [(name: String, value: String)]

    init(_ facts: [(name: String, value: String)]) { self.facts = facts }

    /// The answer that shows the facts.
    func answer(_ json: JSON, notes: [String] = []) -> Answer {
        var table = TextTable(columns: [.init(title: "field"), .init(title: "value")])
        table.rows = facts.map { [$0.name, $0.value] }
        let facts = facts
        return Answer(json: json, plain: table, notes: notes) { style in
            let width = facts.map { $0.name.count }.max() ?? 0
            return facts.flatMap { fact in
                TerminalText.lines(fact.value).enumerated().map { index, line in
                    let name = index == 0 ? fact.name : ""
                    return style.dim(TerminalText.padded(name, to: width)) + "  " + line
                }
            }
        }
    }
}
