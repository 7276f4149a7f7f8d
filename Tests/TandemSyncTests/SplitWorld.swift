import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting

@testable import TandemSync

/// A series that is divided.
extension SyncWorld {
    /// Divides a series: from `slots` on another one goes on, with its title changed.
    func divide(
        _ id: String = "s", into later: String = "later", slots: JSON
    ) async throws {
        let (place, run) = (try await collection(), run)
        try await store.write { transaction in
            let operation: OperationID = transaction.environment.makeID()
            let found = try transaction.resources.find(
                remoteID: RemoteID(rawValue: id), in: place.id)
            guard let series = found, var cut = series.live,
                let name = series.remoteID
            else { throw TandemError(.notFound, "No series.") }
            let kept = (cut["slots"]?.array ?? []).filter { slots.array?.contains($0) == false }
            var following = cut
            cut["slots"] = .array(kept)
            following["id"] = .string(later)
            following["slots"] = slots
            following["title"] = "new"
            let made = try transaction.createLocally(
                following, kind: NoteRules.kind, in: place, run: run, operation: operation)
            let earlier = try transaction.editLocally(
                series, to: cut, run: run, operation: operation)
            try transaction.splits.add(
                Split(
                    of: earlier, before: series.live ?? [:], cut: cut, later: made.id,
                    operation: operation, rules: NoteRules()))
            for exception in try transaction.resources.exceptions(of: name, in: place.id) {
                guard let live = exception.live, let slot = live["slot"],
                    slots.array?.contains(slot) == true
                else { continue }
                try transaction.deleteLocally(exception, run: run, operation: operation)
                guard let carried = NoteRules().exception(live, of: RemoteID(rawValue: later))
                else { continue }
                _ = try transaction.createLocally(
                    carried, kind: NoteRules.kind, in: place, run: run, operation: operation)
            }
        }
    }

    /// What is there under an id.
    func remote(_ id: String, in collection: RemoteID = work) -> JSON? {
        provider.live(in: collection).first { $0.id.rawValue == id }?.json
    }
}
