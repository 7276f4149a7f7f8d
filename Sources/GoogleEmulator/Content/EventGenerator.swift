import LosslessJSON
import TandemFormats

/// Makes events that look like those of an office, by the thousand.
///
/// It writes complete resources in Google's order and skips the checks that clients' events go
/// through: ten thousand events take a fraction of a second.
struct EventGenerator {
    let world: World
    let account: Account
    var random: SplitMix64
    private let today: Int64

    init(world: World, account: Account, seed: UInt64) {
        self.world = world
        self.account = account
        // Not the world's own chance, even where both have the same seed: ids would come twice.
        random = SplitMix64(seed: Fingerprint.of("content \(seed)".utf8))
        today = Stamp.floorDivision(world.now, 86_400_000)
    }

    /// Adds one event between a year ago and a year ahead.
    mutating func plant(on calendar: CalendarRecord, isSeries: Bool) {
        let id = random.word(26, from: Alphabet.base32Hex)
        guard calendar.events[id] == nil else { return }
        let day = today + Int64(random.below(731) - 365)
        let created =
            min(world.now, (day - Int64(random.below(60))) * 86_400_000)
            - Int64(random.below(86_400_000))
        let (start, end) = times(day, calendar)
        let lines = isSeries ? [rule(start)] : nil
        var series: EventSeries?
        if let lines {
            do { series = try EventSeries(lines: lines, from: start, to: end) } catch {
                return  // Cannot happen: the rules below are written here.
            }
        }
        var members: [(String, JSON)] = [
            ("kind", "calendar#event"), ("etag", ""), ("id", .string(id)),
            ("status", random.below(20) == 0 ? "tentative" : "confirmed"),
            ("htmlLink", .string(EventLinks.html(eventID: id, calendarID: calendar.id))),
            ("created", .string(Stamp.utc(created))),
            ("updated", .string(Stamp.utc(created + 518))),
            ("summary", .string(Words.title(&random))),
            ("description", .string(Words.sentence(&random))),
        ]
        if random.below(3) > 0 { members.append(("location", .string(Words.place(&random)))) }
        members += people(calendar)
        members.append(("start", start.json(in: calendar.zone)))
        members.append(("end", end.json(in: calendar.zone)))
        if let lines { members.append(("recurrence", .strings(lines))) }
        members.append(("iCalUID", .string(id + "@google.com")))
        members.append(("sequence", .int(Int64(random.below(3)))))
        if let guests = guests(calendar) { members.append(("attendees", guests)) }
        members.append(("reminders", ["useDefault": true]))
        members.append(("eventType", "default"))
        let record = calendar.events.make(id)
        record.take(
            JSONObject(members), start: start, end: end, series: series,
            version: world.nextVersion(), updated: created + 518)
        calendar.events.touch(record, formerUID: "", contentChangedAt: created + 518)
    }

    private mutating func times(
        _ day: Int64, _ calendar: CalendarRecord
    ) -> (EventMoment, EventMoment) {
        let date = WallTime(dayNumber: Int(day)) ?? .earliest
        if random.below(12) == 0 {
            return (.date(date), .date(date.adding(days: 1 + random.below(3)) ?? date))
        }
        let begin = (8 * 60 + random.below(40) * 15) * 60
        let length = [30, 45, 60, 60, 90, 120][random.below(6)] * 60
        let second = calendar.zone.utcSeconds(of: date.adding(seconds: begin) ?? date)
        return (
            .dateTime(utcSeconds: second, zone: calendar.timeZone),
            .dateTime(utcSeconds: second + Int64(length), zone: calendar.timeZone)
        )
    }

    private mutating func rule(_ start: EventMoment) -> String {
        switch random.below(4) {
        case 0: "RRULE:FREQ=DAILY;COUNT=\(5 + random.below(20))"
        case 1: "RRULE:FREQ=MONTHLY;COUNT=\(3 + random.below(9))"
        default: "RRULE:FREQ=WEEKLY;COUNT=\(4 + random.below(40))"
        }
    }

    private func people(_ calendar: CalendarRecord) -> [(String, JSON)] {
        [
            ("creator", .object(EventPeople.creator(account, on: calendar))),
            ("organizer", .object(EventPeople.organizer(of: calendar))),
        ]
    }

    private mutating func guests(_ calendar: CalendarRecord) -> JSON? {
        guard random.below(8) == 0 else { return nil }
        let answers = ["needsAction", "accepted", "tentative", "declined"]
        let guests: [JSON] = (0...random.below(2)).map { number in
            [
                "email": .string("guest\(number * 100 + random.below(100))@example.org"),
                "responseStatus": .string(answers[random.below(4)]),
            ]
        }
        return .array(guests)
    }
}

/// Words for generated events.
enum Words {
    private static let kinds = [
        "Pump inspection", "Design review", "Budget meeting", "Interview", "Stand-up", "Retro",
        "Planning", "Customer call", "Site visit", "Training", "Workshop", "Déjeuner d'équipe",
        "Réunion de chantier", "Lunch", "Board meeting", "Release", "Hand-over", "Audit",
    ]
    private static let subjects = [
        "north plant", "water tower", "line 4", "spring release", "Atlas", "quarter results",
        "new hires", "Nantes office", "supplier contract", "security", "data migration",
        "winter schedule", "tender 2207", "laboratory", "bridge deck", "turbine hall",
    ]
    private static let places = [
        "Room Curie, 2nd floor", "Room Ampère", "12 rue des Halles, 75001 Paris",
        "Building C, gate 3",
        "Café de la Gare", "Online", "Dock 7, warehouse east", "Amphitheatre B",
    ]
    private static let phrases = [
        "Please bring last week's measurements.", "The agenda is in the shared folder.",
        "We decide on the two open offers.", "Ask for a badge at the reception.",
        "Minutes are written in turns.", "Slides at the latest the evening before.",
        "Follow-up of the action list, then questions.", "Coffee is served from half past.",
        "If you cannot come, send somebody from your team.", "Parking behind the building.",
    ]

    static func title(_ random: inout SplitMix64) -> String {
        let kind = kinds[random.below(kinds.count)]
        return "\(kind): \(subjects[random.below(subjects.count)])"
    }

    static func place(_ random: inout SplitMix64) -> String { places[random.below(places.count)] }

    static func sentence(_ random: inout SplitMix64) -> String {
        phrases[random.below(phrases.count)]
    }
}
