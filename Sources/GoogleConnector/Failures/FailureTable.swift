import GoogleAPI
import TandemCore
import TandemSync

/// What each failure of Google means to the engine: the one table.
///
/// `GoogleAPI` tells apart, by method, status and reason, what one status may mean; this table adds
/// what that means for a read and for a write. What stands in no row has an unknown outcome if it
/// was a write, and is worth another try if it was a read.
///
/// - SeeAlso: Google Calendar API guide, "Handle API errors"; Google Identity guide, "Using OAuth
///   2.0 to access Google APIs", section "Refresh token expiration".
enum FailureTable {
    /// One kind of failure, and what it means.
    struct Row: Sendable {
        let failure: GoogleError.Code
        let read: RemoteError.Code
        let write: RemoteError.Code

        init(_ failure: GoogleError.Code, _ both: RemoteError.Code) {
            self.init(failure, read: both, write: both)
        }

        init(_ failure: GoogleError.Code, read: RemoteError.Code, write: RemoteError.Code) {
            self.failure = failure
            self.read = read
            self.write = write
        }
    }

    static let rows: [Row] = [
        // Google cannot be asked, or did not answer.
        Row(.unreachable, .offline),
        Row(.untrusted, .untrusted),
        Row(.transport, read: .transient, write: .unknownOutcome),
        Row(.signIn, .signInNeeded),
        Row(.unauthorized, .signInNeeded),
        Row(.signInUnavailable, .offline),
        Row(.insufficientScope, .permissionMissing),
        Row(.serviceDisabled, .clientRefused),
        // Too much; a 409 without a taken id says that two writes met, and this one lost.
        Row(.rateLimited, .throttled),
        Row(.conflict, .throttled),
        Row(.quotaExceeded, .quotaExceeded),
        Row(.dailyLimitExceeded, .dailyLimitExceeded),
        // The thing asked for is not what it was.
        Row(.fullSyncRequired, .cursorExpired),
        Row(.preconditionFailed, .preconditionFailed),
        Row(.duplicate, .alreadyExists),
        Row(.deleted, .gone),
        Row(.notFound, .notFound),
        Row(.forbidden, .forbidden),
        // Google will never take it.
        Row(.badRequest, .rejected),
        Row(.timeRangeEmpty, .rejected),
        Row(.tooLarge, .rejected),
        Row(.invalidCall, .rejected),
        Row(.storageFull, .rejected),
        // Nobody knows whether it was done.
        Row(.backend, read: .transient, write: .unknownOutcome),
        Row(.unreadable, read: .transient, write: .unknownOutcome),
        Row(.answerTooLarge, read: .transient, write: .unknownOutcome),
        Row(.missingPart, read: .transient, write: .unknownOutcome),
    ]

    /// Puts a failure into the engine's terms, with the facts that people look for.
    ///
    /// - Parameters:
    ///   - error: What `GoogleAPI` reports.
    ///   - isWrite: Whether the call was to change something.
    /// - Returns: The failure, its message as Google's client words it.
    static func remoteError(_ error: GoogleError, isWrite: Bool) -> RemoteError {
        RemoteError(
            code(of: error, isWrite: isWrite), error.message, retryAfter: error.retryAfter,
            api: error.service?.description, method: error.method.isEmpty ? nil : error.method,
            status: error.status, reason: error.reason)
    }

    private static func code(of error: GoogleError, isWrite: Bool) -> RemoteError.Code {
        if error.isRefusalOfClient { return .clientRefused }
        if let row = rows.first(where: { $0.failure == error.code }) {
            return isWrite ? row.write : row.read
        }
        switch error.code {
        case .cancelled: return isWrite && error.mayHaveBeenApplied ? .unknownOutcome : .cancelled
        case .other where error.status == 501: return .rejected
        default: return isWrite ? .unknownOutcome : .transient
        }
    }
}

extension GoogleError {
    /// Whether the OAuth client, and not the person's grant, is what is refused.
    var isRefusalOfClient: Bool {
        guard let code = (cause as? OAuthError)?.code else { return false }
        return [.invalidClient, .unauthorizedClient, .adminPolicy, .unsupportedGrantType]
            .contains(code)
    }

    /// Whether the failure was found before anything was sent.
    var isUnsent: Bool { [.invalidCall, .signIn, .signInUnavailable].contains(code) }
}
