import Foundation
import LosslessJSON
import TandemActions
import Testing

@testable import tandem

@Suite struct AgendaLinesTests {
    @Test func `times that clocks show twice are told apart`() throws {
        let world = try AgendaWorld([
            AgendaWorld.event("First", "2026-10-25T02:30:00+02:00", "2026-10-25T02:45:00+02:00"),
            AgendaWorld.event("Second", "2026-10-25T02:30:00+01:00", "2026-10-25T02:45:00+01:00"),
            AgendaWorld.event("Across", "2026-10-25T02:50:00+02:00", "2026-10-25T02:50:00+01:00"),
            AgendaWorld.event("Later", "2026-10-25T03:00:00+01:00", "2026-10-25T04:00:00+01:00"),
        ])
        #expect(
            try world.lines("2026-10-25", "2026-10-26") == [
                "Sun 25 Oct 2026", "  02:30–02:45  First   Work · UTC+2",
                "  02:50–02:50  Across  Work · UTC+2 to UTC+1",
                "  02:30–02:45  Second  Work · UTC+1", "  03:00–04:00  Later   Work",
            ])
    }

    @Test func `an event that is kept where clocks show another time says which`() throws {
        let world = try AgendaWorld([
            AgendaWorld.event(
                "Call", "2026-11-09T15:00:00+01:00", "2026-11-09T16:00:00+01:00",
                zone: "America/New_York"),
            AgendaWorld.event(
                "Night", "2026-11-09T03:00:00+01:00", "2026-11-09T04:00:00+01:00",
                zone: "America/New_York"),
            AgendaWorld.event(
                "Flight", "2026-11-09T18:00:00+01:00", "2026-11-09T23:30:00+01:00",
                endZone: "Asia/Kolkata"),
            AgendaWorld.event(
                "Berlin", "2026-11-09T10:00:00+01:00", "2026-11-09T11:00:00+01:00",
                zone: "Europe/Berlin"),
            AgendaWorld.event(
                "Odd", "2026-11-09T12:00:00+01:00", "2026-11-09T13:00:00+01:00",
                zone: "Mars/Olympus"),
        ])
        #expect(
            try world.lines("2026-11-09", "2026-11-10") == [
                "Mon 9 Nov 2026",
                "  03:00–04:00  Night   Work · Sun 21:00 America/New_York",
                "  10:00–11:00  Berlin  Work", "  12:00–13:00  Odd     Work",
                "  15:00–16:00  Call    Work · 09:00 America/New_York",
                "  18:00–23:30  Flight  Work · until Tue 04:00 Asia/Kolkata",
            ])
    }

    @Test(arguments: [40, 60, 80, 132])
    func `no line is wider than the terminal, whatever a title or a place holds`(
        columns: Int
    ) throws {
        let long = String(repeating: "long ", count: 60)
        let titles = [
            long, String(repeating: "漢字", count: 60), String(repeating: "👩‍👩‍👧‍👦", count: 60),
            String(repeating: "e\u{301}", count: 200), "\u{1B}[31m\u{7}\(long)", "Short",
        ]
        let events = titles.enumerated().map { index, title in
            AgendaWorld.event(
                title, "2026-11-09T1\(index):00:00+01:00", "2026-11-09T1\(index):30:00+01:00",
                ["location": .string(index.isMultiple(of: 2) ? long : "Room 1")])
        }
        let world = try AgendaWorld(events)
        let lines = try world.lines("2026-11-09", "2026-11-10", columns: columns)
        #expect(lines.count == 1 + titles.count)
        for line in lines { #expect(TerminalText.width(line) <= columns, "\(line)") }
        #expect(lines[1].contains("…"))
        let starts = lines.dropFirst().compactMap { line in
            line.range(of: "  Work").map { TerminalText.width(String(line[..<$0.lowerBound])) }
        }
        #expect(starts.count == titles.count && Set(starts).count == 1)
        // Whoever reads it through a pipe gets all of it.
        let piped = try world.lines("2026-11-09", "2026-11-10")
        #expect(piped[1].contains(String(long.dropLast())))
        #expect(piped[2].contains(titles[1]))
    }

    @Test func `a series that is followed to no end is told to programs and to people`() throws {
        let series = AgendaWorld.event(
            "Ticks", "2026-11-09T00:00:00+01:00", "2026-11-09T00:01:00+01:00",
            ["recurrence": ["RRULE:FREQ=MINUTELY"]])
        let world = try AgendaWorld([series])
        let answer = try world.view("2026-11-09", "2026-11-20").answer()
        #expect(answer.json["items"]?.array?.count == 10_000)
        #expect(answer.json["truncated"] == true)
        #expect(answer.json["incomplete"]?[0]?["title"] == "Ticks")
        #expect(answer.notes.first?.hasPrefix("The series 'Ticks' (") == true)
        let short = try world.view("2026-11-09", "2026-11-10").answer()
        #expect(short.json.object?.keys.sorted() == ["items", "next"])
        #expect(short.notes.isEmpty)
    }

    /// Two events, one of them a series' instance.
    private func world() throws -> AgendaWorld {
        try AgendaWorld([
            AgendaWorld.event(
                "A rather long title of an event", "2026-11-09T10:00:00+01:00",
                "2026-11-09T11:00:00+01:00", ["location": "Room Amp\u{E8}re, second floor"]),
            AgendaWorld.event(
                "Daily", "2026-11-09T12:00:00+01:00", "2026-11-09T12:15:00+01:00",
                ["recurrence": ["RRULE:FREQ=DAILY"]]),
        ])
    }

    @Test(arguments: [nil, 20, 40, 60, 80, 100, 132])
    func `ids are whole at every width, and at the end of their line`(columns: Int?) throws {
        let world = try world()
        let ids = try world.view("2026-11-09", "2026-11-11").entries.map(\.entry.id)
        #expect(ids.count == 3 && ids[1].hasSuffix("_20261109T110000Z"))
        let lines = try world.lines("2026-11-09", "2026-11-11", columns: columns, showsIDs: true)
        let found = lines.filter { line in ids.contains { line.hasSuffix($0) } }
        #expect(found.count == 3)
        if let columns, columns >= 43 {
            for line in lines { #expect(TerminalText.width(line) <= columns, "\(line)") }
        }
        let plain = try world.lines("2026-11-09", "2026-11-11", columns: columns)
        #expect(!plain.contains { line in ids.contains { line.contains($0) } })
    }

    @Test func `an id stands beside its event where there is room, else below`() throws {
        let world = try world()
        let ids = try world.view("2026-11-09", "2026-11-10").entries.map(\.entry.id)
        let id = try #require(ids.last)
        let wide = try world.lines("2026-11-09", "2026-11-10", columns: 120, showsIDs: true)
        #expect(wide.count == 3)
        #expect(wide[2].hasPrefix("  12:00–12:15  Daily"))
        #expect(wide[2].hasSuffix("  \(id)"))
        let starts = zip(wide.dropFirst(), ids).map {
            TerminalText.width($0) - TerminalText.width($1)
        }
        #expect(Set(starts).count == 1)
        let narrow = try world.lines("2026-11-09", "2026-11-10", columns: 60, showsIDs: true)
        #expect(narrow.count == 5)
        #expect(narrow[4] == String(repeating: " ", count: 15) + id)
        let tiny = try world.lines("2026-11-09", "2026-11-10", columns: 40, showsIDs: true)
        #expect(tiny[4] == id)
    }
}
