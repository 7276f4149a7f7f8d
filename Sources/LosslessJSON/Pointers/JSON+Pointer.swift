extension JSON {
    /// The value at this place; `nil` if there is none.
    ///
    /// Setting replaces the value, or makes it: on the way missing members and `null` become
    /// objects, and in an array the place `-`, or the one past the end, appends. Setting `nil`
    /// removes a member or an element; of the whole value it makes `null`. Setting does nothing if
    /// the way leads through a truth value, number or string, or past the end of an array, or is
    /// longer than 512 components. Array places are written as RFC 6901, section 4, demands: without
    /// sign or leading zeros.
    public subscript(pointer: JSONPointer) -> JSON? {
        get {
            var value = self
            for component in pointer.components {
                switch value {
                case .object(let object):
                    guard let member = object[component] else { return nil }
                    value = member
                case .array(let elements):
                    guard let place = Self.place(component), let element = value[place],
                        place < elements.count
                    else { return nil }
                    value = element
                default: return nil
                }
            }
            return value
        }
        set {
            guard pointer.components.count <= 512 else { return }
            replace(at: pointer.components[...], with: newValue)
        }
    }

    private mutating func replace(at way: ArraySlice<String>, with value: JSON?) {
        guard let component = way.first else {
            self = value ?? .null
            return
        }
        let rest = way.dropFirst()
        switch self {
        case .object(var object):
            self = .null  // So that the object has one owner and is changed in place.
            Self.replace(component, rest, in: &object, with: value)
            self = .object(object)
        case .array(var elements):
            self = .null
            Self.replace(component, rest, in: &elements, with: value)
            self = .array(elements)
        case .null:
            if let value { self = Self.chain(to: way, value) }
        case .bool, .number, .string: break
        }
    }

    private static func replace(
        _ component: String, _ rest: ArraySlice<String>, in object: inout JSONObject,
        with value: JSON?
    ) {
        if rest.isEmpty {
            object[component] = value
        } else if let place = object.place(of: component) {
            object.modify(at: place) { $0.replace(at: rest, with: value) }
        } else if let value {
            object[component] = chain(to: rest, value)
        }
    }

    private static func replace(
        _ component: String, _ rest: ArraySlice<String>, in elements: inout [JSON],
        with value: JSON?
    ) {
        guard let place = component == "-" ? elements.count : Self.place(component) else { return }
        if place < elements.count {
            if rest.isEmpty, value == nil {
                elements.remove(at: place)
            } else {
                elements[place].replace(at: rest, with: value)
            }
        } else if place == elements.count, let value {
            elements.append(chain(to: rest, value))
        }
    }

    /// Objects around a value, one for each component.
    private static func chain(to way: ArraySlice<String>, _ value: JSON) -> JSON {
        way.reversed().reduce(value) { inner, key in
            .object(JSONObject(unique: [JSONObject.Member(key: key, value: inner)]))
        }
    }

    private static func place(_ component: String) -> Int? {
        let digits = component.utf8
        guard digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return Int(component)
    }
}
