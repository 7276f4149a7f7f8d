import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// Watches what merges make of notes (P1, P14).
struct MergeWatch {
    /// The texts that somebody at a replica took out or wrote over, by replica.
    private var struck: [Int: Set<String>] = [:]
    /// Each start with its end that somebody wrote.
    private var times: Set<[Int64]> = []

    /// A person at a replica changed what lives there.
    mutating func changed(from before: JSON, to after: JSON, at replica: Int) {
        let old = SimulationOracle.texts(in: before)
        struck[replica, default: []].formUnion(
            old.subtracting(SimulationOracle.texts(in: after)))
        wrote(after)
    }

    /// A person at a replica let these texts go.
    mutating func gaveUp(_ texts: Set<String>, at replica: Int) {
        struck[replica, default: []].formUnion(texts)
    }

    /// Somebody wrote this, and meant its times to stand together.
    mutating func wrote(_ note: JSON) {
        if let time = Self.time(of: note) { times.insert(time) }
    }

    /// A write takes out nothing that nobody took out; but for one's own view of a note, where what
    /// is here always counts.
    func check(
        _ request: PushRequest, before: JSON, answer: JSON, by replica: Int
    ) throws(SimulationFailure) {
        guard request.verb != .move else { return }
        var shared = before
        shared["mine"] = nil
        let lost = SimulationOracle.texts(in: shared)
            .subtracting(SimulationOracle.texts(in: answer))
            .subtracting(struck[replica, default: []])
        guard lost.isEmpty else {
            throw SimulationFailure(
                "P1",
                "Replica \(replica) took \(lost.sorted()) out of "
                    + "\(request.target?.rawValue ?? "-"), which nobody there did.")
        }
    }

    /// No start stands beside an end that nobody wrote together.
    func checkTimes(at provider: MemoryProvider) throws(SimulationFailure) {
        for name in SimulatedWorld.collections {
            for note in provider.live(in: RemoteID(rawValue: name)) {
                guard let time = Self.time(of: note.json), !times.contains(time) else { continue }
                throw SimulationFailure("P14", "\(note.id) has the halves of two times: \(time).")
            }
        }
    }

    /// What merges by its keys clashes by its keys, and so far as both sides changed one.
    ///
    /// Two things of one replica may turn out to be one, such as what was edited there, deleted
    /// elsewhere and brought to life again elsewhere: then what was written into both clashes. And
    /// one of them may show again what somebody else had written over since.
    ///
    /// - Parameters:
    ///   - replica: Where the conflicts are.
    ///   - own: What was written there and nowhere else, and into which of its things.
    /// - Throws: ``SimulationFailure``; `StoreError`.
    func checkConflicts(at replica: SimulatedReplica, own: [String: ResourceID]) throws {
        let conflicts = try replica.store.readBlocking {
            try $0.conflicts.list(includesResolved: true)
        }
        for conflict in conflicts {
            guard conflict.field != "tags", conflict.field != "people" else {
                throw SimulationFailure(
                    "P14",
                    "Replica \(replica.number) asks about all \(conflict.field) of "
                        + "\(conflict.resource), whose keys merge one by one.")
            }
            let mine = SimulationOracle.texts(in: conflict.mine ?? [:])
            let theirs = SimulationOracle.texts(in: conflict.theirs ?? [:])
            guard conflict.mine != nil, conflict.refusal == nil, !theirs.isEmpty,
                mine.union(theirs).allSatisfy({ own[$0] != nil }),
                Set(mine.union(theirs).compactMap { own[$0] }).count == 1
            else { continue }
            throw SimulationFailure(
                "P14",
                "Replica \(replica.number) asks whether its own \(theirs.sorted()) shall stay.")
        }
    }

    private static func time(of note: JSON) -> [Int64]? {
        guard let from = note["from"]?.int, let to = note["to"]?.int else { return nil }
        return [from, to]
    }
}
