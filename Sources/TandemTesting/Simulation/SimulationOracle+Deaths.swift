import LosslessJSON
import TandemCore
import TandemStore

/// Watches that what was deleted, and that nobody edited since, stays so (P10).
///
/// A thing is known by the text it was made with, which no edit changes.
struct DeathWatch {
    private var dead: Set<String> = []

    /// It was deleted, and nobody had anything against it.
    mutating func died(_ made: String) { dead.insert(made) }

    /// Somebody did something to it, so that it may live.
    mutating func touched(_ note: JSON?) {
        if let made = note?["made"]?.string { dead.remove(made) }
    }

    /// Whether it has no reason to live.
    func isDead(_ note: JSON) -> Bool { note["made"]?.string.map(dead.contains) ?? false }
}

extension SimulatedWorld {
    /// Something was deleted at the provider; who edited it may bring it to life again.
    func noteDeath(of note: JSON?) throws {
        guard let note, let made = note["made"]?.string, try !isEdited(note) else { return }
        guard copies(of: made).isEmpty else { return }
        oracle.deaths.died(made)
    }

    /// Something was deleted at a replica that knew all of it.
    func noteDeath(of row: StoredResource, at replica: SimulatedReplica) throws {
        guard let base = row.base, let made = base["made"]?.string, let id = row.remoteID,
            try !isEdited(base)
        else { return }
        let isInFlight = try replica.store.readBlocking {
            try !$0.intents.open(for: row.id).isEmpty
        }
        let rules = NoteRules()
        let copies = copies(of: made)
        guard !isInFlight, copies.count == 1, copies[0]["id"]?.string == id.rawValue,
            rules.canonical(copies[0]) == rules.canonical(base), copies[0]["home"] == base["home"]
        else { return }
        oracle.deaths.died(made)
    }

    /// What has no reason to live does not, unless it was set aside.
    func checkDeaths() throws {
        var aside: Set<String> = []
        for replica in replicas {
            let rows = try replica.store.readBlocking {
                try $0.resources.list(ResourceFilter(includesDeleted: true))
            }
            for row in rows where row.hold != nil {
                if let made = (row.base ?? row.live)?["made"]?.string { aside.insert(made) }
            }
        }
        for name in Self.collections {
            for note in provider.live(in: RemoteID(rawValue: name))
            where oracle.deaths.isDead(note.json) {
                guard let made = note.json["made"]?.string, !aside.contains(made) else { continue }
                throw SimulationFailure(
                    "P10", "\(made) was deleted, and lives again as \(note.id) in \(name).")
            }
        }
    }

    /// Whether an edit of it waits at some replica.
    private func isEdited(_ note: JSON) throws -> Bool {
        try replicas.contains { replica in
            try replica.notes().contains { $0.isDirty && $0.live?["made"] == note["made"] }
        }
    }

    private func copies(of made: String) -> [JSON] {
        Self.collections.flatMap { name in
            provider.live(in: RemoteID(rawValue: name)).map(\.json)
        }
        .filter { $0["made"]?.string == made }
    }
}
