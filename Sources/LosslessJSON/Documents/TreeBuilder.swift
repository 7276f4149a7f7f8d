import CSimdjson

/// Makes trees from a tape.
struct TreeBuilder {
    let bytes: UnsafeBufferPointer<UInt8>
    let tape: UnsafeBufferPointer<csj_entry>

    func value(at place: Int) -> JSON {
        let entry = tape[place]
        return switch entry.kind {
        case .null: .null
        case .bool: .bool(entry.flag)
        case .number: .number(JSONNumber(checked: Text.plain(entry.range, in: bytes)))
        case .string: .string(Text.string(of: entry, in: bytes))
        case .array: .array(elements(ofArrayAt: place))
        case .object: .object(object(at: place))
        }
    }

    private func elements(ofArrayAt array: Int) -> [JSON] {
        let count = tape[array].count
        var elements: [JSON] = []
        elements.reserveCapacity(count)
        var place = array + 1
        for _ in 0..<count {
            elements.append(value(at: place))
            place = Int(tape[place].next)
        }
        return elements
    }

    private func object(at object: Int) -> JSONObject {
        let count = tape[object].count
        var members: [JSONObject.Member] = []
        members.reserveCapacity(count)
        var place = object + 1
        for _ in 0..<count {
            let key = Text.string(of: tape[place], in: bytes)
            members.append(JSONObject.Member(key: key, value: value(at: place + 1)))
            place = Int(tape[place + 1].next)
        }
        return mayRepeatKeys(objectAt: object)
            ? JSONObject(uniquing: members) : JSONObject(unique: members)
    }

    /// Whether some key may stand twice; never wrong when it says no.
    ///
    /// Every key is boiled down to 4 bytes, and those are compared, each with all before: for the
    /// few members that objects usually have, this costs far less than a hash table.
    private func mayRepeatKeys(objectAt object: Int) -> Bool {
        let count = tape[object].count
        guard count > 1 else { return false }
        guard count <= 64 else { return true }
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count) { seen in
            var place = object + 1
            var repeats = false
            for index in 0..<count {
                let key = tape[place]
                place = Int(tape[place + 1].next)
                let print = fingerprint(of: key)
                var matches: UInt32 = key.flag ? 1 : 0
                for earlier in 0..<index { matches |= seen[earlier] == print ? 1 : 0 }
                repeats = repeats || matches != 0
                seen.initializeElement(at: index, to: print)
            }
            return repeats
        }
    }

    /// Length, first, middle and last byte of a key without escapes.
    @inline(__always)
    private func fingerprint(of key: csj_entry) -> UInt32 {
        let content = key.content
        guard let last = content.last else { return 0 }
        let middle = content.lowerBound + content.count / 2
        return UInt32(truncatingIfNeeded: content.count) << 24
            | UInt32(bytes[content.lowerBound]) << 16
            | UInt32(bytes[middle]) << 8 | UInt32(bytes[last])
    }
}
