import ArgumentParser
import Testing

@testable import tandem

/// Help texts as they are shown.
@Suite struct HelpTextTests {
    private let help = HelpText(columns: 80)

    private func shown(_ command: any ParsableCommand.Type) -> String {
        help.shown(Tandem.helpMessage(for: command, includeHidden: false, columns: 80))
    }

    /// The commands without subcommands.
    private static let leaves = leaves(of: Tandem.self)

    private static func leaves(
        of command: any ParsableCommand.Type
    ) -> [any ParsableCommand.Type] {
        let below = command.configuration.subcommands
        return below.isEmpty ? [command] : below.flatMap(leaves)
    }

    @Test func `the common flags are known, each with its help`() {
        let flags = [
            "--json", "--plain", "--quiet", "--verbose", "--account", "--color", "--progress",
            "--no-input", "--time-zone",
        ]
        for flag in flags { #expect(help.common.contains(flag), "\(flag)") }
        #expect(help.common.split(separator: "\n").count == flags.count)
        #expect(!help.common.contains("--help"))
    }

    @Test func `a command shows its own options and one line for the common ones`() {
        #expect(Self.leaves.count > 30)
        for command in Self.leaves {
            let text = shown(command)
            #expect(!text.contains("--no-input  "), "\(command)")
            #expect(!text.contains("--time-zone <zone>"), "\(command)")
            #expect(text.hasSuffix(HelpText.pointer), "\(command)")
            #expect(text.contains("  -h, --help"), "\(command)")
        }
    }

    @Test func `the program's own text lists the common flags before it ends`() throws {
        let text = shown(Tandem.self)
        let list = try #require(text.firstRange(of: "\nCOMMON OPTIONS:\n" + help.common))
        let ending = try #require(text.firstRange(of: "See 'tandem help <subcommand>'"))
        #expect(list.upperBound < ending.lowerBound)
        #expect(!text.contains(HelpText.pointer))
    }

    @Test(arguments: ["", "tandem 0.1.0", "#compdef tandem\n", "OPTIONS:\n  --json\n"])
    func `what is no help text stays as it is`(text: String) {
        #expect(help.shown(text) == text)
    }

    @Test func `a group of commands shows no common flags, as it takes none`() {
        #expect(
            shown(EventsCommand.self)
                == Tandem.helpMessage(
                    for: EventsCommand.self, includeHidden: false, columns: 80))
    }
}
