import LosslessJSON
import TandemCore
import TandemStore
import Testing

@testable import TandemActions

/// What is deleted here and not at Google yet can be had back, and says how.
@Suite struct DeletedEventTests {
    private static let slot = "standup_20261109T090000Z"

    private func world() throws -> CalendarWorld {
        let world = try CalendarWorld()
        try world.receive(Sample.standup)
        try world.receive(
            Sample.single(
                "single", "Single", start: "2026-11-09T10:00:00+01:00",
                end: "2026-11-09T11:00:00+01:00"))
        return world
    }

    /// What the ways of touching an event say of it.
    private func refusals(of id: String, in world: CalendarWorld) throws -> [TandemError?] {
        let actions: [(EventActions, (String) throws -> ItemReference) throws -> EditOutcome] = [
            { try $0.edit($1(id), .patch(["summary": "New"])) },
            { try $0.answer($1(id), InvitationAnswer(.accepted)) },
            { try $0.delete($1(id)) },
        ]
        return actions.map { action in
            #expect(throws: TandemError.self) {
                try world.act { actions, _, find in _ = try action(actions, find) }
            }
        }
    }

    @Test(
        arguments: [
            ("single", "single", "event"), ("standup", "standup", "event"),
            ("standup", slot, "series"), (slot, slot, "instance"),
        ])
    func `the remedy is to drop the delete`(deleted: String, named: String, what: String) throws {
        let world = try world()
        let gone = try world.act { actions, _, find in
            try actions.delete(find(deleted)).resource
        }
        #expect(gone.waitsToBeDeleted)
        for error in try refusals(of: named, in: world) {
            #expect(error?.code == .notFound)
            #expect(error?.message.contains("The \(what) is deleted here") == true)
            #expect(error?.remedy == "Bring it back: tandem queue drop \(gone.id)")
        }
    }

    @Test func `what was never sent is gone for good`() throws {
        let world = try world()
        let made = try world.act { actions, _, _ in
            let made = try actions.add(
                ["summary": "N", "start": ["date": "2026-11-09"], "end": ["date": "2026-11-10"]],
                to: world.work)
            return try actions.delete(.resource(made)).resource
        }
        #expect(!made.waitsToBeDeleted)
        for error in try refusals(of: made.id.rawValue, in: world) {
            #expect(error?.remedy?.contains("queue drop") == false)
        }
    }

    @Test func `what is there does not wait to be deleted`() throws {
        let world = try world()
        let edited = try world.act { actions, _, find in
            try actions.edit(find("single"), .patch(["summary": "New"])).resource
        }
        #expect(!edited.waitsToBeDeleted)
    }
}
