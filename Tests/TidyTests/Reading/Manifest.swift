/// What Package.swift declares, read as text: a test that started SwiftPM would wait for its lock.
struct Manifest: Sendable {
    struct Target: Equatable, Sendable {
        let name: String
        let isTest: Bool
        /// Names of our targets and of products of packages; each product has one module of its
        /// name.
        let dependencies: Set<String>
        /// The name of the list of settings that it is compiled with.
        let settings: String?
    }

    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// A library that others may depend on.
    struct Library: Equatable, Sendable {
        let name: String
        let targets: Set<String>
    }

    let targets: [String: Target]
    let libraries: [Library]
    /// The names of the lists of settings with which every warning is an error.
    let strictSettings: Set<String>

    private static let makers: Set<String> = [
        "target", "executableTarget", "testTarget", "systemLibrary",
    ]

    /// Reads the targets and libraries.
    ///
    /// - Throws: ``Unreadable`` when a dependency is written in a form that this reader does not
    ///   know; then the reader is to be taught, or the form to be changed.
    init(_ text: String) throws {
        let words = ManifestWords(text)
        var targets: [String: Target] = [:]
        for index in words.tokens.indices
        where words.tokens[index].isWord(in: Self.makers)
            && words.tokens.at(index - 1)?.isMark(".") == true
            && words.tokens.at(index + 1)?.isMark("(") == true
        {
            // `.target(name: "X")` also means a dependency; one in a dependency list has no list.
            guard let end = words.tokens.closing(index + 1),
                let name = words.argument("name", in: index + 2..<end).flatMap(words.literal)
            else { continue }
            let start = words.argument("dependencies", in: index + 2..<end)
            let settings =
                words.argument("swiftSettings", in: index + 2..<end)
                ?? words.argument("cxxSettings", in: index + 2..<end)
                ?? words.argument("cSettings", in: index + 2..<end)
            if targets[name] != nil, start == nil, settings == nil { continue }
            targets[name] = Target(
                name: name, isTest: words.tokens[index].text == "testTarget",
                dependencies: try start.map { try words.dependencies(at: $0) } ?? [],
                settings: settings.flatMap { words.tokens.at($0)?.text })
        }
        self.targets = targets
        strictSettings = words.strictSettings
        libraries = try words.tokens.indices
            .filter { words.tokens.reads([".", "library", "("], at: $0) }
            .compactMap { index in
                guard let end = words.tokens.closing(index + 2),
                    let name = words.argument("name", in: index + 3..<end).flatMap(words.literal),
                    let start = words.argument("targets", in: index + 3..<end)
                else { return nil }
                return Library(name: name, targets: try words.dependencies(at: start))
            }
    }
}

/// The manifest's tokens, with the products that it gives names to.
private struct ManifestWords {
    let tokens: [Token]
    private let products: [String: String]

    init(_ text: String) {
        let tokens = SwiftLexer.tokens(of: text)
        var products: [String: String] = [:]
        for index in tokens.indices
        where tokens[index].isWord("let")
            && tokens.reads(["Target", ".", "Dependency", "=", ".", "product"], at: index + 3)
        {
            guard let name = tokens.at(index + 1)?.text,
                let product = tokens.at(index + 12)?.content
            else { continue }
            products[name] = product
        }
        self.tokens = tokens
        self.products = products
    }

    func literal(at index: Int) -> String? { tokens.at(index)?.content }

    /// The names of lists of settings, written as `let name: [Kind] = […]`, that let no warning be.
    var strictSettings: Set<String> {
        let strict = [".", "treatAllWarnings", "(", "as", ":", ".", "error", ")"]
        return Set(
            tokens.indices.compactMap { index in
                guard tokens[index].isWord("let"), tokens.reads(["]", "=", "["], at: index + 5),
                    let end = tokens.closing(index + 7),
                    (index + 7..<end).contains(where: { tokens.reads(strict, at: $0) })
                else { return nil }
                return tokens.at(index + 1)?.text
            })
    }

    /// The index of the value of `label` among the outer arguments in `range`.
    func argument(_ label: String, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if tokens.reads([label, ":"], at: index) { return index + 2 }
            if "([{".contains(tokens[index].text), tokens[index].kind == .mark,
                let end = tokens.closing(index)
            {
                index = end
            }
            index += 1
        }
        return nil
    }

    func dependencies(at start: Int) throws -> Set<String> {
        guard tokens[start].isMark("["), let end = tokens.closing(start) else {
            throw Manifest.Unreadable(
                description: "Package.swift:\(tokens[start].line): a list was expected")
        }
        var names: Set<String> = []
        var index = start + 1
        while index < end {
            if let literal = literal(at: index) {
                names.insert(literal)
                index += 2
            } else if tokens[index].isMark(",") {
                index += 1
            } else if tokens[index].isMark("."), tokens.at(index + 2)?.isMark("(") == true,
                let close = tokens.closing(index + 2),
                let name = argument("name", in: index + 3..<close).flatMap(literal)
            {
                names.insert(name)
                index = close + 1
            } else if let product = products[tokens[index].text] {
                names.insert(product)
                index += 1
            } else {
                throw Manifest.Unreadable(
                    description: """
                        Package.swift:\(tokens[index].line): cannot read the dependency \
                        '\(tokens[index].text)'
                        """)
            }
        }
        return names
    }
}
