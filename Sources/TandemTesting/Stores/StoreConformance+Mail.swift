import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    static let mailChecks: [Check] = [
        Check("a move mails whom it was told to, whatever an earlier edit asked for") {
            world async throws in
            let play = try await world.collection("play")
            let third = try await world.collection("third")
            let told = try await world.editMailing(try await world.pull("n1"), ["title": "new"])
            #expect(told.sendUpdates == .all)
            let settled = try await world.acknowledge(told)
            #expect(settled.sendUpdates == .none)
            let moved = try await world.move(settled, to: play)
            #expect(moved.sendUpdates == .none)
            let further = try await world.move(moved, to: third, sendUpdates: .all)
            #expect(further.sendUpdates == .all)
            let back = try await world.move(further, to: world.work)
            #expect(!back.isDirty && back.sendUpdates == .none)
            #expect(try await world.reread(back) == back)
        },
        Check("whom to mail can be asked for while the edit waits") { world async throws in
            let silent = try await world.edit(try await world.pull("n1"), ["title": "new"])
            #expect(silent.sendUpdates == .none)
            let told = try await world.editMailing(silent, ["title": "new"])
            #expect(told.sendUpdates == .all && told.editNumber == silent.editNumber)
            #expect(try await world.reread(told).sendUpdates == .all)
            let settled = try await world.acknowledge(told)
            #expect(try await world.editMailing(settled, ["title": "new"]).sendUpdates == .none)
        },
        Check("while an edit that mails waits, a move is told with it") { world async throws in
            let play = try await world.collection("play")
            let told = try await world.editMailing(try await world.pull("n1"), ["title": "new"])
            #expect(try await world.move(told, to: play).sendUpdates == .all)
        },
        Check("what is taken back, or comes back to what it was, mails nobody") {
            world async throws in
            let told = try await world.editMailing(
                try await world.pull("n1", ["title": "old"]), ["title": "new"])
            let back = try await world.edit(told, ["title": "old"])
            #expect(!back.isDirty && back.sendUpdates == .none)
            let again = try await world.editMailing(back, ["title": "newer"])
            try await world.announce(again, outcome: .unknown)
            let reverted = try await world.revert(again)
            #expect(reverted.isDirty && reverted.sendUpdates == .none)
            let other = try await world.editMailing(try await world.pull("n2"), ["title": "x"])
            #expect(try await world.revert(other).sendUpdates == .none)
        },
        Check("what was deleted here and is gone there mails nobody when it comes back") {
            world async throws in
            let note = try await world.pull("n1", ["title": "old"])
            let run = world.run
            try await world.store.write {
                try $0.deleteLocally(note, sendUpdates: .all, run: run)
            }
            let deleted = try await world.reread(note)
            #expect(deleted.sendUpdates == .all)
            let gone = try await world.update(deleted) {
                $0.local = .unchanged
                $0.deletedAt = Timestamp(milliseconds: 1)
            }
            let version = try #require(note.live)
            #expect(try await world.restore(gone, to: version).sendUpdates == .none)
        },
    ]
}

extension StoreWorld {
    /// Edits a note here, and has everybody told.
    fileprivate func editMailing(
        _ note: StoredResource, _ patch: JSON
    ) async throws -> StoredResource {
        let run = run
        return try await store.write {
            try $0.editLocally(
                note, to: (note.live ?? [:]).merging(patch), sendUpdates: .all, run: run)
        }
    }

    /// Stores that the provider took over the waiting edit, as the engine does.
    fileprivate func acknowledge(_ note: StoredResource) async throws -> StoredResource {
        try await update(note) {
            $0.base = note.live
            $0.local = .unchanged
            $0.acknowledgedEdit = note.editNumber
        }
    }
}
