import ArgumentParser
import LosslessJSON
import WebClient

/// `emulator fault`.
struct EmulatorFault: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault",
        abstract: "Let requests to a local Google fail on purpose.",
        subcommands: [
            EmulatorFaultAdd.self, EmulatorFaultList.self, EmulatorFaultRemove.self,
            EmulatorFaultClear.self, EmulatorFaultReasons.self,
        ],
        defaultSubcommand: EmulatorFaultList.self)
}

/// `emulator fault add`.
struct EmulatorFaultAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Arm a fault for requests to come.",
        usage: "tandem emulator fault add [<what it hits>] [<what happens>] [<options>]",
        discussion: """
            It hits requests that fit all of --api, --method and --path: the
            nth of them, and so many in a row.

            tandem emulator fault add --method events.list --status 503 --times 2
            tandem emulator fault add --method events.insert --cut after
            tandem emulator fault add --method events.list --page again
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget

    @Option(
        name: .long,
        help: ArgumentHelp("calendar, people, drive, upload or oauth.", valueName: "api"))
    var api: String?
    @Option(
        name: .long,
        help: ArgumentHelp("GET, or Google's name: events.list.", valueName: "method"))
    var method: String?
    @Option(
        name: .long,
        help: ArgumentHelp("A regular expression found in the path.", valueName: "regex"))
    var path: String?
    @Option(
        name: .long, help: ArgumentHelp("The first that is hit (default: 1).", valueName: "n"))
    var nth: Int?
    @Option(
        name: .long, help: ArgumentHelp("How many are hit (default: 1).", valueName: "n"))
    var times: Int?
    @Option(name: .long, help: ArgumentHelp("The status to answer with.", valueName: "status"))
    var status: Int?
    @Option(
        name: .long,
        help: ArgumentHelp("Google's reason: rateLimitExceeded.", valueName: "reason"))
    var reason: String?
    @Option(
        name: .long, help: ArgumentHelp("Seconds for Retry-After.", valueName: "seconds"))
    var retryAfter: Int?
    @Option(
        name: .long, help: ArgumentHelp("Hold the answer back.", valueName: "milliseconds"))
    var delayMs: Int?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Cut the connection before or after it was applied.", valueName: "when"))
    var cut: CutWord?
    @Option(
        name: .long,
        help: ArgumentHelp("Cut after so many bytes of the body.", valueName: "bytes"))
    var truncate: Int?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "What is wrong with a page of a listing: again, empty, circle, noItems, noSyncToken or "
                + "badItem.", valueName: "kind"))
    var page: String?
    @Option(
        name: .long,
        help: ArgumentHelp("How Retry-After is written.", valueName: "seconds|date"))
    var retryAfterForm: String?
    @Flag(name: .long, help: "Replace the body by unreadable bytes.") var garbage = false
    @Option(name: .long, help: ArgumentHelp("Answer with this body.", valueName: "text"))
    var body: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The fault, or more of it, as JSON; '-' reads it.", valueName: "json"))
    var data: String?

    /// Where a connection is cut.
    enum CutWord: String, ExpressibleByArgument, CaseIterable {
        case before
        case after
    }

    func validate() throws {
        guard data != nil || !fields.isEmpty else {
            throw ValidationError("Say what is to happen, such as --status 503.")
        }
    }

    func run() async throws {
        try await withEmulator(options, target) { app, control in
            var fault = try await given(app)
            for member in fields { fault[member.key] = member.value }
            let answer = try await control.ask("POST", "faults", .object(fault))
            let id = TerminalText.oneLine(answer["id"]?.string ?? "")
            return Outcome(
                Answer(json: answer) { _ in ["\(id) waits for its request."] },
                change: control.change("emulator fault add"))
        }
    }

    /// What was given as JSON.
    private func given(_ app: App) async throws -> JSONObject {
        guard let data else { return [:] }
        let bytes = data == "-" ? try await app.console.readInput() : Array(data.utf8)
        guard let object = try JSON(parsing: bytes).object else {
            throw CommandFailure(.usage, "--data takes a JSON object.")
        }
        return object
    }

    /// What was given by flags, as the control API names it.
    private var fields: JSONObject {
        var fields = JSONObject()
        let texts = [
            ("api", api), ("method", method), ("path", path), ("reason", reason),
            ("cut", cut?.rawValue), ("body", body), ("page", page),
            ("retryAfterForm", retryAfterForm),
        ]
        for (name, text) in texts { fields[name] = text.map { .string($0) } }
        let numbers = [
            ("nth", nth), ("times", times), ("status", status), ("retryAfter", retryAfter),
            ("delayMs", delayMs), ("truncate", truncate),
        ]
        for (name, number) in numbers { fields[name] = number.map { .number(JSONNumber($0)) } }
        if garbage { fields["garbage"] = true }
        return fields
    }
}

/// `emulator fault list`.
struct EmulatorFaultList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the faults that wait for their requests.",
        usage: "tandem emulator fault list [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            let items = try await control.items("faults")
            var table = TextTable(
                columns: [
                    .init(title: "id"), .init(title: "hits", isElastic: true),
                    .init(title: "what happens", isElastic: true),
                    .init(title: "nth", isNumeric: true), .init(title: "times", isNumeric: true),
                    .init(title: "met", isNumeric: true),
                ])
            table.emptyText = "No fault waits."
            table.rows = items.map(Self.row)
            return Outcome(Answer(json: ListPage(items: items).json, table: table))
        }
    }

    private static let conditions = ["api", "method", "path"]

    private static func row(_ item: JSON) -> [String] {
        let others = ["id", "nth", "times", "seen"] + conditions
        let hits = conditions.compactMap { item[$0]?.string }.joined(separator: " ")
        let effects = (item.object?.members ?? []).filter { !others.contains($0.key) }.map {
            $0.value == true ? $0.key : "\($0.key) \($0.value.string ?? $0.value.text)"
        }
        return [
            item["id"]?.string ?? "", hits.isEmpty ? "everything" : hits,
            effects.joined(separator: ", "), item["nth"]?.text ?? "", item["times"]?.text ?? "",
            item["seen"]?.text ?? "",
        ]
    }
}

/// `emulator fault remove`.
struct EmulatorFaultRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Disarm one fault.",
        usage: "tandem emulator fault remove <id> [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Argument(help: "The fault's id.") var id: String

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            try await control.ask("DELETE", "faults/\(PercentCoding.encode(id))")
            return control.done(
                "emulator fault remove", "\(id) is disarmed.", more: ["id": .string(id)])
        }
    }
}

/// `emulator fault clear`.
struct EmulatorFaultClear: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear", abstract: "Disarm every fault.",
        usage: "tandem emulator fault clear [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            try await control.ask("DELETE", "faults")
            return control.done(
                "emulator fault clear", "No fault waits any more.", more: ["cleared": true])
        }
    }
}

/// `emulator fault reasons`.
struct EmulatorFaultReasons: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reasons", abstract: "List the errors of Google's that a fault can play.",
        usage: "tandem emulator fault reasons [--api <api>] [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Option(
        name: .long, help: ArgumentHelp("Those of this API alone.", valueName: "api"))
    var api: String?

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            let query = api.map { "?api=" + PercentCoding.encode($0) } ?? ""
            let items = try await control.items("reasons" + query)
            var table = TextTable(
                columns: [
                    .init(title: "reason"), .init(title: "statuses"),
                    .init(title: "apis", isElastic: true),
                ])
            table.rows = items.map { item in
                [
                    item["reason"]?.string ?? "",
                    Self.list(item["statuses"]) { $0.text }, Self.list(item["apis"]) { $0.string },
                ]
            }
            return Outcome(Answer(json: ListPage(items: items).json, table: table))
        }
    }

    private static func list(_ values: JSON?, _ text: (JSON) -> String?) -> String {
        (values?.array ?? []).compactMap(text).joined(separator: ", ")
    }
}
