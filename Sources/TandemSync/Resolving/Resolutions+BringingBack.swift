import LosslessJSON
import TandemCore
import TandemStore

extension Resolutions {
    /// Makes the value from here of a settled conflict a new edit, on top of what is there now.
    func bringBack(_ conflict: ConflictRecord, to row: StoredResource) throws {
        try store.conflicts.resettle(conflict.id, as: .mine)
        let rules = try store.rulebook.rules(for: row.kind)
        let mine = conflict.mine ?? .null
        switch conflict.field {
        case ConflictRecord.delete where conflict.mine == nil:
            try store.deleteLocally(row, sendUpdates: row.sendUpdates, run: run)
        case ConflictRecord.delete where row.live == nil:
            _ = try store.restoreLocally(row, to: mine, run: run)
        case ConflictRecord.delete:
            _ = try store.editLocally(row, to: mine, sendUpdates: row.sendUpdates, run: run)
        case ConflictRecord.slot:
            guard let place = try store.collections.find(row.collection) else { return }
            let id = rules.makeRemoteID(
                for: rules.recreated(mine, as: nil), random: store.environment.random)
            _ = try store.createLocally(
                rules.recreated(mine, as: id), kind: row.kind, in: place, run: run)
        default:
            var edited = row.live ?? .object([:])
            rules.put(conflict.mine, at: conflict.field, into: &edited)
            _ = try store.editLocally(row, to: edited, sendUpdates: row.sendUpdates, run: run)
        }
    }
}
