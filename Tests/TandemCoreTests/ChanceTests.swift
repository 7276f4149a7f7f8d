import TandemCore
import TandemTesting
import Testing

@Suite struct ChanceTests {
    /// The first values that the algorithm's reference code gives for these seeds.
    @Test(
        arguments: [
            (0, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]),
            (
                1_234_567,
                [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
            ),
        ] as [(UInt64, [UInt64])])
    func `a seed gives the sequence that is published for it`(seed: UInt64, values: [UInt64]) {
        var generator = SplitMix64(seed: seed)
        let shared = SeededRandom(seed: seed)
        for value in values {
            #expect(generator.next() == value)
            #expect(shared.next() == value)
        }
    }

    @Test func `a share is never below nothing nor all of it`() {
        var generator = SplitMix64(seed: 9)
        let environment = TestEnvironment(seed: 9).environment
        var sum = 0.0
        for _ in 0..<10_000 {
            let share = generator.fraction()
            #expect(share >= 0 && share < 1)
            #expect(environment.fraction() == share)
            sum += share
        }
        #expect(abs(sum / 10_000 - 0.5) < 0.02)
    }

    @Test func `the system's chance does not repeat itself`() {
        let random = SystemRandom()
        #expect(Set((0..<1_000).map { _ in random.next() }).count == 1_000)
        let pairs = (0..<1_000).map { _ in random.pair() }
        #expect(Set(pairs.flatMap { [$0.0, $0.1] }).count == 2_000)
    }

    @Test func `the system's clock goes on`() async throws {
        let clock = SystemClock()
        let before = clock.now()
        try await clock.wait(for: .milliseconds(2))
        #expect(clock.now() > before)
        let waiting = Task { try await clock.wait(for: .seconds(3_600)) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
