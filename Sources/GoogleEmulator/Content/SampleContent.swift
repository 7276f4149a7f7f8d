import LosslessJSON
import TandemFormats

/// The demonstration account: four calendars and 366 events around the present, five of them
/// cancelled instances of series.
struct SampleContent {
    let world: World
    let account: Account

    func fill() {
        let present = world.now
        defer { world.now = present }
        // Everything was made half a year ago, so that the present's changes are the newest.
        world.now = present - 200 * 86_400_000
        if account.email == "ada@example.com" { rename(account, "Ada", "Lovelace") }
        let other = account.email == "grace@example.com" ? "ada@example.com" : "grace@example.com"
        let colleague = world.ensureAccount(other)
        if other == "grace@example.com" { rename(colleague, "Grace", "Hopper") }
        guard let work = world.calendar(account.email) else { return }
        work.metadata["summary"] = "Work"
        work.metadata["timeZone"] = "Europe/Paris"
        let home = world.makeCalendar(
            id: nil, owner: account,
            metadata: ["summary": "Home", "description": "Family and leisure"])
        let team = world.makeCalendar(
            id: nil, owner: colleague,
            metadata: ["summary": "Team"])
        team.metadata["description"] = .string("Shared by \(colleague.name)")
        share(team, as: .writer)
        let holidays = makeHolidays()
        let planter = SamplePlanter(
            world: world, today: Int(Stamp.floorDivision(present, 86_400_000)))
        SampleWork(
            planter: planter, me: account, colleague: colleague, work: work
        ).plant()
        SampleHome(planter: planter, me: account, home: home).plant()
        SampleTeam(planter: planter, me: account, colleague: colleague, team: team).plant()
        SampleHolidays(planter: planter, calendar: holidays).plant()
    }

    private func rename(_ account: Account, _ given: String, _ family: String) {
        account.givenName = given
        account.familyName = family
        account.name = "\(given) \(family)"
    }

    private func share(_ calendar: CalendarRecord, as role: AccessRole) {
        calendar.rules.set(
            scopeType: "user", value: account.email, role: role, version: world.nextVersion())
        account.subscribe(
            to: calendar, color: account.listEntries.count, version: world.nextVersion())
    }

    /// A calendar that nobody here owns and everybody may read.
    private func makeHolidays() -> CalendarRecord {
        let calendar = CalendarRecord(
            id: "en.french#holiday@group.v.calendar.google.com", owner: nil, isPrimary: false,
            metadata: [
                "summary": "Holidays", "description": "Holidays and observances in France",
                "timeZone": "Europe/Paris",
            ], created: world.now)
        world.add(calendar)
        calendar.rules.set(
            scopeType: "default", value: "", role: .reader, version: world.nextVersion())
        account.subscribe(
            to: calendar, color: account.listEntries.count, version: world.nextVersion())
        return calendar
    }
}

/// Writes the sample's events down in few words.
final class SamplePlanter {
    let world: World
    /// Days since 1970 of the present.
    let today: Int
    private(set) var random = SplitMix64(seed: 1815)

    init(world: World, today: Int) {
        self.world = world
        self.today = today
    }

    /// A day counted from the present.
    func day(_ offset: Int) -> WallTime { WallTime(dayNumber: today + offset) ?? .earliest }

    /// The first day of that ISO weekday from `offset` on.
    func day(_ offset: Int, weekday: Int) -> WallTime {
        let first = day(offset)
        return first.adding(days: (weekday - first.weekday + 7) % 7) ?? first
    }

    func pick<Value>(_ values: [Value]) -> Value { values[random.below(values.count)] }

    func below(_ bound: Int) -> Int { random.below(bound) }

    /// Start and end of a timed event.
    func timed(
        _ day: WallTime, _ hour: Int, _ minute: Int, minutes: Int, zone: String = "Europe/Paris"
    ) -> JSONObject {
        let begin = day.startOfDay.adding(seconds: hour * 3600 + minute * 60) ?? day
        let end = begin.adding(seconds: minutes * 60) ?? begin
        return [
            "start": ["dateTime": .string(begin.dateTimeText), "timeZone": .string(zone)],
            "end": ["dateTime": .string(end.dateTimeText), "timeZone": .string(zone)],
        ]
    }

    /// Start and end of an event of whole days.
    func allDay(_ day: WallTime, days: Int = 1) -> JSONObject {
        let end = day.adding(days: days) ?? day
        return [
            "start": ["date": .string(day.dateText)], "end": ["date": .string(end.dateText)],
        ]
    }

    /// Adds an event through the same door as a client's insert.
    @discardableResult
    func add(
        _ title: String, _ times: JSONObject, to calendar: CalendarRecord, by account: Account,
        _ more: JSONObject = [:]
    ) -> EventRecord? {
        var body: JSONObject = ["summary": .string(title)]
        for member in times { body[member.key] = member.value }
        for member in more { body[member.key] = member.value }
        world.now += 1_800_000
        do { return try writer(calendar, account).insert(body) } catch {
            preconditionFailure("The sample's event \(title) is wrong: \(error.message)")
        }
    }

    /// Moves the instance on that day, or cancels it where `times` is `nil`.
    func except(
        _ master: EventRecord?, on day: WallTime, to times: JSONObject?,
        in calendar: CalendarRecord, by account: Account, _ more: JSONObject = [:]
    ) {
        guard let master, let series = master.series else { return }
        let zone = calendar.zone
        let from = zone.utcSeconds(of: day.startOfDay)
        world.now += 1_800_000
        do throws(GoogleFailure) {
            let window = EventWindow(after: from - 86_400, before: from + 2 * 86_400)
            let slot = series.slots(in: window, zone: zone, limit: 1000).first {
                $0.wall.dayNumber == day.dayNumber
            }
            guard let slot else { return }
            let target = EventTarget.instance(master, slot)
            guard let times else {
                try writer(calendar, account).delete(target)
                return
            }
            var body = times
            for member in more { body[member.key] = member.value }
            _ = try writer(calendar, account).change(target, body: body, replaces: false)
        } catch {
            preconditionFailure("The sample's exception is wrong: \(error.message)")
        }
    }

    private func writer(_ calendar: CalendarRecord, _ account: Account) -> EventWriter {
        var options = WriteOptions()
        options.conferenceVersion = 1
        return EventWriter(world: world, calendar: calendar, account: account, options: options)
    }
}
