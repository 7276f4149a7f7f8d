import LosslessJSON
import TandemFormats
import Testing

@testable import tandem

@Suite struct ItemTextTests {
    private func text() throws -> ItemText { ItemText(zone: try ZoneRules.named("Europe/Paris")) }

    private func timed(_ start: String, _ end: String) -> JSON {
        ["start": ["dateTime": .string(start)], "end": ["dateTime": .string(end)]]
    }

    @Test func `an event's day is said once`() throws {
        let text = try text()
        #expect(
            text.span(timed("2026-11-09T10:00:00+01:00", "2026-11-09T11:30:00+01:00"))
                == "2026-11-09 10:00 – 11:30")
        #expect(
            text.span(timed("2026-11-09T22:00:00+01:00", "2026-11-10T06:00:00+01:00"))
                == "2026-11-09 22:00 – 2026-11-10 06:00")
        #expect(
            text.span(timed("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"))
                == "2026-10-25 02:30 UTC+2 – 02:30 UTC+1")
    }

    @Test(arguments: [
        ("2026-12-24", "2026-12-25", "2026-12-24"),
        ("2026-12-24", "2027-01-03", "2026-12-24 – 2027-01-02"),
        ("2026-12-24", "2026-12-24", "2026-12-24"),
    ])
    func `of whole days the last one is named, not the one behind it`(
        start: String, behind: String, shown: String
    ) throws {
        let event: JSON = ["start": ["date": .string(start)], "end": ["date": .string(behind)]]
        #expect(try text().span(event) == shown)
        #expect(try text().exact.span(event) == "\(start) – \(behind)")
    }

    @Test func `values that clash are shown as people read them`() throws {
        let (text, exact) = (try text(), try text().exact)
        let time = timed("2026-11-09T10:00:00+01:00", "2026-11-09T11:30:00+01:00")
        #expect(text.value(time) == "2026-11-09 10:00 – 11:30")
        #expect(exact.value(time) == time.text)
        #expect(
            text.value(["RRULE:FREQ=DAILY", "EXDATE:20261109"])
                == "RRULE:FREQ=DAILY, EXDATE:20261109")
        #expect(text.value(.null) == "(nothing)")
        #expect(text.value("Room 1") == "Room 1")
        #expect(text.value(nil).isEmpty)
        #expect(text.value(["useDefault": true]) == #"{"useDefault":true}"#)
    }

    @Test func `programs get a guest's answer in Google's word, people in theirs`() throws {
        let item: JSON = [
            "data": [
                "summary": "Review", "start": ["date": "2026-11-09"], "end": ["date": "2026-11-10"],
                "attendees": [["email": "bob@example.org", "responseStatus": "needsAction"]],
            ]
        ]
        func guest(_ text: ItemText) -> String? {
            text.details(item).first { $0.name == "guest" }?.value
        }
        #expect(try guest(text()) == "bob@example.org (not answered)")
        #expect(try guest(text().exact) == "bob@example.org (needsAction)")
    }
}
