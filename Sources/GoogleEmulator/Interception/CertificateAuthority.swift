import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate authority that lives as long as one run, and vouches for Google's hosts.
///
/// Its key never leaves the memory of the process; besides the keys of TLS only serial numbers are
/// drawn by chance, both from the system. Certificates hold from a day before the given time until
/// two days after it, by the machine's clock and not by the local Google's.
///
/// - SeeAlso: RFC 5280 section 4.2.
struct CertificateAuthority: Sendable {
    /// The authority's own certificate.
    let certificate: Certificate
    /// The key of every host's certificate, PKCS #8 in DER.
    var hostKey: [UInt8] { Array(sharedKey.derRepresentation) }

    private let key: P256.Signing.PrivateKey
    private let sharedKey: P256.Signing.PrivateKey
    private let validity: ClosedRange<Date>

    /// Makes an authority.
    ///
    /// - Parameter now: The machine's time.
    /// - Throws: An error of the certificate library.
    init(now: Date) throws {
        key = P256.Signing.PrivateKey()
        sharedKey = P256.Signing.PrivateKey()
        validity = now.addingTimeInterval(-86_400)...now.addingTimeInterval(2 * 86_400)
        let name = try DistinguishedName { CommonName("Tandem local Google, made for one run") }
        let identifier = SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
        certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: .init(key.publicKey), notValidBefore: validity.lowerBound,
            notValidAfter: validity.upperBound, issuer: name, subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                identifier
            }, issuerPrivateKey: .init(key))
    }

    /// A certificate for one host.
    ///
    /// - Throws: An error of the certificate library.
    func certificate(for host: String) throws -> Certificate {
        let publicKey = Certificate.PublicKey(sharedKey.publicKey)
        let authority = SubjectKeyIdentifier(hash: certificate.publicKey)
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: validity.lowerBound, notValidAfter: validity.upperBound,
            issuer: certificate.subject,
            // Names are compared with the alternative name only; a common name holds 64 characters.
            subject: try DistinguishedName { CommonName("Local Google") },
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([.dnsName(host)])
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: authority.keyIdentifier)
            }, issuerPrivateKey: .init(key))
    }

    /// The authority's certificate as clients read it from a file.
    ///
    /// - Throws: An error of the certificate library.
    func pem() throws -> String { try certificate.serializeAsPEM().pemString + "\n" }
}

extension Certificate {
    /// The certificate's bytes.
    ///
    /// - Throws: An error of the certificate library.
    func der() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(self)
        return serializer.serializedBytes
    }
}
