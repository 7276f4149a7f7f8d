import LosslessJSON

/// Plants settings, calendars and events that somebody wrote down as Google's own resources.
struct CalendarSeeder {
    let world: World

    /// What belongs to the calendar for everybody.
    private static let shared = [
        "summary", "description", "location", "timeZone", "conferenceProperties",
        "labelProperties", "autoAcceptInvitations", "workingHours",
    ]
    /// What the owner sets for the own list.
    private static let view = [
        "summaryOverride", "colorId", "backgroundColor", "foregroundColor", "hidden", "selected",
        "defaultReminders", "notificationSettings",
    ]
    /// What Google decides, or what has a place of its own here.
    private static let others = [
        "kind", "etag", "id", "owner", "dataOwner", "primary", "accessRole", "acl", "subscribers",
        "events",
    ]

    /// - Throws: ``LocalGoogleError`` with code `invalidSeed`.
    func plant(_ seed: SeedFields) throws(LocalGoogleError) {
        for name in ["accounts", "users"] {
            for element in try seed.array(name) where element.json.object != nil {
                try plant(settingsOf: SeedFields(element.json, element.place))
            }
        }
        // First every calendar, so that an invitation finds its guest's.
        let calendars = try seed.objects(
            "calendars", allowed: Self.others + Self.shared + Self.view)
        let places = try calendars.map { fields throws(LocalGoogleError) in
            try plant(calendar: fields)
        }
        var planter = EventPlanter(world: world)
        for (fields, place) in zip(calendars, places) {
            for event in try fields.array("events") {
                try planter.plant(event.json, event.place, on: place.calendar, by: place.owner)
            }
        }
        try planter.finish()
        guard let wanted = seed["generate"] else { return }
        guard wanted.array != nil else {
            try generate(SeedFields(wanted, "generate", allowed: Self.generator))
            return
        }
        for wanted in try seed.objects("generate", allowed: Self.generator) { try generate(wanted) }
    }

    // MARK: Settings

    private func plant(settingsOf fields: SeedFields) throws(LocalGoogleError) {
        guard let account = try fields.address("email").flatMap({ world.account($0) }) else {
            return
        }
        for setting in try fields.objects("settings", allowed: ["kind", "etag", "id", "value"]) {
            let known = account.settings.map(\.id)
            guard let id = try setting.string("id"), let index = known.firstIndex(of: id) else {
                throw setting.failure("id", "one of \(known.joined(separator: ", "))")
            }
            guard let value = try setting.string("value"), value.unicodeScalars.count <= 1024,
                id != "timezone" || Zones.rules(value) != nil
            else {
                throw setting.failure(
                    "value", id == "timezone" ? "the name of a time zone" : "a short text")
            }
            guard value != account.settings[index].value else { continue }
            account.settingsSequence += 1
            account.settings[index].value = value
            account.settings[index].sequence = account.settingsSequence
            account.settings[index].version = world.nextVersion()
            // As for a new account, whose calendar begins in the zone of its user.
            if id == "timezone", let own = world.calendar(account.email), own.events.order.isEmpty {
                own.metadata["timeZone"] = .string(value)
                own.version = world.nextVersion()
            }
        }
    }

    // MARK: Calendars

    private func plant(
        calendar fields: SeedFields
    ) throws(LocalGoogleError) -> (calendar: CalendarRecord, owner: Account) {
        let (owner, dataOwner) = (try fields.address("owner"), try fields.address("dataOwner"))
        guard let address = owner ?? dataOwner ?? world.defaultAccount?.email else {
            throw fields.failure("owner", "an e-mail address")
        }
        let account = world.ensureAccount(address)
        let calendar = try calendar(fields, of: account)
        try describe(calendar, as: fields)
        try show(calendar, to: account, as: fields)
        for rule in try fields.objects("acl", allowed: ["kind", "etag", "id", "scope", "role"]) {
            try allow(rule, calendar)
        }
        for subscriber in try fields.array("subscribers") {
            try subscribe(subscriber, to: calendar)
        }
        return (calendar, account)
    }

    /// The calendar that is meant: the one of that id or title, the owner's own, or a new one.
    private func calendar(
        _ fields: SeedFields, of owner: Account
    ) throws(LocalGoogleError) -> CalendarRecord {
        let id = try fields.string("id")
        let summary = try fields.string("summary")
        let isOwn =
            fields["primary"]?.bool == true || id == "primary" || id == nil && summary == nil
        if isOwn, let own = world.calendar(owner.email) { return own }
        if let id, let known = world.calendar(id) { return known }
        let titled = world.allCalendars.first { $0.summary == summary && $0.owner == owner.email }
        if id == nil, let titled { return titled }
        if let id, Self.isUsers(id) {
            throw fields.failure(
                "id", "an account's address or an id such as team@group.calendar.google.com")
        }
        try checkRoom(onListOf: owner, fields.path)
        return world.makeCalendar(
            id: id, owner: owner, metadata: ["summary": .string(summary ?? id ?? "")])
    }

    private func checkRoom(
        onListOf account: Account, for count: Int = 1, _ place: String
    ) throws(LocalGoogleError) {
        guard world.hasRoom(onListOf: account, for: count) else {
            throw .invalidSeed(
                "\(place): the list of \(account.email) holds \(World.mostListed) calendars at "
                    + "most.")
        }
    }

