import LosslessJSON
import TandemCore
import TandemFormats
import TandemStore

extension EventActions {
    /// Edits a whole series.
    ///
    /// - Parameters:
    ///   - series: The series.
    ///   - seen: What the person looked at: the series itself or one of its instances.
    ///   - edit: What is to be done; a new time moves the whole series by as much.
    /// - Returns: The series as it is now.
    /// - Throws: `TandemError` with code `invalid`, `denied` or `notFound`; `StoreError`.
    func editSeries(
        _ series: StoredResource, as seen: JSON, _ edit: EventEdit
    ) throws -> EditOutcome {
        let model = try model(of: series)
        let change = try change(edit, seen: seen, of: series, model: model)
        var event = try change.applied(to: model.json, span: model.span)
        let exceptions = try storedExceptions(of: series)
        if !change.shift.isNone, event["recurrence"] != nil {
            let moved = try SeriesModel(
                event, remoteID: model.remoteID, fallbackZone: model.zoneName)
            let lost = try exceptions.filter { exception in
                let slot = exception.projection.exception.flatMap { moved.slot(named: $0.slot) }
                return try exception.projection.isCancelled
                    && slot.map { try !moved.has($0) } ?? true
            }
            event = try excluding(lost, from: event, model: model, change: change)
        }
        let written = try write(event, to: series, edit)
        guard let live = written.live, live["recurrence"] != nil else {
            return EditOutcome(
                written, leftBehind: exceptions.filter { !$0.projection.isCancelled })
        }
        return try spread(change, edit, over: exceptions, of: written, formerly: model.json)
    }

    /// Edits a whole series, as seen in one of its instances; tells what that became.
    func editSeries(through instance: InstanceReference, _ edit: EventEdit) throws -> EditOutcome {
        let series = try series(of: instance)
        let former = try model(of: series)
        var outcome = try asOne.editSeries(series, as: try seen(instance), edit)
        outcome.instance = try self.instance(instance.slot, of: former, in: outcome.resource)
        return outcome
    }

    /// An instance of a series after the series was edited; `nil` where it has none there any more.
    private func instance(
        _ name: String, of former: SeriesModel, in series: StoredResource
    ) throws -> InstanceReference? {
        guard let live = series.live, live["recurrence"] != nil, let old = former.slot(named: name)
        else { return nil }
        let model = try model(of: series)
        let change = SeriesChange(
            from: former.json, to: live, fallbackZone: model.zoneName,
            rules: try transaction.rulebook.rules(for: .event))
        guard let start = former.start(of: old).shifted(by: change.shift),
            let slot = model.slot(startingAt: start), try model.has(slot)
        else { return nil }
        let exception = try storedExceptions(of: series).first {
            self.slot(of: $0, in: model) == slot
        }
        return InstanceReference(
            series: series, exception: exception, slot: slot.idSuffix, anchor: series)
    }

    /// Makes what a series' instances inherited from it follow the series' edit; names the
    /// changed instances that no longer fit.
    private func spread(
        _ change: SeriesChange, _ edit: EventEdit, over exceptions: [StoredResource],
        of series: StoredResource, formerly former: JSON
    ) throws -> EditOutcome {
        let model = try model(of: series)
        var changed: [StoredResource] = []
        var leftBehind: [StoredResource] = []
        for exception in exceptions where !exception.projection.isCancelled {
            guard let link = exception.projection.exception, let live = exception.live else {
                continue
            }
            guard let slot = model.slot(named: link.slot), try model.has(slot) else {
                leftBehind.append(exception)
                continue
            }
            let inherited = change.inherited(by: live, series: former)
            if inherited != live { changed.append(try write(inherited, to: exception, edit)) }
        }
        return EditOutcome(series, alsoChanged: changed, leftBehind: leftBehind)
    }

    /// The edit of what was seen, read as an edit of the series; its rule may be part of it.
    private func change(
        _ edit: EventEdit, seen: JSON, of series: StoredResource, model: SeriesModel
    ) throws -> SeriesChange {
        var old = seen
        old["recurrence"] = model.json["recurrence"]
        let rules = try transaction.rulebook.rules(for: .event)
        let new = try edit.applied(
            to: old, viewedIn: viewer, fallbackZone: model.zoneName, rules: rules)
        let change = SeriesChange(
            from: old, to: new, fallbackZone: model.zoneName, rules: rules)
        guard !edit.isAnswer || change.fits(model.json) else {
            throw TandemError(
                .notFound, "You are invited to this instance alone, not to its series.",
                remedy: "Answer for this instance: --scope this")
        }
        return change
    }

    /// The exceptions of a series that are still there.
    func storedExceptions(of series: StoredResource) throws -> [StoredResource] {
        guard let remoteID = series.remoteID else { return [] }
        return try SeriesExceptions.all(of: series, remoteID: remoteID, in: transaction)
            .filter { $0.live != nil }
    }

    /// The event with the slots of cancelled instances excluded by its rule, so that they stay
    /// cancelled although the series moves.
    func excluding(
        _ cancelled: [StoredResource], from event: JSON, model: SeriesModel, change: SeriesChange
    ) throws -> JSON {
        guard let span = EventSpan(of: event, fallbackZone: model.zoneName),
            span.start.isDay == model.span.start.isDay
        else { return event }
        var lines = SeriesModel.lines(of: event)
        for exception in cancelled {
            guard let link = exception.projection.exception,
                let slot = model.slot(named: link.slot),
                let start = model.start(of: slot).shifted(by: change.shift)
            else { continue }
            lines.append(start.exclusionLine)
        }
        var event = event
        event["recurrence"] = .array(lines.map { .string($0) })
        return event
    }

