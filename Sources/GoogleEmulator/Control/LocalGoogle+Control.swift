public import LosslessJSON

extension LocalGoogle {
    /// Which commands the control API knows: it grows with each that is new.
    ///
    /// Every answer of the API carries it in the header `Local-Google-Protocol`.
    public static let controlProtocol = 4

    /// How large a seed or a snapshot may be, in bytes: as large as JSON can be parsed.
    ///
    /// It holds for files, for the control API and for whoever talks to it.
    public static let maxDataBytes = (512 << 20) - 1

    /// The limits of the JSON of a seed or a snapshot.
    public static let dataLimits = JSONLimits(maxBytes: maxDataBytes)

    /// What can be ended before its time.
    public enum Expiring: String, Sendable, CaseIterable {
        /// Sync tokens of the Calendar API: the next delta answers 410.
        case calendarCursors = "calendar-cursors"
        /// Page tokens of the Calendar API: the next page answers 400.
        case calendarPageTokens = "calendar-page-tokens"
        /// Sync tokens of the People API.
        case peopleCursors = "people-cursors"
        /// Access tokens: the next request answers 401. Fixed tokens never expire.
        case accessTokens = "access-tokens"
        /// Refresh tokens: the next refresh answers `invalid_grant`.
        case refreshTokens = "refresh-tokens"
    }

    /// The users' addresses; the first is the one who signs in by default.
    public var users: [String] {
        locked { $0.world.people.map(\.email) }
    }

    /// Adds a user with an empty primary calendar; one who is there already stays as is.
    ///
    /// - Throws: ``LocalGoogleError`` with code `invalidCommand` for a text that
    ///   ``EmailAddress/isUsable(_:)`` refuses.
    public func addUser(_ email: String, name: String? = nil) throws(LocalGoogleError) {
        guard EmailAddress.isUsable(email) else {
            throw .invalidCommand(
                "A user needs an e-mail address: a name, an @ and a domain, without blanks.")
        }
        locked { _ = $0.world.ensureAccount(email, name: name) }
    }

    /// A new bearer token that lives for an hour.
    ///
    /// Without scopes it grants the Calendar, contacts, Drive and who the user is; otherwise
    /// exactly the full scope names.
    /// - Throws: ``LocalGoogleError`` with code `notFound` for an unknown user.
    public func accessToken(
        for email: String, scopes: [String]? = nil
    ) throws(LocalGoogleError) -> String {
        try locked { state throws(LocalGoogleError) in
            try ControlCommands(state: state).accessToken(user: email, scopes: scopes)
        }
    }

    /// The file of a user who has signed in with the client that every local Google knows.
    ///
    /// The base is for example `http://127.0.0.1:8085`, without a closing slash.
    /// - Throws: ``LocalGoogleError`` with code `notFound` for an unknown user.
    public func credentials(
        for email: String, baseURL: String
    ) throws(LocalGoogleError) -> [UInt8] {
        let client = LocalGoogleConfiguration.Client.tandemLocal
        let refresh = try locked { state throws(LocalGoogleError) in
            try ControlCommands(state: state).refreshToken(user: email)
        }
        let file: JSON = [
            "type": "authorized_user", "account": .string(email.lowercased()),
            "client_id": .string(client.id), "client_secret": .string(client.secret),
            "refresh_token": .string(refresh), "token_uri": .string(baseURL + "/token"),
        ]
        return file.serialized(.pretty)
    }

    /// Ends cursors or tokens before their time.
    ///
    /// - Throws: ``LocalGoogleError`` with code `notFound` for an unknown user or calendar.
    public func expire(
        _ what: Expiring, user: String? = nil, calendar: String? = nil
    ) throws(LocalGoogleError) {
        try locked { state throws(LocalGoogleError) in
            try ControlCommands(state: state).expire(
                what.rawValue, user: user, parts: Self.parts(calendar))
        }
    }

    /// Gives events new etags without changing them, as Google does now and then.
    ///
    /// - Throws: ``LocalGoogleError`` with code `notFound` for an unknown user or calendar.
    public func churn(user: String? = nil, calendar: String? = nil) throws(LocalGoogleError) {
        try locked { state throws(LocalGoogleError) in
            try ControlCommands(state: state).churn(user: user, parts: Self.parts(calendar))
        }
    }

