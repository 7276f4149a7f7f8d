import LosslessJSON
import TandemCore
import TandemStore

/// Storing that a write was taken.
extension PassTransaction {
    func acknowledge(
        _ intent: Intent, _ row: StoredResource, _ answer: RemoteResource,
        rules: any KindRules, into summary: inout SettleSummary
    ) throws {
        var row = row
        try store.intents.remove(intent.id)
        row.pushRounds = 0
        row.missingSince = nil
        row.acknowledgedEdit = max(row.acknowledgedEdit, intent.editNumber)
        switch intent.verb {
        case .delete:
            try acknowledgeDelete(intent, row, rules: rules, into: &summary)
        case .move:
            try acknowledgeMove(intent, row, answer, rules: rules, into: &summary)
        case .create, .patch:
            try acknowledgeContent(intent, row, answer, rules: rules, into: &summary)
        }
    }

    private func acknowledgeDelete(
        _ intent: Intent, _ row: StoredResource, rules: any KindRules,
        into summary: inout SettleSummary
    ) throws {
        var row = row
        summary.pushed.deleted += 1
        try store.holds.forgetRelease(of: row.id)
        row.movedFrom = nil
        guard row.editNumber == intent.editNumber || row.live == nil else {
            // Taken back while it was on its way: edited here, deleted there.
            row.pendingDelete = PendingDelete(cause: .tombstone, run: context.run)
            try store.resources.update(row)
            return
        }
        row.deletedAt = now
        row.local = .unchanged
        try store.resources.update(row)
        try store.splits.forgetClosed(of: row.id)
        let cause = DeleteCause.operation(row.operation ?? intent.id)
        summary.conflicts += try removeExceptions(of: row, cause: cause, rules: rules)
    }

    /// The remote copy now lies where the write took it; the user may have moved on meanwhile.
    private func acknowledgeMove(
        _ intent: Intent, _ row: StoredResource, _ answer: RemoteResource,
        rules: any KindRules, into summary: inout SettleSummary
    ) throws {
        var row = row
        summary.pushed.updated += 1
        summary.hasMoved = true
        let place = try place(of: intent, row)
        row.movedFrom = place.id == row.collection ? nil : place.id
        row.generation = max(place.generation, place.listing?.generation ?? 0)
        try store.takeInstances(of: row, from: row.collection)
        guard !answer.saysNothing else {
            // The version that is known is of where it was.
            row.etag = answer.etag
            try store.resources.update(row)
            if answer.etag == nil { try restUntilRead(row.id, rounds: 0) }
            return
        }
        // A move carries no edit, and no condition: what it answers is met like any version.
        var page = PageSummary()
        try meet(answer, row: row, in: place, rules: rules, into: &page)
        summary.conflicts += page.conflicts
        summary.broughtBack += page.broughtBack
    }

    /// Where a move led.
    func place(of intent: Intent, _ row: StoredResource) throws -> RemoteCollection {
        let known = try intent.destination.flatMap {
            try store.collections.find(remoteID: $0, kind: row.kind, in: row.account)
        }
        return try known ?? collection(row.collection)
    }

    private func acknowledgeContent(
        _ intent: Intent, _ row: StoredResource, _ answer: RemoteResource,
        rules: any KindRules, into summary: inout SettleSummary
    ) throws {
        var row = row
        var answer = answer
        let saysNothing = answer.saysNothing
        if saysNothing {
            // Done, without a word of what it is now: it is what was sent.
            answer.json = intent.local ?? row.base ?? [:]
            answer.bytes = nil
        }
        let collection = try collection(row.movedFrom ?? row.collection)
        if let twin = try twin(of: row, named: answer.remoteID, in: collection) {
            // The provider made no new thing of it, but answers with one that is here already.
            return try setAside(
                row, body: intent.local, why: "This is there already, as \(twin.id).",
                in: collection, into: &summary)
        }
        let unseen = row.editNumber != intent.editNumber ? row.local : .unchanged
        let untaken = try recordUntaken(
            of: row, sent: intent.local, unseen: unseen, answer: answer.json, rules: rules)
        summary.conflicts += untaken
        let former = row
        row.remoteID = answer.remoteID
        rebase(&row, on: answer, sent: intent.local, unseen: unseen, rules: rules)
        if try isItsSeriesStill(former, answer) {
            leaveToSeries(&row)
        } else if row.isUnseen {
            row.generation = collection.generation
        }
        row = try store.resources.update(row)
        // Of what is there no version is known, and without one nothing is to be written over it.
        if saysNothing, answer.etag == nil { try restUntilRead(row.id, rounds: 0) }
        if untaken > 0 { try tellTakenBack(row, formerly: former, in: collection, rules: rules) }
        try store.splits.forgetClosed(of: row.id)
        guard intent.verb == .create else {
            summary.pushed.updated += 1
            try removeLostExceptions(of: former, by: intent, rules: rules)
            return
        }
        summary.pushed.created += 1
        try follow(answer.json, resource: row.id, in: collection, rules: rules)
    }

