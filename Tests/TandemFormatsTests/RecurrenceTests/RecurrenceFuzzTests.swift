import Testing

@testable import TandemFormats

struct RecurrenceFuzzTests {
    private static let names = [
        "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY",
        "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS", "RSCALE", "SKIP", "X",
    ]
    private static let frequencies = RecurrenceRule.Frequency.allCases.map(\.rawValue)

    private func number(_ random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            random.pick(["0", "-1", "99999999", "2147483647", "2147483648", "-9223372036854775808"])
        case 1: random.pick(["", "+", "-", "1.5", "0x10", " 7", "9999999999999999999999", "٣"])
        case 2...4: String(Int.random(in: -60...60, using: &random))
        default: String(Int.random(in: 1...12, using: &random))
        }
    }

    private func weekday(_ random: inout SeededGenerator) -> String {
        (random.chance(0.3) ? number(&random) : "")
            + random.pick(RecurrenceRule.weekdayNames + ["mo", "XX", ""])
    }

    private func value(_ name: String, _ random: inout SeededGenerator) -> String {
        switch name {
        case "FREQ": return random.chance(0.97) ? random.pick(Self.frequencies) : "NEVER"
        case "UNTIL":
            return random.pick([
                "20261231", "20261231T225959Z", "20261231T225959", "00010101", "99991231T235959Z",
                "20260230", "x",
            ])
        case "WKST": return weekday(&random)
        case "INTERVAL", "COUNT": return number(&random)
        default:
            let count = random.chance(0.02) ? 400 : Int.random(in: 1...4, using: &random)
            return (0..<count).map { _ in name == "BYDAY" ? weekday(&random) : number(&random) }
                .joined(separator: ",")
        }
    }

    private func line(_ random: inout SeededGenerator) -> String {
        let name = random.pick(["RRULE", "RRULE", "RRULE", "EXRULE", "RDATE", "EXDATE"])
        var parts = ["FREQ=" + value("FREQ", &random)]
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            let part = random.pick(Self.names.dropFirst().map { $0 })
            parts.append(part + "=" + value(part, &random))
        }
        let isDates = name == "RDATE" || name == "EXDATE"
        let dates = ["20261109T090000Z", "20261109", "00010101T000000", "99991231T235959Z", "1"]
        var text = name + ":" + (isDates ? random.pick(dates) : parts.joined(separator: ";"))
        // A quarter is damaged at random places.
        guard random.chance(0.25) else { return text }
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            var scalars = Array(text.unicodeScalars)
            let index = Int.random(in: 0..<scalars.count, using: &random)
            let bytes: [Unicode.Scalar] = [
                ";", ":", ",", "=", "\0", "\"", "é", "-", "9", "\r", "\n",
            ]
            scalars[index] = random.pick(bytes)
            text = String(String.UnicodeScalarView(scalars))
        }
        return text
    }

    private func start(_ random: inout SeededGenerator) throws -> SeriesStart {
        let wall =
            random.chance(0.05)
            ? random.pick([WallTime.earliest, WallTime.latest])
            : try #require(
                WallTime(
                    dayNumber: Int.random(in: -10_000...40_000, using: &random),
                    secondOfDay: Int.random(in: 0..<86_400, using: &random)))
        let zones = ["UTC", "Europe/Paris", "Pacific/Apia", "America/St_Johns"]
        return random.chance(0.3) ? .date(wall) : .dateTime(wall, zone: random.pick(zones))
    }

    @Test func `20,000 random rules are refused or expanded within their limits`() throws {
        var random = SeededGenerator(seed: 20_000)
        let limits = RecurrenceLimits(maxSlots: 100, maxSteps: 2_000)
        var read = 0
        for _ in 0..<20_000 {
            let lines = (0..<(random.chance(0.1) ? 3 : 1)).map { _ in line(&random) }
            let start = try start(&random)
            let series: Recurrence
            do {
                series = try Recurrence(lines: lines, start: start)
            } catch {
                #expect(!error.message.isEmpty)
                continue
            }
            read += 1
            let low = Int64.random(in: -1_000_000_000...5_000_000_000, using: &random)
            let window =
                random.chance(0.1) ? Int64.min..<Int64.max : low..<low + 86_400 * 30
            let found = series.slots(in: window, limits: limits)
            let isInOrder = zip(found.slots, found.slots.dropFirst()).allSatisfy { $0 < $1 }
            let isInside = found.slots.allSatisfy { window.contains($0.utcSeconds) }
            if !isInOrder || !isInside || found.slots.count > 100 || found.steps > 4_000 {
                Issue.record("\(start) \(lines) in \(window)")
            }
        }
        #expect(read > 4_000)
        #expect(read < 16_000)
    }

    @Test func `random bytes are never taken for a rule`() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(throws: FormatError.self) {
                try Recurrence(
                    lines: ["X" + String(decoding: bytes, as: UTF8.self)],
                    start: .date(WallTime.earliest))
            }
        }
    }
}
