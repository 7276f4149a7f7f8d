import ArgumentParser
import Foundation
import GoogleEmulator
import LosslessJSON

/// `emulator seed`.
struct EmulatorSeed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Add accounts, calendars and events to a running local Google.",
        usage: "tandem emulator seed [<file>] [--seed <n>] [--events <n>] [<options>]",
        discussion: """
            Plants what a JSON file holds, all of it or nothing; '-' reads
            standard input. Without a file it generates events.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Argument(help: "A JSON file with accounts, calendars and events.") var file: String?
    @Option(
        name: .long,
        help: ArgumentHelp("What chance starts from (default: 1).", valueName: "n"))
    var seed: UInt64?
    @OptionGroup var size: GeneratorSize
    @Option(
        name: .long,
        help: ArgumentHelp("Whose events (default: the first user's).", valueName: "email"))
    var user: String?

    func validate() throws {
        let flag = size.given ?? (seed == nil ? nil : "--seed") ?? (user == nil ? nil : "--user")
        if file != nil, let flag {
            throw ValidationError("\(flag) is for generated events: leave it or the file out.")
        }
    }

    func run() async throws {
        try await withEmulator(options, target) { app, control in
            let body: [UInt8]
            if let file { body = try await app.read(file) } else { body = generator.serialized() }
            let answer = try await BroughtFile(file ?? "the seed", body)
                .explaining(asA: .seed) { try await control.send("POST", "seed", $0) }
            let counters = try JSON(parsing: answer)
            return Outcome(
                Answer(json: counters) { _ in [Self.words(counters)] },
                change: control.change("emulator seed"))
        }
    }

    /// What was planted, who is new, and how much there is now.
    static func words(_ answer: JSON) -> String {
        func text(_ json: JSON?) -> String {
            func count(_ name: String) -> Int { json?[name]?.int.flatMap { Int($0) } ?? 0 }
            return Counted.text(count("events"), "event") + " in "
                + Counted.text(count("calendars"), "calendar")
        }
        let new = (answer["planted"]?["accounts"]?.array ?? []).compactMap(\.string)
        let names =
            new.prefix(5).joined(separator: ", ")
            + (new.count > 5 ? " and \(new.count - 5) more" : "")
        let who = new.isEmpty ? "" : "; \(names) \(new.count == 1 ? "is" : "are") new"
        return TerminalText.oneLine(
            "Planted \(text(answer["planted"]))\(who). It holds \(text(answer)) now.")
    }

    private var generator: JSON {
        var wanted: JSONObject = [
            "events": .number(JSONNumber(size.events ?? GeneratorSize.usualEvents)),
            "calendars": .number(JSONNumber(size.calendars ?? 1)),
            "seed": .number(JSONNumber(Int64(bitPattern: seed ?? 1))),
        ]
        wanted["user"] = user.map { .string($0) }
        return ["generate": .object(wanted)]
    }
}

/// `emulator reset`.
struct EmulatorReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Put a running local Google back to its start.",
        usage: "tandem emulator reset [--url <url>] [<options>]",
        discussion: """
            Takes away what was changed in it, the sign-ins of every program (so sign
            in anew; only tokens of --token stay), switches, faults, quotas, lag and
            the list of requests, and sets its clock right. What you keep here is left
            as it is.

            Without --url: TANDEM_GOOGLE_URL, else the last one started.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget

    /// What a reset takes away, for programs.
    private static let removed: JSON = [
        "changes", "sign-ins", "switches", "faults", "quotas", "lag", "requests", "clock",
    ]

    func run() async throws {
        try await withEmulator(options, target) { _, control in
            try await control.ask("POST", "reset", [:])
            return control.done(
                "emulator reset", "The local Google at \(control.address) is as at its start.",
                "Gone are changes, sign-ins, switches, faults, quotas, lag and the list of requests.",
                "Next: tandem auth login", more: ["reset": true, "removed": Self.removed])
        }
    }
}

/// `emulator snapshot`.
struct EmulatorSnapshot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Write everything that a local Google holds into a file.",
        usage: "tandem emulator snapshot <file> [--force] [--url <url>] [<options>]",
        discussion: """
            Accounts, calendars, events, tokens, cursors and the clock, for
            'tandem emulator restore'; not faults, switches and requests.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Argument(help: "The file; '-' writes to standard output.") var file: String
    @Flag(name: .long, help: "Replace a file that is there already.") var force = false

    func run() async throws {
        try await withEmulator(options, target) { app, control in
            try Self.check(file, isForced: force)
            let bytes = try await control.send("GET", "snapshot")
            guard file != "-" else {
                try app.console.output.write(TerminalText.json(bytes))
                return Outcome(nil)
            }
            try Self.write(bytes, to: file)
            let line = "Wrote \(Counted.bytes(bytes.count)) to \(TerminalText.oneLine(file))."
            let json: JSON = [
                "file": .string(file), "bytes": .number(JSONNumber(bytes.count)),
            ]
            return Outcome(
                Answer(json: json) { _ in [line] },
                change: MadeChange("emulator snapshot", see: "ls -l \(file.shellWord)"))
        }
    }
}

extension EmulatorSnapshot {
    /// Writes the file.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration`.
    static func write(_ bytes: [UInt8], to file: String) throws(CommandFailure) {
        let place = URL(filePath: file)
        do { try Data(bytes).write(to: place, options: .atomic) } catch {
            let folder = place.deletingLastPathComponent()
            let reason =
                Places.isThere(folder)
                ? error.localizedDescription
                : "there is no folder \(TerminalText.oneLine(folder.path))."
            throw CommandFailure(
                .configuration, code: "file",
                "The file \(TerminalText.oneLine(file)) cannot be written: \(reason)")
        }
    }

    /// Refuses to write over what is there, unless that is wanted.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration`.
    static func check(_ file: String, isForced: Bool) throws(CommandFailure) {
        guard file != "-", !isForced, Places.isThere(URL(filePath: file)) else { return }
        throw CommandFailure(
            .configuration, code: "fileExists",
            "The file \(TerminalText.oneLine(file)) is there already.",
            remedy: "tandem emulator snapshot \(TerminalText.oneLine(file.shellWord)) --force "
                + "replaces it.")
    }
}

/// `emulator restore`.
struct EmulatorRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a local Google back to a snapshot: all of it, or nothing changes.",
        usage: "tandem emulator restore <file> [--url <url>] [<options>]",
        discussion: "Tokens and cursors of the snapshot's time are valid again.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget
    @Argument(help: "The file; '-' reads standard input.") var file: String

    func run() async throws {
        try await withEmulator(options, target) { app, control in
            _ = try await BroughtFile(file, try await app.read(file))
                .explaining(asA: .snapshot) { try await control.send("PUT", "snapshot", $0) }
            return control.done(
                "emulator restore",
                "The local Google at \(control.address) is as it was in the snapshot.",
                more: ["restored": true])
        }
    }
}

extension App {
    /// The bytes of a file that a person named; of standard input for `-`.
    ///
    /// - Throws: ``CommandFailure`` for one that cannot be read.
    func read(_ file: String) async throws -> [UInt8] {
        guard file == "-" else { return try InputFile.read(file) }
        return try await console.readInput(limit: InputFile.maxBytes)
    }
}
