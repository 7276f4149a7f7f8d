/// A remote failure, already classified: what the engine does about it hangs on its code alone.
///
/// A connector classifies by API, method, HTTP status and reason, in one table; a status alone
/// means too many things.
public struct RemoteError: Error, Hashable, Sendable {
    /// What sort of failure it is.
    public var code: Code
    /// What happened and what to do about it; no secret, no body, no address.
    public var message: String
    /// How long the provider asks to wait at least.
    public var retryAfter: Duration?
    /// The interface that answered, such as `calendar`.
    public var api: String?
    /// The method that was called, such as `events.patch`.
    public var method: String?
    /// The HTTP status; `nil` where no answer came.
    public var status: Int?
    /// The provider's reason, such as `rateLimitExceeded`.
    public var reason: String?

    /// Describes a failure.
    public init(
        _ code: Code, _ message: String, retryAfter: Duration? = nil, api: String? = nil,
        method: String? = nil, status: Int? = nil, reason: String? = nil
    ) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.api = api
        self.method = method
        self.status = status
        self.reason = reason
    }

    /// A sort of failure, and thereby a disposition.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case offline, unknownOutcome, transient, untrusted, throttled, quotaExceeded
            case dailyLimitExceeded, signInNeeded, clientRefused, permissionMissing, forbidden
            case notFound, gone, cursorExpired, preconditionFailed, alreadyExists, rejected
            case cancelled
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The word that programs read.
        public var description: String { base.rawValue }

        /// Nothing was sent, so nothing was applied: try again.
        public static let offline = Self(.offline)
        /// A write may or may not have been applied: look it up before sending it again.
        public static let unknownOutcome = Self(.unknownOutcome)
        /// A read failed on the way or at the provider: try again.
        public static let transient = Self(.transient)
        /// The peer's certificate is not valid: stop and tell, never weaken.
        public static let untrusted = Self(.untrusted)
        /// Too fast: back off, obey `retryAfter`.
        public static let throttled = Self(.throttled)
        /// A usage limit of hours: park writes, reads go on.
        public static let quotaExceeded = Self(.quotaExceeded)
        /// The day's requests are used up: stop until midnight Pacific time.
        public static let dailyLimitExceeded = Self(.dailyLimitExceeded)
        /// The grant is dead: the account needs consent; the outbox stays.
        public static let signInNeeded = Self(.signInNeeded)
        /// The OAuth client or the project is refused: an operator has to act.
        public static let clientRefused = Self(.clientRefused)
        /// The grant lacks a scope for this API: cached data stays.
        public static let permissionMissing = Self(.permissionMissing)
        /// The provider forbids this write, or this collection.
        public static let forbidden = Self(.forbidden)
        /// There is no such thing, or it cannot be seen; not proof of a deletion.
        public static let notFound = Self(.notFound)
        /// It was deleted before.
        public static let gone = Self(.gone)
        /// The cursor is too old or void: list fully again.
        public static let cursorExpired = Self(.cursorExpired)
        /// The remote copy changed meanwhile: read it, merge, send again.
        public static let preconditionFailed = Self(.preconditionFailed)
        /// The chosen id is taken: by a lost answer of ours, or by a tombstone.
        public static let alreadyExists = Self(.alreadyExists)
        /// The provider will never take this: set the item aside.
        public static let rejected = Self(.rejected)
        /// The run was stopped.
        public static let cancelled = Self(.cancelled)
    }
}
