import LosslessJSON
import Synchronization

/// A Google that lives in memory: OAuth 2.0 and the Calendar API, answered without a network.
///
/// The same configuration, seed, clock and requests lead to the same answers, but for the
/// signature of identity tokens. All state stands behind one lock.
public final class LocalGoogle: Sendable {
    private let state: Mutex<EmulatorState>
    private let systemNow: @Sendable () -> Int64

    /// Makes a local Google and fills it with what the configuration asks for.
    ///
    /// - Parameters:
    ///   - configuration: What it knows at first and after each reset.
    ///   - now: The time in milliseconds since 1970.
    ///   - seed: Where chance begins; ids and tokens come from it.
    public init(
        configuration: LocalGoogleConfiguration, now: @escaping @Sendable () -> Int64, seed: UInt64
    ) {
        systemNow = now
        state = Mutex(EmulatorState(configuration: configuration, seed: seed, now: now()))
    }

    /// Answers one request.
    public func handle(_ request: EmulatorRequest) -> EmulatorResponse {
        locked { state in
            state.world.completeConferences()
            return Dispatcher(state: state).response(to: request)
        }
    }

    /// Runs a closure with the state and with the clock set to the present.
    func locked<Value: Sendable, Failure: Error>(
        _ body: (EmulatorState) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let moment = systemNow()
        return try state.withLock { state throws(Failure) in
            state.world.now = moment &+ state.world.clockOffset
            return try body(state)
        }
    }

    /// The given clock, without what was set or advanced.
    func realNow() -> Int64 { systemNow() }
}
