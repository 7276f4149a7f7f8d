import LosslessJSON
import TandemCore
import TandemStore

/// Storing what a listing says.
extension PassTransaction {
    /// Stores one page; the last one also decides on deletes and moves the cursor, so that the
    /// cursor never runs ahead of the data.
    func apply(
        _ page: PulledPage, to collection: RemoteCollection, listing: Listing
    ) throws -> PageSummary {
        var collection = collection
        let rules = try rules(of: collection)
        // A first listing is one entry in the change log, not one for each thing that was there.
        let isFirstListing = collection.lastSuccess == nil
        var summary = PageSummary()
        for item in page.items {
            switch item {
            case .resource(let remote):
                try take(
                    remote, in: collection, rules: rules, isFirstListing: isFirstListing,
                    into: &summary)
            case .unreadable(let remoteID, let raw, let reason):
                try setAside(remoteID, raw: raw, reason: reason, in: collection)
                summary.quarantined += 1
            }
        }
        guard page.next == nil else { return summary }
        try finishListing(&collection, listing: listing, rules: rules, into: &summary)
        if isFirstListing { try logFirstListing(of: collection) }
        collection.cursor = page.cursor
        collection.fingerprint = context.fingerprint(collection.kind)
        collection.lastSuccess = now
        collection.timeZone = page.timeZone ?? collection.timeZone
        try store.collections.update(collection)
        return summary
    }

    private func take(
        _ remote: RemoteResource, in collection: RemoteCollection, rules: any KindRules,
        isFirstListing: Bool, into summary: inout PageSummary
    ) throws {
        guard var row = try store.resources.find(remoteID: remote.remoteID, in: collection.id)
        else {
            guard !remote.isTombstone else { return }
            try insert(remote, in: collection, rules: rules, logs: !isFirstListing)
            summary.pulled.created += 1
            return
        }
        // It was moved away from here, by us; what this collection says of it is history.
        guard row.collection == collection.id || row.movedFrom == collection.id else { return }
        row.generation = collection.listing?.generation ?? collection.generation
        if remote.isTombstone {
            let cause = PendingDelete(cause: .tombstone, run: context.run)
            try meetTombstone(
                of: row, cause: cause, rules: rules, in: collection, into: &summary)
        } else {
            try meet(remote, row: row, in: collection, rules: rules, into: &summary)
        }
    }

    private func insert(
        _ remote: RemoteResource, in collection: RemoteCollection, rules: any KindRules, logs: Bool
    ) throws {
        let projection = rules.projection(of: remote.json)
        let id = try store.resources.insertBase(
            bytes: remote.bytes ?? remote.json.serialized(), remoteID: remote.remoteID,
            etag: remote.etag, projection: projection,
            generation: collection.listing?.generation ?? collection.generation,
            into: collection)
        guard let id else { return }
        if logs {
            try log(
                .created, resource: id, kind: collection.kind, in: collection,
                title: projection.title, before: nil, after: remote.json, rules: rules)
        }
        try follow(remote.json, resource: id, in: collection, rules: rules)
    }

    /// Meets a version that the remote holds with ours.
    func meet(
        _ remote: RemoteResource, row: StoredResource, in collection: RemoteCollection,
        rules: any KindRules, sent: JSON? = nil, into summary: inout PageSummary
    ) throws {
        var row = row
        let wasMissing = row.deletedAt != nil
        row.missingSince = nil
        row.pendingDelete = nil
        if row.hold == .pullHeld || row.hold == .unreachable { row.hold = nil }
        let shown = row.live
        let side = LocalSide(
            base: row.deletedAt == nil ? row.base : nil, edit: LocalSide.Edit(row.local),
            sent: sent)
        switch Reconciler(rules: rules).meet(remote.json, with: side) {
        case .unchanged:
            // Where only the etag moved, nothing was changed, so nothing is told.
            row.adopt(remote)
        case .merged(let local, let clashes):
            row.adopt(remote)
            row.local = local.map { .edited($0) } ?? .unchanged
            try record(clashes, of: row)
            summary.conflicts += clashes.count
        default:
            row.adopt(remote)
            row.local = .unchanged
        }
        row.deletedAt = nil
        try store.resources.update(row)
        guard row.live.map(rules.canonical) != shown.map(rules.canonical) else { return }
        summary.pulled.updated += 1
        try log(
            wasMissing || shown == nil ? .restored : .updated, resource: row.id, kind: row.kind,
            in: collection, title: rules.projection(of: remote.json).title, before: shown,
            after: row.live, rules: rules)
        try follow(remote.json, resource: row.id, in: collection, rules: rules)
        try checkSlots(of: row, rules: rules, into: &summary)
    }

