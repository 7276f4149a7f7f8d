import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    static let deleteChecks: [Check] = [
        Check("a delete of what was pushed waits, with its cause in the log") {
            world async throws in
            let note = try await world.pull("n1", ["title": "old"])
            let deleted = try await world.delete(note)
            #expect(deleted.local == .deleted && deleted.live == nil && deleted.deletedAt == nil)
            #expect(deleted.base == note.base && deleted.isDirty && deleted.editNumber == 1)
            let entry = try #require(try await world.log().last)
            #expect(entry.verb == .deleted && entry.before == note.live && entry.after == nil)
            #expect(entry.cause == deleted.operation.map(DeleteCause.operation))
            #expect(entry.title == "old")
            await expectDomainFailure(.notFound) { try await world.delete(deleted) }
            #expect(try await world.log().count == 1)
        },
        Check("a delete of what was never sent is done at once") { world async throws in
            let deleted = try await world.delete(try await world.create(["title": "x"]))
            #expect(deleted.deletedAt != nil && !deleted.isDirty)
            let work = world.work.id
            try await world.store.read { transaction throws in
                #expect(try transaction.resources.dirty(in: work).isEmpty)
                #expect(try transaction.resources.list().isEmpty)
            }
        },
        Check("a delete of what is being sent waits for the answer") { world async throws in
            let note = try await world.create(["title": "x"])
            try await world.announce(note, verb: .create, outcome: .unknown)
            let deleted = try await world.delete(note)
            #expect(deleted.deletedAt == nil && deleted.local == .deleted && deleted.isDirty)
        },
        Check("a delete settles conflicts, and agrees with a remote delete") { world async throws in
            for (field, isGone) in [
                ("title", false), (ConflictRecord.delete, true), (ConflictRecord.slot, true),
            ] {
                let pulled = try await world.pull(field)
                let note = try await world.edit(pulled, ["body": "edited"])
                try await world.store.write { transaction throws in
                    _ = try transaction.conflicts.add(
                        resource: note.id, field: field, mine: "a", theirs: nil, base: nil)
                }
                let clashing = try await world.update(note) { $0.hold = .conflict }
                let deleted = try await world.delete(clashing)
                #expect((deleted.deletedAt != nil) == isGone, "\(field)")
                #expect(deleted.hold == nil)
                let open = try await world.store.read { try $0.conflicts.open(for: note.id) }
                #expect(open.isEmpty)
            }
            let all = try await world.store.read { try $0.conflicts.list(includesResolved: true) }
            #expect(all.map(\.resolution) == [.moot, .moot, .moot])
        },
    ]

    static let moveChecks: [Check] = [
        Check("a move remembers where the remote copy is, and moving back forgets it") {
            world async throws in
            let play = try await world.collection("play")
            let third = try await world.collection("third")
            let note = try await world.pull("n1")
            let moved = try await world.move(note, to: play)
            #expect(moved.collection == play.id && moved.movedFrom == world.work.id)
            #expect(moved.isDirty && moved.local == .unchanged && moved.editNumber == 1)
            #expect(try await world.move(moved, to: play) == moved)
            let further = try await world.move(moved, to: third)
            #expect(further.collection == third.id && further.movedFrom == world.work.id)
            let back = try await world.move(further, to: world.work)
            #expect(back.movedFrom == nil && !back.isDirty)
            #expect(back.acknowledgedEdit == back.editNumber)
            let log = try await world.log()
            #expect(log.map(\.verb) == [.moved, .moved, .moved])
            #expect(
                log[0].changes == [
                    FieldChange(
                        field: "collection", before: .string(world.work.id.rawValue),
                        after: .string(play.id.rawValue))
                ])
        },
        Check("a move of what was never sent leaves nothing behind") { world async throws in
            let play = try await world.collection("play")
            let note = try await world.create(["title": "x"])
            let moved = try await world.move(note, to: play)
            #expect(moved.movedFrom == nil && moved.collection == play.id)
            try await world.announce(moved, verb: .create)
            let again = try await world.move(moved, to: world.work)
            #expect(again.movedFrom == play.id)
        },
        Check("a move is refused where it cannot be pushed") { world async throws in
            let readOnly = try await world.collection("r", access: .read)
            let note = try await world.pull("n1")
            await expectDomainFailure(.denied) { try await world.move(note, to: readOnly) }
            let theirs = try await world.pull("n2", into: readOnly)
            await expectDomainFailure(.denied) { try await world.move(theirs, to: world.work) }
            let foreign = try await world.store.write { transaction throws in
                let bob = try transaction.accounts.add(name: "bob", provider: "memory")
                return try transaction.collections.add(
                    CollectionDraft(
                        remoteID: RemoteID(rawValue: "b"), kind: NoteRules.kind, name: "b",
                        access: .own), to: bob.id)
            }
            await expectDomainFailure(.invalid) { try await world.move(note, to: foreign) }
            let play = try await world.collection("play")
            let namesake = try await world.pull("n1", into: play)
            await expectDomainFailure(.invalid) { try await world.move(note, to: play) }
            try await world.update(namesake) { $0.deletedAt = Timestamp(milliseconds: 1) }
            #expect(try await world.move(note, to: play).remoteID == note.remoteID)
            #expect(try await world.reread(namesake).remoteID == nil)
        },
    ]

    static let revertChecks: [Check] = [
        Check("an edit, a delete and a move are taken back") { world async throws in
            let play = try await world.collection("play")
            let note = try await world.pull("n1", ["title": "old"])
            let edited = try await world.edit(note, ["title": "new"])
            let moved = try await world.move(edited, to: play)
            let back = try await world.revert(moved)
            #expect(back.live == note.live && !back.isDirty && back.collection == world.work.id)
            #expect(back.editNumber == 3 && back.acknowledgedEdit == 3)
            let restored = try await world.revert(try await world.delete(back))
            #expect(restored.live == note.live && !restored.isDirty)
            #expect(try await world.revert(restored) == restored)
            #expect(
                try await world.log().map(\.verb)
                    == [.updated, .moved, .updated, .deleted, .restored])
        },
        Check("a move that is taken back is a move in the log, with an edit or without") {
            world async throws in
            let play = try await world.collection("play")
            let note = try await world.pull("n1", ["title": "old"])
            let back = try await world.revert(try await world.move(note, to: play))
            let edited = try await world.edit(back, ["title": "new"])
            _ = try await world.revert(try await world.move(edited, to: play))
            let home = FieldChange.place(from: play.id, to: world.work.id)
            let log = try await world.log()
            #expect(log.map(\.verb) == [.moved, .moved, .updated, .moved, .updated])
            #expect(log[1].changes == [home] && log[1].collection == world.work.id)
            #expect(log[4].changes.first == home && log[4].changes.count == 2)
        },
        Check("what was never sent is gone when it is taken back") { world async throws in
            let note = try await world.create(["title": "x"])
            let gone = try await world.revert(note)
            #expect(gone.deletedAt != nil && !gone.isDirty && gone.live == nil)
            let entry = try #require(try await world.log().last)
            #expect(entry.verb == .deleted && entry.before == note.live)
        },
        Check("what is on its way is taken back by another edit") { world async throws in
            let note = try await world.pull("n1", ["title": "old"])
            let edited = try await world.edit(note, ["title": "new"])
            try await world.announce(edited, outcome: .unknown)
            let back = try await world.revert(edited)
            #expect(back.live?["title"] == "old" && back.isDirty)
            #expect(back.editNumber > back.acknowledgedEdit)
            let made = try await world.create(["title": "x"])
            try await world.announce(made, verb: .create)
            #expect(try await world.revert(made).local == .deleted)
        },
        Check("a held delete that is taken back leaves its hold") { world async throws in
            let first = try await world.delete(try await world.pull("n1"))
            let second = try await world.delete(try await world.pull("n2"))
            let work = world.work.id
            let hold = try await world.store.write { transaction throws in
                try transaction.holds.add(
                    collection: work, direction: .push, resources: [first.id, second.id], of: 2)
            }
            for note in [first, second] {
                let held = try await world.update(note) { $0.hold = .pushHeld }
                #expect(try await world.revert(held).hold == nil)
            }
            let after = try await world.store.read { try $0.holds.find(hold.id) }
            #expect(after?.resources == [] && after?.decision == .lifted)
        },
        Check("a delete that waits, and one that is done, are both undone") { world async throws in
            let note = try await world.pull("n1", ["title": "old"])
            let version = try #require(note.live)
            let waiting = try await world.delete(note)
            let back = try await world.restore(waiting, to: version)
            #expect(!back.isDirty && back.live == version && back.remoteID?.rawValue == "n1")
            let gone = try await world.update(try await world.delete(back)) {
                $0.local = .unchanged
                $0.deletedAt = Timestamp(milliseconds: 1)
            }
            let again = try await world.restore(gone, to: version)
            #expect(again.id == note.id && again.base == nil && again.isDirty)
            #expect(again.remoteID != note.remoteID && again.live?["title"] == "old")
            #expect(again.live?["id"]?.string == again.remoteID?.rawValue)
            #expect(
                try await world.log().map(\.verb) == [.deleted, .restored, .deleted, .restored])
            await expectDomainFailure(.invalid) { try await world.restore(again, to: version) }
        },
    ]
}

extension StoreWorld {
    func move(
        _ note: StoredResource, to collection: RemoteCollection, sendUpdates: SendUpdates = .none
    ) async throws -> StoredResource {
        let run = run
        return try await store.write {
            try $0.moveLocally(note, to: collection, sendUpdates: sendUpdates, run: run)
        }
    }

    func revert(_ note: StoredResource) async throws -> StoredResource {
        let run = run
        return try await store.write { try $0.revertLocally(note, run: run) }
    }

    func restore(_ note: StoredResource, to json: JSON) async throws -> StoredResource {
        let run = run
        return try await store.write { try $0.restoreLocally(note, to: json, run: run) }
    }
}
