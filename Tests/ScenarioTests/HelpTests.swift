import Foundation
import LosslessJSON
import Testing

/// The help texts, as they were last looked at by a person.
///
/// After a change on purpose: `TANDEM_RECORD=1 swift test --filter HelpTests`, then read the
/// difference.
@Suite struct HelpTests {
    static let commands = [
        "", "agenda", "auth", "auth import", "auth list", "auth login", "auth logout",
        "auth status", "calendars", "calendars list", "config", "config get", "config list",
        "config path", "config set", "conflicts", "conflicts list", "conflicts resolve",
        "conflicts show", "demo", "emulator", "emulator channels", "emulator churn",
        "emulator clock",
        "emulator clock advance", "emulator clock real", "emulator clock set",
        "emulator clock show", "emulator counters", "emulator exec", "emulator expire",
        "emulator fault", "emulator fault add", "emulator fault clear", "emulator fault list",
        "emulator fault reasons", "emulator fault remove", "emulator requests", "emulator reset",
        "emulator restore",
        "emulator seed", "emulator snapshot", "emulator start", "emulator switches",
        "emulator switches list", "emulator switches set", "emulator token", "events",
        "events add", "events delete", "events edit", "events get", "events list", "events move",
        "events rsvp", "exit-codes", "feed", "holds", "holds list", "holds refuse", "holds release",
        "leases", "leases list", "leases release", "log", "quarantine", "quarantine drop",
        "quarantine list", "quarantine retry", "quarantine show", "queue", "queue drop",
        "queue list", "queue retry", "status", "sync", "undo",
    ]

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/Help")

    /// The approved help text of a command.
    static func approved(_ command: String) throws -> String {
        try String(contentsOf: file(command), encoding: .utf8)
    }

    private static func file(_ command: String) -> URL {
        let name = command.isEmpty ? "tandem" : command.replacing(" ", with: "-")
        return folder.appending(path: "\(name).txt")
    }

    @Test(arguments: commands)
    func `a help text is as it was approved`(command: String) throws {
        let scene = try Scene()
        let words = command.split(separator: " ").map(String.init)
        let run = try RunningBinary(
            words + ["--help"], environment: scene.environment()
        ).finish()
        #expect(run.status == 0)
        #expect(run.diagnostics.isEmpty)
        let file = Self.file(command)
        if ProcessInfo.processInfo.environment["TANDEM_RECORD"] != nil {
            try FileManager.default.createDirectory(
                at: Self.folder, withIntermediateDirectories: true)
            try Data(run.output.utf8).write(to: file)
        }
        #expect(run.output == (try Self.approved(command)))
        #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func `every command has an approved help text, and no text is left over`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        let names = Self.commands.map { Self.file($0).lastPathComponent }
        #expect(files.sorted() == names.sorted())
    }

    @Test(arguments: commands)
    func `a help text tells a default once`(command: String) throws {
        for line in try Self.approved(command).split(separator: "\n") {
            #expect(line.ranges(of: "(default").count <= 1, "\(command): \(line)")
        }
    }

    @Test(arguments: commands)
    func `help has the same text under both its names, and the whole of it under a third`(
        command: String
    ) throws {
        let scene = try Scene()
        let words = command.split(separator: " ").map(String.init)
        let help = try RunningBinary(["help"] + words, environment: scene.environment()).finish()
        #expect(help.status == 0)
        #expect(help.output == (try Self.approved(command)))
        let whole = try RunningBinary(
            words + ["--help-hidden"], environment: scene.environment()
        ).finish()
        #expect(whole.status == 0)
        let isCommand = help.output.contains("'tandem --help'.")
        #expect(whole.output.contains("  --no-input ") == isCommand)
    }

    @Test func `the version is one line`() throws {
        let scene = try Scene()
        let run = try scene.expect(0, "--version")
        #expect(run.output.hasPrefix("tandem "))
        #expect(run.output.split(separator: "\n").count == 1)
    }
}
