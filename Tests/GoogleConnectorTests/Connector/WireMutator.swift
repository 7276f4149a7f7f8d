import LosslessJSON
import TandemCore

/// Writes events as a careless or hostile hand might send them, the same for the same seed.
///
/// They are odd in what they say, and odd in how it is written down.
struct WireMutator {
    private let mutator: EventMutator

    init(seed: UInt64) { mutator = EventMutator(seed: seed) }

    func pick(_ count: Int) -> Int { mutator.pick(count) }

    /// One item of a page.
    ///
    /// - Parameter id: What it is called, unless its name is what is odd.
    /// - Returns: Its bytes, which are not always JSON, but end where an item of a page ends.
    func item(_ id: String) -> [UInt8] {
        switch pick(60) {
        case 0: return Array(mutator.pick(Self.strangers).utf8)
        case 1: return named(mutator.event(), oddlyFor: id)
        // Samples have one name each, so that many of these are called alike.
        case 2: return mutator.event().serialized()
        default: break
        }
        var event = pick(3) == 0 ? mutator.event() : mutator.pick(Sample.all)
        if pick(4) == 0 { event = exaggerated(event) }
        guard event.object != nil else { return event.serialized() }
        event["id"] = .string(id)
        let bytes = event.serialized(pick(10) == 0 ? .pretty : .compact)
        return pick(4) == 0 ? misspelled(bytes, id: id) : bytes
    }

    /// What is no object, and so has no name.
    private static let strangers = [
        "null", "true", "0", "-1e308", "\"text\"", "[]", "[[{}]]", "{}", "\"\\u0000\"",
        #"{"":""}"#, #"[{"id":"inner"}]"#,
    ]

    // MARK: - Names

    private func named(_ event: JSON, oddlyFor id: String) -> [UInt8] {
        guard event.object != nil else { return event.serialized() }
        var event = event
        let texts = [
            "", " ", "\(id)\u{0}", "\(id)\n", "\u{202E}\(id)", "\(id)/../x?y#z", "\(id)%00",
            // One text, as far as Unicode is concerned, and two names.
            "caf\u{E9}\(id.suffix(1))", "cafe\u{301}\(id.suffix(1))", "\u{FEFF}\(id)",
            String(repeating: "v", count: 1024), String(repeating: "w", count: 1025),
            "\(id)_20261109T080000Z", "ID\(id.suffix(2))", "id\(id.suffix(2))",
        ]
        switch pick(8) {
        case 0: event["id"] = .some(.null)
        case 1: event["id"] = .none
        case 2: event["id"] = mutator.pick([5, true, [], [:], ["a"], -0.5])
        default: event["id"] = .string(mutator.pick(texts))
        }
        return event.serialized()
    }

    // MARK: - What it says

    private func exaggerated(_ event: JSON) -> JSON {
        guard event.object != nil else { return event }
        var event = event
        switch pick(6) {
        case 0: event[mutator.pick(Self.words)] = .string(mutator.pick(Self.oddTexts))
        case 1: event[mutator.pick(Self.moments)] = mutator.pick(Self.oddTimes)
        case 2: event["recurrence"] = .array([.string(mutator.pick(Self.oddRules))])
        case 3: event["future"] = deep(20 + pick(30))
        case 4: event["future"] = deep(60 + pick(400))
        default:
            guard pick(8) == 0 else { return event }
            event[mutator.pick(["attendees", "recurrence", "attachments", "summary"])] = huge()
        }
        return event
    }

    private static let moments = ["start", "end", "originalStartTime"]

    private static let words = [
        "summary", "description", "location", "iCalUID", "etag", "status", "colorId", "eventType",
        "recurringEventId", "created", "updated", "visibility", "\u{0}", "e\u{301}", "\u{FFFF}",
    ]

    private static let oddTexts = [
        "\u{0}", "a\u{0}b", "\u{FEFF}", "\u{202E}txt", "\u{FFFF}\u{10FFFF}", "e\u{301}", "\u{E9}",
        "👩‍👩‍👧‍👦🏳️‍🌈", String(repeating: "\u{300}", count: 3_000), "<script>alert(1)</script>",
        "'; DROP TABLE resources; --", "\u{1B}[2J", "\r\n\r\nHTTP/1.1 200 OK", "%s%n", "\\u0000",
    ]

