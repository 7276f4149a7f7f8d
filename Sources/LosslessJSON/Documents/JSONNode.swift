import CSimdjson

/// One value inside a document; holds its document, so that copying it is cheap.
///
/// Getters cost nothing but the look at the tape unless they say otherwise.
public struct JSONNode: Sendable {
    let storage: JSONDocument.Storage
    let position: Int

    var entry: csj_entry { storage.tape[position] }

    /// What kind of value it is.
    public var kind: JSONKind { entry.kind }

    /// Whether it is `null`.
    public var isNull: Bool { kind == .null }

    /// The truth value, `nil` unless it is `true` or `false`.
    public var bool: Bool? {
        let entry = entry
        return entry.kind == .bool ? entry.flag : nil
    }

    /// The text of a string without quotes and escapes, `nil` unless it is one; a copy.
    public var string: String? {
        let entry = entry
        guard entry.kind == .string else { return nil }
        return storage.bytes.withUnsafeBufferPointer { Text.string(of: entry, in: $0) }
    }

    /// The number as it was written, `nil` unless it is one; a copy.
    public var numberText: String? {
        let entry = entry
        guard entry.kind == .number else { return nil }
        return storage.bytes.withUnsafeBufferPointer { Text.plain(entry.range, in: $0) }
    }

    /// A whole number within the range, however it is written (`1e2` is 100); `nil` otherwise.
    public var int: Int64? { numberText.flatMap(JSONNumber.int(of:)) }

    /// The nearest double; `nil` unless it is a number, and if that is too large for a double.
    public var double: Double? { numberText.flatMap(JSONNumber.double(of:)) }

    /// Elements of an array or members of an object, duplicate keys counted each; 0 for others.
    public var count: Int { entry.count }

    /// The bytes exactly as they came, without the white space around them.
    public var rawBytes: ArraySlice<UInt8> { storage.bytes[entry.range] }

    /// The tree below this node.
    public var value: JSON {
        storage.bytes.withUnsafeBufferPointer { bytes in
            storage.tape.withUnsafeBufferPointer { tape in
                TreeBuilder(bytes: bytes, tape: tape).value(at: position)
            }
        }
    }

    /// The member of this key, the last one if several have it; `nil` unless it is an object with
    /// such a member.
    ///
    /// Keys are compared byte for byte after their escapes are resolved. Looks at every member, so
    /// that the last can win.
    public subscript(key: String) -> JSONNode? {
        guard entry.kind == .object else { return nil }
        let found = storage.bytes.withUnsafeBufferPointer { bytes in
            storage.tape.withUnsafeBufferPointer { tape in
                Lookup(bytes: bytes, tape: tape).value(of: key, inObjectAt: position)
            }
        }
        return found.map { JSONNode(storage: storage, position: $0) }
    }

    /// The element at this place, counted from 0; `nil` unless it is an array that long.
    ///
    /// Steps over the elements before it: for a walk over all, use ``elements``.
    public subscript(index: Int) -> JSONNode? {
        let entry = entry
        guard entry.kind == .array, index >= 0, index < entry.count else { return nil }
        var place = position + 1
        for _ in 0..<index { place = Int(storage.tape[place].next) }
        return JSONNode(storage: storage, position: place)
    }
}
