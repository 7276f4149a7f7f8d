public import LosslessJSON

extension MergeField {
    /// What the field holds in `resource`: one value, or an object of those members that it has.
    public func value(in resource: JSON) -> JSON? {
        if members.count == 1 { return resource[members[0]] }
        let present = members.compactMap { pointer -> (String, JSON)? in
            guard let name = pointer.components.last, let value = resource[pointer] else {
                return nil
            }
            return (name, value)
        }
        return present.isEmpty ? nil : .object(JSONObject(present))
    }

    /// Puts `value`, in the form that ``value(in:)`` gives, into `resource`; `nil` removes it.
    ///
    /// A parent that is missing or `null` becomes an object; one of another kind keeps its value, as
    /// nothing can lie inside of it.
    public func put(_ value: JSON?, into resource: inout JSON) {
        for pointer in members {
            if members.count == 1 {
                resource[pointer] = value
            } else if let name = pointer.components.last {
                resource[pointer] = value?[name]
            }
        }
    }
}

extension KindRules {
    /// The rules' fields, then one for each member of `versions` that no rule speaks of and that
    /// does not belong to the server, be it one of the resource or one beside what a field covers
    /// within an object; those move as a whole.
    public func allFields(of versions: [JSON]) -> [MergeField] {
        let pointers = fields.flatMap(\.members)
        let covered = Set(pointers.compactMap(\.components.first)).union(serverOwned)
        var found = JSONObject()  // Not a set of strings: names are told apart byte for byte.
        for name in versions.flatMap({ $0.object?.keys ?? [] }) where !covered.contains(name) {
            found[name] = .null
        }
        let unknown = found.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { MergeField($0, [JSONPointer(components: [$0])], .whole) }
        return fields + unknown
            + unknownWithin(pointers.filter { $0.components.count == 2 }, versions)
    }

    /// The members that no rule speaks of in those objects of which it covers others.
    private func unknownWithin(_ pointers: [JSONPointer], _ versions: [JSON]) -> [MergeField] {
        var parents = JSONObject()
        for pointer in pointers { parents[pointer.components[0]] = .null }
        return parents.keys.flatMap { parent in
            var found = JSONObject()
            for name in versions.flatMap({ $0[parent]?.object?.keys ?? [] })
            where !pointers.contains(where: { $0.components == [parent, name] }) {
                found[name] = .null
            }
            return found.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
                .map {
                    MergeField("\(parent)/\($0)", [JSONPointer(components: [parent, $0])], .whole)
                }
        }
    }
}
