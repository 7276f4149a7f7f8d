/// Look-ups by key in one object: through the members if they are few, by a table if they are many,
/// so that comparing two large objects does not take quadratic time.
struct KeyIndex {
    /// Up to here a look through the members is quicker than making a table.
    private static let few = 32

    private let object: JSONObject
    private let places: [ExactKey: Int]

    init(_ object: JSONObject) {
        self.object = object
        guard object.count > Self.few else {
            places = [:]
            return
        }
        var places: [ExactKey: Int] = [:]
        places.reserveCapacity(object.count)
        for (place, member) in object.members.enumerated() { places[ExactKey(member.key)] = place }
        self.places = places
    }

    /// The value of a key, looked for first where it was in an object like this one.
    subscript(key: String, near hint: Int) -> JSON? {
        place(of: key, near: hint).map { object.members[$0].value }
    }

    func contains(_ key: String, near hint: Int) -> Bool { place(of: key, near: hint) != nil }

    func place(of key: String, near hint: Int) -> Int? {
        if places.isEmpty { return object.place(of: key, near: hint) }
        if hint < object.count, ExactText.same(object.members[hint].key, key) { return hint }
        return places[ExactKey(key)]
    }
}
