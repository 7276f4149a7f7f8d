import LosslessJSON
import TandemFormats

/// `events.instances`.
///
/// - SeeAlso: Google Calendar API reference, "Events: instances".
struct EventInstanceListing {
    let call: APICall
    let access: APICall.Access
    let view: EventView
    let master: EventRecord
    let series: EventSeries
    let timeMin: Int64?
    let timeMax: Int64?
    let originalStart: RecurrenceSlot?
    let showDeleted: Bool

    /// - Throws: 404 for a series that is not there, 400 for an event that does not recur.
    init(_ call: APICall) throws(GoogleFailure) {
        self.call = call
        access = try call.access(.freeBusyReader)
        view = try EventView(call, access)
        guard let master = access.calendar.events[call.part("eventId")], master.life == .live
        else { throw .notFound }
        guard let series = master.series else { throw .invalid("The event does not recur.") }
        self.master = master
        self.series = series
        timeMin = try EventWindow.second(call.query["timeMin"])
        timeMax = try EventWindow.second(call.query["timeMax"])
        if let timeMin, let timeMax, timeMax <= timeMin { throw .timeRangeEmpty }
        showDeleted = try call.query.flag("showDeleted")
        originalStart = try call.query.nonEmpty("originalStart").map { text throws(GoogleFailure) in
            try Self.slot(text)
        }
    }

    private static func slot(_ text: String) throws(GoogleFailure) -> RecurrenceSlot {
        if let time = OffsetTime(rfc3339: text) {
            return RecurrenceSlot(utcSeconds: time.utcSeconds, zone: .utc)
        }
        guard let date = WallTime(date: text) else { throw .badRequest }
        return RecurrenceSlot(date: date)
    }

    func reply() throws(GoogleFailure) -> Reply {
        let maxResults = try call.query.count("maxResults", default: 250, max: 2500)
        var template = Cursor(
            topic: "instances", user: call.account.email,
            fingerprint: Fingerprint.of(
                call.query,
                names: [
                    "timeMin", "timeMax", "originalStart", "showDeleted", "timeZone",
                    "maxAttendees",
                ], extra: [master.id]),
            sequence: access.calendar.events.sequence, world: call.world)
        template.calendar = access.calendar.id
        let place = try call.query.nonEmpty("pageToken").flatMap { text throws(GoogleFailure) in
            try call.world.pageCursor(text, like: template).page
        }
        let rows = self.rows(after: place, limit: maxResults + 1)
        let shown = rows.prefix(maxResults).map(\.row)
        let etag = EventListing.etag(call, access, rows: shown)
        var head = EventListing.header(call, access, etag: etag)
        if rows.count > maxResults {
            let last = rows[maxResults - 1]
            template.page = Cursor.Page(key: last.key, offset: 0, id: last.row.id)
            head["nextPageToken"] = .string(template.text)
        }
        head["items"] = .array(shown.map { .object(view.document($0)) })
        return .json(head)
    }

    /// The wanted instances by their start, at least `limit` of them if there are so many.
    private func rows(after place: Cursor.Page?, limit: Int) -> [(key: Int64, row: EventRow)] {
        let zone = access.calendar.zone
        let exceptions = access.calendar.events.exceptions(of: master.id)
            .filter { $0.life != .dropped && $0.life != .deleted }
        var rows: [(key: Int64, row: EventRow)] = []
        for exception in exceptions where exception.life == .live || showDeleted {
            let begin = exception.start.utcSeconds(in: zone)
            guard isWanted(exception, begin, exception.end.utcSeconds(in: zone)) else { continue }
            rows.append(
                (begin, exception.life == .live ? .stored(exception) : .tombstone(exception)))
        }
        for slot in slots(from: place?.key, besides: Set(exceptions.map(\.id)), limit) {
            rows.append((series.begin(of: slot).utcSeconds(in: zone), .instance(master, slot)))
        }
        if let place { rows.removeAll { ($0.key, $0.row.id) <= (place.key, place.id) } }
        return rows.sorted { $0.key != $1.key ? $0.key < $1.key : $0.row.id < $1.row.id }
    }

    /// Instances that no exception stands for, from a second on or a little earlier.
    private func slots(
        from begin: Int64?, besides taken: Set<String>, _ limit: Int
    ) -> [RecurrenceSlot] {
        let end = series.isEndless ? EventRows.horizon(now: call.world.now) : EventWindow.latest
        let window = EventWindow(after: timeMin, before: timeMax ?? end)
        var walk = SeriesPlace(begin: begin)
        if let originalStart {
            guard series.has(originalStart) else { return [] }
            walk.after = RecurrenceSlot(
                utcSeconds: originalStart.utcSeconds &- 1, zone: .utc)
        }
        var found: [RecurrenceSlot] = []
        // A page served a slot or two of these already where days are counted in another zone.
        while found.count < limit + 4 {
            let chunk = originalStart == nil ? limit + 4 : 1
            let next = series.slots(
                in: window, zone: access.calendar.zone, from: walk, limit: chunk)
            found += next.filter { !taken.contains("\(master.id)_\($0.idSuffix)") }
            guard originalStart == nil, next.count == chunk else { break }
            walk.after = next.last
        }
        guard let originalStart else { return found }
        return found.filter { $0.idSuffix == originalStart.idSuffix }
    }

    private func isWanted(_ exception: EventRecord, _ begin: Int64, _ end: Int64) -> Bool {
        let suffix = exception.id.dropFirst(master.id.utf8.count + 1)
        if let originalStart, originalStart.idSuffix != suffix { return false }
        if let timeMin, end <= timeMin { return false }
        return timeMax.map { begin < $0 } ?? true
    }
}
