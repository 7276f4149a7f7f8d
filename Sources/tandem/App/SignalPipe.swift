import Foundation
import Synchronization

/// The pipe through which signals are told of: none is lost, however early it comes.
///
/// A signal that is ignored until a dispatch source has come to listen for it is lost in between.
/// A handler may do next to nothing, but it may write (POSIX.1-2017, "Signal Concepts").
struct SignalPipe: Sendable {
    /// Where the handler writes; set before any signal is handled, and never again.
    private static let input = Atomic<Int32>(-1)

    /// Where one byte, its number, can be read for each signal.
    let output: Int32

    /// Opens the pipe of this process.
    ///
    /// - Throws: `POSIXError` where the system has none left.
    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw POSIXError(POSIXError.Code(rawValue: errno) ?? .EMFILE)
        }
        for end in ends {
            // Neither a full pipe nor an empty one keeps anybody, and children have no part in it.
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        output = ends[0]
        Self.input.store(ends[1], ordering: .sequentiallyConsistent)
    }

    /// Lets the signal be told of from now on, instead of ending the process.
    static func tell(of number: Int32) {
        signal(number) { number in
            let saved = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(SignalPipe.input.load(ordering: .relaxed), &byte, 1)
            errno = saved
        }
    }

    /// The signals that came since it was asked last, in their order.
    func drain() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(output, &bytes, bytes.count)
        return bytes.prefix(max(0, count)).map(Int32.init)
    }
}
