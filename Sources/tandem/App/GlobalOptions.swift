import ArgumentParser
import TandemStore

/// Flags that every command takes.
struct GlobalOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    @Flag(name: .long, help: "Print tab separated values with a line of titles.")
    var plain = false

    @Flag(name: [.short, .long], help: "Print no notes, only data and errors.")
    var quiet = false

    @Flag(name: [.short, .long], help: "Print more; may be repeated.")
    var verbose: Int

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only this account; may be repeated.", valueName: "name"))
    var account: [String] = []

    @Option(
        name: .long, help: ArgumentHelp("Use colours: auto, always or never.", valueName: "when"))
    var color: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Show progress: auto, json or none.", valueName: "how"))
    var progress: String?

    @Flag(name: .long, help: "Never ask anything.")
    var noInput = false

    @Option(
        name: .long,
        help: ArgumentHelp("Read and show times in this zone.", valueName: "zone"))
    var timeZone: String?

    func validate() throws {
        if json, plain { throw ValidationError("Give --json or --plain, not both.") }
        try Choice.check(color, for: "--color", as: ColorChoice.self)
        try Choice.check(progress, for: "--progress", as: ProgressChoice.self)
        if account.contains("") { throw ValidationError("--account takes a name.") }
    }

    /// Refuses what no account can be called, for commands that may make one.
    func validateNames() throws {
        for name in account {
            if let problem = AccountName.problem(of: name) { throw ValidationError(problem) }
        }
    }

    /// How the answer is written.
    var format: OutputFormat { json ? .json : plain ? .plain : .text }

    /// What was said by flags, as settings.
    var flags: [SettingKey: String] {
        var flags: [SettingKey: String] = [:]
        flags[.color] = color
        flags[.progress] = progress
        flags[.timeZone] = timeZone
        return flags
    }
}

/// Flags of lists.
struct PageOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("At most so many items.", valueName: "n"))
    var limit: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Go on behind this mark, the 'next' of the page before.", valueName: "next"))
    var after: String?

    func validate() throws {
        if let limit, !(1...PageRequest.largest).contains(limit) {
            throw ValidationError("--limit takes a number from 1 to \(PageRequest.largest).")
        }
    }

    /// The flags as plain values.
    var request: PageRequest { PageRequest(limit: limit, after: after) }
}