    /// Whether the id is an address that some user may come to have.
    private static func isUsers(_ id: String) -> Bool {
        EmailAddress.isUsable(id) && !id.lowercased().hasSuffix(".calendar.google.com")
    }

    private func describe(
        _ calendar: CalendarRecord, as fields: SeedFields
    ) throws(LocalGoogleError) {
        for name in ["summary", "description", "location", "timeZone"] {
            _ = try fields.string(name)
        }
        if let zone = fields["timeZone"]?.string, Zones.rules(zone) == nil {
            throw fields.failure("timeZone", "the name of a time zone, not \"\(zone)\"")
        }
        let before = calendar.timeZone
        var metadata = calendar.metadata
        for name in Self.shared {
            if let value = fields[name] { metadata[name] = value }
        }
        do { try CalendarChecks.check(&metadata, random: &world.random) } catch {
            throw .invalidSeed("\(fields.path): \(error.message)")
        }
        calendar.metadata = metadata
        if calendar.timeZone != before { calendar.rewriteTimes(in: world) }
        calendar.version = world.nextVersion()
    }

    private func show(
        _ calendar: CalendarRecord, to owner: Account, as fields: SeedFields
    ) throws(LocalGoogleError) {
        guard let entry = owner.entry(of: calendar.id),
            Self.view.contains(where: { fields[$0] != nil })
        else { return }
        var view = entry.view
        for name in Self.view {
            if let value = fields[name] { view[name] = value }
        }
        do { try ListEntryChecks.check(&view) } catch {
            throw .invalidSeed("\(fields.path): \(error.message)")
        }
        entry.view = view
        owner.touch(entry, version: world.nextVersion())
    }

    private func allow(
        _ fields: SeedFields, _ calendar: CalendarRecord
    ) throws(LocalGoogleError) {
        guard let role = try fields.string("role").flatMap(AccessRole.init) else {
            let roles = AccessRole.allCases.map(\.rawValue).joined(separator: ", ")
            throw fields.failure("role", "one of \(roles)")
        }
        let types = ["default", "user", "group", "domain"]
        let scope = try SeedFields(
            fields["scope"] ?? .null, fields.place("scope"), allowed: ["type", "value"])
        guard let type = try scope.string("type"), types.contains(type) else {
            throw scope.failure("type", "one of \(types.joined(separator: ", "))")
        }
        guard let value = type == "default" ? "" : try scope.string("value") else {
            throw scope.failure("value", "an address or a domain")
        }
        do throws(GoogleFailure) {
            try AccessRules.check(scopeType: type, value: value)
            try world.allow(type, value, role, on: calendar)
        } catch {
            throw .invalidSeed("\(fields.path): \(error.message)")
        }
    }

    private func subscribe(
        _ element: (json: JSON, place: String), to calendar: CalendarRecord
    ) throws(LocalGoogleError) {
        guard let email = element.json.string, EmailAddress.isUsable(email) else {
            throw SeedFields.wrong(element.place, "an e-mail address")
        }
        let reader = world.ensureAccount(email)
        if world.role(of: reader, in: calendar) == .none {
            do { try world.allow("user", reader.email, .reader, on: calendar) } catch {
                throw .invalidSeed("\(element.place): \(error.message)")
            }
        }
        guard reader.entry(of: calendar.id) == nil else { return }
        try checkRoom(onListOf: reader, element.place)
        reader.subscribe(
            to: calendar, color: reader.listEntries.count, version: world.nextVersion())
    }

    // MARK: Generated content

    private static let generator = ["user", "seed", "events", "calendars", "seriesPercent"]

    private func generate(_ fields: SeedFields) throws(LocalGoogleError) {
        guard let events = try fields.int("events", 0...2_000_000) else {
            throw fields.failure("events", "a whole number from 0 to 2000000")
        }
        let user = try fields.address("user") ?? world.defaultAccount?.email ?? "ada@example.com"
        let content = GeneratedContent(
            seed: UInt64(bitPattern: Int64(try fields.int("seed", .min ... .max) ?? 1)),
            events: events, calendars: try fields.int("calendars", 1...1000) ?? 1,
            seriesPercent: try fields.int("seriesPercent", 0...100) ?? 2)
        let account = world.ensureAccount(user)
        try checkRoom(onListOf: account, for: content.calendars - 1, fields.path)
        ContentMaker.generate(content, for: account, in: world)
    }
}

extension World {
    /// A new secondary calendar on its owner's list.
    func makeCalendar(id: String?, owner: Account, metadata: JSONObject) -> CalendarRecord {
        let newID = id ?? nextCalendarID()
        var full = metadata
        if full["timeZone"] == nil { full["timeZone"] = .string(owner.timeZone) }
        let calendar = CalendarRecord(
            id: newID, owner: owner.email, isPrimary: false, metadata: full, created: now)
        add(calendar)
        calendar.rules.set(
            scopeType: "user", value: owner.email, role: .owner, version: nextVersion())
        owner.subscribe(
            to: calendar, color: owner.listEntries.count, version: nextVersion())
        return calendar
    }
}
