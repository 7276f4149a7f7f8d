import Foundation

/// The Python that somebody's program runs on, and what it needs to speak to a proxy.
///
/// Without the package PySocks httplib2, below Google's own client and gcalcli, leaves the proxy
/// out and goes to Google itself, whose certificate it then refuses, as it trusts only ours:
/// programs end in a traceback that names neither.
/// - SeeAlso: httplib2 0.32, `HTTPSConnectionWithTimeout.connect` and `ProxyInfo.isgood`.
struct GuestPython {
    /// The interpreter's path.
    let interpreter: String

    /// Finds the Python that runs a command: itself, or the one that its first line names; `nil`
    /// for every other command.
    ///
    /// - Parameters:
    ///   - command: The first word of a command line.
    ///   - path: The folders where commands are looked for, divided by colons.
    init?(running command: String, path: String) {
        guard let file = Self.file(of: command, path) else { return nil }
        if Self.isPython(command) {
            interpreter = file
            return
        }
        guard let named = Self.interpreter(in: Self.firstLine(of: file)),
            let found = Self.file(of: named, path)
        else { return nil }
        interpreter = found
    }

    /// What it exits with where httplib2 is there and PySocks is not.
    private static let lacks: Int32 = 77
    private static let question = """
        import importlib.util as u, sys
        sys.exit(\(lacks) if u.find_spec("httplib2") and not u.find_spec("socks") else 0)
        """

    /// Whether httplib2 would leave proxies out here; imports neither package.
    ///
    /// - Throws: ``SpawnFailure``.
    func lacksPySocks(
        _ starter: ChildStarter, variables: [String: String], interruption: Interruption
    ) async throws -> Bool {
        let words = [interpreter, "-c", Self.question].map { Array($0.utf8CString) }
        return try await starter.starting(words).run(variables, interruption: interruption)
            == Self.lacks
    }

    /// What is missing, and how it is installed.
    var advice: String {
        "tandem: Without the package PySocks its httplib2 goes past the proxy: "
            + "\(interpreter.shellWord) -m pip install pysocks"
    }

    private static func isPython(_ name: String) -> Bool {
        let name = name.split(separator: "/").last ?? ""
        return name.hasPrefix("python") || name.hasPrefix("pypy")
    }

    /// The interpreter that a script's first line names, `env` looked through.
    private static func interpreter(in line: String) -> String? {
        guard line.hasPrefix("#!") else { return nil }
        var words = line.dropFirst(2).split(whereSeparator: \.isWhitespace).map(String.init)[...]
        if words.first?.hasSuffix("/env") == true {
            words = words.dropFirst().drop { $0.hasPrefix("-") || $0.contains("=") }
        }
        return words.first.flatMap { isPython($0) ? $0 : nil }
    }

    private static func firstLine(of file: String) -> String {
        guard let handle = FileHandle(forReadingAtPath: file) else { return "" }
        let bytes: Data
        do {
            bytes = try handle.read(upToCount: 512) ?? Data()
            try handle.close()
        } catch {
            return ""  // What cannot be read is no script.
        }
        return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    }

    /// The file that a shell would run.
    private static func file(of command: String, _ path: String) -> String? {
        let files =
            command.contains("/")
            ? [command] : path.split(separator: ":").map { "\($0)/\(command)" }
        return files.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
