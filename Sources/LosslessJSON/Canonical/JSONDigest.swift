import Crypto

/// A SHA-256 digest (FIPS 180-4) in lower-case hexadecimal digits.
public struct JSONDigest: Hashable, Sendable, RawRepresentable {
    /// 64 lower-case hexadecimal digits.
    public let rawValue: String

    /// Takes a digest over, `nil` unless it is 64 lower-case hexadecimal digits.
    public init?(rawValue: String) {
        let digits = rawValue.utf8
        guard digits.count == 64,
            digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }

    /// Digests bytes.
    public init(of bytes: [UInt8]) {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let hex = Array("0123456789abcdef".utf8)
        var digits: [UInt8] = []
        digits.reserveCapacity(64)
        for byte in hash.finalize() {
            digits.append(hex[Int(byte >> 4)])
            digits.append(hex[Int(byte & 0xF)])
        }
        rawValue = String(decoding: digits, as: UTF8.self)
    }
}
