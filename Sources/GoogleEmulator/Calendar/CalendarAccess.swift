extension APICall {
    /// A calendar with the role that the caller has in it.
    struct Access {
        let calendar: CalendarRecord
        let role: AccessRole
    }

    /// The calendar that the path names.
    func access(_ needed: AccessRole) throws(GoogleFailure) -> Access {
        try access(to: part("calendarId"), needed)
    }

    /// The calendar of that id, or the caller's own for `primary`.
    ///
    /// - Throws: 404 if it is unknown or hidden from the caller, 403 if the role is too low.
    func access(to id: String, _ needed: AccessRole) throws(GoogleFailure) -> Access {
        guard let calendar = world.calendar(id == "primary" ? account.email : id) else {
            throw .notFound
        }
        let role = credential.limited(
            world.role(of: account, in: calendar), in: calendar, for: route)
        guard role > .none else { throw .notFound }
        guard role >= needed else {
            throw .needs(needed == .writerWithoutPrivateAccess ? "writer" : needed.rawValue)
        }
        return Access(calendar: calendar, role: role)
    }
}

extension Credential {
    /// The role that is left of a user's role under narrow scopes.
    ///
    /// - SeeAlso: Google Calendar API guide, "Choose Google Calendar API scopes".
    func limited(
        _ role: AccessRole, in calendar: CalendarRecord, for route: Route
    ) -> AccessRole {
        guard let scopes else { return role }
        var best = AccessRole.none
        for name in route.scopes where scopes.contains(Scopes.prefix + name) {
            let reached: AccessRole =
                switch name {
                case "calendar.app.created":
                    calendar.createdByClient == clientID ? role : .none
                case "calendar.events.owned", "calendar.events.owned.readonly":
                    role == .owner ? role : .none
                case "calendar.events.public.readonly":
                    min(role, calendar.rules["default"]?.role ?? .none)
                case "calendar.events.freebusy", "calendar.freebusy": min(role, .freeBusyReader)
                default: role
                }
            best = max(best, reached)
        }
        return best
    }
}
