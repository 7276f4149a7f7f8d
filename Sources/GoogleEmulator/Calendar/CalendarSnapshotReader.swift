import LosslessJSON

/// Reads the Calendar's part of a snapshot completely before anything is replaced.
struct CalendarSnapshotReader {
    private let calendars: [CalendarRecord]
    private let users: [User]
    private let floors: [CursorFloor]
    private let pending: [PendingConference]
    private let channels: ChannelParts

    /// What an account has in the Calendar.
    private struct User {
        let email: String
        let settings: [Account.Setting]
        let settingsSequence: Int64
        let list: [ListEntry]
        let listSequence: Int64
    }

    /// - Throws: ``LocalGoogleError`` with code `invalidSnapshot`.
    init(_ fields: SnapshotFields) throws(LocalGoogleError) {
        calendars = try fields.parts("calendars").map { part throws(LocalGoogleError) in
            try CalendarParts.calendar(part)
        }
        guard Set(calendars.map(\.id)).count == calendars.count else {
            throw fields.failure("calendars")
        }
        users = try fields.parts("users").map { part throws(LocalGoogleError) in
            try Self.user(part)
        }
        floors = try fields.parts("cursorFloors").map { part throws(LocalGoogleError) in
            CursorFloor(
                user: part.json["user"]?.string, calendar: part.json["calendar"]?.string,
                topic: part.json["topic"]?.string, issue: try part.int("issue"),
                isOfPages: part.flag("pages"))
        }
        pending = try fields.parts("pendingConferences").map { part throws(LocalGoogleError) in
            PendingConference(
                event: .init(
                    calendarID: try part.string("calendar"), eventID: try part.string("event")),
                due: part.json["due"] == nil ? nil : try part.int("due"))
        }
        channels = try ChannelParts(fields)
    }

    func restore(_ world: World) {
        world.calendarState = CalendarState()
        for calendar in calendars {
            world.calendarState.calendars[calendar.id] = calendar
            world.calendarState.order.append(calendar.id)
        }
        for user in users {
            guard let account = world.account(user.email) else { continue }
            account.settings = user.settings
            account.settingsSequence = user.settingsSequence
            account.replaceList(user.list, sequence: user.listSequence)
        }
        world.calendarState.cursorFloors = floors
        for one in pending { world.calendarState.pendingConferences.add(one) }
        world.calendarState.push.restore(channels.channels, used: channels.used)
    }

    private static func user(_ fields: SnapshotFields) throws(LocalGoogleError) -> User {
        let settings = try fields.parts("settings").map { part throws(LocalGoogleError) in
            Account.Setting(
                id: try part.string("id"), value: try part.string("value"),
                sequence: try part.int("sequence"), version: try part.int("version"))
        }
        let list = try fields.parts("list").map { part throws(LocalGoogleError) in
            let entry = ListEntry(calendarID: try part.string("calendar"))
            entry.view = try part.object("view")
            entry.isRemoved = part.flag("removed")
            entry.sequence = try part.int("sequence")
            entry.version = try part.int("version")
            return entry
        }
        return User(
            email: try fields.string("email"), settings: settings,
            settingsSequence: try fields.int("settingsSequence"), list: list,
            listSequence: try fields.int("listSequence"))
    }
}

/// Calendars and events out of a snapshot.
enum CalendarParts {
    static func calendar(_ fields: SnapshotFields) throws(LocalGoogleError) -> CalendarRecord {
        let calendar = CalendarRecord(
            id: try fields.string("id"), owner: fields.json["owner"]?.string,
            isPrimary: fields.flag("primary"), metadata: try fields.object("metadata"),
            created: try fields.int("updated"))
        calendar.createdByClient = fields.json["client"]?.string
        calendar.version = try fields.int("version")
        let rules = try fields.parts("rules").map { part throws(LocalGoogleError) in
            guard let role = AccessRole(rawValue: try part.string("role")) else {
                throw part.failure("role")
            }
            return AccessRules.Rule(
                scopeType: try part.string("type"), value: try part.string("value"), role: role,
                sequence: try part.int("sequence"), version: try part.int("version"))
        }
        calendar.rules.restore(rules, sequence: try fields.int("ruleSequence"))
        for part in try fields.parts("events") {
            let record = try event(part)
            guard calendar.events[record.id] == nil else { throw part.failure("id") }
            calendar.events.restore(record)
        }
        calendar.events.restoreLog(
            sequence: try fields.int("sequence"), updated: try fields.int("updated"),
            // Left out where nothing was forgotten.
            forgottenUntil: fields.json["forgotten"] == nil ? 0 : try fields.int("forgotten"))
        return calendar
    }

    private static func event(_ fields: SnapshotFields) throws(LocalGoogleError) -> EventRecord {
        let document = try fields.object("document")
        guard let id = document["id"]?.string else { throw fields.failure("id") }
        guard let life = EventRecord.Life(rawValue: try fields.string("life")) else {
            throw fields.failure("life")
        }
        let record = EventRecord(id: id, creation: try fields.int("creation"))
        let times = try times(
            document["start"], document["end"],
            document["recurrence"]?.array?.compactMap(\.string), fields)
        record.take(
            document, start: times.start, end: times.end, series: times.series,
            version: try fields.int("version"), updated: try fields.int("updated"))
        record.life = life
        record.change = try fields.int("change")
        record.firstChange = try fields.int("firstChange")
        guard fields.json["former"] != nil else { return record }
        for part in try fields.parts("former") {
            let former = try self.times(
                part.json["start"], part.json["end"], try part.strings("recurrence"), part)
            guard let series = former.series else { throw part.failure("recurrence") }
            record.formerSeries.append((until: try part.int("until"), series: series))
        }
        return record
    }

    private static func times(
        _ start: JSON?, _ end: JSON?, _ lines: [String]?, _ fields: SnapshotFields
    ) throws(LocalGoogleError) -> (start: EventMoment, end: EventMoment, series: EventSeries?) {
        guard let start, let end else { throw fields.failure("start") }
        do throws(GoogleFailure) {
            let first = try EventMoment(start, role: .start)
            let last = try EventMoment(end, role: .end)
            guard let lines else { return (first, last, nil) }
            return (first, last, try EventSeries(lines: lines, from: first, to: last))
        } catch {
            throw fields.failure("start")
        }
    }
}
