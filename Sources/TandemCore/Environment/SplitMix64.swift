/// A small generator that a seed repeats everywhere; not for secrets.
///
/// - SeeAlso: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    /// Starts the sequence of `seed`.
    public init(seed: UInt64) { state = seed }

    /// The sequence's next value.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A share of one, below one.
    public mutating func fraction() -> Double { Self.fraction(of: next()) }

    /// What a value says as a share of one: its upper 53 bits, as many as a double holds.
    static func fraction(of value: UInt64) -> Double { Double(value >> 11) * 0x1p-53 }
}
