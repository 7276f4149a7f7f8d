import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    static let resourceChecks: [Check] = [
        Check("a resource comes back as it was written, its base byte for byte") {
            world async throws in
            let text = #"{ "id":"n1",  "x":1.50e+02, "title":"a\/b\u00e9", "z":{"k":[ ]} }"#
            let work = world.work
            let inserted = try await world.store.write { transaction throws in
                try transaction.resources.insert(
                    ResourceDraft(
                        remoteID: RemoteID(rawValue: "n1"), baseBytes: Array(text.utf8),
                        etag: ETag(rawValue: "\"7\""), generation: 3), into: work)
            }
            #expect(try await world.reread(inserted) == inserted)
            #expect(inserted.baseBytes == Array(text.utf8))
            #expect(inserted.live?["x"]?.number?.text == "1.50e+02")
            let elsewhere = try await world.collection("elsewhere")
            let changed = everyMember(of: inserted, movedFrom: elsewhere.id, run: world.run)
            let updated = try await world.store.write { try $0.resources.update(changed) }
            let found = try await world.reread(inserted)
            #expect(found == updated)
            #expect(found.local == changed.local)
            #expect(found.hold == .conflict && found.pendingDelete == changed.pendingDelete)
            #expect(found.movedFrom == elsewhere.id && found.deletedAt == nil)
            #expect(found.baseBytes == Array(text.utf8))
        },
        Check("a first listing's rows look like any others") { world async throws in
            let bytes = Array(#"{"id":"n1","title":"Pump","from":5,"to":9,"etag":"3"}"#.utf8)
            let work = world.work
            let id = try await world.store.write { transaction throws in
                try transaction.resources.insertBase(
                    bytes: bytes, remoteID: RemoteID(rawValue: "n1"), etag: ETag(rawValue: "3"),
                    projection: NoteRules().projection(of: try JSON(parsing: bytes)),
                    generation: 2, into: work)
            }
            let listed = try await world.store.read { transaction throws in
                try transaction.resources.list(
                    ResourceFilter(kinds: [NoteRules.kind], from: 8, to: 9, words: "pum"))
            }
            #expect(listed.map(\.id) == [id].compactMap { $0 })
            #expect(listed.first?.baseBytes == bytes && listed.first?.generation == 2)
            #expect(listed.first?.etag == ETag(rawValue: "3"))
            #expect(listed.first?.projection.span == 5..<9)
            #expect(listed.first?.isDirty == false)
        },
        Check("a page that comes twice changes nothing") { world async throws in
            let first = try await world.pull("n1", ["title": "first"])
            let work = world.work
            let again = try await world.store.write { transaction throws in
                try transaction.resources.insertBase(
                    bytes: Array(#"{"id":"n1","title":"second"}"#.utf8),
                    remoteID: RemoteID(rawValue: "n1"), etag: nil,
                    projection: Projection(title: "second"), generation: 2, into: work)
            }
            #expect(again == nil)
            #expect(try await world.reread(first) == first)
            let found = try await world.store.read {
                try $0.resources.list(ResourceFilter(words: "second")).count
            }
            #expect(found == 0)
        },
        Check("two resources of a collection never share a remote id") { world async throws in
            try await world.pull("n1")
            await expectFailure(.constraint) { try await world.pull("n1") }
            let second = try await world.pull("n2")
            await expectFailure(.constraint) {
                try await world.update(second) { $0.remoteID = RemoteID(rawValue: "n1") }
            }
        },
        Check("a resource without any version is refused") { world async throws in
            let note = try await world.pull("n1")
            await expectFailure(.constraint) { try await world.update(note) { $0.base = nil } }
            await expectFailure(.constraint) {
                try await world.update(note) { $0.acknowledgedEdit = 5 }
            }
            #expect(try await world.reread(note) == note)
        },
        Check("what is gone keeps its name and its words until it is forgotten") {
            world async throws in
            let note = try await world.pull("n1", ["body": "needle"])
            let gone = try await world.update(note) {
                $0.deletedAt = Timestamp(milliseconds: 1_000)
            }
            #expect(gone.live == nil && gone.projection.title == "n1")
            try await world.store.write { transaction throws in
                let all = ResourceFilter(words: "needle", includesDeleted: true)
                #expect(try transaction.resources.list(ResourceFilter(words: "needle")).isEmpty)
                #expect(try transaction.resources.list(all).count == 1)
                #expect(
                    try transaction.resources.purge(deletedBefore: .init(milliseconds: 1_000))
                        == 0)
                #expect(
                    try transaction.resources.purge(deletedBefore: .init(milliseconds: 1_001))
                        == 1)
                #expect(try transaction.resources.list(all).isEmpty)
            }
        },
        Check("removed instances are kept as long as their series") { world async throws in
            let series = try await world.pull("s", ["slots": ["a"], "from": 1])
            let instance = try await world.pull("s_a", ["seriesId": "s", "slot": "a"])
            try await world.update(instance) { $0.deletedAt = Timestamp(milliseconds: 1) }
            try await world.store.write { transaction throws in
                let horizon = Timestamp(milliseconds: 10)
                #expect(try transaction.resources.purge(deletedBefore: horizon) == 0)
                try transaction.resources.delete(series.id)
                #expect(try transaction.resources.purge(deletedBefore: horizon) == 1)
            }
        },
    ]

    private static func everyMember(
        of note: StoredResource, movedFrom: CollectionID, run: RunID
    ) -> StoredResource {
        var changed = note
        changed.etag = ETag(rawValue: "\"8\"")
        changed.local = .edited(["id": "n1", "title": "here", "from": 1, "to": 1])
        changed.editNumber = 9
        changed.acknowledgedEdit = 8
        changed.sendUpdates = .external
        changed.operation = OperationID(rawValue: "op")
        changed.run = run
        changed.hold = .conflict
        changed.parkedUntil = Timestamp(milliseconds: 1)
        changed.pushRounds = 4
        changed.movedFrom = movedFrom
        changed.pendingDelete = PendingDelete(cause: .sweep, run: run)
        changed.missingSince = Timestamp(milliseconds: 2)
        changed.generation = 5
        return changed
    }

    static let nameChecks: [Check] = [
        Check("a resource is found by its present and its former remote ids") {
            world async throws in
            let note = try await world.pull("old")
            try await world.update(note) { $0.remoteID = RemoteID(rawValue: "new") }
            let work = world.work.id
            try await world.store.read { transaction throws in
                for name in ["old", "new"] {
                    let found = try transaction.resources.find(
                        remoteID: RemoteID(rawValue: name), in: work)
                    #expect(found?.id == note.id && found?.remoteID?.rawValue == "new")
                    #expect(try transaction.resources.resolve(anyID: name)?.id == note.id)
                }
            }
            let other = try await world.pull("old", ["title": "newcomer"])
            let found = try await world.store.read {
                try $0.resources.find(remoteID: RemoteID(rawValue: "old"), in: work)
            }
            #expect(found?.id == other.id)
        },
        Check("a moved resource is found where it was and where it is") { world async throws in
            let play = try await world.collection("play")
            let note = try await world.pull("n1")
            let (run, work) = (world.run, world.work.id)
            try await world.store.write { transaction throws in
                let moved = try transaction.moveLocally(note, to: play, run: run)
                let id = RemoteID(rawValue: "n1")
                #expect(try transaction.resources.find(remoteID: id, in: work) == moved)
                #expect(try transaction.resources.find(remoteID: id, in: play.id) == moved)
                #expect(try transaction.resources.matches(anyID: "n1") == [moved])
                #expect(try transaction.resources.movingOut(of: work) == [moved])
            }
        },
        Check("our own id is found, and an unknown one is not") { world async throws in
            let note = try await world.pull("n1")
            try await world.store.read { transaction throws in
                #expect(try transaction.resources.resolve(anyID: note.id.rawValue) == note)
                for unknown in ["", "n2", "%", "' OR 1=1 --"] {
                    #expect(try transaction.resources.resolve(anyID: unknown) == nil)
                }
            }
        },
        Check("one remote id in two collections is ambiguous while both are there") {
            world async throws in
            let play = try await world.collection("play")
            let first = try await world.pull("n1")
            let second = try await world.pull("n1", into: play)
            try await world.store.read { transaction throws in
                #expect(throws: TandemError.self) { try transaction.resources.resolve(anyID: "n1") }
                #expect(
                    try transaction.resources.matches(anyID: "n1").map(\.id)
                        == [first.id, second.id].sorted())
            }
            try await world.update(first) { $0.deletedAt = Timestamp(milliseconds: 1) }
            let found = try await world.store.read { try $0.resources.resolve(anyID: "n1") }
            #expect(found?.id == second.id)
        },
        Check("copies are found by the id they share everywhere") { world async throws in
            let play = try await world.collection("play")
            let first = try await world.pull("n1", ["uid": "shared"])
            let second = try await world.pull("n2", ["uid": "shared"], into: play)
            try await world.pull("n3", ["uid": "other"])
            let found = try await world.store.read { try $0.resources.find(globalID: "shared") }
            #expect(found.map(\.id) == [first.id, second.id].sorted())
        },
    ]
}
