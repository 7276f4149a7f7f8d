import LosslessJSON
import TandemCore
import Testing

@testable import GoogleConnector

/// What the engine asks of events when a series is divided.
@Suite struct EventSlotTests {
    private let rules = EventRules()

    @Test func `the fields that decide on slots are fields of an event`() {
        let names = Set(rules.fields.map(\.name))
        #expect(rules.slotFields.isSubset(of: names))
        #expect(rules.slotFields == ["time", "recurrence"])
    }

    @Test(arguments: [
        ("2026-11-16T10:00:00+01:00", "new_20261116T090000Z"), (nil, "new_20261116"),
    ])
    func `an exception goes to another series under the id of that one's instance`(
        moment: String?, id: String
    ) throws {
        let original: JSON =
            moment.map { ["dateTime": .string($0), "timeZone": "Europe/Paris"] }
            ?? ["date": "2026-11-16"]
        let exception: JSON = [
            "id": "old_20261116T090000Z", "etag": "\"1\"", "iCalUID": "old@google.com",
            "recurringEventId": "old", "originalStartTime": original, "summary": "Changed",
            "unknown": ["kept": true], "sequence": 3, "htmlLink": "https://calendar.google.com/x",
        ]
        let carried = try #require(
            rules.exception(exception, of: RemoteID(rawValue: "new")))
        #expect(
            carried == [
                "id": .string(id), "recurringEventId": "new", "originalStartTime": original,
                "summary": "Changed", "unknown": ["kept": true],
            ])
        #expect(rules.remoteID(of: carried)?.rawValue == id)
    }

    @Test func `what names no slot cannot be carried`() {
        #expect(rules.exception(["summary": "x"], of: RemoteID(rawValue: "new")) == nil)
        #expect(rules.exception("x", of: RemoteID(rawValue: "new")) == nil)
    }
}
