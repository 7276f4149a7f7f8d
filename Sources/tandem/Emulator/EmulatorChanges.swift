import ArgumentParser
import LosslessJSON

/// `emulator expire`.
struct EmulatorExpire: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expire",
        abstract: "End cursors or tokens before their time.",
        usage: "tandem emulator expire <what> [--user <email>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Argument(
        help: """
            calendar-cursors, calendar-page-tokens, people-cursors, access-tokens or refresh-tokens.
            """)
    var what: String
    @OptionGroup var whose: EmulatorWhose

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            var fields = whose.fields
            fields["what"] = .string(what)
            try await control.ask("POST", "expire", .object(fields))
            return control.done("emulator expire", "Expired: \(what).", more: fields)
        }
    }
}

/// `emulator churn`.
struct EmulatorChurn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "churn",
        abstract: "Give everything new etags without changing it, as Google does.",
        usage: "tandem emulator churn [--user <email>] [--calendar <name>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @OptionGroup var whose: EmulatorWhose

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            try await control.ask("POST", "churn", .object(whose.fields))
            return control.done("emulator churn", "The etags are new.", more: whose.fields)
        }
    }
}

/// Whose cursors, tokens or etags are meant.
struct EmulatorWhose: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Only this user's.", valueName: "email"))
    var user: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Only this calendar's: its id, title or primary.", valueName: "name"))
    var calendar: String?

    var fields: JSONObject {
        var fields = JSONObject()
        fields["user"] = user.map { .string($0) }
        fields["calendar"] = calendar.map { .string($0) }
        return fields
    }
}

/// `emulator switches`.
struct EmulatorSwitches: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switches",
        abstract: "Choose what a local Google does where the real one is uncertain.",
        subcommands: [EmulatorSwitchesList.self, EmulatorSwitchesSet.self],
        defaultSubcommand: EmulatorSwitchesList.self)
}

/// `emulator switches list`.
struct EmulatorSwitchesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List every switch and what it may be.",
        usage: "tandem emulator switches list [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            Outcome(EmulatorSwitchTable.answer(try await control.items("switches")))
        }
    }
}

/// `emulator switches set`.
struct EmulatorSwitchesSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set switches; a reset takes them back.",
        usage: "tandem emulator switches set <name=value> ... [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Argument(help: "A switch and its value: conferenceCreation=pending.") var values: [String]

    func validate() throws {
        for value in values where Self.pair(value) == nil {
            throw ValidationError("Give each switch as NAME=VALUE.")
        }
    }

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            let fields = JSONObject(values.compactMap(Self.pair))
            let answer = try await control.ask("POST", "switches", .object(fields))
            return Outcome(
                EmulatorSwitchTable.answer(Self.named(fields, in: answer)),
                change: control.change("emulator switches set"))
        }
    }

    /// The switches that were set, as they are now; the others are in the list.
    static func named(_ fields: JSONObject, in answer: JSON) -> [JSON] {
        (answer["items"]?.array ?? []).filter { item in
            item["name"]?.string.map { fields[$0] != nil } ?? false
        }
    }

    /// A name and a value: what JSON knows as a word or a number is that, all else is text.
    private static func pair(_ text: String) -> (String, JSON)? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        let value = String(parts[1])
        let plain: JSON =
            switch value {
            case "true": true
            case "false": false
            case "null": .null
            default: Int(value).map { .number(JSONNumber($0)) } ?? .string(value)
            }
        return (String(parts[0]), plain)
    }
}

/// The switches of a local Google.
enum EmulatorSwitchTable {
    static func answer(_ items: [JSON]) -> Answer {
        var table = TextTable(
            columns: [
                .init(title: "switch"), .init(title: "value"), .init(title: "default"),
                .init(title: "allowed", isElastic: true),
            ])
        table.rows = items.map { item in
            ["name", "value", "default", "allowed"].map { name in
                item[name].map { $0.string ?? $0.text } ?? ""
            }
        }
        return Answer(json: ListPage(items: items).json, table: table)
    }
}
