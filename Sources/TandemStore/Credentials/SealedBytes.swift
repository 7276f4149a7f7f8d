/// What a secret belongs to: sealed in, so that it opens only there.
struct SealLabel: Hashable, Sendable {
    let purpose: String
    let parts: [String]

    /// The label as bytes, every part behind its length, so that no two labels look alike.
    var bytes: [UInt8] {
        var bytes = Array("tandem-seal-1".utf8)
        for part in [purpose] + parts {
            withUnsafeBytes(of: UInt32(clamping: part.utf8.count).bigEndian) {
                bytes.append(contentsOf: $0)
            }
            bytes.append(contentsOf: part.utf8)
        }
        return bytes
    }
}

/// A sealed secret: one byte of version, eight of key id, then nonce, ciphertext and tag.
struct SealedBytes: Hashable, Sendable {
    static let version: UInt8 = 1

    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    init(keyID: [UInt8], combined: some Sequence<UInt8>) {
        bytes = [Self.version] + keyID + combined
    }

    /// The id of the key that sealed it; `nil` where the bytes are no sealed secret.
    var keyID: [UInt8]? {
        guard bytes.count > 9, bytes[0] == Self.version else { return nil }
        return Array(bytes[1..<9])
    }

    /// Nonce, ciphertext and tag.
    var combined: ArraySlice<UInt8> { bytes.dropFirst(9) }
}
