import LosslessJSON
import TandemCore

@testable import TandemSync

/// Accounts for every value that went into a merge: it is live, or it is recorded.
struct MergeLedger {
    let base: Version
    let local: Version
    let remote: Version
    let merged: Version
    let clashes: [Clash]

    /// What got lost; `nil` if nothing did.
    func lost(fields: [MergeField]) -> String? {
        for field in fields {
            let found: String?
            switch field.merging {
            case .whole: found = lostWhole(field)
            case .ownSide: found = lostOwn(field)
            case .keyedObject:
                found = field.members.lazy.compactMap { lostKey(of: field, $0) }.first
            case .keyedList(let key, let flag, let own):
                found =
                    field.members.lazy
                    .compactMap {
                        lostElement(of: field, $0, key) ?? lostAnswer($0, key, flag, own)
                    }
                    .first
            }
            if let found { return found }
        }
        return nil
    }

    // MARK: - One value, and several that move together

    private func lostWhole(_ field: MergeField) -> String? {
        if !remote.agrees(with: base, on: field), !merged.agrees(with: remote, on: field) {
            return "the remote's \(field.name) is not live"
        }
        if local.agrees(with: base, on: field) || merged.agrees(with: local, on: field) {
            return nil
        }
        return isRecorded(field) ? nil : "the local \(field.name) is lost"
    }

    private func lostOwn(_ field: MergeField) -> String? {
        let isOurs = !local.agrees(with: base, on: field)
        if merged.agrees(with: isOurs ? local : remote, on: field) || isOurs && isRecorded(field) {
            return nil
        }
        return "\(field.name), which belongs to this side, is lost"
    }

    private func isRecorded(_ field: MergeField) -> Bool {
        clashes.contains { $0.field == field.name && $0.mine == local.shown(field) }
    }

    // MARK: - Keyed objects

    private func lostKey(of field: MergeField, _ pointer: JSONPointer) -> String? {
        let objects = [base, local, remote, merged].map { $0.canonical[pointer] }
        guard objects.allSatisfy({ $0 == nil || $0?.object != nil }) else {
            return lostWhole(field)
        }
        for key in objects.flatMap({ $0?.object?.keys ?? [] }) {
            let (was, here) = (objects[0]?[key], objects[1]?[key])
            let (there, now) = (objects[2]?[key], objects[3]?[key])
            if there != was, now != there { return "the remote's \(field.name)/\(key) is lost" }
            if here == was || now == here || isRecorded(field) { continue }
            let isKept = clashes.contains {
                ExactName($0.field) == ExactName("\(field.name)/\(key)")
                    && $0.mine == local.raw[pointer.appending(key)]
            }
            if !isKept { return "the local \(field.name)/\(key) is lost" }
        }
        return nil
    }

    // MARK: - Keyed lists

    /// Elements carry values that occur nowhere else: those are what is looked for.
    private func lostElement(
        of field: MergeField, _ pointer: JSONPointer, _ key: String
    ) -> String? {
        let lists = [base, local, remote, merged].map { $0.raw[pointer] }
        guard lists.allSatisfy({ $0 == nil || $0?.array != nil }) else { return lostWhole(field) }
        let before = Tokens(in: lists[0])
        let live = Tokens(in: lists[3])
        for token in Tokens(in: lists[2]).all where !before.has(token) && !live.has(token) {
            return "the remote's \(token) of \(field.name) is lost"
        }
        for token in Tokens(in: lists[1]).all where !before.has(token) && !live.has(token) {
            guard clashes.contains(where: { Tokens(in: $0.mine).has(token) }) else {
                return "the local \(token) of \(field.name) is lost"
            }
        }
        return revived(field, pointer, key)
    }

    /// An element that one side took out and the other left alone.
    private func revived(_ field: MergeField, _ pointer: JSONPointer, _ key: String) -> String? {
        if clashes.contains(where: { $0.field == field.name }) { return nil }
        let sides = [base, local, remote, merged].map { Named(in: $0.canonical[pointer], by: key) }
        for (name, element) in sides[0].elements where !sides.contains(where: { $0.isDoubled }) {
            let (here, there) = (sides[1].elements[name], sides[2].elements[name])
            let isGone = here == nil && there == element || there == nil && here == element
            if isGone, sides[3].elements[name] != nil {
                return "\(field.name)/\(name) was taken out and is back"
            }
        }
        return nil
    }

    /// One's own answer: given here it counts, else the remote's does.
    private func lostAnswer(
        _ pointer: JSONPointer, _ key: String, _ flag: String?, _ own: String?
    ) -> String? {
        guard let flag, let own, clashes.allSatisfy({ $0.mine?.array == nil }) else { return nil }
        let flagged = Named(in: remote.raw[pointer], by: key).elements
        let sides = [base, local, remote, merged].map { Named(in: $0.canonical[pointer], by: key) }
        guard !sides.contains(where: \.isDoubled) else { return nil }
        for (name, there) in sides[2].elements where flagged[name]?[flag]?.bool == true {
            guard let here = sides[1].elements[name] else { continue }
            let isOurs = here[own] != sides[0].elements[name]?[own]
            guard sides[3].elements[name]?[own] == (isOurs ? here : there)[own] else {
                return "the \(own) of \(name) is lost"
            }
        }
        return nil
    }
}

/// The elements of a list by name, for lists in which no name comes twice.
private struct Named {
    var elements: [String: JSON] = [:]
    var isDoubled = false

    init(in list: JSON?, by key: String) {
        for element in list?.array ?? [] {
            guard let name = element[key]?.string?.lowercased() else { continue }
            if elements.updateValue(element, forKey: name) != nil { isDoubled = true }
        }
    }
}

/// A name by its bytes.
private struct ExactName: Equatable {
    let bytes: [UInt8]
    init(_ text: String) { bytes = Array(text.utf8) }
}

/// The values that were made up for a test, found by how they begin.
struct Tokens {
    static let mark = UInt8(ascii: "~")
    private(set) var all: [String] = []

    init(in json: JSON?) {
        if let json { gather(json) }
    }

    func has(_ token: String) -> Bool { all.contains(token) }

    private mutating func gather(_ json: JSON) {
        switch json {
        case .null, .bool, .number: return
        case .string(let text): if text.utf8.first == Self.mark { all.append(text) }
        case .array(let elements): for element in elements { gather(element) }
        case .object(let object): for member in object { gather(member.value) }
        }
    }
}
