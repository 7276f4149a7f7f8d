/// An internet address as bytes: four for IPv4, sixteen for IPv6.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The bytes in network order.
    public let bytes: [UInt8]

    /// Takes four or sixteen bytes; `nil` for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Whether the whole world can reach it: neither this machine, nor a private or shared
    /// network, nor a group, nor a number set aside for another purpose.
    ///
    /// IPv6 addresses that carry an IPv4 address (mapped, translated, 6to4, Teredo) count as not
    /// public, whatever they carry: nothing that is meant for the public needs them.
    ///
    /// - SeeAlso: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190);
    ///   RFC 4291, RFC 6598.
    public var isPublic: Bool {
        if bytes.count == 4 { return !Self.special4.contains { $0.contains(bytes) } }
        // Global unicast is 2000::/3; of that, the special blocks are left out.
        return bytes[0] >> 5 == 1 && !Self.special6.contains { $0.contains(bytes) }
    }

    /// The usual text, without shortening: `192.0.2.1`, `2001:db8:0:0:0:0:0:1`.
    public var description: String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }.joined(separator: ":")
    }

    private struct Block {
        let prefix: [UInt8]
        let bits: Int

        func contains(_ address: [UInt8]) -> Bool {
            for (index, wanted) in prefix.enumerated() {
                let left = bits - index * 8
                guard left > 0 else { return true }
                let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
                guard address[index] & mask == wanted & mask else { return false }
            }
            return true
        }
    }

    private static let special4: [Block] = [
        Block(prefix: [0], bits: 8), Block(prefix: [10], bits: 8),
        Block(prefix: [100, 64], bits: 10), Block(prefix: [127], bits: 8),
        Block(prefix: [169, 254], bits: 16), Block(prefix: [172, 16], bits: 12),
        Block(prefix: [192, 0, 0], bits: 24), Block(prefix: [192, 0, 2], bits: 24),
        Block(prefix: [192, 31, 196], bits: 24), Block(prefix: [192, 52, 193], bits: 24),
        Block(prefix: [192, 88, 99], bits: 24), Block(prefix: [192, 168], bits: 16),
        Block(prefix: [192, 175, 48], bits: 24), Block(prefix: [198, 18], bits: 15),
        Block(prefix: [198, 51, 100], bits: 24), Block(prefix: [203, 0, 113], bits: 24),
        Block(prefix: [224], bits: 3),
    ]

    private static let special6: [Block] = [
        Block(prefix: [0x20, 0x01, 0x00], bits: 23),
        Block(prefix: [0x20, 0x01, 0x0D, 0xB8], bits: 32),
        Block(prefix: [0x20, 0x02], bits: 16),
        Block(prefix: [0x26, 0x20, 0x00, 0x4F, 0x80, 0x00], bits: 48),
        Block(prefix: [0x3F, 0xFF, 0x00], bits: 20),
    ]
}
