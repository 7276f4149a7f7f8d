import LosslessJSON

/// The methods of `acl`: who may do what with a calendar.
///
/// - SeeAlso: Google Calendar API reference, "Acl".
struct AccessControl {
    let call: APICall

    func list() throws(GoogleFailure) -> Reply {
        let calendar = try call.access(.writer).calendar
        let query = call.query
        let maxResults = try query.count("maxResults", default: 100, max: 250)
        let showDeleted = try query.flag("showDeleted")
        var template = Cursor(
            topic: "acl", user: call.account.email, fingerprint: 0,
            sequence: calendar.rules.sequence, world: call.world)
        template.calendar = calendar.id
        let text = query.nonEmpty("syncToken")
        if text != nil, query.nonEmpty("showDeleted") != nil, !showDeleted {
            throw .syncTokenRestrictions
        }
        let sync = try text.map { text throws(GoogleFailure) in
            try call.world.syncCursor(text, like: template)
        }
        let rules = calendar.rules.rules.enumerated().filter { _, rule in
            if let sync { return rule.sequence > sync.sequence }
            return rule.role > .none || showDeleted
        }
        let pager = SmallPager(
            call: call, template: template, maxResults: maxResults,
            names: ["showDeleted", "syncToken"])
        return try pager.reply(
            kind: "calendar#acl", version: calendar.rules.sequence,
            items: rules.map { ($0.offset, $0.element.resource) })
    }

    func get() throws(GoogleFailure) -> Reply {
        let calendar = try call.access(.writer).calendar
        return .json(try rule(of: calendar).resource)
    }

    func insert() throws(GoogleFailure) -> Reply {
        let calendar = try call.access(.owner).calendar
        let body = try call.body()
        guard let scope = body["scope"], let type = scope["type"]?.string else {
            throw .required("Missing scope type.")
        }
        let tells = try tellsByMail()
        let value = scope["value"]?.nonNull?.string ?? ""
        try AccessRules.check(scopeType: type, value: value)
        return .json(try set(type, value, try role(body), on: calendar, tells: tells).resource)
    }

    func change(replaces: Bool) throws(GoogleFailure) -> Reply {
        let calendar = try call.access(.owner).calendar
        let rule = try rule(of: calendar)
        try call.checkIfMatch(rule.etag)
        let body = try call.body()
        let tells = try tellsByMail()
        let role = replaces || body["role"] != nil ? try role(body) : rule.role
        guard role != rule.role else { return .json(rule.resource) }
        return .json(
            try set(rule.scopeType, rule.value, role, on: calendar, tells: tells).resource)
    }

    func delete() throws(GoogleFailure) -> Reply {
        let calendar = try call.access(.owner).calendar
        let rule = try rule(of: calendar)
        try call.checkIfMatch(rule.etag)
        try set(rule.scopeType, rule.value, .none, on: calendar, tells: false)
        return .noContent
    }

    private func rule(of calendar: CalendarRecord) throws(GoogleFailure) -> AccessRules.Rule {
        guard let rule = calendar.rules[call.part("ruleId").lowercased()], rule.role > .none else {
            throw .notFound
        }
        return rule
    }

    /// Whether the person concerned is told; read before anything is written.
    private func tellsByMail() throws(GoogleFailure) -> Bool {
        try call.query.flag("sendNotifications", default: true)
    }

    private func role(_ body: JSONObject) throws(GoogleFailure) -> AccessRole {
        guard let text = body["role"]?.nonNull?.string else { throw .required("Missing role.") }
        guard let role = AccessRole(rawValue: text) else { throw .invalid("Invalid role.") }
        return role
    }

    /// Changes who may do what, and counts the mail to the user whose rule says something else
    /// than before, whatever other rules give; who changes the own rule knows.
    @discardableResult
    private func set(
        _ type: String, _ value: String, _ role: AccessRole, on calendar: CalendarRecord,
        tells: Bool
    ) throws(GoogleFailure) -> AccessRules.Rule {
        let address = value.lowercased()
        let former = calendar.rules["user:\(address)"]?.role ?? .none
        let rule = try call.world.allow(type, value, role, on: calendar)
        let isNews = role > .none && role != former
        if type == "user", tells, isNews, address != call.account.email {
            call.world.mails.add(address)
        }
        return rule
    }
}
