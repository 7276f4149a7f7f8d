import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Sends one POST over HTTP/1.1 and looks at nothing of the answer but its status.
struct PostSender: Sendable {
    /// Whether other machines than this one may be reached.
    let allowsForeign: Bool
    /// How https is spoken; receivers need a certificate that this machine trusts.
    var tls = PostTLS()

    /// How long a connection may take to be made.
    private static let connectTimeout = TimeAmount.seconds(5)
    /// How long the receiver may take to answer.
    private static let answerTimeout = TimeAmount.seconds(10)

    func send(_ post: OutgoingPost) async -> PostOutcome {
        guard let target = PostTarget(post.url), allowsForeign || target.isLoopback else {
            return .failed("The address is not on this machine.")
        }
        do {
            return .answered(try await status(of: post, at: target))
        } catch {
            return .failed("\(error)")
        }
    }

    /// HTTP as a client speaks it, with the answers that only announce one: 102 is among them.
    private static func addHandlers(
        _ exchange: PostExchange, to pipeline: ChannelPipeline.SynchronousOperations
    ) throws {
        let decoder = HTTPResponseDecoder(informationalResponseStrategy: .forward)
        try pipeline.addHandler(HTTPRequestEncoder())
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        try pipeline.addHandler(NIOHTTPRequestHeadersValidator())
        try pipeline.addHandler(exchange)
    }

    private func status(of post: OutgoingPost, at target: PostTarget) async throws -> Int {
        let group = MultiThreadedEventLoopGroup.singleton
        let answer = group.next().makePromise(of: Int.self)
        let message = PostExchange.Message(post: post, target: target)
        let secured = target.isTLS ? try tls.context() : nil
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: group)
                .connectTimeout(Self.connectTimeout)
                .channelInitializer { [allowsForeign] channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let secured {
                            try channel.pipeline.syncOperations.addHandler(
                                NIOSSLClientHandler(
                                    context: secured, serverHostname: target.serverName))
                        }
                        let exchange = PostExchange(
                            message, allowsForeign: allowsForeign, answer: answer)
                        try Self.addHandlers(exchange, to: channel.pipeline.syncOperations)
                    }
                }
                .connect(host: target.host, port: target.port).get()
        } catch {
            answer.fail(error)
            throw error
        }
        let alarm = channel.eventLoop.scheduleTask(in: Self.answerTimeout) {
            answer.fail(PostFailure.timedOut)
            channel.close(promise: nil)
        }
        defer { alarm.cancel() }
        return try await withTaskCancellationHandler {
            try await answer.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}

/// The side of TLS that checks the receiver's certificate against the system's trusted roots.
final class PostTLS: Sendable {
    private let configuration: TLSConfiguration
    /// Made at the first use, because the system's roots have to be read.
    private let made = Mutex<NIOSSLContext?>(nil)

    init(_ configuration: TLSConfiguration = .makeClientConfiguration()) {
        self.configuration = configuration
    }

    func context() throws -> NIOSSLContext {
        try made.withLock { made in
            if let made { return made }
            let context = try NIOSSLContext(configuration: configuration)
            made = context
            return context
        }
    }
}

extension PostTarget {
    /// The name that a certificate must bear; `nil` for an address, which is checked as such.
    fileprivate var serverName: String? {
        do {
            _ = try SocketAddress(ipAddress: host, port: port)
            return nil
        } catch {
            return host  // It is a name.
        }
    }
}

/// Why there was no answer.
private enum PostFailure: Error {
    case closed
    case foreign
    case timedOut
}

/// The one request of a connection, and the status of its answer.
private final class PostExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// What is sent.
    struct Message: Sendable {
        let post: OutgoingPost
        let target: PostTarget
    }

    private let message: Message
    private let allowsForeign: Bool
    private let answer: EventLoopPromise<Int>

    init(_ message: Message, allowsForeign: Bool, answer: EventLoopPromise<Int>) {
        self.message = message
        self.allowsForeign = allowsForeign
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        // A name may lead elsewhere than it says.
        guard allowsForeign || context.remoteAddress.map(Self.isLoopback) ?? false else {
            answer.fail(PostFailure.foreign)
            context.close(promise: nil)
            return
        }
        let post = message.post
        var headers = HTTPHeaders(post.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "Host", value: message.target.authority)
        headers.replaceOrAdd(name: "Content-Length", value: String(post.body.count))
        headers.replaceOrAdd(name: "Connection", value: "close")
        let head = HTTPRequestHead(
            version: .http1_1, method: .POST, uri: message.target.target, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(
            wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: post.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        // 102 is an answer to Google; the other ones below 200 only announce one.
        let status = Int(head.status.code)
        guard status >= 200 || status == 102 else { return }
        answer.succeed(status)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(PostFailure.closed)
        context.fireChannelInactive()
    }

    private static func isLoopback(_ address: SocketAddress) -> Bool {
        guard let text = address.ipAddress else { return false }
        return text == "127.0.0.1" || text == "::1"
    }
}
