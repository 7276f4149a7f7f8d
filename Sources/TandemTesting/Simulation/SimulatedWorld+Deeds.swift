import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// What people do at a replica; what the store refuses changes nothing.
extension SimulatedWorld {
    /// What is done with notes; the rest is rarer.
    func doHere(_ action: SimulatedAction) throws {
        switch action {
        case .create(let replica, let collection, let token):
            try create(NoteWriter.made(token), at: this(replica), collection, token)
        case .edit(let replica, let note, let part, let token):
            try edit(at: this(replica), note, part, token)
        case .editMailing(let replica, let note, let part, let token):
            try edit(at: this(replica), note, part, token, mails: true)
        case .delete(let replica, let note):
            guard let row = try pick(note, at: this(replica)) else { return }
            try delete(row, at: this(replica))
        case .move(let replica, let note, let collection):
            try move(at: this(replica), note, collection)
        case .resolve(let replica, let conflict, let choice):
            try resolve(at: this(replica), conflict, choice)
        case .decide(let replica, let hold, let releases):
            try decide(at: this(replica), hold, releases)
        default: try doMoreHere(action)
        }
    }

    private func doMoreHere(_ action: SimulatedAction) throws {
        switch action {
        case .createSeries(let replica, let collection, let token):
            try createSeries(at: this(replica), collection, token)
        case .editInstance(let replica, let series, let slot, let part, let token):
            try editInstance(at: this(replica), series, slot, part, token)
        case .cancelInstance(let replica, let series, let slot):
            try cancelInstance(at: this(replica), series, slot)
        case .changeSlots(let replica, let series, let slot, let token):
            try changeSlots(at: this(replica), series, slot, token)
        case .divide(let replica, let series, let slot, let token):
            try divide(at: this(replica), series, slot, token)
        case .importNote(let replica, let collection, let name, let token):
            try importNote(at: this(replica), collection, name, token)
        case .editOnFullDisk(let replica, let note, let part, let token):
            try editOnFullDisk(at: this(replica), note, part, token)
        case .deleteAll(let replica, let collection):
            try deleteAll(at: this(replica), collection)
        case .drop(let replica, let note): try drop(at: this(replica), note)
        case .decideAside(let replica, let record, let retries):
            try decideAside(at: this(replica), record, retries)
        case .bringBack(let replica, let conflict): try bringBack(at: this(replica), conflict)
        default: preconditionFailure("Nobody does \(action).")
        }
    }

    /// Makes a note; what it says by `token` must not be lost.
    func create(
        _ json: JSON, at replica: SimulatedReplica, _ collection: Int, _ token: Int
    ) throws {
        let places = try replica.collections().filter { !$0.isGone }
        guard !places.isEmpty else { return }
        let place = places[collection % places.count]
        try editing(replica) { transaction, run in
            try transaction.createLocally(json, kind: NoteRules.kind, in: place, run: run)
        } then: { made in
            guard json["made"] != nil else { return }
            oracle.made(token, at: replica.number, made)
        }
    }

    func edit(
        at replica: SimulatedReplica, _ note: Int, _ part: NotePart, _ token: Int,
        mails: Bool = false
    ) throws {
        guard let row = try pick(note, at: replica), let live = row.live else { return }
        let patch = NoteWriter.patch(part, token, of: live)
        let inherited = try inherited(by: row, at: replica)
        try editing(replica) { transaction, run in
            try transaction.editLocally(
                row, to: live.merging(patch), sendUpdates: mails ? .all : .none, run: run)
        } then: { edited in
            oracle.edited(
                token, part, at: replica.number, edited, from: live, inherited: inherited)
            oracle.asked(row, isForMail: mails, at: replica.number)
        }
    }

    /// What an instance says because its series does.
    private func inherited(
        by row: StoredResource, at replica: SimulatedReplica
    ) throws -> Set<String> {
        guard let link = row.projection.exception else { return [] }
        let series = try replica.store.readBlocking {
            try $0.resources.find(remoteID: link.series, in: row.collection)
        }
        return SimulationOracle.texts(in: series?.live ?? [:])
    }

    /// Deletes a note: an instance is cancelled, a series goes with its instances.
    func delete(_ row: StoredResource, at replica: SimulatedReplica) throws {
        guard let live = row.live else { return }
        var gone = [live]
        let inherited = try inherited(by: row, at: replica)
        try editing(replica) { transaction, run in
            guard row.projection.exception == nil else {
                let cancelled = live.merging(["cancelled": true])
                _ = try transaction.editLocally(row, to: cancelled, run: run, verb: .deleted)
                return
            }
            let operation: OperationID = transaction.environment.makeID()
            for exception in try transaction.exceptions(of: row) {
                gone.append(exception.live ?? [:])
                guard exception.isDirty else { continue }
                _ = try transaction.revertLocally(exception, run: run, operation: operation)
            }
            try transaction.deleteLocally(row, run: run, operation: operation)
        } then: {
            for json in gone {
                oracle.deleted(row, json, at: replica.number, inherited: inherited)
            }
            try noteDeath(of: row, at: replica)
        }
    }

