import NIOCore
import NIOHTTP1

/// Lets clients go on that ask before they send a body, as curl does before one of 1 MiB.
///
/// It also lets the host of a ``WholeAddress`` count, which nobody behind it can see any more.
/// Every body is let come: what is too large, or sent by nobody who may, is refused once it is
/// there.
/// - SeeAlso: RFC 9110 section 10.1.1.
final class ExpectationHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Requests that have not been answered; leave between two parts of an answer would break it.
    private var unanswered = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else {
            return context.fireChannelRead(data)
        }
        unanswered += 1
        if unanswered == 1, ForwardedRequest.awaitsLeave(head) {
            let leave = HTTPResponseHead(version: head.version, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(leave)), promise: nil)
        }
        context.fireChannelRead(wrapInboundOut(.head(WholeAddress.settled(head))))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { unanswered -= 1 }
        context.write(data, promise: promise)
    }
}

/// Puts an ``ExpectationHandler`` where HTTP has been read and not yet been turned into the
/// server's own types, which cannot say that they only announce an answer.
final class ExpectationInstaller: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(ExpectationHandler(), position: .after(decoder))
        } catch {
            return  // Clients then wait a second and go on by themselves, as the standard has it.
        }
    }
}
