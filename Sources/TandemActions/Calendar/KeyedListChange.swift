import LosslessJSON
import TandemCore

/// What an edit did to a list whose elements are told apart by one member, such as guests by their
/// address: it can be done to another list as well, which keeps whatever the edit did not touch.
///
/// Addresses of people are compared without regard to case, other keys as they are written; an
/// element without a key goes by its text. Of several elements under one key the first counts.
struct KeyedListChange {
    /// The member that tells elements apart.
    private let key: String
    /// Elements that were not there before, in their order.
    private let added: [JSON]
    /// Elements that were there, before and after, by key.
    private let changed: [String: (old: JSON, new: JSON)]
    /// Keys of the elements that are gone.
    private let removed: Set<String>

    /// Reads an edit off the list before and after it; a list that is not there is empty.
    init(from old: JSON?, to new: JSON?, by key: String) {
        self.key = key
        let (before, after) = (Self.keyed(old, by: key), Self.keyed(new, by: key))
        let former = Dictionary(before) { first, _ in first }
        let present = Dictionary(after) { first, _ in first }
        var seen = Set(before.map(\.0))
        added = after.filter { seen.insert($0.0).inserted }.map(\.1)
        removed = Set(before.map(\.0)).subtracting(after.map(\.0))
        var changed: [String: (old: JSON, new: JSON)] = [:]
        for (name, _) in before {
            guard let old = former[name], let new = present[name], old != new else { continue }
            changed[name] = (old, new)
        }
        self.changed = changed
    }

    /// Whether a value is something that an edit of it can be read off element by element.
    static func isList(_ value: JSON?) -> Bool { value == nil || value?.array != nil }

    /// Whether a list has every element that the edit changed.
    func fits(_ list: JSON?) -> Bool {
        Set(changed.keys).isSubset(of: Self.keyed(list, by: key).map(\.0))
    }

    /// Another list after the edit; `nil` for none.
    func applied(to list: JSON?) -> JSON? {
        edited(list) { element, change in
            element.merging(patch(change))
        }
    }

    /// The list of an exception after the edit of its series: what it had of its own stays.
    ///
    /// - Parameters:
    ///   - list: The exception's list.
    ///   - series: The series' list before the edit.
    /// - Returns: The exception's list; `nil` for none.
    func inherited(by list: JSON?, series: JSON?) -> JSON? {
        let former = Dictionary(Self.keyed(series, by: key)) { first, _ in first }
        return edited(list) { element, change in
            var element = element
            let formerly = former[Self.name(of: element, by: key)]
            for member in patch(change).object?.keys ?? [] {
                let value = element[member]
                if value == change.old[member] || value == formerly?[member] {
                    element[member] = change.new[member]
                }
            }
            return element
        }
    }

    private func edited(
        _ list: JSON?, _ edit: (JSON, (old: JSON, new: JSON)) -> JSON
    ) -> JSON? {
        let elements = Self.keyed(list, by: key)
        var result = elements.filter { !removed.contains($0.0) }.map { name, element in
            changed[name].map { edit(element, $0) } ?? element
        }
        let present = Set(elements.map(\.0))
        result += added.filter { !present.contains(Self.name(of: $0, by: key)) }
        guard result != elements.map(\.1) else { return list }
        return result.isEmpty ? nil : .array(result)
    }

    /// What changed of one element; another spelling of its key is no change.
    private func patch(_ change: (old: JSON, new: JSON)) -> JSON {
        var patch = JSON.patch(from: change.old, to: change.new)
        patch[key] = .none
        return patch
    }

    private static func keyed(_ list: JSON?, by key: String) -> [(String, JSON)] {
        (list?.array ?? []).map { (name(of: $0, by: key), $0) }
    }

    private static func name(of element: JSON, by key: String) -> String {
        guard let text = element[key]?.string else { return element.canonical().text }
        return key == "email" ? text.lowercased() : text
    }
}
