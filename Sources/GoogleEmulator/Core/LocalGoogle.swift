public import LosslessJSON
import Synchronization

/// A Google that lives in memory: OAuth 2.0 and the Calendar API, answered without a network.
///
/// The same configuration, seed, clock and requests lead to the same answers, but for the
/// signature of identity tokens. All state stands behind one lock.
public final class LocalGoogle: Sendable {
    private let state: Mutex<EmulatorState>
    private let systemNow: @Sendable () -> Int64
    let wakes = OutboxWakes()
    /// Whether posts may go to other machines than this one.
    let allowsForeignPosts: Bool

    /// Makes a local Google and fills it with what the configuration asks for.
    ///
    /// - Parameters:
    ///   - configuration: What it knows at first and after each reset.
    ///   - now: The time in milliseconds since 1970.
    ///   - seed: Where chance begins; ids and tokens come from it.
    ///   - stopwatch: What the time is measured with that a request takes.
    public convenience init(
        configuration: LocalGoogleConfiguration, now: @escaping @Sendable () -> Int64,
        seed: UInt64, stopwatch: any Clock<Duration> = ContinuousClock()
    ) {
        self.init(
            configuration: configuration, services: .standard, now: now, seed: seed,
            stopwatch: stopwatch)
    }

    /// Makes a local Google that begins, after each reset too, with data as ``seed(_:)`` takes
    /// them.
    ///
    /// - Parameters:
    ///   - configuration: What it knows besides.
    ///   - data: Accounts, calendars and events.
    ///   - now: The time in milliseconds since 1970.
    ///   - seed: Where chance begins; ids and tokens come from it.
    /// - Throws: ``LocalGoogleError`` with code `invalidSeed`.
    public convenience init(
        configuration: LocalGoogleConfiguration, data: JSON,
        now: @escaping @Sendable () -> Int64, seed: UInt64
    ) throws(LocalGoogleError) {
        self.init(configuration: configuration, now: now, seed: seed)
        try state.withLock { state throws(LocalGoogleError) in try state.begin(with: data) }
    }

    /// Makes a local Google of other services than the standard ones.
    init(
        configuration: LocalGoogleConfiguration, services: ServiceList,
        now: @escaping @Sendable () -> Int64, seed: UInt64,
        stopwatch: any Clock<Duration> = ContinuousClock()
    ) {
        systemNow = now
        allowsForeignPosts = configuration.allowsForeignPosts
        state = Mutex(
            EmulatorState(
                configuration: configuration, services: services, seed: seed, now: now(),
                stopwatch: stopwatch))
    }

    /// Answers one request; never compressed, which is the server's affair.
    public func handle(_ request: EmulatorRequest) -> EmulatorResponse {
        locked { Dispatcher(state: $0).response(to: request) }
    }

    /// Answers a request whose body was too large to be read: 413 in the words of its service.
    public func refuseBody(of request: EmulatorRequest) -> EmulatorResponse {
        locked { Dispatcher(state: $0).refuseBody(of: request) }
    }

    /// Answers one request for whose body there is no room now: 503 in the words of its service,
    /// and when to come back.
    func refuseForNow(_ request: EmulatorRequest) -> EmulatorResponse {
        locked { Dispatcher(state: $0).refuseForNow(request) }
    }

    /// Runs a closure with the state, with the clock set to the present and with everything done
    /// that has come due; whoever watches what it changes is told afterwards.
    func locked<Value: Sendable, Failure: Error>(
        _ body: (EmulatorState) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let moment = systemNow()
        return try state.withLock { state throws(Failure) in
            state.world.now = moment &+ state.world.clockOffset
            let before = OutboxWakes.Mark(state.world)
            state.catchUp()
            for service in state.services.all { service.followUp(state.world) }
            defer {
                for service in state.services.all { service.followUp(state.world) }
                wakes.note(state.world, since: before)
            }
            return try body(state)
        }
    }

    /// The given clock, without what was set or advanced.
    func realNow() -> Int64 { systemNow() }
}
