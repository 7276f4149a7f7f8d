import Synchronization

/// The clock: tells the time and waits; virtual in tests and in the simulation.
public protocol WallClock: Sendable {
    /// The moment it is.
    func now() -> Timestamp
    /// How long the machine has been running, asleep or not: however the clock is set, it grows.
    func running() -> Duration
    /// Returns once `duration` has passed.
    /// - Throws: `CancellationError` when the task was cancelled meanwhile.
    func wait(for duration: Duration) async throws
}

extension WallClock {
    /// For a clock that is never set: the time since 1970.
    public func running() -> Duration { .milliseconds(now().milliseconds) }
}

/// Chance: from the system in the product, from a seed in tests.
public protocol RandomSource: Sendable {
    /// Sixty-four random bits.
    func next() -> UInt64
    /// Twice sixty-four random bits, as an id takes them.
    func pair() -> (UInt64, UInt64)
}

extension RandomSource {
    /// Two numbers, one after the other.
    public func pair() -> (UInt64, UInt64) { (next(), next()) }
}

/// What the outside world gives to our code: the time, chance, and who else is at work.
public struct TandemEnvironment: Sendable {
    /// The clock.
    public let clock: any WallClock
    /// Chance.
    public let random: any RandomSource
    /// The processes that can be seen.
    public let processes: any ProcessTable

    /// Binds a clock, a source of chance, and a table of processes, which is empty unless given.
    public init(
        clock: any WallClock, random: any RandomSource, processes: any ProcessTable = NoProcesses()
    ) {
        self.clock = clock
        self.random = random
        self.processes = processes
    }

    /// This machine: its clock, its chance, its processes.
    public static let system = TandemEnvironment(
        clock: SystemClock(), random: SystemRandom(), processes: SystemProcesses())

    /// The moment it is.
    public func now() -> Timestamp { clock.now() }

    /// A new id of ours, sorting behind those of earlier milliseconds.
    public func makeID<Thing>() -> Identifier<Thing> {
        let (high, low) = random.pair()
        return Identifier(rawValue: ULID.text(at: clock.now(), high: high, low: low))
    }

    /// A share of one, below one: for jitter.
    public func fraction() -> Double { SplitMix64.fraction(of: random.next()) }
}

/// Chance that one seed repeats, shared by many callers.
public final class SeededRandom: RandomSource {
    private let generator: Mutex<SplitMix64>

    /// Starts the sequence of `seed`.
    public init(seed: UInt64) { generator = Mutex(SplitMix64(seed: seed)) }

    /// The sequence's next value.
    public func next() -> UInt64 { generator.withLock { $0.next() } }
}

/// The text form of a ULID: 48 bits of time, 80 bits of chance.
enum ULID {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    static func text(at moment: Timestamp, high: UInt64, low: UInt64) -> String {
        let time = UInt64(clamping: moment.milliseconds) & 0xFFFF_FFFF_FFFF
        return String(unsafeUninitializedCapacity: 26) { buffer in
            for position in 0..<10 {
                buffer[position] = alphabet[Int((time >> UInt64(45 - 5 * position)) & 31)]
            }
            for position in 0..<8 {
                buffer[10 + position] = alphabet[Int((high >> UInt64(5 * position)) & 31)]
                buffer[18 + position] = alphabet[Int((low >> UInt64(5 * position)) & 31)]
            }
            return 26
        }
    }
}
