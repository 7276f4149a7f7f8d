public import LosslessJSON
public import TandemCore
import TandemStore

/// Says in words what changed in an activity, one part at a time, each on one line.
public struct ActivityText {
    private let fields: [MergeField]
    private let value: (JSON) -> String

    /// How many elements of one list are named.
    private static let mostElements = 5

    /// Makes words for things of one kind.
    ///
    /// - Parameters:
    ///   - fields: The parts of that kind, by its rules: they tell how elements of lists are known.
    ///   - value: Shows a value on one line, shortened.
    public init(fields: [MergeField], value: @escaping (JSON) -> String) {
        self.fields = fields
        self.value = value
    }

    /// What changed: of an update each part before and after, of what appeared or went when it
    /// happens, where it has a time.
    public func changes(of activity: Activity) -> [String] {
        switch activity.verb {
        case .listed:
            []
        case .created, .deleted, .restored:
            activity.changes.filter { $0.field == "time" }
                .compactMap { ($0.after ?? $0.before).map(value) }
        case .updated, .answered, .moved:
            activity.changes.map(text)
        }
    }

    private func text(of change: FieldChange) -> String {
        if change.field == FieldChange.placeName, let before = place(change.before),
            let after = place(change.after)
        {
            return "\(before) → \(after)"
        }
        let elements =
            switch fields.first(where: { $0.name == change.field })?.merging {
            case .keyedList(let key, _, let answer): list(change, by: key, answer: answer)
            case .keyedObject: object(change)
            case .whole, .ownSide, nil: [String]?.none
            }
        guard let elements, !elements.isEmpty else {
            return "\(change.field): \(shown(change.before)) → \(shown(change.after))"
        }
        let more = elements.count - Self.mostElements
        let named = elements.prefix(Self.mostElements) + (more > 0 ? ["\(more) more"] : [])
        return "\(change.field): \(named.joined(separator: ", "))"
    }

    private func shown(_ json: JSON?) -> String { json.map(value) ?? "(none)" }

    /// What people call a collection, or its id where that is forgotten.
    private func place(_ json: JSON?) -> String? {
        guard let name = json?["name"], let id = json?["id"] else { return nil }
        return value(name == "" ? id : name)
    }

    /// What became of the elements of a list: `+new`, `-gone`, `~changed`, or who answered what;
    /// `nil` for what is no such list.
    private func list(_ change: FieldChange, by key: String, answer: String?) -> [String]? {
        guard let before = keyed(change.before, by: key), let after = keyed(change.after, by: key)
        else { return nil }
        let former = Dictionary(before.map { ($0.name, $0.element) }) { first, _ in first }
        let now = Set(after.map(\.name))
        return after.compactMap { name, element in
            let shownName = value(.string(name))
            guard let earlier = former[name] else { return "+" + shownName }
            guard earlier != element else { return nil }
            guard let answer, let given = element[answer], given != earlier[answer] else {
                return "~" + shownName
            }
            return "\(shownName) \(value(given))"
        } + before.filter { !now.contains($0.name) }.map { "-" + value(.string($0.name)) }
    }

    /// The elements of a list by their names in lower case; `nil` where one has none.
    private func keyed(_ json: JSON?, by key: String) -> [(name: String, element: JSON)]? {
        guard let json else { return [] }
        guard let list = json.array else { return nil }
        var elements: [(name: String, element: JSON)] = []
        for element in list {
            guard let name = element[key]?.string else { return nil }
            elements.append((name.lowercased(), element))
        }
        return elements
    }

    /// What became of the members of an object; `nil` for what is none.
    private func object(_ change: FieldChange) -> [String]? {
        let (before, after) = (change.before ?? [:], change.after ?? [:])
        guard let old = before.object, let new = after.object else { return nil }
        return new.members.compactMap { member in
            guard old[member.key] != member.value else { return nil }
            let name = value(.string(member.key))
            return "\(name) \(shown(old[member.key])) → \(value(member.value))"
        } + old.keys.filter { new[$0] == nil }.map { "-" + value(.string($0)) }
    }
}
