import LosslessJSON
public import TandemCore
public import TandemStore

/// Settles what waits for a person: conflicts, stopped mass deletes, items set aside.
///
/// Each settlement is an ordinary local edit or delete in the caller's transaction; nothing is
/// sent before the next sync.
public struct Resolutions {
    let store: StoreTransaction
    let run: RunID

    /// Settles within `transaction`, recorded under `run`.
    public init(_ transaction: StoreTransaction, run: RunID) {
        store = transaction
        self.run = run
    }

    // MARK: Conflicts

    /// Settles one conflict: takes the value from here, leaves the one from there, or keeps both
    /// as two things.
    ///
    /// Of a conflict that is settled already the value from here can be had as long as it is kept: it
    /// becomes a new edit on top of what is there now.
    ///
    /// - Returns: The resource as it now is.
    /// - Throws: ``TandemError`` with code `notFound` where there is no such conflict, or what it is
    ///   about is gone, `denied` for a value that the provider refused and would refuse again,
    ///   `invalid` for what makes no sense any more; `StoreError`.
    public func resolve(_ id: ConflictID, use choice: ConflictResolution) throws -> StoredResource {
        guard let conflict = try store.conflicts.find(id) else {
            throw TandemError(
                .notFound, "There is no conflict '\(id)'.", remedy: "tandem conflicts list")
        }
        if let obstacle = try ConflictChoices(store).obstacle(to: choice, of: conflict) {
            throw obstacle
        }
        let row = try resource(conflict.resource)
        guard conflict.resolvedAt == nil else {
            try bringBack(conflict, to: row)
            return try resource(row.id)
        }
        let divided = try store.splits.cutting(row.id).filter(store.splits.isOpen)
        let clashes = try divided.first.map(store.splits.clashes) ?? []
        try store.conflicts.resolve(id, as: choice)
        switch conflict.field {
        case ConflictRecord.delete: try resolveDelete(row, divided, use: choice)
        case ConflictRecord.slot: try resolveSlot(conflict, of: row, use: choice)
        case _ where clashes.contains { $0.id == id }:
            try resolveCut(clashes, of: row, divided, use: choice)
        default: try resolveField(conflict, of: row, use: choice)
        }
        return try resource(row.id)
    }

    private func resource(_ id: ResourceID) throws -> StoredResource {
        guard let row = try store.resources.find(id) else {
            throw TandemError(.notFound, "The item '\(id)' is not in the store any more.")
        }
        return row
    }

    /// Edited here, deleted there.
    private func resolveDelete(
        _ row: StoredResource, _ divided: [Split], use choice: ConflictResolution
    ) throws {
        var row = row
        let steps = try steps(for: row)
        let takesTheirs = choice == .theirs || choice == .moot
        if let base = row.base, steps.rules.projection(of: base).isCancelled {
            return try resolveCancelled(row, takesTheirs: takesTheirs, steps)
        }
        if takesTheirs {
            var taking = TakingBack(store: store, run: run)
            try taking.takeBack(divided, of: row)
            row.hold = nil
            try steps.pass.remove(row, in: steps.collection, rules: steps.rules)
        } else {
            row.editNumber += 1
            try steps.pass.revive(row, rules: steps.rules)
        }
    }

    /// An instance edited here, cancelled there: its slot is there still, so that the edit can bring
    /// it back.
    private func resolveCancelled(
        _ row: StoredResource, takesTheirs: Bool, _ steps: Steps
    ) throws {
        var row = row
        let before = row.live
        row.hold = nil
        if takesTheirs { row.local = .unchanged } else { row.editNumber += 1 }
        try store.resources.update(row)
        guard takesTheirs else { return }
        try steps.pass.log(
            .deleted, resource: row.id, kind: row.kind, in: steps.collection,
            title: row.projection.title, before: before, after: nil, rules: steps.rules,
            cause: .tombstone)
    }

