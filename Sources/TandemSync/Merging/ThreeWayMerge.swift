import LosslessJSON
import TandemCore

/// What two edits of one version come to.
struct MergeOutcome: Hashable, Sendable {
    /// The version that becomes live here.
    var merged: JSON
    /// The values that lost, in the order of the rules' fields.
    var clashes: [Clash]
}

/// A value of ours that lost against the remote's, kept so that a person may choose it after all.
struct Clash: Hashable, Sendable {
    var field: String
    var base: JSON?
    var mine: JSON?
    var theirs: JSON?
}

/// Merges two edits of one base, field by field; no clock is read.
///
/// Equal contents never clash: they are compared in the rules' canonical form. Where both sides
/// changed one field the remote's value stays live, since guests and other devices have seen it,
/// and ours becomes a ``Clash``. Every value of either side is therefore live or recorded.
struct ThreeWayMerge {
    let rules: any KindRules
    /// The names of fields that merge as one: where the remote changed one of them, all that changed
    /// here clash.
    var together: Set<String> = []
    /// Whether the remote version stands for an edit of the same person that waits, too: then one's own
    /// side may clash like all else, since neither edit is known to be the later one.
    var isOwnSideDisputed = false

    func merge(base: JSON, local: JSON, remote: JSON) -> MergeOutcome {
        merge(
            base: Version(base, rules), local: Version(local, rules),
            remote: Version(remote, rules))
    }

    /// The same, for versions whose canonical forms are worked out already.
    func merge(base: Version, local: Version, remote: Version) -> MergeOutcome {
        var run = FieldMerge(
            rules: rules, base: base, local: local, remote: remote,
            isOwnSideDisputed: isOwnSideDisputed)
        let all = fields(of: run)
        let unit = all.filter { together.contains($0.name) }
        let isTorn = unit.contains { !remote.agrees(with: base, on: $0) }
        for field in all {
            run.merge(field, isTorn: isTorn && together.contains(field.name))
        }
        let outcome = MergeOutcome(merged: run.merged, clashes: run.clashes)
        guard outcome.merged != remote.raw, !isValid(outcome.merged), isValid(remote.raw) else {
            return outcome
        }
        return remoteAlone(run)
    }

    /// Takes what the remote changed of a series over into what was made of it here: the later part
    /// of a division, or one of its instances; slots are each one's own.
    ///
    /// Where both changed a field the remote's value becomes live, as everywhere; but an instance
    /// keeps what it has of its own, as it does at the provider.
    func carry(
        from base: JSON, to remote: JSON, into version: JSON, isInstance: Bool
    ) -> MergeOutcome {
        let (before, mine) = (Version(base, rules), Version(version, rules))
        let theirs = Version(remote, rules)
        let outcome = merge(base: before, local: mine, remote: theirs)
        var merged = version
        // What they left alone is no news, such as the name that only one series may have.
        for field in rules.allFields(of: [before, mine, theirs].map(\.canonical))
        where !rules.slotFields.contains(field.name) && !theirs.agrees(with: before, on: field) {
            if isInstance, !mine.agrees(with: before, on: field) { continue }
            for pointer in field.members { merged[pointer] = outcome.merged[pointer] }
        }
        guard isValid(merged) else { return MergeOutcome(merged: version, clashes: []) }
        let clashes = outcome.clashes.filter { clash in
            !isInstance && !rules.slotFields.contains { clash.field == $0 }
        }
        return MergeOutcome(merged: merged, clashes: clashes)
    }

    /// Two valid edits can make an invalid whole, such as an end without its start: then the
    /// remote version stands as it is, and all that changed here is recorded.
    private func remoteAlone(_ run: FieldMerge) -> MergeOutcome {
        let clashes = fields(of: run).filter { !run.local.agrees(with: run.base, on: $0) }
            .filter { !run.local.agrees(with: run.remote, on: $0) }
            .map { run.clash($0.name, on: $0) }
        return MergeOutcome(merged: run.remote.raw, clashes: clashes)
    }

    private func fields(of run: FieldMerge) -> [MergeField] {
        rules.allFields(of: [run.base, run.local, run.remote].map(\.canonical))
    }

    private func isValid(_ resource: JSON) -> Bool {
        do throws(TandemError) {
            try rules.validate(resource)
            return true
        } catch {
            return false
        }
    }
}

/// One version of a resource, as it came and in its canonical form.
struct Version {
    let raw: JSON
    let canonical: JSON

    init(_ raw: JSON, _ rules: any KindRules) {
        self.raw = raw
        canonical = rules.canonical(raw)
    }

    /// Whether a field holds the same in both.
    func agrees(with other: Version, on field: MergeField) -> Bool {
        field.members.allSatisfy { canonical[$0] == other.canonical[$0] }
    }

    /// What a field holds, for people: one value, or an object of its members.
    func shown(_ field: MergeField) -> JSON? { field.value(in: raw) }
}
