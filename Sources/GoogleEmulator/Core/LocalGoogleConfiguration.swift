/// What a local Google knows when it starts.
public struct LocalGoogleConfiguration: Sendable {
    /// The users' e-mail addresses, each as ``EmailAddress/isUsable(_:)`` takes it; the first is the
    /// one who signs in by default.
    public var users: [String]
    /// The OAuth clients that may sign users in; ``Client/tandemLocal`` is always known besides.
    public var clients: [Client]
    /// Service accounts that exist already, each with a key of it.
    public var serviceAccounts: [ServiceAccountKey]
    /// Bearer tokens that are fixed, with every scope, and never expire.
    public var tokens: [FixedToken]
    /// Whether an authorization request is answered at once by the redirect, without a form.
    public var autoConsent: Bool
    /// Choices where Google's behaviour is uncertain or can be one or the other.
    public var switches: Switches
    /// Whether notifications may be posted to other machines than this one.
    public var allowsForeignPosts: Bool
    /// What the accounts hold at first and after each reset.
    public var content: Content
    /// How long a cursor of a listing may be used, in milliseconds; 28 days.
    public var cursorLifetimeMilliseconds: Int64

    /// Makes a configuration; without users there is one, `ada@example.com`.
    public init(
        users: [String] = ["ada@example.com"], clients: [Client] = [], tokens: [FixedToken] = [],
        autoConsent: Bool = false, content: Content = .empty
    ) {
        self.users = users
        self.clients = clients
        self.tokens = tokens
        serviceAccounts = []
        self.autoConsent = autoConsent
        self.content = content
        switches = Switches()
        allowsForeignPosts = false
        cursorLifetimeMilliseconds = 28 * 86_400_000
    }

    /// A bearer token that is known from the start.
    public struct FixedToken: Sendable, Hashable {
        /// The user whom the token stands for.
        public var email: String
        /// The token itself.
        public var token: String

        /// Ties a token to a user.
        public init(email: String, token: String) {
            self.email = email
            self.token = token
        }
    }

    /// What the accounts hold at first.
    public enum Content: Sendable, Hashable {
        /// A primary calendar for each user, without events.
        case empty
        /// The demonstration account: four calendars and 366 events around the present.
        case sample
        /// As many events as wanted, for measuring and for tests.
        case generated(GeneratedContent)
    }
}

/// How much a generated account holds.
public struct GeneratedContent: Sendable, Hashable {
    /// What chance starts from; the same seed makes the same events.
    public var seed: UInt64
    /// How many events the default user's calendars hold together.
    public var events: Int
    /// Over how many calendars they are spread, the primary one included; at least 1.
    public var calendars: Int
    /// How many of a hundred events are series; the others are single events.
    public var seriesPercent: Int

    /// Says how much to generate.
    public init(seed: UInt64, events: Int, calendars: Int = 1, seriesPercent: Int = 2) {
        self.seed = seed
        self.events = events
        self.calendars = calendars
        self.seriesPercent = seriesPercent
    }
}
