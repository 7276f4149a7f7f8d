import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore
import Testing

@Suite struct SeriesEditTests {
    private func fields(_ change: (inout EventFields) -> Void) -> EventEdit {
        var fields = EventFields()
        change(&fields)
        return .fields(fields)
    }

    private func at(_ text: String) throws -> EventEdit {
        let wall = try #require(WallTime(dateTime: text))
        return fields { $0.start = .wall(wall) }
    }

    private func edit(
        _ id: String, _ edit: EventEdit, _ reach: SeriesReach? = nil, in world: CalendarWorld
    ) throws -> EditOutcome {
        try world.act { actions, _, find in try actions.edit(find(id), edit, reach: reach) }
    }

    private func worldWithStandup() throws -> CalendarWorld {
        let world = try CalendarWorld()
        try world.receive(Sample.standup)
        return world
    }

    private func rule(of id: String, in world: CalendarWorld) throws -> [String] {
        (try world.live(id)?["recurrence"]?.array ?? []).compactMap(\.string)
    }

    // MARK: This

    @Test func `an edit of an instance makes an exception of its own`() throws {
        let world = try worldWithStandup()
        let outcome = try edit(
            "standup_20261109T090000Z", fields { $0.title = "Retro" }, in: world)
        let live = try #require(outcome.resource.live)
        #expect(outcome.resource.remoteID?.rawValue == "standup_20261109T090000Z")
        #expect(live["recurringEventId"] == "standup")
        #expect(
            live["originalStartTime"] == [
                "dateTime": "2026-11-09T10:00:00+01:00", "timeZone": "Europe/Paris",
            ])
        #expect(live["recurrence"] == nil)
        #expect(live["etag"] == nil)
        #expect(
            try world.agenda("2026-11-02", "2026-11-17") == [
                "2026-11-02T10:00:00+01:00 Standup", "2026-11-09T10:00:00+01:00 Retro",
                "2026-11-16T10:00:00+01:00 Standup",
            ])
        // A second edit meets the exception that is there.
        let again = try edit(
            "standup_20261109T090000Z", fields { $0.place = "Room 2" }, in: world)
        #expect(again.resource.id == outcome.resource.id)
        #expect(again.resource.live?["summary"] == "Retro")
    }

    @Test func `an instance moved alone leaves its slot`() throws {
        let world = try worldWithStandup()
        _ = try edit("standup_20261109T090000Z", at("2026-11-10T14:00:00"), in: world)
        #expect(
            try world.agenda("2026-11-09", "2026-11-17") == [
                "2026-11-10T14:00:00+01:00 Standup", "2026-11-16T10:00:00+01:00 Standup",
            ])
    }

    @Test func `a series' id means the series, so this and following need an instance`() throws {
        let world = try worldWithStandup()
        for reach in [SeriesReach.this, .following] {
            let error = #expect(throws: TandemError.self) {
                try edit("standup", fields { $0.title = "X" }, reach, in: world)
            }
            #expect(error?.code == .invalid)
        }
    }

    @Test func `an instance has no rule of its own`() throws {
        let world = try worldWithStandup()
        #expect(throws: TandemError.self) {
            try edit(
                "standup_20261109T090000Z", fields { $0.recurrence = "daily" }, .this, in: world)
        }
    }

    // MARK: All

    @Test func `an edit of an instance, meant for all, moves the series by as much`() throws {
        let world = try worldWithStandup()
        let outcome = try edit(
            "standup_20261109T090000Z", at("2026-11-10T11:30:00"), .all, in: world)
        #expect(outcome.resource.remoteID?.rawValue == "standup")
        #expect(outcome.resource.live?["start"]?["dateTime"] == "2026-10-13T11:30:00+02:00")
        #expect(outcome.resource.live?["end"]?["dateTime"] == "2026-10-13T12:00:00+02:00")
        #expect(try rule(of: "standup", in: world) == ["RRULE:FREQ=WEEKLY;BYDAY=TU"])
        #expect(
            try world.agenda("2026-11-02", "2026-11-15") == [
                "2026-11-03T11:30:00+01:00 Standup", "2026-11-10T11:30:00+01:00 Standup",
            ])
    }

    @Test func `an edit of all through an instance tells where that one is now`() throws {
        let world = try worldWithStandup()
        let moved = try edit(
            "standup_20261109T090000Z", at("2026-11-10T12:00:00"), .all, in: world)
        let instance = try #require(moved.instance)
        #expect(instance.slot == "20261110T110000Z")
        #expect(instance.exception == nil)
        let item = try world.store.readBlocking { try ItemViews($0).item(.instance(instance)) }
        #expect(item["data"]?["start"]?["dateTime"] == "2026-11-10T12:00:00+01:00")
        let ended = try edit(
            "standup_20261110T110000Z", fields { $0.recurrence = "none" }, .all, in: world)
        #expect(ended.instance == nil)
    }

    @Test func `exclusions and the end of a rule move with the series`() throws {
        let world = try CalendarWorld()
        try world.receive(
            Sample.series(
                "course", "Course", start: "2026-10-12T10:00:00+02:00",
                end: "2026-10-12T11:00:00+02:00",
                rule: "RRULE:FREQ=WEEKLY;UNTIL=20261109T090000Z",
                "EXDATE;TZID=Europe/Paris:20261026T100000", "RDATE:20261014T080000Z"))
        _ = try edit("course", at("2026-10-12T11:00:00"), in: world)
        #expect(
            try rule(of: "course", in: world) == [
                "RRULE:FREQ=WEEKLY;UNTIL=20261109T100000Z",
                "EXDATE;TZID=Europe/Paris:20261026T110000", "RDATE:20261014T090000Z",
            ])
        #expect(
            try world.agenda("2026-10-01", "2026-12-01") == [
                "2026-10-12T11:00:00+02:00 Course", "2026-10-14T11:00:00+02:00 Course",
                "2026-10-19T11:00:00+02:00 Course", "2026-11-02T11:00:00+01:00 Course",
                "2026-11-09T11:00:00+01:00 Course",
            ])
    }

    @Test func `a rule that pins its days is not guessed at`() throws {
        let world = try CalendarWorld()
        try world.receive(
            Sample.series(
                "board", "Board", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00", rule: "RRULE:FREQ=MONTHLY;BYDAY=2MO"))
        let error = #expect(throws: TandemError.self) {
            try edit("board", at("2026-11-10T10:00:00"), in: world)
        }
        #expect(error?.message.contains("--repeat") == true)
        // Another time of the same day is clear enough.
        _ = try edit("board", at("2026-11-09T12:00:00"), in: world)
        let start = try #require(WallTime(dateTime: "2026-11-10T12:00:00"))
        _ = try edit(
            "board",
            fields {
                $0.start = .wall(start)
                $0.recurrence = "FREQ=MONTHLY;BYDAY=2TU"
            },
            in: world)
        #expect(try rule(of: "board", in: world) == ["RRULE:FREQ=MONTHLY;BYDAY=2TU"])
    }

    @Test func `a new title of all reaches the instances that had the old one`() throws {
        let world = try worldWithStandup()
        try world.receive(
            Sample.exception(
                slot: "20261102T090000Z", original: "2026-11-02T10:00:00+01:00",
                start: "2026-11-02T15:00:00+01:00", end: "2026-11-02T15:30:00+01:00"))
        try world.receive(
            Sample.exception(
                slot: "20261109T090000Z", original: "2026-11-09T10:00:00+01:00", "Own name",
                start: "2026-11-09T15:00:00+01:00", end: "2026-11-09T15:30:00+01:00"))
        let outcome = try edit("standup", fields { $0.title = "Daily" }, in: world)
        #expect(outcome.alsoChanged.count == 1)
        #expect(
            try world.agenda("2026-11-02", "2026-11-17") == [
                "2026-11-02T15:00:00+01:00 Daily", "2026-11-09T15:00:00+01:00 Own name",
                "2026-11-16T10:00:00+01:00 Daily",
            ])
    }

    @Test func `instances that a moved series no longer has are counted, not shown twice`() throws {
        let world = try worldWithStandup()
        try world.receive(
            Sample.exception(
                slot: "20261109T090000Z", original: "2026-11-09T10:00:00+01:00", "Changed",
                start: "2026-11-09T15:00:00+01:00", end: "2026-11-09T15:30:00+01:00"))
        let outcome = try edit("standup", at("2026-10-12T12:00:00"), in: world)
        #expect(outcome.leftBehind.map(\.remoteID?.rawValue) == ["standup_20261109T090000Z"])
        #expect(
            try world.agenda("2026-11-09", "2026-11-10") == [
                "2026-11-09T12:00:00+01:00 Standup"
            ])
    }

    @Test func `what was cancelled stays cancelled when the series moves`() throws {
        let world = try worldWithStandup()
        try world.act { actions, _, find in
            _ = try actions.delete(find("standup_20261109T090000Z"))
        }
        _ = try edit("standup", at("2026-10-12T12:00:00"), in: world)
        #expect(
            try world.agenda("2026-11-02", "2026-11-17") == [
                "2026-11-02T12:00:00+01:00 Standup", "2026-11-16T12:00:00+01:00 Standup",
            ])
    }

    @Test func `a rule can be changed or dropped through one of its instances`() throws {
        let world = try worldWithStandup()
        _ = try edit(
            "standup_20261109T090000Z", fields { $0.recurrence = "FREQ=WEEKLY;COUNT=2" }, .all,
            in: world)
        #expect(try world.agenda("2026-10-01", "2026-12-01").count == 2)
        _ = try edit(
            "standup_20261019T080000Z", fields { $0.recurrence = "none" }, .all, in: world)
        #expect(try world.agenda("2026-10-01", "2026-12-01").count == 1)
    }

    @Test func `between whole days and times of day the rule has to be said anew`() throws {
        let world = try worldWithStandup()
        let day = try #require(WallTime(date: "2026-10-12"))
        #expect(throws: TandemError.self) {
            try edit("standup", fields { $0.start = .day(day) }, in: world)
        }
        _ = try edit(
            "standup",
            fields {
                $0.start = .day(day)
                $0.recurrence = "FREQ=WEEKLY;COUNT=2"
            },
            in: world)
        #expect(
            try world.agenda("2026-10-01", "2026-12-01") == [
                "2026-10-12 Standup", "2026-10-19 Standup",
            ])
    }

    // MARK: Following

    @Test func `this and following ends the series and begins a new one`() throws {
        let world = try worldWithStandup()
        let outcome = try edit(
            "standup_20261109T090000Z", at("2026-11-09T09:00:00"), .following, in: world)
        #expect(outcome.resource.remoteID?.rawValue != "standup")
        #expect(outcome.resource.base == nil)
        #expect(outcome.resource.live?["iCalUID"] == nil)
        #expect(
            try world.agenda("2026-10-26", "2026-11-24") == [
                "2026-10-26T10:00:00+01:00 Standup", "2026-11-02T10:00:00+01:00 Standup",
                "2026-11-09T09:00:00+01:00 Standup", "2026-11-16T09:00:00+01:00 Standup",
                "2026-11-23T09:00:00+01:00 Standup",
            ])
        let old = try rule(of: "standup", in: world)
        #expect(old.contains { $0.contains("UNTIL=") })
    }

    @Test func `both halves are noted as one edit, exceptions included`() throws {
        let world = try worldWithStandup()
        try world.receive(
            Sample.exception(
                slot: "20261116T090000Z", original: "2026-11-16T10:00:00+01:00", "Changed",
                start: "2026-11-16T15:00:00+01:00", end: "2026-11-16T15:30:00+01:00"))
        let outcome = try edit(
            "standup_20261109T090000Z", fields { $0.title = "Daily" }, .following, in: world)
        try world.store.readBlocking { transaction in
            let split = try #require(
                try transaction.splits.continuing(in: outcome.resource.id))
            let earlier = try #require(try transaction.resources.find(split.earlier))
            #expect(earlier.remoteID?.rawValue == "standup")
            #expect(try transaction.splits.isOpen(split))
            #expect(split.cut["recurrence"] == earlier.live?["recurrence"])
            #expect(split.before["recurrence"] == earlier.base?["recurrence"])
            #expect(earlier.operation == split.operation)
            #expect(outcome.alsoChanged.allSatisfy { $0.operation == split.operation })
            let carried = try transaction.resources.exceptions(
                of: try #require(outcome.resource.remoteID), in: earlier.collection)
            // It is sent as what differs from the new series.
            #expect(carried.count == 1)
            #expect(carried[0].base?["summary"] == "Daily")
            #expect(carried[0].live?["summary"] == "Changed")
        }
    }

    @Test func `a count is shared out between both parts`() throws {
        let world = try CalendarWorld()
        try world.receive(
            Sample.series(
                "course", "Course", start: "2026-10-12T10:00:00+02:00",
                end: "2026-10-12T11:00:00+02:00", rule: "RRULE:FREQ=WEEKLY;COUNT=6"))
        _ = try edit(
            "course_20261102T090000Z", fields { $0.title = "Course II" }, .following, in: world)
        let titles = try world.entries("2026-10-01", "2027-01-01")
            .compactMap { $0.data["summary"]?.string }
        #expect(
            titles == [
                "Course", "Course", "Course", "Course II", "Course II", "Course II",
            ])
    }

    @Test func `later exceptions go over to the new series, earlier ones stay`() throws {
        let world = try worldWithStandup()
        try world.receive(
            Sample.exception(
                slot: "20261102T090000Z", original: "2026-11-02T10:00:00+01:00", "Early change",
                start: "2026-11-02T15:00:00+01:00", end: "2026-11-02T15:30:00+01:00"))
        try world.receive(
            Sample.exception(
                slot: "20261116T090000Z", original: "2026-11-16T10:00:00+01:00", "Late change",
                start: "2026-11-17T15:00:00+01:00", end: "2026-11-17T15:30:00+01:00"))
        try world.receive(
            Sample.exception(
                slot: "20261123T090000Z", original: "2026-11-23T10:00:00+01:00",
                start: "2026-11-23T10:00:00+01:00", end: "2026-11-23T10:30:00+01:00",
                status: "cancelled"))
        let outcome = try edit(
            "standup_20261109T090000Z", at("2026-11-09T11:00:00"), .following, in: world)
        #expect(
            try world.agenda("2026-11-02", "2026-12-01") == [
                "2026-11-02T15:00:00+01:00 Early change", "2026-11-09T11:00:00+01:00 Standup",
                "2026-11-17T15:00:00+01:00 Late change", "2026-11-30T11:00:00+01:00 Standup",
            ])
        // The cut series, the late change that is dropped, and what it is made anew as.
        let states = outcome.alsoChanged.map { $0.live == nil }
        #expect(states == [false, true, false])
        let series = try #require(outcome.resource.remoteID?.rawValue)
        let carried = try world.live("\(series)_20261116T100000Z")
        #expect(carried?["recurringEventId"]?.string == series)
        #expect(carried?["originalStartTime"]?["dateTime"] == "2026-11-16T11:00:00+01:00")
    }

    @Test func `a changed instance that lost its slot before is no part of a division`() throws {
        let world = try worldWithStandup()
        try world.receive(
            Sample.exception(
                slot: "20261123T090000Z", original: "2026-11-23T10:00:00+01:00", "Changed",
                start: "2026-11-23T15:00:00+01:00", end: "2026-11-23T15:30:00+01:00"))
        _ = try edit("standup", at("2026-10-12T12:00:00"), in: world)
        _ = try edit(
            "standup_20261116T110000Z", fields { $0.title = "Daily" }, .following, in: world)
        #expect(try world.live("standup_20261123T090000Z")?["summary"] == "Changed")
    }

    @Test func `following from the first instance on is the whole series`() throws {
        let world = try worldWithStandup()
        let outcome = try edit(
            "standup_20261012T080000Z", fields { $0.title = "Daily" }, .following, in: world)
        #expect(outcome.resource.remoteID?.rawValue == "standup")
        #expect(outcome.alsoChanged.isEmpty)
    }

    @Test func `who does not organise a series cannot divide it`() throws {
        let world = try CalendarWorld()
        var foreign = Sample.standup
        foreign["organizer"] = ["email": "grace@example.com"]
        try world.receive(foreign)
        let error = #expect(throws: TandemError.self) {
            try edit(
                "standup_20261109T090000Z", fields { $0.title = "X" }, .following, in: world)
        }
        #expect(error?.code == .denied)
    }

    // MARK: Delete

    @Test func `an instance that is deleted stays away`() throws {
        let world = try worldWithStandup()
        let outcome = try world.act { actions, _, find in
            try actions.delete(find("standup_20261109T090000Z"))
        }
        #expect(outcome.resource.live?["status"] == "cancelled")
        #expect(
            try world.agenda("2026-11-02", "2026-11-17") == [
                "2026-11-02T10:00:00+01:00 Standup", "2026-11-16T10:00:00+01:00 Standup",
            ])
        let error = #expect(throws: TandemError.self) {
            try world.act { actions, _, find in
                try actions.delete(find("standup_20261109T090000Z"))
            }
        }
        #expect(error?.code == .notFound)
    }

    @Test func `a changed instance can be deleted, too`() throws {
        let world = try worldWithStandup()
        _ = try edit("standup_20261109T090000Z", at("2026-11-10T14:00:00"), in: world)
        try world.act { actions, _, find in
            _ = try actions.delete(find("standup_20261109T090000Z"))
        }
        #expect(try world.agenda("2026-11-09", "2026-11-16").isEmpty)
    }

    @Test func `this and following can be deleted`() throws {
        let world = try worldWithStandup()
        try world.receive(
            Sample.exception(
                slot: "20261116T090000Z", original: "2026-11-16T10:00:00+01:00", "Late change",
                start: "2026-11-17T15:00:00+01:00", end: "2026-11-17T15:30:00+01:00"))
        try world.act { actions, _, find in
            _ = try actions.delete(find("standup_20261109T090000Z"), reach: .following)
        }
        #expect(
            try world.agenda("2026-10-26", "2027-01-01") == [
                "2026-10-26T10:00:00+01:00 Standup", "2026-11-02T10:00:00+01:00 Standup",
            ])
    }

    @Test func `edits of instances do not outlive their deleted series`() throws {
        let world = try worldWithStandup()
        _ = try edit("standup_20261109T090000Z", fields { $0.title = "Retro" }, in: world)
        try world.act { actions, _, find in
            _ = try actions.delete(find("standup_20261116T090000Z"), reach: .all)
        }
        #expect(try world.agenda("2026-10-01", "2027-01-01").isEmpty)
        let waiting = try world.store.readBlocking {
            try $0.resources.dirty(in: world.work.id)
        }
        #expect(waiting.map(\.local) == [.deleted])
    }

    @Test func `an edit of an instance that is given up leaves the series as it was`() throws {
        let world = try worldWithStandup()
        let outcome = try edit(
            "standup_20261109T090000Z", fields { $0.title = "Retro" }, in: world)
        try world.store.writeBlocking { transaction in
            _ = try transaction.revertLocally(outcome.resource, run: nil)
        }
        #expect(
            try world.agenda("2026-11-09", "2026-11-10") == [
                "2026-11-09T10:00:00+01:00 Standup"
            ])
    }

    @Test func `a guest leaves one instance of somebody else's series`() throws {
        let world = try CalendarWorld()
        var foreign = Sample.standup
        foreign["organizer"] = ["email": "grace@example.com"]
        try world.receive(foreign)
        var changed = Sample.exception(
            slot: "20261109T090000Z", original: "2026-11-09T10:00:00+01:00", "Changed",
            start: "2026-11-09T15:00:00+01:00", end: "2026-11-09T15:30:00+01:00")
        changed["organizer"] = ["email": "grace@example.com"]
        let exception = try world.receive(changed)
        let outcome = try world.act { actions, _, find in
            try actions.delete(find(exception.id.rawValue))
        }
        #expect(outcome.resource.local == .deleted)
        #expect(try world.agenda("2026-11-09", "2026-11-10").isEmpty)
    }
}
