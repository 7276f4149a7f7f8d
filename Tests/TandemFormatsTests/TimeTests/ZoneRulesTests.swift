import Testing

@testable import TandemFormats

struct ZoneRulesTests {
    private func wall(_ text: String) throws -> WallTime { try #require(WallTime(dateTime: text)) }

    @Test(arguments: [
        // Clocks that skip: read with the offset from before the change.
        ("Europe/Paris", "2025-03-30T02:30:00", "2025-03-30T01:30:00Z"),
        ("Europe/Paris", "2025-03-30T02:00:00", "2025-03-30T01:00:00Z"),
        ("Europe/Paris", "2025-03-30T03:00:00", "2025-03-30T01:00:00Z"),
        ("Europe/Paris", "2025-03-30T01:59:59", "2025-03-30T00:59:59Z"),
        ("America/New_York", "2007-03-11T02:30:00", "2007-03-11T07:30:00Z"),
        ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00Z"),
        // Clocks that show a time twice: the first.
        ("Europe/Paris", "2025-10-26T02:30:00", "2025-10-26T00:30:00Z"),
        ("Europe/Paris", "2025-10-26T02:00:00", "2025-10-26T00:00:00Z"),
        ("Europe/Paris", "2025-10-26T03:00:00", "2025-10-26T02:00:00Z"),
        ("Australia/Lord_Howe", "2025-04-06T01:45:00", "2025-04-05T14:45:00Z"),
        // The rest.
        ("Australia/Sydney", "2025-01-15T09:00:00", "2025-01-14T22:00:00Z"),
        ("Asia/Kathmandu", "2025-01-15T09:00:00", "2025-01-15T03:15:00Z"),
        ("Etc/GMT+3", "2025-01-15T09:00:00", "2025-01-15T12:00:00Z"),
        ("US/Pacific", "2025-07-15T09:00:00", "2025-07-15T16:00:00Z"),
        ("Europe/Paris", "1890-01-01T00:09:21", "1890-01-01T00:00:00Z"),
        ("UTC", "2025-07-15T09:00:00", "2025-07-15T09:00:00Z"),
        ("Etc/UTC", "2025-07-15T09:00:00", "2025-07-15T09:00:00Z"),
    ])
    func `wall clock time becomes the instant of RFC 5545, section 3_3_5`(
        _ zone: String, _ local: String, _ expected: String
    ) throws {
        let rules = try ZoneRules.named(zone)
        let instant = try #require(OffsetTime(rfc3339: expected)).utcSeconds
        #expect(rules.utcSeconds(of: try wall(local)) == instant)
    }

    @Test(arguments: [
        "Europe/Nowhere", "", "../../etc/passwd", "Europe", "/etc/localtime", "Europe/../UTC",
        "right/Europe/Paris", "posix/Europe/Paris", "localtime", "posixrules", "Europe/Paris\0",
        "europe/paris", "Europe//Paris", "Europe/Paris/", "tzdata.zi", "zone.tab", "Factory",
        "Europe/Paris/Paris/Paris", String(repeating: "A", count: 100_000),
        "W. Europe Standard Time",
    ])
    func `what is no IANA zone is an error that says so`(_ name: String) throws {
        let error = try #require(throws: FormatError.self) { try ZoneRules.named(name) }
        #expect(error.code == .zone)
        #expect(error.description.utf8.count < 500)
    }

    /// Zones with gaps and overlaps of an hour, of half an hour, of a day, with odd rules.
    static let oddZones = [
        "Europe/Paris", "Europe/Dublin", "America/New_York", "America/St_Johns", "Asia/Tehran",
        "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca",
        "America/Santiago", "Antarctica/Troll", "Asia/Gaza", "America/Nuuk", "Africa/Monrovia",
        "Pacific/Kwajalein", "EST5EDT", "Asia/Kolkata",
    ]

    @Test(arguments: oddZones)
    func `to the wall clock and back ends at the first instant that shows the same`(
        _ name: String
    ) throws {
        let rules = try ZoneRules.named(name)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<3_000 {
            let instant = Int64.random(in: -3_000_000_000...60_000_000_000, using: &random)
            let shown = rules.wall(atUTCSeconds: instant)
            #expect(
                Int64(shown.secondsAsUTC)
                    == instant + Int64(rules.offsetSeconds(atUTCSeconds: instant)))
            let back = rules.utcSeconds(of: shown)
            #expect(back <= instant)
            #expect(rules.wall(atUTCSeconds: back) == shown)
        }
    }

