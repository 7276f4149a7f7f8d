import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// What people do at a replica with series and their instances.
extension SimulatedWorld {
    func createSeries(at replica: SimulatedReplica, _ collection: Int, _ token: Int) throws {
        try create(NoteWriter.series(token), at: replica, collection, token)
    }

    /// An instance that a person looks at.
    private struct Instance {
        let series: StoredResource
        let slot: String
        /// What it shows where it is none of its own.
        let plain: JSON
        /// Its own row, if it has one.
        let row: StoredResource?

        var shown: JSON { row?.live ?? plain }
        /// What it shows because its series does.
        var inherited: Set<String> { SimulationOracle.texts(in: series.live ?? [:]) }
    }

    func editInstance(
        at replica: SimulatedReplica, _ series: Int, _ slot: Int, _ part: NotePart, _ token: Int
    ) throws {
        guard let instance = try instance(series, slot, at: replica) else { return }
        let patch = NoteWriter.patch(part, token, of: instance.shown)
        try change(instance, by: patch, as: .updated, at: replica) { row in
            oracle.edited(
                token, part, at: replica.number, row, from: instance.shown,
                inherited: instance.inherited)
        }
    }

    func cancelInstance(at replica: SimulatedReplica, _ series: Int, _ slot: Int) throws {
        guard let instance = try instance(series, slot, at: replica) else { return }
        try change(instance, by: ["cancelled": true], as: .deleted, at: replica) { row in
            oracle.deleted(
                row, instance.shown, at: replica.number, inherited: instance.inherited)
        }
    }

    private func change(
        _ instance: Instance, by patch: JSON, as verb: ChangeVerb, at replica: SimulatedReplica,
        then note: (StoredResource) -> Void
    ) throws {
        try editing(replica) { transaction, run in
            if let row = instance.row {
                return try transaction.editLocally(
                    row, to: instance.shown.merging(patch), run: run, verb: verb)
            }
            let place = try place(of: instance.series, in: transaction)
            return try transaction.createLocally(
                instance.plain.merging(patch), kind: NoteRules.kind, in: place,
                base: instance.plain, run: run, verb: verb)
        } then: { row in
            note(row)
        }
    }

    func changeSlots(
        at replica: SimulatedReplica, _ series: Int, _ slot: Int, _ token: Int
    ) throws {
        guard let series = try pickSeries(series, at: replica), var edited = series.live else {
            return
        }
        let slots = NoteWriter.changedSlots(NoteWriter.slots(of: edited), at: slot, token)
        edited["slots"] = .array(slots.map { .string($0) })
        try editing(replica) { transaction, run in
            try transaction.editLocally(series, to: edited, run: run)
        } then: { _ in
        }
    }

    /// Lets a series end before a slot and another one go on from there, as one edit.
    func divide(
        at replica: SimulatedReplica, _ series: Int, _ slot: Int, _ token: Int
    ) throws {
        guard let series = try pickSeries(series, at: replica), let whole = series.live else {
            return
        }
        let slots = NoteWriter.slots(of: whole)
        guard slots.count > 1 else { return }
        let place = 1 + slot % (slots.count - 1)
        try editing(replica) { transaction, run in
            let cancelled = try transaction.exceptions(of: series).filter(\.projection.isCancelled)
                .compactMap { $0.projection.exception?.slot }
            let following = slots[place...].filter { !cancelled.contains($0) }
            guard !following.isEmpty else { return nil as StoredResource? }
            return try transaction.divide(
                series, before: Array(slots[..<place]), following, token, run: run)
        } then: { later in
            guard let later else { return }
            reach.note("series: divided")
            oracle.made(token, ["a"], at: replica.number, later)
        }
    }

    // MARK: What there is

    func pickSeries(_ number: Int, at replica: SimulatedReplica) throws -> StoredResource? {
        let all = try replica.notes().filter {
            $0.projection.exception == nil && !NoteWriter.slots(of: $0.live ?? [:]).isEmpty
        }
        return all.isEmpty ? nil : all[number % all.count]
    }

    /// An instance that shows; one that stands for nothing does not.
    private func instance(
        _ number: Int, _ slot: Int, at replica: SimulatedReplica
    ) throws -> Instance? {
        guard let series = try pickSeries(number, at: replica), let live = series.live,
            let name = series.remoteID
        else { return nil }
        let slots = NoteWriter.slots(of: live)
        let slot = slots[slot % slots.count]
        let plain = NoteWriter.instance(of: live, named: name, slot: slot)
        let row = try replica.store.readBlocking { transaction in
            try transaction.resources.find(
                remoteID: RemoteID(rawValue: "\(name)_\(slot)"), in: series.collection)
        }
        guard let row, row.deletedAt == nil else {
            return Instance(series: series, slot: slot, plain: plain, row: nil)
        }
        guard row.live != nil, !row.projection.isCancelled else { return nil }
        return Instance(series: series, slot: slot, plain: plain, row: row)
    }

    private func place(
        of row: StoredResource, in transaction: StoreTransaction
    ) throws -> RemoteCollection {
        guard let place = try transaction.collections.find(row.collection) else {
            throw TandemError(.internalInconsistency, "A note lies in no collection.")
        }
        return place
    }
}

extension StoreTransaction {
    /// The instances of a series that are rows of their own.
    func exceptions(of series: StoredResource) throws -> [StoredResource] {
        guard let name = series.remoteID else { return [] }
        return try resources.exceptions(of: name, in: series.collection)
            .filter { $0.live != nil }
    }

    /// Divides a series: what it has left, and what another one goes on with.
    fileprivate func divide(
        _ series: StoredResource, before: [String], _ following: [String], _ token: Int,
        run: RunID
    ) throws -> StoredResource {
        guard let whole = series.live, let place = try collections.find(series.collection) else {
            throw TandemError(.notFound, "The series is gone.")
        }
        let operation: OperationID = environment.makeID()
        let rules = NoteRules()
        var (cut, later) = (whole, rules.recreated(whole, as: nil))
        cut["slots"] = .array(before.map { .string($0) })
        later["slots"] = .array(following.map { .string($0) })
        for member in ["title", "made"] { later[member] = NoteWriter.made(token)[member] }
        later["uid"] = nil
        let made = try createLocally(
            later, kind: NoteRules.kind, in: place, run: run, operation: operation)
        let earlier = try editLocally(series, to: cut, run: run, operation: operation)
        try splits.add(
            Split(
                of: earlier, before: whole, cut: cut, later: made.id, operation: operation,
                rules: rules))
        guard let name = made.remoteID else { return made }
        // One that had no slot any more before is no part of either.
        let slots = NoteWriter.slots(of: whole)
        for exception in try exceptions(of: series) {
            guard let live = exception.live, let slot = live["slot"]?.string,
                slots.contains(slot), !before.contains(slot), !exception.projection.isCancelled
            else { continue }
            try deleteLocally(exception, run: run, operation: operation)
            guard following.contains(slot), let carried = rules.exception(live, of: name) else {
                continue
            }
            _ = try createLocally(
                carried, kind: NoteRules.kind, in: place, run: run, operation: operation)
        }
        return made
    }
}
