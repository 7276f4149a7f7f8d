import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// Watches what a replica tells of itself, and what it lets pass, after each of its transactions.
struct LogWatch {
    /// The last entry that was looked at, by replica.
    private var seen: [Int: Int64] = [:]
    /// What was made at a replica, by the text it was made with.
    private var own: [Int: Set<String>] = [:]
    /// What was ever moved at the provider.
    private var moved: Set<String> = []
    /// What was written at a replica, and nowhere else, and into which of its things.
    private(set) var written: [Int: [String: ResourceID]] = [:]

    /// Somebody made something at a replica.
    mutating func made(_ text: String, at replica: Int) {
        own[replica, default: []].insert(text)
    }

    /// Somebody wrote something at a replica.
    mutating func wrote(_ text: String, into thing: ResourceID, at replica: Int) {
        written[replica, default: [:]][text] = thing
    }

    /// Somebody else wrote the same: taken back at the replica it may come again, as theirs.
    mutating func agreed(_ note: JSON) { disown(note) }

    /// A write arrived that everybody had given up: where it had been looked for before and was not
    /// there, nobody can tell it from somebody else's.
    mutating func arrived(_ note: JSON) { disown(note) }

    private mutating func disown(_ note: JSON) {
        let texts = SimulationOracle.texts(in: note)
        written = written.mapValues { $0.filter { !texts.contains($0.key) } }
    }

    /// Somebody wrote over these: whoever had not read of it may bring them back, as theirs.
    mutating func wroteOver(_ before: JSON, with after: JSON, by replica: Int? = nil) {
        let lost = SimulationOracle.texts(in: before)
            .subtracting(SimulationOracle.texts(in: after))
        guard !lost.isEmpty else { return }
        for other in written.keys.sorted() where other != replica {
            for text in lost { written[other]?[text] = nil }
        }
    }

    /// Something was moved: until the place was read that it went to, it is gone.
    mutating func moved(_ note: JSON) {
        if let made = note["made"]?.string { moved.insert(made) }
    }

    /// A replica was put back to an older copy, and may have forgotten what was made there.
    mutating func restored(_ replica: SimulatedReplica) throws {
        seen[replica.number] = try replica.store.readBlocking {
            try $0.changes.list().last?.sequence ?? 0
        }
        own[replica.number] = []
        written[replica.number] = [:]
    }

    /// What may be told although nobody did just that.
    struct Known {
        /// What was ever deleted at the provider, by the texts it was made with.
        let deletedThere: Set<String>
        /// What a person wanted to be there twice, by the same.
        let copies: Set<String>
        /// What the provider kept where it did not take an edit.
        var untaken: Set<String> = []
    }

    /// Looks at what a transaction of a run told.
    ///
    /// - Parameters:
    ///   - replica: Where it was done.
    ///   - known: What may be told although nobody did just that.
    ///   - isPlain: Whether it can be judged.
    /// - Throws: ``SimulationFailure``; `StoreError`.
    mutating func check(_ replica: SimulatedReplica, _ known: Known, isPlain: Bool) throws {
        let last = seen[replica.number, default: 0]
        let entries = try replica.store.readBlocking { try $0.changes.list(after: last) }
        guard let newest = entries.last else { return }
        seen[replica.number] = newest.sequence
        let remote = entries.filter { $0.origin == .remote }
        guard isPlain, !remote.isEmpty else { return }
        var known = known
        known.untaken = try replica.store.readBlocking { transaction in
            try transaction.conflicts.list(includesResolved: true)
                .filter { $0.refusal != nil }
                .reduce(into: []) { $0.formUnion(SimulationOracle.texts(in: $1.theirs ?? [:])) }
        }
        for entry in remote { try check(entry, at: replica, known) }
        try checkGate(remote, at: replica)
    }

    private func check(
        _ entry: ChangeEntry, at replica: SimulatedReplica, _ known: Known
    ) throws {
        let made = (entry.after ?? entry.before)?["made"]?.string
        switch entry.verb {
        case .updated, .answered:
            guard let before = entry.before, let after = entry.after else { return }
            try check(before, after, of: entry.resource, at: replica, known)
        case .created:
            guard let made, own[replica.number]?.contains(made) == true,
                !known.deletedThere.contains(made), !known.copies.contains(made),
                !moved.contains(made)
            else { return }
            throw SimulationFailure(
                "P8", "Replica \(replica.number) takes its own \(made) for somebody else's.")
        case .deleted:
            guard entry.cause == .tombstone || entry.cause == .sweep, let made,
                !replica.wasMisled, !known.deletedThere.contains(made), !moved.contains(made)
            else { return }
            throw SimulationFailure(
                "P9", "Replica \(replica.number) says that \(made) was deleted, which nobody did.")
        case .moved, .restored, .listed: return
        }
    }

