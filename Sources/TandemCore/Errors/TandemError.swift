/// What went wrong in our own rules, and what to do about it.
public struct TandemError: Error, Sendable, CustomStringConvertible {
    /// What sort of failure it is; more may come.
    public var code: Code
    /// What happened, and what to do about it; no secret, no address, no content.
    public var message: String
    /// The next command to type, where there is one.
    public var remedy: String?
    /// What lay below it.
    public var cause: (any Error)?

    /// Describes a failure.
    public init(
        _ code: Code, _ message: String, remedy: String? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.cause = cause
    }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }

    /// A sort of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case invalid, notFound, denied, ambiguous, unknownKind, internalInconsistency
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The word that programs read in `error.code`.
        public var description: String { base.rawValue }

        /// The input makes no sense: refused before anything was stored.
        public static let invalid = Self(.invalid)
        /// There is no such thing, or it belongs to somebody else.
        public static let notFound = Self(.notFound)
        /// The account or the collection does not allow it.
        public static let denied = Self(.denied)
        /// Several things fit the name.
        public static let ambiguous = Self(.ambiguous)
        /// No connector brought rules for the kind.
        public static let unknownKind = Self(.unknownKind)
        /// Two of our own records contradict each other.
        public static let internalInconsistency = Self(.internalInconsistency)
    }
}
