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
    let originalStart: String?
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
        timeMin = try Self.second(call.query, "timeMin")
        timeMax = try Self.second(call.query, "timeMax")
        if let timeMin, let timeMax, timeMax <= timeMin { throw .timeRangeEmpty }
        showDeleted = try call.query.flag("showDeleted")
        originalStart = try call.query.nonEmpty("originalStart").map { text throws(GoogleFailure) in
            try Self.originalKey(text)
        }
    }

    private static func second(
        _ query: Parameters, _ name: String
    ) throws(GoogleFailure) -> Int64? {
        guard let text = query.nonEmpty(name) else { return nil }
        guard let time = OffsetTime(rfc3339: text) else { throw .badRequest }
        return time.utcSeconds
    }

    private static func originalKey(_ text: String) throws(GoogleFailure) -> String {
        if let time = OffsetTime(rfc3339: text) {
            return RecurrenceSlot(utcSeconds: time.utcSeconds, zone: .utc).idSuffix
        }
        guard let date = WallTime(date: text) else { throw .badRequest }
        return RecurrenceSlot(date: date).idSuffix
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
        var rows = self.rows()
        if let text = call.query.nonEmpty("pageToken") {
            let place = try call.world.pageCursor(text, like: template).page
            if let place { rows.removeAll { ($0.key, $0.row.id) <= (place.key, place.id) } }
        }
        var head = EventListing.header(call, access)
        if rows.count > maxResults {
            let last = rows[maxResults - 1]
            template.page = Cursor.Page(key: last.key, offset: 0, id: last.row.id)
            head["nextPageToken"] = .string(template.text)
        }
        head["items"] = .array(rows.prefix(maxResults).map { .object(view.document($0.row)) })
        return .json(head)
    }

    /// The wanted instances by their start.
    private func rows() -> [(key: Int64, row: EventRow)] {
        let zone = access.calendar.zone
        let horizon = Stamp.floorDivision(call.world.now &+ EventRows.horizonMilliseconds, 1000)
        var rows: [(key: Int64, row: EventRow)] = []
        let exceptions = access.calendar.events.exceptions(of: master.id)
            .filter { $0.life != .dropped && $0.life != .deleted }
        let taken = Set(exceptions.map(\.id))
        let slots = series.slots(from: timeMin ?? -62_000_000_000, to: timeMax ?? horizon)
        for slot in slots where !taken.contains("\(master.id)_\(slot.idSuffix)") {
            let begin = series.begin(of: slot).utcSeconds(in: zone)
            let end = series.end(of: slot).utcSeconds(in: zone)
            guard isWanted(slot.idSuffix, begin, end) else { continue }
            rows.append((begin, .instance(master, slot)))
        }
        for exception in exceptions where exception.life == .live || showDeleted {
            let begin = exception.start.utcSeconds(in: zone)
            let suffix = String(exception.id.dropFirst(master.id.count + 1))
            guard isWanted(suffix, begin, exception.end.utcSeconds(in: zone)) else { continue }
            rows.append(
                (begin, exception.life == .live ? .stored(exception) : .tombstone(exception)))
        }
        return rows.sorted { $0.key != $1.key ? $0.key < $1.key : $0.row.id < $1.row.id }
    }

    private func isWanted(_ suffix: String, _ begin: Int64, _ end: Int64) -> Bool {
        if let originalStart, originalStart != suffix { return false }
        if let timeMin, end <= timeMin { return false }
        return timeMax.map { begin < $0 } ?? true
    }
}
