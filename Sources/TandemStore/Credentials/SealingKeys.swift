import Crypto
import TandemCore

/// One key and its name.
struct SealingKey: Sendable {
    let id: [UInt8]
    let symmetricKey: SymmetricKey

    init(id: [UInt8], symmetricKey: SymmetricKey) {
        self.id = id
        self.symmetricKey = symmetricKey
    }

    init(random: any RandomSource) {
        id = RandomBytes.make(8, from: random)
        symmetricKey = SymmetricKey(data: RandomBytes.make(32, from: random))
    }
}

/// The keys of one file, the newest first.
///
/// The file is text: a heading, then on each line a key's id in 16 and the key in 64 hexadecimal
/// digits.
struct SealingKeys: Sendable {
    static let largestFile = 16_384
    private static let heading = "tandem sealing keys 1"

    let keys: [SealingKey]

    init(keys: [SealingKey]) { self.keys = keys }

    init(fileBytes: [UInt8]) throws(StoreError) {
        let lines = String(decoding: fileBytes, as: UTF8.self).split(separator: "\n")
        guard lines.first == Substring(Self.heading) else { throw Self.unreadable }
        var keys: [SealingKey] = []
        for line in lines.dropFirst() {
            let words = line.split(separator: " ").map { Hexadecimal.bytes(of: $0) }
            guard words.count == 2, let id = words[0], id.count == 8, let key = words[1],
                key.count == 32
            else { throw Self.unreadable }
            keys.append(SealingKey(id: id, symmetricKey: SymmetricKey(data: key)))
        }
        guard !keys.isEmpty else { throw Self.unreadable }
        self.keys = keys
    }

    var fileBytes: [UInt8] {
        var text = Self.heading + "\n"
        for key in keys {
            let secret = key.symmetricKey.withUnsafeBytes { Array($0) }
            text += "\(Hexadecimal.text(of: key.id)) \(Hexadecimal.text(of: secret))\n"
        }
        return Array(text.utf8)
    }

    private static var unreadable: StoreError {
        StoreError(
            .sealed, "The key file is damaged, so that stored sign-ins cannot be opened.",
            remedy: "Put the key file back, or remove it and sign in again: tandem auth login")
    }
}

/// Bytes out of chance.
enum RandomBytes {
    static func make(_ count: Int, from random: any RandomSource) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            withUnsafeBytes(of: random.next().littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}

/// Two hexadecimal digits a byte.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func isDigit(_ character: UInt8) -> Bool { digits.contains(character) }

    static func text(of bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func bytes(of text: Substring) -> [UInt8]? {
        let nibbles = text.utf8.map { digits.firstIndex(of: $0) }
        guard nibbles.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: nibbles.count, by: 2) {
            guard let high = nibbles[position], let low = nibbles[position + 1] else {
                return nil
            }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
