extension JSON {
    /// Whether it is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The truth value, `nil` unless it is `true` or `false`.
    public var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    /// The text of a string, `nil` unless it is one.
    public var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    /// The number, `nil` unless it is one.
    public var number: JSONNumber? {
        if case .number(let number) = self { number } else { nil }
    }

    /// A whole number within the range, however it is written (`1e2` is 100); `nil` otherwise.
    public var int: Int64? { number?.int }

    /// The nearest double; `nil` unless it is a number, and if that is too large for a double.
    public var double: Double? { number?.double }

    /// The elements, `nil` unless it is an array.
    public var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The object, `nil` unless it is one.
    public var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The member of this key; `nil` unless it is an object with such a member.
    ///
    /// Setting keeps the place of a member that is there and appends one that is not; setting `nil`
    /// removes it, setting `.null` makes it `null`. On anything but an object, setting does nothing.
    public subscript(key: String) -> JSON? {
        get {
            if case .object(let object) = self { object[key] } else { nil }
        }
        set {
            guard case .object(var object) = self else { return }
            self = .null  // So that the object has one owner and is changed in place.
            object[key] = newValue
            self = .object(object)
        }
    }

    /// The element at this place, counted from 0; `nil` unless it is an array that long.
    public subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}
