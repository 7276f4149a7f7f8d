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

    /// - Throws: 400 for a missing, unreadable or empty window, and for one that cannot be echoed
    ///   in UTC.
    init(_ call: APICall) throws(GoogleFailure) {
        self.call = call
        body = try call.body()
        from = try Self.moment(body, "timeMin")
        to = try Self.moment(body, "timeMax")
        guard from < to else { throw .timeRangeEmpty }
        let named = body["timeZone"]?.nonNull
        guard let name = named == nil ? "UTC" : named?.string else { throw .badRequest }
        guard let zone = Zones.rules(name) else { throw .invalid("Invalid time zone definition.") }
        self.zone = zone
    }

    private static func moment(_ body: JSONObject, _ name: String) throws(GoogleFailure) -> Int64 {
        guard let value = body[name]?.nonNull else { throw .requiredParameter(name) }
        guard let text = value.string, let second = try EventWindow.second(text),
            EventWindow.writable.contains(second)
        else { throw .badRequest }
        return second
    }

    /// The most that Google allows, and what counts where a request says nothing.
    private static let mostCalendars: Int64 = 50
    private static let mostMembers: Int64 = 100

    func reply() throws(GoogleFailure) -> Reply {
        let mostCalendars = try most("calendarExpansionMax", Self.mostCalendars)
        let mostMembers = try most("groupExpansionMax", Self.mostMembers)
        var wanted: [String] = []
        var groups = JSONObject()
        let given = body["items"]?.nonNull
        guard let items = given == nil ? [] : given?.array else { throw .badRequest }
        for item in items {
            guard let id = item["id"]?.string else { throw .badRequest }
            guard call.world.calendar(id) == nil, let group = call.world.groups[id] else {
                wanted.append(id)
                continue
            }
            guard Int64(group.members.count) <= mostMembers else {
                groups[id] = Self.error("groupTooBig")
                continue
            }
            groups[id] = ["calendars": .strings(group.members)]
            wanted += group.members
        }
        var document: JSONObject = [
            "kind": "calendar#freeBusy", "timeMin": .string(Stamp.utc(from &* 1000)),
            "timeMax": .string(Stamp.utc(to &* 1000)),
        ]
        if !groups.isEmpty { document["groups"] = .object(groups) }
        document["calendars"] = .object(calendars(wanted, most: mostCalendars))
        return .json(document)
    }

    private func most(_ name: String, _ limit: Int64) throws(GoogleFailure) -> Int64 {
        guard let value = body[name]?.nonNull else { return limit }
        guard let number = value.int else { throw .badRequest }
        guard (1...limit).contains(number) else {
            throw .invalid("Invalid value for: \(name). It must be between 1 and \(limit).")
        }
        return number
    }

    /// What is known of each calendar; those beyond the most that are wanted are not looked at.
    private func calendars(_ wanted: [String], most: Int64) -> JSONObject {
        var found: [(String, JSON)] = []
        var known: Set<String> = []
        for id in wanted where known.insert(id).inserted {
            guard Int64(found.count) < most else {
                var failure = Self.error("tooManyCalendarsRequested")
                failure["busy"] = []
                found.append((id, failure))
                continue
            }
            found.append((id, calendar(id)))
        }
        return JSONObject(found)
    }

    private static func error(_ reason: String) -> JSON {
        ["errors": [["domain": "global", "reason": .string(reason)]]]
    }

    private func calendar(_ id: String) -> JSON {
        guard let calendar = call.world.calendar(id == "primary" ? call.account.email : id),
            call.world.role(of: call.account, in: calendar) > .none
        else {
            var failure = Self.error("notFound")
            failure["busy"] = []
            return failure
        }
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
