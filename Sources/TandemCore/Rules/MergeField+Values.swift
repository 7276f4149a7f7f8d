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
    /// does not belong to the server; those move as a whole.
    public func allFields(of versions: [JSON]) -> [MergeField] {
        let covered = Set(fields.flatMap(\.members).compactMap(\.components.first))
        var names = Set<String>()
        for version in versions { names.formUnion(version.object?.keys ?? []) }
        return fields
            + names.subtracting(covered).subtracting(serverOwned).sorted()
            .map { MergeField($0, [JSONPointer(components: [$0])], .whole) }
    }
}
