import LosslessJSON
import TandemCore
import TandemFeed
import TandemStore
import TandemSync
import TandemTesting
import Testing

/// What the feed tells of what really happens: each change once, and nothing else.
@Suite struct EngineTests {
    private func world(_ count: Int = 4, in collections: [String] = ["work"]) async throws
        -> NoteWorld
    {
        try await NoteWorld(
            collections: collections,
            (1...count).map { ("n\($0)", ["title": .string("note \($0)"), "home": "work"]) })
    }

    /// A series of three slots, the second and third of them exceptions.
    private func worldOfSeries(in collections: [String] = ["work"]) async throws -> NoteWorld {
        try await NoteWorld(
            collections: collections,
            [
                ("s", ["title": "weekly", "slots": ["1", "2", "3"], "home": "work"]),
                ("s_2", ["title": "two", "seriesId": "s", "slot": "2", "home": "work"]),
                ("s_3", ["title": "three", "seriesId": "s", "slot": "3", "home": "work"]),
                ("other", ["title": "other"]),
            ])
    }

    @Test func `a first reading is one activity a collection`() async throws {
        let world = try await world(7)
        let all = try await world.store.activities()
        #expect(all.map(\.verb) == [.listed])
        #expect(all[0].count == 7 && all[0].title == "work" && all[0].item == nil)
    }

    @Test func `new etags alone are nothing, a hundred times`() async throws {
        let world = try await world(100)
        let told = try await world.activities {
            for _ in 0..<3 {
                world.provider.churn()
                try await world.sync()
            }
            world.provider.churn()
            try await world.sync(full: true)
        }
        #expect(told.isEmpty)
    }

