/// One place at which two JSON values differ.
public struct JSONDifference: Hashable, Sendable {
    /// Where.
    public let pointer: JSONPointer
    /// What the base has there; `nil` for nothing, which is not `null`.
    public let before: JSON?
    /// What the other value has there; `nil` for nothing, which is not `null`.
    public let after: JSON?

    /// Makes a difference.
    public init(pointer: JSONPointer, before: JSON?, after: JSON?) {
        self.pointer = pointer
        self.before = before
        self.after = after
    }
}

extension JSON {
    /// Where this value differs from `base`, ordered by pointer.
    ///
    /// Objects are compared member by member, and a whole object that came or went is taken apart
    /// in the same way; arrays and scalars are compared whole, as is an object against something
    /// else. Setting every `after` at its pointer turns `base` into this value, but for objects
    /// that lose their last member, which stay behind empty. A value that is equal has none.
    public func differences(from base: JSON) -> [JSONDifference] {
        var finder = DifferenceFinder()
        finder.compare(base, self)
        return finder.found.sorted { $0.pointer < $1.pointer }
    }
}

/// Walks two values side by side.
private struct DifferenceFinder {
    var found: [JSONDifference] = []
    private var way: [String] = []

    mutating func compare(_ before: JSON?, _ after: JSON?) {
        switch (before, after) {
        case (.object(let old), .object(let new)):
            compare(old, new)
        case (nil, .object(let new)) where !new.isEmpty:
            compare(JSONObject(), new)
        case (.object(let old), nil) where !old.isEmpty:
            compare(old, JSONObject())
        case (let before?, let after?) where before == after:
            break
        default:
            let pointer = JSONPointer(components: way)
            found.append(JSONDifference(pointer: pointer, before: before, after: after))
        }
    }

    private mutating func compare(_ old: JSONObject, _ new: JSONObject) {
        let newIndex = KeyIndex(new)
        for (place, member) in old.members.enumerated() {
            way.append(member.key)
            compare(member.value, newIndex[member.key, near: place])
            way.removeLast()
        }
        let oldIndex = KeyIndex(old)
        for (place, member) in new.members.enumerated()
        where !oldIndex.contains(member.key, near: place) {
            way.append(member.key)
            compare(nil, member.value)
            way.removeLast()
        }
    }
}
