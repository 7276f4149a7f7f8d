public import TandemCore

/// A world whose time stands still and whose chance one seed repeats.
public struct TestEnvironment: Sendable {
    /// The clock, to be moved by the test.
    public let clock: VirtualClock
    /// Chance.
    public let random: SeededRandom

    /// Makes a world.
    ///
    /// - Parameters:
    ///   - seed: What chance repeats.
    ///   - clock: The clock; a new one unless given.
    public init(seed: UInt64 = 1, clock: VirtualClock = VirtualClock()) {
        self.clock = clock
        random = SeededRandom(seed: seed)
    }

    /// What the code under test gets.
    public var environment: TandemEnvironment {
        TandemEnvironment(clock: clock, random: random)
    }
}
