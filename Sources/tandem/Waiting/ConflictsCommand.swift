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
            Outcome(try await Self.answer(app, page: page.request, all: all))
        }
    }

    /// The conflicts of the chosen accounts.
    static func answer(
        _ app: App, page: PageRequest = .everything, all: Bool = false
    ) async throws -> Answer {
        let list = try await app.reading { transaction in
            let directory = try Directory(transaction, accounts: app.options.accounts)
            let ids = directory.accountIDs
            let records = try page.read(id: \.id.rawValue) { limit, after in
                try transaction.conflicts.list(
                    includesResolved: all, limit: limit, after: after.map(ConflictID.init))
            } where: { record in
                guard directory.isNarrowed else { return true }
                let account = try transaction.resources.find(record.resource)?.account
                return account.map(ids.contains) ?? false
            }
            let waiting = try WaitingItems(transaction)
            return try ListPage(records, page, id: \.id.rawValue) { try waiting.conflict($0) }
        }
        let notes = ConflictNotes(list.items).lines
        return Answer(json: list.json, times: ItemText(zone: app.zone), notes: notes) {
            table(list.items, $0)
        }
    }

    private static func table(_ items: [JSON], _ text: ItemText) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "title", isElastic: true), .init(title: "field", isElastic: true),
                .init(title: "mine", isElastic: true), .init(title: "theirs", isElastic: true),
                .init(title: "settled", isOccasional: true), .init(title: "id", isID: true),
                .init(title: "base", isDetail: true),
                .init(title: "when", isDetail: true),
                .init(title: "item", isID: true, isDetail: true),
                .init(title: "reason", isElastic: true, isDetail: true),
            ])
        table.emptyText = "No conflicts."
        for item in items {
            table.rows.append([
                item["title"]?.string ?? "", item["field"]?.string ?? "",
                text.value(item["mine"]), text.value(item["theirs"]),
                item["resolution"]?.string ?? "", item["id"]?.string ?? "",
                text.value(item["base"]),
                text.moment(item["when"]), item["item"]?.string ?? "",
                item["reason"]?.string ?? "",
            ])
        }
        return table
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
            let (item, view) = try await app.reading { transaction in
                guard let record = try transaction.conflicts.find(id),
                    let resource = try transaction.resources.find(record.resource)
                else {
                    throw TandemError(
                        .notFound, "There is no such conflict.", remedy: "tandem conflicts list")
                }
                let rules = try transaction.rulebook.rules(for: resource.kind)
                let view = ConflictView(record, rules: rules)
                var item = try WaitingItems(transaction).conflict(record)
                item["fields"] = view.json
                return (item, view)
            }
            return Outcome(Self.answer(item, view, ItemText(zone: app.zone)))
        }
    }

    /// The facts in one column, the values beside each other below them.
    private static func answer(_ item: JSON, _ view: ConflictView, _ text: ItemText) -> Answer {
        let why = item["reason"]?.string == nil ? [] : ["reason"]
        let names = ["title", "field", "mine", "theirs", "base", "when", "item", "id"] + why
        var answer = text.answer(item, facts: names, time: "when")
        answer.notes = ConflictNotes([item], tellsReasons: false).lines
        let values = ["mine", "theirs", "base"]
        let facts = FactList(
            names.filter { !values.contains($0) }.map { name in
                (
                    name: name,
                    value: name == "when" ? text.moment(item[name]) : text.value(item[name])
                )
            })
        answer.view = .lines { style in
            let table = view.sideBySide(text).lines(style)
            let more = "\(Counted.text(view.alike, "more part")) the same everywhere."
            return facts.lines(style) + [""] + table
                + (view.alike > 0 ? [style.dim(more)] : [])
        }
        return answer
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
    @OptionGroup var writing: WriteOptions

    func validate() throws {
        let words = ["mine", "theirs", "both"]
        guard words.contains(use) else {
            throw ValidationError(Choice.refusal(of: use, for: "--use", takes: words))
        }
    }

    func run() async throws {
        try await withApp(options) { app in
            let choice = ConflictResolution(rawValue: use) ?? .theirs
            let writing = EventWriting(app, writing)
            let settled = try await Self.resolve(ConflictID(rawValue: id), use: choice, writing)
            return writing.outcome(of: settled, told: Self.told(of: settled))
        }
    }

    /// That it is settled, and how a value that was given up is had again.
    private static func told(of settled: EventWriting.Written) -> String {
        let choices = settled.item["choices"]?.array ?? []
        let id = settled.item["conflict"]?.string ?? ""
        return settled.item["resolution"] != "mine" && choices.contains("mine")
            ? "Settled. Yours after all: tandem conflicts resolve \(id) --use mine" : "Settled."
    }

    /// Settles one conflict and shows the item as it now is.
    static func resolve(
        _ id: ConflictID, use choice: ConflictResolution, _ writing: EventWriting
    ) async throws -> EventWriting.Written {
        let mailing = writing.options.mailing
        @Sendable func facts(_ transaction: StoreTransaction) throws -> JSONObject {
            try Self.facts(transaction, of: id)
        }
        return try await writing.write("conflicts resolve", telling: facts) { transaction, run in
            try ConflictSettlement(transaction, run: run, mailing: mailing).settle(id, use: choice)
        }
    }

    /// The conflict as it now is, and what else could be chosen.
    private static func facts(
        _ transaction: StoreTransaction, of id: ConflictID
    ) throws -> JSONObject {
        var facts: JSONObject = ["conflict": .string(id.rawValue)]
        guard let record = try transaction.conflicts.find(id) else { return facts }
        let choices = try ConflictChoices(transaction).choices(for: record)
        facts["resolution"] = record.resolution.map { .string($0.rawValue) } ?? .null
        facts["choices"] = .array(choices.map { .string($0.rawValue) })
        return facts
    }
}
