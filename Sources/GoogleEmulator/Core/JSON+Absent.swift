import LosslessJSON

extension JSON {
    /// The value, unless it is `null`.
    var nonNull: JSON? { isNull ? nil : self }
}

extension JSONObject {
    /// Sets a member to an array; an empty array leaves the member out.
    mutating func setUnlessEmpty(_ key: String, _ array: [JSON]) {
        self[key] = array.isEmpty ? nil : .array(array)
    }

    /// Sets a member to an object; an empty object leaves the member out.
    mutating func setUnlessEmpty(_ key: String, _ object: JSONObject) {
        self[key] = object.isEmpty ? nil : .object(object)
    }
}
