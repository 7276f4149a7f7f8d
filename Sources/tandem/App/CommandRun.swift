import ArgumentParser
import Foundation
import LosslessJSON

/// What a command came to.
struct Outcome: Sendable {
    /// What is printed; `nil` where everything was printed already.
    var answer: Answer?
    /// What the process exits with.
    var exit: ExitReason
    /// What went wrong beside what the answer holds; said on standard error.
    var failures: [CommandFailure]
    /// What was changed; `nil` where nothing was.
    var change: MadeChange?

    init(
        _ answer: Answer?, exit: ExitReason = .done, failures: [CommandFailure] = [],
        change: MadeChange? = nil
    ) {
        self.answer = answer
        self.exit = exit
        self.failures = failures
        self.change = change
    }
}

/// Composes the app, does a command's work, prints its answer, and turns failures into words.
///
/// - Parameters:
///   - options: The global flags.
///   - flags: What else was said by flags, as settings.
///   - use: What the command needs of the settings.
///   - body: Does the work.
/// - Throws: `ExitCode`, after everything was said.
func withApp(
    _ options: GlobalOptions, flags: [SettingKey: String] = [:],
    settings use: SettingsUse = .checked,
    _ body: (App) async throws -> Outcome
) async throws {
    var exit = ExitReason.done
    // Until the settings are read the flag and the variable alone decide on colours.
    var printer = FailurePrinter(
        json: options.json,
        color: options.color ?? App.Process.current.variables[SettingKey.color.variable])
    do {
        let app = try App(options, flags: flags, settings: use)
        printer = FailurePrinter(json: options.json, color: app.options.color.rawValue)
        let outcome = try await body(app)
        exit = outcome.exit
        if let unsaid = app.tell(outcome) {
            printer.print(unsaid)
            exit = unsaid.exit
        }
        for failure in outcome.failures { printer.print(failure) }
    } catch let code as ExitCode {
        throw code
    } catch {
        let failure = CommandFailure(describing: error)
        printer.print(failure)
        exit = failure.exit
    }
    if exit != .done { throw ExitCode(exit.rawValue) }
}

/// Says on standard error what went wrong.
struct FailurePrinter {
    let json: Bool
    let color: String?

    func print(_ failure: CommandFailure) {
        let stream = OutputStreamHandle(descriptor: 2)
        let style = TerminalStyle.decide(
            color.flatMap(ColorChoice.init) ?? .auto, isTerminal: stream.isTerminal, columns: nil,
            environment: ProcessInfo.processInfo.environment)
        let text =
            json
            ? String(decoding: TerminalText.json(failure.json.serialized()), as: UTF8.self)
            : failure.lines(style).joined(separator: "\n")
        do { try stream.write(text + "\n") } catch {
            // Standard error is gone; the exit code still says what happened.
            return
        }
    }
}
