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

/// A process that is under way; whatever waits for it has an end.
final class RunningBinary: Sendable {
    private let process: ProcessBox
    private let output = Collected()
    private let diagnostics = Collected()
    private let end = Flag()

    /// Foundation's process and pipe are used from one thread at a time.
    private final class ProcessBox: @unchecked Sendable {
        let process = Process()
        let input = Pipe()
    }

    /// Starts the binary.
    convenience init(
        _ arguments: [String], environment: [String: String], input: String? = nil,
        keepsInputOpen: Bool = false
    ) throws {
        try self.init(
            words: [Binary.path] + arguments, environment: environment, input: input,
            keepsInputOpen: keepsInputOpen)
    }

    /// Starts any program.
    init(
        words: [String], environment: [String: String], input: String? = nil,
        keepsInputOpen: Bool = false
    ) throws {
        process = ProcessBox()
        process.process.executableURL = URL(filePath: words[0])
        process.process.arguments = Array(words.dropFirst())
        process.process.environment = environment
        let (out, err) = (Pipe(), Pipe())
        process.process.standardOutput = out
        process.process.standardError = err
        process.process.standardInput = process.input
        process.process.terminationHandler = { [end] _ in end.set() }
        try process.process.run()
        for (pipe, collected) in [(out, output), (err, diagnostics)] {
            let handle = pipe.fileHandleForReading
            Thread.detachNewThread { collected.read(handle) }
        }
        let into = process.input.fileHandleForWriting
        if let input { try into.write(contentsOf: Data(input.utf8)) }
        if !keepsInputOpen { try into.close() }
    }

    var identifier: Int32 { process.process.processIdentifier }

    /// Whether the process has taken in all that was written to it so far.
    var hasReadInput: Bool {
        var bytes: Int32 = 0
        let descriptor = process.input.fileHandleForWriting.fileDescriptor
        return ioctl(descriptor, UInt(FIONREAD), &bytes) == 0 && bytes == 0
    }

    /// The first line of its output; `nil` where it ends without one.
    func firstLine(within seconds: Double = 60) -> String? {
        output.line(within: seconds) { _ in true }
    }

    /// The first line of its output that is wanted; `nil` where it ends without one.
    func line(within seconds: Double = 60, where isWanted: (String) -> Bool) -> String? {
        output.line(within: seconds, where: isWanted)
    }

    /// The first line on standard error that is wanted; `nil` where it ends without one.
    func diagnosticsLine(
        within seconds: Double = 60, where isWanted: (String) -> Bool
    ) -> String? {
        diagnostics.line(within: seconds, where: isWanted)
    }

    /// Types a line into the process, which is then asked to expect no more.
    func type(_ line: String) throws {
        let into = process.input.fileHandleForWriting
        try into.write(contentsOf: Data("\(line)\n".utf8))
        try into.close()
    }

    func send(_ signal: Int32) { kill(identifier, signal) }

    /// Waits until it is over; one that does not end in time is ended, and recorded.
    func finish(
        within seconds: Double = 300, sourceLocation: SourceLocation = #_sourceLocation
    ) -> Run {
        let deadline = Date().addingTimeInterval(seconds)
        if !end.wait(until: deadline) {
            Issue.record(
                "the command did not end within \(seconds) seconds", sourceLocation: sourceLocation)
            send(SIGKILL)
        }
        process.process.waitUntilExit()
        // A child of its own may hold the pipes open for longer than it lives.
        let patience = Date().addingTimeInterval(20)
        return Run(
            status: process.process.terminationStatus, output: output.wholeText(until: patience),
            diagnostics: diagnostics.wholeText(until: patience))
    }
}

/// Something that happens once, and is waited for.
private final class Flag: Sendable {
    private let isSet = Mutex(false)
    private let changed = NSCondition()

    func set() {
        changed.lock()
        isSet.withLock { $0 = true }
        changed.broadcast()
        changed.unlock()
    }

    /// Whether it happened until the deadline.
    func wait(until deadline: Date) -> Bool {
        changed.lock()
        defer { changed.unlock() }
        while !isSet.withLock({ $0 }) {
            if !changed.wait(until: deadline) { return isSet.withLock { $0 } }
        }
        return true
    }
}

/// Text that grows while a process writes.
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

    /// The first whole line that is wanted, once it is there; `nil` where the stream ended, or the
    /// time, without one.
    func line(within seconds: Double, where isWanted: (String) -> Bool) -> String? {
        let deadline = Date().addingTimeInterval(seconds)
        changed.lock()
        defer { changed.unlock() }
        while true {
            let (text, isOver) = state.withLock { $0 }
            let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
                .map { String(decoding: $0, as: UTF8.self) }
            if let line = lines.first(where: isWanted) { return line }
            if isOver || !changed.wait(until: deadline) { return nil }
        }
    }

    /// All of the text, or what there is of it at the deadline.
    func wholeText(until deadline: Date) -> String {
        changed.lock()
        defer { changed.unlock() }
        while !state.withLock({ $0.isOver }) {
            if !changed.wait(until: deadline) { break }
        }
        return state.withLock { String(decoding: $0.text, as: UTF8.self) }
    }
}
