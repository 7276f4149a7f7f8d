import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// What must hold once nothing goes wrong any more.
extension SimulatedWorld {
    /// The replicas whose runs go on.
    var running: [Int] { replicas.filter { $0.run != nil }.map(\.number) }

    /// More rounds than these nothing may need.
    private static let mostRounds = 5
    /// More effects than these no run has.
    private static let mostEffects = 20_000

    /// Lets everything come to its end, then checks every promise.
    func comeToRest() throws {
        try finishRuns()
        // Whatever was still on its way has arrived or never will.
        while hasLateWrites { try perform(.arrive(0)) }
        oracle.look(at: provider)
        for round in 0..<Self.mostRounds {
            // A day lets every rest end; nobody waits for a person here.
            try perform(.pass(seconds: 90_000))
            var isQuiet = true
            for replica in replicas {
                isQuiet = try settle(replica, isFirst: round == 0) && isQuiet
            }
            if isQuiet { break }
        }
        try noteEnds()
        try checkSettled()
        try oracle.checkNothingLost(self)
        try oracle.checkNoneDoubled(at: provider)
        for replica in replicas {
            try oracle.checkCauses(at: replica)
        }
        try checkWatches()
        try checkEqual()
        try checkAside()
        try checkSilence()
    }

    /// What was watched all the time.
    private func checkWatches() throws {
        try oracle.requestWatch.checkSpread()
        if oracle.hasMetNone(of: .garbage) {
            for replica in replicas {
                let isPlain = !hasBeenLate && oracle.hasMetNone(of: .series, .imports)
                let own = isPlain ? oracle.log.written[replica.number] ?? [:] : [:]
                try oracle.merging.checkConflicts(at: replica, own: own)
            }
        }
        if oracle.hasMetNone(of: .garbage, .series, .imports) {
            try oracle.merging.checkTimes(at: provider)
        }
        if oracle.hasMetNone(of: .garbage, .series, .imports, .secondThoughts) {
            try checkDeaths()
        }
    }

    /// Decides whatever waits for a person at a replica, and syncs it.
    ///
    /// - Returns: Whether nothing was left to do: then another round does nothing either.
    private func settle(_ replica: SimulatedReplica, isFirst: Bool) throws -> Bool {
        var isQuiet = true
        // Nobody decides on what a listing lied about before there was another one.
        if isFirst, replica.wasMisled {
            try perform(.sync(replica: replica.number, full: true))
            try finishRuns()
            isQuiet = replica.wasQuiet
        }
        if isFirst { try retryAll(at: replica) }
        try decideAll(at: replica)
        try perform(.sync(replica: replica.number, full: false))
        try finishRuns()
        return isQuiet && replica.wasQuiet
    }

    /// Lets whatever was set aside be tried again, now that nothing goes wrong any more.
    private func retryAll(at replica: SimulatedReplica) throws {
        for record in try quarantined(at: replica).indices.reversed() {
            try perform(.decideAside(replica: replica.number, record: record, retries: true))
        }
    }

    /// What is still set aside has a reason: another thing is there already under its name, or it
    /// was moved to where nobody can read it.
    private func checkAside() throws {
        for replica in replicas {
            for row in try replica.everything() where row.hold == .quarantined {
                let reason = try quarantined(at: replica).first { $0.resource == row.id }?.reason
                reach.note("set aside: namesake")
                let isKnown = ["This is there already", "It was moved to"].contains {
                    reason?.hasPrefix($0) == true
                }
                guard isKnown else {
                    throw SimulationFailure(
                        "P3", "Replica \(replica.number) keeps \(row.id) aside: \(reason ?? "-")")
                }
            }
        }
    }

    /// Counts what the replicas went through.
    private func noteEnds() throws {
        for replica in replicas {
            try replica.store.readBlocking { transaction in
                for conflict in try transaction.conflicts.list(includesResolved: true) {
                    reach.note("conflict: \(conflict.field)")
                    if let how = conflict.resolution { reach.note("settled: \(how.rawValue)") }
                    if conflict.refusal != nil { reach.note("conflict: not taken") }
                }
                for entry in try transaction.changes.list() {
                    reach.note("\(entry.verb.rawValue), \(entry.origin.rawValue)")
                    guard entry.verb == .deleted, let cause = entry.cause else { continue }
                    let name = String(describing: cause).prefix { $0 != "(" }
                    reach.note("deleted by \(name)")
                }
            }
        }
    }

    private func finishRuns() throws {
        for _ in 0..<Self.mostEffects {
            guard let replica = running.first else { return }
            try perform(.deliver(replica: replica, effect: 0, fault: nil))
        }
        throw SimulationFailure("P3", "A run does not come to its end.")
    }

