/// Choices where Google's behaviour is uncertain, differs from account to account, or happens
/// only now and then.
///
/// They are set by the configuration and, while it runs, by `POST /_emulator/switches`; a reset
/// goes back to the configuration's. A further one is a property here, a row in ``SwitchTable``,
/// and a place that looks at it.
public struct Switches: Sendable, Hashable {
    /// What becomes of a conference that a client asks for.
    public var conferenceCreation = ConferenceCreation.success
    /// How long a pending conference takes, in seconds; `nil` waits for
    /// `POST /_emulator/conferences`.
    public var conferencePendingSeconds: Int? = 10
    /// Whether each refresh hands out a new refresh token and ends the old one.
    ///
    /// Google's never do; servers that follow RFC 9700 section 4.14 do.
    public var rotatesRefreshTokens = false
    /// How many live refresh tokens one user and client may have, from 1 to 1,000; the oldest is
    /// dropped silently.
    public var refreshTokensPerClient = 100
    /// After how many days without use a refresh token dies; six months.
    public var idleDays = 183
    /// Whether new grants end after 7 days, as those of projects in testing do, but for those of
    /// nothing but who the user is.
    public var testingGrants = false
    /// How long grants last, in seconds, as if every user allowed access for a limited time only.
    public var grantSeconds: Int?
    /// Whether the device flow grants every scope; Google refuses most of them there.
    public var deviceFlowGrantsEveryScope = false
    /// How many device codes a client gets in half an hour.
    public var deviceCodesPerClient = 1000
    /// Whether the second use of a code revokes what came from the first one.
    ///
    /// - SeeAlso: RFC 6749 section 4.1.2.
    public var reusedCodeRevokes = true
    /// How long tokens of a revoked grant go on working, in seconds.
    public var revocationLagSeconds = 0
    /// Whether refreshing asks the user to prove the identity again: `invalid_rapt`.
    public var requiresReauthentication = false
    /// Scopes that users leave unticked under automatic consent.
    public var withheldScopes: Set<String> = []
    /// Scopes that an administrator has blocked: `admin_policy_enforced`.
    public var blockedScopes: Set<String> = []
    /// Clients that are open to one domain only, by client id: `org_internal` for others.
    public var internalDomains: [String: String] = [:]
    /// Whether service accounts may act for users of this local Google.
    public var delegatesToServiceAccounts = true
    /// How an API answers a request without any credential.
    public var missingCredential = MissingCredential.forbidden
    /// How a sync token is answered that cannot be read.
    public var corruptedSyncToken = CorruptedSyncToken.invalid
    /// Whether listings with `q`, `iCalUID`, extended properties, `updatedMin` or
    /// `orderBy=startTime` hand out a sync token all the same.
    public var filteredListsGiveSyncTokens = false
    /// Whether the deltas of a listing with `timeMin` or `timeMax` leave out what was never within
    /// that window; otherwise they tell every change, and keep to it only where series are expanded.
    public var syncTokensKeepWindow = false
    /// Whether a change of a series' time or rule drops exceptions that no longer match.
    public var seriesChangeDropsExceptions = true
    /// What becomes of a sequence number below the event's.
    public var lowSequence = LowSequence.refused
    /// How many parts a batch may have; texts of Google's guide say 50 and 1000.
    public var batchLimit = 1000

    /// Makes the choices that fit Google best.
    public init() {}

    /// What becomes of a conference that a client asks for.
    public enum ConferenceCreation: String, Sendable, CaseIterable {
        /// It is there at once.
        case success
        /// It is there later, which is a change of its event.
        case pending
        /// It is refused at once.
        case failure
    }

    /// How an API answers a request without any credential.
    public enum MissingCredential: String, Sendable, CaseIterable {
        /// 403, as APIs answer that also take API keys.
        case forbidden
        /// 401, as APIs answer that only take OAuth.
        case unauthenticated
    }

    /// How a sync token is answered that cannot be read.
    public enum CorruptedSyncToken: String, Sendable, CaseIterable {
        /// 400 with the reason `invalid`.
        case invalid
        /// 410 with the reason `fullSyncRequired`.
        case gone
    }

    /// What becomes of a sequence number below the event's.
    public enum LowSequence: String, Sendable, CaseIterable {
        /// The write is refused with 400 `invalid`.
        case refused
        /// The number is ignored.
        case ignored
    }
}
