import GoogleConnector
import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore

/// A store in memory with accounts and calendars, at 2026-11-02T08:00:00Z.
struct CalendarWorld {
    let store: Store
    let clock: FixedClock
    let ada: Account
    let work: RemoteCollection
    let home: RemoteCollection

    init() throws {
        clock = FixedClock()
        store = try Store.inMemory(
            rulebook: Rulebook([CalendarRules(), EventRules()]),
            environment: TandemEnvironment(clock: clock, random: SeededRandom(seed: 7)))
        (ada, work, home) = try store.writeBlocking { transaction in
            let ada = try transaction.accounts.add(
                name: "ada", provider: "google", email: "ada@example.com", subject: "1")
            let work = try Self.calendar("Work", of: ada, in: transaction)
            let home = try Self.calendar("Home", of: ada, in: transaction)
            return (ada, work, home)
        }
    }

    static func calendar(
        _ name: String, of account: Account, zone: String = "Europe/Paris",
        access: CollectionAccess = .own, in transaction: StoreTransaction
    ) throws -> RemoteCollection {
        try transaction.collections.add(
            CollectionDraft(
                remoteID: RemoteID(rawValue: "\(account.name)-\(name)"), kind: .event,
                name: name, access: access, timeZone: zone),
            to: account.id)
    }

    static let paris = try? ZoneRules.named("Europe/Paris")

    /// Puts an event into a calendar as if Google had sent it.
    @discardableResult
    func receive(_ event: JSON, into collection: RemoteCollection? = nil) throws -> StoredResource {
        let collection = collection ?? work
        return try store.writeBlocking { transaction in
            let id = RemoteID(rawValue: event["id"]?.string ?? "none")
            return try transaction.resources.insert(
                ResourceDraft(
                    remoteID: id, baseBytes: event.serialized(),
                    etag: event["etag"]?.string.map(ETag.init), generation: 1),
                into: collection)
        }
    }

    /// Does something with events, as a person in Paris.
    func act<Value>(
        _ body: (EventActions, StoreTransaction, (String) throws -> ItemReference) throws -> Value
    ) throws -> Value {
        let zone = try ZoneRules.named("Europe/Paris")
        return try store.writeBlocking { transaction in
            let run = try transaction.runs.start("test")
            let lookup = ItemLookup(transaction)
            return try body(
                EventActions(transaction, run: run.id, viewer: zone), transaction,
                { try lookup.find($0) })
        }
    }

    /// Does one thing with events that may mail somebody.
    /// - Returns: What it was done to, and who is going to be mailed.
    func mailing(
        _ whom: SendUpdates,
        _ body: (EventActions, (String) throws -> ItemReference) throws -> StoredResource
    ) throws -> (resource: StoredResource, addresses: [String]) {
        let zone = try ZoneRules.named("Europe/Paris")
        return try store.writeBlocking { transaction in
            let run = try transaction.runs.start("test")
            let actions = EventActions(transaction, run: run.id, viewer: zone, sendUpdates: whom)
            let lookup = ItemLookup(transaction)
            let resource = try body(actions) { try lookup.find($0) }
            return (resource, try ItemViews(transaction).notified(by: resource))
        }
    }

    /// What happens from one Paris day to another, in a line each.
    func agenda(
        _ from: String, _ to: String, zone name: String = "Europe/Paris",
        of collections: [RemoteCollection]? = nil
    ) throws -> [String] {
        try entries(from, to, zone: name, of: collections).map { entry in
            let start =
                entry.data["start"]?["dateTime"]?.string ?? entry.data["start"]?["date"]?.string
            return "\(start ?? "?") \(entry.data["summary"]?.string ?? "")"
        }
    }

    func entries(
        _ from: String, _ to: String, zone name: String = "Europe/Paris",
        of collections: [RemoteCollection]? = nil
    ) throws -> [AgendaEntry] {
        try read(from, to, zone: name, of: collections).entries
    }

    func read(
        _ from: String, _ to: String, zone name: String = "Europe/Paris",
        of collections: [RemoteCollection]? = nil
    ) throws -> Agenda {
        let zone = try ZoneRules.named(name)
        let times = HumanTimes(now: clock.now(), zone: zone)
        let window = try AgendaWindow(
            from: times.time(from).utcSeconds(in: zone), to: times.time(to).utcSeconds(in: zone),
            zone: zone)
        return try store.readBlocking { transaction in
            try Agenda.read(
                window, of: try collections ?? transaction.collections.list(), in: transaction)
        }
    }

    /// The live version of a stored event, found by any id.
    func live(_ id: String) throws -> JSON? {
        try store.readBlocking { try ItemLookup($0).find(id).resource.live }
    }
}

/// A clock that stands still.
struct FixedClock: WallClock {
    var moment = Timestamp(milliseconds: 1_793_606_400_000)
    func now() -> Timestamp { moment }
    func wait(for duration: Duration) async throws {}
}

/// Events as Google would list them.
enum Sample {
    /// A single event of an hour.
    static func single(
        _ id: String, _ title: String, start: String, end: String, zone: String = "Europe/Paris"
    ) -> JSON {
        [
            "kind": "calendar#event", "id": .string(id), "etag": "\"1\"", "status": "confirmed",
            "summary": .string(title), "iCalUID": .string("\(id)@google.com"),
            "start": ["dateTime": .string(start), "timeZone": .string(zone)],
            "end": ["dateTime": .string(end), "timeZone": .string(zone)],
            "organizer": ["email": "ada@example.com", "self": true],
            "reminders": ["useDefault": true], "eventType": "default",
        ]
    }

    /// A series.
    static func series(
        _ id: String, _ title: String, start: String, end: String, rule: String...
    ) -> JSON {
        var event = single(id, title, start: start, end: end)
        event["recurrence"] = .array(rule.map { .string($0) })
        return event
    }

    /// An all-day event; `end` is the first day behind it.
    static func days(_ id: String, _ title: String, start: String, end: String) -> JSON {
        var event = single(id, title, start: "", end: "")
        event["start"] = ["date": .string(start)]
        event["end"] = ["date": .string(end)]
        return event
    }

    /// A weekly series on Mondays at 10:00 in Paris, from 2026-10-12 on: over the clock change.
    static let standup = series(
        "standup", "Standup", start: "2026-10-12T10:00:00+02:00", end: "2026-10-12T10:30:00+02:00",
        rule: "RRULE:FREQ=WEEKLY;BYDAY=MO")

    /// An exception of ``standup``.
    static func exception(
        slot: String, original: String, _ title: String = "Standup", start: String, end: String,
        status: String = "confirmed"
    ) -> JSON {
        var event = single("standup_\(slot)", title, start: start, end: end)
        event["iCalUID"] = "standup@google.com"
        event["recurringEventId"] = "standup"
        event["originalStartTime"] = [
            "dateTime": .string(original), "timeZone": "Europe/Paris",
        ]
        event["status"] = .string(status)
        return event
    }
}
