import GoogleEmulator
import Logging

/// A local Google that is being served.
struct LocalGoogleSession: Sendable {
    let google: LocalGoogle
    let port: Int
    let app: App

    /// Serves until the task is cancelled.
    ///
    /// - Parameter ready: Called once with the address; what it throws ends the serving.
    /// - Throws: What `ready` throws; ``CommandFailure`` with exit `configuration` where the port
    ///   is taken.
    func serve(ready: @escaping @Sendable (String) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (ports, gate) = AsyncStream.makeStream(of: Int.self)
            group.addTask {
                defer { gate.finish() }
                do {
                    try await LocalGoogleServer(google: google, port: port, logger: logger) {
                        gate.yield($0)
                        gate.finish()
                    }.run()
                } catch let error where !(error is CancellationError) {
                    throw CommandFailure(listening: port, error)
                }
            }
            for await port in ports { try await ready("http://127.0.0.1:\(port)") }
            try await group.waitForAll()
        }
    }

    /// Serves while `body` works with the address, then stops.
    func serving<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        try await google.serving(port: port, logger: logger) { try await body($0.url) }
    }

    private var logger: Logger {
        // With --json standard error is for JSON alone.
        let isSilent = app.options.format == .json
        var logger = Logger(label: "local-google") { label in
            if isSilent { return SwiftLogNoOpLogHandler() }
            return StreamLogHandler.standardError(label: label)
        }
        logger.logLevel = app.options.verbosity > 1 ? .info : .critical
        return logger
    }
}

extension CommandFailure {
    /// A local Google could not listen on a port.
    init(listening port: Int, _ error: any Error) {
        let reason =
            switch LocalGoogleServer.portProblem(of: error) {
            case .taken: "Port \(port) is taken: another program listens there."
            case .denied: "Port \(port) may not be used: the system keeps it for others."
            case nil: "The local Google could not listen on port \(port): \(error)"
            }
        self.init(
            .configuration, code: "listen", reason,
            remedy: "tandem emulator start --port 0 takes a free one; or name another.")
    }
}