    /// Ends a series before an instance and begins a new one there, with the edit in it.
    func editFollowing(_ instance: InstanceReference, _ edit: EventEdit) throws -> EditOutcome {
        let series = try series(of: instance)
        let model = try model(of: series)
        guard let slot = model.slot(named: instance.slot) else { throw Self.needsInstance }
        let seen = try seen(instance)
        if model.start(of: slot) == model.span.start {
            return try editSeries(series, as: seen, edit)
        }
        try requireOrganizer(model.json)
        let split = try split(model, at: slot)
        let change = try change(edit, seen: seen, of: series, model: model)
        // One that had no slot any more before is no part of either.
        let later = try storedExceptions(of: series).filter {
            guard let own = self.slot(of: $0, in: model), own >= slot else { return false }
            return try model.has(own)
        }
        var event = try newSeries(model, from: slot, lines: split.following, change: change)
        let cancelled = later.filter { $0.projection.isCancelled }
        event = try excluding(cancelled, from: event, model: model, change: change)
        guard let collection = try transaction.collections.find(series.collection) else {
            throw TandemError(.internalInconsistency, "The series lies in no calendar.")
        }
        let created = try transaction.createLocally(
            event, kind: .event, in: collection, sendUpdates: sendUpdates, run: run,
            operation: operation)
        let cut = try truncate(series, to: split.before)
        guard let operation, let after = cut.live else {
            throw TandemError(.internalInconsistency, "A division is one edit.")
        }
        try transaction.splits.add(
            Split(
                of: cut, before: model.json, cut: after, later: created.id, operation: operation,
                rules: try transaction.rulebook.rules(for: .event)))
        var changed = [cut]
        changed += try carry(later, of: model, to: created, change: change)
        return EditOutcome(created, alsoChanged: changed)
    }

    /// The part of a series from a slot on, as a series of its own without an id yet.
    private func newSeries(
        _ model: SeriesModel, from slot: RecurrenceSlot, lines: [String], change: SeriesChange
    ) throws -> JSON {
        var event = try withoutServerOwned(model.json)
        event["id"] = nil
        event["iCalUID"] = nil
        let span = model.span(of: slot)
        event["start"] = span.start.json
        event["end"] = span.end.json
        event["recurrence"] = .array(lines.map { .string($0) })
        return try change.applied(to: event, span: span)
    }

    /// Takes the exceptions behind a split over to the new series.
    /// - Returns: What was changed: the exceptions that were dropped, and those made anew.
    private func carry(
        _ exceptions: [StoredResource], of old: SeriesModel, to series: StoredResource,
        change: SeriesChange
    ) throws -> [StoredResource] {
        let model = try model(of: series)
        var carried: [StoredResource] = []
        for exception in exceptions {
            let live = try live(exception)
            let slot = slot(of: exception, in: old)
            if let dropped = try drop(exception) { carried.append(dropped) }
            guard !exception.projection.isCancelled, let slot,
                let start = old.start(of: slot).shifted(by: change.shift),
                let newSlot = model.slot(startingAt: start), try model.has(newSlot)
            else { continue }
            var event = change.inherited(
                by: try withoutServerOwned(live), series: old.json)
            for member in ["id", "iCalUID", "recurrence"] { event[member] = nil }
            if event["start"] == old.start(of: slot).json,
                event["end"] == old.span(of: slot).end.json
            {
                event["start"] = model.span(of: newSlot).start.json
                event["end"] = model.span(of: newSlot).end.json
            }
            event["recurringEventId"] = .string(model.remoteID)
            event["originalStartTime"] = start.json
            carried.append(
                try makeException(
                    event, from: try model.instance(of: newSlot, rules: transaction.rulebook),
                    of: series))
        }
        return carried
    }

    /// Deletes an exception whose slot goes; one that Google already knows as cancelled stays.
    /// - Returns: The exception as it is then; `nil` where it stayed.
    func drop(_ exception: StoredResource) throws -> StoredResource? {
        guard !exception.projection.isCancelled || exception.isDirty else { return nil }
        return try remove(exception)
    }

    func slot(of exception: StoredResource, in model: SeriesModel) -> RecurrenceSlot? {
        exception.projection.exception.flatMap { model.slot(named: $0.slot) }
    }

    func split(
        _ model: SeriesModel, at slot: RecurrenceSlot
    ) throws(TandemError) -> (before: [String], following: [String]) {
        do { return try model.recurrence.split(at: slot) } catch {
            throw TandemError(
                .invalid, "The series cannot be divided there: \(error.message)", cause: error)
        }
    }

    func truncate(_ series: StoredResource, to lines: [String]) throws -> StoredResource {
        var event = try live(series)
        event["recurrence"] = .array(lines.map { .string($0) })
        return try write(event, to: series)
    }

    /// Only who organises a series can divide it.
    func requireOrganizer(_ event: JSON) throws(TandemError) {
        guard let organizer = event["organizer"], organizer["self"]?.bool != true,
            event["guestsCanModify"]?.bool != true
        else { return }
        throw TandemError(
            .denied,
            "Somebody else organises this series, so only they can divide it; "
                + "use --scope this.")
    }
}
