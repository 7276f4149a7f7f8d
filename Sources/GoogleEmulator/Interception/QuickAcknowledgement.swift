import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Acknowledges at once what clients send, on Linux.
///
/// Python's HTTP clients send a request's head and body apart and, behind a proxy, leave Nagle's
/// algorithm on: the body then waits for the head's acknowledgement, which the system holds back
/// for 40 ms. The system forgets this wish by itself, so that it is said again after each read.
///
/// - SeeAlso: tcp(7), `TCP_QUICKACK`; RFC 896; RFC 1122 section 4.2.3.2.
final class QuickAcknowledgement: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func channelActive(context: ChannelHandlerContext) {
        acknowledge(on: context.channel)
        context.fireChannelActive()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        acknowledge(on: context.channel)
        context.fireChannelReadComplete()
    }

    private func acknowledge(on channel: any Channel) {
        #if os(Linux)
            do {
                try channel.syncOptions?.setOption(
                    .tcpOption(NIOBSDSocket.Option(rawValue: CInt(TCP_QUICKACK))), value: 1)
            } catch {
                return  // The connection is closing, which its handlers learn in another way.
            }
        #endif
    }
}
