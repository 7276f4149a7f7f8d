import LosslessJSON
import TandemCore

/// Our side of one resource, as far as a decision needs it.
struct LocalSide: Hashable, Sendable {
    /// The last version both sides agreed on; `nil` where the resource was never pushed.
    var base: JSON?
    /// The edit that waits.
    var edit: Edit
    /// The whole version that an unanswered write carried; it may have become the remote's.
    var sent: JSON?
    /// Whether what is there may be another's making than that of ``sent``.
    var mayBeAnothers = false

    enum Edit: Hashable, Sendable {
        case none
        case changed(JSON)
        case deleted
    }
}

/// What one remote observation means for one resource that we hold.
enum Reconciliation: Hashable, Sendable {
    /// Same content: only the base's bytes and etag move.
    case unchanged
    /// The remote version becomes base and live.
    case takeRemote
    /// The remote version becomes base; `local` (when not nil) stays an edit that waits.
    case merged(local: JSON?, clashes: [Clash])
    /// Our delete is withdrawn, because the remote was edited: the edit is shown.
    case withdrawDelete
    /// The remote deleted what we left alone: goes through the gate for deletes.
    case removeHere
    /// Both sides deleted it.
    case removeAgreed
    /// The remote deleted what we edited: it comes to life again under a new id.
    case revive
    /// The remote deleted or cancelled what we edited, and only a person may decide.
    case askPerson
}

/// Decides what a remote version means; pure and total.
struct Reconciler {
    let rules: any KindRules
    /// Whether the resource is a series that was divided here: then its time and its rule only make
    /// sense together.
    var isDivided = false

    /// Meets a version that the remote holds.
    func meet(_ remote: JSON, with side: LocalSide) -> Reconciliation {
        switch side.edit {
        case .none:
            return isSame(side.base, remote) ? .unchanged : .takeRemote
        case .deleted:
            return isSame(side.base, remote) || isSame(side.sent, remote)
                ? .unchanged : .withdrawDelete
        case .changed(let local):
            if isSame(side.base, remote) { return .unchanged }
            if isCancelled(local), !isCancelled(side.base), !isCancelled(remote),
                !isSame(side.sent, remote)
            {
                return .withdrawDelete
            }
            if isCancelled(remote), !isCancelled(side.base), !isCancelled(local) {
                return .askPerson
            }
            let base = mergeBase(of: side, remote: remote)
            let outcome = ThreeWayMerge(rules: rules, together: isDivided ? rules.slotFields : [])
                .merge(base: base, local: local, remote: remote)
            return .merged(
                local: isSame(outcome.merged, remote) ? nil : outcome.merged,
                clashes: outcome.clashes)
        }
    }

    /// Meets the news that the remote holds it no more.
    ///
    /// What was cancelled here was deleted here, so that nothing of it is to live on.
    func meetTombstone(with side: LocalSide, revivable: Bool) -> Reconciliation {
        switch side.edit {
        case .none: .removeHere
        case .deleted: .removeAgreed
        case .changed(let local) where isCancelled(local): .removeAgreed
        case .changed: revivable ? .revive : .askPerson
        }
    }

    /// An instance cancelled out of its series is deleted, though it stays as a resource.
    private func isCancelled(_ resource: JSON?) -> Bool {
        resource.map { rules.projection(of: $0).isCancelled } ?? false
    }

    /// What both edits began from: after a lost answer the remote may hold what we sent, so that of
    /// all it holds of that ours is the later word, whatever else somebody changed meanwhile.
    ///
    /// Where another may have made it, nothing is known of the rest.
    func mergeBase(of side: LocalSide, remote: JSON) -> JSON {
        guard let sent = side.sent else { return side.base ?? [:] }
        if isSame(sent, remote) { return sent }
        var base = side.base ?? (side.mayBeAnothers ? [:] : sent)
        let (before, wanted, there) = (
            rules.canonical(base), rules.canonical(sent), rules.canonical(remote)
        )
        for field in rules.allFields(of: [before, wanted, there]) {
            let (was, wish, now, values) = (
                field.parts(of: before), field.parts(of: wanted), field.parts(of: there),
                field.parts(of: sent)
            )
            for part in wish.keys + was.keys.filter({ wish[$0] == nil })
            where wish[part] != was[part] && wish[part] == now[part] {
                rules.put(values[part], at: part, into: &base)
            }
        }
        return base
    }

    private func isSame(_ left: JSON?, _ right: JSON) -> Bool {
        guard let left else { return false }
        return left == right || rules.canonical(left) == rules.canonical(right)
    }
}
