import ArgumentParser
import LosslessJSON
import TandemActions
import TandemFormats

/// `emulator clock`.
struct EmulatorClock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: "Show, set and advance the clock of a local Google.",
        subcommands: [
            EmulatorClockShow.self, EmulatorClockSet.self, EmulatorClockAdvance.self,
            EmulatorClockReal.self,
        ],
        defaultSubcommand: EmulatorClockShow.self)
}

/// `emulator clock show`.
struct EmulatorClockShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what time it is there.",
        usage: "tandem emulator clock show [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            Outcome(EmulatorTime.answer(try await control.ask("GET", "clock")))
        }
    }
}

/// `emulator clock set`.
struct EmulatorClockSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set the clock; it goes on from there.",
        usage: "tandem emulator clock set <time> [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Argument(help: "The time with its offset: 2026-11-09T08:00:00Z.") var time: String

    func validate() throws {
        guard OffsetTime(rfc3339: time) != nil else {
            throw ValidationError("Give the time with its offset, as in 2026-11-09T08:00:00Z.")
        }
    }

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            let now = try await control.ask("POST", "clock", ["set": .string(time)])
            return Outcome(
                EmulatorTime.answer(now), change: control.change("emulator clock set"))
        }
    }
}

/// `emulator clock advance`.
struct EmulatorClockAdvance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advance", abstract: "Move the clock forward.",
        usage: "tandem emulator clock advance <duration> [--url <url>] [<options>]",
        discussion: "A bare number counts seconds; 90m, 2h, 7d are read, too.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Argument(help: "How far: 3600, 90m, 2h, 7d.") var duration: String

    func validate() throws { _ = try seconds() }

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            let seconds = JSON.number(JSONNumber(try seconds()))
            let now = try await control.ask("POST", "clock", ["advance": seconds])
            return Outcome(
                EmulatorTime.answer(now), change: control.change("emulator clock advance"))
        }
    }

    /// The duration in seconds; days have 24 hours.
    private func seconds() throws -> Int {
        if duration.hasPrefix("-") {
            throw ValidationError(
                "The clock only goes forward; to go back: tandem emulator clock set TIME.")
        }
        if let seconds = Int(duration) { return seconds }
        do {
            let typed = try TypedDuration(duration)
            return typed.days * 86_400 + typed.seconds
        } catch {
            throw ValidationError("Give seconds, or a duration such as 90m, 2h or 7d.")
        }
    }
}

/// `emulator clock real`.
struct EmulatorClockReal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "real", abstract: "Let it go with the machine's clock again.",
        usage: "tandem emulator clock real [--url <url>] [<options>]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            let now = try await control.ask("POST", "clock", ["real": true])
            return Outcome(
                EmulatorTime.answer(now), change: control.change("emulator clock real"))
        }
    }
}

/// The time of a local Google.
enum EmulatorTime {
    /// `{"now"}`; for people the moment as Google writes it.
    static func answer(_ clock: JSON) -> Answer {
        let now = TerminalText.oneLine(clock["now"]?.string ?? "")
        return Answer(json: clock) { _ in ["It is \(now) there."] }
    }
}