    /// Meets the news that the remote holds it no more: by a tombstone, a sweep, or a confirmed 404.
    func meetTombstone(
        of row: StoredResource, cause: PendingDelete, rules: any KindRules,
        in collection: RemoteCollection, into summary: inout PageSummary
    ) throws {
        var row = row
        guard row.deletedAt == nil, row.hold != .conflict, row.hold != .unreachable else { return }
        let side = LocalSide(base: row.base, edit: LocalSide.Edit(row.local), sent: nil)
        let mayRevive = row.live.map(rules.mayRecreate) ?? false
        switch Reconciler(rules: rules).meetTombstone(with: side, revivable: mayRevive) {
        case .removeAgreed:
            row.deletedAt = now
            row.local = .unchanged
            try store.resources.update(row)
        case .revive:
            recreate(&row, rules: rules)
            try store.resources.update(row)
        case .askPerson:
            row.hold = .conflict
            try store.resources.update(row)
            try recordConflict(
                of: row, field: ConflictRecord.delete, mine: row.live, theirs: nil)
            summary.conflicts += 1
        default:
            row.pendingDelete = cause
            try store.resources.update(row)
        }
    }

    /// Turns an edited resource whose remote copy is gone into a creation under another id.
    func recreate(_ row: inout StoredResource, rules: any KindRules) {
        guard let live = row.live else { return }
        let remoteID = rules.makeRemoteID(for: live, random: store.environment.random)
        row.local = .edited(rules.recreated(live, as: remoteID))
        row.remoteID = remoteID
        row.base = nil
        row.etag = nil
        row.hold = nil
        row.pendingDelete = nil
        row.missingSince = nil
    }

    private func setAside(
        _ remoteID: RemoteID?, raw: String, reason: String, in collection: RemoteCollection
    ) throws {
        let row = try remoteID.flatMap {
            try store.resources.find(remoteID: $0, in: collection.id)
        }
        if var row {
            // It is there, though unreadable: a sweep must not take it for deleted.
            row.generation = collection.listing?.generation ?? collection.generation
            try store.resources.update(row)
        }
        _ = try store.quarantine.add(
            collection: collection.id, resource: row?.id, remoteID: remoteID,
            kind: collection.kind, reason: reason, raw: raw,
            programVersion: context.programVersion)
    }

    private func logFirstListing(of collection: RemoteCollection) throws {
        try store.changes.append(
            ChangeEntry(
                user: store.user, account: collection.account, collection: collection.id,
                resource: nil, kind: collection.kind, verb: .listed, origin: .remote,
                title: collection.name, run: context.run,
                count: try store.resources.count(in: collection.id), at: now))
    }
}

/// What follows from a change of one resource for others.
extension PassTransaction {
    /// An entry of a list of calendars stands for a collection of events.
    func follow(
        _ json: JSON, resource: ResourceID, in collection: RemoteCollection,
        rules: any KindRules
    ) throws {
        guard let draft = rules.collection(for: json) else { return }
        let known = try store.collections.find(
            remoteID: draft.remoteID, kind: draft.kind, in: collection.account)
        guard var known else {
            _ = try store.collections.add(draft, to: collection.account, resource: resource)
            return
        }
        known.name = draft.name
        known.access = draft.access
        known.timeZone = draft.timeZone ?? known.timeZone
        known.resource = resource
        known.isGone = false
        try store.collections.update(known)
    }

    /// An edit of an instance whose slot left the series cannot be pushed: a person decides.
    func checkSlots(
        of series: StoredResource, rules: any KindRules, into summary: inout PageSummary
    ) throws {
        guard let json = series.live, rules.projection(of: json).isSeries,
            let remoteID = series.remoteID
        else { return }
        for var exception in try store.resources.exceptions(
            of: remoteID, in: series.collection)
        where exception.isDirty && exception.hold == nil {
            guard let live = exception.live, !rules.slotExists(for: live, in: json) else {
                continue
            }
            exception.hold = .conflict
            try store.resources.update(exception)
            try recordConflict(of: exception, field: ConflictRecord.slot, mine: live, theirs: nil)
            summary.conflicts += 1
        }
    }

    func record(_ clashes: [Clash], of row: StoredResource) throws {
        for clash in clashes {
            _ = try store.conflicts.add(
                resource: row.id, field: clash.field, mine: clash.mine, theirs: clash.theirs,
                base: clash.base)
        }
    }

    func recordConflict(
        of row: StoredResource, field: String, mine: JSON?, theirs: JSON?
    ) throws {
        _ = try store.conflicts.add(
            resource: row.id, field: field, mine: mine, theirs: theirs, base: row.base)
    }

    func log(
        _ verb: ChangeVerb, resource: ResourceID, kind: Kind, in collection: RemoteCollection,
        title: String, before: JSON?, after: JSON?, rules: any KindRules,
        cause: DeleteCause? = nil
    ) throws {
        try store.changes.append(
            ChangeEntry(
                user: store.user, account: collection.account, collection: collection.id,
                resource: resource, kind: kind, verb: verb, origin: .remote, title: title,
                changes: FieldChange.between(before, after, rules: rules), before: before,
                after: after, run: context.run, cause: cause, at: now))
    }
}

extension LocalSide.Edit {
    init(_ local: LocalVersion) {
        self =
            switch local {
            case .unchanged: .none
            case .edited(let json): .changed(json)
            case .deleted: .deleted
            }
    }
}

extension StoredResource {
    /// Makes a remote version the base.
    mutating func adopt(_ remote: RemoteResource) {
        setBase(remote.json, bytes: remote.bytes ?? remote.json.serialized())
        etag = remote.etag
    }
}
