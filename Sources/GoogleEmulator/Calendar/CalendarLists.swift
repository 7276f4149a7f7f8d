import LosslessJSON

/// The methods of `calendarList`: the calendars that a user has on the own list.
///
/// - SeeAlso: Google Calendar API reference, "CalendarList".
struct CalendarLists {
    let call: APICall

    private var account: Account { call.account }

    func list() throws(GoogleFailure) -> Reply {
        let query = call.query
        let maxResults = try query.count("maxResults", default: 100, max: 250)
        let showDeleted = try query.flag("showDeleted")
        let showHidden = try query.flag("showHidden")
        let isOwnOnly = try query.flag("showOwnOrganizationOnly")
        let minimum = try query.choice(
            "minAccessRole", of: AccessRole.allCases.dropFirst().map(\.rawValue))
        let floor = minimum.flatMap(AccessRole.init) ?? .none
        let sync = try sync(showDeleted: showDeleted, showHidden: showHidden)
        let pager = SmallPager(
            call: call, template: template, maxResults: maxResults,
            names: [
                "showDeleted", "showHidden", "minAccessRole", "showOwnOrganizationOnly",
                "syncToken",
            ])
        let entries = account.listEntries.enumerated().filter { _, entry in
            if let sync { return entry.sequence > sync.sequence }
            if entry.isRemoved { return showDeleted }
            if entry.view["hidden"]?.bool == true, !showHidden { return false }
            if isOwnOnly, !isOwn(entry.calendarID) { return false }
            return role(entry.calendarID) >= floor
        }
        return try pager.reply(
            kind: "calendar#calendarList", version: account.listSequence,
            items: entries.map { ($0.offset, resource($0.element)) })
    }

    /// Whether the calendar's data belong to somebody of the caller's organization: its domain.
    private func isOwn(_ calendarID: String) -> Bool {
        call.world.calendar(calendarID)?.owner?.hasSuffix("@" + account.domain) == true
    }

    private var template: Cursor {
        Cursor(
            topic: "calendarList", user: account.email, fingerprint: 0,
            sequence: account.listSequence, world: call.world)
    }

    private func sync(
        showDeleted: Bool, showHidden: Bool
    ) throws(GoogleFailure) -> Cursor? {
        let query = call.query
        guard let text = query.nonEmpty("syncToken") else { return nil }
        let refused = ["minAccessRole", "showOwnOrganizationOnly"]
        let switches = [("showDeleted", showDeleted), ("showHidden", showHidden)]
        if refused.contains(where: { query.nonEmpty($0) != nil })
            || switches.contains(where: { query.nonEmpty($0.0) != nil && !$0.1 })
        {
            throw .syncTokenRestrictions
        }
        return try call.world.syncCursor(text, like: template)
    }

    func get() throws(GoogleFailure) -> Reply { .json(resource(try entry())) }

    /// Puts a calendar on the list; one that is there is only changed.
    func insert() throws(GoogleFailure) -> Reply {
        let body = try call.body()
        guard let id = body["id"]?.nonNull?.string, !id.isEmpty else {
            throw .required("Missing calendar ID.")
        }
        let calendar = try call.access(to: id, .freeBusyReader).calendar
        let view = try view(body, over: [:])
        let known = account.entry(of: calendar.id)
        guard known != nil || call.world.hasRoom(onListOf: account) else {
            throw .usageLimitsExceeded
        }
        let entry =
            known
            ?? account.subscribe(
                to: calendar, color: account.listEntries.count,
                version: call.world.nextVersion())
        for member in view { entry.view[member.key] = member.value }
        account.touch(entry, version: call.world.nextVersion())
        return .json(resource(entry))
    }

    func change(replaces: Bool) throws(GoogleFailure) -> Reply {
        let entry = try entry()
        try call.checkIfMatch(etag(entry))
        let body = try call.body()
        let kept: JSONObject = replaces ? [:] : entry.view
        var view = try view(body, over: kept)
        if view["colorId"] == nil { view["colorId"] = entry.view["colorId"] }
        guard view != entry.view else { return .json(resource(entry)) }
        entry.view = view
        account.touch(entry, version: call.world.nextVersion())
        return .json(resource(entry))
    }

    func delete() throws(GoogleFailure) -> Reply {
        let entry = try entry()
        guard entry.calendarID != account.email else {
            throw .invalid("The primary calendar cannot be removed from the calendar list.")
        }
        try call.checkIfMatch(etag(entry))
        call.world.takeOff(entry.calendarID, listOf: account)
        return .noContent
    }

    /// The live entry that the path names.
    private func entry() throws(GoogleFailure) -> ListEntry {
        let id = call.part("calendarId")
        guard let calendar = call.world.calendar(id == "primary" ? account.email : id),
            let entry = account.entry(of: calendar.id),
            call.credential.limited(role(calendar.id), in: calendar, for: call.route) > .none
        else { throw .notFound }
        return entry
    }

    private func role(_ calendarID: String) -> AccessRole {
        call.world.calendar(calendarID).map { call.world.role(of: account, in: $0) } ?? .none
    }

    /// The etag with its quotes; an entry shows the calendar and the user's role, too.
    private func etag(_ entry: ListEntry) -> String {
        guard !entry.isRemoved, let calendar = call.world.calendar(entry.calendarID) else {
            return "\"\(entry.version)\""
        }
        return Fingerprint.etag(
            "\(entry.version) \(calendar.version) \(role(calendar.id).rawValue)")
    }

