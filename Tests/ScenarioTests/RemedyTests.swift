import Foundation
import Testing

/// Commands that the program tells people to type.
@Suite struct RemedyTests {
    /// Where the name is no command: prose, and the first line of a file.
    private static let prose = [
        "tandem has finished", "tandem sealing keys", "tandem that made",
        // The parser's own command, in its own words.
        "tandem help <subcommand>",
    ]

    /// A command as a source names it.
    private struct Mention {
        let place: String
        let words: [String]
        let flags: [String]
    }

    @Test func `every command that a message names is there, and takes the flags it names`()
        throws
    {
        let commands = Set(HelpTests.commands)
        let mentions = try Self.mentions()
        #expect(mentions.count > 50)
        for mention in mentions {
            let words = mention.words
            let isGroup = commands.contains { $0.hasPrefix(words[0] + " ") }
            // What follows a command may be prose; a group's own name is not enough.
            let names = (isGroup ? 2...3 : 1...1).map { words.prefix($0).joined(separator: " ") }
            let found = names.last { commands.contains($0) }
            #expect(
                found != nil && (!isGroup || words.count > 1),
                "\(mention.place): there is no command '\(names[0])'")
            guard let name = found else { continue }
            // Flags that every command takes stand in the program's own text.
            let help = try HelpTests.approved(name) + HelpTests.approved("")
            for flag in mention.flags {
                #expect(help.contains(flag), "\(mention.place): '\(name)' takes no \(flag)")
            }
        }
    }

    /// The commands that stand in the code, comments left out.
    private static func mentions() throws -> [Mention] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
        let files = try #require(
            FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var found: [Mention] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for (index, line) in text.components(separatedBy: "\n").enumerated() {
                found += mentions(in: line, at: "\(file.lastPathComponent):\(index + 1)")
            }
        }
        return found
    }

    private static func mentions(in line: String, at place: String) -> [Mention] {
        let trimmed = line.trimmingCharacters(in: .whitespaces)
        guard !trimmed.hasPrefix("//"), !prose.contains(where: trimmed.contains) else { return [] }
        let code = trimmed.components(separatedBy: " // ")[0]
        let command =
            /(?:^|[^A-Za-z0-9.\/-])tandem ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?(?: ([a-z][a-z-]*))?/
        return code.matches(of: command).map { match in
            let words = [match.output.1, match.output.2, match.output.3].compactMap {
                $0.map(String.init)
            }
            // The command ends with its sentence, or where another one begins.
            let rest = code[match.range.upperBound...].prefix { !",;:\"`".contains($0) }
            let flags = rest.matches(of: /--[a-z][a-z-]*/).map { String($0.output) }
            return Mention(place: place, words: words, flags: flags)
        }
    }
}
