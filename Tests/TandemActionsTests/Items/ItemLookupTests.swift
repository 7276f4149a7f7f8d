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

    @Test(arguments: [
        // Between two, at the start, before it, of another form, and after a cancelled one.
        ("20261110T090000Z", ["20261102T090000Z", "20261109T090000Z", "20261123T090000Z"]),
        ("20261012T090000Z", ["20261012T080000Z", "20261019T080000Z", "20261026T090000Z"]),
        ("20250101T090000Z", ["20261012T080000Z", "20261019T080000Z", "20261026T090000Z"]),
        ("20261109", ["20261026T090000Z", "20261102T090000Z", "20261109T090000Z"]),
        ("20261117T090000Z", ["20261109T090000Z", "20261123T090000Z", "20261130T090000Z"]),
    ])
    func `of an instance that is not there the nearest are named, and can be found`(
        slot: String, nearest: [String]
    ) throws {
        let world = try CalendarWorld()
        let series = try world.receive(Sample.standup)
        try world.receive(
            Sample.exception(
                slot: "20261116T090000Z", original: "2026-11-16T10:00:00+01:00",
                start: "2026-11-16T10:00:00+01:00", end: "2026-11-16T10:30:00+01:00",
                status: "cancelled"))
        for stem in ["standup", series.id.rawValue] {
            let error = #expect(throws: TandemError.self) {
                try find("\(stem)_\(slot)", in: world)
            }
            #expect(error?.code == .notFound)
            let ids = nearest.map { "\(series.id)_\($0)" }
            #expect(error?.remedy == "The nearest it has: " + ids.joined(separator: ", "))
            for id in ids { _ = try find(id, in: world) }
        }
    }

    @Test(arguments: ["DAILY", "HOURLY", "MINUTELY", "SECONDLY", "YEARLY"])
    func `the nearest are found however fast a series is`(frequency: String) throws {
        let world = try CalendarWorld()
        let series = try world.receive(
            Sample.series(
                "fast", "Fast", start: "2020-01-01T10:00:00+01:00",
                end: "2020-01-01T10:00:01+01:00", rule: "RRULE:FREQ=\(frequency)"))
        let error = #expect(throws: TandemError.self) {
            try find("\(series.id)_20261109", in: world)
        }
        #expect(error?.remedy?.hasPrefix("The nearest it has: \(series.id)_202") == true)
        #expect(error?.remedy?.split(separator: ",").count == 3)
    }

    @Test func `of what is no series, or is gone, there is no instance to name`() throws {
        let world = try CalendarWorld()
        let single = try world.receive(
            Sample.single(
                "single", "Single", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        let ended = try world.receive(
            Sample.series(
                "ended", "Ended", start: "1980-01-01T10:00:00+01:00",
                end: "1980-01-01T11:00:00+01:00", rule: "RRULE:FREQ=DAILY;COUNT=2"))
        for resource in [single, ended] {
            let error = #expect(throws: TandemError.self) {
                try find("\(resource.id)_20261109T090000Z", in: world)
            }
            #expect(error?.remedy == "tandem events get \(resource.id)")
        }
        _ = try world.act { actions, _, find in try actions.delete(find("ended")) }
        let error = #expect(throws: TandemError.self) {
            try find("\(ended.id)_20261109T090000Z", in: world)
        }
        #expect(error?.code == .notFound && error?.message.contains("is deleted") == true)
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
