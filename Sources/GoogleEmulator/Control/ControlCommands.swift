import LosslessJSON

/// What may be done to the local Google from outside of Google's APIs.
struct ControlCommands {
    let state: EmulatorState

    private var world: World { state.world }

    /// Ends cursors or tokens before their time.
    func expire(
        _ what: String, user: String?, parts: [(name: String, value: String)]
    ) throws(LocalGoogleError) {
        guard let service = state.services.all.first(where: { $0.expirables.contains(what) })
        else { throw unknownExpirable }
        if let part = parts.first(where: { !service.targetNames.contains($0.name) }) {
            throw .invalidCommand("\"\(part.name)\" says nothing about \(what).")
        }
        let target = ControlTarget(account: try world.known(user: user), parts: parts)
        try service.expire(what, target, in: world)
    }

    /// What can be expired, said where somebody wants something else.
    var unknownExpirable: LocalGoogleError {
        let words = state.services.all.flatMap(\.expirables).joined(separator: ", ")
        return ControlFields.wrong("what", "one of \(words)")
    }

    /// Gives everything, or the parts that are named, new etags without changing anything else.
    func churn(
        user: String?, parts: [(name: String, value: String)]
    ) throws(LocalGoogleError) {
        let target = ControlTarget(account: try world.known(user: user), parts: parts)
        for service in state.services.all
        where parts.allSatisfy({ service.targetNames.contains($0.name) }) {
            try service.churn(target, in: world)
        }
    }

    /// Where commands may set the clock: from the beginning of the year 6 to that of 9890.
    static let clockRange: ClosedRange<Int64> = -61_977_830_400_000...249_931_094_400_000

    /// Where a clock may be that went on from there; times beyond could not be written.
    static let clockReach: ClosedRange<Int64> = -62_000_000_000_000...250_000_000_000_000

    static let clockRefusal = LocalGoogleError.invalidCommand(
        "The clock goes from \(Stamp.utcSeconds(clockRange.lowerBound / 1000)) to "
            + "\(Stamp.utcSeconds(clockRange.upperBound / 1000)), no farther.")

    /// - Throws: `invalidCommand` outside of ``clockRange``.
    func setClock(_ milliseconds: Int64) throws(LocalGoogleError) {
        guard Self.clockRange.contains(milliseconds) else { throw Self.clockRefusal }
        world.clockOffset += milliseconds - world.now
        world.now = milliseconds
    }

    /// - Throws: `invalidCommand` outside of ``clockRange``.
    func advanceClock(_ milliseconds: Int64) throws(LocalGoogleError) {
        let sum = world.now.addingReportingOverflow(milliseconds)
        guard !sum.overflow else { throw Self.clockRefusal }
        try setClock(sum.partialValue)
    }

    func realClock() {
        world.now -= world.clockOffset
        world.clockOffset = 0
    }

    func reset() {
        state.reset(now: world.now - world.clockOffset)
    }

    /// Plants accounts and groups, then what each service finds in the seed: all of it or nothing.
    func seed(_ seed: JSON) throws(LocalGoogleError) {
        try SeedPlanter(world: world).plant(seed)
    }

    /// The same.
    ///
    /// - Returns: `{"events","calendars","accounts":[EMAIL]}`: how many events there are more than
    ///   before, in how many calendars, and who is new.
    func plant(_ seed: JSON) throws(LocalGoogleError) -> JSON {
        let known = world.allAccounts.map(\.email)
        let before = eventCounts
        try self.seed(seed)
        let more = eventCounts.map { id, count in count - (before[id] ?? 0) }.filter { $0 > 0 }
        return [
            "events": .number(JSONNumber(more.reduce(0, +))),
            "calendars": .number(JSONNumber(more.count)),
            "accounts": .strings(world.allAccounts.map(\.email).filter { !known.contains($0) }),
        ]
    }

    /// How many events each calendar holds that somebody has in a list, by its id.
    private var eventCounts: [String: Int] {
        var counts: [String: Int] = [:]
        for account in world.allAccounts {
            for holding in state.services.all.flatMap({ $0.holdings(of: account, in: world) })
            where holding.unit == "event" {
                counts[holding.id] = holding.count
            }
        }
        return counts
    }

    /// Requests by API and method, mails, posts, and what there is.
    var counters: JSON {
        let mails = JSONObject(
            world.mails.byAddress.map { mail in (mail.address, .int(mail.count)) })
        var counters: JSONObject = [
            "requests": state.log.countsJSON, "mails": .int(world.mails.total),
            "mailsByAddress": .object(mails), "posts": world.outbox.counters,
        ]
        for service in state.services.all {
            for member in service.counters(of: world) { counters[member.key] = member.value }
        }
        return .object(counters)
    }

    /// A new bearer token of a user for every scope, or for some.
    func accessToken(user: String, scopes: [String]?) throws(LocalGoogleError) -> String {
        world.mintAccessToken(try issue(to: user, scopes: scopes))
    }

    /// A new refresh token of a user for every scope.
    func refreshToken(user: String) throws(LocalGoogleError) -> String {
        world.mintRefreshToken(try issue(to: user, scopes: nil))
    }

    /// What a sign-in of a user would leave, the first one where none is named: both tokens, and
    /// what they are good for.
    ///
    /// Scopes that switches withhold or block are none of it.
    func signIn(user: String?) throws(LocalGoogleError) -> JSON {
        let switches = world.switches
        let scopes = Self.usualScopes.filter {
            !switches.withheldScopes.contains($0) && !switches.blockedScopes.contains($0)
        }
        guard !scopes.isEmpty else {
            throw .invalidCommand("The switches leave no scope that a user could allow.")
        }
        guard let email = user ?? world.people.first?.email else {
            throw LocalGoogleError(code: .notFound, message: "There is no user to sign in.")
        }
        let issue = try issue(to: email, scopes: scopes)
        return [
            "accessToken": .string(world.mintAccessToken(issue)),
            "refreshToken": .string(world.mintRefreshToken(issue)),
            "scopes": .strings(scopes),
        ]
    }

    /// What a user allows where nobody says which scopes are meant.
    private static let usualScopes =
        ["openid", ScopeRules.email, ScopeRules.profile]
        + ["calendar", "contacts", "drive"].map { Scopes.prefix + $0 }

    /// The consent of a user to the client that every local Google knows.
    private func issue(
        to user: String, scopes: [String]?
    ) throws(LocalGoogleError) -> OAuthCall.Issue {
        let account = try world.known(email: user)
        let client = LocalGoogleConfiguration.Client.tandemLocal.id
        let wanted = scopes ?? Self.usualScopes
        let grant = world.note(consent: wanted, user: account.email, client: client)
        return OAuthCall.Issue(
            user: account.email, clientID: client, scopes: wanted, grantID: grant.id,
            isOffline: true, refresh: false, nonce: nil)
    }
}

extension World {
    /// The account of that address; `nil` stands for all.
    func known(user: String?) throws(LocalGoogleError) -> Account? {
        guard let user else { return nil }
        return try known(email: user)
    }

    /// The account of that address.
    func known(email: String) throws(LocalGoogleError) -> Account {
        guard let account = account(email) else {
            throw LocalGoogleError(
                code: .notFound, message: "There is no user \(email) on this local Google.")
        }
        return account
    }
}
