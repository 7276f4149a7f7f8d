import LosslessJSON
import TandemCore

/// The merge under way: starts as the remote version and takes over what changed here.
struct FieldMerge {
    private let rules: any KindRules
    let base: Version
    let local: Version
    let remote: Version
    private let isOwnSideDisputed: Bool
    private(set) var merged: JSON
    private(set) var clashes: [Clash] = []

    init(
        rules: any KindRules, base: Version, local: Version, remote: Version,
        isOwnSideDisputed: Bool
    ) {
        self.rules = rules
        self.isOwnSideDisputed = isOwnSideDisputed
        self.base = base
        self.local = local
        self.remote = remote
        merged = remote.raw
    }

    /// - Parameters:
    ///   - field: What to merge.
    ///   - isTorn: Whether the remote changed another field that this one only makes sense with.
    mutating func merge(_ field: MergeField, isTorn: Bool) {
        if local.agrees(with: base, on: field) || local.agrees(with: remote, on: field) { return }
        let wins = field.merging == .ownSide && !isOwnSideDisputed
        if wins || !isTorn && remote.agrees(with: base, on: field) {
            for pointer in field.members { merged[pointer] = local.raw[pointer] }
            return
        }
        switch field.merging {
        case .keyedObject where hold(field, { $0.object != nil }):
            for pointer in field.members { mergeObject(at: pointer, name: field.name) }
        case .keyedList(let key, let ownFlag, let ownMember)
        where hold(field, { $0.array != nil }):
            let elements = ListElements(key: key, ownFlag: ownFlag, ownMember: ownMember)
            guard areDistinct(field, by: elements) else {
                return clashes.append(clash(field.name, on: field))
            }
            for pointer in field.members {
                mergeList(at: pointer, name: field.name, elements: elements)
            }
        case .whole, .ownSide, .keyedObject, .keyedList:
            clashes.append(clash(field.name, on: field))
        }
    }

    func clash(_ name: String, on field: MergeField) -> Clash {
        Clash(
            field: name, base: base.shown(field), mine: local.shown(field),
            theirs: remote.shown(field))
    }

    /// Whether what all versions hold under a field, if anything, has the shape that it merges by;
    /// what has not can only move as a whole.
    private func hold(_ field: MergeField, _ isFit: (JSON) -> Bool) -> Bool {
        [base, local, remote].allSatisfy { version in
            field.members.allSatisfy { version.canonical[$0].map(isFit) ?? true }
        }
    }

    /// Whether no list has two elements under one name, which nothing would tell apart.
    private func areDistinct(_ field: MergeField, by elements: ListElements) -> Bool {
        [base, local, remote].allSatisfy { version in
            field.members.allSatisfy { elements.areDistinct(in: version.raw[$0]) }
        }
    }

    private mutating func mergeObject(at pointer: JSONPointer, name: String) {
        let sides = [base, local, remote].map { $0.canonical[pointer]?.object ?? JSONObject() }
        var keys = JSONObject()  // Not a set of strings: keys are told apart byte for byte.
        for key in sides.flatMap(\.keys) { keys[key] = .null }
        for key in keys.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
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
        let before = elements.keyed(base.raw[pointer])
        let mine = elements.keyed(local.raw[pointer])
        let theirs = elements.keyed(remote.raw[pointer])
        var result = theirs
        for key in mine.keys + before.keys.filter({ mine[$0] == nil }) {
            let was = form(of: before[key], at: pointer)
            let here = form(of: mine[key], at: pointer)
            let there = form(of: theirs[key], at: pointer)
            if here == was || here == there { continue }
            if there == was {
                result[key] = mine[key]
                continue
            }
            if !isOwnSideDisputed,
                let own = elements.takingOwn(from: mine[key], into: theirs[key])
            {
                // One's own answer wins where it was given here, and is never in dispute.
                if elements.own(of: here) != elements.own(of: was) { result[key] = own }
                if elements.differOnlyInOwn(here, was) || elements.differOnlyInOwn(here, there) {
                    continue
                }
            }
            clashes.append(
                Clash(
                    field: "\(name)/\(key)", base: before[key], mine: mine[key],
                    theirs: theirs[key]))
        }
        merged[pointer] = result.isEmpty ? nil : .array(result.members.map(\.value))
    }

    /// The canonical form of one element of a list: that of the list with nothing else in it.
    private func form(of element: JSON?, at pointer: JSONPointer) -> JSON? {
        guard let element else { return nil }
        var alone: JSON = [:]
        alone[pointer] = .array([element])
        return rules.canonical(alone)[pointer]?[0] ?? element
    }
}
