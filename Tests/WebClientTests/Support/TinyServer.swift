import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server of raw bytes on 127.0.0.1, told what to do with each connection.
final class TinyServer: Sendable {
    /// What one connection does.
    enum Act: Sendable {
        /// Closes before reading anything.
        case closeAtOnce
        /// Reads a whole request, then sends these bytes and closes, unless the request says
        /// otherwise.
        case answer([UInt8], keepsOpen: Bool = false)
        /// Reads a whole request, then closes without a word.
        case readThenClose
        /// Reads and never answers.
        case silence
        /// Sends these bytes before reading anything, and closes.
        case greet([UInt8])
    }

    private let acts: Mutex<[Act]>
    private let seen = Mutex<[[UInt8]]>([])

    private init(acts: [Act]) { self.acts = Mutex(acts) }

    /// Every request that came in whole, as bytes.
    var requests: [String] {
        seen.withLock { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    /// Lends a server to `body`; connection n does act n, later ones the last.
    static func withServer<Value>(
        _ acts: [Act], tls: NIOSSLContext? = nil, _ body: (TinyServer, Int) async throws -> Value
    ) async throws -> Value {
        let server = TinyServer(acts: acts)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    if let tls {
                        try child.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: tls))
                    }
                    try child.pipeline.syncOperations.addHandler(TinyHandler(server: server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(server, channel.localAddress?.port ?? 0)) } catch {
            outcome = .failure(error)
        }
        try await channel.close()
        return try outcome.get()
    }

    func nextAct() -> Act {
        acts.withLock { acts in acts.count > 1 ? acts.removeFirst() : acts.first ?? .closeAtOnce }
    }

    func note(_ request: [UInt8]) { seen.withLock { $0.append(request) } }
}

private final class TinyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let server: TinyServer
    private let act: TinyServer.Act
    private var received: [UInt8] = []

    init(server: TinyServer) {
        self.server = server
        act = server.nextAct()
    }

    func channelActive(context: ChannelHandlerContext) {
        switch act {
        case .closeAtOnce: context.close(promise: nil)
        case .greet(let bytes): send(bytes, keepsOpen: false, context: context)
        default: break
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += Array(unwrapInboundIn(data).readableBytesView)
        guard isWhole else { return }
        server.note(received)
        received = []
        switch act {
        case .closeAtOnce, .silence, .greet: return
        case .readThenClose: context.close(promise: nil)
        case .answer(let bytes, let keepsOpen):
            send(bytes, keepsOpen: keepsOpen, context: context)
        }
    }

    private func send(_ bytes: [UInt8], keepsOpen: Bool, context: ChannelHandlerContext) {
        let channel = context.channel
        let written = context.eventLoop.makePromise(of: Void.self)
        if !keepsOpen { written.futureResult.whenComplete { _ in channel.close(promise: nil) } }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: written)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)  // The client went away: that is what some tests want.
    }

    private var isWhole: Bool {
        guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return false }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self).lowercased()
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().filter { $0 != " " }) }
        return received.count - end.upperBound >= length ?? 0
    }
}