    /// What the user may set, laid over what was set before.
    ///
    /// Colours as RGB count only with `colorRgbFormat`; a colour id takes their place.
    private func view(
        _ body: JSONObject, over old: JSONObject
    ) throws(GoogleFailure) -> JSONObject {
        let takesRGB = try call.query.flag("colorRgbFormat")
        var view = old
        for name in ["summaryOverride", "colorId", "hidden", "selected"] where body[name] != nil {
            view[name] = body[name]?.nonNull
        }
        if body["colorId"]?.nonNull != nil, !takesRGB {
            view.removeValue(forKey: "backgroundColor")
            view.removeValue(forKey: "foregroundColor")
        }
        for name in ["defaultReminders", "notificationSettings"] where body[name] != nil {
            view[name] = body[name]?.nonNull
        }
        if takesRGB {
            for name in ["backgroundColor", "foregroundColor"] where body[name] != nil {
                view[name] = body[name]?.nonNull
            }
        }
        try ListEntryChecks.check(&view)
        return view
    }

    /// The entry as Google sends it.
    func resource(_ entry: ListEntry) -> JSONObject {
        guard !entry.isRemoved, let calendar = call.world.calendar(entry.calendarID) else {
            return [
                "kind": "calendar#calendarListEntry", "etag": .string(etag(entry)),
                "id": .string(entry.calendarID), "deleted": true,
            ]
        }
        var document: JSONObject = [
            "kind": "calendar#calendarListEntry", "etag": .string(etag(entry)),
            "id": .string(calendar.id),
        ]
        for name in ["summary", "description", "location", "timeZone"] {
            document[name] = calendar.metadata[name]
        }
        if !calendar.isPrimary, let owner = calendar.owner {
            document["dataOwner"] = .string(owner)
        }
        document["summaryOverride"] = entry.view["summaryOverride"]
        let color = entry.view["colorId"]?.string ?? "1"
        let palette = Palette.calendar(color)
        document["colorId"] = .string(color)
        document["backgroundColor"] = entry.view["backgroundColor"] ?? .string(palette.background)
        document["foregroundColor"] = entry.view["foregroundColor"] ?? .string(palette.foreground)
        for name in ["hidden", "selected"] where entry.view[name]?.bool == true {
            document[name] = true
        }
        document["accessRole"] = .string(role(calendar.id).rawValue)
        document["defaultReminders"] = entry.view["defaultReminders"] ?? .array([])
        document["notificationSettings"] = entry.view["notificationSettings"]
        if calendar.id == account.email { document["primary"] = true }
        for member in calendar.resource where document[member.key] == nil {
            document[member.key] = member.value
        }
        return document
    }
}

/// The limits of what a user sets for a calendar on the own list.
enum ListEntryChecks {
    /// - Throws: 400 `invalid`.
    static func check(_ view: inout JSONObject) throws(GoogleFailure) {
        if let color = view["colorId"] {
            guard let number = color.string.flatMap({ Int($0) }),
                Palette.calendars.indices.contains(number - 1)
            else { throw .invalid("Invalid value for: colorId") }
        }
        for name in ["backgroundColor", "foregroundColor"] {
            guard let color = view[name] else { continue }
            guard let text = color.string, isColor(text) else {
                throw .invalid("Invalid value for: \(name)")
            }
        }
        for name in ["hidden", "selected"] where view[name] != nil && view[name]?.bool == nil {
            throw .badRequest
        }
        if view["hidden"]?.bool == true { view.removeValue(forKey: "selected") }
        guard view["summaryOverride"].map({ $0.string != nil }) ?? true,
            view["notificationSettings"].map({ $0.object != nil }) ?? true,
            view["defaultReminders"].map({ $0.array != nil }) ?? true
        else { throw .badRequest }
        guard (view["defaultReminders"]?.array ?? []).count <= 5 else {
            throw .invalid("Invalid value for: defaultReminders")
        }
        for reminder in view["defaultReminders"]?.array ?? [] {
            guard let method = reminder["method"]?.string, ["email", "popup"].contains(method),
                let minutes = reminder["minutes"]?.int, (0...40_320).contains(minutes)
            else { throw .invalid("Invalid value for: defaultReminders") }
        }
        if let settings = view["notificationSettings"] { try checkNotifications(settings) }
    }

    private static let notificationTypes = [
        "eventCreation", "eventChange", "eventCancellation", "eventResponse", "agenda",
    ]

    /// - SeeAlso: Google Calendar API reference, "CalendarList", property
    ///   `notificationSettings.notifications[]`.
    private static func checkNotifications(_ settings: JSON) throws(GoogleFailure) {
        guard let given = settings["notifications"]?.nonNull else { return }
        guard let list = given.array else { throw .badRequest }
        for one in list {
            guard let type = one["type"]?.string, notificationTypes.contains(type),
                one["method"]?.string == "email"
            else { throw .invalid("Invalid value for: notificationSettings.notifications") }
        }
    }

    static func isColor(_ text: String) -> Bool {
        text.utf8.count == 7 && text.hasPrefix("#") && text.dropFirst().allSatisfy(\.isHexDigit)
    }
}
