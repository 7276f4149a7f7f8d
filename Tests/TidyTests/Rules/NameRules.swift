/// Names of types that would make readers or the compiler look twice.
enum NameRules {
    /// Names that Swift, Foundation, NIO or OAuth have taken.
    static let taken: Set<String> = [
        "Actor", "Array", "ByteBuffer", "Calendar", "Channel", "Clock", "Collection", "Data",
        "Date", "DateInterval", "Dictionary", "Duration", "Error", "EventLoop", "FileManager",
        "Locale", "Optional", "Result", "Scope", "Sequence", "Set", "String", "Task",
        "TimeZone", "URL", "UUID",
    ]
    private static let keywords: Set<String> = [
        "struct", "class", "enum", "actor", "protocol", "typealias",
    ]

    static func breaches(in file: SwiftFile, modules: Set<String>) -> [Finding] {
        file.tokens.indices.compactMap { index in
            guard file.tokens[index].isWord(in: keywords),
                file.tokens.at(index - 1)?.isMark(".") != true,
                let name = file.tokens.at(index + 1), name.kind == .word,
                isOuter(index, in: file.tokens)
            else { return nil }
            if taken.contains(name.text) {
                return Finding(
                    path: file.path, line: name.line,
                    message: "a type named '\(name.text)' shadows one that everybody knows")
            }
            guard modules.contains(name.text) else { return nil }
            return Finding(
                path: file.path, line: name.line,
                message: "type '\(name.text)' has a module's name, which hides the module's types")
        }
    }

    /// Types within a type are told apart by their path: `Ban.Kind` shadows nothing.
    private static func isOuter(_ index: Int, in tokens: [Token]) -> Bool {
        let depth = tokens[..<index].reduce(0) { depth, token in
            depth + (token.isMark("{") ? 1 : 0) - (token.isMark("}") ? 1 : 0)
        }
        return depth == 0
    }
}
