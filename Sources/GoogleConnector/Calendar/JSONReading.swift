import LosslessJSON

/// What the rules read of a JSON value, be it a tree or a place in a scanned document: so that a
/// first listing can be projected without making trees.
protocol JSONReading {
    associatedtype List: Sequence<Self>

    subscript(key: String) -> Self? { get }
    var string: String? { get }
    var bool: Bool? { get }
    /// The elements of an array; none for other values.
    var list: List { get }
}

extension JSON: JSONReading {
    var list: [JSON] { array ?? [] }
}

extension JSONNode: JSONReading {
    var list: JSONNode.Elements { elements }
}

extension JSON {
    /// Whether Google means the same by this value as by leaving the member out.
    var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .number: false
        }
    }

    /// The object without members that are `null`, which Google takes as absent.
    var withoutNulls: JSON {
        guard let object, object.contains(where: { $0.value.isNull }) else { return self }
        return .object(
            JSONObject(object.filter { !$0.value.isNull }.map { ($0.key, $0.value) }))
    }
}
