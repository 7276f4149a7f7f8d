import Testing

@testable import TandemFormats

struct RecurrenceConcurrencyTests {
    @Test func `expansions from many tasks at once agree with those of one`() async throws {
        let cases = Array(try OracleCase.all().prefix(500))
        let results = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for offset in 0..<8 {
                group.addTask {
                    var starts: [Int64] = []
                    // Each task begins elsewhere, so that different rules run side by side.
                    for index in cases.indices {
                        let oracle = cases[(index + offset * 61) % cases.count]
                        let found = try oracle.recurrence().slots(in: oracle.window).slots
                        if found.map(\.utcSeconds) != oracle.expected {
                            starts.append(Int64(index))
                        }
                    }
                    return starts
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: [], count: 8))
    }

    @Test func `one series serves many tasks`() async throws {
        let wall = try #require(WallTime(dateTime: "2020-01-05T02:30:00"))
        let series = try Recurrence(
            lines: ["RRULE:FREQ=DAILY;INTERVAL=2", "EXRULE:FREQ=WEEKLY", "RDATE:20250101T000000Z"],
            start: .dateTime(wall, zone: "America/New_York"))
        let expected = series.slots(in: 0..<Int64.max).slots
        try await withThrowingTaskGroup(of: [RecurrenceSlot].self) { group in
            for _ in 0..<16 {
                group.addTask { series.slots(in: 0..<Int64.max).slots }
            }
            for try await found in group { #expect(found == expected) }
        }
    }
}
