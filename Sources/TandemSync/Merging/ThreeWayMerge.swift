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

    func merge(base: JSON, local: JSON, remote: JSON) -> MergeOutcome {
        var run = FieldMerge(
            base: Version(base, rules), local: Version(local, rules),
            remote: Version(remote, rules))
        let all = fields(of: run)
        let unit = all.filter { together.contains($0.name) }
        let isTorn = unit.contains { run.remote.values($0) != run.base.values($0) }
        for field in all {
            run.merge(field, isTorn: isTorn && together.contains(field.name))
        }
        let outcome = MergeOutcome(merged: run.merged, clashes: run.clashes)
        guard outcome.merged != remote, !isValid(outcome.merged), isValid(remote) else {
            return outcome
        }
        return remoteAlone(run, remote: remote)
    }

    /// Takes what the remote changed of a series over into what was made of it here: the later part
    /// of a division, or one of its instances; slots are each one's own.
    ///
    /// Where both changed a field the remote's value becomes live, as everywhere; but an instance
    /// keeps what it has of its own, as it does at the provider.
    func carry(
        from base: JSON, to remote: JSON, into version: JSON, isInstance: Bool
    ) -> MergeOutcome {
        let outcome = merge(base: base, local: version, remote: remote)
        let (before, mine) = (Version(base, rules), Version(version, rules))
        let theirs = Version(remote, rules)
        var merged = version
        // What they left alone is no news, such as the name that only one series may have.
        for field in rules.allFields(of: [base, version, remote].map(rules.canonical))
        where !rules.slotFields.contains(field.name)
            && theirs.values(field) != before.values(field)
        {
            if isInstance, mine.values(field) != before.values(field) { continue }
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
    private func remoteAlone(_ run: FieldMerge, remote: JSON) -> MergeOutcome {
        let clashes = fields(of: run).filter { run.local.values($0) != run.base.values($0) }
            .filter { run.local.values($0) != run.remote.values($0) }
            .map { run.clash($0.name, on: $0) }
        return MergeOutcome(merged: remote, clashes: clashes)
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

    /// What a field holds, for comparison.
    func values(_ field: MergeField) -> [JSON?] { field.members.map { canonical[$0] } }

    /// What a field holds, for people: one value, or an object of its members.
    func shown(_ field: MergeField) -> JSON? { field.value(in: raw) }
}

/// The merge under way: starts as the remote version and takes over what changed here.
struct FieldMerge {
    let base: Version
    let local: Version
    let remote: Version
    private(set) var merged: JSON
    private(set) var clashes: [Clash] = []

    init(base: Version, local: Version, remote: Version) {
        self.base = base
        self.local = local
        self.remote = remote
        merged = remote.raw
    }

    /// - Parameters:
    ///   - field: What to merge.
    ///   - isTorn: Whether the remote changed another field that this one only makes sense with.
    mutating func merge(_ field: MergeField, isTorn: Bool) {
        let before = base.values(field)
        let mine = local.values(field)
        let theirs = remote.values(field)
        if mine == before || mine == theirs { return }
        if theirs == before && !isTorn || field.merging == .ownSide {
            for pointer in field.members { merged[pointer] = local.raw[pointer] }
            return
        }
        switch field.merging {
        case .whole, .ownSide:
            clashes.append(clash(field.name, on: field))
        case .keyedObject:
            for pointer in field.members { mergeObject(at: pointer, name: field.name) }
        case .keyedList(let key, let ownFlag, let ownMember):
            for pointer in field.members {
                mergeList(
                    at: pointer, name: field.name,
                    elements: ListElements(key: key, ownFlag: ownFlag, ownMember: ownMember))
            }
        }
    }

    func clash(_ name: String, on field: MergeField) -> Clash {
        Clash(
            field: name, base: base.shown(field), mine: local.shown(field),
            theirs: remote.shown(field))
    }

    private mutating func mergeObject(at pointer: JSONPointer, name: String) {
        let sides = [base, local, remote].map { $0.canonical[pointer]?.object ?? JSONObject() }
        let keys = Set(sides.flatMap(\.keys)).sorted()
        for key in keys {
            let (before, mine, theirs) = (sides[0][key], sides[1][key], sides[2][key])
            if mine == before || mine == theirs { continue }
            let member = pointer.appending(key)
            if theirs == before {
                merged[member] = local.raw[member]
            } else {
                clashes.append(
                    Clash(
                        field: "\(name)/\(key)", base: base.raw[member], mine: local.raw[member],
                        theirs: remote.raw[member]))
            }
        }
    }

    private mutating func mergeList(
        at pointer: JSONPointer, name: String, elements: ListElements
    ) {
        var result = elements.keyed(remote.raw[pointer])
        let before = elements.keyed(base.canonical[pointer])
        let mine = elements.keyed(local.canonical[pointer])
        let theirs = elements.keyed(remote.canonical[pointer])
        let mineRaw = elements.keyed(local.raw[pointer])
        let keys = mineRaw.keys + before.keys.filter { mineRaw[$0] == nil }
        for key in keys {
            let (was, here, there) = (before[key], mine[key], theirs[key])
            if here == was || here == there { continue }
            if there == was {
                result[key] = mineRaw[key]
            } else if let own = elements.takingOwn(from: mineRaw[key], into: result[key]),
                elements.differOnlyInOwn(here, was)
            {
                result[key] = own
            } else {
                if let own = elements.takingOwn(from: mineRaw[key], into: result[key]) {
                    result[key] = own
                }
                clashes.append(
                    Clash(
                        field: "\(name)/\(key)", base: elements.keyed(base.raw[pointer])[key],
                        mine: mineRaw[key], theirs: elements.keyed(remote.raw[pointer])[key]))
            }
        }
        merged[pointer] = result.isEmpty ? nil : .array(result.members.map(\.value))
    }
}

/// Tells the elements of a keyed list apart.
struct ListElements {
    let key: String
    let ownFlag: String?
    let ownMember: String?

    /// The list as an object by key, in its own order; elements without the key go by their text.
    func keyed(_ list: JSON?) -> JSONObject {
        var result = JSONObject()
        for element in list?.array ?? [] {
            result[element[key]?.string?.lowercased() ?? element.canonical().text] = element
        }
        return result
    }

    /// The remote element with our own member of it; `nil` where the element is not our own.
    func takingOwn(from mine: JSON?, into theirs: JSON?) -> JSON? {
        guard let ownFlag, let ownMember, let mine, var result = theirs,
            result[ownFlag]?.bool == true
        else { return nil }
        result[ownMember] = mine[ownMember]
        return result
    }

    /// Whether two elements are equal but for the member that belongs to this side.
    func differOnlyInOwn(_ left: JSON?, _ right: JSON?) -> Bool {
        guard let ownMember, var left, var right else { return false }
        left[ownMember] = nil
        right[ownMember] = nil
        return left == right
    }
}
