/// Global flags in front of the command, as in `tandem -q sync`: the parser takes them behind it.
enum LeadingFlags {
    private static let switches: Set<String> = [
        "--json", "--plain", "--quiet", "--verbose", "--no-input",
    ]
    private static let letters: Set<Character> = ["q", "v"]
    private static let options: Set<String> = [
        "--account", "--color", "--progress", "--time-zone",
    ]

    /// The arguments with such flags behind the command's words, before its own flags.
    ///
    /// - Parameter arguments: What the process was called with.
    /// - Returns: The same where no command follows, or where another flag comes first.
    static func moved(behind arguments: [String]) -> [String] {
        var index = arguments.startIndex
        while index < arguments.endIndex, let width = width(of: arguments[index]) { index += width }
        guard index > 0, index < arguments.endIndex, !arguments[index].hasPrefix("-") else {
            return arguments
        }
        let command = arguments[index...]
        // What stands behind the command comes last, so that it is what counts.
        let end = command.firstIndex { $0.hasPrefix("-") } ?? command.endIndex
        return Array(command[..<end] + arguments[..<index] + command[end...])
    }

    /// The arguments with a duration that goes back, as in `emulator clock advance -1d`, where the
    /// parser takes it for a duration and not for a flag: the command says what is wrong with it.
    static func shielding(_ arguments: [String]) -> [String] {
        guard arguments.starts(with: ["emulator", "clock", "advance"]), !arguments.contains("--"),
            let index = arguments.firstIndex(where: { word in
                word.hasPrefix("-") && word.dropFirst().first?.isNumber == true
            })
        else { return arguments }
        var others = arguments
        let duration = others.remove(at: index)
        return others + ["--", duration]
    }

    /// How many arguments a global flag takes up; `nil` for anything else.
    private static func width(of argument: String) -> Int? {
        if switches.contains(argument) { return 1 }
        if options.contains(argument) { return 2 }
        if let sign = argument.firstIndex(of: "="), options.contains(String(argument[..<sign])) {
            return 1
        }
        let word = argument.dropFirst()
        let isLetters =
            argument.hasPrefix("-") && !word.isEmpty && word.allSatisfy(letters.contains)
        return isLetters ? 1 : nil
    }
}
