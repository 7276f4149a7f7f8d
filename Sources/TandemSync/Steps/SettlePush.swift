import LosslessJSON
import TandemCore
import TandemStore

/// Storing what became of writes.
extension PassTransaction {
    /// After so many rounds of "changed meanwhile" an item rests, so that it blocks nothing.
    private static let mostRounds = 5
    private static let rest = Duration.seconds(300)
    /// A missing item counts as deleted only when it was missing this long.
    private static let missingLongEnough = Duration.seconds(60)

    func settle(
        _ writes: [SettledWrite], in collection: RemoteCollection
    ) throws -> SettleSummary {
        let rules = try rules(of: collection)
        var summary = SettleSummary()
        for write in writes {
            guard let intent = try store.intents.find(write.request.operation),
                let row = try store.resources.find(intent.resource)
            else { continue }
            switch write.answer {
            case .success(let answer):
                try acknowledge(intent, row, answer, rules: rules, into: &summary)
            case .failure(let error):
                try settleFailure(
                    error, of: Attempt(intent: intent, row: row, request: write.request),
                    in: collection, rules: rules, into: &summary)
            }
        }
        return summary
    }

    /// One write, and what it was to change.
    private struct Attempt {
        var intent: Intent
        var row: StoredResource
        var request: PushRequest
    }

    private func acknowledge(
        _ intent: Intent, _ row: StoredResource, _ answer: RemoteResource,
        rules: any KindRules, into summary: inout SettleSummary
    ) throws {
        var row = row
        var answer = answer
        if answer.json.object?.isEmpty == true {
            // Done, without a word of what it is now: it is what was sent.
            answer.json = intent.local ?? row.base ?? [:]
            answer.bytes = nil
        }
        try store.intents.remove(intent.id)
        row.pushRounds = 0
        row.missingSince = nil
        row.acknowledgedEdit = max(row.acknowledgedEdit, intent.editNumber)
        switch intent.verb {
        case .delete:
            row.deletedAt = now
            row.local = .unchanged
            summary.pushed.deleted += 1
            try dropExceptions(of: row)
        case .move:
            row.movedFrom = nil
            row.adopt(answer)
            summary.pushed.updated += 1
        case .create, .patch:
            let unseen = row.editNumber != intent.editNumber ? row.local : .unchanged
            row.remoteID = answer.remoteID
            rebase(&row, on: answer, sent: intent.local, unseen: unseen, rules: rules)
            if intent.verb == .create {
                summary.pushed.created += 1
            } else {
                summary.pushed.updated += 1
            }
        }
        try store.resources.update(row)
        if intent.verb == .create, let collection = try store.collections.find(row.collection) {
            try follow(answer.json, resource: row.id, in: collection, rules: rules)
        }
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
        row.local = .edited(outcome.clashes.isEmpty ? outcome.merged : edited)
    }

    private func dropExceptions(of series: StoredResource) throws {
        guard let remoteID = series.remoteID, series.projection.isSeries else { return }
        for var exception in try store.resources.exceptions(
            of: remoteID, in: series.collection)
        {
            exception.local = .unchanged
            exception.deletedAt = now
            try store.resources.update(exception)
        }
    }

    private func settleFailure(
        _ error: RemoteError, of attempt: Attempt, in collection: RemoteCollection,
        rules: any KindRules, into summary: inout SettleSummary
    ) throws {
        switch error.code {
        case .preconditionFailed:
            try noteRound(attempt.row)
            summary.lookUps.append(attempt.request)
        case .alreadyExists, .notFound, .gone:
            if error.code == .gone, attempt.intent.verb == .delete {
                try settleTombstone(attempt.intent, attempt.row, in: collection, into: &summary)
            } else {
                summary.lookUps.append(attempt.request)
            }
        case .unknownOutcome, .cancelled:
            try store.intents.markUnknown(attempt.intent.id)
            summary.lookUps.append(attempt.request)
            if error.code == .cancelled { summary.halt = error }
        case .forbidden:
            try store.intents.remove(attempt.intent.id)
            try sendOwnPartOrSetAside(attempt, error, in: collection, rules, into: &summary)
        case .rejected:
            try store.intents.remove(attempt.intent.id)
            try setAside(attempt, error, in: collection, into: &summary)
        default:
            // Nothing was applied: the edit stays dirty, and is computed anew when it is sent.
            try store.intents.remove(attempt.intent.id)
            summary.halt = graver(summary.halt, error)
        }
    }

    private func graver(_ left: RemoteError?, _ right: RemoteError) -> RemoteError {
        guard let left else { return right }
        return left.stopsAccount || !right.stopsAccount ? left : right
    }

