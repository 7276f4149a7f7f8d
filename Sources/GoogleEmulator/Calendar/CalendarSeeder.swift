import LosslessJSON

/// Plants calendars and events that somebody wrote down.
struct CalendarSeeder {
    let world: World

    /// - Throws: ``LocalGoogleError`` with code `invalidSeed`.
    func plant(_ seed: JSON) throws(LocalGoogleError) {
        for user in try SeedFields.array(seed, "users") {
            guard let settings = user["settings"]?.nonNull,
                let account = user["email"]?.string.flatMap(world.account)
            else { continue }
            try plant(settings, of: account)
        }
        for calendar in try SeedFields.array(seed, "calendars") { try plant(calendar: calendar) }
        if let wanted = seed["generate"]?.nonNull { try generate(wanted) }
    }

    /// Google's API only reads settings; they are changed here.
    private func plant(_ settings: JSON, of account: Account) throws(LocalGoogleError) {
        guard let wanted = settings.object else {
            throw .invalidSeed("\"settings\" must be an object of texts.")
        }
        for member in wanted {
            guard let value = member.value.string, value.unicodeScalars.count <= 1024,
                account.settings.contains(where: { $0.id == member.key })
            else {
                throw .invalidSeed("There is no setting \(member.key) of that kind.")
            }
        }
        for index in account.settings.indices {
            guard let value = wanted[account.settings[index].id]?.string,
                value != account.settings[index].value
            else { continue }
            account.settingsSequence += 1
            account.settings[index].value = value
            account.settings[index].sequence = account.settingsSequence
            account.settings[index].version = world.nextVersion()
        }
    }

    private func plant(calendar seed: JSON) throws(LocalGoogleError) {
        guard let owner = seed["owner"]?.string ?? world.defaultAccount?.email else {
            throw .invalidSeed("Each calendar needs an owner.")
        }
        let account = world.ensureAccount(owner)
        let calendar = try calendar(seed, of: account)
        for rule in try SeedFields.array(seed, "acl") {
            guard let type = rule["scope"]?["type"]?.string,
                ["user", "group", "domain", "default"].contains(type),
                let role = rule["role"]?.string.flatMap(AccessRole.init)
            else { throw .invalidSeed("A rule needs a scope with a type and a role.") }
            calendar.rules.set(
                scopeType: type, value: rule["scope"]?["value"]?.string ?? "", role: role,
                version: world.nextVersion())
        }
        for subscriber in try SeedFields.array(seed, "subscribers") {
            guard let email = subscriber.string, email.contains("@") else {
                throw .invalidSeed("Subscribers are e-mail addresses.")
            }
            let reader = world.ensureAccount(email)
            if world.role(of: reader, in: calendar) == .none {
                calendar.rules.set(
                    scopeType: "user", value: reader.email, role: .reader,
                    version: world.nextVersion())
            }
            if reader.entry(of: calendar.id) == nil {
                reader.subscribe(
                    to: calendar, color: reader.listEntries.count, version: world.nextVersion())
            }
        }
        for event in try SeedFields.array(seed, "events") {
            try plant(event: event, on: calendar, by: account)
        }
    }

    private func calendar(
        _ seed: JSON, of account: Account
    ) throws(LocalGoogleError) -> CalendarRecord {
        let id = seed["id"]?.string
        let summary = seed["summary"]?.string
        var calendar = id.flatMap { world.calendar($0) }
        if id == nil, summary == nil { calendar = world.calendar(account.email) }
        if calendar == nil, id == nil {
            calendar = world.allCalendars.first {
                $0.summary == summary && $0.owner == account.email
            }
        }
        let found =
            calendar
            ?? world.makeCalendar(
                id: id, owner: account, metadata: ["summary": .string(summary ?? id ?? "")])
        for name in ["summary", "description", "location", "timeZone"] {
            guard let value = seed[name]?.nonNull else { continue }
            guard let text = value.string, name != "timeZone" || Zones.rules(text) != nil else {
                throw .invalidSeed("A calendar's \(name) cannot be \(value.text).")
            }
            found.metadata[name] = value
        }
        return found
    }

    private func plant(
        event: JSON, on calendar: CalendarRecord, by account: Account
    ) throws(LocalGoogleError) {
        guard let body = event.object else { throw .invalidSeed("Each event must be an object.") }
        var options = WriteOptions()
        options.conferenceVersion = 1
        options.labelVersion = 1
        options.supportsAttachments = true
        let writer = EventWriter(
            world: world, calendar: calendar, account: account, options: options)
        do throws(GoogleFailure) {
            if body["recurringEventId"]?.string != nil || body["organizer"]?["email"] != nil {
                _ = try writer.importEvent(body)
            } else {
                _ = try writer.insert(body)
            }
        } catch {
            throw .invalidSeed(
                "Google would refuse the event \(body["id"]?.string ?? body["summary"]?.string ?? "") "
                    + "on \(calendar.summary): \(error.message)")
        }
    }

    private func generate(_ wanted: JSON) throws(LocalGoogleError) {
        guard let events = wanted["events"]?.int, (0...2_000_000).contains(events) else {
            throw .invalidSeed("\"generate\" needs a number of events up to 2000000.")
        }
        let calendars = wanted["calendars"]?.int ?? 1
        guard (1...1000).contains(calendars) else {
            throw .invalidSeed("\"generate\" makes between 1 and 1000 calendars.")
        }
        let user = wanted["user"]?.string ?? world.defaultAccount?.email ?? "ada@example.com"
        let content = GeneratedContent(
            seed: UInt64(bitPattern: wanted["seed"]?.int ?? 1), events: Int(events),
            calendars: Int(calendars))
        ContentMaker.generate(content, for: world.ensureAccount(user), in: world)
    }
}

extension World {
    /// A new secondary calendar on its owner's list.
    func makeCalendar(id: String?, owner: Account, metadata: JSONObject) -> CalendarRecord {
        let newID = id ?? "c_" + random.word(64, from: Alphabet.hex) + "@group.calendar.google.com"
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
