import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import GoogleEmulator

/// The certificates, read back from their bytes.
@Suite struct CertificateAuthorityTests {
    private static let now = Date(timeIntervalSince1970: 1_794_211_200)

    private static func readBack(_ certificate: Certificate) throws -> Certificate {
        try Certificate(derEncoded: certificate.der())
    }

    @Test func `the authority signs certificates and nothing else`() throws {
        let authority = try CertificateAuthority(now: Self.now)
        let root = try Certificate(pemEncoded: authority.pem())
        let extensions = root.extensions
        #expect(root.issuer == root.subject)
        #expect(root.publicKey.isValidSignature(root.signature, for: root))
        let constraints = try #require(try extensions.basicConstraints)
        #expect(constraints == .isCertificateAuthority(maxPathLength: 0))
        #expect(try extensions.keyUsage == KeyUsage(keyCertSign: true, cRLSign: true))
        #expect(extensions[oid: .X509ExtensionID.basicConstraints]?.critical == true)
        #expect(extensions[oid: .X509ExtensionID.keyUsage]?.critical == true)
    }

    @Test func `a host's certificate is for that server alone, signed by the authority`() throws {
        let authority = try CertificateAuthority(now: Self.now)
        let leaf = try Self.readBack(authority.certificate(for: "www.googleapis.com"))
        let (root, extensions) = (authority.certificate, leaf.extensions)
        #expect(leaf.issuer == root.subject)
        #expect(root.publicKey.isValidSignature(leaf.signature, for: leaf))
        let names = try #require(try extensions.subjectAlternativeNames)
        #expect(Array(names) == [.dnsName("www.googleapis.com")])
        let usage = try #require(try extensions.extendedKeyUsage)
        #expect(Array(usage) == [.serverAuth])
        #expect(try extensions.basicConstraints == .notCertificateAuthority)
        #expect(try extensions.keyUsage == KeyUsage(digitalSignature: true))
        let keyOfIssuer = try #require(try extensions.authorityKeyIdentifier).keyIdentifier
        #expect(keyOfIssuer == (try root.extensions.subjectKeyIdentifier)?.keyIdentifier)
        let key = try P256.Signing.PrivateKey(derRepresentation: authority.hostKey)
        #expect(leaf.publicKey == Certificate.PublicKey(key.publicKey))
    }

    @Test func `they hold from a day before the given time until two days after it`() throws {
        let authority = try CertificateAuthority(now: Self.now)
        for certificate in [authority.certificate, try authority.certificate(for: "google.com")] {
            let read = try Self.readBack(certificate)
            #expect(read.notValidBefore == Self.now.addingTimeInterval(-86_400))
            #expect(read.notValidAfter == Self.now.addingTimeInterval(172_800))
        }
    }

    @Test func `each run has keys of its own, each certificate a number of its own`() throws {
        let (one, two) = (
            try CertificateAuthority(now: Self.now), try CertificateAuthority(now: Self.now)
        )
        #expect(one.certificate.publicKey != two.certificate.publicKey)
        #expect(one.hostKey != two.hostKey)
        let hosts = ["a.google.com", "b.google.com", "a.google.com"]
        let numbers = try hosts.map { try one.certificate(for: $0).serialNumber }
        #expect(Set(numbers).count == hosts.count)
    }

    @Test func `a name of the greatest length fits`() throws {
        let host = String(repeating: "a.", count: 121) + "google.com"
        let leaf = try CertificateAuthority(now: Self.now).certificate(for: host)
        #expect(try Self.readBack(leaf).extensions.subjectAlternativeNames?.count == 1)
    }

    @Test func `a host's identity is made once`() throws {
        let identities = HostIdentities(authority: try CertificateAuthority(now: Self.now))
        let first = try identities.context(for: "www.googleapis.com")
        #expect(try identities.context(for: "www.googleapis.com") === first)
        for number in 0...HostIdentities.capacity {
            _ = try identities.context(for: "h\(number).google.com")
        }
        #expect(try identities.context(for: "www.googleapis.com") !== first)
    }
}
