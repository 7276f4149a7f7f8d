import CSimdjson

/// Finds members by key, straight on the tape.
struct Lookup {
    let bytes: UnsafeBufferPointer<UInt8>
    let tape: UnsafeBufferPointer<csj_entry>

    /// The place of the last value with this key.
    func value(of key: String, inObjectAt object: Int) -> Int? {
        var key = key
        return key.withUTF8 { wanted in
            var found: Int?
            var place = object + 1
            for _ in 0..<tape[object].count {
                if isKey(wanted, at: place) { found = place + 1 }
                place = Int(tape[place + 1].next)
            }
            return found
        }
    }

    @inline(__always)
    private func isKey(_ wanted: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
        let entry = tape[place]
        guard !entry.flag else {
            return isEscapedKey(wanted, entry)
        }
        let content = entry.content
        guard content.count == wanted.count else { return false }
        guard let start = bytes.baseAddress, let other = wanted.baseAddress else {
            return wanted.isEmpty
        }
        return csj_same(start + content.lowerBound, other, wanted.count)
    }

    private func isEscapedKey(_ wanted: UnsafeBufferPointer<UInt8>, _ entry: csj_entry) -> Bool {
        var reader = EscapeReader(
            bytes: bytes, place: entry.content.lowerBound, end: entry.content.upperBound)
        for byte in wanted {
            guard reader.next() == byte else { return false }
        }
        return reader.next() == nil
    }
}