    /// An edited instance whose slot left its series: kept, it becomes a thing of its own.
    private func resolveSlot(
        _ conflict: ConflictRecord, of row: StoredResource, use choice: ConflictResolution
    ) throws {
        var row = row
        let steps = try steps(for: row)
        // Where somebody else changed the instance, ours is the edit that took its slot away.
        let isTheirs = conflict.mine == nil
        let keeps = choice == .both || choice == (isTheirs ? .theirs : .mine)
        // Once the edit arrived that takes its slot, the provider calls the instance cancelled.
        let isCancelledThere = !row.isSeen && row.local == .unchanged
        // What was deleted here since is asked about still, as it was.
        if keeps, let kept = row.isSeen ? row.live : conflict.mine ?? conflict.theirs {
            let id = steps.rules.makeRemoteID(
                for: steps.rules.recreated(kept, as: nil), random: store.environment.random)
            _ = try store.createLocally(
                steps.rules.recreated(kept, as: id), kind: row.kind, in: steps.collection,
                sendUpdates: .none, run: run)
        }
        let before = row.live
        row.hold = nil
        guard !isCancelledThere else {
            try store.resources.update(row)
            return
        }
        if isTheirs {
            // The provider has it until the edit arrives that takes its slot.
            row.local = .deleted
            row.editNumber += 1
        } else {
            row.local = .unchanged
            if try !isStillThere(row) { row.deletedAt = store.environment.now() }
            row.pendingDelete = nil
        }
        row = try store.resources.update(row)
        let isGone = row.live == nil
        try steps.pass.log(
            isGone ? .deleted : .updated, resource: row.id, kind: row.kind, in: steps.collection,
            title: row.projection.title, before: before, after: row.live, rules: steps.rules,
            cause: isGone ? .operation(store.environment.makeID()) : nil, origin: .local)
    }

    /// Whether the provider holds an instance whose slot is gone: it had it of its own, said of
    /// neither the instance nor its series that it is gone, and takes it away with the edit that
    /// takes its slot, if at all.
    private func isStillThere(_ row: StoredResource) throws -> Bool {
        guard row.base != nil, !row.isUnseen, row.pendingDelete == nil else { return false }
        guard let link = row.projection.exception,
            let series = try store.resources.find(remoteID: link.series, in: row.collection)
        else { return true }
        return series.deletedAt == nil
    }

    /// One part of a resource, changed on both sides.
    private func resolveField(
        _ conflict: ConflictRecord, of row: StoredResource, use choice: ConflictResolution
    ) throws {
        guard choice == .mine || choice == .both, var edited = row.live else { return }
        let steps = try steps(for: row)
        steps.rules.put(conflict.mine, at: conflict.field, into: &edited)
        if choice == .mine {
            _ = try store.editLocally(
                row, to: edited, sendUpdates: row.sendUpdates, run: run)
        } else {
            let id = steps.rules.makeRemoteID(
                for: steps.rules.recreated(edited, as: nil), random: store.environment.random)
            _ = try store.createLocally(
                steps.rules.recreated(edited, as: id), kind: row.kind, in: steps.collection,
                sendUpdates: .none, run: run)
        }
    }

    /// Somebody changed the time or the rule of a series that was divided here: one answer decides
    /// on the cut, so on all that clashes about it, and on the later part.
    private func resolveCut(
        _ clashes: [ConflictRecord], of row: StoredResource, _ divided: [Split],
        use choice: ConflictResolution
    ) throws {
        guard var edited = row.live else {
            throw TandemError(.notFound, "The series is deleted.")
        }
        let rules = try store.rulebook.rules(for: row.kind)
        for clash in clashes {
            rules.put(clash.mine, at: clash.field, into: &edited)
            if try store.conflicts.find(clash.id)?.resolvedAt == nil {
                try store.conflicts.resolve(clash.id, as: choice)
            }
        }
        if choice == .mine {
            _ = try store.editLocally(
                row, to: edited, sendUpdates: row.sendUpdates, run: run)
        } else {
            var taking = TakingBack(store: store, run: run)
            try taking.takeBack(divided, of: row)
        }
    }

    // MARK: Holds

    /// Lets a stopped mass delete happen: local deletes are sent by the next sync, remote ones are
    /// applied now.
    /// - Throws: ``TandemError`` with code `notFound` where no such hold waits; `StoreError`.
    public func release(_ id: HoldID) throws {
        let hold = try openHold(id)
        try store.holds.decide(id, as: .released)
        for resourceID in hold.resources {
            guard var row = try store.resources.find(resourceID) else { continue }
            switch (hold.direction, row.hold) {
            case (.push, .pushHeld):
                row.hold = nil
                try store.resources.update(row)
            case (.pull, .pullHeld) where row.isDirty:
                // It was edited since: the next sync decides on it alone.
                row.hold = nil
                try store.resources.update(row)
            case (.pull, .pullHeld):
                let steps = try steps(for: row)
                try steps.pass.remove(
                    row, in: steps.collection, rules: steps.rules, cause: .released(id))
            default:
                continue  // It came back, or was settled, meanwhile.
            }
        }
    }

