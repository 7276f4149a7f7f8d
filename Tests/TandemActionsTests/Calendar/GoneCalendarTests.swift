import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import Testing

/// What can be done with events of a calendar that is gone at Google.
@Suite struct GoneCalendarTests {
    /// A world whose calendar `work` holds a series and a single event, and is gone.
    private func world() throws -> CalendarWorld {
        let world = try CalendarWorld()
        try world.receive(Sample.standup)
        try world.receive(
            Sample.single(
                "once", "Once", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        try world.store.writeBlocking { transaction in
            var work = try #require(try transaction.collections.find(world.work.id))
            work.isGone = true
            try transaction.collections.update(work)
        }
        return world
    }

    @Test(arguments: ["move", "edit", "answer", "delete", "edit one", "delete one"])
    func `every change is refused with what can be done instead`(change: String) throws {
        let world = try world()
        let error = try #require(
            #expect(throws: TandemError.self) {
                try world.act { actions, _, find in
                    let (once, one) = (try find("once"), try find("standup_20261102T090000Z"))
                    switch change {
                    case "move": _ = try actions.move(once, to: world.home)
                    case "edit": _ = try actions.edit(once, .patch(["location": "Here"]))
                    case "answer": _ = try actions.answer(once, InvitationAnswer(.accepted))
                    case "delete": _ = try actions.delete(once)
                    case "edit one": _ = try actions.edit(one, .patch(["location": "Here"]))
                    default: _ = try actions.delete(one)
                    }
                }
            })
        #expect(error.code == .denied)
        #expect(error.message.contains("'Work' is gone at Google"))
        #expect(error.remedy?.contains("tandem events add --calendar NAME --data JSON") == true)
        #expect(error.remedy?.contains("tandem events get ") == true)
        #expect(error.remedy?.contains("queue drop") == false)
    }

    @Test func `what waits there can be given up, and the remedy says so`() throws {
        let world = try CalendarWorld()
        let made = try world.act { actions, _, _ in
            try actions.add(
                [
                    "summary": "New", "start": ["date": "2026-11-09"],
                    "end": ["date": "2026-11-10"],
                ], to: world.work)
        }
        try world.store.writeBlocking { transaction in
            var work = try #require(try transaction.collections.find(world.work.id))
            work.isGone = true
            try transaction.collections.update(work)
        }
        let error = #expect(throws: TandemError.self) {
            try world.act { actions, _, find in
                _ = try actions.edit(find(made.id.rawValue), .patch(["location": "Here"]))
            }
        }
        #expect(error?.remedy?.contains("tandem queue drop \(made.id)") == true)
    }
}
