import ArgumentParser

/// Help texts with the flags that every command takes in one place: the program's own text, not
/// that of each command.
struct HelpText: Sendable {
    /// The common flags as the parser lists them; nothing where it lists them in another way.
    let common: String
    /// What every command says instead of them.
    static let pointer =
        "\n  Common options, such as --json, --quiet and --account: 'tandem --help'.\n"
    /// What the program's own text ends with.
    private static let ending = "\n  See 'tandem help <subcommand>'"

    /// - Parameter columns: The width that texts are wrapped to; `nil` for the terminal's.
    init(columns: Int? = nil) {
        let text = GlobalOptions.helpMessage(includeHidden: false, columns: columns)
        guard let begin = text.firstRange(of: "OPTIONS:\n")?.upperBound,
            let end = text[begin...].firstRange(of: "  -h, --help ")?.lowerBound
        else {
            common = ""
            return
        }
        common = String(text[begin..<end])
    }

    /// A help text as it is shown: the common flags in the program's own, a pointer to them in
    /// that of a command.
    ///
    /// - Parameter text: A help text as the parser makes it; any other text stays as it is.
    /// - Returns: The text to be shown.
    func shown(_ text: String) -> String {
        guard !common.isEmpty else { return text }
        if let place = text.firstRange(of: Self.ending)?.lowerBound {
            return text[..<place] + "\nCOMMON OPTIONS:\n" + common + text[place...]
        }
        guard let block = text.firstRange(of: common) else { return text }
        return text[..<block.lowerBound] + text[block.upperBound...] + Self.pointer
    }
}
