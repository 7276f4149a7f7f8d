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

    /// The process' own streams.
    static func standard() -> Self {
        Self(
            output: OutputStreamHandle(descriptor: 1),
            diagnostics: OutputStreamHandle(descriptor: 2))
    }

    /// Gives the streams that were closed a file that takes and gives nothing, so that no file of
    /// ours gets their number: what is written to them then fails, and reaches no other file.
    static func occupyClosedStreams() {
        for (descriptor, mode) in [(Int32(0), O_WRONLY), (1, O_RDONLY), (2, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            // The lowest free number is given out, which is this one.
            guard open("/dev/null", mode) == descriptor else { _exit(ExitReason.other.rawValue) }
        }
    }

    /// Reads one line from standard input, without its end; `nil` at the end of input.
    ///
    /// - Returns: The line.
    /// - Throws: `CancellationError`.
    func readInputLine() async throws -> String? {
        try await Self.awaiting { readLine(strippingNewline: true) }
    }

    /// Reads all of standard input.
    ///
    /// - Parameter limit: The most bytes that are taken.
    /// - Returns: The bytes.
    /// - Throws: ``CommandFailure`` where there are more; `CancellationError`.
    func readInput(limit: Int = 10_485_760) async throws -> [UInt8] {
        let data = try await Self.awaiting {
            try FileHandle.standardInput.read(upToCount: limit + 1) ?? Data()
        }
        guard data.count <= limit else {
            throw CommandFailure(
                .usage, code: "inputTooLarge",
                "Standard input holds more than \(limit) bytes; give less at a time.")
        }
        return Array(data)
    }

    /// Reads on a thread of its own, so that Ctrl-C need not wait for what may never come; the
    /// thread is then left behind, and ends with the process.
    private static func awaiting<Value: Sendable>(
        _ read: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let waiting = Mutex<CheckedContinuation<Value, any Error>?>(nil)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiting.withLock { $0 = continuation }
                guard !Task.isCancelled else {
                    take(waiting)?.resume(throwing: CancellationError())
                    return
                }
                Thread.detachNewThread {
                    let outcome = Result { try read() }
                    take(waiting)?.resume(with: outcome)
                }
            }
        } onCancel: {
            take(waiting)?.resume(throwing: CancellationError())
        }
    }

    /// Whoever takes the continuation resumes it; the others find nothing.
    private static func take<Value>(
        _ waiting: borrowing Mutex<CheckedContinuation<Value, any Error>?>
    ) -> CheckedContinuation<Value, any Error>? {
        waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
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
    func write(_ text: String) throws(CommandFailure) { try write(Array(text.utf8)) }

    /// Writes all of the bytes.
    ///
    /// - Throws: ``CommandFailure`` with code `output` where the stream takes no more.
    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        try lock.withLock { _ throws(CommandFailure) in
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
