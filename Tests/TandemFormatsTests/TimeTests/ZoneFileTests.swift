import Testing

@testable import TandemFormats

struct ZoneFileTests {
    @Test(arguments: [
        // Central Europe: change at 01:00 UTC on the last Sundays of March and October.
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2300-03-25T00:59:59Z", 3_600),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2300-03-25T01:00:00Z", 7_200),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2300-10-28T00:59:59Z", 7_200),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2300-10-28T01:00:00Z", 3_600),
        // A change by half an hour, south of the equator.
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2030-01-01T00:00:00Z", 39_600),
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2030-07-01T00:00:00Z", 37_800),
        // Hours beyond the day: Thursday before the last Sunday in March, at 26:00 on a Friday.
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-26T23:59:59Z", 7_200),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z", 10_800),
        // Hours before the day.
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7_200),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3_600),
        // Days of the year, with and without the leap day.
        ("AAA0BBB,J60/0,J300/0", "2028-02-29T12:00:00Z", 0),
        ("AAA0BBB,J60/0,J300/0", "2028-03-01T00:00:00Z", 3_600),
        ("AAA0BBB,59/0,300/0", "2028-02-29T00:00:00Z", 3_600),
        // Without a second name.
        ("<+0545>-5:45", "2100-01-01T00:00:00Z", 20_700),
    ])
    func `the rule in a footer tells when clocks change`(
        _ text: String, _ instant: String, _ offset: Int64
    ) throws {
        let rule = try #require(PosixZoneRule(text))
        let timeline = rule.extending(initialOffset: rule.standardOffset, changes: [])
        let seconds = try #require(OffsetTime(rfc3339: instant)).utcSeconds
        #expect(timeline.offset(atUTC: seconds) == offset)
    }

    @Test(arguments: [
        "", "CET", "C-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J366",
        "CET-168", "CET-1CEST,M3.5.0,M10.5.0/", "<CET-1", "CET-1CEST,M3.5.0,M10.5.0,",
        "CET--1", "CET-1:60", "CET-99999999999999999999",
    ])
    func `a footer that breaks the grammar is refused`(_ text: String) {
        #expect(PosixZoneRule(text) == nil)
    }

    /// A file of version 2 with one change.
    private func file(footer: String = "CET-1CEST,M3.5.0,M10.5.0/3", typeIndex: UInt8 = 1)
        -> [UInt8]
    {
        func header(times: UInt8, types: UInt8) -> [UInt8] {
            Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
                + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, times, 0, 0, 0, types]
                + [0, 0, 0, 4]
        }
        let oldBlock: [UInt8] = [0, 0, 0, 0, 0, 0] + Array("LMT\0".utf8)
        let block: [UInt8] =
            [0, 0, 0, 0, 0, 0, 0x0E, 0x10] + [typeIndex]
            + [0, 0, 0x02, 0x31, 0, 0] + [0, 0, 0x0E, 0x10, 0, 0] + Array("LMT\0".utf8)
        return header(times: 0, types: 1) + oldBlock + header(times: 1, types: 2) + block
            + Array("\n\(footer)\n".utf8)
    }

    @Test func `a file holds its changes and then its rule`() throws {
        let timeline = try ZoneFile.parse(file(), identifier: "Test")
        #expect(timeline.offset(atUTC: 3_599) == 561)
        #expect(timeline.offset(atUTC: 3_600) == 3_600)
        #expect(timeline.offset(atUTC: 16_000_000) == 7_200)
        let fixed = try ZoneFile.parse(file(footer: ""), identifier: "Test")
        #expect(fixed.offset(atUTC: 16_000_000) == 3_600)
    }

    @Test func `a file cut short anywhere, or with wrong counts, is an error`() {
        let whole = file()
        for length in 0..<whole.count - 30 {
            #expect(throws: FormatError.self) {
                try ZoneFile.parse(Array(whole.prefix(length)), identifier: "Test")
            }
        }
        #expect(throws: FormatError.self) {
            try ZoneFile.parse(file(typeIndex: 9), identifier: "Test")
        }
        #expect(throws: FormatError.self) {
            try ZoneFile.parse(file(footer: "nonsense"), identifier: "Test")
        }
        for position in 0..<whole.count {
            var damaged = whole
            damaged[position] = 0xFF
            // Some bytes do not matter; none may trap.
            do {
                _ = try ZoneFile.parse(damaged, identifier: "Test")
            } catch {
                #expect(error.code == .zone)
            }
        }
    }
}
