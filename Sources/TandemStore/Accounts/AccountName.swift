/// What an account may be called.
public enum AccountName {
    /// The longest name, in characters.
    public static let mostCharacters = 100

    /// Says what is wrong with a name; `nil` where nothing is.
    ///
    /// A name is typed on command lines and shown in tables, and may one day be part of a path: so it
    /// has no control characters, no slashes, no blanks at its ends, and looks like no flag.
    public static func problem(of name: String) -> String? {
        if name.isEmpty { return "An account's name cannot be empty." }
        if name.count > mostCharacters || name.utf8.count > 4 * mostCharacters {
            return "An account's name has at most \(mostCharacters) characters."
        }
        if name.unicodeScalars.contains(where: isForbidden) {
            return "An account's name has no slashes, line breaks or other control characters."
        }
        if name.first?.isWhitespace == true || name.last?.isWhitespace == true {
            return "An account's name has no blanks at its beginning or end."
        }
        if name == "." || name == ".." || name.hasPrefix("-") {
            return "An account's name is not '.' or '..', and does not begin with '-'."
        }
        return nil
    }

    /// Makes a name of an address or another text: what a name cannot have becomes `-`.
    public static func make(of text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(mostCharacters) {
            let isPlain = !isForbidden(scalar) && !scalar.properties.isWhitespace
            scalars.append(isPlain ? scalar : "-")
        }
        let name = String(String(scalars).drop { $0 == "-" })
        return problem(of: name) == nil ? name : "account"
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            true
        default: scalar == "/" || scalar == "\\"
        }
    }
}
