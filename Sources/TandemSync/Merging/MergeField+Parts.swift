import LosslessJSON
import TandemCore

extension MergeField {
    /// What the field holds, by the names that conflicts go by: one value under the field's own
    /// name, or each element of what merges by keys under that and its key.
    func parts(of resource: JSON) -> JSONObject {
        guard let value = value(in: resource) else { return [:] }
        let elements: JSONObject
        switch merging {
        case .keyedList(let key, let ownFlag, let ownMember):
            guard value.array != nil else { return [name: value] }
            let names = ListElements(key: key, ownFlag: ownFlag, ownMember: ownMember)
            elements = names.keyed(value)
        case .keyedObject:
            guard let object = value.object else { return [name: value] }
            elements = object
        case .whole, .ownSide:
            return [name: value]
        }
        var parts = JSONObject()
        for element in elements.members { parts["\(name)/\(element.key)"] = element.value }
        return parts
    }
}
