import LosslessJSON
import TandemCore
import TandemStore

/// Telling what a page's item is to us: known here, moved here by somebody else, or new.
extension PassTransaction {
    /// The resource that an item of a page means; `nil` for one that is new here.
    ///
    /// A tombstone under a former name means nothing that lives. A resource that belongs here and
    /// lay in another collection was moved by somebody else: it keeps our id.
    func known(
        _ remote: RemoteResource, in collection: RemoteCollection, rules: any KindRules,
        isFirstListing: Bool
    ) throws -> StoredResource? {
        let found = try store.resources.find(remoteID: remote.remoteID, in: collection.id)
        let isHere = found?.collection == collection.id || found?.movedFrom == collection.id
        if let found, isHere, found.remoteID == remote.remoteID { return found }
        guard !remote.isTombstone else { return nil }
        // What a first listing brings was there before, wherever else it is.
        if !isFirstListing, rules.home(of: remote.json) == collection.remoteID,
            let moved = try store.resources.elsewhere(remote.remoteID, than: collection)
                .first(where: { try isAtHome($0, rules: rules) })
        {
            return try follow(moved, to: collection, rules: rules)
        }
        return found?.remoteID == remote.remoteID ? found : nil
    }

    /// Whether the resource was no copy of a thing that belongs to another collection.
    private func isAtHome(_ row: StoredResource, rules: any KindRules) throws -> Bool {
        guard let base = row.base, let home = rules.home(of: base) else { return false }
        let place = try store.collections.find(row.movedFrom ?? row.collection)
        return place?.remoteID == home
    }

    /// Takes a resource along to where somebody else moved it; a move of ours that waits then
    /// begins there.
    private func follow(
        _ row: StoredResource, to collection: RemoteCollection, rules: any KindRules
    ) throws -> StoredResource {
        var row = row
        let left = row.movedFrom ?? row.collection
        if row.movedFrom != nil {
            row.movedFrom = row.collection == collection.id ? nil : collection.id
        } else {
            row.collection = collection.id
        }
        if row.hold == .pullHeld { try store.holds.withdraw(row.id) }
        row.pendingDelete = nil
        row.missingSince = nil
        let isGone = row.deletedAt != nil
        row.deletedAt = nil
        let written = try store.resources.update(row)
        try takeEditedInstances(of: written, from: left, to: collection)
        let shown = isGone ? row.base : row.live
        try log(
            .moved, resource: row.id, kind: row.kind, in: collection,
            title: written.projection.title, before: shown, after: shown, rules: rules,
            changes: [
                FieldChange(
                    field: "collection", before: .string(left.rawValue),
                    after: .string(collection.id.rawValue))
            ])
        return written
    }

    /// What was edited here of a series' instances goes where the series went; what was not comes
    /// with the listing.
    private func takeEditedInstances(
        of series: StoredResource, from left: CollectionID, to collection: RemoteCollection
    ) throws {
        guard series.projection.isSeries, let name = series.remoteID,
            series.collection == collection.id
        else { return }
        for var instance in try store.resources.exceptions(of: name, in: left)
        where instance.isDirty && instance.deletedAt == nil {
            let namesake = try instance.remoteID.flatMap {
                try store.resources.find(remoteID: $0, in: collection.id)
            }
            guard namesake == nil || namesake?.id == instance.id else { continue }
            instance.collection = collection.id
            instance.pendingDelete = nil
            instance.missingSince = nil
            if !instance.isUnseen {
                instance.generation = collection.listing?.generation ?? collection.generation
            }
            try store.resources.update(instance)
        }
    }
}
