import ArgumentParser
import Foundation
import LosslessJSON

/// `config`: where settings lie and what they say.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show and change settings.",
        discussion: """
            A flag counts before a TANDEM_* variable, that before the settings file
            (one JSON object), that before what is standard.
            """,
        subcommands: [ConfigPath.self, ConfigList.self, ConfigGet.self, ConfigSet.self])
}

/// `config path`.
struct ConfigPath: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path", abstract: "Print where settings, store, state and cache lie.",
        usage: "tandem config path [<options>]")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withApp(options, settings: .none) { app in
            let places = [
                ("file", app.places.settingsFile), ("config", app.places.config),
                ("data", app.places.data), ("state", app.places.state),
                ("cache", app.places.cache),
            ]
            var table = TextTable(columns: [.init(title: "what"), .init(title: "path")])
            table.rows = places.map { [$0.0, $0.1.path] }
            let json = JSON.object(JSONObject(places.map { ($0.0, .string($0.1.path)) }))
            return Outcome(Answer(json: json, table: table))
        }
    }
}

/// `config list`.
struct ConfigList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List every setting and its value.",
        usage: "tandem config list [--origin] [<options>]")

    @OptionGroup var options: GlobalOptions
    @Flag(name: .long, help: "Show where each value comes from.") var origin = false

    func run() async throws {
        try await withApp(options, settings: .unchecked) { app in
            let values = SettingKey.allCases.map { SettingValue($0, in: app.settings) }
            var table = TextTable(
                columns: [
                    .init(title: "setting", isID: true), .init(title: "value", isElastic: true),
                    .init(title: "origin", isDetail: !origin),
                    .init(title: "meaning", isElastic: true),
                ])
            table.rows = values.map {
                [$0.key.rawValue, $0.value ?? "", $0.origin.rawValue, $0.key.meaning]
            }
            let unknown = try SettingsFile(app.places.settingsFile).unknownKeys
            let notes =
                values.compactMap(\.problem)
                + unknown.map { name in
                    "The settings file says \(Nearest.quoted(name)), which means nothing."
                        + Nearest.question(name, among: SettingKey.allCases.map(\.rawValue))
                }
            let list = ListPage(items: values.map(\.json))
            return Outcome(Answer(json: list.json, table: table, notes: notes))
        }
    }
}

/// What a setting is set to, whether it can be used or not.
struct SettingValue: Sendable {
    let key: SettingKey
    let value: String?
    let origin: Settings.Origin

    init(_ key: SettingKey, in settings: Settings) {
        let found = settings.found(key)
        self.key = key
        value = found?.value
        origin = found?.origin ?? .standard
    }

    /// Why the value cannot be used; `nil` where it can.
    var problem: String? {
        value.flatMap { key.accepts($0) ? nil : key.refusal(of: $0, from: origin) }
    }

    var json: JSON {
        [
            "key": .string(key.rawValue), "value": value.map { .string($0) } ?? .null,
            "origin": .string(origin.rawValue), "variable": .string(key.variable),
            "usable": .bool(problem == nil),
        ]
    }
}

/// `config get`.
struct ConfigGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print one setting's value.",
        usage: "tandem config get <key> [<options>]")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The setting's name.") var key: String

    func run() async throws {
        try await withApp(options, settings: .unchecked) { app in
            let found = SettingValue(try SettingKey(typed: key), in: app.settings)
            let notes = [found.problem].compactMap { $0 }
            return Outcome(
                Answer(json: found.json, notes: notes) { _ in
                    [TerminalText.oneLine(found.value ?? "")]
                })
        }
    }
}

/// `config set`.
struct ConfigSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Write a setting into the settings file.",
        usage: "tandem config set <key> [<value>] [<options>]",
        discussion: "Without a value the setting is taken out of the file.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The setting's name.") var key: String
    @Argument(help: "Its value.") var value: String?

    func run() async throws {
        try await withApp(options, settings: .unchecked) { app in
            let key = try SettingKey(typed: key)
            if let value { try key.check(value, from: nil) }
            var file = try SettingsFile(app.places.settingsFile)
            file.set(key, to: value)
            try Places.write(
                JSON.object(file.json).serialized(.pretty) + [0x0A], to: app.places.settingsFile)
            let json: JSON = [
                "key": .string(key.rawValue), "value": value.map { .string($0) } ?? .null,
                "file": .string(app.places.settingsFile.path),
            ]
            let path = app.places.settingsFile.path
            return Outcome(
                Answer(json: json) { _ in ["Written to \(TerminalText.oneLine(path))."] }.asReceipt,
                change: MadeChange(
                    "config set \(key.rawValue)", see: "tandem config get \(key.rawValue)"))
        }
    }
}

extension SettingKey {
    /// The setting that a person typed.
    ///
    /// - Throws: ``CommandFailure`` with exit `usage`.
    init(typed text: String) throws(CommandFailure) {
        guard let key = Self(rawValue: text.lowercased().replacing("_", with: "-")) else {
            throw CommandFailure(
                .usage, code: "unknownSetting",
                "There is no setting \(Nearest.quoted(text))."
                    + Nearest.question(text, among: Self.allCases.map(\.rawValue)),
                remedy: "tandem config list")
        }
        self = key
    }
}

/// `exit-codes`: what the process' exit code says.
struct ExitCodesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exit-codes", abstract: "List the exit codes and what they mean.",
        usage: "tandem exit-codes [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var page: PageOptions

    func run() async throws {
        try await withApp(options, settings: .none) { _ in
            let page = page.request
            let codes = try Self.codes(behind: page.after)
            let list = ListPage(codes, page, id: { String($0.rawValue) }, item: \.json)
            var table = TextTable(
                columns: [
                    .init(title: "code", isNumeric: true), .init(title: "name"),
                    .init(title: "meaning", isElastic: true),
                ])
            table.rows = page.shown(of: codes).map { [String($0.rawValue), $0.name, $0.meaning] }
            return Outcome(Answer(json: list.json, table: table))
        }
    }

    /// The codes are in order of their numbers.
    private static func codes(behind mark: String?) throws -> [ExitReason] {
        guard let mark else { return ExitReason.allCases }
        guard let number = Int32(mark) else {
            throw ValidationError("--after takes an exit code here.")
        }
        return ExitReason.allCases.filter { $0.rawValue > number }
    }
}