    private static let oddTimes: [JSON] = [
        [:], ["date": .null], ["date": ""], ["date": "2026-13-01"], ["date": "2026-02-29"],
        ["date": "0000-01-01"], ["date": "+12026-01-01"], ["date": "2026-11-09T10:00:00Z"],
        ["dateTime": "2026-11-09"], ["dateTime": "2026-11-09T24:00:00Z"],
        ["dateTime": "2026-11-09T10:00:00+99:99"], ["dateTime": "2026-11-09T10:00:00"],
        ["dateTime": "9999-12-31T23:59:59-23:59", "timeZone": "Etc/GMT+12"],
        ["dateTime": "2026-03-29T02:30:00", "timeZone": "Europe/Paris"],
        ["dateTime": "2026-11-09T10:00:00.123456789123Z", "timeZone": ""],
        ["date": "2026-11-09", "dateTime": "2026-11-09T10:00:00Z"],
        ["date": "2026-11-09", "timeZone": "../../etc/passwd"], ["dateTime": "１２：００"],
    ]

    private static let oddRules = [
        "RRULE:FREQ=SECONDLY", "RRULE:FREQ=DAILY;INTERVAL=0", "RRULE:FREQ=DAILY;COUNT=0",
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=DAILY;COUNT=9223372036854775808",
        "RRULE:FREQ=WEEKLY;BYDAY=XX", "RRULE:FREQ=MINUTELY;BYSECOND=61;UNTIL=00010101",
        "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;INTERVAL=1000", "RRULE:FREQ=DAILY;FREQ=WEEKLY",
        "RDATE:" + (0..<2_000).map { "2027\(1_000 + $0)T000000Z" }.joined(separator: ","),
        "EXRULE:FREQ=HOURLY", "RRULE:FREQ=MONTHLY;BYDAY=-999999999MO", "EXDATE;TZID=\u{0}:1",
        "RRULE:" + String(repeating: "BYDAY=MO;", count: 2_000), "", "\u{0}",
    ]

    private func deep(_ levels: Int) -> JSON {
        var value: JSON = "x"
        for level in 0..<levels { value = level.isMultiple(of: 2) ? [value] : ["a": value] }
        return value
    }

    private func huge() -> JSON {
        switch pick(4) {
        case 0: .string(String(repeating: "é🚜 ", count: 20_000))
        case 1: .array((0..<2_000).map { ["email": .string("g\($0)@example.com")] })
        case 2: .array((0..<4_000).map { .string("EXDATE:2026\(1_000 + $0)T090000Z") })
        default: .array(Array(repeating: [:], count: 20_000))
        }
    }

    // MARK: - How it is written

    /// The same object with one member more behind the others, which JSON may not know, or which
    /// says again what was said.
    private func misspelled(_ bytes: [UInt8], id: String) -> [UInt8] {
        guard bytes.last == UInt8(ascii: "}"), bytes.count > 2 else { return bytes }
        let member: [UInt8] =
            switch pick(5) {
            case 0: Array(#""x":""#.utf8) + mutator.pick(Self.oddBytes) + Array(#"""#.utf8)
            case 1: Array(mutator.pick(Self.oddMembers).utf8)
            case 2: Array(#""id":"again\#(id)""#.utf8)
            case 3: Array(#""\u0069\u0064":"\#(id)""#.utf8)
            default:
                Array("\"x\":".utf8) + Array(repeating: UInt8(ascii: "["), count: 63 + pick(400))
            }
        let depth = member.count { $0 == UInt8(ascii: "[") }
        let ends = depth > 60 ? Array(repeating: UInt8(ascii: "]"), count: depth) : []
        return bytes.dropLast() + [UInt8(ascii: ",")] + member + ends + [UInt8(ascii: "}")]
    }

    /// Within a string of JSON.
    private static let oddBytes: [[UInt8]] = [
        Array(#"\ud83c"#.utf8), Array(#"\udf89\ud83c"#.utf8), Array(#"\x41"#.utf8),
        Array(#"\u12"#.utf8), [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
        [0xC0, 0xAF], [0x00], [0x01], [0x09], [0x1B], [0x7F], Array(#"},{\"]"#.utf8),
    ]

    private static let oddMembers = [
        #""status":"cancelled""#, #""status":"confirmed""#, #""start":null"#, #""end":[]"#,
        #""n":1e999"#, #""n":-0.0"#, #""n":123456789012345678901234567890.5e-7"#, #""":"""#,
        #""\u0000":"\u0000""#, #""id":null"#, #""id":"""#, #""attendees":[null]"#,
        #""recurringEventId":"weekly0000001""#, #""recurringEventId":"""#, #""etag":5"#,
    ]
}
