import LosslessJSON
import TandemCore
import TandemStore

/// Brings back what a run deleted: a series with the instances that went with it.
struct Restoring {
    let undoing: Undoing
    let change: RunChange
    let undone: RunID
    /// Instances that could not be brought back with their series.
    private(set) var kept: [KeptChange] = []

    init(undoing: Undoing, change: RunChange, undone: RunID) {
        self.undoing = undoing
        self.change = change
        self.undone = undone
    }

    private var store: StoreTransaction { undoing.store }

    /// - Returns: What was brought back, the resource first; `nil` for an instance whose series is
    ///   gone.
    mutating func restore(
        _ row: StoredResource, to before: JSON, rules: any KindRules
    ) throws -> [StoredResource]? {
        if row.live != nil {
            // The provider keeps it as an instance that does not happen.
            return [
                try store.editLocally(
                    row, to: before, sendUpdates: undoing.sendUpdates, run: undoing.run,
                    verb: .restored)
            ]
        }
        if row.deletedAt != nil, rules.projection(of: before).exception != nil {
            return try restoreInstance(before, of: row, rules: rules).map { [$0] }
        }
        let restored = try store.restoreLocally(
            row, to: before, sendUpdates: undoing.sendUpdates, run: undoing.run)
        guard restored.projection.isSeries, let former = row.remoteID,
            restored.remoteID != former
        else { return [restored] }
        return try [restored] + instances(of: former, in: row.collection, rules: rules)
    }

    /// The instances that went with their series, under its new name: changed ones, and those that
    /// did not happen.
    private mutating func instances(
        of former: RemoteID, in place: CollectionID, rules: any KindRules
    ) throws -> [StoredResource] {
        var restored: [StoredResource] = []
        for row in try store.resources.exceptions(of: former, in: place)
        where row.deletedAt != nil {
            let last = try store.changes.list(resource: row.id).last
            // What the run itself says of an instance is undone on its own.
            let went = last?.cause != nil && last?.cause == change.cause && last?.run != undone
            let isCancelled = row.projection.isCancelled
            guard went || isCancelled, var version = last?.before ?? row.base else { continue }
            // What is known of it is from before it was taken out.
            if isCancelled, let cancelled = rules.cancelled(version) {
                version = version.merging(cancelled)
            }
            do {
                let instance = try restoreInstance(version, of: row, rules: rules)
                if let instance { restored.append(instance) }
            } catch let error as TandemError {
                kept.append(
                    KeptChange(
                        resource: row.id, title: row.projection.title, reason: .refused,
                        message: error.message))
            }
        }
        return restored
    }

    /// Makes an instance its own again, in the series as that is called now.
    private func restoreInstance(
        _ version: JSON, of row: StoredResource, rules: any KindRules
    ) throws -> StoredResource? {
        guard let place = try store.collections.find(row.collection),
            let link = rules.projection(of: version).exception,
            let series = try store.resources.find(remoteID: link.series, in: place.id),
            series.live != nil, let name = series.remoteID
        else { return nil }
        var version = version
        if name != link.series {
            guard let carried = rules.exception(version, of: name) else { return nil }
            version = carried
        }
        let isCancelled = rules.projection(of: version).isCancelled
        return try store.createLocally(
            version, kind: row.kind, in: place,
            base: isCancelled ? bare(version, rules) : rules.cancelled(version),
            sendUpdates: undoing.sendUpdates, run: undoing.run,
            verb: isCancelled ? .deleted : .restored)
    }

    /// The names alone: all else is then sent.
    private func bare(_ version: JSON, _ rules: any KindRules) -> JSON {
        var bare: JSON = [:]
        for member in rules.serverOwned.sorted() where version[member] != nil {
            bare[member] = version[member]
        }
        return bare
    }
}
