import ArgumentParser
import Foundation

/// The program's root command.
struct Tandem: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tandem",
        abstract: "Your Google calendars as a local store, synced both ways.",
        discussion: """
            See it at work, without any account:
              tandem demo

            Use it with your own:
              tandem auth login --client-secrets FILE
              tandem sync
              tandem agenda
            """,
        version: "tandem \(ProgramVersion.text)",
        groupedSubcommands: [
            CommandGroup(
                name: "Data",
                subcommands: [
                    AgendaCommand.self, CalendarsCommand.self, EventsCommand.self,
                    FeedCommand.self,
                ]),
            CommandGroup(
                name: "Sync",
                subcommands: [
                    SyncCommand.self, StatusCommand.self, LogCommand.self, UndoCommand.self,
                    QueueCommand.self, ConflictsCommand.self, QuarantineCommand.self,
                    HoldsCommand.self, LeasesCommand.self,
                ]),
            CommandGroup(name: "Accounts", subcommands: [AuthCommand.self]),
            CommandGroup(
                name: "Tools",
                subcommands: [
                    DemoCommand.self, EmulatorCommand.self, ConfigCommand.self,
                    ExitCodesCommand.self,
                ]),
        ])
}

/// A root with one of our commands below it, which is parsed in a third of the time.
///
/// It builds no tree of sixty commands, and says that it is part of another program, since a program
/// of its own would first be parsed twice for the flag that asks for completions.
private struct Shortcut<Command: ParsableCommand>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "tandem", _superCommandName: "tandem", subcommands: [Command.self])
    }
}

/// The version that is built.
enum ProgramVersion {
    /// As `--version` prints it.
    static let text = "0.1.0"
}

/// What the process takes from the rights of new files.
enum CreationMask {
    /// What it was before it became ours, which happens when this is first asked for.
    static let inherited = umask(0o077)
}

/// Where the process begins and ends.
@main
enum Main {
    static func main() async {
        // Whatever is written is for the owner alone, also before its rights are set.
        _ = CreationMask.inherited
        // Before any file is opened, which else could become one of the streams.
        Console.occupyClosedStreams()
        Memory.shareOneHeap()
        let arguments = Array(CommandLine.arguments.dropFirst())
        let interruption = App.Process.current.interruption
        do { try interruption.listen() } catch {
            FailurePrinter(json: arguments.contains("--json"), color: nil).print(
                CommandFailure(
                    .other, "This process cannot listen for Ctrl-C: \(error.localizedDescription).",
                    remedy: "Close other programs, or raise the limit on open files (ulimit -n)."))
            exit(ExitReason.other.rawValue)
        }
        let work = Task { await run(arguments) }
        interruption.cancel(by: { work.cancel() })
        exit(await work.value)
    }

    /// Parses and runs a command.
    static func run(_ arguments: [String]) async -> Int32 {
        let arguments = LeadingFlags.shielding(LeadingFlags.moved(behind: arguments))
        do {
            var command = try shortcut(arguments) ?? Tandem.parseAsRoot(arguments)
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
            return ExitReason.done.rawValue
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            return say(error, to: arguments)
        }
    }

    /// The command of arguments that name it first and are right; `nil` for all others, which the
    /// whole root has to see: help, the version, completions, mistakes.
    private static func shortcut(_ arguments: [String]) -> (any ParsableCommand)? {
        func parse<Command: ParsableCommand>(_: Command.Type) -> (any ParsableCommand)? {
            // What was wrong, the whole root says in the right words.
            try? Shortcut<Command>.parseAsRoot(arguments)
        }
        let command = Tandem.configuration.subcommands.first {
            $0.configuration.commandName == arguments.first
        }
        return command.flatMap { parse($0) } as? any AsyncParsableCommand
    }

    /// Prints a help text, or what was wrong with the arguments.
    private static func say(_ error: any Error, to arguments: [String]) -> Int32 {
        let code = Tandem.exitCode(for: error)
        let unknown = UnknownCommand(in: arguments, named: "tandem")
        guard code != .success || unknown != nil else {
            let text = Tandem.fullMessage(for: error)
            let isWhole = arguments.contains { $0.hasPrefix("--help-") }
            let shown = isWhole ? text : HelpText().shown(text)
            do { try OutputStreamHandle(descriptor: 1).write(shown + "\n") } catch {
                return ExitReason.other.rawValue
            }
            return code.rawValue
        }
        let failure = CommandFailure(
            .usage, unknown?.message ?? Tandem.message(for: error),
            remedy: unknown?.remedy ?? "tandem --help")
        if unknown != nil || arguments.contains("--json") {
            FailurePrinter(json: arguments.contains("--json"), color: nil).print(failure)
        } else {
            let stream = OutputStreamHandle(descriptor: 2)
            do { try stream.write(Tandem.fullMessage(for: error) + "\n") } catch {
                return ExitReason.usage.rawValue
            }
        }
        return ExitReason.usage.rawValue
    }
}
