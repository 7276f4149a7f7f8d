import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// What people do at a replica; what the store refuses changes nothing.
extension SimulatedWorld {
    func create(
        at replica: SimulatedReplica, _ collection: Int, _ token: Int
    ) throws {
        let places = try replica.collections().filter { !$0.isGone }
        guard !places.isEmpty else { return }
        let place = places[collection % places.count]
        let json = NoteWriter.made(token)
        try editing(replica) { transaction, run in
            let made = try transaction.createLocally(
                json, kind: NoteRules.kind, in: place, run: run)
            return made
        } then: { made in
            oracle.made(token, at: replica.number, made)
        }
    }

    func edit(
        at replica: SimulatedReplica, _ note: Int, _ part: NotePart, _ token: Int
    ) throws {
        guard let row = try pick(note, at: replica), let live = row.live else { return }
        let patch = NoteWriter.patch(part, token, of: live)
        try editing(replica) { transaction, run in
            try transaction.editLocally(row, to: live.merging(patch), run: run)
        } then: { edited in
            oracle.edited(token, part, at: replica.number, edited, from: live)
        }
    }

    func delete(at replica: SimulatedReplica, _ note: Int) throws {
        guard let row = try pick(note, at: replica), let live = row.live else { return }
        try editing(replica) { transaction, run in
            try transaction.deleteLocally(row, run: run)
        } then: { _ in
            oracle.deleted(row, live, at: replica.number)
        }
    }

    func move(at replica: SimulatedReplica, _ note: Int, _ collection: Int) throws {
        guard let row = try pick(note, at: replica) else { return }
        let places = try replica.collections().filter { !$0.isGone && $0.id != row.collection }
        guard !places.isEmpty else { return }
        let place = places[collection % places.count]
        try editing(replica) { transaction, run in
            try transaction.moveLocally(row, to: place, run: run)
        } then: { _ in
        }
    }

    func resolve(
        at replica: SimulatedReplica, _ number: Int, _ choice: SimulatedAction.Choice
    ) throws {
        let open = try replica.store.readBlocking { try $0.conflicts.list() }
            .filter { $0.resolvedAt == nil }.sorted { $0.id < $1.id }
        guard !open.isEmpty else { return }
        let conflict = open[number % open.count]
        let row = try replica.store.readBlocking { try $0.resources.find(conflict.resource) }
        try editing(replica) { transaction, run in
            try Resolutions(transaction, run: run)
                .resolve(conflict.id, use: choice == .mine ? .mine : .theirs)
        } then: { _ in
            oracle.resolved(conflict, row, choice, at: replica.number)
        }
    }

    func decide(at replica: SimulatedReplica, _ number: Int, _ releases: Bool) throws {
        let holds = try replica.store.readBlocking { transaction in
            try transaction.collections.list(of: replica.account.id)
                .flatMap { try transaction.holds.list(in: $0.id) }
        }
        guard !holds.isEmpty else { return }
        let hold = holds[number % holds.count]
        try editing(replica) { transaction, run in
            let resolutions = Resolutions(transaction, run: run)
            if releases {
                try resolutions.release(hold.id)
            } else {
                try resolutions.refuse(hold.id)
            }
        } then: { _ in
        }
    }

    private func pick(_ number: Int, at replica: SimulatedReplica) throws -> StoredResource? {
        let notes = try replica.notes()
        return notes.isEmpty ? nil : notes[number % notes.count]
    }

    /// An edit that is refused was not acknowledged, and must have changed nothing.
    private func editing<Value>(
        _ replica: SimulatedReplica,
        _ body: (StoreTransaction, RunID) throws -> Value, then note: (Value) -> Void
    ) throws {
        do {
            let value = try replica.store.writeBlocking { transaction in
                try body(transaction, try transaction.runs.start("edit").id)
            }
            note(value)
        } catch is TandemError {
            reach.note("edit: refused")
        } catch let error as StoreError where error.code == .stale {
            reach.note("edit: stale")
        }
    }
}
