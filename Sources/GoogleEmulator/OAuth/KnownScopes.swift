/// The scopes that this Google has heard of.
///
/// - SeeAlso: Google Identity, "OAuth 2.0 Scopes for Google APIs".
enum KnownScopes {
    /// What a scope allows, in words for a person; `nil` where the scope's name must do.
    static func meaning(of scope: String) -> String? { meanings[scope] }

    /// The scope of that name, spelt as it is kept; `nil` if there is none.
    static func known(_ scope: String) -> String? {
        spelt.firstIndex(of: scope).map { spelt[$0] }
    }

    private static let spelt: Set<String> = Set(
        names.map { Scopes.prefix + $0 } + [
            "openid", "https://mail.google.com/", "https://www.google.com/calendar/feeds",
            "https://www.google.com/m8/feeds", "https://www.google.com/m8/feeds/",
        ])

    private static let names: [String] = Array(
        [
            [
                "calendar", "calendar.readonly", "calendar.events", "calendar.events.readonly",
                "calendar.events.owned", "calendar.events.owned.readonly",
                "calendar.events.freebusy",
                "calendar.events.public.readonly", "calendar.calendarlist",
                "calendar.calendarlist.readonly", "calendar.calendars",
                "calendar.calendars.readonly", "calendar.acls", "calendar.acls.readonly",
                "calendar.settings", "calendar.settings.readonly", "calendar.freebusy",
                "calendar.app.created", "calendar.addons.execute",
                "calendar.addons.current.event.read", "calendar.addons.current.event.write",
            ],
            [
                "contacts", "contacts.readonly", "contacts.other.readonly", "directory.readonly",
                "user.addresses.read", "user.birthday.read", "user.emails.read", "user.gender.read",
                "user.organization.read", "user.phonenumbers.read", "profile.agerange.read",
                "profile.language.read", "userinfo.email", "userinfo.profile",
            ],
            [
                "drive", "drive.file", "drive.appdata", "drive.appfolder", "drive.readonly",
                "drive.metadata", "drive.metadata.readonly", "drive.photos.readonly",
                "drive.scripts",
                "drive.activity", "drive.activity.readonly", "drive.apps.readonly",
                "drive.meet.readonly", "drive.install", "drive.labels", "drive.labels.readonly",
                "documents", "documents.readonly", "spreadsheets", "spreadsheets.readonly",
                "presentations", "presentations.readonly", "forms.body", "forms.body.readonly",
                "forms.responses.readonly", "script.projects", "script.projects.readonly",
            ],
            [
                "gmail.addons.current.action.compose", "gmail.compose", "gmail.insert",
                "gmail.labels", "gmail.metadata", "gmail.modify", "gmail.readonly", "gmail.send",
                "gmail.settings.basic", "gmail.settings.sharing", "tasks", "tasks.readonly",
                "meetings.space.created", "meetings.space.readonly", "chat.messages",
                "chat.messages.readonly", "chat.spaces", "chat.spaces.readonly", "keep",
                "keep.readonly", "classroom.courses", "classroom.courses.readonly",
            ],
            [
                "youtube", "youtube.readonly", "youtube.force-ssl", "youtube.upload",
                "youtubepartner", "photoslibrary", "photoslibrary.readonly",
                "photoslibrary.appendonly", "fitness.activity.read", "fitness.activity.write",
                "blogger", "blogger.readonly", "books", "analytics", "analytics.readonly",
            ],
            [
                "cloud-platform", "cloud-platform.read-only", "userinfo.accounts",
                "accounts.reauth", "appengine.admin", "compute", "sqlservice.login", "bigquery",
                "devstorage.full_control", "devstorage.read_only", "devstorage.read_write",
                "pubsub",
                "admin.directory.user", "admin.directory.user.readonly", "admin.directory.group",
                "admin.directory.group.readonly", "admin.directory.resource.calendar",
                "admin.directory.resource.calendar.readonly", "cloud-identity.groups",
                "cloud-identity.groups.readonly",
            ],
        ].joined())

    private static let meanings: [String: String] = [
        "openid": "Know who you are on Google",
        ScopeRules.email: "See your e-mail address",
        ScopeRules.profile: "See your name and picture",
        Scopes.prefix + "calendar": "See, change, share and delete all your calendars",
        Scopes.prefix + "calendar.readonly": "See and download all your calendars",
        Scopes.prefix + "calendar.events": "See and change events on all your calendars",
        Scopes.prefix + "calendar.events.readonly": "See events on all your calendars",
        Scopes.prefix + "calendar.app.created": "Make calendars and change what is in them",
        Scopes.prefix + "calendar.freebusy": "See when you are busy",
        Scopes.prefix + "contacts": "See, change and delete your contacts",
        Scopes.prefix + "contacts.readonly": "See your contacts",
        Scopes.prefix + "contacts.other.readonly": "See people whom Google noted for you",
        Scopes.prefix + "drive": "See, change, make and delete all your files",
        Scopes.prefix + "drive.readonly": "See and download all your files",
        Scopes.prefix + "drive.file": "See and change the files that you open with this program",
        Scopes.prefix + "drive.appdata": "Keep its own settings in your Drive",
        "https://mail.google.com/": "Read, write, send and delete all your mail",
    ]
}
