import Foundation
import Testing

@testable import TandemFormats

/// Runs `Fixtures/recurrence-oracle.tsv`, written by `Oracle/generate.py` with python-dateutil.
struct OracleTests {
    @Test func `every generated series yields what dateutil finds`() throws {
        let cases = try OracleCase.all()
        #expect(cases.count >= 2_500)
        var failures: [String] = []
        let limits = RecurrenceLimits(maxSteps: 500_000)
        for oracle in cases {
            let expansion = try oracle.recurrence().slots(in: oracle.window, limits: limits)
            let found = expansion.slots.map(\.utcSeconds)
            if found != oracle.expected || expansion.isTruncated {
                failures.append(oracle.difference(to: found))
            }
        }
        #expect(failures.isEmpty, "\(failures.count) differ: \(failures.prefix(5))")
    }

    @Test func `every generated start is found by itself, and its neighbours are not`() throws {
        for oracle in try OracleCase.all().prefix(600) {
            let series = try oracle.recurrence()
            for expected in oracle.expected.prefix(2) {
                let slot = try oracle.slot(at: expected)
                #expect(try series.hasSlot(slot), "\(oracle.lines) \(slot)")
                guard !slot.isAllDay, !oracle.expected.contains(expected + 1) else { continue }
                let next = try oracle.slot(at: expected + 1)
                #expect(try !series.hasSlot(next), "\(oracle.lines) \(next)")
            }
        }
    }
}

/// One line of the fixture.
struct OracleCase {
    let start: SeriesStart
    let lines: [String]
    let window: Range<Int64>
    let expected: [Int64]

    static func all(file: String = #filePath) throws -> [OracleCase] {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: folder.appending(path: "Fixtures/recurrence-oracle.tsv"), encoding: .utf8)
        return try text.split(separator: "\n").map { try OracleCase(row: $0) }
    }

    private init(row: Substring) throws {
        let fields = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        try #require(fields.count == 6)
        let start = try #require(WallTime.iCalendar(fields[0])?.wall)
        self.start = fields[1] == "-" ? .date(start) : .dateTime(start, zone: fields[1])
        lines = fields[2].split(separator: " ").map(String.init)
        window = try #require(Int64(fields[3]))..<(try #require(Int64(fields[4])))
        expected = try Self.expanded(fields[5])
    }

    /// Reads `1000 60*3 5` as 1000, 1060, 1120, 1180, 1185.
    private static func expanded(_ text: String) throws -> [Int64] {
        var values: [Int64] = []
        for item in text.split(separator: " ") {
            let pieces = item.split(separator: "*")
            let number = try #require(Int64(pieces[0]))
            let times = pieces.count > 1 ? try #require(Int(pieces[1])) : 1
            for _ in 0..<times { values.append((values.last ?? 0) + number) }
        }
        return values
    }

    func recurrence() throws -> Recurrence { try Recurrence(lines: lines, start: start) }

    func slot(at seconds: Int64) throws -> RecurrenceSlot {
        switch start {
        case .date:
            RecurrenceSlot(date: try #require(WallTime(secondsAsUTC: Int(seconds))))
        case .dateTime(_, let zone):
            RecurrenceSlot(utcSeconds: seconds, zone: try ZoneRules.named(zone))
        }
    }

    func difference(to found: [Int64]) -> String {
        func text(_ values: some Sequence<Int64>) -> String {
            values.prefix(5).map { WallTime(secondsAsUTC: Int($0))?.dateTimeText ?? "?" }
                .joined(separator: ",")
        }
        let missing = text(Set(expected).subtracting(found).sorted())
        let surplus = text(Set(found).subtracting(expected).sorted())
        return "\(start) \(lines) misses \(missing) and adds \(surplus)"
    }
}
