import Foundation
import LosslessJSON
import TandemCore
import TandemFormats
import TandemStore

/// What a command works with: settings, places, streams, the clock; composed once a call.
struct App: Sendable {
    let options: Options
    let console: Console
    let places: Places
    let settings: Settings
    let environment: TandemEnvironment
    /// The process' environment variables.
    let variables: [String: String]
    /// The zone that times are read and shown in.
    let zone: ZoneRules
    let interruption: Interruption

    /// The global flags as plain values.
    struct Options: Sendable {
        var format: OutputFormat = .text
        var isQuiet = false
        var verbosity = 0
        var accounts: [String] = []
        var noInput = false
        var color: ColorChoice = .auto
        var progress: ProgressChoice = .auto
    }

    /// Composes what a command works with.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration`.
    init(
        _ global: GlobalOptions, flags: [SettingKey: String] = [:],
        settings use: SettingsUse = .checked, process: Process = .current
    ) throws(CommandFailure) {
        places = try Places(environment: process.variables)
        let file = use == .none ? SettingsFile() : try SettingsFile(places.settingsFile)
        let settings = Settings(
            flags: global.flags.merging(flags) { $1 }, environment: process.variables, file: file)
        func value(_ key: SettingKey) throws(CommandFailure) -> String? {
            use == .checked ? try settings[key] : settings.usable(key)
        }
        self.settings = settings
        var options = Options(
            format: global.format, isQuiet: global.quiet, verbosity: global.verbose,
            accounts: global.account, noInput: global.noInput)
        options.color = try value(.color).flatMap(ColorChoice.init) ?? .auto
        options.progress = try value(.progress).flatMap(ProgressChoice.init) ?? .auto
        self.options = options
        console = process.console
        environment = process.environment
        variables = process.variables
        zone = ViewerZone.decide(try value(.timeZone), environment: process.variables)
        interruption = process.interruption
    }

    private init(_ app: App, places: Places, flags: [SettingKey: String]) {
        self.places = places
        settings = Settings(flags: flags, environment: [:], file: SettingsFile())
        options = app.options
        console = app.console
        environment = app.environment
        variables = app.variables
        zone = app.zone
        interruption = app.interruption
    }

    /// The same, but with its files in another place and nothing set but by `flags`; a settings
    /// file in that place is not read.
    func moved(to places: Places, flags: [SettingKey: String]) -> App {
        App(self, places: places, flags: flags)
    }

    /// What the process was given by the system.
    struct Process: Sendable {
        var variables: [String: String]
        var console: Console
        var environment: TandemEnvironment
        var interruption: Interruption

        /// This process.
        static let current = Process(
            variables: ProcessInfo.processInfo.environment, console: .standard(),
            environment: TandemEnvironment(
                clock: SystemClock(), random: TandemCore.SystemRandom(),
                processes: SystemProcesses()),
            interruption: Interruption())
    }

    /// How standard output is drawn.
    var style: TerminalStyle { style(of: console.output) }
    /// How standard error is drawn.
    var diagnosticsStyle: TerminalStyle { style(of: console.diagnostics) }

    private func style(of stream: OutputStreamHandle) -> TerminalStyle {
        TerminalStyle.decide(
            options.color, isTerminal: stream.isTerminal, columns: stream.columns,
            environment: variables)
    }

    /// Shows how far work has come; with `--json` no bar is drawn between what programs read.
    func progressReporter() -> ProgressReporter {
        ProgressReporter(
            options.progress, stream: console.diagnostics, style: diagnosticsStyle,
            quiet: options.isQuiet || options.format == .json)
    }

    /// Says what a person has to do now, which `-q` does not hide; as data with `--json`.
    ///
    /// - Parameters:
    ///   - lines: For people, each fit to be shown.
    ///   - json: The same for programs.
    /// - Throws: ``CommandFailure`` where standard error takes no more.
    func instruct(_ lines: [String], json: JSON) throws {
        guard options.format == .json else {
            try console.diagnostics.write(lines.map { $0 + "\n" }.joined())
            return
        }
        try console.diagnostics.write(TerminalText.json(json.serialized()) + [0x0A])
    }

    /// Says something beside the data to people: not under `-q`, nor to programs.
    func note(_ text: String) throws {
        guard !options.isQuiet, options.format != .json else { return }
        try console.diagnostics.write(TerminalText.oneLine(text) + "\n")
    }

    /// Prints an answer.
    func print(_ answer: Answer) throws {
        try console.output.write(
            answer.rendered(as: options.format, style: style, verbosity: options.verbosity))
        for text in answer.notes { try note(text) }
    }
}
