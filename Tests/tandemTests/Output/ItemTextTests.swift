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

    @Test func `a guest's word stands beside the answer`() throws {
        let item: JSON = [
            "data": [
                "attendees": [
                    ["email": "ada@x.org", "responseStatus": "accepted", "comment": "Late"]
                ]
            ]
        ]
        let facts = try text().details(item)
        #expect(facts.contains { $0.name == "guest" && $0.value == "ada@x.org (accepted: Late)" })
    }

    @Test func `what is deleted has the state that programs read, and is called deleted`() throws {
        let facts = try text().details(["state": "dirty", "deleted": true, "data": [:]])
        #expect(facts.contains { $0.name == "state" && $0.value == "dirty, deleted" })
    }

    @Test func `a series edited through an instance shows that one's time first`() throws {
        var item: JSON = [
            "data": timed("2026-10-05T10:00:00+02:00", "2026-10-05T11:00:00+02:00")
        ]
        item["instance"] = timed("2026-11-16T12:00:00+01:00", "2026-11-16T13:00:00+01:00")
        let facts = try text().details(item)
        #expect(facts.contains { $0.name == "when" && $0.value == "2026-11-16 12:00 – 13:00" })
        #expect(
            facts.contains { $0.name == "series from" && $0.value == "2026-10-05 10:00 – 11:00" })
    }

    @Test func `instances that lose their place are named, the first of them`() throws {
        let items = (1...7).map { day -> JSON in
            [
                "data": [
                    "summary": .string("N\(day)"),
                    "originalStartTime": ["dateTime": .string("2026-11-0\(day)T10:00:00+01:00")],
                ]
            ]
        }
        let note = try #require(try text().notes(onLeft: items, "would").first)
        #expect(note.hasPrefix("7 changed instances would no longer fit the series"))
        #expect(note.contains("'N1' of 2026-11-01 10:00") && note.hasSuffix("2 more."))
        let one = try #require(try text().notes(onLeft: [items[0]]).first)
        #expect(one.hasPrefix("1 changed instance no longer fits the series"))
        #expect(try text().notes(onLeft: []).isEmpty)
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

    private func fact(_ name: String, of data: JSON, _ text: ItemText) -> String? {
        text.details(["data": data]).first { $0.name == name }?.value
    }

    @Test(arguments: [
        (#"{"useDefault":true}"#, "as the calendar says"),
        (#"{"useDefault":true,"overrides":[]}"#, "as the calendar says"),
        (#"{"useDefault":false}"#, "none"), (#"{"useDefault":false,"overrides":[]}"#, "none"),
        (
            #"{"useDefault":false,"overrides":[{"method":"popup","minutes":10},"#
                + #"{"method":"email","minutes":1440}]}"#,
            "10 minutes before, 1 day before by email"
        ),
        (#"{"overrides":[{"method":"popup","minutes":0}]}"#, "0 minutes before"),
        (#"{"overrides":[{"minutes":1}]}"#, "1 minute before"),
        (#"{"overrides":[{"method":"popup","minutes":90}]}"#, "90 minutes before"),
        (#"{"overrides":[{"method":"popup","minutes":120}]}"#, "2 hours before"),
        (#"{"overrides":[{"method":"sms","minutes":20160}]}"#, "2 weeks before by sms"),
        (#"{"overrides":[{"minutes":"odd"},7]}"#, "none"),
    ])
    func `an event's reminders are said in words, to programs in Google's`(
        reminders: String, words: String
    ) throws {
        let json = try JSON(parsing: reminders)
        #expect(fact("reminders", of: ["reminders": json], try text()) == words)
        #expect(fact("reminders", of: ["reminders": json], try text().exact) == json.text)
        #expect(fact("reminders", of: [:], try text()) == nil)
    }

    @Test func `what one wrote to the organiser is shown, and nobody else's words for it`()
        throws
    {
        let grace: JSON = ["email": "grace@example.com", "comment": "Mine"]
        let ada: JSON = ["email": "ada@example.com", "self": true, "comment": "A little late"]
        let data: JSON = ["attendees": [grace, ada]]
        #expect(fact("your comment", of: data, try text()) == "A little late")
        #expect(fact("your comment", of: ["attendees": [grace]], try text()) == nil)
    }
}
