import LosslessJSON
import TandemCore
import TandemStore

extension EventActions {
    /// Deletes an event, one instance of a series, or more of it.
    ///
    /// - Parameters:
    ///   - reference: What an id stands for.
    ///   - reach: How much of a series is meant; by default the instance, where the id names one,
    ///     else the whole series.
    /// - Returns: What the edit came to.
    /// - Throws: `TandemError` with code `invalid`, `denied` or `notFound`; `StoreError`.
    public func delete(
        _ reference: ItemReference, reach: SeriesReach? = nil
    ) throws -> EditOutcome {
        try requireCalendar(of: reference.resource)
        switch reference {
        case .resource(let resource) where resource.projection.isSeries:
            guard reach ?? .all == .all else { throw Self.needsInstance }
            return try asOne.deleteSeries(resource)
        case .resource(let resource):
            return EditOutcome(try remove(resource))
        case .instance(let instance):
            switch reach ?? .this {
            case .this: return EditOutcome(try cancel(instance))
            case .following: return try asOne.deleteFollowing(instance)
            case .all: return try asOne.deleteSeries(try series(of: instance))
            }
        }
    }

    func remove(_ resource: StoredResource) throws -> StoredResource {
        _ = try live(resource)
        try transaction.deleteLocally(
            resource, sendUpdates: sendUpdates, run: run, operation: operation)
        return try transaction.resources.find(resource.id) ?? resource
    }

    /// Cancels one instance: its slot stays taken by a resource that says so.
    private func cancel(_ instance: InstanceReference) throws -> StoredResource {
        let seen = try seen(instance)
        var event = seen
        event["status"] = "cancelled"
        if let exception = instance.exception {
            // A guest may leave an instance, but not cancel it for everybody.
            let isOwn = event["organizer"].map { $0["self"]?.bool == true } ?? true
            guard instance.series != nil, isOwn || exception.base == nil else {
                return try remove(exception)
            }
            return try transaction.editLocally(
                exception, to: event, sendUpdates: sendUpdates, run: run, verb: .deleted)
        }
        let series = try series(of: instance)
        guard let collection = try transaction.collections.find(series.collection) else {
            throw TandemError(.internalInconsistency, "The series lies in no calendar.")
        }
        return try transaction.createLocally(
            try withoutServerOwned(event), kind: .event, in: collection,
            base: try withoutServerOwned(seen), sendUpdates: sendUpdates, run: run,
            operation: operation, verb: .deleted)
    }

    /// Deletes a series; edits of its instances that wait have nothing left to change.
    private func deleteSeries(_ series: StoredResource) throws -> EditOutcome {
        var changed: [StoredResource] = []
        for exception in try storedExceptions(of: series) where exception.isDirty {
            if exception.base == nil {
                try transaction.deleteLocally(exception, run: run, operation: operation)
                changed.append(try transaction.resources.find(exception.id) ?? exception)
            } else {
                changed.append(
                    try transaction.revertLocally(exception, run: run, operation: operation))
            }
        }
        return EditOutcome(try remove(series), alsoChanged: changed)
    }

    /// Ends a series before an instance.
    private func deleteFollowing(_ instance: InstanceReference) throws -> EditOutcome {
        let series = try series(of: instance)
        let model = try model(of: series)
        guard let slot = model.slot(named: instance.slot) else { throw Self.needsInstance }
        if model.start(of: slot) == model.span.start { return try deleteSeries(series) }
        try requireOrganizer(model.json)
        let before = try split(model, at: slot).before
        let dropped = try storedExceptions(of: series)
            .filter { self.slot(of: $0, in: model).map { $0 >= slot } ?? false }
            .compactMap { try drop($0) }
        return EditOutcome(try truncate(series, to: before), alsoChanged: dropped)
    }
}
