/// Why no complete answer came back, and whether the request may have left this machine.
public struct WebError: Error, Sendable {
    /// What kind of failure it was.
    public var code: Code
    /// What happened and what to do about it; holds no secret, no body, no query.
    public var message: String
    /// Whether bytes of the request left: `false` never, `true` at least some, `nil` unknown.
    ///
    /// A write whose `wasSent` is not `false` may have been applied.
    public var wasSent: Bool?
    /// The failure below, when there was one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(
        code: Code, message: String, wasSent: Bool? = false, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.wasSent = wasSent
        self.cause = cause
    }

    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case connect, timeout, cut, tooLarge, certificate, insecure, malformed, cancelled
            case closed, listen
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// No connection was made (name, route, refusal, or TLS failed), so nothing was sent.
        public static let connect = Self(.connect)
        /// No complete answer within the time given.
        public static let timeout = Self(.timeout)
        /// The connection broke before the answer was complete.
        public static let cut = Self(.cut)
        /// The answer is larger than the request allows, before or after unpacking.
        public static let tooLarge = Self(.tooLarge)
        /// The server's certificate is not to be trusted, so nothing was sent.
        public static let certificate = Self(.certificate)
        /// Plain http to another machine; nothing was sent.
        public static let insecure = Self(.insecure)
        /// The request cannot be sent as it is, or the answer is not HTTP.
        public static let malformed = Self(.malformed)
        /// The caller's task was cancelled.
        public static let cancelled = Self(.cancelled)
        /// The transport was shut down before the call.
        public static let closed = Self(.closed)
        /// A loopback listener could not be opened.
        public static let listen = Self(.listen)

        /// The code's name.
        public var description: String { base.rawValue }
    }
}

extension WebError: CustomStringConvertible, CustomReflectable {
    /// Code and message; the cause's own text is left out, as it may hold an address.
    public var description: String { "\(code): \(message)" }
    /// Code, message and whether bytes left; not the cause.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "code": code, "message": message,
                "wasSent": wasSent.map(String.init) ?? "unknown",
            ])
    }

    static func malformedAddress(_ why: String) -> WebError {
        WebError(code: .malformed, message: "The address cannot be used: \(why).")
    }
}