    /// Whether a write that changed nothing of an instance was answered with what its series says of
    /// that: the version is the series', and no listing will name it.
    private func isItsSeriesStill(
        _ row: StoredResource, _ answer: RemoteResource
    ) throws -> Bool {
        guard row.isNoneOfItsOwn, let etag = answer.etag, let link = row.projection.exception else {
            return false
        }
        return try store.resources.find(remoteID: link.series, in: row.collection)?.etag == etag
    }

    /// An instance that is as its series has it must not stand here for what the series becomes.
    private func leaveToSeries(_ row: inout StoredResource) {
        row.etag = nil
        guard row.local == .unchanged else { return }
        row.base = nil
        row.deletedAt = now
    }

    private static let wasNotTaken = "The write was answered, but this was not taken."

    /// Keeps what was written, but by the answer is as it was before: a field, or of a list or an
    /// object that merges by its keys one element.
    ///
    /// It was not taken, and nobody said so. What a later edit replaces is not lost.
    /// - Returns: How many values these are.
    private func recordUntaken(
        of row: StoredResource, sent: JSON?, unseen: LocalVersion, answer: JSON,
        rules: any KindRules
    ) throws -> Int {
        guard let sent, let base = row.base, unseen != .deleted else { return 0 }
        let (before, wanted, answered) = (
            rules.canonical(base), rules.canonical(sent), rules.canonical(answer)
        )
        guard answered != wanted else { return 0 }
        var later = wanted
        if case .edited(let edited) = unseen { later = rules.canonical(edited) }
        var count = 0
        for field in rules.allFields(of: [before, wanted, answered]) {
            let (was, wish, last, now) = (
                field.parts(of: before), field.parts(of: wanted), field.parts(of: later),
                field.parts(of: answered)
            )
            let untaken = (wish.keys + was.keys.filter { wish[$0] == nil }).filter {
                wish[$0] != was[$0] && wish[$0] == last[$0] && now[$0] == was[$0]
            }
            guard !untaken.isEmpty else { continue }
            let known = try store.refusal(of: sent, for: row)
            let isKnown = known?.fields.contains(field.name) == true
            for part in untaken {
                _ = try store.conflicts.add(
                    resource: row.id, field: part, mine: field.parts(of: sent)[part],
                    theirs: field.parts(of: answer)[part], base: field.parts(of: base)[part],
                    refusal: isKnown ? known?.text : Self.wasNotTaken)
            }
            count += untaken.count
        }
        return count
    }

    /// Tells that what was edited here is not so any more, because the provider did not take it.
    func tellTakenBack(
        _ row: StoredResource, formerly former: StoredResource, in collection: RemoteCollection,
        rules: any KindRules
    ) throws {
        guard let before = former.live, let after = row.live,
            rules.canonical(before) != rules.canonical(after)
        else { return }
        try log(
            .updated, resource: row.id, kind: row.kind, in: collection,
            title: row.projection.title, before: before, after: after, rules: rules)
    }

    /// An edit made while the write was on its way still waits; it began from what was sent.
    private func rebase(
        _ row: inout StoredResource, on answer: RemoteResource, sent: JSON?,
        unseen: LocalVersion, rules: any KindRules
    ) {
        row.adopt(answer)
        row.local = unseen
        guard case .edited(let edited) = unseen, let sent else { return }
        let outcome = ThreeWayMerge(rules: rules)
            .merge(base: sent, local: edited, remote: answer.json)
        var merged = outcome.merged
        // What the server made of the earlier edit does not stand against a later one.
        for clash in outcome.clashes { rules.put(clash.mine, at: clash.field, into: &merged) }
        row.local = .edited(merged)
    }

    /// Another resource that goes by a name, where a write went or where what it wrote now lies.
    func twin(
        of row: StoredResource, named name: RemoteID, in collection: RemoteCollection
    ) throws -> StoredResource? {
        guard name != row.remoteID else { return nil }
        return try [collection.id, row.collection].lazy
            .compactMap { try store.resources.find(remoteID: name, in: $0) }
            .first { $0.id != row.id && $0.remoteID == name }
    }
}

extension RemoteResource {
    /// Whether the provider said no more than that it was done.
    var saysNothing: Bool { json.object?.isEmpty == true }
}
