#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The system's chance, fit for secrets: nothing of it is kept in store.
public struct SystemRandom: RandomSource {
    /// Makes the system's source of chance.
    public init() {}

    /// Sixty-four bits.
    public func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// Twice sixty-four bits, by one call of the system.
    ///
    /// - SeeAlso: POSIX.1-2024, `getentropy`: up to 256 bytes at once.
    public func pair() -> (UInt64, UInt64) {
        var numbers: (UInt64, UInt64) = (0, 0)
        let failed = withUnsafeMutableBytes(of: &numbers) { getentropy($0.baseAddress, $0.count) }
        // A system without the call: Swift knows other ways, and stops where there is none.
        return failed == 0 ? numbers : (next(), next())
    }
}
