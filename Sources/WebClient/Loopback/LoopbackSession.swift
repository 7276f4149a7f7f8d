import NIOCore
import NIOHTTP1

/// One listener's connections and its one result; everything happens on one event loop.
final class LoopbackSession: Sendable {
    private let loop: any EventLoop
    private let answer: @Sendable (LoopbackRequest) -> LoopbackReply
    private let promise: EventLoopPromise<LoopbackRequest>
    private let connections: NIOLoopBoundBox<[any Channel]>

    private static let maxConnections = 16

    init(loop: any EventLoop, answer: @escaping @Sendable (LoopbackRequest) -> LoopbackReply) {
        self.loop = loop
        self.answer = answer
        promise = loop.makePromise()
        connections = .makeBoxSendingValue([], eventLoop: loop)
    }

    /// Sets up a new connection, or closes it when there are too many.
    func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard connections.value.count < Self.maxConnections else { return channel.close() }
        connections.value.append(channel)
        channel.closeFuture.whenComplete { _ in
            self.connections.value.removeAll { $0 === channel }
        }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(10)))
            try pipeline.addHandler(ByteCap(limit: 32_768))
            try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
            try pipeline.addHandler(LoopbackHandler(session: self))
        }
    }

    func reply(to request: LoopbackRequest) -> LoopbackReply { answer(request) }

    /// Ends the wait; only the first call counts.
    func finish(_ outcome: Result<LoopbackRequest, any Error>) { promise.completeWith(outcome) }

    func finalRequest() async throws -> LoopbackRequest {
        try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            finish(
                .failure(WebError(code: .cancelled, message: "The sign-in was cancelled.")))
        }
    }

    /// Closes the server and what is left of its connections.
    func close(_ server: any Channel) async {
        finish(.failure(WebError(code: .cancelled, message: "The listener was closed.")))
        let closed = loop.flatSubmit {
            server.close(promise: nil)
            for connection in self.connections.value { connection.close(promise: nil) }
            return server.closeFuture
        }
        await withCheckedContinuation { done in closed.whenComplete { _ in done.resume() } }
    }
}

/// Closes a connection that says too much or too little.
private final class ByteCap: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    private var remaining: Int

    init(limit: Int) { remaining = limit }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        guard count <= remaining else {
            context.close(promise: nil)
            return
        }
        remaining -= count
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}

/// Turns each request into the session's reply and closes the connection behind it.
private final class LoopbackHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let session: LoopbackSession
    private var head: HTTPRequestHead?

    init(session: LoopbackSession) { self.session = session }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            let request = LoopbackRequest(
                method: head.method.rawValue, target: head.uri,
                host: (head.headers.first(name: "host") ?? "").lowercased())
            write(session.reply(to: request), to: request, context: context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)  // A broken request of one connection ends only that one.
    }

    private func write(
        _ reply: LoopbackReply, to request: LoopbackRequest, context: ChannelHandlerContext
    ) {
        let page = ByteBuffer(string: request.method == "HEAD" ? "" : reply.page)
        var head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status))
        head.headers = [
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": String(reply.page.utf8.count),
            "Connection": "close", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
            "Content-Security-Policy":
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
        ]
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(page))), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        let session = session
        written.futureResult.whenComplete { _ in
            channel.close(promise: nil)
            if reply.isFinal { session.finish(.success(request)) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}
