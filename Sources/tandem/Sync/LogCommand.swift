import ArgumentParser
import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// `log`: the runs of commands that wrote something, and what each changed.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "List runs, newest first; or show what one run changed.",
        usage: "tandem log [<run>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions
    @Argument(help: "The run to show.") var id: String?

    func run() async throws {
        try await withApp(options) { app in
            guard let id else { return try await list(app) }
            return try await Self.show(RunID(rawValue: id), app)
        }
    }

    private func list(_ app: App) async throws -> Outcome {
        let page = page.request
        let list = try await app.reading { transaction in
            let history = try RunHistory(
                Directory(transaction, accounts: app.options.accounts))
            return try ListPage(history.runs(page), page, id: \.id.rawValue) { run in
                Self.json(run, history.state(of: run))
            }
        }
        return Outcome(
            Answer(json: list.json, times: ItemText(zone: app.zone)) { text in
                var table = TextTable(
                    columns: [
                        .init(title: "started"), .init(title: "command", isElastic: true),
                        .init(title: "exit", isNumeric: true), .init(title: "run", isID: true),
                    ])
                table.emptyText = "No runs yet."
                table.rows = list.items.map { run in
                    [
                        text.moment(run["started"]), run["command"]?.string ?? "",
                        run["exit"]?.number?.text ?? run["state"]?.string ?? "",
                        run["id"]?.string ?? "",
                    ]
                }
                return table
            })
    }

    private static func json(_ run: RunRecord, _ state: RunHistory.State) -> JSON {
        [
            "id": .string(run.id.rawValue), "run": .string(run.id.rawValue),
            "command": .string(run.command), "started": .string(run.started.rfc3339),
            "finished": run.finished.map { .string($0.rfc3339) } ?? .null,
            "exit": run.exit.map { .number(JSONNumber($0)) } ?? .null,
            "state": .string(state.rawValue),
        ]
    }

    private static func show(_ id: RunID, _ app: App) async throws -> Outcome {
        let (json, changes) = try await app.reading { transaction in
            guard let run = try transaction.runs.find(id) else {
                throw TandemError(.notFound, "There is no such run.", remedy: "tandem log")
            }
            let directory = try Directory(transaction, accounts: app.options.accounts)
            let ids = directory.accountIDs
            let changes = try transaction.changes.list(run: id).filter { ids.contains($0.account) }
            var json = Self.json(run, try RunHistory(directory).state(of: run))
            json["summary"] = run.summary ?? .null
            json["changes"] = .array(changes.map(Self.json))
            return (json, changes)
        }
        var table = TextTable(
            columns: [
                .init(title: "verb"), .init(title: "origin"),
                .init(title: "title", isElastic: true), .init(title: "fields", isElastic: true),
                .init(title: "item", isID: true),
            ])
        table.emptyText =
            "The run changed nothing here. What a sync sends is listed where it was edited."
        for change in changes {
            let count = change.count.map { Counted.text($0, change.kind.rawValue) }
            table.rows.append([
                change.verb.rawValue, change.origin.rawValue, count ?? change.title,
                change.changes.map(\.field).joined(separator: ", "),
                change.resource?.rawValue ?? "",
            ])
        }
        return Outcome(
            Answer(json: json, table: table, notes: BroughtBack.notes(in: json["summary"])))
    }

    private static func json(_ change: ChangeEntry) -> JSON {
        let fields = change.changes.map { field -> JSON in
            [
                "field": .string(field.field), "before": field.before ?? .null,
                "after": field.after ?? .null,
            ]
        }
        return [
            "when": .string(change.at.rfc3339), "verb": .string(change.verb.rawValue),
            "origin": .string(change.origin.rawValue), "kind": .string(change.kind.rawValue),
            "item": change.resource.map { .string($0.rawValue) } ?? .null,
            "title": .string(change.title), "changes": .array(fields),
            "count": change.count.map { .number(JSONNumber($0)) } ?? .null,
        ]
    }
}
