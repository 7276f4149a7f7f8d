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
    /// What stood behind the program's name.
    let words: [String]
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
        words = process.words
        zone = try ViewerZone.decide(
            try value(.timeZone), environment: process.variables, isChecked: use == .checked)
        interruption = process.interruption
    }

    private init(_ app: App, places: Places, flags: [SettingKey: String]) {
        self.places = places
        settings = Settings(flags: flags, environment: [:], file: SettingsFile())
        options = app.options
        console = app.console
        environment = app.environment
        variables = app.variables
        words = app.words
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
        /// What stood behind the program's name.
        var words: [String] = []
        var console: Console
        var environment: TandemEnvironment
        var interruption: Interruption

        /// This process.
        static let current = Process(
            variables: ProcessInfo.processInfo.environment,
            words: Array(CommandLine.arguments.dropFirst()), console: .standard(),
            environment: .system, interruption: Interruption())
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

    /// Says how a typed time was read: not under `-q`; as data with `--json`.
    func remark(onTime text: String) throws { try warn(text, code: "time") }

    /// Says what may not be as it was meant, though the command goes on: not under `-q`; as data
    /// with `--json`.
    func warn(_ text: String, code: String) throws {
        guard !options.isQuiet else { return }
        try instruct(
            ["tandem: " + TerminalText.oneLine(text)],
            json: [
                "warning": ["code": .string(code), "message": .string(text), "remedy": .null]
            ])
    }

    /// Prints an answer; under `-q` no word to people that something was done.
    ///
    /// A note that standard error does not take is left out, as the data is out already, and a
    /// command that did its work must not look as if it had failed.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - change: What was changed.
    /// - Throws: ``CommandFailure`` where standard output takes no more; it tells of the change.
    func print(_ answer: Answer, after change: MadeChange? = nil) throws(CommandFailure) {
        if !answer.isReceipt || !options.isQuiet || options.format != .text {
            try write(
                answer.rendered(as: options.format, style: style, verbosity: options.verbosity),
                after: change)
        }
        for text in answer.timeRemarks {
            do { try remark(onTime: text) } catch { return }
        }
        // Whoever sees a page has to be told that it is not all.
        let rest = answer.json["next"]?.string.map {
            "There is more: " + ListPage.command(goingOn: $0, behind: words)
        }
        for text in answer.notes + [rest].compactMap({ $0 }) {
            do { try note(text) } catch { return }
        }
    }

    /// Writes data to standard output.
    ///
    /// - Throws: ``CommandFailure`` where it takes no more; it tells of the change.
    func write(_ bytes: [UInt8], after change: MadeChange?) throws(CommandFailure) {
        // A reader that is gone ends a command that only shows; one that changed something says so.
        if change != nil { signal(SIGPIPE, SIG_IGN) }
        do { try console.output.write(bytes) } catch {
            throw change.map { CommandFailure(error, butMade: $0) } ?? error
        }
    }

    /// Prints what a command came to; why it could not be printed, where that failed.
    func tell(_ outcome: Outcome) -> CommandFailure? {
        guard let answer = outcome.answer else { return nil }
        do { try print(answer, after: outcome.change) } catch { return error }
        return nil
    }
}
