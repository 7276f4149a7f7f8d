import TandemCore
import TandemStore

extension EventActions {
    /// Widens whom Google may mail about an edit that waits, and about what was edited with it.
    ///
    /// - Parameters:
    ///   - reference: What an id stands for.
    ///   - reach: How much of a series is meant; by default the instance, where the id names one,
    ///     else the whole series.
    /// - Returns: What the edit came to.
    /// - Throws: `TandemError` with code `invalid` where no edit waits, or where it mails more
    ///   already; with `denied` while it is on its way; `StoreError`.
    public func widenMailing(
        _ reference: ItemReference, reach: SeriesReach? = nil
    ) throws -> EditOutcome {
        guard let resource = try edited(reference, reach), resource.isDirty else {
            throw TandemError(
                .invalid,
                "No edit of this event waits to be sent, so there is nothing to mail about.",
                remedy: "Say it together with a change: tandem events edit ID --title TEXT "
                    + "--send-updates \(sendUpdates.rawValue)")
        }
        guard sendUpdates >= resource.sendUpdates else {
            throw TandemError(
                .invalid,
                "The edit that waits mails '\(resource.sendUpdates.rawValue)' already, which can be "
                    + "widened, not narrowed.",
                remedy: "Give the edit up, then make it anew: tandem queue drop \(resource.id)")
        }
        guard let widened = try transaction.widenMailing(of: resource.id, to: sendUpdates) else {
            throw TandemError(
                .denied, "The edit is on its way, with what was said before.",
                remedy: "tandem sync")
        }
        return EditOutcome(widened, alsoChanged: try widenParts(of: widened))
    }

    /// What the edit that is meant would have changed.
    private func edited(
        _ reference: ItemReference, _ reach: SeriesReach?
    ) throws -> StoredResource? {
        guard case .instance(let instance) = reference else { return reference.resource }
        return (reach ?? .this) == .this ? instance.exception : instance.series
    }

    /// The other parts of the same edit that wait, too.
    private func widenParts(of resource: StoredResource) throws -> [StoredResource] {
        guard let operation = resource.operation else { return [] }
        let parts = try transaction.changes.list(operation: operation).compactMap(\.resource)
        return try Set(parts).subtracting([resource.id]).sorted().compactMap { id in
            guard let part = try transaction.resources.find(id), part.operation == operation,
                part.sendUpdates < sendUpdates
            else { return nil }
            return try transaction.widenMailing(of: id, to: sendUpdates)
        }
    }
}