    /// Somebody else's change is one, and was not made here; but where the provider did not take
    /// what was edited here, it is told that it is as it was before.
    private func check(
        _ before: JSON, _ after: JSON, of thing: ResourceID?, at replica: SimulatedReplica,
        _ known: Known
    ) throws {
        let rules = NoteRules()
        let (number, name) = (replica.number, after["id"]?.string ?? "-")
        guard rules.canonical(before) != rules.canonical(after) else {
            throw SimulationFailure(
                "P8", "Replica \(number) tells a change of \(name) that is none.")
        }
        let news = SimulationOracle.texts(in: after).subtracting(SimulationOracle.texts(in: before))
            .subtracting(known.untaken)
        guard !news.isEmpty, let own = written[number], news.allSatisfy({ own[$0] != nil })
        else { return }
        // Another machine made one of what lived twice: it took from one what was written there.
        if !news.contains(where: { own[$0] == thing }), try replica.knowsTwice(after) { return }
        throw SimulationFailure(
            "P8", "Replica \(number) tells its own \(news.sorted()) as somebody else's.")
    }

    /// A mass delete that came from the provider waits for a person; what a person settled since
    /// the last transaction, one by one, is none.
    private func checkGate(_ entries: [ChangeEntry], at replica: SimulatedReplica) throws {
        let deletes = entries.filter {
            $0.verb == .deleted && ($0.cause == .tombstone || $0.cause == .sweep)
        }
        for collection in try replica.collections() {
            let inRuns = Dictionary(
                grouping: deletes.filter { $0.collection == collection.id }, by: \.run)
            let count = inRuns.values.map(\.count).max() ?? 0
            guard count > 0 else { continue }
            let left = try replica.store.readBlocking {
                try $0.resources.count(in: collection.id)
            }
            guard Self.mustWait(count, of: left + count) else { continue }
            throw SimulationFailure(
                "P6",
                "Replica \(replica.number) deleted \(count) of \(left + count) in "
                    + "\(collection.name) without asking.")
        }
    }

    /// Whether a person has to be asked, as `Documentation/Reliability.md` says.
    static func mustWait(_ deletes: Int, of all: Int) -> Bool {
        deletes >= 100 || deletes >= 10 && deletes * 5 > all || all >= 3 && deletes == all
    }
}

extension SimulationOracle {
    /// A transaction of a run was done.
    func stored(at replica: SimulatedReplica) throws {
        let isPlain = hasMetNone(of: .series, .garbage, .imports)
        try log.check(
            replica, LogWatch.Known(deletedThere: deletedThere, copies: copies), isPlain: isPlain)
        guard let run = replica.run else { return }
        for pending in run.pending where isPlain {
            guard case .push(let requests) = pending.effect else { continue }
            for request in requests where request.verb == .delete {
                try checkGate(request, at: replica)
            }
        }
        if let report = run.report { requestWatch.ended(report, of: replica.number) }
    }

    /// A delete that was made here and is about to be sent is no part of a mass delete, and does
    /// not wait for a person.
    private func checkGate(_ request: PushRequest, at replica: SimulatedReplica) throws {
        let place = request.collection.remoteID
        let found = try replica.store.readBlocking { transaction in
            try transaction.collections.find(
                remoteID: place, kind: NoteRules.kind, in: replica.account.id
            ).map { collection in
                (
                    deletes: try transaction.resources.unreleasedDeletes(in: collection.id).count,
                    left: try transaction.resources.count(in: collection.id)
                )
            }
        }
        let row = try request.target.flatMap { try replica.row($0, in: place) }
        guard let found, let row else { return }
        guard row.hold == nil else {
            throw SimulationFailure(
                "P6", "Replica \(replica.number) sends the delete of \(row.id), which is held.")
        }
        guard LogWatch.mustWait(found.deletes, of: found.left + found.deletes) else { return }
        throw SimulationFailure(
            "P6",
            "Replica \(replica.number) sends \(found.deletes) deletes of "
                + "\(found.left + found.deletes) in \(place) without asking.")
    }
}
