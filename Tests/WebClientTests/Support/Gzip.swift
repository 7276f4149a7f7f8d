/// Just enough gzip for tests: stored blocks, and runs that unpack to a thousand times their size.
///
/// - SeeAlso: RFC 1951, RFC 1952.
enum Gzip {
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    /// Packs bytes (at most 65,535) without making them smaller.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt16(bytes.count)
        return header + [1] + little(count) + little(~count) + bytes + little(crc32(bytes))
            + little(UInt32(bytes.count))
    }

    /// A stream of zeros, about `count` of them, in one 160th of the bytes.
    ///
    /// The checksum, slow to make, is left out where nobody gets as far as reading it.
    static func zeros(about count: Int, isChecked: Bool = true) -> [UInt8] {
        var bits = Bits()
        bits.append(0b1, 1)  // last block
        bits.append(0b01, 2)  // fixed codes
        bits.appendCode(0x30, 8)  // literal 0
        for _ in 0..<(count / 258) {
            bits.appendCode(0b1100_0101, 8)  // length 258
            bits.appendCode(0, 5)  // distance 1
        }
        bits.appendCode(0, 7)  // end of block
        let total = 1 + count / 258 * 258
        return header + bits.bytes + little(isChecked ? crc32(zeros: total) : 0)
            + little(UInt32(total))
    }

    private struct Bits {
        private(set) var bytes: [UInt8] = []
        private var filled = 8

        mutating func append(_ value: Int, _ count: Int) {
            for index in 0..<count { push(value >> index & 1) }
        }

        /// Huffman codes go with their highest bit first.
        mutating func appendCode(_ code: Int, _ count: Int) {
            for index in (0..<count).reversed() { push(code >> index & 1) }
        }

        private mutating func push(_ bit: Int) {
            if filled == 8 {
                bytes.append(0)
                filled = 0
            }
            bytes[bytes.count - 1] |= UInt8(bit) << UInt8(filled)
            filled += 1
        }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
        }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    }

    private static func crc32(zeros count: Int) -> UInt32 {
        var value: UInt32 = ~0
        for _ in 0..<count { value = table[Int(UInt8(truncatingIfNeeded: value))] ^ (value >> 8) }
        return ~value
    }

    private static func little(_ value: UInt16) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
}
