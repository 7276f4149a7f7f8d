import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The system's chance, fit for secrets.
///
/// An id takes two numbers, and a call of the system for each was a thirtieth of a first sync; so
/// many are asked for at once.
public final class SystemRandom: RandomSource {
    private let numbers = Mutex<[UInt64]>([])

    /// As many as the system gives without fail.
    ///
    /// - SeeAlso: POSIX.1-2024, `getentropy`: at most 256 bytes at once.
    private static let count = 32

    /// Makes the system's source of chance.
    public init() {}

    /// Sixty-four bits that were given to nobody else.
    public func next() -> UInt64 {
        numbers.withLock { numbers in
            if numbers.isEmpty { numbers = Self.draw() }
            return numbers.removeLast()
        }
    }

    private static func draw() -> [UInt64] {
        var drawn = [UInt64](repeating: 0, count: count)
        let failed = drawn.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
        guard failed == 0 else {
            // A system without the call: Swift knows other ways, and stops where there is none.
            var generator = SystemRandomNumberGenerator()
            return drawn.map { _ in generator.next() }
        }
        return drawn
    }
}
