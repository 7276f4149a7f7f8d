/// One row of the house drawn in ARCHITECTURE.md: what a target may import.
struct HouseRow: Sendable {
    let target: String
    /// Targets of ours; LosslessJSON may be imported anywhere.
    let ours: Set<String>
    /// Modules of packages and of the system's C libraries.
    var others: Set<String> = []
    /// Modules that only files below a folder of this target may import.
    var confined: [String: String] = [:]
}

/// Who may import whom: arrows point downwards only.
enum House {
    private static let cryptography: Set<String> = ["Crypto", "CryptoExtras", "_CryptoExtras"]
    private static let network: Set<String> = [
        "NIOConcurrencyHelpers", "NIOCore", "NIOFoundationCompat", "NIOHTTP1",
        "NIOHTTPCompression", "NIOPosix", "NIOSSL",
    ]
    private static let observability: Set<String> = ["Logging", "Metrics"]

    /// The whole plan; a row may wait for its target.
    static let rows: [HouseRow] = stone + ground + rules + edge + door

    private static let stone = [
        HouseRow(target: "CSimdjson", ours: []),
        HouseRow(target: "CZlib", ours: []),
        HouseRow(target: "LosslessJSON", ours: [], others: ["CSimdjson", "Crypto"]),
        HouseRow(target: "TandemFormats", ours: []),
        HouseRow(
            target: "WebClient", ours: [],
            others: network.union(observability).union(["AsyncHTTPClient"])),
    ]

    private static let ground = [
        HouseRow(target: "TandemCore", ours: []),
        HouseRow(
            target: "TandemStore", ours: ["TandemCore"], others: cryptography,
            confined: [
                "GRDB": "Sources/TandemStore/SQLite/", "GRDBSQLite": "Sources/TandemStore/SQLite/",
            ]),
        HouseRow(target: "TandemPostgres", ours: ["TandemCore", "TandemStore"]),
    ]

    private static let rules = [
        HouseRow(
            target: "TandemSync", ours: ["TandemCore", "TandemStore"],
            others: observability.union(["ServiceLifecycle"])),
        HouseRow(target: "TandemFeed", ours: ["TandemCore", "TandemStore"]),
        HouseRow(target: "TandemObjects", ours: ["TandemCore", "TandemStore"]),
        HouseRow(target: "TandemActions", ours: ["TandemCore", "TandemStore", "TandemFormats"]),
    ]

    private static let edge = [
        HouseRow(
            target: "GoogleAPI", ours: ["WebClient"], others: cryptography),
        HouseRow(
            target: "GoogleConnector",
            ours: ["TandemCore", "TandemSync", "TandemFormats", "GoogleAPI"]),
        HouseRow(
            target: "GoogleEmulator", ours: ["TandemFormats"],
            others: network.union(cryptography).union(observability).union([
                "CZlib", "HTTPTypes", "Hummingbird", "HummingbirdCore", "ServiceLifecycle",
                "SwiftASN1", "X509",
            ])),
        HouseRow(
            target: "ObjectsConnector",
            ours: ["TandemCore", "TandemSync", "TandemFormats", "WebClient", "TandemObjects"]),
        HouseRow(
            target: "FeedConnectors",
            ours: ["TandemCore", "TandemSync", "TandemFormats", "WebClient"]),
        HouseRow(
            target: "ConferenceSystems",
            ours: ["TandemCore", "TandemSync", "TandemFormats", "WebClient"]),
        HouseRow(
            target: "TandemServer",
            ours: [
                "TandemCore", "TandemStore", "TandemSync", "TandemFeed", "TandemObjects",
                "TandemActions", "TandemFormats",
            ],
            others: observability.union([
                "HTTPTypes", "Hummingbird", "HummingbirdCore", "Mustache", "NIOCore",
                "ServiceLifecycle",
            ])),
    ]

    /// Targets without a row in the drawing: doors to C libraries, and what only measures.
    static let undrawn: Set<String> = [
        "CSimdjson", "CZlib", "LocalGoogleLoad", "simulate", "simulate-google", "SyncFloor",
    ]

    /// The door knows every name.
    private static let door = [
        HouseRow(
            target: "tandem",
            ours: Set((stone + ground + rules + edge).map(\.target)).subtracting([
                "CSimdjson", "CZlib",
            ]),
            others: observability.union(["ArgumentParser", "ServiceLifecycle"])),
        HouseRow(
            target: "TandemTesting",
            ours: Set((stone + ground + rules + edge).map(\.target)).subtracting([
                "CSimdjson", "CZlib",
            ]),
            others: observability.union(["Testing", "HTTPTypes", "NIOCore", "ServiceLifecycle"])),
    ]

