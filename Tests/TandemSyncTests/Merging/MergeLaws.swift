import LosslessJSON
import TandemCore

@testable import TandemSync

/// Two edits of one version.
struct Triple: Sendable {
    var base: JSON
    var local: JSON
    var remote: JSON
}

/// What every merge must keep to, for any rules.
///
/// Nothing of the merge itself is used but its outcome: what a field or a key of it holds is looked
/// up here by the rules alone.
struct MergeLaws {
    let merge: ThreeWayMerge
    /// How often something of note happened, by its name.
    private(set) var reach: [String: Int] = [:]

    private let known: [String: MergeField]

    init(_ merge: ThreeWayMerge) {
        self.merge = merge
        known = Dictionary(uniqueKeysWithValues: merge.rules.fields.map { ($0.name, $0) })
    }

    /// Merges a triple and says which law is broken; `nil` if none is.
    mutating func broken(by triple: Triple) -> String? {
        let base = Version(triple.base, merge.rules)
        let local = Version(triple.local, merge.rules)
        let remote = Version(triple.remote, merge.rules)
        let outcome = merge.merge(base: base, local: local, remote: remote)
        let merged = Version(outcome.merged, merge.rules)
        let found =
            brokenByOneSide(base, local, remote)
            ?? brokenAgain(base, merged, remote)
            ?? invalid(merged)
            ?? unrestored(outcome, local)
            ?? MergeLedger(
                base: base, local: local, remote: remote, merged: merged, clashes: outcome.clashes
            ).lost(fields: merge.rules.allFields(of: [base, local, remote].map(\.canonical)))
        note(outcome, base, remote)
        return found.map { law in
            "\(law)\nbase \(triple.base.text)\nlocal \(triple.local.text)\n"
                + "remote \(triple.remote.text)\nmerged \(outcome.merged.text)\nclashes \(outcome.clashes)"
        }
    }

    /// merge(b, l, b) = l, merge(b, b, r) = r, merge(b, x, x) = x, all without a record.
    private func brokenByOneSide(_ base: Version, _ local: Version, _ remote: Version) -> String? {
        let mine = merge.merge(base: base, local: local, remote: base)
        guard mine.clashes.isEmpty, isSame(mine.merged, local) else {
            return "merge(b, l, b) is not l but \(mine)"
        }
        let theirs = merge.merge(base: base, local: base, remote: remote)
        guard theirs.clashes.isEmpty, theirs.merged == remote.raw else {
            return "merge(b, b, r) is not r but \(theirs)"
        }
        let both = merge.merge(base: base, local: local, remote: local)
        guard both.clashes.isEmpty, both.merged == local.raw else {
            return "merge(b, x, x) is not x but \(both)"
        }
        return nil
    }

    /// Merging again changes nothing, be it with the old base or with the new one, and there is
    /// nothing to record any more.
    private func brokenAgain(_ base: Version, _ merged: Version, _ remote: Version) -> String? {
        for start in [base, remote] {
            let again = merge.merge(base: start, local: merged, remote: remote)
            guard again.clashes.isEmpty, isSame(again.merged, merged) else {
                return "merging again makes \(again)"
            }
        }
        return nil
    }

    private func isSame(_ json: JSON, _ version: Version) -> Bool {
        json == version.raw || merge.rules.canonical(json) == version.canonical
    }

    private func invalid(_ merged: Version) -> String? {
        do throws(TandemError) {
            try merge.rules.validate(merged.raw)
            return nil
        } catch {
            return "the outcome is refused: \(error.message)"
        }
    }

    /// What was recorded can be put back, each by itself.
    private func unrestored(_ outcome: MergeOutcome, _ local: Version) -> String? {
        for clash in outcome.clashes {
            var restored = outcome.merged
            merge.rules.put(clash.mine, at: clash.field, into: &restored)
            if let field = known[clash.field] {
                if Version(restored, merge.rules).agrees(with: local, on: field) { continue }
            } else {
                let live = Tokens(in: restored)
                if Tokens(in: clash.mine).all.allSatisfy(live.has) { continue }
            }
            return "\(clash.field) cannot be put back"
        }
        return nil
    }

    // MARK: - Reach

    static let unknown = "unknown"
    static let bothLive = "both live"
    static let remoteAlone = "the whole invalid, remote alone"

    private mutating func note(_ outcome: MergeOutcome, _ base: Version, _ remote: Version) {
        for clash in outcome.clashes {
            let name = String(clash.field.prefix { $0 != "/" })
            reach[known[name] != nil ? name : Self.unknown, default: 0] += 1
        }
        guard !outcome.clashes.isEmpty else {
            if outcome.merged != remote.raw { reach[Self.bothLive, default: 0] += 1 }
            return
        }
        // Only then a field is recorded that the remote left alone.
        let isAlone = outcome.clashes.contains { clash in
            known[clash.field].map { remote.agrees(with: base, on: $0) } ?? false
        }
        if isAlone, merge.together.isEmpty { reach[Self.remoteAlone, default: 0] += 1 }
    }
}
