public import Foundation
import NIOCore
import NIOPosix

/// A proxy on 127.0.0.1 that leads a client's connections with Google to a local Google.
///
/// It takes `CONNECT` for the hosts of ``InterceptedHosts`` on port 443, shows a certificate of its
/// own authority for the host, and sends the requests on as plain HTTP/1.1, each client connection
/// on one of its own; bodies stream both ways and answers pass byte for byte. Plain HTTP to this
/// machine is passed on; everything else is refused, so that nothing reaches the network.
public struct InterceptingProxy: Sendable {
    /// How many connections may be open at once; further ones are closed.
    public static let maxConnections = 1024

    /// Where requests go on to.
    struct Upstream: Hashable, Sendable {
        let host: String
        let port: Int
        /// What paths begin with there; empty for nothing.
        let prefix: String
    }

    private let upstream: Upstream
    private let authority: CertificateAuthority

    /// Makes a proxy with a certificate authority of its own; it listens in ``serving(_:)``.
    ///
    /// - Parameters:
    ///   - url: The local Google's address, for example `http://127.0.0.1:8085`.
    ///   - now: The machine's time; clients trust the authority for two days from it.
    /// - Throws: ``LocalGoogleError`` with code `invalidConfiguration` for an address that is not
    ///   plain HTTP on this machine; an error of the certificate library.
    public init(localGoogle url: String, now: Date) throws {
        upstream = try Self.upstream(url)
        authority = try CertificateAuthority(now: now)
    }

    /// The certificate of the authority, PEM, for clients to trust.
    ///
    /// - Throws: An error of the certificate library.
    public func certificateAuthority() throws -> String { try authority.pem() }

    /// Serves while `body` works, then ends every connection.
    ///
    /// - Parameter body: Is given the proxy's address, for example `http://127.0.0.1:40123`.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; an error of the network if no port can be had.
    public func serving<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let connections = OpenConnections(capacity: Self.maxConnections)
        let server = try await listen(connections)
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(
                try await body("http://127.0.0.1:\(server.localAddress?.port ?? 0)"))
        } catch { outcome = .failure(error) }
        // Nothing to report: it is closed either way, and nobody reads from it any more.
        server.close(promise: nil)
        await connections.close()
        return try outcome.get()
    }

    private func listen(_ connections: OpenConnections) async throws -> any Channel {
        let (upstream, identities) = (upstream, HostIdentities(authority: authority))
        return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                guard connections.admit(channel) else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        QuickAcknowledgement(), TunnelOpener.decoder(),
                        TunnelOpener(upstream: upstream, identities: identities),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// The parts of a local Google's address.
    static func upstream(_ url: String) throws(LocalGoogleError) -> Upstream {
        guard let parts = URLComponents(string: url), parts.scheme?.lowercased() == "http",
            let host = parts.host, host == "::1" || HostNames.isLoopback(host), parts.user == nil,
            parts.query == nil
        else {
            throw LocalGoogleError(
                code: .invalidConfiguration,
                message: "A local Google is on this machine: http://127.0.0.1:PORT.")
        }
        var prefix = parts.percentEncodedPath
        while prefix.hasSuffix("/") { prefix.removeLast() }
        return Upstream(
            host: host.trimmingCharacters(in: ["[", "]"]), port: parts.port ?? 80,
            prefix: prefix)
    }
}
