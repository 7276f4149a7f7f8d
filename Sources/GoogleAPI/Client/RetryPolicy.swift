import WebClient

/// When to send a call again, for programs that use these clients without an engine of their own.
///
/// Waits `min(2^n s + U(0, 1000) ms, 64 s)`, at least what Google's `Retry-After` says. Never
/// repeats a write that may have been applied.
///
/// - SeeAlso: Google Calendar API guide, "Manage quotas", section "Use exponential backoff".
public struct RetryPolicy: Sendable {
    /// How often a call is sent at most, the first time included.
    public var maxAttempts: Int
    /// The longest wait that is still waited out; a longer `Retry-After` is thrown to the caller.
    public var maxWait: Duration

    private let sleep: @Sendable (Duration) async throws -> Void
    private let jitter: @Sendable () -> Double

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - maxAttempts: Tries in all; at least 1, by default 5.
    ///   - maxWait: The longest single wait, by default 64 s.
    ///   - sleep: Waits.
    ///   - jitter: A random number from 0 to 1.
    public init(
        maxAttempts: Int = 5, maxWait: Duration = .seconds(64),
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        jitter: @escaping @Sendable () -> Double
    ) {
        self.maxAttempts = max(1, maxAttempts)
        self.maxWait = maxWait
        self.sleep = sleep
        self.jitter = jitter
    }

    /// The wait before the next try.
    ///
    /// - Parameters:
    ///   - attempt: How many tries have failed already, less one; 0 after the first.
    ///   - retryAfter: What Google asked for; a floor.
    /// - Returns: The wait.
    public func wait(afterAttempt attempt: Int, retryAfter: Duration? = nil) -> Duration {
        let cap = Duration.seconds(64)
        let exponent = min(max(attempt, 0), 6)
        let drawn = jitter()
        let random = drawn.isNaN ? 0 : min(max(drawn, 0), 1)
        let backoff = min(.seconds(1 << exponent) + .milliseconds(Int(random * 1000)), cap)
        return max(backoff, retryAfter ?? .zero)
    }

    /// Whether sending the call again can help and cannot harm.
    public func allowsRetry(of error: GoogleError) -> Bool {
        guard !error.mayHaveBeenApplied, !Self.isForGood(error.cause as? WebError) else {
            return false
        }
        return [
            .transport, .unreachable, .unreadable, .missingPart, .rateLimited, .backend,
            .signInUnavailable,
        ].contains(error.code)
    }

    /// Failures of the network that no waiting cures: an answer that is too large, for one.
    private static func isForGood(_ error: WebError?) -> Bool {
        guard let code = error?.code else { return false }
        return [.malformed, .closed, .tooLarge].contains(code)
    }

    /// Runs `operation` until it succeeds, fails for good, or has been tried often enough.
    ///
    /// - Throws: The last ``GoogleError``, or what the sleep throws when it is cancelled.
    public func run<Value>(_ operation: () async throws -> Value) async throws -> Value {
        var attempt = 0
        while true {
            do { return try await operation() } catch let error as GoogleError {
                let pause = wait(afterAttempt: attempt, retryAfter: error.retryAfter)
                attempt += 1
                guard attempt < maxAttempts, allowsRetry(of: error), pause <= maxWait else {
                    throw error
                }
                try await sleep(pause)
            }
        }
    }
}
