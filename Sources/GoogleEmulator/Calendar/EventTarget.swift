import LosslessJSON
import TandemFormats

/// What an event id names: a stored event, or an instance that a series yields.
enum EventTarget {
    case stored(EventRecord)
    case instance(EventRecord, RecurrenceSlot)

    /// Finds what the id names in a calendar.
    ///
    /// - Throws: 404 `notFound`.
    init(id: String, in calendar: CalendarRecord) throws(GoogleFailure) {
        let stored = calendar.events[id]
        if let stored, stored.life != .dropped {
            self = .stored(stored)
            return
        }
        // An instance has one id, though its time could be spelled in other ways.
        if let mark = id.lastIndex(of: "_"),
            let master = calendar.events[String(id[..<mark])], master.life == .live,
            let series = master.series,
            let slot = RecurrenceSlot(
                idSuffix: String(id[id.index(after: mark)...]), start: series.start),
            slot.idSuffix == id[id.index(after: mark)...], series.has(slot)
        {
            self = .instance(master, slot)
            return
        }
        guard let stored else { throw .notFound }
        self = .stored(stored)
    }

    /// The id that names it.
    var id: String {
        switch self {
        case .stored(let record): record.id
        case .instance(let master, let slot): "\(master.id)_\(slot.idSuffix)"
        }
    }

    /// The complete resource as it stands.
    func document(in calendar: CalendarRecord) -> JSONObject {
        switch self {
        case .stored(let record): record.document
        case .instance(let master, let slot):
            EventInstances.document(of: master, slot: slot, zone: calendar.zone)
        }
    }

    /// The complete resource with its times, as it stands.
    func draft(in calendar: CalendarRecord) -> EventDraft {
        switch self {
        case .stored(let record):
            return EventDraft(record)
        case .instance(let master, let slot):
            return EventDraft(
                fields: document(in: calendar),
                start: master.series?.begin(of: slot) ?? master.start,
                end: master.series?.end(of: slot) ?? master.end, series: nil)
        }
    }

    /// The etag with its quotes; an instance that was never touched has its series' etag.
    var etag: String {
        switch self {
        case .stored(let record): record.etag
        case .instance(let master, _): master.etag
        }
    }

    var life: EventRecord.Life {
        switch self {
        case .stored(let record): record.life
        case .instance: .live
        }
    }

    /// Whether it belongs to a series without being the series.
    var isInstance: Bool {
        switch self {
        case .stored(let record): record.seriesID != nil
        case .instance: true
        }
    }
}

/// The resources of instances that are not stored.
enum EventInstances {
    /// The master's resource turned into that of one instance.
    static func document(
        of master: EventRecord, slot: RecurrenceSlot, zone: ZoneRules
    ) -> JSONObject {
        guard let series = master.series else { return master.document }
        let begin = series.begin(of: slot)
        let id = "\(master.id)_\(slot.idSuffix)"
        var members: [(String, JSON)] = []
        for member in master.document.members {
            switch member.key {
            case "id": members.append(("id", .string(id)))
            case "start": members.append(("start", begin.json(in: zone)))
            case "end": members.append(("end", series.end(of: slot).json(in: zone)))
            case "htmlLink":
                let link = EventLinks.html(eventID: id, like: member.value.string ?? "")
                members.append(("htmlLink", .string(link)))
            case "recurrence":
                members.append(("recurringEventId", .string(master.id)))
                members.append(("originalStartTime", begin.json(in: zone)))
            default: members.append((member.key, member.value))
            }
        }
        return JSONObject(members)
    }

    /// What a cursor hears of an instance that is no more.
    static func tombstone(
        of master: EventRecord, series: EventSeries, slot: RecurrenceSlot, zone: ZoneRules
    ) -> JSONObject {
        [
            "kind": "calendar#event", "etag": .string(master.etag),
            "id": .string("\(master.id)_\(slot.idSuffix)"), "status": "cancelled",
            "recurringEventId": .string(master.id),
            "originalStartTime": series.begin(of: slot).json(in: zone),
        ]
    }
}
