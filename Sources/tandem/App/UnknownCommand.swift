import ArgumentParser

/// A word where a command's name belongs, and that names none.
struct UnknownCommand: Equatable {
    /// The word.
    let word: String
    /// The words before it, the program's name first.
    let path: [String]
    /// The names of the commands that could follow.
    let names: [String]

    /// Finds it in a command line; `nil` where there is none.
    ///
    /// Only what stands before the first flag is looked at: behind that one cannot tell a command
    /// from a flag's value.
    init?(
        in arguments: [String], of root: any ParsableCommand.Type = Tandem.self, named: String
    ) {
        var path = [named]
        var command = root
        for word in arguments.drop(while: { $0 == "help" }) {
            let below = command.configuration.subcommands
            guard !word.hasPrefix("-"), !below.isEmpty else { return nil }
            guard let next = below.first(where: { Self.names(of: $0).contains(word) }) else {
                self.word = word
                self.path = path
                names = below.compactMap { Self.names(of: $0).first }
                return
            }
            path.append(word)
            command = next
        }
        return nil
    }

    /// A command's name, and other ones for it.
    private static func names(of command: any ParsableCommand.Type) -> [String] {
        let configuration = command.configuration
        return [configuration.commandName].compactMap { $0 } + configuration.aliases
    }

    /// Words that people try of a local Google, which has no command for them.
    private static let hints = [
        "stop": "A local Google ends at Ctrl-C where it was started.",
        "status":
            "What a local Google holds: tandem emulator counters, or its address in a browser.",
    ]

    /// What is said about it.
    var message: String {
        let place = path.dropFirst().joined(separator: " ")
        if place == "emulator", let hint = Self.hints[word] {
            return "There is no command '\(word)' of 'emulator'. \(hint)"
        }
        return "There is no command \(Nearest.quoted(word))"
            + (place.isEmpty ? "." : " of '\(place)'.") + Nearest.question(word, among: names)
    }

    /// The command that lists what there is.
    var remedy: String { (path + ["--help"]).joined(separator: " ") }
}
