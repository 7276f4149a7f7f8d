import NIOCore
import NIOSSL

/// One of the two ends of a tunnel: what arrives here leaves at the other, no faster than it can.
///
/// Both ends live on one event loop.
final class TunnelEnd: ChannelDuplexHandler {
    typealias InboundIn = NIOAny
    typealias OutboundIn = NIOAny

    /// Where data leaves to from here, which decides how an end is told.
    enum Side {
        /// The client, as bytes.
        case client
        /// The local Google, as parts of requests.
        case google
    }

    private let side: Side
    private var other: TunnelEnd?
    private var context: ChannelHandlerContext?
    private var heldRead = false

    private init(_ side: Side) { self.side = side }

    /// The two ends of a new tunnel.
    static func pair() -> (client: TunnelEnd, google: TunnelEnd) {
        let (client, google) = (TunnelEnd(.client), TunnelEnd(.google))
        client.other = google
        google.other = client
        return (client, google)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        part()
    }

    // MARK: From this end to the other

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other?.context?.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        other?.context?.flush()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            if let other { other.closeOutput() } else { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        part()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that ends without saying so in TLS may still read what it asked for.
        if case .uncleanShutdown? = error as? NIOSSLError { return }
        context.close(promise: nil)
    }

    // MARK: As fast as the other end takes it

    func read(context: ChannelHandlerContext) {
        guard other?.context?.channel.isWritable ?? true else {
            heldRead = true
            return
        }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { other?.resumeReading() }
        context.fireChannelWritabilityChanged()
    }

    private func resumeReading() {
        guard heldRead else { return }
        heldRead = false
        context?.read()
    }

    // MARK: Endings

    /// Lets the other end finish.
    private func part() {
        let other = self.other
        self.other = nil
        other?.other = nil
        other?.finish()
    }

    /// No more will come from the other end, but answers are still awaited.
    private func closeOutput() { context?.close(mode: .output, promise: nil) }

    /// Ends the connection once everything that came from the other end is out.
    private func finish() {
        guard let context else { return }
        switch side {
        case .google: context.close(promise: nil)
        case .client:
            // What was written before is out when this is; closing at once would lose it.
            let empty = NIOAny(context.channel.allocator.buffer(capacity: 0))
            context.writeAndFlush(empty).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
        }
    }
}
