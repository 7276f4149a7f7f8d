import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// A ``LocalGoogle`` on a loopback port, with the posts that it sends.
public struct LocalGoogleServer: Service {
    /// Bodies larger than this are refused, but for seeds and snapshots, which may hold
    /// ``LocalGoogle/maxDataBytes``.
    public static let maxBodyBytes = 64 * 1024 * 1024
    /// The bodies of all requests that are on their way take up this at most; one that would go
    /// beyond is refused with 503.
    public static let maxBodyBytesTogether = 1 << 30
    /// More connections than this wait until others end.
    static let maxConnections = 2048
    /// A connection on which nothing comes for so long is closed, whether it lies idle or its
    /// request has not come to an end; never while an answer is held back.
    public static let idleTimeout: Duration = .seconds(300)
    /// How long requests in flight may take after a stop before they are cut.
    public static let drain: Duration = .seconds(5)

    let google: LocalGoogle
    private let port: Int
    private let clock: any Clock<Duration>
    private let logger: Logger
    var onReady: @Sendable (Int) async -> Void
    /// Tests take a smaller one.
    var bodyLimit = maxBodyBytes
    /// Tests take a smaller one.
    var bodies = BodyRoom(mostBytes: maxBodyBytesTogether)
    /// Tests take a shorter one.
    var longestIdleTime = idleTimeout
    /// Tests take a longer one, so that a busy machine cuts nothing.
    var longestDrain = drain

    /// Makes a server; it begins to listen in ``run()``.
    ///
    /// - Parameters:
    ///   - google: What answers the requests.
    ///   - port: The port on 127.0.0.1; 0 takes a free one.
    ///   - clock: What delays of faults and pauses between posts are waited on.
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
    /// Either way no new connection is taken, requests in flight are answered, and answers that a
    /// fault holds back are sent at once; what takes longer than ``drain`` is cut.
    /// - Throws: An error of the network if the port cannot be bound.
    public func run() async throws {
        let (stops, stop) = AsyncStream.makeStream(of: Void.self)
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                // A new task, so that requests in flight are not cancelled with us.
                try await Task { try await serve(until: stops) }.value
            } onGracefulShutdown: {
                stop.finish()
            }
        } onCancel: {
            stop.finish()
        }
    }

    private func serve(until stops: AsyncStream<Void>) async throws {
        let onReady = self.onReady
        let sender = PostSender(allowsForeign: google.allowsForeignPosts)
        let application = Application(
            responder: LoopbackResponder(
                google: google, clock: clock, bodyLimit: bodyLimit, bodies: bodies,
                turns: RequestTurns(google)),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ExpectationInstaller()],
                    idleTimeout: TimeAmount(longestIdleTime))),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: port), serverName: nil,
                availableConnectionsDelegate: .maximum(Self.maxConnections, logger: logger)),
            services: [
                PostCourier(google: google, clock: clock, sender: sender, logger: logger)
            ],
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) },
            logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: application),
                .init(
                    service: StopWatcher(stops: stops),
                    successTerminationBehavior: .gracefullyShutdownGroup),
            ], logger: logger)
        configuration.maximumGracefulShutdownDuration = longestDrain
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// Ends when a stop is asked for, and with it gracefully everything beside it.
private struct StopWatcher: Service {
    let stops: AsyncStream<Void>

    func run() async throws {
        for await _ in stops {}
    }
}
