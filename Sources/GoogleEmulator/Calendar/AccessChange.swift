/// Changes of who may do what, by requests and by seeds.
extension World {
    /// So many removed rules of a calendar and removed entries of a list are kept for cursors.
    static let mostRemoved = 1000
    /// So many calendars may be on a user's list.
    static let mostListed = 10_000

    /// Whether a user's list takes so many calendars more.
    func hasRoom(onListOf account: Account, for count: Int = 1) -> Bool {
        account.listEntries.count { !$0.isRemoved } + count <= Self.mostListed
    }

    /// Changes a rule of a calendar; who may do nothing any more loses it from the own list.
    ///
    /// - Throws: 403 `forbidden` for what would leave a calendar without its owner,
    ///   `quotaExceeded` for a rule too many; 400 `invalid` for everybody as its owner.
    /// - SeeAlso: Google Calendar API guide, "Handle API errors", "403: Calendar usage limits
    ///   exceeded".
    @discardableResult
    func allow(
        _ type: String, _ value: String, _ role: AccessRole, on calendar: CalendarRecord
    ) throws(GoogleFailure) -> AccessRules.Rule {
        guard type != "default" || role < .owner else {
            throw .invalid("Invalid role: a calendar cannot be everybody's.")
        }
        let address = value.lowercased()
        if type == "user", role < .owner, calendar.rules["user:\(address)"]?.role == .owner {
            try checkOwners(of: calendar, without: address)
        }
        guard role == .none || !calendar.rules.isFull(for: type, address) else {
            throw .usageLimitsExceeded
        }
        let rule = calendar.rules.set(
            scopeType: type, value: value, role: role, version: nextVersion())
        if let version = calendar.rules.forgetRemoved(beyond: Self.mostRemoved) {
            endCursors(of: "acl", user: nil, calendar: calendar.id, since: version)
        }
        for account in allAccounts
        where account.entry(of: calendar.id) != nil && self.role(of: account, in: calendar) == .none
        {
            takeOff(calendar.id, listOf: account)
        }
        return rule
    }

    /// - Throws: 403 `forbidden` where nobody would own the calendar, or not who owns its data.
    private func checkOwners(
        of calendar: CalendarRecord, without address: String
    ) throws(GoogleFailure) {
        guard calendar.rules.owners > 1 else {
            throw GoogleFailure(
                403, "global", "forbidden", "The last owner of a calendar cannot be removed.")
        }
        guard calendar.owner != address else {
            throw GoogleFailure(
                403, "global", "forbidden", "The data owner of a calendar remains its owner.")
        }
    }

    /// Takes a calendar off a user's list; a cursor will hear of it.
    func takeOff(_ calendarID: String, listOf account: Account) {
        account.unsubscribe(from: calendarID, version: nextVersion())
        guard account.listEntries.count(where: \.isRemoved) > Self.mostRemoved else { return }
        let removed = account.listEntries.filter(\.isRemoved).sorted { $0.sequence < $1.sequence }
        let last = removed[removed.count / 2]
        account.replaceList(
            account.listEntries.filter { !$0.isRemoved || $0.sequence > last.sequence },
            sequence: account.listSequence)
        endCursors(of: "calendarList", user: account.email, calendar: nil, since: last.version)
    }

    /// Ends the cursors that would have to tell of a removal that is forgotten, and the pages of
    /// now: their places have moved.
    private func endCursors(
        of topic: String, user: String?, calendar: String?, since version: Int64
    ) {
        set(CursorFloor(user: user, calendar: calendar, topic: topic, issue: version))
        set(
            CursorFloor(
                user: user, calendar: calendar, topic: topic, issue: nextVersion(),
                isOfPages: true))
    }

    /// Ends cursors; a floor takes the place of an older one of the same cursors.
    func set(_ floor: CursorFloor) {
        calendarState.cursorFloors.removeAll {
            $0.user == floor.user && $0.calendar == floor.calendar && $0.topic == floor.topic
                && $0.isOfPages == floor.isOfPages
        }
        calendarState.cursorFloors.append(floor)
    }
}
