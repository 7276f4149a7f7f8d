import LosslessJSON
import TandemCore

/// Makes odd events out of good ones, the same for the same seed.
struct EventMutator {
    let random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    func pick(_ count: Int) -> Int { Int(random.next() % UInt64(max(1, count))) }
    func pick<Value>(_ values: [Value]) -> Value { values[pick(values.count)] }

    private static let values: [JSON] = [
        .null, true, false, 0, -1, 1e300, "", "x", [], [:], [.null], [[]], ["a": .null],
        "confirmed", "cancelled", "2026-11-09", "2026-02-30", "2026-11-09T10:00:00Z",
        "2026-11-09T10:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:60-23:59",
        "Europe/Paris", "Mars/Base", "RRULE:FREQ=SECONDLY;COUNT=2147483647",
        "RRULE:FREQ=DAILY;UNTIL=99991231", "RRULE:", ":", ";;;", "EXDATE;TZID=:1,2",
        "RDATE;VALUE=PERIOD:20261109T100000Z/PT1H", "EXDATE;TZID=\"Europe/Paris\":20261109T100000",
        ["date": "2026-11-09"], ["dateTime": "2026-11-09T10:00:00+01:00"],
        ["dateTime": "2026-11-09T10:00:00", "timeZone": "Asia/Kolkata"],
        ["date": "9999-12-31"], ["date": "0001-01-01"], ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU"],
        [["email": "A@b.c"], ["email": "a@B.c", "self": true], "x", 5],
        ["private": ["a": "b", "c": .null], "shared": []], "\u{0}", "😀", "a_20261109", "_", "__R1",
    ]

    private static let names = [
        "id", "etag", "status", "summary", "description", "start", "end", "recurrence",
        "recurringEventId", "originalStartTime", "attendees", "organizer", "reminders",
        "extendedProperties", "attachments", "iCalUID", "eventType", "colorId", "conferenceData",
        "timeZone", "date", "dateTime", "email", "self", "deleted", "accessRole", "future",
    ]

    func event() -> JSON {
        var event = pick(Sample.all)
        for _ in 0..<(1 + pick(6)) { event = mutated(event, depth: 0) }
        return event
    }

    private func mutated(_ value: JSON, depth: Int) -> JSON {
        if depth > 3 || pick(6) == 0 { return pick(Self.values) }
        switch value {
        case .object(var object):
            let name = pick(3) == 0 ? pick(Self.names) : pick(object.keys + ["future"])
            let value = mutated(object[name] ?? pick(Self.values), depth: depth + 1)
            object[name] = pick(5) == 0 ? .none : .some(value)
            return .object(object)
        case .array(var elements):
            if elements.isEmpty || pick(4) == 0 { return .array(elements + [pick(Self.values)]) }
            let place = pick(elements.count)
            elements[place] = mutated(elements[place], depth: depth + 1)
            return .array(elements)
        case .string(let text):
            var scalars = Array(text.unicodeScalars)
            if !scalars.isEmpty { scalars[pick(scalars.count)] = pick(["0", "Z", "_", "é", ":"]) }
            return .string(String(String.UnicodeScalarView(scalars)))
        default: return pick(Self.values)
        }
    }

    /// The same content in another order and with defaults written out.
    func respelled(_ event: JSON) -> JSON {
        guard case .object(let object) = event else { return event }
        var members = object.members.map { ($0.key, $0.value) }
        for place in members.indices { members.swapAt(place, pick(members.count)) }
        for place in members.indices {
            guard ["attendees", "recurrence", "attachments"].contains(members[place].0),
                case .array(var elements) = members[place].1
            else { continue }
            for element in elements.indices { elements.swapAt(element, pick(elements.count)) }
            members[place].1 = .array(elements)
        }
        var copy = JSON.object(JSONObject(members))
        let defaults: [(String, JSON)] = [
            ("transparency", "opaque"), ("visibility", "default"), ("guestsCanModify", false),
            ("guestsCanInviteOthers", true), ("colorId", ""), ("location", .null),
            ("endTimeUnspecified", false), ("htmlLink", "x"), ("sequence", 9),
            ("reminders", ["useDefault": true]),
        ]
        for (name, value) in defaults where copy[name] == nil { copy[name] = value }
        if copy["status"] == nil { copy["status"] = "confirmed" }
        return copy
    }
}
