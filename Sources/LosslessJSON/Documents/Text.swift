import CSimdjson

/// Strings out of checked bytes.
enum Text {
    /// The text of a string or key entry.
    @inline(__always)
    static func string(of entry: csj_entry, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        entry.flag ? unescaped(entry.content, in: bytes) : plain(entry.content, in: bytes)
    }

    /// Bytes that stand for themselves.
    @inline(__always)
    static func plain(_ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    /// Resolves escapes, which the scanner has checked; the result is never longer than the range.
    static func unescaped(_ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: range.count) { room in
            var reader = EscapeReader(bytes: bytes, place: range.lowerBound, end: range.upperBound)
            var filled = 0
            while let byte = reader.next(), filled < room.count {
                room.initializeElement(at: filled, to: byte)
                filled += 1
            }
            return filled
        }
    }
}

/// The bytes of a string with its escapes resolved, one by one.
struct EscapeReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var place: Int
    let end: Int
    /// What is left of the UTF-8 form of the last `\u` escape, the next byte lowest.
    private var pending: UInt32 = 0

    init(bytes: UnsafeBufferPointer<UInt8>, place: Int, end: Int) {
        self.bytes = bytes
        self.place = place
        self.end = end
    }

    mutating func next() -> UInt8? {
        if pending != 0 {
            defer { pending >>= 8 }
            return UInt8(truncatingIfNeeded: pending)
        }
        guard place < end else { return nil }
        let byte = bytes[place]
        place += 1
        guard byte == UInt8(ascii: "\\"), place < end else { return byte }
        let name = bytes[place]
        place += 1
        switch name {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return firstByte(of: scalar())
        default: return name
        }
    }

    /// The scalar of a `\u` escape, or of two that make a surrogate pair (RFC 8259, section 7).
    private mutating func scalar() -> UInt32 {
        let first = unit()
        guard first >= 0xD800, first <= 0xDBFF else { return first }
        place += 2  // The \u of the second half, which the scanner has seen.
        return 0x10000 + (first - 0xD800) << 10 + (unit() & 0x3FF)
    }

    private mutating func unit() -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 where place < end {
            let byte = UInt32(bytes[place])
            // Digits are 0x30–0x39; letters 0x41–0x46 and 0x61–0x66 lie 9 off in their low nibble.
            value = value << 4 | (byte & 0xF) + (byte >> 6) * 9
            place += 1
        }
        return value
    }

    /// Begins the UTF-8 form of a scalar (RFC 3629, section 3).
    private mutating func firstByte(of scalar: UInt32) -> UInt8 {
        let tail = { (shift: UInt32) -> UInt32 in 0x80 | (scalar >> shift) & 0x3F }
        switch scalar {
        case 0..<0x80:
            return UInt8(truncatingIfNeeded: scalar)
        case 0x80..<0x800:
            pending = tail(0)
            return UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
        case 0x800..<0x10000:
            pending = tail(6) | tail(0) << 8
            return UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
        default:
            pending = tail(12) | tail(6) << 8 | tail(0) << 16
            return UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
        }
    }
}
