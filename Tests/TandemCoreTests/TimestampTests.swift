import TandemCore
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0)), ("1970-01-01T00:00:00.001Z", 1),
        ("1969-12-31T23:59:59.999Z", -1), ("2026-11-09T10:00:00+01:00", 1_794_214_800_000),
        ("2026-11-09T10:00:00.25-08:00", 1_794_247_200_250),
        ("2024-02-29T23:59:59Z", 1_709_251_199_000), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func `a time of RFC 3339 is read`(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "now", "2026-11-09", "10:00:00Z", "2026-11-09T10:00:00", "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z", "2026-11-09T25:00:00Z", "2026-11-09T10:00:00Zjunk",
        " 2026-11-09T10:00:00Z",
    ])
    func `what is no time is none`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `a time is written in UTC with milliseconds, and read again`() throws {
        #expect(Timestamp(milliseconds: 1_794_214_800_007).rfc3339 == "2026-11-09T09:00:00.007Z")
        var random = SplitMix64(seed: 1)
        for _ in 0..<1_000 {
            let moment = Timestamp(
                milliseconds: Int64.random(in: 0...4_102_444_800_000, using: &random))
            try #require(Timestamp(rfc3339: moment.rfc3339) == moment)
        }
    }

    @Test(arguments: [
        (Int64(0), Int64(0)), (999, 0), (1_000, 1), (-1, -1), (-1_000, -1), (-1_001, -2),
        (.max, .max / 1_000), (.min, .min / 1_000 - 1),
    ])
    func `seconds are rounded down`(milliseconds: Int64, seconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).seconds == seconds)
    }

    @Test func `time stands still at its ends`() {
        let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
        let long = Duration.seconds(Int64.max / 2)
        #expect(last.advanced(by: .milliseconds(1)) == last)
        #expect(Timestamp(milliseconds: 0).advanced(by: long) == last)
        #expect(first.advanced(by: .milliseconds(-1)) == first)
        #expect(Timestamp(milliseconds: 0).advanced(by: .zero - long) == first)
        #expect(last.advanced(by: .milliseconds(-1)).milliseconds == .max - 1)
    }

    @Test func `a duration and the moment after it belong together`() {
        let start = Timestamp(milliseconds: 1_000)
        #expect(start.advanced(by: .milliseconds(1_500)).milliseconds == 2_500)
        #expect(start.advanced(by: .milliseconds(-1_500)).milliseconds == -500)
        #expect(start.advanced(by: .microseconds(1_999)).milliseconds == 1_001)
        let end = start.advanced(by: .seconds(90))
        #expect(end.duration(since: start) == .seconds(90))
        #expect(start.duration(since: end) == .seconds(-90))
        #expect(start < end && !(end < start))
    }
}
