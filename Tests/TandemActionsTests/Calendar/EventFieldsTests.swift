import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import Testing

@Suite struct EventFieldsTests {
    private func fields(_ change: (inout EventFields) -> Void) -> EventFields {
        var fields = EventFields()
        change(&fields)
        return fields
    }

    private func apply(
        _ fields: EventFields, to event: JSON = [:], zone: String = "Europe/Paris"
    ) throws -> JSON {
        try fields.applied(
            to: event, viewedIn: try ZoneRules.named(zone), fallbackZone: "Europe/Paris")
    }

    private func wall(_ text: String) throws -> TypedTime {
        .wall(try #require(WallTime(dateTime: text)))
    }

    private func day(_ text: String) throws -> TypedTime {
        .day(try #require(WallTime(date: text)))
    }

    @Test func `a time without an end lasts an hour, a day lasts the day`() throws {
        let start = try wall("2026-11-09T10:00:00")
        let timed = try apply(fields { $0.start = start })
        #expect(
            timed["start"] == [
                "dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris",
            ])
        #expect(timed["end"]?["dateTime"] == "2026-11-09T11:00:00+01:00")
        let date = try day("2026-11-09")
        let whole = try apply(fields { $0.start = date })
        #expect(whole["start"] == ["date": "2026-11-09"])
        #expect(whole["end"] == ["date": "2026-11-10"])
    }

    @Test func `people name the last day, Google the one behind it`() throws {
        let (first, last) = (try day("2026-12-24"), try day("2027-01-02"))
        let event = try apply(
            fields {
                $0.start = first
                $0.end = last
            })
        #expect(event["end"] == ["date": "2027-01-03"])
    }

    @Test func `what ends after the year 9999 is refused, never cut`() throws {
        let (late, last) = (try wall("9999-12-31T23:30:00"), try day("9999-12-31"))
        let early = try wall("9999-12-31T20:29:59")
        let beyond: [EventFields] = [
            fields {
                $0.start = late
                $0.duration = TypedDuration(days: 0, seconds: 3 * 3600)
            },
            fields {
                $0.start = late
                $0.duration = TypedDuration(days: 1, seconds: 0)
            },
            fields { $0.start = late }, fields { $0.start = last },
            fields {
                $0.start = last
                $0.end = last
            },
            fields { $0.start = .instant(253_402_300_800) },
        ]
        for fields in beyond {
            let error = #expect(throws: TandemError.self) { try apply(fields) }
            #expect(error?.code == .invalid)
        }
        let old = Sample.single(
            "x", "X", start: "2026-11-09T10:00:00+01:00", end: "2026-11-10T10:00:00+01:00")
        #expect(throws: TandemError.self) { try apply(fields { $0.start = late }, to: old) }
        let within = try apply(
            fields {
                $0.start = early
                $0.duration = TypedDuration(days: 0, seconds: 3 * 3600)
            })
        #expect(within["end"]?["dateTime"] == "9999-12-31T23:29:59+01:00")
    }

    @Test func `a new start keeps the length`() throws {
        let old = Sample.single(
            "x", "X", start: "2026-11-09T10:00:00+01:00", end: "2026-11-09T10:45:00+01:00")
        let start = try wall("2026-11-12T16:00:00")
        let event = try apply(fields { $0.start = start }, to: old)
        #expect(event["start"]?["dateTime"] == "2026-11-12T16:00:00+01:00")
        #expect(event["end"]?["dateTime"] == "2026-11-12T16:45:00+01:00")
    }

    @Test func `a duration alone keeps the start`() throws {
        let old = Sample.single(
            "x", "X", start: "2026-11-09T10:00:00+01:00", end: "2026-11-09T10:45:00+01:00")
        let event = try apply(
            fields { $0.duration = TypedDuration(days: 0, seconds: 7200) }, to: old)
        #expect(event["start"]?["dateTime"] == "2026-11-09T10:00:00+01:00")
        #expect(event["end"]?["dateTime"] == "2026-11-09T12:00:00+01:00")
    }

    @Test func `from a time of day to a whole day and back`() throws {
        let old = Sample.single(
            "x", "X", start: "2026-11-09T10:00:00+01:00", end: "2026-11-09T10:45:00+01:00")
        let date = try day("2026-11-10")
        let whole = try apply(fields { $0.start = date }, to: old)
        #expect(whole["start"] == ["date": "2026-11-10"])
        #expect(whole["end"] == ["date": "2026-11-11"])
        let start = try wall("2026-11-10T08:00:00")
        let timed = try apply(fields { $0.start = start }, to: whole)
        #expect(timed["start"]?["date"] == nil)
        #expect(timed["end"]?["dateTime"] == "2026-11-10T09:00:00+01:00")
    }

    @Test func `an event keeps its own zone, times are typed in the viewer's`() throws {
        let old = Sample.single(
            "x", "X", start: "2026-11-09T10:00:00-05:00", end: "2026-11-09T11:00:00-05:00",
            zone: "America/New_York")
        let start = try wall("2026-11-09T18:00:00")
        let event = try apply(fields { $0.start = start }, to: old)
        #expect(
            event["start"] == [
                "dateTime": "2026-11-09T12:00:00-05:00", "timeZone": "America/New_York",
            ])
    }

