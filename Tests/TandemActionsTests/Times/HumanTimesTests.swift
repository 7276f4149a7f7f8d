import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import Testing

/// Words are seen from Monday, 2026-11-02 at 09:00 in Paris.
@Suite struct HumanTimesTests {
    private func times(_ zone: String = "Europe/Paris") throws -> HumanTimes {
        HumanTimes(
            now: Timestamp(milliseconds: 1_793_606_400_000), zone: try ZoneRules.named(zone))
    }

    private func shown(_ time: TypedTime) -> String {
        switch time {
        case .day(let day): day.dateText
        case .wall(let wall): wall.dateTimeText
        case .instant(let seconds):
            OffsetTime(utcSeconds: seconds, offsetSeconds: 0).rfc3339
        }
    }

    @Test(arguments: [
        ("2026-11-09", "2026-11-09"),
        ("2026-11-09 10:00", "2026-11-09T10:00:00"),
        ("2026-11-09T10:00", "2026-11-09T10:00:00"),
        ("2026-11-09T10:00:30", "2026-11-09T10:00:30"),
        ("2026-11-09T10:00:00+01:00", "2026-11-09T09:00:00Z"),
        ("2026-11-09t09:00:00z", "2026-11-09T09:00:00Z"),
        ("today", "2026-11-02"),
        ("Today 18:15", "2026-11-02T18:15:00"),
        ("tomorrow", "2026-11-03"),
        ("tomorrow 12:30", "2026-11-03T12:30:00"),
        ("12:30 tomorrow", "2026-11-03T12:30:00"),
        ("tomorrow at noon", "2026-11-03T12:00:00"),
        ("tomorrow midnight", "2026-11-03T00:00:00"),
        ("yesterday", "2026-11-01"),
        ("now", "2026-11-02T08:00:00Z"),
        ("10:00", "2026-11-02T10:00:00"),
        ("9am", "2026-11-02T09:00:00"),
        ("12am", "2026-11-02T00:00:00"),
        ("12pm", "2026-11-02T12:00:00"),
        ("9:30 pm", "2026-11-02T21:30:00"),
        ("friday", "2026-11-06"),
        ("fri 14:00", "2026-11-06T14:00:00"),
        ("friday at 2pm", "2026-11-06T14:00:00"),
        ("monday", "2026-11-02"),
        ("monday 8am", "2026-11-09T08:00:00"),
        ("monday 9am", "2026-11-09T09:00:00"),
        ("monday 10am", "2026-11-02T10:00:00"),
        ("next monday", "2026-11-09"),
        ("next tuesday 10:00", "2026-11-03T10:00:00"),
        ("9 nov", "2026-11-09"),
        ("9th November 2027", "2027-11-09"),
        ("nov 9", "2026-11-09"),
        ("November 9, 2026 10:00", "2026-11-09T10:00:00"),
        ("oct 5", "2027-10-05"),
        ("29 february", "2028-02-29"),
        ("in 3 days", "2026-11-05"),
        ("in 90m", "2026-11-02T09:30:00Z"),
        ("in 2 hours", "2026-11-02T10:00:00Z"),
        ("+1h30", "2026-11-02T09:30:00Z"),
        ("in 1d 2h", "2026-11-03T10:00:00Z"),
    ])
    func `a typed time means one moment`(text: String, expected: String) throws {
        #expect(shown(try times().time(text)) == expected)
    }

    @Test(arguments: [
        "", " ", "soon", "09/11/2026", "9.11.2026", "2026-13-01", "2026-02-30", "25:00", "10:60",
        "13pm", "0am", "tomorrow tomorrow", "10:00 11:00", "next", "next week", "at", "monday at",
        "nov", "32 nov", "in", "in 3", "in soon", "2026-11-09 10:00 junk", "🙂",
        String(repeating: "9", count: 200), "tomorrow\u{0}",
    ])
    func `what cannot be read is refused with an example of what can`(text: String) throws {
        let error = #expect(throws: TandemError.self) { try times().time(text) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("tomorrow 12:30") == true)
        #expect((error?.message.utf8.count ?? 0) < 400)
    }