    @Test func `an own edit is one local activity, its push and its echo none`() async throws {
        let world = try await world()
        let edited = try await world.activities {
            try await world.edit("n1", ["title": "ours", "x": 1])
        }
        #expect(edited.map(\.verb) == [.updated] && edited.map(\.origin) == [.local])
        #expect(
            edited[0].changes == [
                FieldChange(field: "title", before: "note 1", after: "ours"),
                FieldChange(field: "x", before: nil, after: 1),
            ])
        #expect(
            edited[0].actor
                == ChangeActor(name: "ada", email: "ada@example.com", certainty: .known))
        let synced = try await world.activities {
            for _ in 0..<2 { #expect(try await world.sync().attention == nil) }
            try await world.sync(full: true)
        }
        #expect(synced.isEmpty)
    }

    @Test func `what is made, deleted and taken back here is told once each`() async throws {
        let world = try await world()
        let told = try await world.activities {
            try await world.create(["id": "new", "title": "new"])
            try await world.sync()
            try await world.edit("n1", ["title": "ours"])
            try await world.takeBack("n1")
            try await world.delete("n2")
            try await world.sync()
            try await world.sync()
        }
        #expect(told.map(\.verb) == [.created, .updated, .updated, .deleted])
        #expect(told.allSatisfy { $0.origin == .local })
        guard case .operation? = told.last?.cause else {
            Issue.record("no cause: \(told)")
            return
        }
    }

    @Test func `somebody else's change is one remote activity with its values`() async throws {
        let world = try await world()
        let told = try await world.activities {
            world.patch(
                "n1", ["title": "theirs", "body": .string(String(repeating: "x", count: 8192))])
            for _ in 0..<2 { try await world.sync() }
        }
        #expect(told.map(\.verb) == [.updated] && told[0].origin == .remote)
        #expect(told[0].changes.map(\.field) == ["title", "body"])
        #expect(told[0].changes[0].before == "note 1" && told[0].changes[0].after == "theirs")
        #expect(told[0].changes[1].after?.string?.count == 8192)
        #expect(told[0].actor == .unknown && told[0].title == "theirs")
    }

    @Test func `who did it is told as surely as it is known`() async throws {
        let world = try await NoteWorld([
            ("kept", ["title": "kept", "keeper": "bob@example.com", "mine": 1]),
            ("other", ["title": "other"]),
        ])
        let told = try await world.activities {
            world.put("made", ["title": "made", "author": "carol@example.com"])
            world.patch("kept", ["title": "renamed"])
            try await world.sync()
            // One's own part may have been changed by anybody of the account.
            world.patch("kept", ["title": "again", "mine": 2])
            try await world.sync()
        }
        let actors = Dictionary(grouping: told, by: \.title).mapValues { $0.map(\.actor) }
        #expect(actors["made"] == [ChangeActor(email: "carol@example.com", certainty: .known)])
        #expect(actors["renamed"] == [ChangeActor(email: "bob@example.com", certainty: .inferred)])
        #expect(actors["again"] == [.unknown])
    }

    @Test func `every delete tells its cause`() async throws {
        let world = try await world(9)
        let told = try await world.activities {
            world.remove("n1")
            try await world.sync()
            world.provider.lose(RemoteID(rawValue: "n2"), in: NoteWorld.work)
            try await world.sync(full: true)
            try await world.delete("n3")
            try await world.sync()
        }
        #expect(told.allSatisfy { $0.verb == .deleted })
        #expect(told.map(\.cause?.text.first) == ["t", "s", "o"])
    }

    @Test func `an answer is told as one, wherever it was given, with who gave it`() async throws {
        func answer(_ bob: JSON, _ ada: JSON) -> JSON {
            [
                "people": [
                    ["email": "bob@example.com", "answer": bob],
                    ["email": "ada@example.com", "self": true, "answer": ada],
                ]
            ]
        }
        let world = try await NoteWorld([
            ("n1", answer("none", "none").merging(["title": "party"])), ("n2", ["title": "other"]),
        ])
        let told = try await world.activities {
            world.patch("n1", answer("yes", "none"))
            try await world.sync()
            try await world.edit("n1", answer("yes", "no"))
            try await world.sync()
            world.patch("n1", answer("maybe", "yes"))
            try await world.sync()
            world.patch("n1", answer("no", "yes").merging(["title": "late"]))
            try await world.sync()
        }
        #expect(told.map(\.verb) == [.answered, .answered, .answered, .updated])
        #expect(told.map(\.origin) == [.remote, .local, .remote, .remote])
        #expect(told[0].actor == ChangeActor(email: "bob@example.com", certainty: .inferred))
        #expect(told[1].actor.certainty == .known)
        #expect(told[2].actor == .unknown)
        #expect(told[0].changes.map(\.field) == ["people"])
    }

    @Test func `a clash is told as what it did, and the refused part as taken back`() async throws {
        let world = try await world()
        let clash = try await world.activities {
            try await world.edit("n1", ["title": "ours"])
            world.patch("n1", ["title": "theirs"])
            #expect(try await world.sync().attention == .conflicts)
        }
        #expect(clash.map(\.origin) == [.local, .remote])
        #expect(
            clash[1].changes == [FieldChange(field: "title", before: "ours", after: "theirs")])
        let kept = try await NoteWorld([
            ("n1", ["title": "theirs", "keeper": "bob", "mine": 1]), ("n2", ["title": "x"]),
        ])
        let refusal = try await kept.activities {
            try await kept.edit("n1", ["title": "ours", "mine": 2])
            kept.provider.injectForPush(.init(RemoteError(.forbidden, "Not yours.")))
            #expect(try await kept.sync().attention == .conflicts)
        }
        #expect(refusal.map(\.origin) == [.local, .remote])
        #expect(
            refusal[1].changes == [FieldChange(field: "title", before: "ours", after: "theirs")])
        #expect(refusal[1].actor.name == "bob")
    }

    @Test func `a move made here is one activity, and so is taking it back`() async throws {
        let world = try await worldOfSeries(in: ["work", "home"])
        let back = try await world.activities {
            try await world.move("s", to: NoteWorld.home)
            try await world.takeBack("s", in: NoteWorld.home)
        }
        #expect(back.map(\.verb) == [.moved, .moved])
        #expect(back[1].changes.first?.after?["name"] == "work")
        let told = try await world.activities {
            try await world.move("s", to: NoteWorld.home)
            for _ in 0..<2 { #expect(try await world.sync().attention == nil) }
        }
        #expect(told.map(\.verb) == [.moved] && told[0].origin == .local)
        #expect(told[0].collection.name == "home")
        #expect(told[0].changes.map { $0.before?["name"] } == ["work"])
    }

    @Test(arguments: [["work", "home"], ["home", "work"]])
    func `a move made there is one activity, whichever side is read first`(
        order: [String]
    ) async throws {
        let world = try await worldOfSeries(in: order)
        let told = try await world.activities {
            for id in ["s", "s_2", "s_3"] {
                var note = try await world.note(id).live ?? [:]
                note["home"] = "home"
                world.put(id, note, in: NoteWorld.home)
                world.remove(id)
            }
            for _ in 0..<2 { #expect(try await world.sync().attention == nil) }
        }
        #expect(told.map(\.verb) == [.moved] && told.map(\.title) == ["weekly"])
        #expect(told.first?.origin == .remote && told.first?.cause == nil)
        #expect(try await world.note("s_3", in: NoteWorld.home).live?["title"] == "three")
    }

    @Test func `many things that go elsewhere are no mass delete`() async throws {
        let world = try await world(60, in: ["work", "home"])
        let told = try await world.activities {
            for number in 1...60 {
                world.put(
                    "n\(number)", ["title": .string("note \(number)"), "home": "home"],
                    in: NoteWorld.home)
                world.remove("n\(number)")
            }
            let report = try await world.sync()
            #expect(report.attention == nil)
            #expect(report.collections.map(\.pulled.updated) == [0, 60])
            #expect(report.collections.allSatisfy { $0.pulled.deleted == 0 && $0.held == 0 })
        }
        #expect(told.count == 60 && told.allSatisfy { $0.verb == .moved })
    }

    @Test func `a series that is deleted there goes once, each exception once`() async throws {
        let world = try await worldOfSeries()
        let told = try await world.activities {
            for id in ["s", "s_2", "s_3"] { world.remove(id) }
            #expect(try await world.sync().collections[0].pulled.deleted == 3)
            try await world.sync()
        }
        #expect(told.map(\.title).sorted() == ["three", "two", "weekly"])
        #expect(told.allSatisfy { $0.verb == .deleted && $0.cause == .tombstone })
    }

    @Test func `a series that is deleted here is one activity, also once it is sent`() async throws
    {
        let world = try await worldOfSeries()
        let told = try await world.activities {
            try await world.delete("s")
            for _ in 0..<2 { try await world.sync() }
        }
        #expect(told.map(\.title) == ["weekly"] && told[0].verb == .deleted)
        // The log has the exceptions, too: every delete is to be found there.
        let log = try await world.store.read { try $0.changes.list() }
        #expect(log.filter { $0.verb == .deleted }.count == 3)
        #expect(log.allSatisfy { $0.origin == .remote || $0.actor.certainty == .known })
    }

    @Test func `a delete that somebody's edit overrules is restored`() async throws {
        let world = try await world()
        let told = try await world.activities {
            try await world.delete("n1")
            world.patch("n1", ["title": "theirs"])
            try await world.sync()
        }
        #expect(told.map(\.verb) == [.deleted, .restored])
        #expect(told.map(\.origin) == [.local, .remote])
    }
}