    private static func parts(_ calendar: String?) -> [(name: String, value: String)] {
        calendar.map { [("calendar", $0)] } ?? []
    }

    /// The choices that hold now; a reset goes back to the configuration's.
    public var switches: Switches {
        get { locked { $0.world.switches } }
        set { locked { $0.world.switches = newValue } }
    }

    /// Arms a fault and answers its id.
    ///
    /// - Throws: ``LocalGoogleError`` with code `invalidCommand` for senseless values and for
    ///   errors that Google's documentation does not know, `limitReached` where too many wait.
    @discardableResult
    public func addFault(_ fault: Fault) throws(LocalGoogleError) -> String {
        try locked { state throws(LocalGoogleError) in
            try state.faults.add(fault, among: state.services)
        }
    }

    /// Disarms one fault, or all of them.
    ///
    /// - Returns: Whether there was one of that id.
    @discardableResult
    public func removeFault(_ id: String? = nil) -> Bool {
        locked { $0.faults.remove(id) }
    }

    /// Every request since the last clearing; of many only the last ones.
    public var requests: [RequestRecord] {
        locked { $0.log.items }
    }

    /// Forgets the requests; counters go on.
    public func clearRequests() {
        locked { $0.log.clear() }
    }

    /// Requests by API and method, mails that would have been sent, and how much there is.
    public var counters: JSON {
        locked { ControlCommands(state: $0).counters }
    }

    /// The mails that would have been sent since the start or the last reset.
    public var mails: Int64 {
        locked { $0.world.mails.total }
    }

    /// The present of this local Google, in milliseconds since 1970.
    public var clock: Int64 {
        locked { $0.world.now }
    }

    /// Sets the clock, in milliseconds since 1970; it goes on from there at its own pace.
    ///
    /// - Throws: ``LocalGoogleError`` with code `invalidCommand` before the year 6 and after the
    ///   beginning of the year 9890.
    public func setClock(_ milliseconds: Int64) throws(LocalGoogleError) {
        try locked { state throws(LocalGoogleError) in
            try ControlCommands(state: state).setClock(milliseconds)
        }
    }

    /// Moves the clock.
    ///
    /// - Throws: ``LocalGoogleError`` with code `invalidCommand` where ``setClock(_:)`` throws it.
    public func advanceClock(milliseconds: Int64) throws(LocalGoogleError) {
        try locked { state throws(LocalGoogleError) in
            try ControlCommands(state: state).advanceClock(milliseconds)
        }
    }

    /// Goes back to the given clock.
    public func useRealClock() {
        locked { ControlCommands(state: $0).realClock() }
    }

    /// Goes back to the state of the start: content, tokens, switches, faults, quotas, lag, requests
    /// and clock.
    public func reset() {
        locked { ControlCommands(state: $0).reset() }
    }

    /// Adds accounts, groups, calendars and events: all of them, or none.
    ///
    /// - Parameter seed: `{"accounts":[{"email","name"?,"settings"?:[SETTING]}],
    ///   "groups":[{"email","members":[EMAIL]}],
    ///   "calendars":[{"owner"?,"id"?,"summary"?,"acl"?:[RULE],"subscribers"?:[EMAIL],
    ///   "events"?:[EVENT]}], "generate"?:{"user"?,"seed"?,"events","calendars"?,"seriesPercent"?}}`.
    ///   Settings, calendars, rules and events are Google's own resources, whose ids are kept.
    ///   Without `id` and `summary` the owner's primary calendar is meant.
    /// - Throws: ``LocalGoogleError`` with code `invalidSeed` and the way to what is wrong, as in
    ///   `calendars[0].events[2]`; then nothing was changed.
    public func seed(_ seed: JSON) throws(LocalGoogleError) {
        try locked { state throws(LocalGoogleError) in
            try ControlCommands(state: state).seed(seed)
        }
    }

    /// Everything there is, in a form that ``restore(_:)`` takes back.
    public func snapshot() -> JSON {
        locked { SnapshotWriter(world: $0.world).document }
    }

    /// Replaces everything by a snapshot; cursors and tokens of its time are valid again.
    ///
    /// - Throws: ``LocalGoogleError`` with code `invalidSnapshot`; then nothing was changed.
    public func restore(_ snapshot: JSON) throws(LocalGoogleError) {
        try locked { state throws(LocalGoogleError) in
            state.restore(try SnapshotReader(snapshot, for: state.world))
        }
    }
}
