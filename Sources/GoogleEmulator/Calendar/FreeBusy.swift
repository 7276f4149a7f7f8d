import LosslessJSON
import TandemFormats

/// `freebusy.query`.
///
/// - SeeAlso: Google Calendar API reference, "Freebusy: query".
struct FreeBusy {
    let call: APICall
    let body: JSONObject
    let from: Int64
    let to: Int64
    let zone: ZoneRules

    /// - Throws: 400 for a missing, unreadable or empty window.
    init(_ call: APICall) throws(GoogleFailure) {
        self.call = call
        body = try call.body()
        from = try Self.second(body, "timeMin")
        to = try Self.second(body, "timeMax")
        guard from < to else { throw .timeRangeEmpty }
        let name = body["timeZone"]?.nonNull?.string ?? "UTC"
        guard let zone = Zones.rules(name) else { throw .invalid("Invalid time zone definition.") }
        self.zone = zone
    }

    private static func second(_ body: JSONObject, _ name: String) throws(GoogleFailure) -> Int64 {
        guard let value = body[name]?.nonNull else { throw .requiredParameter(name) }
        guard let text = value.string, let time = OffsetTime(rfc3339: text) else {
            throw .badRequest
        }
        return time.utcSeconds
    }

    func reply() throws(GoogleFailure) -> Reply {
        let most = min(body["calendarExpansionMax"]?.int ?? 50, 50)
        var calendars = JSONObject()
        let items = body["items"]?.array ?? []
        for (index, item) in items.enumerated() {
            guard let id = item["id"]?.string else { throw .badRequest }
            calendars[id] =
                Int64(index) < most
                ? calendar(id) : Self.error("global", "tooManyCalendarsRequested")
        }
        return .json([
            "kind": "calendar#freeBusy", "timeMin": .string(Stamp.utc(from &* 1000)),
            "timeMax": .string(Stamp.utc(to &* 1000)), "calendars": .object(calendars),
        ])
    }

    private static func error(_ domain: String, _ reason: String) -> JSON {
        ["errors": [["domain": .string(domain), "reason": .string(reason)]], "busy": []]
    }

    private func calendar(_ id: String) -> JSON {
        guard let calendar = call.world.calendar(id == "primary" ? call.account.email : id),
            call.world.role(of: call.account, in: calendar) > .none
        else { return Self.error("global", "notFound") }
        var periods: [Range<Int64>] = []
        for record in calendar.events.order where record.life == .live && isBusy(record) {
            add(record, on: calendar, to: &periods)
        }
        periods.sort { $0.lowerBound < $1.lowerBound }
        var merged: [Range<Int64>] = []
        for period in periods {
            if let last = merged.last, period.lowerBound <= last.upperBound {
                merged[merged.count - 1] =
                    last.lowerBound..<max(last.upperBound, period.upperBound)
            } else {
                merged.append(period)
            }
        }
        return ["busy": .array(merged.map(json))]
    }

    private func isBusy(_ record: EventRecord) -> Bool {
        if record.document["transparency"]?.string == "transparent" { return false }
        return record.document["attendees"]?.array?.contains {
            $0["self"]?.bool == true && $0["responseStatus"]?.string == "declined"
        } != true
    }

    /// More instances of one series than this are not looked at: a daily one for 270 years.
    private static let mostInstances = 100_000

    private func add(
        _ record: EventRecord, on calendar: CalendarRecord, to periods: inout [Range<Int64>]
    ) {
        guard let series = record.series else {
            clip(record.start, record.end, calendar.zone, to: &periods)
            return
        }
        let taken = Set(
            calendar.events.exceptions(of: record.id).filter { $0.life != .dropped }.map(\.id))
        let window = EventWindow(after: from, before: to)
        for slot in series.slots(in: window, zone: calendar.zone, limit: Self.mostInstances)
        where !taken.contains("\(record.id)_\(slot.idSuffix)") {
            clip(series.begin(of: slot), series.end(of: slot), calendar.zone, to: &periods)
        }
    }

    private func clip(
        _ start: EventMoment, _ end: EventMoment, _ zone: ZoneRules,
        to periods: inout [Range<Int64>]
    ) {
        let lower = max(start.utcSeconds(in: zone), from)
        let upper = min(end.utcSeconds(in: zone), to)
        if lower < upper { periods.append(lower..<upper) }
    }

    private func json(_ period: Range<Int64>) -> JSON {
        func text(_ second: Int64) -> JSON {
            .string(EventMoment.text(second, offset: zone.offsetSeconds(atUTCSeconds: second)))
        }
        return ["start": text(period.lowerBound), "end": text(period.upperBound)]
    }
}
