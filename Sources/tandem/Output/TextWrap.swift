/// Breaks text into lines that fit a terminal.
enum TextWrap {
    /// The widest that sentences are set, in columns, however wide the terminal is.
    static let widest = 80

    /// The text's words on lines of at most `columns` columns; a longer word has one of its own.
    ///
    /// - Parameters:
    ///   - text: The text; line breaks in it count as blanks.
    ///   - columns: The room; `nil` where nothing needs to fit, which gives one line.
    ///   - hanging: How far lines behind the first are set in.
    /// - Returns: The lines, one at least.
    static func lines(_ text: String, to columns: Int?, hanging: Int = 0) -> [String] {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        return filled(words, to: columns, hanging: hanging, joint: "")
    }

    /// A shell's command on lines that can be copied as they are: a backslash joins them, and
    /// nothing in quotes is broken.
    ///
    /// - Parameters:
    ///   - command: The command, on one line.
    ///   - columns: The room; `nil` where nothing needs to fit.
    ///   - hanging: How far lines behind the first are set in.
    /// - Returns: The lines, one at least.
    static func shellLines(_ command: String, to columns: Int?, hanging: Int) -> [String] {
        var words = [""]
        var isQuoted = false
        for character in command {
            if character == "'" { isQuoted.toggle() }
            if character == " ", !isQuoted {
                words.append("")
            } else {
                words[words.count - 1].append(character)
            }
        }
        return filled(withValues(words), to: columns, hanging: hanging, joint: " \\")
    }

    /// A flag stays with its value.
    private static func withValues(_ words: [String]) -> [String] {
        var joined: [String] = []
        for word in words {
            if let last = joined.last, last.hasPrefix("--"), !last.contains(" "),
                !word.hasPrefix("-")
            {
                joined[joined.count - 1] = "\(last) \(word)"
            } else {
                joined.append(word)
            }
        }
        return joined
    }

    private static func filled(
        _ words: [String], to columns: Int?, hanging: Int, joint: String
    ) -> [String] {
        guard let columns else { return [words.joined(separator: " ")] }
        var lines = [words.first ?? ""]
        for (index, word) in words.enumerated().dropFirst() {
            // What follows may need room for a joint, but for the last word.
            let room = columns - (index == words.count - 1 ? 0 : joint.count)
            let line = "\(lines[lines.count - 1]) \(word)"
            if TerminalText.width(line) <= room {
                lines[lines.count - 1] = line
            } else {
                lines[lines.count - 1] += joint
                lines.append(String(repeating: " ", count: hanging) + word)
            }
        }
        return lines
    }
}
