/// Why a call of a Google service failed, in Google's own terms where Google answered.
///
/// Decide on ``code``, or on service, method, status and reason; never on a message. Holds no
/// secret, no body, and no address that Google put into its message.
public struct GoogleError: Error, Sendable {
    /// The kind of failure.
    public var code: Code
    /// What happened and what to do about it.
    public var message: String
    /// The service asked; `nil` when nothing was asked.
    public var service: GoogleService?
    /// Google's name of the method, for example `events.patch`; empty when nothing was asked.
    public var method: String
    /// The HTTP status, when Google answered.
    public var status: Int?
    /// The first of Google's reasons, or the status text of newer services; the one that counts.
    public var reason: String?
    /// Every reason that the answer names, in order, without repeats.
    public var allReasons: [String]
    /// The domain of the first reason, for example `usageLimits`.
    public var domain: String?
    /// The parameter or header that the first reason points at.
    public var location: String?
    /// How long Google asks to wait, from `Retry-After`; at most one day.
    public var retryAfter: Duration?
    /// How far this machine's clock is ahead of Google's, from the `Date` header.
    public var clockSkew: Duration?
    /// Whether the call may have changed something at Google all the same.
    ///
    /// `true` for a write whose answer was lost, unreadable or 5xx: look before sending it again.
    public var mayHaveBeenApplied: Bool
    /// A `WebError`, ``OAuthError`` or `JSONError` below, when there was one.
    public var cause: (any Error)?

    /// Makes an error; what is not given is not known.
    public init(
        code: Code, message: String, service: GoogleService? = nil, method: String = "",
        status: Int? = nil, reason: String? = nil, allReasons: [String] = [],
        domain: String? = nil, location: String? = nil, retryAfter: Duration? = nil,
        clockSkew: Duration? = nil, mayHaveBeenApplied: Bool = false, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.service = service
        self.method = method
        self.status = status
        self.reason = reason
        self.allReasons = allReasons
        self.domain = domain
        self.location = location
        self.retryAfter = retryAfter
        self.clockSkew = clockSkew
        self.mayHaveBeenApplied = mayHaveBeenApplied
        self.cause = cause
    }

    init(invalid message: String, cause: (any Error)? = nil) {
        self.init(code: .invalidCall, message: message, cause: cause)
    }

    /// The kinds of failure; more may come.
    ///
    /// - SeeAlso: Google Calendar API guide, "Handle API errors".
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case transport, unreachable, untrusted, unreadable, answerTooLarge, missingPart
            case invalidCall, cancelled
            case signIn, signInUnavailable, unauthorized, insufficientScope, serviceDisabled
            case badRequest, timeRangeEmpty, forbidden, notFound, duplicate, conflict, deleted
            case fullSyncRequired, preconditionFailed, tooLarge, rateLimited, quotaExceeded
            case dailyLimitExceeded, storageFull, backend, other
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// No complete answer came to what was sent, or may have been; the cause is a `WebError`.
        public static let transport = Self(.transport)
        /// Google could not be reached: nothing was sent; the cause is a `WebError`.
        public static let unreachable = Self(.unreachable)
        /// The other side cannot be trusted (its certificate, or plain http): nothing was sent.
        public static let untrusted = Self(.untrusted)
        /// A success whose body is cut short, not JSON, or not what the method answers.
        public static let unreadable = Self(.unreadable)
        /// A success with more bytes than the call may have: ask for less; the cause is a `WebError`.
        public static let answerTooLarge = Self(.answerTooLarge)
        /// A batch answer without this call's part: its outcome is unknown.
        public static let missingPart = Self(.missingPart)
        /// The call cannot be sent as it is; nothing was sent.
        public static let invalidCall = Self(.invalidCall)
        /// The caller's task was cancelled.
        public static let cancelled = Self(.cancelled)
        /// There is no usable grant.
        ///
        /// The cause is an ``OAuthError``; nothing was sent.
        public static let signIn = Self(.signIn)
        /// The token could not be refreshed now, but may be later; the cause is an ``OAuthError``.
        public static let signInUnavailable = Self(.signInUnavailable)
        /// 401 even with a fresh token, or Google saw no token: the person must consent again.
        public static let unauthorized = Self(.unauthorized)
        /// 403: the grant lacks a scope; consent for this service is needed.
        public static let insufficientScope = Self(.insufficientScope)
        /// 403: the service is not switched on in the client's project.
        public static let serviceDisabled = Self(.serviceDisabled)
        /// 400: Google will never accept this.
        public static let badRequest = Self(.badRequest)
        /// 400 `timeRangeEmpty`: the end lies before the start.
        public static let timeRangeEmpty = Self(.timeRangeEmpty)
        /// 403: not allowed to this person on this resource.
        public static let forbidden = Self(.forbidden)
        /// 404: absent, or not visible.
        public static let notFound = Self(.notFound)
        /// 409 `duplicate`: the id is taken, perhaps by a deleted resource.
        public static let duplicate = Self(.duplicate)
        /// 409: another change at the same moment.
        public static let conflict = Self(.conflict)
        /// 410 `deleted`: it is gone already.
        public static let deleted = Self(.deleted)
        /// The sync token (or `updatedMin`) is no longer valid: list everything again.
        public static let fullSyncRequired = Self(.fullSyncRequired)
        /// 412: the etag given is not the current one.
        public static let preconditionFailed = Self(.preconditionFailed)
        /// 413: the body is too large for Google.
        public static let tooLarge = Self(.tooLarge)
        /// 429, or 403 for asking too fast: wait and ask again.
        public static let rateLimited = Self(.rateLimited)
        /// 403 `quotaExceeded`: a limit that lifts after hours.
        public static let quotaExceeded = Self(.quotaExceeded)
        /// 403 `dailyLimitExceeded`: nothing more today.
        public static let dailyLimitExceeded = Self(.dailyLimitExceeded)
        /// 403 `storageQuotaExceeded`: the account's storage is full.
        public static let storageFull = Self(.storageFull)
        /// 5xx or 408: Google failed; try later.
        public static let backend = Self(.backend)
        /// Any other status.
        public static let other = Self(.other)

        /// The code's name.
        public var description: String { base.rawValue }
    }
}

extension GoogleError: CustomStringConvertible, CustomReflectable {
    /// Code, call, status, reason and message on one line.
    public var description: String {
        var text = "\(code)"
        if let service { text += " (\(service) \(method)" + (status.map { ", \($0)" } ?? "") + ")" }
        if let reason { text += " \(reason)" }
        return "\(text): \(message)"
    }
    /// The description; not the cause, whose own text is its own matter.
    public var customMirror: Mirror { Mirror(self, children: ["error": description]) }
}
