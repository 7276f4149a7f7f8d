import NIOCore
import NIOSSL
import Synchronization
import X509

/// What each of Google's hosts shows to clients, made when it is first asked for.
final class HostIdentities: Sendable {
    /// How many are kept; a client that asks for more names has each made anew.
    static let capacity = 256

    private let authority: CertificateAuthority
    private let made = Mutex<[String: NIOSSLContext]>([:])

    init(authority: CertificateAuthority) { self.authority = authority }

    /// The settings of TLS for a host: its certificate, and HTTP/1.1 as the only protocol.
    ///
    /// - Throws: An error of the certificate or of the TLS library.
    func context(for host: String) throws -> NIOSSLContext {
        if let context = made.withLock({ $0[host] }) { return context }
        let certificate = try NIOSSLCertificate(
            bytes: authority.certificate(for: host).der(), format: .der)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: authority.hostKey, format: .der)))
        configuration.applicationProtocols = ["http/1.1"]
        configuration.minimumTLSVersion = .tlsv12
        // How long an ending waits for a client that does not say its part.
        configuration.shutdownTimeout = .milliseconds(500)
        let context = try NIOSSLContext(configuration: configuration)
        made.withLock { made in
            if made.count >= Self.capacity { made.removeAll() }
            made[host] = context
        }
        return context
    }
}
