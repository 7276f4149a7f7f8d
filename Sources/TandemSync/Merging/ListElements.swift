import LosslessJSON

/// Tells the elements of a keyed list apart.
struct ListElements {
    let key: String
    let ownFlag: String?
    let ownMember: String?

    /// The list as an object by key, in its own order; elements without the key go by their text,
    /// and those whose key was there before by that and their text: none is left out.
    func keyed(_ list: JSON?) -> JSONObject {
        var result = JSONObject()
        for element in list?.array ?? [] {
            var name = name(of: element)
            if result[name] != nil { name += " " + element.canonical().text }
            while result[name] != nil { name += "'" }
            result[name] = element
        }
        return result
    }

    /// Whether no two elements go by one name.
    func areDistinct(in list: JSON?) -> Bool {
        let elements = list?.array ?? []
        var names = JSONObject()  // Not a set of strings: names are told apart byte for byte.
        for element in elements { names[name(of: element)] = .null }
        return names.count == elements.count
    }

    private func name(of element: JSON) -> String {
        element[key]?.string?.lowercased() ?? element.canonical().text
    }

    /// The remote element with our own member of it; `nil` where the element is not our own.
    func takingOwn(from mine: JSON?, into theirs: JSON?) -> JSON? {
        guard let ownFlag, let ownMember, let mine, var result = theirs,
            result[ownFlag]?.bool == true
        else { return nil }
        result[ownMember] = mine[ownMember]
        return result
    }

    /// The member of an element that belongs to this side.
    func own(of element: JSON?) -> JSON? { ownMember.flatMap { element?[$0] } }

    /// Whether two elements are equal but for the member that belongs to this side.
    func differOnlyInOwn(_ left: JSON?, _ right: JSON?) -> Bool {
        guard let ownMember, var left, var right else { return false }
        left[ownMember] = nil
        right[ownMember] = nil
        return left == right
    }
}
