import LosslessJSON
import TandemActions
import TandemCore
import TandemStore
import TandemSync

/// What people do at a replica, by the same actions as the commands.
extension GoogleWorld {
    func create(
        at replica: GoogleReplica, _ calendar: Int, _ shape: EventShape, _ token: Int
    ) throws {
        let places = try replica.calendars()
        guard !places.isEmpty else { return }
        try editing(replica) { actions, _ in
            _ = try actions.add(
                GoogleWriter.made(token, shape).withoutNulls,
                to: places[calendar % places.count])
        }
    }

    func edit(
        at replica: GoogleReplica, _ number: Int, _ slot: GoogleAction.Slot?, _ part: EventPart,
        _ token: Int
    ) throws {
        guard let row = try pick(number, at: replica), let live = row.live else { return }
        let slot = row.projection.isSeries ? slot : nil
        if slot?.reach == .following { oracle.mayBeTwo(live) }
        try editing(replica) { actions, lookup in
            _ = try actions.edit(
                try lookup.find(Self.name(of: row, slot)),
                .patch(GoogleWriter.patch(part, token, of: live)), reach: slot?.reach.wanted)
        }
    }

    func delete(
        at replica: GoogleReplica, _ number: Int, _ slot: GoogleAction.Slot?
    ) throws {
        guard let row = try pick(number, at: replica) else { return }
        let slot = row.projection.isSeries ? slot : nil
        try editing(replica) { actions, lookup in
            _ = try actions.delete(
                try lookup.find(Self.name(of: row, slot)), reach: slot?.reach.wanted)
        }
    }

    func move(at replica: GoogleReplica, _ number: Int, _ calendar: Int) throws {
        guard let row = try pick(number, at: replica) else { return }
        let places = try replica.calendars().filter { $0.id != row.collection }
        guard !places.isEmpty else { return }
        try editing(replica) { actions, lookup in
            _ = try actions.move(
                try lookup.find(row.id.rawValue), to: places[calendar % places.count])
        }
    }

    func answer(at replica: GoogleReplica, _ number: Int, _ accepts: Bool) throws {
        let invitations = try replica.events().filter {
            $0.live?["organizer"]?["email"]?.string == GoogleSide.grace
        }
        guard !invitations.isEmpty else { return }
        let row = invitations[number % invitations.count]
        try editing(replica) { actions, lookup in
            _ = try actions.answer(
                try lookup.find(row.id.rawValue),
                InvitationAnswer(accepts ? .accepted : .declined))
        }
    }

    func resolve(at replica: GoogleReplica, _ number: Int, mine: Bool) throws {
        let open = try replica.store.readBlocking { try $0.conflicts.list() }
            .filter { $0.resolvedAt == nil }.sorted { $0.id < $1.id }
        guard !open.isEmpty else { return }
        let conflict = open[number % open.count]
        let isDone = try changing(replica) { transaction, run in
            _ = try Resolutions(transaction, run: run)
                .resolve(conflict.id, use: mine ? .mine : .theirs)
        }
        guard isDone else { return }
        oracle.settled(conflict, mine: mine, at: replica.number)
        // An instance without a slot goes on beside its series.
        if conflict.field == ConflictRecord.slot {
            oracle.mayBeTwo(conflict.mine ?? conflict.theirs)
        }
    }

    func decide(at replica: GoogleReplica, _ number: Int, _ releases: Bool) throws {
        let holds = try replica.store.readBlocking { transaction in
            try transaction.collections.list(of: replica.account.id)
                .flatMap { try transaction.holds.list(in: $0.id) }
        }
        guard !holds.isEmpty else { return }
        let hold = holds[number % holds.count]
        try changing(replica) { transaction, run in
            let resolutions = Resolutions(transaction, run: run)
            if releases {
                try resolutions.release(hold.id)
            } else {
                try resolutions.refuse(hold.id)
            }
        }
    }

    private func pick(_ number: Int, at replica: GoogleReplica) throws -> StoredResource? {
        let events = try replica.events()
        return events.isEmpty ? nil : events[number % events.count]
    }

    private static func name(of row: StoredResource, _ slot: GoogleAction.Slot?) -> String {
        guard let slot else { return row.id.rawValue }
        return "\(row.id)_\(GoogleWriter.slots[slot.number % GoogleWriter.slots.count])"
    }

    private func editing(
        _ replica: GoogleReplica, _ body: (EventActions, ItemLookup) throws -> Void
    ) throws {
        try changing(replica) { transaction, run in
            try body(
                EventActions(transaction, run: run, viewer: viewer), ItemLookup(transaction))
        }
    }

    /// An edit that is refused was not acknowledged, and must have changed nothing.
    ///
    /// - Returns: Whether it was taken.
    @discardableResult
    private func changing(
        _ replica: GoogleReplica, _ body: (StoreTransaction, RunID) throws -> Void
    ) throws -> Bool {
        let before = try texts(at: replica)
        do {
            try replica.store.writeBlocking { transaction in
                try body(transaction, try transaction.runs.start("edit").id)
            }
        } catch let error as TandemError {
            met("edit refused: \(error.code)")
            return false
        } catch let error as StoreError where error.code == .stale {
            met("edit of something stale")
            return false
        }
        oracle.changed(from: before, to: try texts(at: replica), at: replica.number)
        return true
    }

    /// What can be read at a replica.
    private func texts(at replica: GoogleReplica) throws -> Set<String> {
        try replica.events().reduce(into: []) { texts, row in
            texts.formUnion(TokenFinder.texts(in: row.live))
        }
    }
}

extension GoogleAction.Reach {
    /// The word of the actions.
    var wanted: SeriesReach {
        switch self {
        case .this: .this
        case .following: .following
        case .all: .all
        }
    }
}

extension JSON {
    /// The value without the `null`s that stand in a patch.
    var withoutNulls: JSON {
        guard case .object(let object) = self else { return self }
        return .object(
            JSONObject(
                object.members.filter { !$0.value.isNull }
                    .map { ($0.key, $0.value.withoutNulls) }))
    }
}
