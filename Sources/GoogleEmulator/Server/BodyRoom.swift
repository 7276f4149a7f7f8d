import Hummingbird
import NIOCore
import Synchronization

/// The room for the bodies of requests, over all connections together.
final class BodyRoom: Sendable {
    private let most: Int
    private let used = Mutex(0)

    /// Why a body was not read to its end.
    enum Refusal: Error {
        /// It is larger than one may be.
        case tooLarge
        /// Others take up the room now.
        case noRoom
    }

    init(mostBytes: Int) {
        most = mostBytes
    }

    /// What the bodies that are read and not yet done with take up.
    var usedBytes: Int { used.withLock { $0 } }

    /// Reads a body and lends it to a closure; its room is free again when this returns.
    ///
    /// - Parameters:
    ///   - parts: The body as it comes.
    ///   - limit: How large it may be, in bytes.
    ///   - use: What is done with it.
    /// - Returns: What the closure returns.
    /// - Throws: ``Refusal``; an error of the connection.
    func lend<Value>(
        _ parts: RequestBody, upTo limit: Int, to use: ([UInt8]) async -> Value
    ) async throws -> Value {
        var body: [UInt8] = []
        defer { used.withLock { $0 -= body.count } }
        for try await part in parts {
            guard part.readableBytes <= limit - body.count else { throw Refusal.tooLarge }
            guard take(part.readableBytes) else { throw Refusal.noRoom }
            body.append(contentsOf: part.readableBytesView)
        }
        return await use(body)
    }

    private func take(_ count: Int) -> Bool {
        used.withLock { used in
            guard count <= most - used else { return false }
            used += count
            return true
        }
    }
}
