import LosslessJSON

/// Reads a snapshot completely before anything is replaced.
struct SnapshotReader {
    private let random: UInt64
    private let clockOffset: Int64
    private let lastVersion: Int64
    private let accounts: [Account]
    private let calendars: [CalendarRecord]
    private let oauth: SnapshotFields
    private let floors: [CursorFloor]
    private let pending: [PendingConference]
    private let mails: MailCount

    /// - Throws: ``LocalGoogleError`` with code `invalidSnapshot`.
    init(_ json: JSON) throws(LocalGoogleError) {
        let fields = SnapshotFields(json, "top level")
        guard try fields.string("format") == SnapshotWriter.format else {
            throw LocalGoogleError(
                code: .invalidSnapshot,
                message: "This is no snapshot of the format \(SnapshotWriter.format).")
        }
        guard let random = UInt64(try fields.string("random")) else {
            throw fields.failure("random")
        }
        self.random = random
        clockOffset = try fields.int("clockOffset")
        guard ControlCommands.clockRange.contains(clockOffset) else {
            throw fields.failure("clockOffset")
        }
        lastVersion = try fields.int("lastVersion")
        accounts = try fields.parts("accounts").map { part throws(LocalGoogleError) in
            try Self.account(part)
        }
        calendars = try fields.parts("calendars").map { part throws(LocalGoogleError) in
            try CalendarSnapshot.calendar(part)
        }
        guard Set(accounts.map(\.email)).count == accounts.count else {
            throw fields.failure("accounts")
        }
        guard Set(calendars.map(\.id)).count == calendars.count else {
            throw fields.failure("calendars")
        }
        oauth = SnapshotFields(.object(try fields.object("oauth")), "oauth")
        floors = try fields.parts("cursorFloors").map { part throws(LocalGoogleError) in
            CursorFloor(
                user: part.json["user"]?.string, calendar: part.json["calendar"]?.string,
                issue: try part.int("issue"))
        }
        pending = try fields.parts("pendingConferences").map { part throws(LocalGoogleError) in
            PendingConference(
                calendarID: try part.string("calendar"), eventID: try part.string("event"),
                due: try part.int("due"))
        }
        mails = try Self.mails(fields)
    }

    private static func mails(_ fields: SnapshotFields) throws(LocalGoogleError) -> MailCount {
        var mails = MailCount()
        for part in try fields.parts("mails") {
            let count = try part.int("count")
            guard (0...1_000_000_000).contains(count) else { throw part.failure("count") }
            mails.byAddress.append((try part.string("address"), count))
            mails.total += count
        }
        return mails
    }

    func restore(_ state: EmulatorState) throws(LocalGoogleError) {
        let world = state.world
        let tokens = try OAuthSnapshot.state(oauth, over: world.oauth)
        world.now += clockOffset - world.clockOffset
        world.clockOffset = clockOffset
        world.random.state = random
        world.lastVersion = lastVersion
        world.replace(accounts: accounts, calendars: calendars)
        world.oauth = tokens
        world.cursorFloors = floors
        world.pendingConferences = pending
        world.mails = mails
    }

    private static func account(_ fields: SnapshotFields) throws(LocalGoogleError) -> Account {
        let account = Account(
            email: try fields.string("email"), subject: try fields.string("subject"), name: nil)
        account.name = try fields.string("name")
        account.givenName = try fields.string("givenName")
        account.familyName = try fields.string("familyName")
        account.settingsSequence = try fields.int("settingsSequence")
        account.settings = try fields.parts("settings").map { part throws(LocalGoogleError) in
            Account.Setting(
                id: try part.string("id"), value: try part.string("value"),
                sequence: try part.int("sequence"), version: try part.int("version"))
        }
        let entries = try fields.parts("list").map { part throws(LocalGoogleError) in
            let entry = ListEntry(calendarID: try part.string("calendar"))
            entry.view = try part.object("view")
            entry.isRemoved = part.flag("removed")
            entry.sequence = try part.int("sequence")
            entry.version = try part.int("version")
            return entry
        }
        account.replaceList(entries, sequence: try fields.int("listSequence"))
        return account
    }
}

/// Calendars and events out of a snapshot.
enum CalendarSnapshot {
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
            sequence: try fields.int("sequence"), updated: try fields.int("updated"))
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
