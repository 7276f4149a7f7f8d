import LosslessJSON

/// What may be done to the local Google from outside of Google's APIs.
struct ControlCommands {
    let state: EmulatorState

    private var world: World { state.world }

    /// Ends cursors or tokens before their time.
    func expire(
        _ what: LocalGoogle.Expiring, user: String?, calendar: String?
    ) throws(LocalGoogleError) {
        let email = try known(user: user)?.email
        let calendarID = try calendar.map { id throws(LocalGoogleError) in
            try known(calendar: id, user: email).id
        }
        switch what {
        case .calendarCursors:
            let floor = CursorFloor(
                user: email, calendar: calendarID, issue: world.nextVersion())
            world.cursorFloors.removeAll { $0.user == email && $0.calendar == calendarID }
            world.cursorFloors.append(floor)
        case .accessTokens:
            for (token, access) in world.oauth.accessTokens
            where email == nil || access.user == email {
                world.oauth.accessTokens[token]?.expires = world.now
            }
        case .refreshTokens:
            world.oauth.refreshTokens = world.oauth.refreshTokens.filter {
                email != nil && $0.value.user != email
            }
        case .peopleCursors:
            break  // There are none yet, so that none is left alive.
        }
    }

    /// Gives every event of the calendars new etags without changing anything else.
    func churn(user: String?, calendar: String?) throws(LocalGoogleError) {
        let email = try known(user: user)?.email
        var calendars = world.allCalendars.filter { email == nil || $0.owner == email }
        if let calendar { calendars = [try known(calendar: calendar, user: email)] }
        for calendar in calendars {
            for record in calendar.events.order where record.life == .live {
                record.churn(version: world.nextVersion())
                calendar.events.touch(record, formerUID: record.iCalUID, contentChangedAt: nil)
            }
        }
    }

    /// The moments that can be written, about the years 5 to 9890.
    static let clockRange: ClosedRange<Int64> = -62_000_000_000_000...250_000_000_000_000

    /// Sets the clock, or moves it as near as it can be written.
    func setClock(_ milliseconds: Int64) {
        let moment = min(max(milliseconds, Self.clockRange.lowerBound), Self.clockRange.upperBound)
        world.clockOffset += moment - world.now
        world.now = moment
    }

    /// - Throws: `invalidCommand` where the sum cannot be told any more.
    func advanceClock(_ milliseconds: Int64) throws(LocalGoogleError) {
        let sum = world.now.addingReportingOverflow(milliseconds)
        guard !sum.overflow, Self.clockRange.contains(sum.partialValue) else {
            throw LocalGoogleError(
                code: .invalidCommand, message: "The clock cannot be moved that far.")
        }
        setClock(sum.partialValue)
    }

    func realClock() {
        world.now -= world.clockOffset
        world.clockOffset = 0
    }

    func reset() {
        state.reset(now: world.now - world.clockOffset)
    }

    /// Requests by API and method, mails, and what there is.
    var counters: JSON {
        var mails: JSONObject = [:]
        for mail in world.mails.byAddress {
            mails[mail.address] = .number(JSONNumber(mail.count))
        }
        let events = world.allCalendars.reduce(0) { $0 + $1.events.liveCount }
        return [
            "requests": state.log.countsJSON, "mails": .number(JSONNumber(world.mails.total)),
            "mailsByAddress": .object(mails),
            "calendars": .number(JSONNumber(world.allCalendars.count)),
            "events": .number(JSONNumber(events)), "contacts": 0, "files": 0,
        ]
    }

    /// A new bearer token of a user for every scope, or for some.
    func accessToken(user: String, scopes: [String]?) throws(LocalGoogleError) -> String {
        guard let account = try known(user: user) else { return "" }
        let client = LocalGoogleConfiguration.Client.tandemLocal.id
        let wanted =
            scopes ?? [
                "openid", ScopeRules.email, ScopeRules.profile, Scopes.prefix + "calendar",
                Scopes.prefix + "contacts", Scopes.prefix + "drive",
            ]
        let grant = world.note(consent: wanted, user: account.email, client: client)
        return world.mintAccessToken(
            OAuthService.Issue(
                user: account.email, clientID: client, scopes: wanted, grantID: grant.id,
                isOffline: true, refresh: false, nonce: nil))
    }

    /// The account of that address; `nil` stands for all.
    func known(user: String?) throws(LocalGoogleError) -> Account? {
        guard let user else { return nil }
        guard let account = world.account(user) else {
            throw LocalGoogleError(
                code: .notFound, message: "There is no user \(user) on this local Google.")
        }
        return account
    }

    /// The calendar of that id, or title, or the user's own for `primary`.
    func known(calendar: String, user: String?) throws(LocalGoogleError) -> CalendarRecord {
        let id = calendar == "primary" ? user ?? world.defaultAccount?.email ?? "" : calendar
        if let found = world.calendar(id) { return found }
        let titled = world.allCalendars.first {
            $0.summary == calendar && (user == nil || $0.owner == user)
        }
        guard let titled else {
            throw LocalGoogleError(
                code: .notFound, message: "There is no calendar \(calendar) on this local Google.")
        }
        return titled
    }
}
