import LosslessJSON

/// The Calendar API v3.
///
/// - SeeAlso: Google Calendar API reference.
struct CalendarService: EmulatorService {
    static let gate = APIGate(
        name: "calendar", host: "calendar-json.googleapis.com", root: "/calendar/v3/",
        schema: .calendar)

    let name = "calendar"
    let roots = ["/calendar/", "/batch/calendar/"]
    let batchPath: String? = "/batch/calendar/v3"
    let expirables = ["calendar-cursors", "calendar-page-tokens"]
    let targetNames = ["calendar"]

    var routes: [Route] { CalendarRoutes.all }

    func rowsMember(of methodID: String) -> String? {
        methodID.hasSuffix(".list") || methodID == "events.instances" ? "items" : nil
    }

    /// A primary calendar, which is on its owner's list.
    func welcome(_ account: Account, to world: World) {
        // A snapshot of before may hold a calendar of that address; then that one is the user's.
        let calendar =
            world.calendar(account.email)
            ?? CalendarRecord(
                id: account.email, owner: account.email, isPrimary: true,
                metadata: [
                    "summary": .string(account.email), "timeZone": .string(account.timeZone),
                ],
                created: world.now)
        if world.calendar(account.email) == nil { world.add(calendar) }
        calendar.rules.set(
            scopeType: "user", value: account.email, role: .owner, version: world.nextVersion())
        account.subscribe(
            to: calendar, color: account.listEntries.count, version: world.nextVersion())
    }

    func fill(_ world: World) { ContentMaker.fill(world) }

    let seedNames = ["calendars", "generate"]

    func plant(_ seed: SeedFields, in world: World) throws(LocalGoogleError) {
        try CalendarSeeder(world: world).plant(seed)
    }

    func snapshot(of world: World) -> JSON? { CalendarSnapshotWriter(world: world).document }

    func restoring(_ part: SnapshotFields?) throws(LocalGoogleError) -> (World) -> Void {
        let reader = try CalendarSnapshotReader(SnapshotFields.required(part, of: name))
        return { reader.restore($0) }
    }

    func counters(of world: World) -> JSONObject {
        let events = world.allCalendars.reduce(0) { $0 + $1.events.liveCount }
        return [
            "calendars": .number(JSONNumber(world.allCalendars.count)),
            "events": .number(JSONNumber(events)),
            "channels": .number(JSONNumber(world.calendarState.push.channels.count)),
        ]
    }

    func holdings(of account: Account, in world: World) -> [Holding] {
        account.listEntries.filter { !$0.isRemoved }.compactMap { entry in
            guard let calendar = world.calendar(entry.calendarID) else { return nil }
            let role = world.role(of: account, in: calendar)
            return Holding(
                name: entry.view["summaryOverride"]?.string ?? calendar.summary,
                detail: "calendar, \(role.rawValue)", id: calendar.id,
                count: calendar.events.liveCount, unit: "event")
        }
    }

    func expire(
        _ what: String, _ target: ControlTarget, in world: World
    ) throws(LocalGoogleError) {
        let email = target.account?.email
        let calendar = try world.known(calendar: target)?.id
        world.set(
            CursorFloor(
                user: email, calendar: calendar, issue: world.nextVersion(),
                isOfPages: what == "calendar-page-tokens"))
    }

    func churn(_ target: ControlTarget, in world: World) throws(LocalGoogleError) {
        let email = target.account?.email
        var calendars = world.allCalendars.filter { email == nil || $0.owner == email }
        if let calendar = try world.known(calendar: target) { calendars = [calendar] }
        for calendar in calendars {
            // Cancelled instances are resources, too; of what was deleted only a trace is left.
            for record in calendar.events.order
            where record.life == .live || record.life == .cancelled {
                record.churn(version: world.nextVersion())
                calendar.events.touch(record, formerUID: record.iCalUID, contentChangedAt: nil)
            }
        }
    }

