/// Why a sign-in, a token or a grant was refused, or could not be had just now.
///
/// Holds no token, no code, no client secret.
public struct OAuthError: Error, Sendable {
    /// The kind of failure.
    public var code: Code
    /// What happened and what to do about it.
    public var message: String
    /// The `error` of the answer, for example `invalid_grant`.
    public var error: String?
    /// The HTTP status, when Google answered.
    public var status: Int?
    /// How long Google asks to wait.
    public var retryAfter: Duration?
    /// How far this machine's clock is ahead of Google's, from the `Date` header.
    public var clockSkew: Duration?
    /// A `WebError` or `JSONError` below, when there was one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(
        code: Code, message: String, error: String? = nil, status: Int? = nil,
        retryAfter: Duration? = nil, clockSkew: Duration? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.error = error
        self.status = status
        self.retryAfter = retryAfter
        self.clockSkew = clockSkew
        self.cause = cause
    }

    /// Whether the same request may succeed later without a person doing anything.
    public var isTransient: Bool { Self.transient.contains(code) }

    private static let transient: Set<Code> = [
        .network, .server, .unreadable, .rateLimited, .slowDown, .authorizationPending, .cancelled,
        .notSaved,
    ]

    /// The kinds of failure; more may come.
    ///
    /// - SeeAlso: RFC 6749 sections 4.1.2.1 and 5.2; RFC 8628 section 3.5; Google Identity guide,
    ///   "Using OAuth 2.0 to Access Google APIs".
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case invalidGrant, invalidClient, invalidRequest, invalidScope, unauthorizedClient
            case accessDenied, redirectMismatch, unsupportedGrantType, adminPolicy
            case consentRequired, authorizationPending, slowDown, expired, invalidToken
            case rateLimited, server, network, unreadable, other
            case stateMismatch, codeMissing, noRefreshToken, badFile, timedOut, cancelled, notSaved
            case redirectNotAllowed, listen
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The grant, code or assertion no longer counts: the person must sign in again.
        public static let invalidGrant = Self(.invalidGrant)
        /// The client is unknown, deleted, or its secret is wrong.
        public static let invalidClient = Self(.invalidClient)
        /// Google cannot make sense of the request.
        public static let invalidRequest = Self(.invalidRequest)
        /// A scope is unknown or not allowed in this flow.
        public static let invalidScope = Self(.invalidScope)
        /// The client may not use this way of signing in.
        public static let unauthorizedClient = Self(.unauthorizedClient)
        /// The person (or a policy) said no.
        public static let accessDenied = Self(.accessDenied)
        /// The redirect address is not one of the client's.
        public static let redirectMismatch = Self(.redirectMismatch)
        /// The token endpoint does not know this kind of grant.
        public static let unsupportedGrantType = Self(.unsupportedGrantType)
        /// The organisation's administrator forbids it.
        public static let adminPolicy = Self(.adminPolicy)
        /// Google needs the person: `interaction_required`, `login_required`, `consent_required`.
        public static let consentRequired = Self(.consentRequired)
        /// Device flow: the person has not decided yet.
        public static let authorizationPending = Self(.authorizationPending)
        /// Device flow: asked too often.
        public static let slowDown = Self(.slowDown)
        /// Device flow: the code is too old.
        public static let expired = Self(.expired)
        /// The token given is not valid (any more).
        public static let invalidToken = Self(.invalidToken)
        /// Too many requests.
        public static let rateLimited = Self(.rateLimited)
        /// Google failed.
        public static let server = Self(.server)
        /// No complete answer came; the cause is a `WebError`.
        public static let network = Self(.network)
        /// An answer that is not what the protocol says.
        public static let unreadable = Self(.unreadable)
        /// Any other refusal.
        public static let other = Self(.other)
        /// The redirect does not belong to this sign-in; no token was asked for.
        public static let stateMismatch = Self(.stateMismatch)
        /// There is no code in what was given; no token was asked for.
        public static let codeMissing = Self(.codeMissing)
        /// Google granted access for an hour only, or a file lacks what renews it.
        public static let noRefreshToken = Self(.noRefreshToken)
        /// A client or token file cannot be used.
        public static let badFile = Self(.badFile)
        /// The person took too long.
        public static let timedOut = Self(.timedOut)
        /// The caller's task was cancelled.
        public static let cancelled = Self(.cancelled)
        /// A new token could not be saved, so it was not used.
        public static let notSaved = Self(.notSaved)
        /// The redirect asked for is neither on this machine nor the client's own https one.
        public static let redirectNotAllowed = Self(.redirectNotAllowed)
        /// No port could be listened on.
        public static let listen = Self(.listen)

        /// The code's name.
        public var description: String { base.rawValue }
    }
}

extension OAuthError: CustomStringConvertible, CustomReflectable {
    /// Code and message on one line.
    public var description: String { "\(code): \(message)" }
    /// The description; not the cause.
    public var customMirror: Mirror { Mirror(self, children: ["error": description]) }
}
