import NIOCore
import NIOHTTP1

/// Turns what a client sends into requests to the local Google, or to this machine itself.
///
/// Answers pass by it as the bytes that they are.
final class RequestForwarder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPClientRequestPart
    typealias OutboundOut = ByteBuffer

    typealias Rewriting = (HTTPRequestHead) throws(ProxyRefusal) -> HTTPRequestHead

    private let rewritten: Rewriting
    private var isRefusing = false

    init(_ rewritten: @escaping Rewriting) { self.rewritten = rewritten }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard !isRefusing else {
            // The client is let finish, so that it reads the refusal and not a broken connection.
            if case .end = part { context.close(promise: nil) }
            return
        }
        switch part {
        case .head(let head): forward(head, context)
        case .body(let bytes): context.fireChannelRead(wrapInboundOut(.body(.byteBuffer(bytes))))
        case .end(let trailers): context.fireChannelRead(wrapInboundOut(.end(trailers)))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.fireErrorCaught(error) }
        guard !isRefusing else { return context.close(promise: nil) }
        refuse(.malformed, context)
        // Nothing can be read behind what is no request.
        context.close(promise: nil)
    }

    private func forward(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        do {
            let request = try rewritten(head)
            context.fireChannelRead(wrapInboundOut(.head(request)))
        } catch {
            return refuse(error, context)
        }
        guard ForwardedRequest.awaitsLeave(head) else { return }
        // Whoever waits for leave has read all former answers, so this comes between none of them.
        let leave = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(leave), promise: nil)
    }

    private func refuse(_ refusal: ProxyRefusal, _ context: ChannelHandlerContext) {
        isRefusing = true
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: refusal.bytes)), promise: nil)
    }
}
