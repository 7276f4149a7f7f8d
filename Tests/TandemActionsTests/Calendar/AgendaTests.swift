import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore
import Testing

@Suite struct AgendaTests {
    @Test func `a series keeps its wall clock over a clock change`() throws {
        let world = try CalendarWorld()
        try world.receive(Sample.standup)
        #expect(
            try world.agenda("2026-10-19", "2026-11-03") == [
                "2026-10-19T10:00:00+02:00 Standup",
                "2026-10-26T10:00:00+01:00 Standup",
                "2026-11-02T10:00:00+01:00 Standup",
            ])
    }

    @Test func `an instance carries its own id, times and original start`() throws {
        let world = try CalendarWorld()
        let series = try world.receive(Sample.standup)
        let entry = try #require(try world.entries("2026-10-26", "2026-10-27").first)
        #expect(entry.id == "\(series.id)_20261026T090000Z")
        #expect(entry.data["id"] == "standup_20261026T090000Z")
        #expect(entry.data["recurringEventId"] == "standup")
        #expect(entry.data["originalStartTime"]?["dateTime"] == "2026-10-26T10:00:00+01:00")
        #expect(entry.data["end"]?["dateTime"] == "2026-10-26T10:30:00+01:00")
        #expect(entry.data["recurrence"] == nil)
        #expect(entry.data["iCalUID"] == "standup@google.com")
    }

    @Test func `the window's end does not belong to it, its start does`() throws {
        let world = try CalendarWorld()
        try world.receive(
            Sample.single(
                "before", "Before", start: "2026-11-08T23:00:00+01:00",
                end: "2026-11-09T00:00:00+01:00"))
        try world.receive(
            Sample.single(
                "into", "Into", start: "2026-11-08T23:30:00+01:00", end: "2026-11-09T00:30:00+01:00"
            ))
        try world.receive(
            Sample.single(
                "moment", "Moment", start: "2026-11-09T00:00:00+01:00",
                end: "2026-11-09T00:00:00+01:00"))
        try world.receive(
            Sample.single(
                "after", "After", start: "2026-11-10T00:00:00+01:00",
                end: "2026-11-10T01:00:00+01:00"))
        #expect(
            try world.agenda("2026-11-09", "2026-11-10") == [
                "2026-11-08T23:30:00+01:00 Into", "2026-11-09T00:00:00+01:00 Moment",
            ])
    }

    @Test(arguments: ["Pacific/Kiritimati", "Europe/Paris", "Pacific/Pago_Pago"])
    func `an all-day event belongs to its date wherever one looks from`(zone: String) throws {
        let world = try CalendarWorld()
        try world.receive(Sample.days("day", "Fair", start: "2026-11-09", end: "2026-11-11"))
        #expect(try world.agenda("2026-11-08", "2026-11-09", zone: zone).isEmpty)
        #expect(try world.agenda("2026-11-09", "2026-11-10", zone: zone) == ["2026-11-09 Fair"])
        #expect(try world.agenda("2026-11-10", "2026-11-11", zone: zone) == ["2026-11-09 Fair"])
        #expect(try world.agenda("2026-11-11", "2026-11-12", zone: zone).isEmpty)
    }

    @Test func `whole days come before the day's times, and longer ones stay in order`() throws {
        let world = try CalendarWorld()
        try world.receive(
            Sample.single(
                "early", "Early", start: "2026-11-09T00:00:00+01:00",
                end: "2026-11-09T00:30:00+01:00"))
        try world.receive(Sample.days("day", "Fair", start: "2026-11-09", end: "2026-11-10"))
        let titles = try world.entries("2026-11-09", "2026-11-10")
            .compactMap { $0.data["summary"]?.string }
        #expect(titles == ["Fair", "Early"])
    }

    @Test func `a changed instance stands for its slot`() throws {
        let world = try CalendarWorld()
        let series = try world.receive(Sample.standup)
        try world.receive(
            Sample.exception(
                slot: "20261102T090000Z", original: "2026-11-02T10:00:00+01:00", "Standup, late",
                start: "2026-11-02T15:00:00+01:00", end: "2026-11-02T15:30:00+01:00"))
        let entries = try world.entries("2026-11-02", "2026-11-03")
        #expect(entries.map { $0.data["summary"] } == ["Standup, late"])
        #expect(entries.first?.id == "\(series.id)_20261102T090000Z")
    }

    @Test func `an instance moved out of the window is gone, one moved in is there`() throws {
        let world = try CalendarWorld()
        try world.receive(Sample.standup)
        try world.receive(
            Sample.exception(
                slot: "20261109T090000Z", original: "2026-11-09T10:00:00+01:00", "Moved",
                start: "2026-11-04T10:00:00+01:00", end: "2026-11-04T10:30:00+01:00"))
        #expect(
            try world.agenda("2026-11-02", "2026-11-09") == [
                "2026-11-02T10:00:00+01:00 Standup", "2026-11-04T10:00:00+01:00 Moved",
            ])
        #expect(try world.agenda("2026-11-09", "2026-11-10").isEmpty)
    }

    @Test func `a cancelled instance leaves its slot empty`() throws {
        let world = try CalendarWorld()
        try world.receive(Sample.standup)
        try world.receive([
            "id": "standup_20261102T090000Z", "status": "cancelled", "recurringEventId": "standup",
            "originalStartTime": [
                "dateTime": "2026-11-02T10:00:00+01:00", "timeZone": "Europe/Paris",
            ],
        ])
        #expect(try world.agenda("2026-11-02", "2026-11-03").isEmpty)
    }

    @Test func `an exception without its series is shown by itself`() throws {
        let world = try CalendarWorld()
        let lone = try world.receive(
            Sample.exception(
                slot: "20261102T090000Z", original: "2026-11-02T10:00:00+01:00", "Guest",
                start: "2026-11-02T10:00:00+01:00", end: "2026-11-02T10:30:00+01:00"))
        let entries = try world.entries("2026-11-02", "2026-11-03")
        #expect(entries.map(\.id) == [lone.id.rawValue])
    }

    @Test func `what two accounts hold is shown once and names both`() throws {
        let world = try CalendarWorld()
        let shared = Sample.single(
            "shared", "Review", start: "2026-11-09T10:00:00+01:00",
            end: "2026-11-09T11:00:00+01:00")
        try world.receive(shared)
        let grace = try world.store.writeBlocking { transaction in
            let grace = try transaction.accounts.add(name: "grace", provider: "google")
            return try CalendarWorld.calendar("Main", of: grace, in: transaction)
        }
        try world.receive(shared, into: grace)
        try world.receive(
            Sample.single(
                "other", "Other", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"), into: grace)
        let entries = try world.entries("2026-11-09", "2026-11-10")
        #expect(entries.map { $0.accounts.count }.sorted() == [1, 2])
        let item = try world.store.readBlocking { transaction in
            try entries.first { $0.accounts.count == 2 }.map {
                try ItemViews(transaction).item($0)
            }
        }
        #expect(item?["accounts"] == ["ada", "grace"])
        #expect(item?["account"] == "ada")
    }

    @Test func `copies in two calendars of one account both stay`() throws {
        let world = try CalendarWorld()
        let event = Sample.single(
            "twice", "Twice", start: "2026-11-09T10:00:00+01:00", end: "2026-11-09T11:00:00+01:00")
        try world.receive(event)
        try world.receive(event, into: world.home)
        #expect(try world.entries("2026-11-09", "2026-11-10").count == 2)
        #expect(try world.entries("2026-11-09", "2026-11-10", of: [world.home]).count == 1)
    }

    @Test func `a rule that cannot be read hides nothing else, and is named`() throws {
        let world = try CalendarWorld()
        var odd = Sample.standup
        odd["id"] = "odd"
        odd["recurrence"] = ["RRULE:FREQ=SOMETIMES"]
        let series = try world.receive(odd)
        try world.receive(Sample.standup)
        let agenda = try world.read("2026-11-02", "2026-11-03")
        #expect(agenda.entries.count == 1)
        // Without a readable rule the series has no span, so that it may not even be looked at.
        #expect(agenda.unreadable.allSatisfy { $0.resource == series.id })
    }

    @Test(arguments: [
        ["RRULE:FREQ=MINUTELY;COUNT=2000000"],
        ["RRULE:FREQ=WEEKLY", "EXRULE:FREQ=SECONDLY;INTERVAL=2;COUNT=2000000"],
    ])
    func `a series that is too long to be followed is named, and hides nothing else`(
        lines: [String]
    ) throws {
        let world = try CalendarWorld()
        var endless = Sample.standup
        endless["id"] = "endless"
        endless["recurrence"] = .array(lines.map { .string($0) })
        let series = try world.receive(endless)
        try world.receive(Sample.standup)
        let agenda = try world.read("2026-12-07", "2026-12-14")
        #expect(agenda.entries.map { $0.data["recurringEventId"] } == ["standup"])
        #expect(agenda.unreadable.map(\.resource) == [series.id])
        let reason = try #require(agenda.unreadable.first?.reason)
        #expect(reason.contains("may be missing") && reason.contains("UNTIL"))
    }

    @Test func `of a series cut off in the middle of the window the beginning is shown`() throws {
        let world = try CalendarWorld()
        let series = try world.receive(
            Sample.series(
                "endless", "Pulse", start: "2026-11-02T10:00:00+01:00",
                end: "2026-11-02T10:00:30+01:00", rule: "RRULE:FREQ=MINUTELY;COUNT=2000000"))
        // 50,000 steps are 25,000 minutes: a little more than 17 days.
        let agenda = try world.read("2026-11-19", "2026-11-21")
        #expect((1_000...1_200).contains(agenda.entries.count))
        #expect(
            agenda.entries.first?.data["start"]?["dateTime"] == "2026-11-19T00:00:00+01:00")
        #expect(agenda.unreadable.map(\.resource) == [series.id])
        let before = try world.read("2026-11-03", "2026-11-04")
        #expect(before.entries.count == 1_440 && before.unreadable.isEmpty)
    }

    @Test func `pages go on where the last one ended`() throws {
        let world = try CalendarWorld()
        for number in 0..<7 {
            try world.receive(
                Sample.single(
                    "event\(number)", "E\(number)", start: "2026-11-09T1\(number / 2):00:00+01:00",
                    end: "2026-11-09T20:00:00+01:00"))
        }
        let agenda = try world.read("2026-11-09", "2026-11-10")
        var seen: [String] = []
        var mark: String?
        repeat {
            let page = try agenda.page(limit: 2, after: mark)
            #expect(page.entries.count <= 2)
            seen += page.entries.map(\.id)
            mark = page.next
        } while mark != nil
        #expect(seen == agenda.entries.map(\.id))
        #expect(throws: TandemError.self) { try agenda.page(limit: 2, after: "nonsense") }
    }

    @Test func `a mark whose entry is gone still tells where to go on`() throws {
        let world = try CalendarWorld()
        for hour in 10...12 {
            try world.receive(
                Sample.single(
                    "event\(hour)", "E\(hour)", start: "2026-11-09T\(hour):00:00+01:00",
                    end: "2026-11-09T20:00:00+01:00"))
        }
        let agenda = try world.read("2026-11-09", "2026-11-10")
        let second = agenda.entries[1].start
        let page = try agenda.page(limit: nil, after: "\(second)~00000000000000000000000000")
        #expect(page.entries.count == 2)
    }

    @Test func `windows that are empty or longer than ten years are refused`() throws {
        #expect(throws: TandemError.self) { try AgendaWindow(from: 10, to: 10, zone: .utc) }
        #expect(throws: TandemError.self) { try AgendaWindow(from: 10, to: 9, zone: .utc) }
        #expect(throws: TandemError.self) {
            try AgendaWindow(from: .min, to: .max, zone: .utc)
        }
        #expect(throws: TandemError.self) {
            try AgendaWindow(from: 0, to: AgendaWindow.maxSeconds + 1, zone: .utc)
        }
    }

    @Test func `a series deleted here takes its changed instances with it`() throws {
        let world = try CalendarWorld()
        let series = try world.receive(Sample.standup)
        try world.receive(
            Sample.exception(
                slot: "20261102T090000Z", original: "2026-11-02T10:00:00+01:00", "Changed",
                start: "2026-11-02T15:00:00+01:00", end: "2026-11-02T15:30:00+01:00"))
        try world.act { actions, _, find in
            _ = try actions.delete(find(series.id.rawValue))
        }
        #expect(try world.agenda("2026-10-12", "2026-12-01").isEmpty)
    }
}