    @Test func `a zone that is named is the one the time was typed in`() throws {
        let start = try wall("2026-11-09T09:00:00")
        let event = try apply(
            fields {
                $0.start = start
                $0.timeZone = "Asia/Tokyo"
            })
        #expect(
            event["start"] == [
                "dateTime": "2026-11-09T09:00:00+09:00", "timeZone": "Asia/Tokyo",
            ])
    }

    @Test func `guests are added and removed by address, the others stay as they are`() throws {
        let old: JSON = [
            "attendees": [
                ["email": "Bob@example.com", "responseStatus": "accepted"],
                ["email": "eve@example.com"],
            ]
        ]
        let event = try apply(
            fields {
                $0.guests = ["bob@example.com", "carol@example.com"]
                $0.removedGuests = ["EVE@example.com"]
            }, to: old)
        #expect(
            event["attendees"] == [
                ["email": "Bob@example.com", "responseStatus": "accepted"],
                ["email": "carol@example.com"],
            ])
    }

    @Test func `empty texts remove, others are set`() throws {
        let old: JSON = ["summary": "A", "location": "There", "description": "Much"]
        let event = try apply(
            fields {
                $0.title = "B"
                $0.place = ""
                $0.details = "Little"
                $0.isFree = true
            },
            to: old)
        #expect(event == ["summary": "B", "description": "Little", "transparency": "transparent"])
        #expect(try apply(fields { $0.isFree = false }, to: event)["transparency"] == nil)
    }

    @Test(arguments: [
        ("weekly", "RRULE:FREQ=WEEKLY"), ("FREQ=DAILY;COUNT=3", "RRULE:FREQ=DAILY;COUNT=3"),
        ("RRULE:FREQ=MONTHLY", "RRULE:FREQ=MONTHLY"),
    ])
    func `rules may be typed in words`(text: String, line: String) throws {
        let event = try apply(fields { $0.recurrence = text })
        #expect(event["recurrence"] == [.string(line)])
        #expect(try apply(fields { $0.recurrence = "none" }, to: event)["recurrence"] == nil)
    }

    @Test func `reminders replace the calendar's`() throws {
        let event = try apply(fields { $0.reminders = [10, 60] })
        #expect(
            event["reminders"] == [
                "useDefault": false,
                "overrides": [
                    ["method": "popup", "minutes": 10], ["method": "popup", "minutes": 60],
                ],
            ])
    }

    @Test func `what makes no sense together is refused`() throws {
        let (start, early) = (try wall("2026-11-09T10:00:00"), try wall("2026-11-09T09:00:00"))
        let date = try day("2026-11-09")
        let hour = TypedDuration(days: 0, seconds: 3600)
        let senseless: [EventFields] = [
            fields {
                $0.start = start
                $0.end = early
            },
            fields {
                $0.start = start
                $0.end = date
            },
            fields {
                $0.start = date
                $0.end = start
            },
            fields {
                $0.start = start
                $0.end = start
                $0.duration = hour
            },
            fields {
                $0.start = date
                $0.duration = hour
            },
            fields { $0.duration = hour },
            fields {
                $0.start = start
                $0.timeZone = "Mars/Olympus"
            },
            fields { $0.recurrence = "sometimes" },
            fields { $0.guests = ["nobody"] },
            fields { $0.guests = ["a b@example.com"] },
            fields { $0.guests = ["a@b\u{0}.c"] },
            fields { $0.removedGuests = ["nobody@example.com"] },
            fields { $0.guests = (0..<201).map { "guest\($0)@example.com" } },
        ]
        for fields in senseless {
            #expect(throws: TandemError.self, "\(fields)") { try apply(fields) }
        }
    }

    @Test func `two days over a clock change end at the same time of day`() throws {
        let start = try wall("2026-10-24T10:00:00")
        let event = try apply(
            fields {
                $0.start = start
                $0.duration = TypedDuration(days: 2, seconds: 0)
            })
        #expect(event["end"]?["dateTime"] == "2026-10-26T10:00:00+01:00")
    }
}
