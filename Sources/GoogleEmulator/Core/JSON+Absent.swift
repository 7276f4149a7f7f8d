import LosslessJSON

// `JSON` can be written as `nil`, which then means JSON's `null`: where a member is to be absent,
// code must not leave the choice between the two to the compiler.

extension JSON {
    /// The value, unless it is `null`.
    var nonNull: JSON? {
        if isNull { return Optional<JSON>.none }
        return self
    }
}

extension JSONObject {
    /// Sets a member to an array; an empty array leaves the member out.
    mutating func setUnlessEmpty(_ key: String, _ array: [JSON]) {
        if array.isEmpty {
            removeValue(forKey: key)
        } else {
            self[key] = .array(array)
        }
    }

    /// Sets a member to an object; an empty object leaves the member out.
    mutating func setUnlessEmpty(_ key: String, _ object: JSONObject) {
        if object.isEmpty {
            removeValue(forKey: key)
        } else {
            self[key] = .object(object)
        }
    }
}
