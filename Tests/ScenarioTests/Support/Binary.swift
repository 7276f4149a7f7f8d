import Foundation
import LosslessJSON
import Synchronization
import Testing

/// The built `tandem`: the one that `TANDEM_BINARY` names, else the one beside the tests' own
/// executable.
enum Binary {
    /// Where it is.
    static let path: String = {
        if let named = ProcessInfo.processInfo.environment["TANDEM_BINARY"], !named.isEmpty {
            return named
        }
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let candidates = [own] + CommandLine.arguments.prefix(1).map { URL(filePath: $0) }
        for start in candidates {
            // The tests may be a bundle some folders below the products.
            var folder = start.deletingLastPathComponent()
            for _ in 0..<5 {
                let file = folder.appending(path: "tandem")
                if FileManager.default.isExecutableFile(atPath: file.path),
                    !file.hasDirectoryPath
                {
                    return file.path
                }
                folder.deleteLastPathComponent()
            }
        }
        return "tandem"
    }()
}

/// What a run of the binary came to.
struct Run {
    let status: Int32
    let output: String
    let diagnostics: String

    /// The JSON that it printed.
    func json() throws -> JSON { try JSON(parsing: output) }

    /// The items that it listed.
    func items() throws -> [JSON] { try #require(try json()["items"]?.array) }

    /// The error that it said with `--json`.
    func error() throws -> JSON {
        let line = try #require(
            diagnostics.split(separator: "\n").first { $0.hasPrefix("{\"error\"") })
        return try #require(try JSON(parsing: String(line))["error"])
    }
}

/// A process that is under way.
final class RunningBinary: Sendable {
    private let process: ProcessBox
    private let output = Collected()
    private let diagnostics = Collected()

    /// Foundation's process is used from one thread at a time.
    private final class ProcessBox: @unchecked Sendable {
        let process = Process()
    }

    /// Text that grows while the process writes.
    private final class Collected: Sendable {
        private let state = Mutex((text: Data(), isOver: false))
        private let changed = NSCondition()

        func read(_ handle: FileHandle) {
            while true {
                let part = handle.availableData
                changed.lock()
                state.withLock { state in
                    if part.isEmpty { state.isOver = true } else { state.text.append(part) }
                }
                changed.broadcast()
                changed.unlock()
                if part.isEmpty { return }
            }
        }

        /// The first line, once it is there; `nil` where the stream ended without one.
        func firstLine(within seconds: Double) -> String? {
            let deadline = Date().addingTimeInterval(seconds)
            changed.lock()
            defer { changed.unlock() }
            while true {
                let (text, isOver) = state.withLock { $0 }
                if let end = text.firstIndex(of: 0x0A) {
                    return String(decoding: text[..<end], as: UTF8.self)
                }
                if isOver || !changed.wait(until: deadline) { return nil }
            }
        }

        func wholeText() -> String {
            changed.lock()
            defer { changed.unlock() }
            while !state.withLock({ $0.isOver }) { changed.wait() }
            return state.withLock { String(decoding: $0.text, as: UTF8.self) }
        }
    }

    /// Starts the binary.
    convenience init(
        _ arguments: [String], environment: [String: String], input: String? = nil
    ) throws {
        try self.init(words: [Binary.path] + arguments, environment: environment, input: input)
    }

    /// Starts any program.
    init(words: [String], environment: [String: String], input: String? = nil) throws {
        process = ProcessBox()
        process.process.executableURL = URL(filePath: words[0])
        process.process.arguments = Array(words.dropFirst())
        process.process.environment = environment
        let (out, err, into) = (Pipe(), Pipe(), Pipe())
        process.process.standardOutput = out
        process.process.standardError = err
        process.process.standardInput = into
        try process.process.run()
        for (pipe, collected) in [(out, output), (err, diagnostics)] {
            let handle = pipe.fileHandleForReading
            Thread.detachNewThread { collected.read(handle) }
        }
        if let input { try into.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
        try into.fileHandleForWriting.close()
    }

    var identifier: Int32 { process.process.processIdentifier }

    /// The first line of its output; `nil` where it ends without one.
    func firstLine(within seconds: Double = 60) -> String? { output.firstLine(within: seconds) }

    func send(_ signal: Int32) { kill(identifier, signal) }

    /// Waits until it is over.
    func finish() -> Run {
        process.process.waitUntilExit()
        return Run(
            status: process.process.terminationStatus, output: output.wholeText(),
            diagnostics: diagnostics.wholeText())
    }
}