    /// Forbids a stopped mass delete: local deletes are undone, and what the remote deleted stays
    /// here, unlinked.
    /// - Throws: ``TandemError`` with code `notFound` where no such hold waits; `StoreError`.
    public func refuse(_ id: HoldID) throws {
        let hold = try openHold(id)
        try store.holds.decide(id, as: .refused)
        for resourceID in hold.resources {
            guard var row = try store.resources.find(resourceID) else { continue }
            switch (hold.direction, row.hold) {
            case (.push, .pushHeld):
                row.hold = nil
                try store.resources.update(row)
                _ = try store.revertLocally(row, run: run)
            case (.pull, .pullHeld):
                row.hold = .unreachable
                row.pendingDelete = nil
                try store.resources.update(row)
            default:
                continue  // It came back, or was settled, meanwhile.
            }
        }
    }

    private func openHold(_ id: HoldID) throws -> HoldRecord {
        guard let hold = try store.holds.find(id), hold.decision == nil else {
            throw TandemError(.notFound, "No hold '\(id)' waits.", remedy: "tandem holds list")
        }
        return hold
    }

    // MARK: Quarantine

    /// Lets an item that was set aside be tried again by the next sync.
    /// - Throws: ``TandemError`` with code `notFound`; `StoreError`.
    public func retry(_ id: QuarantineID) throws {
        let entry = try quarantined(id)
        guard var collection = try store.collections.find(entry.collection) else { return }
        // A person asks: the limits on full listings do not bind this one.
        collection.recentFullListings = []
        try store.collections.update(collection)
        try pass(for: collection.account).releaseQuarantined(entry)
    }

    /// Gives an item that was set aside up: an edit goes back to what both sides agreed on.
    /// - Throws: ``TandemError`` with code `notFound`; `StoreError`.
    public func drop(_ id: QuarantineID) throws {
        let entry = try quarantined(id)
        guard let resource = entry.resource, let row = try store.resources.find(resource),
            row.hold == .quarantined
        else {
            // Something that could not be read: nothing here is changed by forgetting it.
            return try store.quarantine.remove(id)
        }
        try retry(id)
        guard let released = try store.resources.find(resource) else { return }
        _ = try takeBack(released)
    }

    private func quarantined(_ id: QuarantineID) throws -> QuarantineRecord {
        guard let entry = try store.quarantine.find(id) else {
            throw TandemError(
                .notFound, "No item is set aside as '\(id)'.", remedy: "tandem quarantine list")
        }
        return entry
    }

    // MARK: Steps

    private struct Steps {
        var pass: PassTransaction
        var collection: RemoteCollection
        var rules: any KindRules
    }

    private func steps(for row: StoredResource) throws -> Steps {
        let pass = pass(for: row.account)
        return Steps(
            pass: pass, collection: try pass.collection(row.collection),
            rules: try store.rulebook.rules(for: row.kind))
    }

    private func pass(for account: AccountID) -> PassTransaction {
        PassTransaction(
            store: store,
            context: PassContext(
                account: account, run: run, fingerprint: { _ in "" }, programVersion: ""))
    }
}

extension KindRules {
    /// Puts the value of a clash back: `name` is a field's, or a field's and a key of it behind a
    /// slash.
    func put(_ value: JSON?, at name: String, into resource: inout JSON) {
        if let field = fields.first(where: { $0.name == name }) {
            return field.put(value, into: &resource)
        }
        // By scalars: a key may begin with one that would join the slash to one character.
        let scalars = name.unicodeScalars
        guard let slash = scalars.firstIndex(of: "/") else {
            resource[name] = value
            return
        }
        let parent = String(scalars[..<slash])
        let key = String(scalars[scalars.index(after: slash)...])
        guard let field = fields.first(where: { $0.name == parent }),
            let pointer = field.members.first
        else {
            // A member beside what a field covers within an object, or one whose name has a slash.
            let isWithin = fields.flatMap(\.members).contains {
                $0.components.count == 2 && $0.components[0] == parent
            }
            let way = isWithin ? [parent, key] : [name]
            resource[JSONPointer(components: way)] = value
            return
        }
        switch field.merging {
        case .keyedList(let member, let ownFlag, let ownMember):
            let elements = ListElements(key: member, ownFlag: ownFlag, ownMember: ownMember)
            var list = elements.keyed(resource[pointer])
            list[key] = value
            resource[pointer] = list.isEmpty ? nil : .array(list.members.map(\.value))
        default:
            resource[pointer.appending(key)] = value
        }
    }
}