    private func noteRound(_ row: StoredResource) throws {
        var row = row
        row.pushRounds += 1
        if row.pushRounds >= Self.mostRounds {
            row.pushRounds = 0
            row.parkedUntil = now.advanced(by: Self.rest)
        }
        try store.resources.update(row)
    }

    /// Where the provider forbids an edit, what it does allow is still sent, once.
    private func sendOwnPartOrSetAside(
        _ attempt: Attempt, _ error: RemoteError, in collection: RemoteCollection,
        _ rules: any KindRules, into summary: inout SettleSummary
    ) throws {
        var row = attempt.row
        guard row.pushRounds == 0, let base = row.base, case .edited(let edited) = row.local,
            let own = rules.ownPart(of: edited, base: base), own != edited,
            rules.canonical(own) != rules.canonical(base)
        else { return try setAside(attempt, error, in: collection, into: &summary) }
        for field in rules.fields where field.value(in: own) != field.value(in: edited) {
            _ = try store.conflicts.add(
                resource: row.id, field: field.name, mine: field.value(in: edited),
                theirs: field.value(in: base), base: field.value(in: base))
            summary.conflicts += 1
        }
        row.local = .edited(own)
        row.editNumber += 1
        row.pushRounds = 1
        try store.resources.update(row)
    }

    private func setAside(
        _ attempt: Attempt, _ error: RemoteError, in collection: RemoteCollection,
        into summary: inout SettleSummary
    ) throws {
        var row = attempt.row
        row.hold = .quarantined
        try store.resources.update(row)
        _ = try store.quarantine.add(
            collection: collection.id, resource: row.id, remoteID: row.remoteID,
            kind: row.kind, reason: error.message, raw: attempt.intent.body?.text ?? "",
            programVersion: context.programVersion)
        summary.quarantined += 1
    }
}

/// Storing what a look-up found.
extension PassTransaction {
    func resolve(
        _ request: PushRequest, found: LookUp, in collection: RemoteCollection
    ) throws -> SettleSummary {
        let rules = try rules(of: collection)
        var summary = SettleSummary()
        guard let intent = try store.intents.find(request.operation),
            let row = try store.resources.find(intent.resource)
        else { return summary }
        switch found {
        case .present(let remote) where remote.isTombstone:
            try settleTombstone(intent, row, in: collection, into: &summary)
        case .present(let remote):
            try settlePresent(intent, row, remote, in: collection, rules, into: &summary)
        case .tombstone:
            try settleTombstone(intent, row, in: collection, into: &summary)
        case .absent:
            try store.intents.remove(intent.id)
            if intent.verb != .create { try noteMissing(row, in: collection, into: &summary) }
        }
        return summary
    }

    /// What the remote now holds is met like any pulled version; what we sent is known to it.
    private func settlePresent(
        _ intent: Intent, _ row: StoredResource, _ remote: RemoteResource,
        in collection: RemoteCollection, _ rules: any KindRules, into summary: inout SettleSummary
    ) throws {
        try store.intents.remove(intent.id)
        var page = PageSummary()
        let before = row.isDirty
        try meet(
            remote, row: row, in: collection, rules: rules, sent: intent.local, into: &page)
        summary.conflicts += page.conflicts
        guard before, let after = try store.resources.find(row.id), !after.isDirty,
            page.conflicts == 0
        else { return }
        if intent.verb == .create {
            summary.pushed.created += 1
        } else {
            summary.pushed.updated += 1
        }
    }

    func settleTombstone(
        _ intent: Intent, _ row: StoredResource, in collection: RemoteCollection,
        into summary: inout SettleSummary
    ) throws {
        try store.intents.remove(intent.id)
        if intent.verb == .delete { summary.pushed.deleted += 1 }
        let rules = try rules(of: collection)
        var row = row
        if intent.verb == .create, row.live != nil {
            // Our id was used and deleted before; ids are never free again, so another is chosen.
            recreate(&row, rules: rules)
            try store.resources.update(row)
            return
        }
        var page = PageSummary()
        try meetTombstone(
            of: row, cause: PendingDelete(cause: .tombstone, run: context.run), rules: rules,
            in: collection, into: &page)
        summary.conflicts += page.conflicts
    }

    /// "Not found" may be a hiccup or a lost permission: only a second one later counts.
    private func noteMissing(
        _ row: StoredResource, in collection: RemoteCollection,
        into summary: inout SettleSummary
    ) throws {
        var row = row
        if let since = row.missingSince, now.duration(since: since) >= Self.missingLongEnough {
            var page = PageSummary()
            return try meetTombstone(
                of: row, cause: PendingDelete(cause: .tombstone, run: context.run),
                rules: rules(of: collection), in: collection, into: &page)
        }
        row.missingSince = row.missingSince ?? now
        row.parkedUntil = now.advanced(by: Self.missingLongEnough)
        try store.resources.update(row)
    }
}
