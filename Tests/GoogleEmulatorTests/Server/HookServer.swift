import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A web hook on 127.0.0.1 that keeps what it gets.
final class HookServer: Sendable {
    /// One request, without its body but with that one's length.
    struct Visit: Sendable {
        let head: HTTPRequestHead
        var bodyBytes = 0

        subscript(name: String) -> String? { head.headers.first(name: name) }
    }

    private let statuses: Mutex<[Int]>
    private let seen = Mutex<[Visit]>([])

    private init(statuses: [Int]) { self.statuses = Mutex(statuses) }

    var visits: [Visit] { seen.withLock { $0 } }

    /// Waits for so many visits.
    func visits(atLeast count: Int) async -> [Visit] {
        while visits.count < count { await Task.yield() }
        return visits
    }

    /// Lends a hook to `body`; it answers with the statuses in turn, then with 200.
    static func withHook<Value>(
        _ statuses: [Int] = [], tls: NIOSSLContext? = nil,
        _ body: (HookServer, Int) async throws -> Value
    ) async throws -> Value {
        let hook = HookServer(statuses: statuses)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    let pipeline = child.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(HookHandler(hook: hook))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(hook, channel.localAddress?.port ?? 0)) } catch {
            outcome = .failure(error)
        }
        try await channel.close()
        return try outcome.get()
    }

    fileprivate func take(_ visit: Visit) -> Int {
        seen.withLock { $0.append(visit) }
        return statuses.withLock { $0.isEmpty ? 200 : $0.removeFirst() }
    }
}

private final class HookHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let hook: HookServer
    private var visit: HookServer.Visit?

    init(hook: HookServer) { self.hook = hook }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): visit = HookServer.Visit(head: head)
        case .body(let bytes): visit?.bodyBytes += bytes.readableBytes
        case .end:
            guard let visit else { return }
            let status = HTTPResponseStatus(statusCode: hook.take(visit))
            let head = HTTPResponseHead(
                version: .http1_1, status: status, headers: ["Content-Length": "0"])
            guard status.code >= 200 else {
                // What only announces an answer has no end; here none follows.
                let bare = HTTPResponseHead(version: .http1_1, status: status)
                context.writeAndFlush(wrapOutboundOut(.head(bare)), promise: nil)
                return
            }
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)  // The sender went away, or does not trust the certificate.
    }
}

/// A certificate for `localhost` and 127.0.0.1 that nobody vouches for, made for these tests only.
enum HookCertificate {
    static var chain: [NIOSSLCertificate] {
        get throws { try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)) }
    }

    static func context() throws -> NIOSSLContext {
        let key = try NIOSSLPrivateKey(bytes: Array(self.key.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try chain.map { .certificate($0) },
                privateKey: .privateKey(key)))
    }

    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmjCCAUGgAwIBAgIUIIRSybakDsG6cn/yjFo+yvLXnCowCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE4MTgxNFoYDzIxMjYxMDI5
        MTgxODE0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAATOjjoB8TL2Ayus2imcgCL00eCAMm5eIYZP/vjftvVVEdpvWTCXCyB3
        K1tKu6j1zJleh6ft8sAibIsETXFxpJdjo28wbTAdBgNVHQ4EFgQUf2iS+Zbe11bQ
        wkhP2n3hETE2wt8wHwYDVR0jBBgwFoAUf2iS+Zbe11bQwkhP2n3hETE2wt8wDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDRwAwRAIgPwpdTENdTfiUvJwu2V7wkEMLo191UI2GSdgVcCFflR0CIB2u
        vsYnFBlaLqBSM/krAFJjuWeNHnjBGoazEbtgIj1f
        -----END CERTIFICATE-----

        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgs+pMVf/mB3KQ50Lo
        4GM5Kuot3UVRQlQB/EjaY74L/hOhRANCAATOjjoB8TL2Ayus2imcgCL00eCAMm5e
        IYZP/vjftvVVEdpvWTCXCyB3K1tKu6j1zJleh6ft8sAibIsETXFxpJdj
        -----END PRIVATE KEY-----

        """
}
