/// A number that two lives of one world have in common only if the same happened in both.
///
/// - SeeAlso: Fowler, Noll, Vo, FNV-1a with 64 bits.
struct SimulationTrace {
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func note(_ text: String) {
        for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        digest = (digest ^ 0xFF) &* 0x100_0000_01B3
    }

    mutating func note(_ number: some BinaryInteger) { note(String(number)) }
}
