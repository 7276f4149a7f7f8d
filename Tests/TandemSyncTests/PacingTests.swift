import TandemCore
import Testing

@testable import TandemSync

@Suite struct PacingTests {
    @Test func `waits grow, are spread, and end after five tries`() {
        let backoff = Backoff()
        let waits = (1...5).map { backoff.wait(afterFailures: $0, fraction: 0.5, floor: nil) }
        #expect(
            waits == [
                .milliseconds(1500), .milliseconds(2500), .milliseconds(4500),
                .milliseconds(8500), nil,
            ])
        #expect(
            backoff.wait(afterFailures: 1, fraction: 0, floor: nil)
                != backoff.wait(afterFailures: 1, fraction: 0.9, floor: nil))
    }

    @Test func `what the provider asks for is the least, and too much of it gives up`() {
        let backoff = Backoff()
        #expect(
            backoff.wait(afterFailures: 1, fraction: 0, floor: .seconds(30)) == .seconds(30))
        #expect(backoff.wait(afterFailures: 1, fraction: 0, floor: .seconds(3600)) == nil)
    }

    @Test func `coolings double up to an hour and differ by a quarter`() {
        let cooling = Cooling()
        #expect(cooling.wait(afterCoolings: 0, fraction: 0.5) == .seconds(60))
        #expect(cooling.wait(afterCoolings: 3, fraction: 0.5) == .seconds(480))
        #expect(cooling.wait(afterCoolings: 30, fraction: 0) == .seconds(2700))
        #expect(cooling.wait(afterCoolings: 30, fraction: 1) == .seconds(4500))
        #expect(
            (0...4).map { cooling.quotaWait(afterParks: $0) }
                == [
                    .seconds(3600), .seconds(7200), .seconds(14400), .seconds(21600),
                    .seconds(21600),
                ])
    }

    @Test func `a budget lends at once, then at its rate, and half of it when slowed`() {
        let start = Timestamp(milliseconds: 0)
        var budget = RateBudget(capacity: 10, refillPerSecond: 5, at: start)
        #expect(budget.take(10, at: start) == .zero)
        #expect(budget.take(5, at: start) == .seconds(1))
        let later = start.advanced(by: .seconds(60))
        #expect(budget.take(10, at: later) == .zero)
        budget.slowDown(at: later)
        #expect(budget.take(5, at: later) == .seconds(2))
    }

    @Test func `a clock that is set back lends nothing extra`() {
        let start = Timestamp(milliseconds: 1_000_000)
        var budget = RateBudget(capacity: 1, refillPerSecond: 1, at: start)
        #expect(budget.take(1, at: start) == .zero)
        #expect(budget.take(1, at: Timestamp(milliseconds: 0)) == .seconds(1))
    }
}
