import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore

@testable import tandem

/// A store in memory with one calendar, seen from Paris.
struct AgendaWorld {
    let store: Store
    let calendar: RemoteCollection
    let zone: ZoneRules

    init(_ events: [JSON]) throws {
        zone = try ZoneRules.named("Europe/Paris")
        store = try Store.inMemory(
            rulebook: App.rulebook, environment: App.Process.current.environment)
        calendar = try store.writeBlocking { transaction in
            let ada = try transaction.accounts.add(
                name: "ada", provider: "google", email: "ada@example.com", subject: "1")
            let calendar = try transaction.collections.add(
                CollectionDraft(
                    remoteID: RemoteID(rawValue: "work"), kind: .event, name: "Work",
                    access: .own, timeZone: "Europe/Paris"),
                to: ada.id)
            for (index, event) in events.enumerated() {
                let id = RemoteID(rawValue: "event\(index)")
                _ = try transaction.resources.insert(
                    ResourceDraft(
                        remoteID: id, baseBytes: event.serialized(), etag: nil, generation: 1),
                    into: calendar)
            }
            return calendar
        }
    }

    /// A window of days, the last one left out.
    func view(_ first: String, _ behind: String) throws -> AgendaView {
        let times = HumanTimes(now: Timestamp(milliseconds: 0), zone: zone)
        let window = try AgendaWindow(
            from: times.time(first).utcSeconds(in: zone),
            to: times.time(behind).utcSeconds(in: zone), zone: zone)
        return try store.readBlocking { transaction in
            let agenda = try Agenda.read(window, of: [calendar], in: transaction)
            return try AgendaView(
                agenda, entries: agenda.entries, next: nil, from: window.from, zone: zone,
                in: transaction)
        }
    }

    /// What a person sees of it.
    func lines(
        _ first: String, _ behind: String, columns: Int? = nil, showsIDs: Bool = false
    ) throws -> [String] {
        AgendaLines(try view(first, behind), showsIDs: showsIDs)
            .text(TerminalStyle(usesColor: false, columns: columns))
    }

    /// An event with times as Google writes them.
    static func event(
        _ title: String, _ start: String, _ end: String, zone: String = "Europe/Paris",
        endZone: String? = nil, _ more: JSON = [:]
    ) -> JSON {
        let event: JSON = [
            "id": "event", "status": "confirmed", "summary": .string(title),
            "start": ["dateTime": .string(start), "timeZone": .string(zone)],
            "end": ["dateTime": .string(end), "timeZone": .string(endZone ?? zone)],
        ]
        return event.merging(more)
    }
}
