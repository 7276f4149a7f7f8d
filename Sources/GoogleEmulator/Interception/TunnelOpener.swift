import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Answers the first request of a connection: a tunnel to one of Google's hosts, or a refusal.
final class TunnelOpener: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case waiting
        /// The other side is being reached; what was read already is kept.
        case opening([HTTPServerRequestPart])
        /// What is left of the request is read and dropped.
        case refused
        case open
    }

    private let google: InterceptingProxy.Upstream
    private let identities: HostIdentities
    private var state = State.waiting
    private var heldRead = false

    init(upstream: InterceptingProxy.Upstream, identities: HostIdentities) {
        google = upstream
        self.identities = identities
    }

    /// Reads the first request, and keeps what follows it for the tunnel.
    static func decoder() -> ByteToMessageHandler<HTTPRequestDecoder> {
        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .open: context.fireChannelRead(data)
        case .opening(let parts): state = .opening(parts + [unwrapInboundIn(data)])
        case .refused:
            if case .end = unwrapInboundIn(data) { context.close(promise: nil) }
        case .waiting:
            guard case .head(let head) = unwrapInboundIn(data) else { return }
            switch ProxyDecision(head) {
            case .refuse(let refusal): refuse(refusal, context)
            case .tunnel(let host):
                state = .opening([])
                reach(google, context) { try self.openTunnel(to: $0, host, context) }
            case .pass(let upstream):
                state = .opening([.head(head)])
                reach(upstream, context) { try self.passOn(to: $0, upstream, context) }
            }
        }
    }

    /// Nothing more is read until there is somebody to send it to.
    func read(context: ChannelHandlerContext) {
        guard case .opening = state else { return context.read() }
        heldRead = true
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent, case .waiting = state {
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .open = state { return context.fireErrorCaught(error) }
        if case .waiting = state, error is HTTPParserError { refuse(.malformed, context) }
        context.close(promise: nil)
    }

    private func refuse(_ refusal: ProxyRefusal, _ context: ChannelHandlerContext) {
        state = .refused
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: refusal.bytes)), promise: nil)
    }

    /// Connects to the other side, and joins it to this one.
    private func reach(
        _ upstream: InterceptingProxy.Upstream, _ context: ChannelHandlerContext,
        _ join: @escaping (any Channel) throws -> Void
    ) {
        ClientBootstrap(group: context.eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(10))
            .connect(host: upstream.host, port: upstream.port)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let other):
                    do { try join(other) } catch {
                        other.close(promise: nil)
                        context.close(promise: nil)
                    }
                case .failure:
                    self.refuse(.noAnswer, context)
                    context.close(promise: nil)
                }
            }
    }

    /// TLS with the client from here on, requests in plain to the local Google.
    private func openTunnel(
        to other: any Channel, _ host: String, _ context: ChannelHandlerContext
    ) throws {
        let identity = try identities.context(for: host)
        let end = try Self.end(before: other)
        let answer = ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        let pipeline = context.pipeline.syncOperations
        let prefix = google.prefix
        try pipeline.addHandlers(
            [
                NIOSSLServerHandler(context: identity), ByteToMessageHandler(HTTPRequestDecoder()),
                RequestForwarder { (head) throws(ProxyRefusal) in
                    try ForwardedRequest.rewritten(head, prefix: prefix)
                }, end,
            ], position: .after(self))
        state = .open
        // What the client sent ahead comes out of the decoder now, and goes on to TLS.
        let decoder = try pipeline.context(
            handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
        pipeline.removeHandler(context: decoder, promise: nil)
        leave(context)
    }

    /// The request that was read, in plain on both sides.
    private func passOn(
        to other: any Channel, _ upstream: InterceptingProxy.Upstream,
        _ context: ChannelHandlerContext
    ) throws {
        guard case .opening(let parts) = state else { return other.close(promise: nil) }
        let forwarder = RequestForwarder { (head) throws(ProxyRefusal) in
            try LoopbackRequest.rewritten(head, for: upstream)
        }
        try context.pipeline.syncOperations.addHandlers(
            [forwarder, try Self.end(before: other)], position: .after(self))
        state = .open
        for part in parts { context.fireChannelRead(NIOAny(part)) }
        context.fireChannelReadComplete()
        leave(context)
    }

    private func leave(_ context: ChannelHandlerContext) {
        if heldRead { context.read() }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// Joins another channel to this one: requests go there with the framing that they came with.
    ///
    /// - Returns: The end for this channel.
    private static func end(before other: any Channel) throws -> TunnelEnd {
        let ends = TunnelEnd.pair()
        var framing = HTTPRequestEncoder.Configuration()
        framing.automaticallySetFramingHeaders = false
        try other.pipeline.syncOperations.addHandlers([
            HTTPRequestEncoder(configuration: framing), ends.google,
        ])
        return ends.client
    }
}
