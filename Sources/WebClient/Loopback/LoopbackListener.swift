import NIOCore
import NIOHTTP1
import NIOPosix

/// A request that reached a loopback listener; bodies are not kept.
public struct LoopbackRequest: Hashable, Sendable {
    /// The HTTP method.
    public var method: String
    /// Path and query as they came; may hold a secret.
    public var target: String
    /// The `Host` header, in lower case.
    public var host: String
}

extension LoopbackRequest: CustomStringConvertible, CustomReflectable {
    /// The method and the path without its query.
    public var description: String { "\(method) \(target.prefix { $0 != "?" })" }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// What a loopback listener answers.
public struct LoopbackReply: Hashable, Sendable {
    /// The status code.
    public var status: Int
    /// A complete HTML page.
    public var page: String
    /// Whether this was the answer waited for: the listener closes behind it.
    public var isFinal: Bool

    /// Makes a reply.
    public init(status: Int, page: String, isFinal: Bool) {
        self.status = status
        self.page = page
        self.isFinal = isFinal
    }
}

/// A tiny web server on this machine that waits for one answer and closes.
///
/// Limits: 16 connections, 32 KiB from each, 10 s of silence. It answers pages only, each with
/// headers that forbid scripts, framing, caching and referrers.
public struct LoopbackListener: Sendable {
    /// Where to listen and how long.
    public struct Options: Sendable {
        /// The address to bind: `127.0.0.1` or `::1`.
        public var address: String
        /// Ports tried in this order; 0 lets the system choose.
        public var ports: [Int]
        /// The longest wait.
        public var timeout: Duration

        /// Makes options; by default any free port of 127.0.0.1 for 5 minutes.
        ///
        /// - SeeAlso: RFC 8252 sections 7.3 and 8.3.
        public init(
            address: String = "127.0.0.1", ports: [Int] = [0], timeout: Duration = .seconds(300)
        ) {
            self.address = address
            self.ports = ports
            self.timeout = timeout
        }
    }

    /// Listens, calls `ready` with the port, and waits for the final reply.
    ///
    /// - Parameters:
    ///   - options: Where to listen and how long.
    ///   - ready: Called once with the port; requests are answered meanwhile.
    ///   - answer: Decides each reply, at once.
    /// - Returns: The request that got the final reply, after that reply was sent.
    /// - Throws: ``WebError`` with code `listen` (no port free), `timeout`, `cancelled`, or what
    ///   `ready` throws.
    public static func waitForAnswer(
        _ options: Options, ready: (Int) async throws -> Void,
        answer: @escaping @Sendable (LoopbackRequest) -> LoopbackReply
    ) async throws -> LoopbackRequest {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let session = LoopbackSession(loop: loop, answer: answer)
        let server: any Channel
        do { server = try await bind(options, session: session, loop: loop) } catch {
            session.finish(.failure(error))
            throw error
        }
        let outcome: Result<LoopbackRequest, any Error>
        do {
            let port = server.localAddress?.port ?? 0
            let bell = loop.scheduleTask(in: TimeAmount(options.timeout)) {
                session.finish(.failure(Self.tooLate))
            }
            defer { bell.cancel() }
            try await ready(port)
            outcome = .success(try await session.finalRequest())
        } catch { outcome = .failure(error) }
        await session.close(server)
        return try outcome.get()
    }

    private static let tooLate = WebError(
        code: .timeout, message: "Nobody answered in time; start the sign-in again.")

    private static func bind(
        _ options: Options, session: LoopbackSession, loop: any EventLoop
    ) async throws(WebError) -> any Channel {
        guard ["127.0.0.1", "::1"].contains(options.address) else {
            throw WebError(
                code: .listen, message: "Only 127.0.0.1 and ::1 are listened on, nothing else.")
        }
        var last: (any Error)?
        for port in options.ports where (0...65_535).contains(port) {
            do {
                return try await ServerBootstrap(group: loop)
                    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                    .childChannelInitializer { session.accept($0) }
                    .bind(host: options.address, port: port).get()
            } catch { last = error }
        }
        let tried = options.ports.map(String.init).joined(separator: ", ")
        throw WebError(
            code: .listen,
            message: "None of the ports \(tried) of \(options.address) is free; name another.",
            cause: last)
    }
}
