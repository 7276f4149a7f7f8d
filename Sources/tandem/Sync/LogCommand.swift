import ArgumentParser
import LosslessJSON
import TandemCore
import TandemStore

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
        let page = page.plain
        let records = try await app.reading { transaction in
            try transaction.runs.list(
                limit: page.limit.map { $0 + 1 }, after: page.after.map(RunID.init))
        }
        let shown = page.limit.map { Array(records.prefix($0)) } ?? records
        let list = ListPage(
            items: shown.map(Self.json),
            next: shown.count < records.count ? shown.last?.id.rawValue : nil)
        var table = TextTable(
            columns: [
                .init(title: "started"), .init(title: "command"),
                .init(title: "exit", isNumeric: true), .init(title: "run"),
            ])
        table.emptyText = "No runs yet."
        let text = ItemText(zone: app.zone)
        for run in shown {
            table.rows.append([
                text.time(run.started.seconds), run.command,
                run.exit.map(String.init) ?? "running", run.id.rawValue,
            ])
        }
        return Outcome(Answer(json: list.json, table: table))
    }

    private static func json(_ run: RunRecord) -> JSON {
        [
            "id": .string(run.id.rawValue), "run": .string(run.id.rawValue),
            "command": .string(run.command), "started": .string(run.started.rfc3339),
            "finished": run.finished.map { .string($0.rfc3339) } ?? .null,
            "exit": run.exit.map { .number(JSONNumber($0)) } ?? .null,
        ]
    }

    private static func show(_ id: RunID, _ app: App) async throws -> Outcome {
        let (run, changes) = try await app.reading { transaction in
            guard let run = try transaction.runs.find(id) else {
                throw TandemError(.notFound, "There is no such run.", remedy: "tandem log")
            }
            return (run, try transaction.changes.list(run: id))
        }
        var json = json(run)
        json["summary"] = run.summary ?? .null
        json["changes"] = .array(changes.map(Self.json))
        var table = TextTable(
            columns: [
                .init(title: "verb"), .init(title: "origin"),
                .init(title: "title", isElastic: true), .init(title: "fields", isElastic: true),
                .init(title: "item"),
            ])
        table.emptyText = "The run changed nothing."
        for change in changes {
            let count = change.count.map { "\($0) items" }
            table.rows.append([
                change.verb.rawValue, change.origin.rawValue, count ?? change.title,
                change.changes.map(\.field).joined(separator: ", "),
                change.resource?.rawValue ?? "",
            ])
        }
        return Outcome(Answer(json: json, table: table))
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
