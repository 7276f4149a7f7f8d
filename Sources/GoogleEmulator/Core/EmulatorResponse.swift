/// What the local Google answers, and how the connection is to behave meanwhile.
public struct EmulatorResponse: Sendable {
    /// The HTTP status code.
    public var status: Int
    /// Header fields in the order in which they are to be sent.
    public var headers: [(name: String, value: String)]
    /// The body, empty for 204 and 304.
    public var body: [UInt8]
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
        self.body = body
        self.delayMilliseconds = delayMilliseconds
        self.cut = cut
    }

    /// The value of the first header field of this name, compared without case.
    public func header(_ name: String) -> String? {
        headers.first { HeaderName.isSame($0.name, name) }?.value
    }
}
