import ArgumentParser
import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// `quarantine`: items that were set aside, so that the others go on.
struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Show, retry and drop items that were set aside.",
        subcommands: [
            QuarantineList.self, QuarantineShow.self, QuarantineRetry.self, QuarantineDrop.self,
        ])
}

/// `quarantine list`.
struct QuarantineList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the items that were set aside, and why.",
        usage: "tandem quarantine list [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions

    func run() async throws {
        try await withApp(options) { app in
            let page = page.request
            let list = try await app.reading { transaction in
                let directory = try Directory(transaction, accounts: app.options.accounts)
                let ids = Set(directory.collections.map(\.id))
                let records = try page.read(id: \.id.rawValue) { limit, after in
                    try transaction.quarantine.list(
                        limit: limit, after: after.map(QuarantineID.init))
                } where: { record in
                    ids.contains(record.collection)
                }
                let waiting = try WaitingItems(transaction)
                return ListPage(records, page, id: \.id.rawValue) { waiting.quarantined($0) }
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
                .init(title: "kind"), .init(title: "calendar", isElastic: true),
                .init(title: "reason", isElastic: true), .init(title: "since"),
                .init(title: "id", isID: true),
                .init(title: "item", isID: true, isDetail: true),
                .init(title: "remote id", isID: true, isDetail: true),
            ])
        table.emptyText = "Nothing was set aside."
        for item in items {
            table.rows.append([
                item["kind"]?.string ?? "", item["collection"]?["name"]?.string ?? "",
                item["reason"]?.string ?? "", text.moment(item["since"]),
                item["id"]?.string ?? "", item["item"]?.string ?? "",
                item["remoteId"]?.string ?? "",
            ])
        }
        return table
    }
}

/// `quarantine show`.
struct QuarantineShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one item that was set aside, with its raw JSON.",
        usage: "tandem quarantine show <id> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The entry's id.") var id: String

    func run() async throws {
        try await withApp(options) { app in
            let id = QuarantineID(rawValue: id)
            let item = try await app.reading { transaction in
                guard let record = try transaction.quarantine.find(id) else {
                    throw TandemError(
                        .notFound, "There is no such entry.", remedy: "tandem quarantine list")
                }
                return try WaitingItems(transaction).quarantined(record)
            }
            return Outcome(Self.answer(item, ItemText(zone: app.zone)))
        }
    }

    /// The reason first; what was set aside stands whole and indented below everything else.
    private static func answer(_ item: JSON, _ text: ItemText) -> Answer {
        let names = ["kind", "reason", "since", "item", "remoteId", "raw", "id"]
        var answer = text.answer(item, facts: names, time: "since")
        let id = item["id"]?.string ?? ""
        answer.notes = [
            "Try it again: tandem quarantine retry \(id)",
            "Give it up: tandem quarantine drop \(id)",
        ]
        let facts = FactList(
            names.filter { $0 != "raw" }.map { name in
                (
                    name: name,
                    value: name == "since" ? text.moment(item[name]) : text.value(item[name])
                )
            })
        let raw = Self.indented(item["raw"]?.string ?? "")
        answer.view = .lines { facts.lines($0) + [""] + TerminalText.lines(raw) }
        return answer
    }

    /// JSON as people read it; what is none as it came.
    static func indented(_ raw: String) -> String {
        do {
            let json = try JSON(parsing: raw)
            return String(decoding: json.serialized(.pretty), as: UTF8.self)
        } catch {
            return raw
        }
    }
}

/// `quarantine retry`.
struct QuarantineRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Let the next sync try an item again.",
        usage: "tandem quarantine retry <id> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The entry's id.") var id: String

    func run() async throws {
        try await withApp(options) { app in
            try await Settlement.answer(
                app, "quarantine retry", id: id, told: "The next sync tries it again."
            ) { try $0.retry(QuarantineID(rawValue: $1)) }
        }
    }
}

/// `quarantine drop`.
struct QuarantineDrop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Give an item up: an edit goes back to what both sides agreed on.",
        usage: "tandem quarantine drop <id> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The entry's id.") var id: String

    func run() async throws {
        try await withApp(options) { app in
            try await Settlement.answer(app, "quarantine drop", id: id, told: "Dropped.") {
                try $0.drop(QuarantineID(rawValue: $1))
            }
        }
    }
}

/// Settles one thing that waits, and says so.
enum Settlement {
    static func answer(
        _ app: App, _ command: String, id: String, told: String,
        _ body: @escaping @Sendable (Resolutions, String) throws -> Void
    ) async throws -> Outcome {
        let run = try await app.writing(command) { transaction, run in
            try body(Resolutions(transaction, run: run), id)
            return run
        }
        let json: JSON = ["id": .string(id), "run": .string(run.rawValue), "done": true]
        return Outcome(
            Answer(json: json) { _ in [told] }.asReceipt,
            change: MadeChange(command + " \(id)", run: run))
    }
}
