import LosslessJSON
import TandemCore
import TandemStore

/// How an edit that waits to be sent is taken back.
struct WayBack: Sendable {
    /// What to type; what was changed together is dropped together.
    let command: String
    /// Whether that takes back earlier edits of the item, too.
    private let takesMore: Bool

    /// `nil` where nothing waits, or something of it is on its way.
    ///
    /// - Parameters:
    ///   - resource: What was edited, as it is now.
    ///   - run: The run of the edit.
    ///   - transaction: The transaction that is under way.
    /// - Throws: `StoreError`; `TandemError` with code `unknownKind`.
    init?(from resource: StoredResource, run: RunID, in transaction: StoreTransaction) throws {
        guard resource.isDirty, try transaction.intents.open(for: resource.id).isEmpty else {
            return nil
        }
        command = "tandem queue drop \(resource.id)"
        let rules = try transaction.rulebook.rules(for: resource.kind)
        let entries = try transaction.changes.list(run: run, resource: resource.id)
        let isMovedBefore =
            resource.movedFrom != nil && !entries.contains { $0.verb == .moved }
        takesMore =
            isMovedBefore
            || entries.first.map {
                $0.before.map(rules.canonical) != resource.base.map(rules.canonical)
            } ?? true
    }

    /// The end of a sentence.
    var words: String {
        "'\(command)' \(takesMore ? "drops all of it that waits" : "takes it back")"
    }
}
