import Foundation

/// One Swift file of the repository, read and split once.
struct SwiftFile: Sendable {
    /// Relative to the repository's root, for example `Sources/TandemCore/Errors/CoreError.swift`.
    let path: String
    let text: String
    let tokens: [Token]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        tokens = SwiftLexer.tokens(of: text)
    }

    var lines: Int { text.utf8.count { $0 == 0x0A } }

    /// `TandemCore` for `Sources/TandemCore/…`, whatever the first folder.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    var isProduct: Bool { path.hasPrefix("Sources/") }
    var isExample: Bool { path.hasPrefix("Examples/") }
}

/// A breach of a rule, worded for whoever has to mend it.
struct Finding: Equatable, CustomStringConvertible, Sendable {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// The files of this repository, as the rules read them.
struct Repository: Sendable {
    let root: URL
    /// Swift files below Sources, Tests and Examples, by path.
    let swiftFiles: [SwiftFile]

    static let here = Result { try Repository() }

    private init(file: String = #filePath) throws {
        var folder = URL(filePath: file).resolvingSymlinksInPath().deletingLastPathComponent()
        let manager = FileManager.default
        while !manager.fileExists(atPath: folder.appending(path: "Package.swift").path) {
            guard folder.path != "/" else { throw CocoaError(.fileNoSuchFile) }
            folder.deleteLastPathComponent()
        }
        let root = folder
        self.root = root
        swiftFiles = try ["Sources", "Tests", "Examples"]
            .flatMap { try Self.paths(below: $0, in: root) }
            .filter { $0.hasSuffix(".swift") }
            .map { SwiftFile(path: $0, text: try Self.text(of: $0, in: root)) }
    }

    var products: [SwiftFile] { swiftFiles.filter(\.isProduct) }

    func text(of path: String) throws -> String {
        try Self.text(of: path, in: root)
    }

    private static func text(of path: String, in root: URL) throws -> String {
        String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
    }

    /// Every file below `folder`, sorted; what was built or installed here is not ours.
    func paths(below folder: String) throws -> [String] {
        try Self.paths(below: folder, in: root)
    }

    private static func paths(below folder: String, in root: URL) throws -> [String] {
        let top = folder.isEmpty ? root : root.appending(path: folder)
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: top.path).sorted() {
            let isForeign =
                name == ".git" || name.hasPrefix(".build") || name == ".venv"
                || name == "__pycache__" || name == ".swiftpm"
            if isForeign { continue }
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            let values = try root.appending(path: path).resourceValues(forKeys: [.isDirectoryKey])
            if values.isDirectory == true {
                found += try paths(below: path, in: root)
            } else {
                found.append(path)
            }
        }
        return found
    }
}
