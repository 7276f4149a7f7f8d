/// A list of the Calendar API that can be watched.
struct WatchedResource: Hashable {
    let kind: Kind
    /// The calendar's id, or the address of the user whose list it is.
    let holder: String

    enum Kind: String {
        case events
        case acl
        case calendarList
        case settings
    }

    /// The parameters that make one list differ from another; those that say from where and how
    /// much of it is read do not.
    private var names: [String] {
        switch kind {
        case .events:
            [
                "alwaysIncludeEmail", "eventTypes", "iCalUID", "maxAttendees", "maxResults",
                "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "showDeleted",
                "showHiddenInvitations", "singleEvents", "timeMax", "timeMin", "timeZone",
                "updatedMin",
            ]
        case .acl: ["maxResults", "showDeleted"]
        case .calendarList:
            [
                "maxResults", "minAccessRole", "showDeleted", "showHidden",
                "showOwnOrganizationOnly",
            ]
        case .settings: ["maxResults"]
        }
    }

    private var path: String {
        // Google leaves the at sign as it is.
        let calendar = PercentCoding.encode(holder).replacing("%40", with: "@")
        return switch kind {
        case .events: "calendars/\(calendar)/events"
        case .acl: "calendars/\(calendar)/acl"
        case .calendarList: "users/me/calendarList"
        case .settings: "users/me/settings"
        }
    }

    private func parameters(_ query: Parameters) -> [String] {
        let names = self.names
        return query.items.filter { names.contains($0.name) }.map { item in
            "\(item.name)=\(PercentCoding.encode(item.value))"
        }
    }

    /// The resource's address for those who are told of it.
    func uri(_ query: Parameters) -> String {
        "https://www.googleapis.com/calendar/v3/\(path)?"
            + (parameters(query) + ["alt=json"]).joined(separator: "&")
    }

    /// The resource's opaque id; the same list with the same parameters has always the same one.
    func id(_ query: Parameters) -> String {
        let parts = [kind.rawValue, holder] + parameters(query).sorted()
        var letters = SplitMix64(seed: Fingerprint.of(parts.joined(separator: "\n").utf8))
        return letters.word(27, from: Alphabet.base64URL)
    }

    /// A number that is another one after each change that a delta of the list shows; `nil` where
    /// the user cannot read the list.
    func state(for account: Account, in world: World) -> Int64? {
        switch kind {
        case .calendarList: return account.listSequence
        case .settings: return account.settingsSequence
        case .events, .acl:
            guard let calendar = world.calendar(holder) else { return nil }
            let role = world.role(of: account, in: calendar)
            if kind == .acl { return role >= .writer ? calendar.rules.sequence : nil }
            return role >= .freeBusyReader ? calendar.events.sequence : nil
        }
    }
}