    /// Releases what was held, or refuses it, and lets the other side win what nobody can decide.
    private func decideAll(at replica: SimulatedReplica) throws {
        for _ in 0..<100 {
            let isHeld = try replica.store.readBlocking { transaction in
                try transaction.collections.list(of: replica.account.id)
                    .contains { try !transaction.holds.list(in: $0.id).isEmpty }
            }
            guard isHeld else { break }
            holdsDecided += 1
            let releases = holdsDecided % 2 == 0
            try perform(.decide(replica: replica.number, hold: 0, releases: releases))
        }
        // What is on its way has to be known before a division is taken back: that waits for the
        // next round.
        var left = try countOpen(at: replica)
        while left > 0 {
            try perform(.resolve(replica: replica.number, conflict: 0, choice: .theirs))
            let now = try countOpen(at: replica)
            guard now < left else { return }
            left = now
        }
    }

    private func countOpen(at replica: SimulatedReplica) throws -> Int {
        try replica.store.readBlocking { try $0.conflicts.list() }
            .count { $0.resolvedAt == nil }
    }

    /// Whatever clashed could be settled by somebody.
    private func checkSettled() throws {
        for replica in replicas where try countOpen(at: replica) > 0 {
            throw SimulationFailure(
                "P14", "A conflict of replica \(replica.number) cannot be settled.")
        }
    }

    /// Both sides have the same, but for what was set aside.
    private func checkEqual() throws {
        for replica in replicas {
            let rows = try replica.notes()
            for collection in try replica.collections() {
                let spoilt = Set(
                    try replica.store.readBlocking { try $0.quarantine.list(in: collection.id) }
                        .compactMap(\.remoteID))
                let held = Set(rows.filter { $0.hold != nil }.compactMap(\.remoteID))
                try checkEqual(
                    rows.filter { $0.collection == collection.id && !waits($0, for: held) },
                    at: replica, collection,
                    but: spoilt.union(held)
                        .union(forgotten(by: replica, in: collection.remoteID)))
            }
        }
    }

    /// Whether it is an instance that was never sent of a series that is set aside: it is held with
    /// that.
    private func waits(_ row: StoredResource, for held: Set<RemoteID>) -> Bool {
        guard row.isDirty, row.isUnseen || row.base == nil, let link = row.projection.exception
        else { return false }
        return held.contains(link.series)
    }

    /// What nobody can read still, and what a person dropped the record of: it is here as it was,
    /// or not at all, until it is written again.
    private func forgotten(by replica: SimulatedReplica, in place: RemoteID) -> [RemoteID] {
        provider.entries(in: place).filter { $0.entry.isSpoilt }.map(\.id)
            .filter { oracle.forgotten.contains("\(replica.number) \(place)/\($0)") }
    }

    private func checkEqual(
        _ rows: [StoredResource], at replica: SimulatedReplica, _ collection: RemoteCollection,
        but aside: Set<RemoteID>
    ) throws {
        let rules = NoteRules()
        let name = "Replica \(replica.number)"
        var there: [RemoteID: JSON] = [:]
        for note in provider.live(in: collection.remoteID) where !Self.isCancelled(note.json) {
            there[note.id] = note.json
        }
        for row in rows where row.hold == nil {
            let id = row.remoteID ?? RemoteID(rawValue: "-")
            guard !aside.contains(id) else { continue }
            guard let other = there.removeValue(forKey: id) else {
                throw SimulationFailure(
                    "P3", "\(name) has \(id) in \(collection.name), the provider has not.")
            }
            guard !row.isDirty else {
                throw SimulationFailure("P3", "\(name) never sent \(id).")
            }
            guard let live = row.live, rules.canonical(live) == rules.canonical(other) else {
                throw SimulationFailure(
                    "P3",
                    "\(name) and the provider differ in \(id): "
                        + "\(row.live?.text ?? "-") here, \(other.text) there.")
            }
        }
        if let lost = there.keys.filter({ !aside.contains($0) }).min() {
            throw SimulationFailure("P3", "\(name) lacks \(lost).")
        }
    }

    /// An instance that stands for nothing is shown by nobody.
    private static func isCancelled(_ note: JSON) -> Bool {
        note["cancelled"]?.bool == true && note["seriesId"] != nil
    }

    /// A sync that has nothing to do does nothing.
    private func checkSilence() throws {
        for replica in replicas {
            let version = provider.version
            let before = try replica.store.readBlocking { try $0.changes.list().count }
            provider.clearRequests()
            oracle.itemsRead = 0
            try perform(.sync(replica: replica.number, full: false))
            try finishRuns()
            let after = try replica.store.readBlocking { try $0.changes.list().count }
            guard provider.version == version,
                provider.requests.allSatisfy({ $0.hasPrefix("pull ") }),
                provider.requests.count <= Self.collections.count, before == after,
                oracle.itemsRead == 0
            else {
                throw SimulationFailure(
                    "P8",
                    "Replica \(replica.number) had nothing to do and did "
                        + "\(provider.requests), \(oracle.itemsRead) items read, "
                        + "\(after - before) log entries.")
            }
        }
    }
}
