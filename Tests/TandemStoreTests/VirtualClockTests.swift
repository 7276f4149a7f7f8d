import TandemCore
import TandemTesting
import Testing

@Suite struct VirtualClockTests {
    @Test func `a short wait moves the clock`() async throws {
        let clock = VirtualClock()
        let start = clock.now()
        try await clock.wait(for: .milliseconds(250))
        try await clock.wait(for: .seconds(1))
        #expect(clock.now() == start.advanced(by: .milliseconds(1_250)))
    }

    @Test func `a long wait parks until the clock was moved past its end`() async throws {
        let clock = VirtualClock()
        let waiting = Task { try await clock.wait(for: .seconds(30)) }
        while clock.parked == 0 { await Task.yield() }
        clock.advance(by: .seconds(29))
        #expect(clock.parked == 1)
        try await clock.wait(for: .seconds(1))
        try await waiting.value
        #expect(clock.parked == 0)
    }

    @Test func `a cancelled wait ends at once, parked or not`() async throws {
        let clock = VirtualClock()
        let parked = Task { try await clock.wait(for: .seconds(30)) }
        while clock.parked == 0 { await Task.yield() }
        parked.cancel()
        await #expect(throws: CancellationError.self) { try await parked.value }
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await clock.wait(for: .seconds(30))
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        #expect(clock.parked == 0)
    }

    @Test func `a clock may be set back`() {
        let clock = VirtualClock()
        clock.set(to: Timestamp(milliseconds: 5))
        #expect(clock.now().milliseconds == 5)
    }

    @Test func `a clock that is set has not run any further`() async throws {
        let clock = VirtualClock()
        clock.advance(by: .seconds(90))
        clock.set(to: Timestamp(milliseconds: 5))
        try await clock.wait(for: .seconds(1))
        #expect(clock.running() == .seconds(91))
    }
}
