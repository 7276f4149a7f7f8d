import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import Testing

@Suite struct ItemLookupTests {
    private func find(_ id: String, in world: CalendarWorld) throws -> ItemReference {
        try world.store.readBlocking { try ItemLookup($0).find(id) }
    }

    @Test func `our id and the remote id lead to the same thing`() throws {
        let world = try CalendarWorld()
        let series = try world.receive(Sample.standup)
        for id in [series.id.rawValue, "standup"] {
            guard case .resource(let found) = try find(id, in: world) else {
                Issue.record("\(id) is no resource")
                continue
            }
            #expect(found.id == series.id)
        }
    }

    @Test func `an instance is found by either id, stored or not`() throws {
        let world = try CalendarWorld()
        let series = try world.receive(Sample.standup)
        let exception = try world.receive(
            Sample.exception(
                slot: "20261102T090000Z", original: "2026-11-02T10:00:00+01:00",
                start: "2026-11-02T15:00:00+01:00", end: "2026-11-02T15:30:00+01:00"))
        let stored = [
            "\(series.id)_20261102T090000Z", "standup_20261102T090000Z", exception.id.rawValue,
        ]
        for id in stored {
            guard case .instance(let instance) = try find(id, in: world) else {
                Issue.record("\(id) is no instance")
                continue
            }
            #expect(instance.exception?.id == exception.id)
            #expect(instance.series?.id == series.id)
            #expect(instance.slot == "20261102T090000Z")
        }
        for id in ["\(series.id)_20261109T090000Z", "standup_20261109t090000z"] {
            guard case .instance(let instance) = try find(id, in: world) else {
                Issue.record("\(id) is no instance")
                continue
            }
            #expect(instance.exception == nil)
            #expect(instance.slot == "20261109T090000Z")
        }
    }

    @Test(arguments: [
        "nothing", "standup_20261110T090000Z", "standup_20261109", "standup_20261109T100000Z",
        "standup_", "_", "", "standup_2026110xT090000Z", "single_20261109T090000Z",
        String(repeating: "x", count: 5000),
    ])
    func `what is not there is not found`(id: String) throws {
        let world = try CalendarWorld()
        try world.receive(Sample.standup)
        try world.receive(
            Sample.single(
                "single", "Single", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        let error = #expect(throws: TandemError.self) { try find(id, in: world) }
        #expect(error?.code == .notFound)
    }

    @Test func `a remote id that two accounts know is ambiguous until one is named`() throws {
        let world = try CalendarWorld()
        let event = Sample.single(
            "copy", "Copy", start: "2026-11-09T10:00:00+01:00", end: "2026-11-09T11:00:00+01:00")
        let mine = try world.receive(event)
        let grace = try world.store.writeBlocking { transaction in
            let grace = try transaction.accounts.add(name: "grace", provider: "google")
            return try CalendarWorld.calendar("Main", of: grace, in: transaction)
        }
        try world.receive(event, into: grace)
        let error = #expect(throws: TandemError.self) { try find("copy", in: world) }
        #expect(error?.code == .ambiguous)
        let found = try world.store.readBlocking {
            try ItemLookup($0, accounts: [world.ada.id]).find("copy").resource
        }
        #expect(found.id == mine.id)
    }

    @Test func `an all-day instance has a date behind its underscore`() throws {
        let world = try CalendarWorld()
        var event = Sample.days("bins", "Bins", start: "2026-11-03", end: "2026-11-04")
        event["recurrence"] = ["RRULE:FREQ=WEEKLY"]
        let series = try world.receive(event)
        let entry = try #require(try world.entries("2026-11-10", "2026-11-11").first)
        #expect(entry.id == "\(series.id)_20261110")
        guard case .instance(let instance) = try find(entry.id, in: world) else {
            Issue.record("no instance")
            return
        }
        #expect(instance.slot == "20261110")
    }

    @Test func `an item shows everything that programs read`() throws {
        let world = try CalendarWorld()
        let resource = try world.receive(
            Sample.single(
                "single", "Single", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        let item = try world.store.readBlocking { try ItemViews($0).item(resource) }
        #expect(item["id"]?.string == resource.id.rawValue)
        #expect(item["kind"] == "event")
        #expect(item["account"] == "ada")
        #expect(item["collection"]?["name"] == "Work")
        #expect(item["remoteId"] == "single")
        #expect(item["etag"] == "\"1\"")
        #expect(item["state"] == "clean")
        #expect(item["notifies"] == [])
        #expect(item["data"]?["summary"] == "Single")
    }
}
