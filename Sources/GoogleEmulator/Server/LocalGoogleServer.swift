import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// A ``LocalGoogle`` on a loopback port.
public struct LocalGoogleServer: Service {
    /// Bodies larger than this are refused.
    public static let maxBodyBytes = 64 * 1024 * 1024

    private let google: LocalGoogle
    private let port: Int
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let onReady: @Sendable (Int) async -> Void

    /// Makes a server; it begins to listen in ``run()``.
    ///
    /// - Parameters:
    ///   - google: What answers the requests.
    ///   - port: The port on 127.0.0.1; 0 takes a free one.
    ///   - clock: What delays of faults are waited on.
    ///   - logger: Where trouble with connections is reported; without one, warnings go where the
    ///     program's logging system sends them.
    ///   - onReady: Called once with the port, as soon as requests are accepted.
    public init(
        google: LocalGoogle, port: Int = 0, clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger? = nil,
        onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.google = google
        self.port = port
        self.clock = clock
        var quiet = Logger(label: "local-google")
        quiet.logLevel = .warning
        self.logger = logger ?? quiet
        self.onReady = onReady
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    ///
    /// - Throws: An error of the network if the port cannot be bound.
    public func run() async throws {
        let onReady = self.onReady
        let application = Application(
            responder: LoopbackResponder(google: google, clock: clock),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }
}
