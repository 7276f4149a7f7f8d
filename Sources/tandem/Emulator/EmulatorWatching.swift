import ArgumentParser
import LosslessJSON

/// `emulator requests`.
struct EmulatorRequests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        abstract: "List the requests that a local Google was sent.",
        usage: "tandem emulator requests [--last <n> | --clear] [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Option(name: .long, help: ArgumentHelp("Only the last ones.", valueName: "n"))
    var last: Int?
    @Flag(name: .long, help: "Forget them instead; counters go on.") var clear = false

    func validate() throws {
        if last != nil, clear { throw ValidationError("Give --last or --clear, not both.") }
        if let last, last < 1 { throw ValidationError("--last takes a number from 1 on.") }
    }

    func run() async throws {
        try await withEmulator(options, target) { app, control in
            guard !clear else {
                try await control.ask("DELETE", "requests")
                return control.done(
                    "emulator requests --clear", "The requests are forgotten.",
                    more: ["cleared": true])
            }
            let all = try await control.items("requests")
            let items = Array(last.map { all.suffix($0) } ?? all[...])
            return Outcome(
                Answer(json: ListPage(items: items).json, times: ItemText(zone: app.zone)) {
                    Self.table(items, $0)
                })
        }
    }

    private static func table(_ items: [JSON], _ text: ItemText) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "at"), .init(title: "what"), .init(title: "status", isNumeric: true),
                .init(title: "ms", isNumeric: true), .init(title: "bytes", isNumeric: true),
                .init(title: "method"), .init(title: "path", isElastic: true),
                .init(title: "fault", isOccasional: true), .init(title: "query", isDetail: true),
            ])
        table.emptyText = "No requests."
        for item in items {
            let name = [item["api"], item["apiMethod"]].compactMap { $0?.string }
            table.rows.append([
                text.moment(item["at"]),
                name.joined(separator: " ") + (item["batch"]?.bool == true ? " (batch)" : ""),
                item["status"]?.int == 0 ? "cut" : item["status"]?.text ?? "",
                item["durationMs"]?.text ?? "", item["bytes"]?.text ?? "",
                item["method"]?.string ?? "", item["path"]?.string ?? "",
                item["fault"]?.string ?? "", item["query"]?.string ?? "",
            ])
        }
        return table
    }
}

/// `emulator counters`.
struct EmulatorCounters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "counters",
        abstract: "Show what a local Google counted, and how much it holds.",
        usage: "tandem emulator counters [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            let counters = try await control.ask("GET", "counters")
            var table = TextTable(
                columns: [.init(title: "what"), .init(title: "count", isNumeric: true)])
            table.rows = Self.rows(counters, [])
            return Outcome(Answer(json: counters, table: table))
        }
    }

    /// Every number with the names on the way to it.
    private static func rows(_ json: JSON, _ names: [String]) -> [[String]] {
        guard let members = json.object?.members else {
            return [[names.joined(separator: " "), json.text]]
        }
        return members.flatMap { rows($0.value, names + [$0.key]) }
    }
}
