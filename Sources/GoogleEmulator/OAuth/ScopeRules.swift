/// Which scopes exist and how they are spoken of.
///
/// - SeeAlso: Google Identity, "OAuth 2.0 Scopes for Google APIs".
enum ScopeRules {
    static let email = Scopes.prefix + "userinfo.email"
    static let profile = Scopes.prefix + "userinfo.profile"

    private static let known: Set<String> = Set(
        [
            "calendar", "calendar.readonly", "calendar.events", "calendar.events.readonly",
            "calendar.events.owned", "calendar.events.owned.readonly", "calendar.events.freebusy",
            "calendar.events.public.readonly", "calendar.calendarlist",
            "calendar.calendarlist.readonly", "calendar.calendars",
            "calendar.calendars.readonly", "calendar.acls", "calendar.acls.readonly",
            "calendar.settings", "calendar.settings.readonly", "calendar.freebusy",
            "calendar.app.created", "contacts", "contacts.readonly", "contacts.other.readonly",
            "directory.readonly", "user.addresses.read", "user.birthday.read", "user.emails.read",
            "user.gender.read", "user.organization.read", "user.phonenumbers.read", "drive",
            "drive.file", "drive.appdata", "drive.readonly", "drive.metadata",
            "drive.metadata.readonly", "drive.photos.readonly", "drive.scripts",
            "drive.activity", "drive.activity.readonly", "drive.apps.readonly",
            "drive.meet.readonly", "drive.install", "youtube", "youtube.readonly",
            "userinfo.email", "userinfo.profile",
        ].map { Scopes.prefix + $0 })

    /// The scopes of a request, aliases resolved, each once; `openid` joins e-mail and profile.
    ///
    /// - Returns: `nil` if one of them does not exist or there is none.
    static func requested(_ text: String) -> [String]? {
        var scopes: [String] = []
        for word in text.split(whereSeparator: { $0.isWhitespace }) {
            let scope =
                switch word {
                case "email": email
                case "profile": profile
                default: String(word)
                }
            guard scope == "openid" || known.contains(scope) else { return nil }
            if !scopes.contains(scope) { scopes.append(scope) }
        }
        if scopes.contains(email) || scopes.contains(profile), !scopes.contains("openid") {
            scopes.append("openid")
        }
        return scopes.isEmpty ? nil : scopes
    }

    /// Whether Google lets a device ask for it.
    ///
    /// - SeeAlso: Google Identity, "OAuth 2.0 for TV and Limited-Input Device Applications".
    static func isAllowedForDevices(_ scope: String) -> Bool {
        if scope == "openid" || scope == email || scope == profile { return true }
        let name = scope.dropFirst(Scopes.prefix.count)
        return name == "drive.appdata" || name == "drive.file" || name.hasPrefix("youtube")
    }
}
