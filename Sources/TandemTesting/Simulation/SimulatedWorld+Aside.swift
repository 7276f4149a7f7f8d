import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// What people do at a replica with what waits there, and with a collection as a whole.
extension SimulatedWorld {
    /// Takes back what waits of a note, and what was done to others in the same edit.
    func drop(at replica: SimulatedReplica, _ number: Int) throws {
        let waiting = try replica.everything()
            .filter { $0.isDirty && $0.deletedAt == nil }
            .sorted { $0.id < $1.id }
        guard !waiting.isEmpty else { return }
        let row = waiting[number % waiting.count]
        try givingUp(at: replica) { transaction, run in
            _ = try Resolutions(transaction, run: run).takeBack(row)
        } then: {
            reach.note("edit: taken back")
        }
    }

    /// Lets something that was set aside be tried again, or gives it up.
    func decideAside(at replica: SimulatedReplica, _ number: Int, _ retries: Bool) throws {
        let records = try quarantined(at: replica)
        guard !records.isEmpty else { return }
        let record = records[number % records.count]
        let place = try replica.collections().first { $0.id == record.collection }?.remoteID
        try givingUp(at: replica) { transaction, run in
            let resolutions = Resolutions(transaction, run: run)
            if retries {
                try resolutions.retry(record.id)
            } else {
                try resolutions.drop(record.id)
            }
        } then: {
            reach.note(retries ? "set aside: tried again" : "set aside: given up")
            guard !retries, let place, let name = record.remoteID else { return }
            oracle.forgotten.insert("\(replica.number) \(place)/\(name)")
            guard record.resource == nil else { return }
            // Edited where it lay before, it is made anew, and there twice until it can be read.
            let note = provider.live(in: place).first { $0.id == name }
            if let made = note?.json["made"]?.string { oracle.copies.insert(made) }
        }
    }

    /// What was set aside, oldest first.
    func quarantined(at replica: SimulatedReplica) throws -> [QuarantineRecord] {
        try replica.store.readBlocking { transaction in
            try transaction.collections.list(of: replica.account.id)
                .flatMap { try transaction.quarantine.list(in: $0.id) }
        }.sorted { $0.id < $1.id }
    }

    /// Whatever shows here no more once something was decided was given up by whoever decided.
    func givingUp(
        at replica: SimulatedReplica, _ body: (StoreTransaction, RunID) throws -> Void,
        then note: () -> Void
    ) throws {
        let before = try replica.notes().compactMap(\.live)
        try editing(replica) { transaction, run in
            try body(transaction, run)
        } then: { _ in
            note()
        }
        let after = try replica.notes().compactMap(\.live)
        oracle.replaced(before, by: after, at: replica.number)
    }

    /// Wants the value from here after all, of a conflict that is settled.
    func bringBack(at replica: SimulatedReplica, _ number: Int) throws {
        let settled = try replica.store.readBlocking {
            try $0.conflicts.list(includesResolved: true)
        }
        .filter { $0.resolvedAt != nil }.sorted { $0.id < $1.id }
        guard !settled.isEmpty else { return }
        let conflict = settled[number % settled.count]
        try settle(conflict, as: .mine, at: replica) { reach.note("settled: mine after all") }
    }

    /// Deletes all that a collection has.
    func deleteAll(at replica: SimulatedReplica, _ collection: Int) throws {
        let places = try replica.collections().filter { !$0.isGone }
        guard !places.isEmpty else { return }
        let place = places[collection % places.count].id
        let rows = try replica.notes()
            .filter { $0.collection == place && $0.projection.exception == nil }
        for row in rows { try delete(row, at: replica) }
        if rows.count > 2 { reach.note("emptied: here") }
    }

    /// An edit that finds no room on the disk is refused, and changes nothing.
    func editOnFullDisk(
        at replica: SimulatedReplica, _ note: Int, _ part: NotePart, _ token: Int
    ) throws {
        guard let row = try pick(note, at: replica), let live = row.live else { return }
        let edited = live.merging(NoteWriter.patch(part, token, of: live))
        try editing(replica) { transaction, run in
            _ = try transaction.editLocally(row, to: edited, run: run)
            throw StoreError(.full, "No space is left.")
        } then: { (_: Void) in
        }
        let after = try replica.store.readBlocking { try $0.resources.find(row.id) }
        guard after == row else {
            throw SimulationFailure("P1", "An edit that was refused left something of \(row.id).")
        }
    }

    /// Imports a note from elsewhere, unless it is here already.
    func importNote(
        at replica: SimulatedReplica, _ collection: Int, _ name: Int, _ token: Int
    ) throws {
        let note = NoteWriter.imported(name, token)
        let isHere = try replica.notes().contains { $0.live?["uid"] == note["uid"] }
        guard !isHere else { return }
        try create(note, at: replica, collection, token)
    }
}
