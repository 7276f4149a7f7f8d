import NIOCore
import Synchronization

/// Remembers how far a request came, so that a failure can say whether it may have been applied.
final class SendProgress: Sendable {
    private enum Step: Sendable { case waiting, sending, answered }
    private let step = Mutex(Step.waiting)
    private let hasBody: Bool

    init(hasBody: Bool) { self.hasBody = hasBody }

    /// The body is being taken by the network: the head is on its way.
    func noteBody() {
        step.withLock { if $0 == .waiting { $0 = .sending } }
    }

    /// The head of an answer came.
    func noteAnswer() { step.withLock { $0 = .answered } }

    /// Whether the request left, as far as that can be known.
    ///
    /// A request with a body cannot be acted upon before its body was asked for; of one without,
    /// nothing is known until an answer begins.
    var wasSent: Bool? {
        switch step.withLock({ $0 }) {
        case .answered, .sending: true
        case .waiting: hasBody ? false : nil
        }
    }
}

/// A body of one piece that tells when the network asks for it.
struct AnnouncedBody: AsyncSequence, Sendable {
    let bytes: [UInt8]
    let progress: SendProgress

    struct Iterator: AsyncIteratorProtocol {
        var remaining: [UInt8]?
        let progress: SendProgress

        mutating func next() async -> ByteBuffer? {
            guard let bytes = remaining else { return nil }
            remaining = nil
            progress.noteBody()
            return ByteBuffer(bytes: bytes)
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(remaining: bytes, progress: progress) }
}
