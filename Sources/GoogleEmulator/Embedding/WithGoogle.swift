public import Logging

/// Runs a local Google on a port of this machine for as long as a closure works with it.
///
/// ```swift
/// try await withGoogle(.init(users: ["ada@example.com"], content: .sample)) { running in
///     let token = try running.google.accessToken(for: "ada@example.com")
///     try running.google.addFault(.init(method: "events.list", status: 503))
///     // ... point the program under test at running.url ...
/// }
/// ```
///
/// Its clock is the machine's until it is set, and random numbers start from a fixed seed, so the
/// same requests get the same ids. The server has ended when this returns, whether the closure returned,
/// threw, or was cancelled; requests in flight then are answered first.
///
/// - Parameters:
///   - configuration: What it knows at first and after each reset.
///   - port: The port on 127.0.0.1; 0 takes a free one.
///   - body: The closure; it runs in the caller's isolation.
/// - Returns: What the closure returns.
/// - Throws: What the closure throws; an error of the network if the port cannot be bound.
public func withGoogle<Value>(
    _ configuration: LocalGoogleConfiguration = LocalGoogleConfiguration(), port: Int = 0,
    _ body: (RunningGoogle) async throws -> Value
) async throws -> Value {
    try await LocalGoogle(configuration: configuration, now: MachineTime.now, seed: 1)
        .serving(port: port, body)
}

extension LocalGoogle {
    /// Serves on a port of this machine for as long as a closure works with it.
    ///
    /// The server has ended when this returns, whether the closure returned, threw, or was
    /// cancelled; requests in flight then are answered first.
    ///
    /// - Parameters:
    ///   - port: The port on 127.0.0.1; 0 takes a free one.
    ///   - clock: What delays of faults and pauses between posts are waited on.
    ///   - logger: Where trouble with connections is reported.
    ///   - body: The closure; it runs in the caller's isolation.
    /// - Returns: What the closure returns.
    /// - Throws: What the closure throws; an error of the network if the port cannot be bound.
    public func serving<Value>(
        port: Int = 0, clock: any Clock<Duration> = ContinuousClock(), logger: Logger? = nil,
        _ body: (RunningGoogle) async throws -> Value
    ) async throws -> Value {
        try await LocalGoogleServer(google: self, port: port, clock: clock, logger: logger)
            .serving(body)
    }
}

extension LocalGoogleServer {
    /// Serves for as long as a closure works.
    func serving<Value>(
        _ body: (RunningGoogle) async throws -> Value
    ) async throws -> Value {
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        var server = self
        server.onReady = { port in
            ready.yield(port)
            ready.finish()
        }
        // A task of its own, so that the closure may stay where the caller runs; it is always
        // waited for below.
        let serving = Task { [server] in
            defer { ready.finish() }
            try await server.run()
        }
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await Self.work(ports, google, body))
        } catch {
            outcome = .failure(error)
        }
        serving.cancel()
        let end = await serving.result
        // A port that could not be bound is why there was nothing to work with.
        if case .failure(let error) = outcome, error is NeverReady {
            try end.get()
            throw CancellationError()
        }
        return try outcome.get()
    }

    /// The server ended, or the caller was cancelled, before there was a port.
    private struct NeverReady: Error {}

    private static func work<Value>(
        _ ports: AsyncStream<Int>, _ google: LocalGoogle,
        _ body: (RunningGoogle) async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        for await port in ports {
            return try await body(RunningGoogle(google: google, url: "http://127.0.0.1:\(port)"))
        }
        throw NeverReady()
    }
}
