/// The chance of the local Google: the same seed yields the same ids for ever.
///
/// - SeeAlso: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A word of `count` characters, each drawn from `alphabet`.
    mutating func word(_ count: Int, from alphabet: [UInt8]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        let size = UInt64(alphabet.count)
        for _ in 0..<count { bytes.append(alphabet[Int(next() % size)]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A number below `bound`; 0 when `bound` is not positive.
    mutating func below(_ bound: Int) -> Int {
        bound > 0 ? Int(next() % UInt64(bound)) : 0
    }
}

/// The alphabets that Google's ids are drawn from.
enum Alphabet {
    static let base32Hex = Array("0123456789abcdefghijklmnopqrstuv".utf8)
    static let base64URL = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    static let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    static let userCode = Array("BCDFGHJKLMNPQRSTVWXZ".utf8)
    static let digits = Array("0123456789".utf8)
    static let hex = Array("0123456789abcdef".utf8)
}
