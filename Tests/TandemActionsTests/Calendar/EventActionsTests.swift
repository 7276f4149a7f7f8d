import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore
import Testing

@Suite struct EventActionsTests {
    private static let when = TypedTime.wall(
        WallTime(year: 2026, month: 11, day: 9, hour: 10) ?? .earliest)

    @Test func `an event that was added waits under an id of ours`() throws {
        let world = try CalendarWorld()
        var fields = EventFields()
        fields.title = "Pump inspection"
        fields.start = Self.when
        let added = try world.act { actions, _, _ in try actions.add(fields, to: world.work) }
        #expect(added.isDirty && added.base == nil)
        #expect(added.remoteID.map { $0.rawValue.utf8.count >= 5 } == true)
        #expect(added.live?["id"]?.string == added.remoteID?.rawValue)
        #expect(
            try world.agenda("2026-11-09", "2026-11-10") == [
                "2026-11-09T10:00:00+01:00 Pump inspection"
            ])
    }

    @Test func `an event without a time is not added`() throws {
        let world = try CalendarWorld()
        var fields = EventFields()
        fields.title = "Nothing"
        let sealed = fields
        #expect(throws: TandemError.self) {
            try world.act { actions, _, _ in try actions.add(sealed, to: world.work) }
        }
    }

    @Test func `JSON keeps what we do not know and loses what only Google writes`() throws {
        let world = try CalendarWorld()
        var event = Sample.single(
            "chosen0id", "Given", start: "2026-11-09T10:00:00+01:00",
            end: "2026-11-09T11:00:00+01:00")
        event["iCalUID"] = nil
        event["x-unknown"] = ["deep": [1, 2.50]]
        let given = event
        let added = try world.act { actions, _, _ in try actions.add(given, to: world.work) }
        #expect(added.remoteID?.rawValue == "chosen0id")
        #expect(added.live?["x-unknown"] == ["deep": [1, 2.50]])
        #expect(added.live?["etag"] == nil)
        #expect(added.live?["organizer"] == nil)
    }

    @Test func `a calendar that may only be read takes nothing`() throws {
        let world = try CalendarWorld()
        let holidays = try world.store.writeBlocking {
            try CalendarWorld.calendar("Holidays", of: world.ada, access: .read, in: $0)
        }
        var fields = EventFields()
        fields.title = "Mine"
        fields.start = Self.when
        let sealed = fields
        let error = #expect(throws: TandemError.self) {
            try world.act { actions, _, _ in try actions.add(sealed, to: holidays) }
        }
        #expect(error?.code == .denied)
    }

    @Test func `a patch changes what it names and nothing else`() throws {
        let world = try CalendarWorld()
        let event = try world.receive(
            Sample.single(
                "single", "Single", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        let outcome = try world.act { actions, _, find in
            try actions.edit(
                find(event.id.rawValue), .patch(["colorId": "5", "reminders": .null]))
        }
        let before = try #require(event.base)
        let after = try #require(outcome.resource.live)
        #expect(
            after.differences(from: before).map(\.pointer.description).sorted() == [
                "/colorId", "/reminders/useDefault",
            ])
        let sent = try world.store.readBlocking {
            try ItemViews($0).pendingWrite(of: outcome.resource)
        }
        #expect(sent?["body"] == ["colorId": "5", "reminders": .null])
        #expect(sent?["verb"] == "patch")
    }

    @Test(arguments: [
        #"{"id":"other"}"#, #"{"etag":"x"}"#, #"{"iCalUID":"x"}"#, #"{"eventType":"focusTime"}"#,
        #"{"recurringEventId":"x"}"#, #"{"organizer":{"email":"x@example.com"}}"#, "[]", "7",
    ])
    func `what belongs to Google cannot be patched`(patch: String) throws {
        let world = try CalendarWorld()
        try world.receive(
            Sample.single(
                "single", "Single", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        let json = try JSON(parsing: patch)
        let error = #expect(throws: TandemError.self) {
            try world.act { actions, _, find in try actions.edit(find("single"), .patch(json)) }
        }
        #expect(error?.code == .invalid)
    }

    @Test func `the whole event sent back as a patch is taken`() throws {
        let world = try CalendarWorld()
        let event = try world.receive(
            Sample.single(
                "single", "Single", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        var whole = try #require(event.live)
        whole["summary"] = "Renamed"
        let patch = whole
        let outcome = try world.act { actions, _, find in
            try actions.edit(find("single"), .patch(patch))
        }
        #expect(outcome.resource.live?["summary"] == "Renamed")
    }

    @Test func `an answer changes one's own entry among the guests`() throws {
        let world = try CalendarWorld()
        var event = Sample.single(
            "party", "Party", start: "2026-11-09T10:00:00+01:00",
            end: "2026-11-09T11:00:00+01:00")
        event["organizer"] = ["email": "grace@example.com"]
        event["attendees"] = [
            ["email": "grace@example.com", "organizer": true, "responseStatus": "accepted"],
            ["email": "ADA@example.com", "responseStatus": "needsAction", "optional": true],
        ]
        try world.receive(event)
        let outcome = try world.act { actions, _, find in
            try actions.answer(find("party"), InvitationAnswer(.accepted, comment: "Gladly"))
        }
        #expect(
            outcome.resource.live?["attendees"] == [
                ["email": "grace@example.com", "organizer": true, "responseStatus": "accepted"],
                [
                    "email": "ADA@example.com", "responseStatus": "accepted", "optional": true,
                    "comment": "Gladly",
                ],
            ])
        let entry = try world.store.readBlocking { try $0.changes.list().last }
        #expect(entry?.verb == .answered)
    }

    @Test func `who is not invited has nothing to answer`() throws {
        let world = try CalendarWorld()
        try world.receive(
            Sample.single(
                "single", "Single", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        let error = #expect(throws: TandemError.self) {
            try world.act { actions, _, find in
                try actions.answer(find("single"), InvitationAnswer(.declined))
            }
        }
        #expect(error?.code == .notFound)
    }

    @Test func `an event moves into another calendar of its account only`() throws {
        let world = try CalendarWorld()
        try world.receive(
            Sample.single(
                "single", "Single", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        let moved = try world.act { actions, _, find in
            try actions.move(find("single"), to: world.home)
        }
        #expect(moved.collection == world.home.id)
        #expect(moved.movedFrom == world.work.id)
        let foreign = try world.store.writeBlocking { transaction in
            let grace = try transaction.accounts.add(name: "grace", provider: "google")
            return try CalendarWorld.calendar("Main", of: grace, in: transaction)
        }
        #expect(throws: TandemError.self) {
            try world.act { actions, _, find in try actions.move(find("single"), to: foreign) }
        }
    }

    @Test func `a series that was moved keeps its changed instances in view`() throws {
        let world = try CalendarWorld()
        try world.receive(Sample.standup)
        try world.receive(
            Sample.exception(
                slot: "20261102T090000Z", original: "2026-11-02T10:00:00+01:00", "Changed",
                start: "2026-11-02T15:00:00+01:00", end: "2026-11-02T15:30:00+01:00"))
        _ = try world.act { actions, _, find in
            try actions.move(find("standup"), to: world.home)
        }
        #expect(
            try world.agenda("2026-11-02", "2026-11-10") == [
                "2026-11-02T15:00:00+01:00 Changed", "2026-11-09T10:00:00+01:00 Standup",
            ])
    }

    @Test func `only ordinary events and whole series move`() throws {
        let world = try CalendarWorld()
        try world.receive(Sample.standup)
        var focus = Sample.single(
            "focus", "Focus", start: "2026-11-09T10:00:00+01:00",
            end: "2026-11-09T11:00:00+01:00")
        focus["eventType"] = "focusTime"
        try world.receive(focus)
        for id in ["standup_20261109T090000Z", "focus"] {
            let error = #expect(throws: TandemError.self) {
                try world.act { actions, _, find in try actions.move(find(id), to: world.home) }
            }
            #expect(error?.code == .invalid)
        }
    }

    @Test func `a deleted event is gone from view and waits to be sent`() throws {
        let world = try CalendarWorld()
        let event = try world.receive(
            Sample.single(
                "single", "Single", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        let outcome = try world.act { actions, _, find in
            try actions.delete(find("single"))
        }
        #expect(outcome.resource.local == .deleted)
        #expect(try world.agenda("2026-11-09", "2026-11-10").isEmpty)
        let item = try world.store.readBlocking { try ItemViews($0).item(outcome.resource) }
        #expect(item["deleted"] == true)
        #expect(item["state"] == "dirty")
        #expect(item["id"]?.string == event.id.rawValue)
        #expect(throws: TandemError.self) {
            try world.act { actions, _, find in try actions.delete(find("single")) }
        }
    }

    @Test func `guests are named before they are mailed, and only if mail was asked for`() throws {
        let world = try CalendarWorld()
        var event = Sample.single(
            "party", "Party", start: "2026-11-09T10:00:00+01:00",
            end: "2026-11-09T11:00:00+01:00")
        event["attendees"] = [
            ["email": "bob@example.com", "responseStatus": "accepted"],
            ["email": "ada@example.com", "self": true, "organizer": true],
        ]
        try world.receive(event)
        let zone = try ZoneRules.named("Europe/Paris")
        for (mailing, mailed) in [(SendUpdates.none, []), (.all, ["bob@example.com"])] {
            let addresses = try world.store.writeBlocking { transaction in
                let run = try transaction.runs.start("test")
                let actions = EventActions(
                    transaction, run: run.id, viewer: zone, sendUpdates: mailing)
                let outcome = try actions.edit(
                    try ItemLookup(transaction).find("party"),
                    .patch(["location": .string("Room \(mailing)")]))
                return try ItemViews(transaction).notified(by: outcome.resource)
            }
            #expect(addresses == mailed)
        }
    }

    @Test func `a move names every guest, and only if mail was asked for it`() throws {
        let world = try CalendarWorld()
        var event = Sample.single(
            "party", "Party", start: "2026-11-09T10:00:00+01:00",
            end: "2026-11-09T11:00:00+01:00")
        event["attendees"] = [
            ["email": "Bob@example.com", "responseStatus": "accepted"],
            ["email": "ada@example.com", "self": true, "organizer": true],
            ["email": "carol@example.com"],
            ["email": "room@resource.calendar.google.com", "resource": true],
        ]
        try world.receive(event)
        let everybody = ["bob@example.com", "carol@example.com"]
        let told = try world.mailing(.all) { actions, find in
            try actions.edit(find("party"), .patch(["location": "Room 7"])).resource
        }
        #expect(told.addresses == everybody)
        // The engine's part: Google has the edit.
        let base = told.resource.live
        try world.store.writeBlocking { transaction in
            var row = told.resource
            row.base = base
            row.local = .unchanged
            row.acknowledgedEdit = row.editNumber
            try transaction.resources.update(row)
        }
        let silent = try world.mailing(.none) { actions, find in
            try actions.move(find("party"), to: world.home)
        }
        #expect(silent.resource.sendUpdates == .none && silent.addresses.isEmpty)
        let back = try world.mailing(.all) { actions, find in
            try actions.move(find("party"), to: world.work)
        }
        #expect(!back.resource.isDirty && back.addresses.isEmpty)
        let aloud = try world.mailing(.all) { actions, find in
            try actions.move(find("party"), to: world.home)
        }
        #expect(aloud.resource.sendUpdates == .all && aloud.addresses == everybody)
    }
}
