import LosslessJSON
import TandemCore
import TandemFormats
import Testing

@testable import GoogleConnector

struct EventProjectionTests {
    let rules = EventRules()

    private static func seconds(_ text: String) throws -> Int64 {
        try #require(OffsetTime(rfc3339: text)).utcSeconds
    }

    private static func span(_ from: String, _ to: String) throws -> Range<Int64> {
        try seconds(from)..<seconds(to)
    }

    @Test func `a single event spans its own time`() throws {
        let projection = rules.projection(of: Sample.single)
        #expect(projection.title == "Pump inspection")
        #expect(projection.span == (try Self.span("2026-11-09T09:00:00Z", "2026-11-09T10:00:00Z")))
        #expect(!projection.isSeries && !projection.isCancelled && projection.exception == nil)
        #expect(projection.globalID == "p1k7q2m3v9@google.com")
    }

    @Test func `a whole day is a day in UTC`() throws {
        #expect(
            rules.projection(of: Sample.allDay).span
                == (try Self.span("2026-12-24T00:00:00Z", "2026-12-27T00:00:00Z")))
    }

    @Test func `a series spans from its first start to its last end over clock changes`() throws {
        let projection = rules.projection(of: Sample.series)
        #expect(projection.isSeries)
        #expect(projection.span == (try Self.span("2026-10-19T07:00:00Z", "2026-11-30T08:30:00Z")))
    }

    @Test func `an endless series has no last end`() throws {
        let endless = Sample.series.with(["recurrence": ["RRULE:FREQ=WEEKLY"]])
        #expect(rules.projection(of: endless).span?.upperBound == Int64.max)
    }

    @Test(arguments: [
        ("FREQ=DAILY;COUNT=3650", "2036-10-15T07:30:00Z"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=1560", "2036-10-03T07:30:00Z"),
        ("FREQ=SECONDLY;UNTIL=20281231T000000Z", "2029-01-04T00:00:00Z"),
    ])
    func `a long series has an end, for the few that are too long that of their UNTIL`(
        rule: String, end: String
    ) throws {
        let series = Sample.series.with(["recurrence": [.string("RRULE:" + rule)]])
        let last = try #require(rules.projection(of: series).span).upperBound
        let expected = try Self.seconds(end)
        if rule.contains("COUNT") { #expect(last == expected) }
        // The bound lies a few days behind the UNTIL, wherever in the world it is read.
        #expect((expected - 4 * 86_400...expected).contains(last))
    }

    @Test func `a series that cannot be followed and has no UNTIL is as good as endless`() {
        let series = Sample.series.with(["recurrence": ["RRULE:FREQ=SECONDLY;COUNT=2000000"]])
        #expect(rules.projection(of: series).span?.upperBound == Int64.max)
    }

    @Test(arguments: [
        (["RRULE:FREQ=DAILY;COUNT=3"], "2026-12-29T00:00:00Z"),
        (["RDATE;VALUE=DATE:20270105"], "2027-01-08T00:00:00Z"),
        (["RRULE:FREQ=YEARLY;UNTIL=20281224"], "2028-12-27T00:00:00Z"),
    ])
    func `an all-day series ends with its last day`(lines: [String], end: String) throws {
        let series = Sample.allDay.with(["recurrence": .array(lines.map { .string($0) })])
        let span = try #require(rules.projection(of: series).span)
        #expect(span.upperBound == (try Self.seconds(end)))
    }

    @Test func `an exception knows its series and slot, and spans its own time`() throws {
        let projection = rules.projection(of: Sample.exception)
        #expect(
            projection.exception
                == ExceptionLink(
                    series: RemoteID(rawValue: "weekly0000001"), slot: "20261109T080000Z"))
        #expect(!projection.isSeries)
        #expect(projection.span == (try Self.span("2026-11-09T13:00:00Z", "2026-11-09T13:30:00Z")))
    }

    @Test func `a cancelled exception has a slot and no time`() {
        let projection = rules.projection(of: Sample.cancelledException)
        #expect(projection.isCancelled)
        #expect(projection.exception?.slot == "20261123T080000Z")
        #expect(projection.span == nil && projection.title == "")
    }

    @Test(arguments: [
        ("weekly0000001_20261123T080000Z", "weekly0000001", "20261123T080000Z"),
        ("weekly0000001_20261123", "weekly0000001", "20261123"),
        ("a_b_20261123", "a_b", "20261123"),
        ("abc_20261123T080000Z", "abc_R20261109T080000", "20261123T080000Z"),
        ("other_20261123", "weekly0000001", nil), ("weekly0000001_2026", "weekly0000001", nil),
        ("weekly0000001", "weekly0000001", nil), ("", "weekly0000001", nil),
    ])
    func `without an original start the slot is read off the id`(
        id: String, series: String, slot: String?
    ) {
        let event: JSON = [
            "id": .string(id), "recurringEventId": .string(series), "status": "cancelled",
        ]
        #expect(rules.projection(of: event).exception?.slot == slot)
    }

    @Test func `words come from title, place, description without markup, and people`() {
        let text = rules.projection(of: Sample.invitation).searchText
        for words in [
            "Turbine review", "Bring the drawings & the plan.", "Grace grace@example.com",
            "Bob Bob@example.com", "ada@example.com",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(!text.contains("<") && !text.contains("amp;"))
        let place = rules.projection(of: Sample.series).searchText
        #expect(place == "Crew meeting\nHall 4\nada@example.com")
    }

    @Test func `long texts are cut`() {
        let long = String(repeating: "é", count: 100_000)
        let event = Sample.single.with([
            "summary": .string(long), "description": .string(long), "location": .string(long),
        ])
        let projection = rules.projection(of: event)
        #expect(projection.title.utf8.count == EventProjector.titleBytes)
        #expect(projection.searchText.utf8.count <= 3 * EventProjector.descriptionBytes + 64)
        #expect(!projection.searchText.unicodeScalars.contains("\u{FFFD}"))
    }

    /// Times that cannot be read.
    static let oddTimes: [JSON] = [
        ["start": .null], ["end": .null], ["start": "2026-11-09"],
        ["start": ["date": "2026-02-30"]],
        ["start": ["date": 5]], ["start": [:]],
        ["start": ["dateTime": "2026-11-09T10:00:00"]],
        ["start": ["dateTime": "2026-11-09T10:00:00", "timeZone": "Mars/Base"]],
        ["start": ["dateTime": "2026-11-09T10:00:00Z", "date": "2026-11-09"]],
        ["start": ["dateTime": "2026-11-09T12:00:00Z"]],
        ["start": ["date": "2026-11-09"]],
        ["end": ["dateTime": "9999-99-99T99:99:99Z"]],
        ["recurrence": ["RRULE:FREQ=SOMETIMES"]], ["recurrence": ["whatever"]],
        [
            "recurrence": ["RRULE:FREQ=DAILY"], "start": ["dateTime": "2026-11-09T09:00:00Z"],
        ],
    ]

    @Test(arguments: oddTimes)
    func `a time that cannot be read is no time`(odd: JSON) {
        let event = Sample.single.with(odd.object ?? [:])
        #expect(rules.projection(of: event).span == nil)
        #expect(rules.projection(of: event).title == "Pump inspection")
    }

    @Test(arguments: Sample.all)
    func `scanned bytes give the same projection as a tree`(event: JSON) throws {
        let node = try JSONDocument(parsing: event.serialized()).root
        #expect(rules.projection(of: node) == rules.projection(of: event))
    }

    @Test func `only an event that is gone altogether is a tombstone`() {
        #expect(rules.isTombstone(["id": "abcde", "status": "cancelled"]))
        #expect(!rules.isTombstone(Sample.cancelledException))
        #expect(!rules.isTombstone(Sample.single))
        #expect(!rules.isTombstone(["status": true]))
    }

    @Test func `id and etag are read, empty ones are none`() {
        #expect(rules.remoteID(of: Sample.single)?.rawValue == "p1k7q2m3v9")
        #expect(rules.etag(of: Sample.single)?.rawValue == "\"3571002534036000\"")
        #expect(rules.remoteID(of: ["id": ""]) == nil && rules.etag(of: ["etag": 5]) == nil)
        #expect(rules.remoteID(of: "x") == nil)
    }
}

struct PlainWordsTests {
    @Test(arguments: [
        ("plain text", "plain text"), ("", ""), ("  a \n\t b  ", "a b"),
        ("<p>one</p><p>two</p>", "one two"), ("a<br/>b", "a b"), ("2 < 3 & 4 > 1", "2 < 3 & 4 > 1"),
        ("&lt;b&gt; &amp;amp; &quot;&#39;&nbsp;x", "<b> &amp; \"' x"), ("&unknown;", "&unknown;"),
        ("<a href='x>y'>z</a>", "y'>z"), ("unclosed <b tag", "unclosed b tag"), ("<", "<"),
        ("<!-- c -->x", "x"), ("é<i>ü</i>", "é ü"), ("&", "&"), ("\u{0}x", "x"),
    ])
    func `markup is taken out`(text: String, words: String) {
        #expect(PlainWords.words(of: text, bytes: 100) == words)
    }

    @Test(arguments: 0...12)
    func `a cut never splits a character`(limit: Int) {
        let text = "aé€😀b"
        let words = PlainWords.words(of: text, bytes: limit)
        #expect(words.utf8.count <= limit && text.hasPrefix(words))
        let cut = PlainWords.cut(text, bytes: limit)
        #expect(cut.utf8.count <= limit && text.hasPrefix(cut))
        #expect(limit < text.utf8.count || cut == text)
    }

    @Test func `many open tags take linear time`() {
        let text = String(repeating: "<a", count: 1_000_000)
        let clock = ContinuousClock()
        let time = clock.measure { _ = PlainWords.words(of: text, bytes: 100_000) }
        #expect(time < .seconds(5))
    }
}
