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
        var summary = PageSummary(read: page.items.count)
        // What could not be read before; a version of it that can be read settles it.
        var unread = try store.quarantine.unread(in: collection.id)
        for item in Self.goneFirst(page.items) {
            switch item {
            case .resource(let remote):
                try take(
                    remote, in: collection, rules: rules, isFirstListing: isFirstListing,
                    into: &summary)
                // A page may name a thing twice, and what was met may have settled it.
                if let record = unread.removeValue(forKey: remote.remoteID),
                    try store.quarantine.find(record) != nil
                {
                    try store.quarantine.remove(record)
                }
            case .unreadable(let remoteID, let raw, let reason):
                try setAside(remoteID, raw: raw, reason: reason, in: collection)
                summary.quarantined += 1
            }
        }
        guard page.next == nil else { return summary }
        try finishListing(&collection, listing: listing, rules: rules, into: &summary)
        if isFirstListing { try logFirstListing(of: collection) }
        // A delta without an end is read once more from where it began; a full listing without one
        // that a person asked for says nothing against where an earlier one ended.
        collection.cursor = page.cursor ?? listing.cursor ?? collection.cursor
        collection.fingerprint = context.fingerprint(collection.kind)
        collection.lastSuccess = now
        collection.timeZone = page.timeZone ?? collection.timeZone
        collection.access = page.access ?? collection.access
        summary.mayWrite = collection.access.allowsWriting
        if summary.mayWrite == false {
            summary.unsent = try store.resources.countWaiting(in: collection.id)
        }
        try store.collections.update(collection)
        return summary
    }

    /// What is gone comes first: what a page says of the instances of a series that is gone only
    /// follows from that.
    private static func goneFirst(_ items: [PulledItem]) -> [PulledItem] {
        func isGone(_ item: PulledItem) -> Bool {
            guard case .resource(let remote) = item else { return false }
            return remote.isTombstone
        }
        guard items.contains(where: isGone) else { return items }
        return items.filter(isGone) + items.filter { !isGone($0) }
    }

    private func take(
        _ remote: RemoteResource, in collection: RemoteCollection, rules: any KindRules,
        isFirstListing: Bool, into summary: inout PageSummary
    ) throws {
        // A first listing brings what is not here yet; only what is already needs to be looked up.
        if isFirstListing, !remote.isTombstone {
            let projection = remote.projection ?? rules.projection(of: remote.json)
            if try insert(remote, as: projection, in: collection, rules: rules) != nil {
                summary.pulled.note(listed: projection)
                return
            }
        }
        guard
            var row = try known(
                remote, in: collection, rules: rules, isFirstListing: isFirstListing,
                into: &summary)
        else {
            if remote.isTombstone {
                summary.signs += try passingThrough(remote, collection)
                try store.resources.noteLeft(remote.remoteID, from: collection.id)
            }
            return try takeNew(
                remote, in: collection, rules: rules, isFirstListing: isFirstListing,
                into: &summary)
        }
        // It was moved away from here; what this collection still says of it is history.
        guard row.collection == collection.id || row.movedFrom == collection.id else { return }
        // Nor is it yet where it waits to be moved to: it was gone from there before, as after an
        // earlier move of ours.
        if remote.isTombstone, let place = row.movedFrom, place != collection.id {
            if row.pendingDelete != nil { summary.signs.append(row.id) }
            return
        }
        row.generation = collection.listing?.generation ?? collection.generation
        if remote.isTombstone {
            let cause = PendingDelete(cause: .tombstone, run: context.run)
            summary.signs += try meetTombstone(
                of: row, cause: cause, rules: rules, in: collection)
        } else {
            // Of a write whose outcome is not known yet this may be what became of it.
            let unknown = try row.isDirty ? store.intents.open(for: row.id).last : nil
            try meet(
                remote, row: row, in: collection, rules: rules, sent: unknown?.local,
                mayBeAnothers: try unknown.map { try mayBeAnothers($0, row) } ?? false,
                into: &summary)
            if let place = unknown?.collection, place != collection.id, place != row.movedFrom {
                try forgetSent(of: row.id)
            }
        }
    }

    /// What is gone from where it lay, and now from here, too: it was here meanwhile, and may be on
    /// its way to a third place.
    private func passingThrough(
        _ remote: RemoteResource, _ collection: RemoteCollection
    ) throws -> [ResourceID] {
        try store.resources.elsewhere(remote.remoteID, than: collection)
            .filter { $0.pendingDelete != nil }.map(\.id)
    }

    private func takeNew(
        _ remote: RemoteResource, in collection: RemoteCollection, rules: any KindRules,
        isFirstListing: Bool, into summary: inout PageSummary
    ) throws {
        guard !remote.isTombstone else { return }
        let projection = remote.projection ?? rules.projection(of: remote.json)
        guard let made = try insert(remote, as: projection, in: collection, rules: rules)
        else { return }
        guard !isFirstListing else { return summary.pulled.note(listed: projection) }
        for twin in try store.resources.elsewhere(remote.remoteID, than: collection) {
            try store.revivals.pass(from: twin.id, to: made)
        }
        let cancellation = try cancellation(
            remote.json, projection, of: nil, in: collection.id, rules: rules)
        switch cancellation {
        case nil: summary.pulled.created += 1
        case .takesAway: summary.pulled.deleted += 1
        case .isKnown, .isOfNobody: break
        }
        if cancellation == nil || cancellation == .takesAway {
            try log(
                cancellation == nil ? .created : .deleted, resource: made, kind: collection.kind,
                in: collection,
                title: try title(of: projection, formerly: nil, in: collection.id), before: nil,
                after: remote.json, rules: rules, cause: cancellation == nil ? nil : .tombstone)
        }
        guard projection.exception != nil else { return }
        summary.conflicts += try meetLostSlot(
            of: made, before: nil, in: collection, rules: rules)
    }

    /// - Returns: Its id where it is new here.
    private func insert(
        _ remote: RemoteResource, as projection: Projection, in collection: RemoteCollection,
        rules: any KindRules
    ) throws -> ResourceID? {
        let id = try store.resources.insertBase(
            bytes: remote.bytes ?? remote.json.serialized(), remoteID: remote.remoteID,
            etag: remote.etag, projection: projection,
            generation: collection.listing?.generation ?? collection.generation,
            into: collection)
        guard let id else { return nil }
        try follow(remote.json, resource: id, in: collection, rules: rules)
        return id
    }

    private func setAside(
        _ remoteID: RemoteID?, raw: String, reason: String, in collection: RemoteCollection
    ) throws {
        // What lies elsewhere by now, or has another name, says nothing by having been here before.
        let row = try remoteID.flatMap {
            try store.resources.find(remoteID: $0, in: collection.id)
        }.flatMap {
            ($0.movedFrom ?? $0.collection) == collection.id && $0.remoteID == remoteID ? $0 : nil
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
        try store.collections.announce(draft, account: collection.account, resource: resource)
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
        changes: [FieldChange] = [], cause: DeleteCause? = nil, origin: ChangeOrigin = .remote,
        operation: OperationID? = nil
    ) throws {
        var answers: [JSON]?
        if verb == .updated, let before, let after {
            answers = rules.answers(from: before, to: after)
        }
        try store.changes.append(
            ChangeEntry(
                user: store.user, account: collection.account, collection: collection.id,
                resource: resource, kind: kind, verb: answers == nil ? verb : .answered,
                origin: origin, title: title,
                actor: try actor(
                    of: verb, from: before, to: after, answers: answers, origin: origin,
                    in: collection),
                changes: changes + FieldChange.between(before, after, rules: rules),
                before: before, after: after, run: context.run, operation: operation,
                cause: cause, at: now))
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