    func move(at replica: SimulatedReplica, _ note: Int, _ collection: Int) throws {
        guard let row = try pick(note, at: replica), row.projection.exception == nil else {
            return
        }
        let places = try replica.collections().filter { !$0.isGone && $0.id != row.collection }
        guard !places.isEmpty else { return }
        let place = places[collection % places.count]
        try editing(replica) { transaction, run in
            try transaction.moveLocally(row, to: place, run: run)
        } then: { _ in
            oracle.deaths.touched(row.live)
        }
    }

    func resolve(
        at replica: SimulatedReplica, _ number: Int, _ choice: SimulatedAction.Choice
    ) throws {
        let open = try replica.store.readBlocking { try $0.conflicts.list() }
            .filter { $0.resolvedAt == nil }.sorted { $0.id < $1.id }
        guard !open.isEmpty else { return }
        let conflict = open[number % open.count]
        let how: ConflictResolution =
            switch choice {
            case .mine: .mine
            case .theirs: .theirs
            case .both: .both
            }
        try settle(conflict, as: how, at: replica) {}
    }

    /// Settles a conflict, as a person who has seen both sides of it.
    func settle(
        _ conflict: ConflictRecord, as choice: ConflictResolution, at replica: SimulatedReplica,
        then note: () -> Void
    ) throws {
        let row = try replica.store.readBlocking { try $0.resources.find(conflict.resource) }
        let isCut = try replica.store.readBlocking {
            try !$0.splits.cutting(conflict.resource).isEmpty
        }
        guard !isCut else {
            // The later part of a division goes or stays with the choice about the cut.
            return try givingUp(at: replica) { transaction, run in
                _ = try Resolutions(transaction, run: run).resolve(conflict.id, use: choice)
            } then: {
                note()
            }
        }
        try editing(replica) { transaction, run in
            try Resolutions(transaction, run: run).resolve(conflict.id, use: choice)
        } then: { settled in
            oracle.resolved(conflict, row, choice, into: settled, at: replica.number)
            oracle.merging.changed(
                from: row?.live ?? [:], to: settled.live ?? [:], at: replica.number)
            oracle.deaths.touched(row?.base ?? settled.live)
            note()
        }
    }

    func decide(at replica: SimulatedReplica, _ number: Int, _ releases: Bool) throws {
        let holds = try replica.store.readBlocking { transaction in
            try transaction.collections.list(of: replica.account.id)
                .flatMap { try transaction.holds.list(in: $0.id) }
        }
        guard !holds.isEmpty else { return }
        let hold = holds[number % holds.count]
        let made = try replica.store.readBlocking { transaction in
            try hold.resources.compactMap { try transaction.resources.find($0)?.live?["made"] }
        }
        try editing(replica) { transaction, run in
            let resolutions = Resolutions(transaction, run: run)
            if releases {
                try resolutions.release(hold.id)
            } else {
                try resolutions.refuse(hold.id)
            }
        } then: { _ in
            reach.note("hold: \(releases ? "released" : "refused"), \(hold.direction.rawValue)")
            // Deletes that a person let happen need no second look at the provider.
            if releases { for note in made { oracle.copied(note) } }
            for id in hold.resources where !releases {
                oracle.deaths.touched(
                    try replica.store.readBlocking { try $0.resources.find(id)?.live })
            }
        }
    }

    func pick(_ number: Int, at replica: SimulatedReplica) throws -> StoredResource? {
        let notes = try replica.notes()
        return notes.isEmpty ? nil : notes[number % notes.count]
    }

    /// An edit that is refused was not acknowledged, and must have changed nothing.
    func editing<Value>(
        _ replica: SimulatedReplica,
        _ body: (StoreTransaction, RunID) throws -> Value, then note: (Value) throws -> Void
    ) throws {
        do {
            let value = try replica.store.writeBlocking { transaction in
                try body(transaction, try transaction.runs.start("edit").id)
            }
            try note(value)
        } catch is TandemError {
            reach.note("edit: refused")
        } catch let error as StoreError {
            guard error.code == .stale || error.code == .full else { throw error }
            reach.note("edit: \(error.code)")
        }
    }
}
