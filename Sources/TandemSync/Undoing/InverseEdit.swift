import LosslessJSON
import TandemCore
import TandemStore

/// Gives one resource back what a run changed of it, part by part.
///
/// What was changed again since stays, and is told. What only looks otherwise, because the provider
/// writes it in its own way, is no such change: the log says what was.
struct InverseEdit {
    let before: JSON
    let after: JSON
    let change: RunChange
    let row: StoredResource
    /// The resource as it is then; `nil` where nothing was changed.
    private(set) var changed: StoredResource?
    private(set) var kept: [KeptChange] = []

    init(before: JSON, after: JSON, change: RunChange, row: StoredResource) {
        self.before = before
        self.after = after
        self.change = change
        self.row = row
    }

    mutating func make(
        in undoing: Undoing, later: [ChangeEntry], rules: any KindRules
    ) throws {
        try moveBack(in: undoing)
        let present = changed ?? row
        guard let live = present.live else { return }
        let since = Set(later.flatMap(\.changes).map { Self.root(of: $0.field) })
        let wanted = version(on: live, since: since, rules: rules)
        guard rules.canonical(wanted) != rules.canonical(live) else { return }
        guard try !isKeptFromUs(wanted, of: present, in: undoing, rules: rules) else { return }
        changed = try undoing.store.editLocally(
            present, to: wanted, sendUpdates: undoing.sendUpdates, run: undoing.run)
    }

    /// Takes it to where it lay, unless it was moved again since.
    private mutating func moveBack(in undoing: Undoing) throws {
        guard let move = change.move else { return }
        guard row.collection == move.to,
            let place = try undoing.store.collections.find(move.from)
        else {
            guard row.collection != move.from else { return }
            return keep("calendar", .changedSince)
        }
        changed = try undoing.store.moveLocally(
            row, to: place, sendUpdates: undoing.sendUpdates, run: undoing.run)
    }

    /// What is there now, with the parts that the run changed as they were before it.
    private mutating func version(
        on live: JSON, since: Set<String>, rules: any KindRules
    ) -> JSON {
        let outcome = ThreeWayMerge(rules: rules).merge(base: after, local: before, remote: live)
        var wanted = outcome.merged
        for clash in outcome.clashes {
            guard since.contains(Self.root(of: clash.field)) else {
                rules.put(clash.mine, at: clash.field, into: &wanted)
                continue
            }
            keep(clash.field, .changedSince, before: clash.mine, now: clash.theirs)
        }
        // What is one's own never clashes, but may have been changed since all the same.
        for field in rules.fields where field.merging == .ownSide && since.contains(field.name) {
            let (now, undone) = (field.value(in: live), field.value(in: wanted))
            guard now != undone, now != field.value(in: after) else { continue }
            field.put(now, into: &wanted)
            keep(field.name, .changedSince, before: undone, now: now)
        }
        return wanted
    }

    /// Whether the provider would not take it from this account, which is told.
    private mutating func isKeptFromUs(
        _ wanted: JSON, of row: StoredResource, in undoing: Undoing, rules: any KindRules
    ) throws -> Bool {
        guard let refusal = try undoing.store.refusal(of: wanted, for: row) else { return false }
        let touched = FieldChange.between(row.live, wanted, rules: rules).map(\.field)
        guard touched.contains(where: { refusal.fields.contains(Self.root(of: $0)) }) else {
            return false
        }
        kept.append(
            KeptChange(
                resource: row.id, title: change.title, reason: .notOurs, message: refusal.text))
        return true
    }

    private mutating func keep(
        _ field: String, _ reason: KeptChange.Reason, before: JSON? = nil, now: JSON? = nil
    ) {
        kept.append(
            KeptChange(
                resource: row.id, title: change.title, field: field, reason: reason,
                before: before, now: now))
    }

    /// A key of a field stands behind its name and a slash.
    private static func root(of field: String) -> String {
        field.split(separator: "/").first.map(String.init) ?? field
    }
}
