import Testing

@testable import TandemFormats

struct OffsetTimeTests {
    @Test func `a text longer than any format is refused, whatever its beginning says`() {
        // Each of the beginnings of 64 bytes is a time by itself.
        let digits = String(repeating: "1", count: 43)
        let time = "2026-11-09T10:00:00.\(digits)Z"
        #expect(OffsetTime(rfc3339: time) != nil)
        #expect(OffsetTime(rfc3339: time + "junk") == nil)
        let wall = "2026-11-09T10:00:00.\(digits)1"
        #expect(WallTime(dateTime: wall) != nil)
        #expect(WallTime(dateTime: wall + "junk") == nil)
        #expect(WallTime(dateTime: wall + "1") == nil)
        #expect(WallTime.iCalendar("20261109" + String(repeating: " ", count: 80)) == nil)
    }

    @Test(arguments: [
        ("2026-11-09T10:00:00+01:00", 1_794_214_800, "2026-11-09T10:00:00+01:00"),
        ("2026-11-09T09:00:00Z", 1_794_214_800, "2026-11-09T09:00:00Z"),
        ("2026-11-09t09:00:00z", 1_794_214_800, "2026-11-09T09:00:00Z"),
        ("2026-11-09T09:00:00-00:00", 1_794_214_800, "2026-11-09T09:00:00Z"),
        ("2026-11-09T05:30:00.5-03:30", 1_794_214_800, "2026-11-09T05:30:00.500-03:30"),
        ("1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"),
        ("2026-11-09T09:00:00.1239999Z", 1_794_214_800, "2026-11-09T09:00:00.123Z"),
        ("2026-11-09T09:00:00.000Z", 1_794_214_800, "2026-11-09T09:00:00Z"),
        ("2016-12-31T23:59:60Z", 1_483_228_799, "2016-12-31T23:59:59Z"),
        ("0001-01-01T00:00:00+23:59", -62_135_683_140, "0001-01-01T00:00:00+23:59"),
    ])
    func `instants are read and written again`(
        _ text: String, _ seconds: Int64, _ written: String
    ) throws {
        let time = try #require(OffsetTime(rfc3339: text))
        #expect(time.utcSeconds == seconds)
        #expect(time.rfc3339 == written)
        #expect(OffsetTime(rfc3339: written) == time)
    }

    @Test(arguments: [
        "2026-11-09T10:00:00", "2026-11-09", "2026-11-09T10:00:00+1:00", "2026-11-09T10:00+01:00",
        "2026-11-09T10:00:00+24:00", "2026-11-09T10:00:00+01:60", "2026-11-09T10:00:00+0100",
        "2026-11-09T10:00:00Z ", "2026-11-09T10:00:00ZZ", "2026-13-09T10:00:00Z",
        "2026-11-09T10:00:00.Z", "", "T", "2026-11-09T10:00:00.Z1",
        "2026-11-09T10:00:00." + String(repeating: "1", count: 500) + "Z",
    ])
    func `texts without a full date, time and offset are refused`(_ text: String) {
        #expect(OffsetTime(rfc3339: text) == nil)
    }

    @Test func `an instant is shown at an offset, and what cannot be written is cut`() {
        let time = OffsetTime(utcSeconds: 1_794_214_800, offsetSeconds: 20_700)
        #expect(time.rfc3339 == "2026-11-09T14:45:00+05:45")
        #expect(time.utcSeconds == 1_794_214_800)
        // Local mean time of Paris, nine minutes and 21 seconds.
        #expect(
            OffsetTime(utcSeconds: 0, offsetSeconds: 561).rfc3339 == "1970-01-01T00:09:00+00:09")
        #expect(OffsetTime(utcSeconds: 0, offsetSeconds: 561).utcSeconds == 0)
        #expect(OffsetTime(utcSeconds: .max, offsetSeconds: 3600).wall == .latest)
        #expect(OffsetTime(utcSeconds: .min, offsetSeconds: -3600).wall == .earliest)
        #expect(OffsetTime(utcSeconds: 0, offsetSeconds: .max).offsetSeconds == 86_340)
        #expect(OffsetTime(utcSeconds: 0, offsetSeconds: .min).offsetSeconds == -86_340)
        #expect(
            OffsetTime(utcSeconds: 0, offsetSeconds: 0, milliseconds: 5_000).milliseconds == 999)
    }
}
