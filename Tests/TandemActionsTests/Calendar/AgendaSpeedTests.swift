import Foundation
import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore
import Testing

@Suite struct AgendaSpeedTests {
    @Test func `a week out of ten thousand events reads only what it needs`() throws {
        let world = try CalendarWorld()
        try world.store.writeBlocking { transaction in
            let rules = try transaction.rulebook.rules(for: .event)
            let first = try #require(WallTime(date: "2024-01-01"))
            for number in 0..<10_000 {
                let day = try #require(first.adding(days: number % 1460))
                var event = Sample.single(
                    "event\(number)", "Event \(number)", start: "\(day.dateText)T10:00:00+01:00",
                    end: "\(day.dateText)T11:00:00+01:00")
                if number % 50 == 0 { event["recurrence"] = ["RRULE:FREQ=WEEKLY"] }
                _ = try transaction.resources.insertBase(
                    bytes: event.serialized(), remoteID: RemoteID(rawValue: "event\(number)"),
                    etag: nil, projection: rules.projection(of: event), generation: 1,
                    into: world.work)
            }
        }
        let clock = ContinuousClock()
        var entries: [AgendaEntry] = []
        let fastest = try (0..<5).map { _ in
            try clock.measure { entries = try world.entries("2026-11-02", "2026-11-09") }
        }.min()
        #expect(entries.count > 150)
        // The bar is 100 ms in an optimised build; ten times that still catches a walk over all.
        #expect((fastest ?? .seconds(9)) < .seconds(1))
        print("agenda of a week, 10,000 events, \(entries.count) entries: \(fastest ?? .zero)")
    }
}
