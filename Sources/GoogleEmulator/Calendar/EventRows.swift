import LosslessJSON
import TandemFormats

/// One row of a listing of events.
enum EventRow {
    case stored(EventRecord)
    case tombstone(EventRecord)
    case instance(EventRecord, RecurrenceSlot)
    /// An instance that the series no longer yields.
    indirect case lost(EventRecord, EventSeries, RecurrenceSlot)
}

/// Which rows a stored event yields under a query.
struct EventRows {
    let query: EventQuery
    let calendar: CalendarRecord
    let view: EventView
    /// The end of expansion where neither the query nor the series sets one, in seconds.
    let horizon: Int64
    /// Whether invitations that nobody has answered are left out.
    let hidesInvitations: Bool

    init(_ call: APICall, _ query: EventQuery, _ calendar: CalendarRecord, _ view: EventView) {
        self.query = query
        self.calendar = calendar
        self.view = view
        horizon = Self.horizon(now: call.world.now)
        let owner = calendar.isPrimary ? call.world.account(calendar.id) : nil
        hidesInvitations =
            !query.showHiddenInvitations
            && owner?.settings.first { $0.id == "hideInvitations" }?.value == "true"
    }

    /// Series without an end are expanded this far past the present: two years.
    static let horizonMilliseconds: Int64 = 730 * 86_400_000

    /// The end of expansion of series without an end, in seconds.
    static func horizon(now: Int64) -> Int64 {
        Stamp.floorDivision(now &+ horizonMilliseconds, 1000)
    }

    /// Where the rows of one record go on.
    struct Place {
        /// The id of the last row that was served; empty for the first one.
        var id = ""
        /// Only rows that begin at this second or later, or a little earlier.
        var begin: Int64?
    }

    /// The rows of a record from a place on, at most `limit`; those of a series by their start.
    func rows(of record: EventRecord, from place: Place = Place(), limit: Int) -> [EventRow] {
        guard matches(record) else { return [] }
        let rows =
            query.sync == nil
            ? listed(record, place, limit) : changed(record, place, limit)
        guard rows.count == 1, rows[0].id == place.id else { return rows }
        return []
    }

    /// The only row of a record that has one, as most have; `nil` where it takes a closer look.
    func onlyRow(of record: EventRecord) -> EventRow? {
        guard query.sync == nil, record.life == .live,
            !query.singleEvents || record.series == nil,
            query.updatedMin.map({ record.updated >= $0 }) ?? true, matches(record),
            !isHidden(record), isInWindow(record)
        else { return nil }
        return .stored(record)
    }

    // MARK: Full listings

    private func listed(_ record: EventRecord, _ place: Place, _ limit: Int) -> [EventRow] {
        if let updatedMin = query.updatedMin, record.updated < updatedMin { return [] }
        switch record.life {
        case .live where isHidden(record):
            return []
        case .live where query.singleEvents && record.series != nil:
            return expanded(record, record.series, [], place, limit)
        case .live:
            return isInWindow(record) ? [.stored(record)] : []
        case .cancelled:
            let isShown = query.showDeleted || !query.singleEvents || query.updatedMin != nil
            guard isShown, isInWindow(record) else { return [] }
            return [.tombstone(record)]
        case .deleted:
            guard query.showDeleted || query.updatedMin != nil else { return [] }
            if query.singleEvents, let series = record.series {
                return expanded(record, nil, [series], place, limit)
            }
            return isInWindow(record) ? [.tombstone(record)] : []
        case .dropped:
            guard query.updatedMin != nil, !isYielded(record), isInWindow(record) else { return [] }
            return [.tombstone(record)]
        }
    }

    /// Whether the calendar's owner hides invitations without an answer, and this is one.
    ///
    /// - SeeAlso: Google Calendar API reference, "Settings", `hideInvitations`.
    private func isHidden(_ record: EventRecord) -> Bool {
        guard hidesInvitations, !record.isOrganizers else { return false }
        return record.document["attendees"]?.array?.contains {
            $0["self"]?.bool == true && $0["responseStatus"]?.string == "needsAction"
        } == true
    }

    /// Whether a stored event, or any instance of a series, overlaps the window.
    private func isInWindow(_ record: EventRecord) -> Bool {
        guard query.timeMin != nil || query.timeMax != nil else { return true }
        let zone = calendar.zone
        if let timeMax = query.timeMax, record.start.utcSeconds(in: zone) >= timeMax {
            return false
        }
        guard let timeMin = query.timeMin else { return true }
        guard let series = record.series else { return record.end.utcSeconds(in: zone) > timeMin }
        let window = EventWindow(after: timeMin, before: query.timeMax ?? EventWindow.latest)
        return !series.slots(in: window, zone: zone, limit: 1).isEmpty
    }

    /// The window in which a series is expanded: only endless ones are cut off at the horizon.
    private func window(of series: EventSeries) -> EventWindow {
        let end = series.isEndless ? horizon : EventWindow.latest
        return EventWindow(after: query.timeMin, before: query.timeMax ?? end)
    }

