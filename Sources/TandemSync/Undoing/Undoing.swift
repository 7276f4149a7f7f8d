import LosslessJSON
public import TandemCore
public import TandemStore

/// Undoes what a run changed, by edits in the other direction.
///
/// They are ordinary local edits, made from the change log's earlier versions in the caller's
/// transaction: they wait, are sent, and are undone like any other. What was changed again since is
/// not overwritten but told. Valid only within that transaction.
public struct Undoing {
    let store: StoreTransaction
    let run: RunID
    let sendUpdates: SendUpdates

    /// Undoes within `transaction`.
    ///
    /// - Parameters:
    ///   - transaction: The transaction that is under way.
    ///   - run: The run that the edits are recorded under.
    ///   - sendUpdates: Whom the provider may mail about them.
    public init(
        _ transaction: StoreTransaction, run: RunID, sendUpdates: SendUpdates = .none
    ) {
        store = transaction
        self.run = run
        self.sendUpdates = sendUpdates
    }

    /// Undoes one run, whoever's edits it made or brought.
    ///
    /// An edit that still waits is taken back, with whatever was one edit with it, and nobody is
    /// mailed about that.
    ///
    /// - Parameter undone: The run.
    /// - Returns: What was changed, and what stayed as it is.
    /// - Throws: ``TandemError`` with code `notFound` where there is no such run, `invalid` where
    ///   it changed nothing that is still known; `StoreError`.
    public func undo(_ undone: RunID) throws -> UndoOutcome {
        guard try store.runs.find(undone) != nil else {
            throw TandemError(.notFound, "There is no such run.", remedy: "tandem log")
        }
        let entries = try store.changes.list(run: undone)
        guard !entries.isEmpty else {
            throw TandemError(
                .invalid, "The run changed nothing here that could be undone.",
                remedy: "What it was: tandem log \(undone)")
        }
        var outcome = UndoOutcome()
        for entry in entries where entry.resource == nil {
            outcome.kept.append(KeptChange(title: entry.title, reason: .collection))
        }
        var settled: Set<ResourceID> = []
        for change in try ordered(RunChange.all(in: entries))
        where !settled.contains(change.resource) {
            do {
                let changed = try undo(change, of: undone, into: &outcome)
                settled.formUnion(changed.map(\.id))
                outcome.changed += changed
            } catch let error as TandemError {
                outcome.kept.append(
                    KeptChange(
                        resource: change.resource, title: change.title, reason: .refused,
                        message: error.message))
            }
        }
        return outcome
    }

    /// A series comes back before its instances; those of a series that the run made go with it.
    private func ordered(_ changes: [RunChange]) throws -> [RunChange] {
        let made = Set(changes.filter(\.isMade).map(\.resource))
        var (first, then): ([RunChange], [RunChange]) = ([], [])
        for change in changes {
            guard let link = try link(of: change) else {
                if change.after == nil { first.append(change) } else { then.append(change) }
                continue
            }
            if try series(of: link.exception, in: link.place).map({ made.contains($0.id) }) != true
            {
                then.append(change)
            }
        }
        return first + then
    }

    /// Which instance of which series a change is about, and where that lies.
    private func link(
        of change: RunChange
    ) throws -> (exception: ExceptionLink, place: CollectionID)? {
        guard let row = try store.resources.find(change.resource),
            let shown = change.after ?? change.before,
            let exception = try store.rulebook.rules(for: row.kind).projection(of: shown).exception
        else { return nil }
        return (exception, row.collection)
    }

    /// The series of an instance, by whatever name it goes now.
    private func series(
        of link: ExceptionLink, in place: CollectionID
    ) throws -> StoredResource? {
        try store.resources.find(remoteID: link.series, in: place)
    }

    /// - Returns: What was changed.
    private func undo(
        _ change: RunChange, of undone: RunID, into outcome: inout UndoOutcome
    ) throws -> [StoredResource] {
        func keep(_ reason: KeptChange.Reason) -> [StoredResource] {
            outcome.kept.append(
                KeptChange(resource: change.resource, title: change.title, reason: reason))
            return []
        }
        guard let row = try store.resources.find(change.resource) else { return keep(.forgotten) }
        let rules = try store.rulebook.rules(for: row.kind)
        let shown = change.after ?? change.before
        guard shown.flatMap(rules.collection(for:)) == nil else { return keep(.collection) }
        let later = try store.changes.list(after: change.end, resource: row.id)
            .filter { $0.run != undone }
        if try isAllThatWaits(change, of: row, later: later, rules: rules) {
            return try Resolutions(store, run: run).takeBack(row)
        }
        switch (change.before, change.after) {
        case (nil, nil):
            return []
        case (nil, _?):
            guard row.live != nil else { return [] }
            guard row.projection.exception == nil else { return keep(.instance) }
            return try remove(row, madeAt: change.end, later: later) ?? keep(.changedSince)
        case (let before?, nil):
            let isGone = row.live == nil || row.projection.isCancelled
            guard isGone else { return keep(.restoredSince) }
            var restoring = Restoring(undoing: self, change: change, undone: undone)
            let restored = try restoring.restore(row, to: before, rules: rules)
            outcome.kept += restoring.kept
            return restored ?? keep(.seriesGone)
        case (let before?, let after?):
            guard row.live != nil else { return keep(.deletedSince) }
            var edit = InverseEdit(before: before, after: after, change: change, row: row)
            try edit.make(in: self, later: later, rules: rules)
            outcome.kept += edit.kept
            return edit.changed.map { [$0] } ?? []
        }
    }

    /// Whether all that waits of a resource is what the run did, so that taking it back is all
    /// there is to do: nothing of it was sent, nor brought by anybody.
    private func isAllThatWaits(
        _ change: RunChange, of row: StoredResource, later: [ChangeEntry], rules: any KindRules
    ) throws -> Bool {
        guard change.isLocal, row.isDirty, row.hold != .conflict,
            try store.intents.open(for: row.id).isEmpty, later.isEmpty
        else { return false }
        if let from = row.movedFrom, change.move?.from != from { return false }
        // An instance that was none of its own is as its series had it.
        guard let base = row.base else { return change.before == nil }
        guard let before = change.before else { return false }
        return rules.canonical(before) == rules.canonical(base)
    }

    /// Deletes what the run made, with its instances.
    /// - Returns: What was deleted; `nil` where any of it was changed since.
    private func remove(
        _ row: StoredResource, madeAt end: Int64, later: [ChangeEntry]
    ) throws -> [StoredResource]? {
        guard later.isEmpty else { return nil }
        let instances =
            row.projection.isSeries
            ? try row.remoteID.map {
                try store.resources.exceptions(of: $0, in: row.collection)
            } ?? [] : []
        for instance in instances {
            let since = try store.changes.list(after: end, resource: instance.id)
            guard since.allSatisfy({ $0.operation == row.operation }) else { return nil }
        }
        for instance in instances where instance.isDirty {
            _ = try store.revertLocally(instance, run: run)
        }
        try store.deleteLocally(row, sendUpdates: sendUpdates, run: run)
        return try [store.resources.find(row.id)].compactMap { $0 }
    }
}