    /// Parts of the toolchain, free for all.
    ///
    /// Not here: FoundationNetworking, which would pass the one HTTP gate by, and FoundationXML,
    /// which brings a parser of hostile input.
    static let toolchain: Set<String> = [
        "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Swift",
        "Synchronization",
    ]

    /// Parts of the toolchain that tests may import besides.
    static let testToolchain = toolchain.union(["FoundationNetworking", "Testing"])
}

/// An `import` line.
struct ImportLine: Equatable, Sendable {
    let module: String
    let line: Int
    /// Whether the module's types may stand in the interface of the one that imports it.
    let isPublic: Bool
}

enum ImportRules {
    private static let kinds: Set<String> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "var", "let",
    ]
    private static let modifiers: Set<String> = [
        "public", "package", "internal", "fileprivate", "private",
    ]

    static func imports(in tokens: [Token]) -> [ImportLine] {
        tokens.indices.compactMap { index in
            guard tokens[index].isWord("import"), startsDeclaration(index, in: tokens),
                var module = tokens.at(index + 1), module.kind == .word
            else { return nil }
            if module.isWord(in: kinds), let next = tokens.at(index + 2), next.kind == .word {
                module = next
            }
            return ImportLine(
                module: module.text, line: tokens[index].line,
                isPublic: tokens.at(index - 1)?.isWord("public") == true)
        }
    }

    /// Whether only modifiers and attributes stand before the word on its line.
    private static func startsDeclaration(_ index: Int, in tokens: [Token]) -> Bool {
        var index = index
        while !tokens[index].opensLine {
            index -= 1
            guard let token = tokens.at(index) else { return true }
            let isPrefix =
                token.isWord(in: modifiers) || token.text.hasPrefix("@") || token.isMark(")")
                || token.isMark("(") || tokens.at(index - 1)?.isMark("(") == true
            guard isPrefix else { return false }
        }
        return true
    }

    /// What product code imports against the house.
    static func breaches(in file: SwiftFile, rows: [HouseRow] = House.rows) -> [Finding] {
        guard let row = rows.first(where: { $0.target == file.target }) else {
            return [
                Finding(
                    path: file.path, line: 1,
                    message: "'\(file.target)' has no row in the house; add one with its arrows")
            ]
        }
        let free = House.toolchain.union(row.ours).union(row.others).union(["LosslessJSON"])
        return imports(in: file.tokens).compactMap { line in
            if line.module == file.target || free.contains(line.module) { return nil }
            if let folder = row.confined[line.module] {
                guard !file.path.hasPrefix(folder) else { return nil }
                return Finding(
                    path: file.path, line: line.line,
                    message: "'\(line.module)' may be imported below \(folder) only")
            }
            return Finding(
                path: file.path, line: line.line,
                message: "'\(file.target)' may not import '\(line.module)'")
        }
    }

    /// Imports that Package.swift does not declare; a warm build accepts them, a cold one may not.
    static func undeclared(in file: SwiftFile, manifest: Manifest) -> [Finding] {
        guard let target = manifest.targets[file.target] else { return [] }
        let toolchain = target.isTest ? House.testToolchain : House.toolchain.union(["Testing"])
        return imports(in: file.tokens).compactMap { line in
            if line.module == target.name || toolchain.contains(line.module)
                || target.dependencies.contains(line.module)
            {
                return nil
            }
            return Finding(
                path: file.path, line: line.line,
                message: """
                    '\(line.module)' is imported, but not among the dependencies of \
                    '\(target.name)' in Package.swift
                    """)
        }
    }

    /// Targets of ours whose types stand in the interface of a library that does not have them:
    /// who uses it alone could not name them.
    static func missing(in product: Manifest.Library, files: [SwiftFile]) -> [Finding] {
        files.filter { product.targets.contains($0.target) }.flatMap { file in
            imports(in: file.tokens).filter { line in
                line.isPublic && !product.targets.contains(line.module)
                    && House.rows.contains { $0.target == line.module }
            }.map { line in
                Finding(
                    path: file.path, line: line.line,
                    message: "the library '\(product.name)' lacks '\(line.module)'")
            }
        }
    }
}
