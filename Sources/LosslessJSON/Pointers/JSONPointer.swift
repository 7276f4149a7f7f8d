/// A place in a JSON value, as RFC 6901 names it.
///
/// Components are compared and ordered byte for byte.
public struct JSONPointer: Sendable {
    /// The keys and array places on the way, unescaped; none means the whole value.
    public let components: [String]

    /// Reads a pointer: empty, or components each after a `/`, with `~1` for `/` and `~0` for `~`.
    ///
    /// - Throws: ``JSONError`` with code `pointer` if it does not begin with `/`, or has a `~`
    ///   before anything but `0` and `1` (RFC 6901, section 3).
    public init(_ text: String) throws(JSONError) {
        guard !text.utf8.isEmpty else {
            components = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw JSONError(
                code: .pointer, offset: 0, message: "A JSON Pointer must begin with a slash.")
        }
        var components: [String] = []
        var offset = 1
        for part in text.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            components.append(try Self.unescaped(part, offset: offset))
            offset += part.count + 1
        }
        self.components = components
    }

    /// Makes a pointer of unescaped components.
    public init(components: [String]) { self.components = components }

    /// The place one step further: a key, or the place of an element in decimal digits.
    public func appending(_ component: String) -> JSONPointer {
        JSONPointer(components: components + [component])
    }

    private static func unescaped(
        _ part: Substring.UTF8View, offset: Int
    ) throws(JSONError) -> String {
        var bytes: [UInt8] = []
        var rest = part
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default:
                let place = part.distance(from: part.startIndex, to: rest.startIndex)
                throw JSONError(
                    code: .pointer, offset: offset + max(0, place - 2),
                    message: "In a JSON Pointer ~ must be written as ~0.")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The pointer in the form of RFC 6901, section 3.
    public var description: String {
        var bytes: [UInt8] = []
        for component in components {
            bytes.append(UInt8(ascii: "/"))
            for byte in component.utf8 {
                switch byte {
                case UInt8(ascii: "~"): bytes.append(contentsOf: "~0".utf8)
                case UInt8(ascii: "/"): bytes.append(contentsOf: "~1".utf8)
                default: bytes.append(byte)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONPointer: Hashable {
    /// Compares components byte for byte.
    public static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        left.components.elementsEqual(right.components, by: ExactText.same)
    }

    /// Feeds the bytes of the components.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(components.count)
        for component in components { ExactText.hash(component, into: &hasher) }
    }
}

extension JSONPointer: Comparable {
    /// Orders by the first component that differs, a parent before its children.
    public static func < (left: JSONPointer, right: JSONPointer) -> Bool {
        left.components.lexicographicallyPrecedes(right.components, by: ExactText.precedes)
    }
}