    var controlRoutes: [ControlRoute] {
        [
            ControlRoute("POST", "conferences") { (call: ControlCall) throws(LocalGoogleError) in
                let fields = try call.fields(["outcome"])
                let outcome = try fields.word("outcome", of: PendingConference.Outcome.self)
                let count = call.world.completeConferences(outcome ?? .success)
                return .control(["completed": .number(JSONNumber(count))])
            }
        ]
    }

    func catchUp(_ world: World) {
        world.completeDueConferences()
        world.calendarState.push.endExpired(world)
    }

    func followUp(_ world: World) {
        world.calendarState.push.tell(world) { $0.state(for: $1, in: world) }
    }

    /// Conferences are made without being asked for only where somebody is told of it.
    func nextDue(in world: World) -> Int64? {
        guard !world.calendarState.push.channels.isEmpty else { return nil }
        return world.calendarState.pendingConferences.nextDue
    }

    func settle(_ post: OutgoingPost, _ outcome: PostOutcome, in world: World) -> Int64? {
        world.calendarState.push.settle(post, outcome, in: world)
    }
}

/// What the Calendar API remembers beside each account's own list and settings.
struct CalendarState {
    var calendars: [String: CalendarRecord] = [:]
    var order: [String] = []
    var cursorFloors: [CursorFloor] = []
    var pendingConferences = PendingConferences()
    let push = PushDesk<WatchedResource>(service: "calendar")
}

extension World {
    /// The calendar of that id, compared without case if there is none of just that id.
    func calendar(_ id: String) -> CalendarRecord? {
        calendarState.calendars[id] ?? calendarState.calendars[id.lowercased()]
    }

    /// Calendars in the order of their making.
    var allCalendars: [CalendarRecord] {
        calendarState.order.compactMap { calendarState.calendars[$0] }
    }

    /// Takes a calendar in; its id must be new.
    func add(_ calendar: CalendarRecord) {
        precondition(calendarState.calendars[calendar.id] == nil, "A calendar's id is taken.")
        calendar.version = nextVersion()
        calendarState.calendars[calendar.id] = calendar
        calendarState.order.append(calendar.id)
    }

    /// Destroys a calendar and every account's entry of it.
    func remove(_ calendar: CalendarRecord) {
        calendarState.calendars[calendar.id] = nil
        calendarState.order.removeAll { $0 == calendar.id }
        calendarState.pendingConferences.removeAll(on: calendar.id)
        for account in allAccounts {
            takeOff(calendar.id, listOf: account)
        }
    }

    /// An id as Google makes them for events; clients may have taken any, also one that is drawn.
    func nextEventID(on calendar: CalendarRecord) -> String {
        var id: String
        repeat { id = random.word(26, from: Alphabet.base32Hex) } while calendar.events[id] != nil
        return id
    }

    /// An id as Google makes them for calendars; a seed may have taken any.
    func nextCalendarID() -> String {
        var id: String
        repeat {
            id = "c_" + random.word(64, from: Alphabet.hex) + "@group.calendar.google.com"
        } while calendarState.calendars[id] != nil
        return id
    }

    /// What an account may do with a calendar.
    func role(of account: Account, in calendar: CalendarRecord) -> AccessRole {
        calendar.rules.role(of: account.email, in: groups)
    }

    /// The calendar that a command names: its id, its title, or `primary` for the user's own.
    ///
    /// - Throws: `notFound` where there is none that the user could read.
    func known(calendar target: ControlTarget) throws(LocalGoogleError) -> CalendarRecord? {
        guard let name = target["calendar"] else { return nil }
        let user = target.account
        let id = name == "primary" ? (user ?? defaultAccount)?.email ?? "" : name
        let isReadable = { (calendar: CalendarRecord) in
            user.map { self.role(of: $0, in: calendar) != .none } ?? true
        }
        if let found = calendar(id), isReadable(found) { return found }
        let titled = allCalendars.first {
            $0.summary == name && (user == nil || $0.owner == user?.email)
        }
        guard let titled else {
            let whose = user.map { "\($0.email) has no" } ?? "There is no"
            throw LocalGoogleError(
                code: .notFound, message: "\(whose) calendar \(name) on this local Google.")
        }
        return titled
    }
}
