/// What the local Google answers, and how the connection is to behave meanwhile.
public struct EmulatorResponse: Sendable {
    /// The HTTP status code.
    public var status: Int
    /// Header fields in the order in which they are to be sent.
    public var headers: [(name: String, value: String)]
    /// The body, empty for 204 and 304.
    public var body: [UInt8] {
        get { pieces.count == 1 ? pieces[0] : Self.joined(pieces) }
        _modify {
            if pieces.count != 1 { pieces = [Self.joined(pieces)] }
            yield &pieces[0]
        }
    }
    /// The body in the parts in which it was found: whoever sends it puts them together,
    /// where nobody else waits for it.
    var pieces: [[UInt8]]
    /// The length of the body.
    var bodyCount: Int { pieces.reduce(0) { $0 + $1.count } }
    /// How long the answer is held back, in milliseconds.
    public var delayMilliseconds: Int
    /// Whether the connection is to be closed before this answer has been sent in full.
    public var cut: Cut?

    /// Where a connection is cut, seen from the state of the local Google.
    public enum Cut: Sendable, Hashable {
        /// The request was lost: nothing was applied.
        case before
        /// The answer was lost: the request was applied.
        case after
        /// The answer ends after so many bytes of its body, though its head announces all of it.
        case within(bytes: Int)
    }

    /// Makes an answer from its parts.
    public init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        delayMilliseconds: Int = 0, cut: Cut? = nil
    ) {
        self.status = status
        self.headers = headers
        pieces = [body]
        self.delayMilliseconds = delayMilliseconds
        self.cut = cut
    }

    private static func joined(_ pieces: [[UInt8]]) -> [UInt8] {
        var whole: [UInt8] = []
        whole.reserveCapacity(pieces.reduce(0) { $0 + $1.count })
        for piece in pieces { whole += piece }
        return whole
    }

    /// The value of the first header field of this name, compared without case.
    public func header(_ name: String) -> String? {
        headers.first { HeaderName.isSame($0.name, name) }?.value
    }
}
