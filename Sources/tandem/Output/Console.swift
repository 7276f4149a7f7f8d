import Foundation
import LosslessJSON
import Synchronization

#if canImport(Glibc)
    import Glibc

    private let systemWrite = Glibc.write
#else
    import Darwin

    private let systemWrite = Darwin.write
#endif

/// The process' three streams.
struct Console: Sendable {
    /// Where data goes to.
    let output: OutputStreamHandle
    /// Where everything else goes to.
    let diagnostics: OutputStreamHandle
    /// Whether someone can be asked.
    let inputIsTerminal: Bool

    /// The process' own streams.
    static func standard() -> Self {
        Self(
            output: OutputStreamHandle(descriptor: 1),
            diagnostics: OutputStreamHandle(descriptor: 2), inputIsTerminal: isatty(0) == 1)
    }

    /// Reads one line from standard input, without its end; `nil` at the end of input.
    ///
    /// The line is awaited on a thread of its own, so that Ctrl-C need not wait for it.
    /// - Returns: The line.
    /// - Throws: `CancellationError`.
    func readInputLine() async throws -> String? {
        let waiting = Mutex<CheckedContinuation<String?, any Error>?>(nil)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiting.withLock { $0 = continuation }
                guard !Task.isCancelled else {
                    Self.take(waiting)?.resume(throwing: CancellationError())
                    return
                }
                Thread.detachNewThread {
                    let line = readLine(strippingNewline: true)
                    Self.take(waiting)?.resume(returning: line)
                }
            }
        } onCancel: {
            Self.take(waiting)?.resume(throwing: CancellationError())
        }
    }

    private static func take(
        _ waiting: borrowing Mutex<CheckedContinuation<String?, any Error>?>
    ) -> CheckedContinuation<String?, any Error>? {
        waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
    }

    /// Reads all of standard input.
    ///
    /// - Parameter limit: The most bytes that are taken.
    /// - Returns: The bytes.
    /// - Throws: ``CommandFailure`` where there are more.
    func readInput(limit: Int = 10_485_760) throws -> [UInt8] {
        let data = try FileHandle.standardInput.read(upToCount: limit + 1) ?? Data()
        guard data.count <= limit else {
            throw CommandFailure(
                .usage, code: "inputTooLarge",
                "Standard input holds more than \(limit) bytes; give less at a time.")
        }
        return Array(data)
    }
}

/// One output stream; whole texts are written, never halves between two threads.
final class OutputStreamHandle: Sendable {
    /// Whether the stream is a terminal.
    let isTerminal: Bool
    private let descriptor: Int32
    private let lock = Mutex(())

    init(descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
    }

    /// The terminal's width in columns; `nil` for a file or a pipe.
    var columns: Int? {
        guard isTerminal else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes all of the text.
    ///
    /// - Throws: ``CommandFailure`` with code `output` where the stream takes no more.
    func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// Writes all of the bytes.
    ///
    /// - Throws: ``CommandFailure`` with code `output` where the stream takes no more.
    func write(_ bytes: [UInt8]) throws {
        try lock.withLock { _ in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { buffer in
                    systemWrite(descriptor, buffer.baseAddress, buffer.count)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    throw CommandFailure(
                        .other, code: "output",
                        "The output could not be written: \(String(cString: strerror(errno))).")
                }
                rest = rest.dropFirst(count)
            }
        }
    }
}