    /// What a series yields now and what it yielded before, merged by start; `series` is `nil` if
    /// it was deleted or became a single event.
    private func expanded(
        _ record: EventRecord, _ series: EventSeries?, _ gone: [EventSeries], _ place: Place,
        _ limit: Int
    ) -> [EventRow] {
        let taken = Set(
            calendar.events.exceptions(of: record.id).filter { $0.life != .dropped }.map(\.id))
        var walk = SeriesPlace(
            after: RecurrenceSlot(anySuffix: place.id.dropFirst(record.id.utf8.count + 1)),
            begin: place.begin)
        if !place.id.hasPrefix(record.id + "_") { walk.after = nil }
        var rows: [EventRow] = []
        while rows.count < limit {
            let chunk = max(limit - rows.count, 16)
            let slots = slots(series, gone, walk, chunk)
            for slot in slots where !taken.contains("\(record.id)_\(slot.slot.idSuffix)") {
                if let former = slot.former {
                    // It may still be yielded and only lie outside of the window.
                    guard series?.has(slot.slot) != true, !isTold(record, slot.slot) else {
                        continue
                    }
                    rows.append(.lost(record, former, slot.slot))
                } else {
                    rows.append(.instance(record, slot.slot))
                }
            }
            guard slots.count == chunk, let last = slots.last?.slot else { break }
            walk.after = last
        }
        return Array(rows.prefix(limit))
    }

    /// Whether the delta holds the exception that was dropped together with that start.
    private func isTold(_ master: EventRecord, _ slot: RecurrenceSlot) -> Bool {
        guard let sync = query.sync,
            let exception = calendar.events["\(master.id)_\(slot.idSuffix)"]
        else { return false }
        return exception.life == .dropped && exception.change > sync.sequence
    }

    /// The next starts of a series and of what it was; fewer than `limit` only at the end.
    private func slots(
        _ series: EventSeries?, _ gone: [EventSeries], _ place: SeriesPlace, _ limit: Int
    ) -> [(slot: RecurrenceSlot, former: EventSeries?)] {
        func found(_ series: EventSeries) -> [RecurrenceSlot] {
            series.slots(
                in: window(of: series), zone: calendar.zone, from: place, limit: limit)
        }
        var slots: [(slot: RecurrenceSlot, former: EventSeries?)] = []
        for slot in series.map(found) ?? [] { slots.append((slot, nil)) }
        guard !gone.isEmpty else { return slots }
        var known = Set(slots.map(\.slot.idSuffix))
        for former in gone {
            for slot in found(former) where known.insert(slot.idSuffix).inserted {
                slots.append((slot, former))
            }
        }
        slots.sort { $0.slot < $1.slot }
        return Array(slots.prefix(limit))
    }

    // MARK: Deltas

    private func changed(_ record: EventRecord, _ place: Place, _ limit: Int) -> [EventRow] {
        if record.life == .dropped, query.singleEvents, isYielded(record) { return [] }
        let isShown = record.life == .live && !isHidden(record)
        if isShown, query.keepsWindow, isNewOutside(record) { return [] }
        let isExpanded = record.series != nil || !record.formerSeries.isEmpty
        guard query.singleEvents, isExpanded else {
            return [isShown ? .stored(record) : .tombstone(record)]
        }
        let since = query.sync?.sequence ?? 0
        let former = record.formerSeries.filter { $0.until > since }.map(\.series)
        var rows: [EventRow] = []
        if place.id.isEmpty {
            if record.series == nil {
                rows = [isShown ? .stored(record) : .tombstone(record)]
            } else if former.contains(where: \.lines.isEmpty) {
                rows = [.tombstone(record)]
            }
        }
        var gone = former.filter { !$0.lines.isEmpty }
        if !isShown, let series = record.series { gone.append(series) }
        return rows
            + expanded(
                record, isShown ? record.series : nil, gone, place, max(limit - rows.count, 1))
    }

    /// Whether an event was made after the cursor and lies outside of its window, so that the
    /// client knows nothing of it; one that the client may know is told wherever it goes.
    private func isNewOutside(_ record: EventRecord) -> Bool {
        guard let since = query.sync?.sequence, record.firstChange > since, !isInWindow(record)
        else { return false }
        guard let seriesID = record.seriesID else { return true }
        // The instance for which an exception stands may have been in the window.
        guard let series = calendar.events[seriesID]?.series,
            let slot = RecurrenceSlot(anySuffix: record.id.dropFirst(seriesID.utf8.count + 1))
        else { return false }
        let window = EventWindow(
            after: query.timeMin, before: query.timeMax ?? EventWindow.latest)
        return !series.overlaps(window, slot, calendar.zone)
    }

    /// Whether the series of a dropped exception yields its start again.
    private func isYielded(_ exception: EventRecord) -> Bool {
        guard let seriesID = exception.seriesID, let master = calendar.events[seriesID],
            master.life == .live, let series = master.series,
            let slot = RecurrenceSlot(
                anySuffix: exception.id.dropFirst(seriesID.utf8.count + 1))
        else { return false }
        return series.has(slot)
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
        guard !query.privateProperties.isEmpty || !query.sharedProperties.isEmpty else {
            return true
        }
        return view.showsDetails(record.document)
            && has(query.privateProperties, record, "private")
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
