import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Answers the first request of a connection: a tunnel to one of Google's hosts, or a refusal.
final class TunnelOpener: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private enum State {
        case waiting
        case opening
        /// What is left of the request is read and dropped.
        case refused
        case open
    }

    private let upstream: InterceptingProxy.Upstream
    private let identities: HostIdentities
    private var state = State.waiting

    init(upstream: InterceptingProxy.Upstream, identities: HostIdentities) {
        self.upstream = upstream
        self.identities = identities
    }

    /// Reads the first request, and keeps what follows it for the tunnel.
    static func decoder() -> ByteToMessageHandler<HTTPRequestDecoder> {
        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .open: context.fireChannelRead(data)
        case .opening: return  // Only the request's end can come before it is answered.
        case .refused:
            if case .end = unwrapInboundIn(data) { context.close(promise: nil) }
        case .waiting:
            guard case .head(let head) = unwrapInboundIn(data) else { return }
            switch ProxyDecision(head) {
            case .refuse(let refusal): refuse(refusal, context)
            case .tunnel(let host): open(host, context)
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent, case .waiting = state {
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .waiting = state, error is HTTPParserError { refuse(.malformed, context) }
        context.close(promise: nil)
    }

    private func refuse(_ refusal: ProxyRefusal, _ context: ChannelHandlerContext) {
        state = .refused
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: refusal.bytes)), promise: nil)
    }

    /// Reaches the local Google before the client is told that its host is there.
    private func open(_ host: String, _ context: ChannelHandlerContext) {
        state = .opening
        ClientBootstrap(group: context.eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(10))
            .connect(host: upstream.host, port: upstream.port)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let google): self.join(google, host, context)
                case .failure:
                    self.refuse(.noAnswer, context)
                    context.close(promise: nil)
                }
            }
    }

    private func join(_ google: any Channel, _ host: String, _ context: ChannelHandlerContext) {
        do {
            let identity = try identities.context(for: host)
            let ends = TunnelEnd.pair()
            var framing = HTTPRequestEncoder.Configuration()
            framing.automaticallySetFramingHeaders = false
            try google.pipeline.syncOperations.addHandlers([
                HTTPRequestEncoder(configuration: framing), ends.google,
            ])
            let answer = ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandlers(
                [
                    NIOSSLServerHandler(context: identity),
                    ByteToMessageHandler(HTTPRequestDecoder()),
                    RequestForwarder(prefix: upstream.prefix), ends.client,
                ], position: .after(self))
            state = .open
            // What the client sent ahead comes out of the decoder now, and goes on to TLS.
            let decoder = try pipeline.context(
                handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
            pipeline.removeHandler(context: decoder, promise: nil)
            pipeline.removeHandler(context: context, promise: nil)
        } catch {
            google.close(promise: nil)
            context.close(promise: nil)
        }
    }
}
