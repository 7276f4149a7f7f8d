import GoogleConnector
import LosslessJSON
import TandemCore
import TandemStore
import TandemSync

/// What must hold once nothing goes wrong any more.
extension GoogleWorld {
    /// More rounds than these nothing may need.
    private static let mostRounds = 5
    /// More effects than these no run has.
    private static let mostEffects = 20_000

    /// Lets everything come to its end, then checks every promise.
    func comeToRest() async throws {
        try await finishRuns()
        // Whatever was still on its way has arrived or never will.
        while replicas.contains(where: { $0.wire.hasLate }) { try await perform(.arrive(0)) }
        for _ in 0..<Self.mostRounds {
            // A day lets every rest end; nobody waits for a person here.
            try await perform(.pass(seconds: 90_000))
            for replica in replicas {
                try await decideAll(at: replica)
                try await perform(
                    .sync(replica: replica.number, full: replica.wasMisled))
                replica.wasMisled = false
                try await finishRuns()
            }
        }
        try noteEnds()
        try oracle.checkNothingLost(self)
        try oracle.checkNoneDoubled(at: side)
        for replica in replicas {
            try oracle.checkCauses(at: replica)
            try checkEqual(at: replica)
        }
        for replica in replicas { try await checkSilence(at: replica) }
    }

    private func finishRuns() async throws {
        for _ in 0..<Self.mostEffects {
            guard let replica = running.first else { return }
            try await perform(.deliver(replica: replica, effect: 0, fault: nil))
        }
        throw GoogleSimulationFailure("P3", "A run does not come to its end.")
    }

    /// Releases what was held and lets the other side win what nobody can decide.
    private func decideAll(at replica: GoogleReplica) async throws {
        for _ in 0..<100 {
            let isHeld = try replica.store.readBlocking { transaction in
                try transaction.collections.list(of: replica.account.id)
                    .contains { try !transaction.holds.list(in: $0.id).isEmpty }
            }
            guard isHeld else { break }
            try await perform(.decide(replica: replica.number, hold: 0, releases: true))
        }
        while let first = try openConflicts(at: replica).first {
            try await perform(.resolve(replica: replica.number, conflict: 0, mine: false))
            guard try !openConflicts(at: replica).contains(where: { $0.id == first.id }) else {
                throw GoogleSimulationFailure(
                    "P14", "Replica \(replica.number) cannot settle what is about \(first.field).")
            }
        }
    }

    private func openConflicts(at replica: GoogleReplica) throws -> [ConflictRecord] {
        try replica.store.readBlocking { try $0.conflicts.list() }
            .filter { $0.resolvedAt == nil }.sorted { $0.id < $1.id }
    }

    /// Counts what the replicas went through, and makes what they ended with part of the digest.
    private func noteEnds() throws {
        for replica in replicas {
            try replica.store.readBlocking { transaction in
                for conflict in try transaction.conflicts.list(includesResolved: true) {
                    met("conflict: \(conflict.field.prefix { $0 != "." })")
                }
                for entry in try transaction.changes.list() {
                    met("\(entry.verb.rawValue), \(entry.origin.rawValue)")
                }
                for record in try transaction.quarantine.list() { note(record.raw) }
            }
            for row in try replica.rows() { note(row.live?.text ?? "-") }
        }
        for calendar in GoogleSide.calendars {
            for event in try side.events(in: calendar) { note(event.text) }
        }
    }

    // MARK: - Equal on both sides

    /// What is seen here is there, and the other way round, but for what was set aside.
    private func checkEqual(at replica: GoogleReplica) throws {
        let rows = try replica.events()
        let places = try replica.calendars()
        guard places.count == GoogleSide.calendars.count else {
            throw GoogleSimulationFailure(
                "P3", "Replica \(replica.number) knows \(places.count) calendars.")
        }
        for calendar in places {
            let spoilt = Set(
                try replica.store.readBlocking { try $0.quarantine.list(in: calendar.id) }
                    .compactMap(\.remoteID))
            let here = rows.filter { $0.collection == calendar.id }
            // What waits to be moved is at Google where it lay.
            let waiting = try replica.setAside().filter {
                $0.collection == calendar.id || $0.movedFrom == calendar.id
            }
            try checkEqual(
                here, at: replica, calendar,
                but: spoilt.union(waiting.compactMap(\.remoteID)))
        }
    }

    private func checkEqual(
        _ rows: [StoredResource], at replica: GoogleReplica, _ calendar: RemoteCollection,
        but aside: Set<RemoteID>
    ) throws {
        let name = "Replica \(replica.number)"
        var there: [RemoteID: JSON] = [:]
        for event in try side.events(in: calendar.remoteID.rawValue)
        where event["status"] != "cancelled" {
            there[RemoteID(rawValue: event["id"]?.string ?? "")] = event
        }
        for row in rows where row.hold == nil {
            let id = row.remoteID ?? RemoteID(rawValue: "-")
            guard !aside.contains(id) else { continue }
            guard let other = there.removeValue(forKey: id) else {
                throw GoogleSimulationFailure(
                    "P3", "\(name) has \(id) in \(calendar.name), Google has not.")
            }
            guard !row.isDirty else {
                throw GoogleSimulationFailure("P3", "\(name) never sent \(id).")
            }
            let rules = EventRules()
            guard let live = row.live, rules.canonical(live) == rules.canonical(other) else {
                throw GoogleSimulationFailure(
                    "P3",
                    "\(name) and Google differ in \(id): \(row.live?.text ?? "-") here, "
                        + "\(other.text) there.")
            }
        }
        if let lost = there.keys.filter({ !aside.contains($0) }).min() {
            throw GoogleSimulationFailure("P3", "\(name) lacks \(lost) in \(calendar.name).")
        }
    }

    /// A sync that has nothing to do reads each collection once, and does nothing.
    private func checkSilence(at replica: GoogleReplica) async throws {
        let before = try replica.store.readBlocking { try $0.changes.list().count }
        replica.wire.clearRequests()
        try await perform(.sync(replica: replica.number, full: false))
        try await finishRuns()
        let after = try replica.store.readBlocking { try $0.changes.list().count }
        let asked = replica.wire.requests
        guard asked.allSatisfy({ $0.hasPrefix("GET ") }), asked.count == 3, before == after else {
            throw GoogleSimulationFailure(
                "P8",
                "Replica \(replica.number) had nothing to do and asked \(asked), "
                    + "\(after - before) log entries.")
        }
    }
}
