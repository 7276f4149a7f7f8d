import LosslessJSON
import TandemFormats

/// One row of a listing of events.
enum EventRow {
    case stored(EventRecord)
    case tombstone(EventRecord)
    case instance(EventRecord, RecurrenceSlot)
    /// An instance that the series no longer yields.
    case lost(EventRecord, EventSeries, RecurrenceSlot)
}

/// Which rows a stored event yields under a query.
struct EventRows {
    let query: EventQuery
    let calendar: CalendarRecord
    let view: EventView
    /// The end of expansion where the query sets none, in seconds.
    let horizon: Int64

    /// Series without an end are expanded this far past the present: two years.
    static let horizonMilliseconds: Int64 = 730 * 86_400_000

    func rows(of record: EventRecord) -> [EventRow] {
        guard matches(record) else { return [] }
        return query.sync == nil ? listed(record) : changed(record)
    }

    // MARK: Full listings

    private func listed(_ record: EventRecord) -> [EventRow] {
        if let updatedMin = query.updatedMin, record.updated < updatedMin { return [] }
        switch record.life {
        case .live where query.singleEvents && record.series != nil:
            return instances(of: record)
        case .live:
            return isInWindow(record) ? [.stored(record)] : []
        case .cancelled:
            let isShown = query.showDeleted || !query.singleEvents || query.updatedMin != nil
            guard isShown, isInWindow(record) else { return [] }
            return [.tombstone(record)]
        case .deleted:
            guard query.showDeleted || query.updatedMin != nil else { return [] }
            if query.singleEvents, let series = record.series {
                return lost(record, series, except: nil)
            }
            return isInWindow(record) ? [.tombstone(record)] : []
        case .dropped:
            return []
        }
    }

    /// Whether a stored event, or any instance of a series, overlaps the window.
    private func isInWindow(_ record: EventRecord) -> Bool {
        guard query.timeMin != nil || query.timeMax != nil else { return true }
        let zone = calendar.zone
        let begin = record.start.utcSeconds(in: zone)
        if let timeMax = query.timeMax, begin >= timeMax { return false }
        guard let series = record.series else {
            return query.timeMin.map { record.end.utcSeconds(in: zone) > $0 } ?? true
        }
        guard let timeMin = query.timeMin else { return true }
        let end = query.timeMax ?? max(timeMin &+ 10 * 366 * 86_400, begin &+ 1)
        return series.slots(from: timeMin, to: end, limit: 2000).contains { slot in
            overlaps(series, slot)
        }
    }

    private func overlaps(_ series: EventSeries, _ slot: RecurrenceSlot) -> Bool {
        let zone = calendar.zone
        if let timeMin = query.timeMin, series.end(of: slot).utcSeconds(in: zone) <= timeMin {
            return false
        }
        return series.begin(of: slot).utcSeconds(in: zone) < (query.timeMax ?? horizon)
    }

    /// The instances of a series that no exception stands for.
    private func instances(of record: EventRecord) -> [EventRow] {
        guard let series = record.series else { return [] }
        let taken = Set(
            calendar.events.exceptions(of: record.id).filter { $0.life != .dropped }.map(\.id))
        return slots(series).compactMap { slot in
            taken.contains("\(record.id)_\(slot.idSuffix)") ? nil : .instance(record, slot)
        }
    }

    private func slots(_ series: EventSeries) -> [RecurrenceSlot] {
        series.slots(from: query.timeMin ?? Self.earliest, to: query.timeMax ?? horizon)
            .filter { overlaps(series, $0) }
    }

    private static let earliest: Int64 = -62_000_000_000

    private func lost(
        _ record: EventRecord, _ series: EventSeries, except: Set<String>?
    ) -> [EventRow] {
        let taken = Set(
            calendar.events.exceptions(of: record.id).filter { $0.life != .dropped }.map(\.id))
        return slots(series).compactMap { slot in
            if except?.contains(slot.idSuffix) == true { return nil }
            return taken.contains("\(record.id)_\(slot.idSuffix)")
                ? nil : .lost(record, series, slot)
        }
    }

    // MARK: Deltas

    private func changed(_ record: EventRecord) -> [EventRow] {
        guard query.singleEvents else {
            return record.life == .live ? [.stored(record)] : [.tombstone(record)]
        }
        guard record.series != nil || !record.formerSeries.isEmpty else {
            return record.life == .live ? [.stored(record)] : [.tombstone(record)]
        }
        var rows: [EventRow] = []
        var kept: Set<String> = []
        if record.life == .live {
            rows = record.series == nil ? [.stored(record)] : instances(of: record)
            for slot in record.series.map(slots) ?? [] { kept.insert(slot.idSuffix) }
        } else if let series = record.series {
            rows = lost(record, series, except: nil)
            for slot in slots(series) { kept.insert(slot.idSuffix) }
        }
        let since = query.sync?.sequence ?? 0
        for former in record.formerSeries where former.until > since {
            let more = lost(record, former.series, except: kept)
            for case .lost(_, _, let slot) in more { kept.insert(slot.idSuffix) }
            rows += more
        }
        return rows
    }

    // MARK: Filters

    private func matches(_ record: EventRecord) -> Bool {
        if !query.eventTypes.isEmpty, !query.eventTypes.contains(record.eventType) { return false }
        if let uid = query.uid, record.iCalUID != uid { return false }
        if !query.words.isEmpty {
            guard view.showsDetails(record.document),
                EventWords.matches(record.words, words: query.words)
            else { return false }
        }
        return has(query.privateProperties, record, "private")
            && has(query.sharedProperties, record, "shared")
    }

    private func has(_ wanted: [EventQuery.Property], _ record: EventRecord, _ part: String) -> Bool
    {
        wanted.allSatisfy { property in
            let map = record.document["extendedProperties"]?[part]
            return map?[property.name]?.string == property.value
        }
    }

    /// The second by which rows are ordered for `startTime`.
    func start(of row: EventRow) -> Int64 {
        let zone = calendar.zone
        switch row {
        case .stored(let record), .tombstone(let record):
            return record.start.utcSeconds(in: zone)
        case .instance(let master, let slot):
            return master.series?.begin(of: slot).utcSeconds(in: zone) ?? slot.utcSeconds
        case .lost(_, let series, let slot):
            return series.begin(of: slot).utcSeconds(in: zone)
        }
    }
}

extension EventRow {
    /// The id of what the row shows.
    var id: String {
        switch self {
        case .stored(let record), .tombstone(let record): record.id
        case .instance(let master, let slot), .lost(let master, _, let slot):
            "\(master.id)_\(slot.idSuffix)"
        }
    }

    /// When what the row shows was last changed, in milliseconds since 1970.
    var updated: Int64 {
        switch self {
        case .stored(let record), .tombstone(let record), .instance(let record, _),
            .lost(let record, _, _):
            record.updated
        }
    }
}
