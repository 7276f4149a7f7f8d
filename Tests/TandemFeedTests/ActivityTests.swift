import LosslessJSON
import TandemCore
import TandemFeed
import TandemStore
import TandemTesting
import Testing

/// What an entry of the log becomes.
@Suite struct ActivityTests {
    private static let members = [
        "id", "when", "verb", "kind", "item", "title", "actor", "origin", "changes", "account",
        "collection", "cause", "run", "count",
    ]

    @Test func `an entry becomes an activity with names instead of ids`() async throws {
        let world = try await FeedWorld()
        let bob = ChangeActor(name: "Bob", email: "bob@example.com", certainty: .inferred)
        let change = FieldChange(field: "title", before: "A", after: "B")
        try await world.append(
            world.entry(.updated, "B", actor: bob, changes: [change], run: world.world.run))
        let activity = try #require(try await world.activities().first)
        #expect(activity.verb == .updated && activity.kind == NoteRules.kind)
        #expect(activity.item == ResourceID(rawValue: "r") && activity.title == "B")
        #expect(activity.actor == bob && activity.origin == .remote)
        #expect(activity.changes == [change] && activity.when == world.clock.now())
        #expect(activity.account == "ada" && activity.run == world.world.run)
        #expect(activity.collection.id == world.world.work.id)
        #expect(activity.collection.name == "Work")
        #expect(activity.cause == nil && activity.count == nil)
    }

    @Test func `as JSON an activity has every member, null where it has no value`() async throws {
        let world = try await FeedWorld()
        try await world.append(
            world.entry(.listed, "Work"), world.entry(.deleted),
            world.entry(changes: [FieldChange(field: "title", before: nil, after: "B")]))
        let all = try await world.activities()
        let lines = all.map(\.json)
        #expect(lines.allSatisfy { $0.object?.keys == Self.members })
        #expect(lines[0]["item"] == .some(.null) && lines[0]["count"] == 12)
        #expect(lines[0]["cause"] == .some(.null) && lines[0]["changes"] == [])
        #expect(lines[1]["cause"] == "tombstone" && lines[1]["item"] == "r")
        #expect(lines[2]["changes"] == [["field": "title", "before": .null, "after": "B"]])
        #expect(
            lines[2]["actor"] == ["name": .null, "email": .null, "certainty": "unknown"])
        #expect(lines[2]["id"]?.string == all[2].id.text)
        #expect(lines[2]["collection"]?["name"] == "Work" && lines[2]["account"] == "ada")
        #expect(lines[2]["when"] == "2026-11-02T08:00:00.000Z")
    }

    @Test func `a value is told whole, however long it is`() async throws {
        let world = try await FeedWorld()
        let text = JSON.string(String(repeating: "é\u{1B}[31m", count: 8192))
        try await world.append(
            world.entry(changes: [FieldChange(field: "body", before: nil, after: text)]))
        #expect(try await world.activities().first?.json["changes"]?[0]?["after"] == text)
    }

    @Test func `a move tells both collections by name, also one that is gone`() async throws {
        let world = try await FeedWorld()
        let work = world.world.work.id
        let gone = CollectionID(rawValue: "gone")
        try await world.append(world.entry(.moved, changes: [.place(from: gone, to: work)]))
        let change = try #require(try await world.activities().first?.changes.first)
        #expect(change.before == ["id": "gone", "name": ""])
        #expect(change.after == ["id": .string(work.rawValue), "name": "Work"])
    }

    @Test func `a part that is called like a place is none`() async throws {
        let world = try await FeedWorld()
        let part = FieldChange(field: FieldChange.placeName, before: "x", after: "y")
        let move = FieldChange.place(from: world.world.work.id, to: CollectionID(rawValue: "c"))
        try await world.append(
            world.entry(.updated, changes: [part]), world.entry(.updated, changes: [move]))
        let changes = try await world.activities().flatMap(\.changes)
        #expect(changes[0] == part)
        #expect(changes[1].before?["name"] == "Work")
    }

    @Test func `what only carries out an edit is none, what belongs to it is`() async throws {
        let world = try await FeedWorld()
        let (edit, sync) = (RunID(rawValue: "edit"), RunID(rawValue: "sync"))
        try await world.append(
            world.entry(.deleted, "series", origin: .local, run: edit, operation: "o"),
            world.entry(.created, "later", origin: .local, run: edit, operation: "o"),
            world.entry(.deleted, "exception", origin: .local, run: sync, operation: "o"),
            world.entry(.updated, "theirs", origin: .remote, run: sync, operation: "o"),
            world.entry(.updated, "other", origin: .local, run: sync, operation: "p"),
            world.entry(.updated, "none", origin: .local, run: sync))
        let titles = ["series", "later", "theirs", "other", "none"]
        #expect(try await world.activities().map(\.title) == titles)
        #expect(try await world.latest(9).map(\.title) == titles.reversed())
    }
}
