import LosslessJSON
import TandemCore
import TandemStore

/// Telling who made a change.
extension PassTransaction {
    /// Who made a change of one resource, as far as its versions tell.
    ///
    /// What was done here, the account did. Who made a resource, some providers say; who changed
    /// one, only now and then follows from the change: an answer was given by whom it belongs to,
    /// and what its provider keeps from this account was done by whom it is kept for.
    ///
    /// - Parameters:
    ///   - verb: What happened.
    ///   - before: The version before, `nil` where there was none.
    ///   - after: The version after, `nil` where there is none.
    ///   - answers: The answers that it comes to; `nil` where it is something else.
    ///   - origin: Which side it came from.
    ///   - collection: Where it happened.
    /// - Returns: Who it was, and how sure that is.
    /// - Throws: `StoreError`; `TandemError` with code `unknownKind`.
    func actor(
        of verb: ChangeVerb, from before: JSON?, to after: JSON?, answers: [JSON]?,
        origin: ChangeOrigin, in collection: RemoteCollection
    ) throws -> ChangeActor {
        let rules = try rules(of: collection)
        switch (origin, verb) {
        case (.local, _):
            return ChangeActor(try store.accounts.find(collection.account))
        case (.remote, .created):
            return ChangeActor(after.flatMap(rules.maker), certainty: .known)
        case (.remote, .updated):
            if let answers {
                let person = answers.count == 1 ? rules.person(answers[0]) : nil
                return ChangeActor(person, certainty: .inferred)
            }
            guard let before, let after else { return .unknown }
            return try keeper(of: before, changedTo: after, in: collection, rules: rules)
        case (.remote, _):
            return .unknown
        }
    }

    /// Whom all parts that changed are kept for.
    private func keeper(
        of before: JSON, changedTo after: JSON, in collection: RemoteCollection,
        rules: any KindRules
    ) throws -> ChangeActor {
        let series = try rules.projection(of: before).exception.flatMap {
            try store.resources.find(remoteID: $0.series, in: collection.id)?.base
        }
        guard let refusal = rules.refusal(of: after, base: before, series: series),
            let keeper = refusal.keeper,
            FieldChange.between(before, after, rules: rules)
                .allSatisfy({ refusal.fields.contains($0.field) })
        else { return .unknown }
        return keeper.contains("@")
            ? ChangeActor(email: keeper, certainty: .inferred)
            : ChangeActor(name: keeper, certainty: .inferred)
    }
}
