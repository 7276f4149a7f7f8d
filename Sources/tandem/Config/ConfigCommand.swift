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
        try await withApp(options) { app in
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
        try await withApp(options) { app in
            var table = TextTable(
                columns: [
                    .init(title: "setting"), .init(title: "value"),
                    .init(title: "origin", isDetail: !origin),
                    .init(title: "meaning", isElastic: true),
                ])
            var items: [JSON] = []
            for key in SettingKey.allCases {
                let found = try app.settings.lookUp(key)
                let from = found?.origin ?? .standard
                table.rows.append([
                    key.rawValue, found?.value ?? "", from.rawValue, key.meaning,
                ])
                items.append([
                    "key": .string(key.rawValue),
                    "value": found.map { .string($0.value) } ?? .null,
                    "origin": .string(from.rawValue), "variable": .string(key.variable),
                ])
            }
            let unknown = try SettingsFile(app.places.settingsFile).unknownKeys
            let notes = unknown.map { "The settings file says '\($0)', which means nothing." }
            return Outcome(
                Answer(json: ListPage(items: items).json, table: table, notes: notes))
        }
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
        try await withApp(options) { app in
            let key = try SettingKey(typed: key)
            let found = try app.settings.lookUp(key)
            let value = found?.value ?? ""
            let json: JSON = [
                "key": .string(key.rawValue), "value": found.map { .string($0.value) } ?? .null,
                "origin": .string((found?.origin ?? .standard).rawValue),
            ]
            return Outcome(Answer(json: json) { _ in [TerminalText.oneLine(value)] })
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
        try await withApp(options) { app in
            let key = try SettingKey(typed: key)
            if let value { try key.check(value, origin: "what was typed") }
            var file = try SettingsFile(app.places.settingsFile)
            file.set(key, to: value)
            try Places.write(
                JSON.object(file.json).serialized(.pretty) + [0x0A], to: app.places.settingsFile)
            let json: JSON = [
                "key": .string(key.rawValue), "value": value.map { .string($0) } ?? .null,
                "file": .string(app.places.settingsFile.path),
            ]
            let path = app.places.settingsFile.path
            return Outcome(Answer(json: json) { _ in ["Written to \(path)."] })
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
                "There is no setting '\(TerminalText.cut(TerminalText.oneLine(text), to: 60))'.",
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

    func run() async throws {
        try await withApp(options) { _ in
            var table = TextTable(
                columns: [
                    .init(title: "code", isNumeric: true), .init(title: "name"),
                    .init(title: "meaning"),
                ])
            table.rows = ExitReason.allCases.map { [String($0.rawValue), $0.name, $0.meaning] }
            let items = ExitReason.allCases.map(\.json)
            return Outcome(Answer(json: ListPage(items: items).json, table: table))
        }
    }
}