    @Test(arguments: oddZones)
    func `at every change of a year the second before and the second itself are right`(
        _ name: String
    ) throws {
        let rules = try ZoneRules.named(name)
        for year in [1985, 2011, 2024, 2031, 2200, 2599, 9000] {
            let start = Int64(WallTime.dayNumber(year: year, month: 1, day: 1) * 86_400)
            var before = rules.offsetSeconds(atUTCSeconds: start)
            for hour in 1..<8_790 {
                let instant = start + Int64(hour) * 3_600
                let after = rules.offsetSeconds(atUTCSeconds: instant)
                guard after != before else { continue }
                try checkChange(rules, between: instant - 3_600, and: instant)
                before = after
            }
        }
    }

    private func checkChange(
        _ rules: ZoneRules, between low: Int64, and high: Int64
    ) throws {
        let before = Int64(rules.offsetSeconds(atUTCSeconds: low))
        var change = low
        while Int64(rules.offsetSeconds(atUTCSeconds: change)) == before { change += 1 }
        let after = Int64(rules.offsetSeconds(atUTCSeconds: change))
        #expect(change <= high)
        // All readings around the change: the gap, the overlap, and a minute on either side.
        let first = change + min(before, after) - 60
        let last = change + max(before, after) + 60
        for local in stride(from: first, through: last, by: 30) {
            let wall = try #require(WallTime(secondsAsUTC: Int(local)))
            let expected = local < change + max(before, after) ? local - before : local - after
            #expect(rules.utcSeconds(of: wall) == expected)
        }
    }

    @Test(arguments: [
        ("Europe/Berlin", "2027-03-28T02:30:00", true),
        ("Europe/Berlin", "2027-03-28T02:00:00", true),
        ("Europe/Berlin", "2027-03-28T01:59:59", false),
        ("Europe/Berlin", "2027-03-28T03:00:00", false),
        ("Europe/Berlin", "2026-10-25T02:30:00", false),
        ("Pacific/Apia", "2011-12-30T12:00:00", true), ("UTC", "2027-03-28T02:30:00", false),
        ("Australia/Lord_Howe", "2025-10-05T02:15:00", true),
        ("Europe/Paris", "2437-03-29T02:30:00", true),
    ])
    func `a time that clocks skip is told from others`(
        zone: String, local: String, isSkipped: Bool
    ) throws {
        #expect(try ZoneRules.named(zone).skips(try wall(local)) == isSkipped)
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T01:30:00Z"),
        ("Europe/Berlin", "2026-10-25T02:00:00", "2026-10-25T01:00:00Z"),
        ("Europe/Berlin", "2026-10-25T01:59:59", nil),
        ("Europe/Berlin", "2026-10-25T03:00:00", nil),
        ("Europe/Berlin", "2027-03-28T02:30:00", nil),
        ("Australia/Lord_Howe", "2025-04-06T01:45:00", "2025-04-05T15:15:00Z"),
        ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T06:30:00Z"),
        // Clocks went back a whole day, over the date line.
        ("Pacific/Kwajalein", "1969-09-30T12:00:00", "1969-10-01T00:00:00Z"),
        ("UTC", "2026-10-25T02:30:00", nil),
    ])
    func `a time that clocks show twice has a second instant`(
        zone: String, local: String, second: String?
    ) throws {
        let rules = try ZoneRules.named(zone)
        let expected = try second.map { try #require(OffsetTime(rfc3339: $0)).utcSeconds }
        #expect(rules.secondUTCSeconds(of: try wall(local)) == expected)
        if let expected { #expect(rules.wall(atUTCSeconds: expected) == (try wall(local))) }
    }

    @Test func `a rule goes on for centuries`() throws {
        let rules = try ZoneRules.named("Europe/Paris")
        #expect(rules.utcSeconds(of: try wall("2437-03-29T02:30:00")) % 86_400 == 5_400)
        #expect(rules.wall(atUTCSeconds: Int64.max) == .latest)
        #expect(rules.wall(atUTCSeconds: Int64.min) == .earliest)
        let summer = try #require(OffsetTime(rfc3339: "9876-07-01T00:00:00Z"))
        #expect(rules.offsetSeconds(atUTCSeconds: summer.utcSeconds) == 7_200)
    }

    @Test func `many tasks may ask for zones at once`() async throws {
        let sums = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try Self.oddZones.map { try ZoneRules.named($0) }
                        .reduce(0) { $0 + $1.offsetSeconds(atUTCSeconds: 1_700_000_000) }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(sums).count == 1)
    }
}
