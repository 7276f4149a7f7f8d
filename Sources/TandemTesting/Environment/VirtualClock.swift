import Synchronization
public import TandemCore

/// A clock that stands still unless it is told otherwise.
///
/// A short wait moves the clock on and returns at once, so that back-offs cost no time; a longer
/// one parks until the clock was moved past its end, by hand or by somebody's short waits.
public final class VirtualClock: WallClock {
    private struct Waiter {
        let number: UInt64
        let deadline: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        /// Unlike the time, this is not set.
        var running = Duration.zero
        var lastNumber: UInt64 = 0
        var waiters: [Waiter] = []
        var cancelled: Set<UInt64> = []
    }

    /// The longest wait that moves the clock instead of parking.
    public let longestStep: Duration
    private let state: Mutex<State>

    /// Starts a clock.
    ///
    /// - Parameters:
    ///   - start: Where it stands; 2026-11-02T08:00:00Z unless given.
    ///   - longestStep: The longest wait that moves it; zero parks every wait.
    public init(
        start: Timestamp = Timestamp(milliseconds: 1_793_606_400_000),
        longestStep: Duration = .seconds(1)
    ) {
        self.longestStep = longestStep
        state = Mutex(State(now: start))
    }

    /// Where it stands.
    public func now() -> Timestamp { state.withLock { $0.now } }

    /// How far it was moved on in all, whatever it was set to.
    public func running() -> Duration { state.withLock { $0.running } }

    /// How many waits are parked.
    public var parked: Int { state.withLock { $0.waiters.count } }

    /// Moves it on, and wakes whoever waited for that.
    public func advance(by duration: Duration) {
        state.withLock { $0.running += duration }
        set(to: now().advanced(by: duration))
    }

    /// Sets it, forwards or backwards, and wakes whoever waited for that.
    public func set(to moment: Timestamp) {
        let due = state.withLock { state in
            state.now = moment
            let due = state.waiters.filter { $0.deadline <= moment }
            state.waiters.removeAll { $0.deadline <= moment }
            return due.sorted { ($0.deadline, $0.number) < ($1.deadline, $1.number) }
        }
        for waiter in due { waiter.continuation.resume() }
    }

    /// Moves the clock on, or parks until it was moved.
    public func wait(for duration: Duration) async throws {
        try Task.checkCancellation()
        guard duration > longestStep else {
            advance(by: duration)
            return await Task.yield()
        }
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                park(continuation, number: number, for: duration)
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func park(
        _ continuation: CheckedContinuation<Void, any Error>, number: UInt64,
        for duration: Duration
    ) {
        let isCancelled = state.withLock { state in
            if state.cancelled.remove(number) != nil { return true }
            state.waiters.append(
                Waiter(
                    number: number, deadline: state.now.advanced(by: duration),
                    continuation: continuation))
            return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
    }

    private func cancel(_ number: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard let place = state.waiters.firstIndex(where: { $0.number == number }) else {
                // Not parked yet, or awake already; the first case is met when it parks.
                state.cancelled.insert(number)
                return nil
            }
            return state.waiters.remove(at: place)
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }
}
