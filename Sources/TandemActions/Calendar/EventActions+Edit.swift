import LosslessJSON
import TandemCore
import TandemStore

extension EventActions {
    /// Edits an event, one instance of a series, or more of it.
    ///
    /// - Parameters:
    ///   - reference: What an id stands for.
    ///   - edit: What is to be done.
    ///   - reach: How much of a series is meant; by default the instance, where the id names one,
    ///     else the whole series.
    /// - Returns: What the edit came to.
    /// - Throws: `TandemError` with code `invalid`, `denied` or `notFound`; `StoreError`.
    public func edit(
        _ reference: ItemReference, _ edit: EventEdit, reach: SeriesReach? = nil
    ) throws -> EditOutcome {
        try requireCalendar(of: reference.resource)
        switch reference {
        case .resource(let resource) where resource.projection.isSeries:
            guard reach ?? .all == .all else { throw Self.needsInstance }
            return try asOne.editSeries(resource, as: try live(resource), edit)
        case .resource(let resource):
            let edited = try applied(edit, to: try live(resource), of: resource)
            return EditOutcome(try write(edited, to: resource, edit))
        case .instance(let instance):
            switch reach ?? .this {
            case .this: return EditOutcome(try editInstance(instance, edit))
            case .following: return try asOne.editFollowing(instance, edit)
            case .all:
                return try editSeries(through: instance, edit)
            }
        }
    }

    /// Answers an invitation: one's own entry among the guests.
    ///
    /// - Throws: `TandemError` with code `notFound` where one is not invited; `StoreError`.
    public func answer(
        _ reference: ItemReference, _ answer: InvitationAnswer, reach: SeriesReach? = nil
    ) throws -> EditOutcome {
        var answer = answer
        let account = try transaction.accounts.find(reference.resource.account)
        answer.address = answer.address ?? account?.email
        return try edit(reference, .answer(answer), reach: reach)
    }

    static let needsInstance = TandemError(
        .invalid, "That id names the whole series; name one instance of it, as the agenda does.",
        remedy: "tandem agenda --json")

    /// The series an instance belongs to.
    func series(of instance: InstanceReference) throws(TandemError) -> StoredResource {
        if let series = instance.series, series.waitsToBeDeleted {
            throw Self.isDeleted("series", series)
        }
        guard let series = instance.series, series.live != nil else {
            throw TandemError(
                .invalid,
                "The series of this instance is not in your calendar, only the instance; "
                    + "use --scope this.")
        }
        return series
    }

    func applied(_ edit: EventEdit, to event: JSON, of resource: StoredResource) throws -> JSON {
        let edited = try edit.applied(
            to: event, viewedIn: viewer, fallbackZone: try zone(of: resource),
            rules: try transaction.rulebook.rules(for: .event))
        guard event["recurringEventId"] == nil || edited["recurrence"] == nil else {
            throw TandemError(
                .invalid, "One instance has no rule of its own; use --scope following or all.")
        }
        return edited
    }

    func write(
        _ event: JSON, to resource: StoredResource, _ edit: EventEdit? = nil
    ) throws -> StoredResource {
        try transaction.editLocally(
            resource, to: event, sendUpdates: sendUpdates, run: run, operation: operation,
            verb: edit?.isAnswer == true ? .answered : .updated)
    }

    /// An instance as it is seen: its own resource, else what the series says of its slot.
    func seen(_ instance: InstanceReference) throws -> JSON {
        if let exception = instance.exception {
            let live = try live(exception)
            guard live["status"]?.string != "cancelled" else {
                throw Self.isDeleted("instance", exception)
            }
            return live
        }
        let model = try model(of: try series(of: instance))
        guard let slot = model.slot(named: instance.slot) else { throw Self.needsInstance }
        return try model.instance(of: slot, rules: transaction.rulebook)
    }

    func model(of series: StoredResource) throws -> SeriesModel {
        guard let remoteID = series.remoteID else {
            throw TandemError(.internalInconsistency, "The series has no id at Google.")
        }
        return try SeriesModel(
            try live(series), remoteID: remoteID.rawValue, fallbackZone: try zone(of: series))
    }

    /// Edits one instance: its own resource, which is made where there was none.
    private func editInstance(
        _ instance: InstanceReference, _ edit: EventEdit
    ) throws -> StoredResource {
        let seen = try seen(instance)
        let edited = try applied(edit, to: seen, of: instance.anchor)
        if let exception = instance.exception { return try write(edited, to: exception, edit) }
        return try makeException(edited, from: seen, of: try series(of: instance), edit)
    }

    /// Stores an instance that differs from its series as a resource of its own.
    func makeException(
        _ event: JSON, from instance: JSON? = nil, of series: StoredResource,
        _ edit: EventEdit? = nil
    ) throws -> StoredResource {
        guard let collection = try transaction.collections.find(series.collection) else {
            throw TandemError(.internalInconsistency, "The series lies in no calendar.")
        }
        return try transaction.createLocally(
            try withoutServerOwned(event), kind: .event, in: collection,
            base: try instance.map { try withoutServerOwned($0) }, sendUpdates: sendUpdates,
            run: run, operation: operation,
            verb: edit?.isAnswer == true ? .answered : .updated)
    }
}