    @Test func `a time of day alone belongs to the day that was asked about`() throws {
        let day = WallTime(date: "2026-12-24")
        #expect(shown(try times().time("18:00", on: day)) == "2026-12-24T18:00:00")
        #expect(shown(try times().time("today 18:00", on: day)) == "2026-11-02T18:00:00")
    }

    @Test func `the zone decides which day today is`() throws {
        #expect(shown(try times("Pacific/Kiritimati").time("today")) == "2026-11-02")
        #expect(shown(try times("America/Los_Angeles").time("today")) == "2026-11-02")
        let late = HumanTimes(
            now: Timestamp(milliseconds: 1_793_606_400_000 + 14 * 3_600_000),
            zone: try ZoneRules.named("Pacific/Kiritimati"))
        #expect(shown(try late.time("today")) == "2026-11-03")
    }

    @Test func `days are added on the calendar, across a clock change`() throws {
        // 2026-10-24 12:00 in Paris; clocks go back in the following night.
        let now = Timestamp(milliseconds: 1_792_836_000_000)
        let times = HumanTimes(now: now, zone: try ZoneRules.named("Europe/Paris"))
        #expect(shown(try times.time("in 1d 1h")) == "2026-10-25T12:00:00Z")
    }

    @Test(arguments: [
        ("90m", 0, 5400), ("90", 0, 5400), ("1h30", 0, 5400), ("1h30m", 0, 5400),
        ("1:30", 0, 5400), ("2d", 2, 0), ("1w", 7, 0), ("1d12h", 1, 43_200), ("45s", 0, 45),
        ("2 hours", 0, 7200), ("0m", 0, 0), ("1H30", 0, 5400),
    ])
    func `a typed duration means one length`(text: String, days: Int, seconds: Int) throws {
        #expect(try TypedDuration(text) == TypedDuration(days: days, seconds: seconds))
    }

    @Test(arguments: [
        "", "soon", "h", "1x", "-5m", "1.5h", "1h 30m 5", "99999999m", "4000d", "1:75", "1:2:3",
        "1d30", "２h",
    ])
    func `what is no duration is refused`(text: String) {
        let error = #expect(throws: TandemError.self) { try TypedDuration(text) }
        #expect(error?.code == .invalid)
    }

    @Test func `errors never carry control characters on`() {
        let error = #expect(throws: TandemError.self) { try TypedDuration("1\u{1B}[31mx\n") }
        #expect(error?.message.contains("\u{1B}") == false)
        #expect(error?.message.contains("\n") == false)
    }

    @Test(arguments: [
        (
            "2027-03-28 02:30",
            "Clocks in Europe/Paris skip 2027-03-28 02:30:00: taken as 2027-03-28T03:30:00+02:00."
        ),
        (
            "2026-10-25 02:30",
            "Clocks in Europe/Paris show 2026-10-25 02:30:00 twice: taken as the first, "
                + "2026-10-25T02:30:00+02:00; for the second type 2026-10-25T02:30:00+01:00."
        ),
        ("2027-03-28 03:30", nil), ("2027-03-28", nil), ("2026-10-25T02:30:00+01:00", nil),
        ("now", nil),
    ])
    func `a time that clocks skip or show twice says how it is taken`(
        text: String, remark: String?
    ) throws {
        let times = try times()
        #expect(try times.time(text).remark(in: times.zone) == remark)
    }

    @Test func `the remarks on an event's times are about the zone they are typed in`() throws {
        let times = try times()
        var fields = EventFields()
        fields.start = try times.time("2027-03-28 02:30")
        fields.end = try times.time("2026-10-25 02:30")
        #expect(fields.remarks(viewedIn: times.zone).count == 2)
        fields.timeZone = "UTC"
        #expect(fields.remarks(viewedIn: times.zone).isEmpty)
        fields.timeZone = "Europe/Berlin"
        #expect(
            fields.remarks(viewedIn: .utc).allSatisfy { $0.hasPrefix("Clocks in Europe/Berlin") })
        // The remark tells of what is then written.
        fields.end = nil
        let event = try fields.applied(to: [:], viewedIn: .utc, fallbackZone: "UTC")
        #expect(event["start"]?["dateTime"] == "2027-03-28T03:30:00+02:00")
    }
}
