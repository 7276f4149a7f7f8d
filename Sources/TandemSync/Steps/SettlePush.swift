import LosslessJSON
import TandemCore
import TandemStore

/// Storing what became of writes.
extension PassTransaction {
    /// After so many answers that settle nothing an item rests, so that it blocks nothing.
    private static let mostRounds = 5
    private static let rest = Duration.seconds(300)
    private static let restUntilRead = Duration.seconds(60)

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
            case .success(let answer)
            where row.remoteID == intent.target && answer.remoteID != intent.target
                && !answer.saysNothing:
                // An answer that speaks of something else tells nothing of what was sent.
                try settleFailure(
                    RemoteError(.unknownOutcome, "The answer names another thing."),
                    of: Attempt(intent: intent, row: row, request: write.request),
                    in: collection, rules: rules, into: &summary)
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

        /// Whether what was sent is still what waits.
        var isLatest: Bool { row.editNumber == intent.editNumber }

        /// Whether it was bound to the version of the instance's series, and not refused before.
        var isFirstOfInstance: Bool { row.isNoneOfItsOwn && row.pushRounds == 0 }
    }

    private func settleFailure(
        _ error: RemoteError, of attempt: Attempt, in collection: RemoteCollection,
        rules: any KindRules, into summary: inout SettleSummary
    ) throws {
        switch error.code {
        case .gone where attempt.intent.verb == .delete:
            try settleTombstone(attempt.intent, attempt.row, in: collection, into: &summary)
        case .preconditionFailed where attempt.isFirstOfInstance,
            .alreadyExists where attempt.isFirstOfInstance:
            try takeBack(attempt)
            try restUntilRead(attempt.row.id, rounds: 1)
        case .preconditionFailed, .alreadyExists, .notFound, .gone:
            try noteRound(attempt.row)
            summary.lookUps.append(attempt.request)
        case .unknownOutcome:
            try noteRound(attempt.row)
            try store.intents.markUnknown(attempt.intent.id)
            summary.lookUps.append(attempt.request)
            summary.halt = graver(summary.halt, error)
        case .cancelled:
            try store.intents.markUnknown(attempt.intent.id)
            summary.lookUps.append(attempt.request)
            summary.halt = graver(summary.halt, error)
        case .forbidden where attempt.isLatest:
            try store.intents.remove(attempt.intent.id)
            try sendOwnPartOrSetAside(attempt, error, in: collection, rules, into: &summary)
        case .rejected where attempt.isLatest:
            try store.intents.remove(attempt.intent.id)
            try setAside(
                attempt.row, body: attempt.intent.body, why: error.message, in: collection,
                into: &summary)
        case .forbidden, .rejected:
            // It was edited meanwhile: what waits now was not refused yet.
            try takeBack(attempt)
        default:
            // Nothing was applied: the edit stays dirty, and is computed anew when it is sent.
            try takeBack(attempt)
            summary.halt = graver(summary.halt, error)
        }
    }

    /// Lets the next run read before it sends a first edit of an instance again: whether somebody
    /// changed the instance or only its series, listings tell, and a look-up of it does not.
    ///
    /// - Parameters:
    ///   - instance: Whose edit rests.
    ///   - rounds: How many answers settled nothing so far.
    /// - Throws: ``StoreError``.
    func restUntilRead(_ instance: ResourceID, rounds: Int) throws {
        guard var row = try store.resources.find(instance) else { return }
        row.pushRounds = rounds
        row.parkedUntil = now.advanced(by: Self.restUntilRead)
        try store.resources.update(row)
    }

    /// Lets a write that was not applied go; an edit made meanwhile then goes out with it.
    private func takeBack(_ attempt: Attempt) throws {
        try store.intents.remove(attempt.intent.id)
        guard !attempt.isLatest, attempt.row.isDirty else { return }
        var row = attempt.row
        row.sendUpdates = max(row.sendUpdates, attempt.intent.sendUpdates)
        try store.resources.update(row)
    }

    private func graver(_ left: RemoteError?, _ right: RemoteError) -> RemoteError {
        guard let left else { return right }
        return left.stopsAccount || !right.stopsAccount ? left : right
    }

    /// Counts an answer that settled nothing; too many in a row let the item rest.
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
        guard let base = row.base, case .edited(let edited) = row.local,
            let own = rules.ownPart(of: edited, base: base), own != edited,
            rules.canonical(own) != rules.canonical(base)
        else {
            return try setAside(
                row, body: attempt.intent.body, why: error.message, in: collection,
                into: &summary)
        }
        let known = try store.refusal(of: edited, for: row)
        let (all, part) = (rules.canonical(edited), rules.canonical(own))
        for field in rules.allFields(of: [all, part]) {
            let (wish, allowed) = (field.parts(of: all), field.parts(of: part))
            let (mine, theirs) = (field.parts(of: edited), field.parts(of: base))
            for name in wish.keys + allowed.keys.filter({ wish[$0] == nil })
            where wish[name] != allowed[name] {
                _ = try store.conflicts.add(
                    resource: row.id, field: name, mine: mine[name], theirs: theirs[name],
                    base: theirs[name], refusal: Self.reason(for: field, known, error))
                summary.conflicts += 1
            }
        }
        row.local = .edited(own)
        row.editNumber += 1
        row = try store.resources.update(row)
        try tellTakenBack(row, formerly: attempt.row, in: collection, rules: rules)
    }

    /// Why a part was not taken: whose it is to change, else what the provider said of the whole.
    private static func reason(
        for field: MergeField, _ known: Refusal?, _ error: RemoteError
    ) -> String {
        guard let known else { return error.message }
        return known.fields.contains(field.name)
            ? known.text : "It was refused together with other changes; alone it may be taken."
    }

    /// Keeps an edit from being sent again, with the reason, until a person or a change helps.
    func setAside(
        _ row: StoredResource, body: JSON?, why: String, in collection: RemoteCollection,
        into summary: inout SettleSummary
    ) throws {
        var row = row
        row.hold = .quarantined
        try store.resources.update(row)
        _ = try store.quarantine.add(
            collection: collection.id, resource: row.id, remoteID: row.remoteID,
            kind: row.kind, reason: why, raw: body?.text ?? row.live?.text ?? "",
            programVersion: context.programVersion)
        summary.quarantined += 1
    }
}
