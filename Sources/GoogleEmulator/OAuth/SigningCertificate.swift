import Crypto
import Foundation
import _CryptoExtras

/// A self-signed certificate that wraps a public key.
///
/// - SeeAlso: RFC 5280 section 4.1.
enum SigningCertificate {
    static func selfSigned(by key: _RSA.Signing.PrivateKey) throws -> String {
        let algorithm = DER.sequence([DER.sha256WithRSA, DER.null])
        let name = DER.sequence([
            DER.value(
                0x31,
                DER.sequence([
                    DER.commonName,
                    DER.value(0x0C, Array("federated-signon.system.gserviceaccount.com".utf8)),
                ]))
        ])
        let validity = DER.sequence([
            DER.value(0x17, Array("200101000000Z".utf8)),
            DER.value(0x17, Array("491231235959Z".utf8)),
        ])
        let body = DER.sequence([
            DER.value(0xA0, DER.value(0x02, [2])), DER.value(0x02, [1]), algorithm, name, validity,
            name, Array(key.publicKey.derRepresentation),
        ])
        let signature = try key.signature(
            for: SHA256.hash(data: body), padding: .insecurePKCS1v1_5)
        let whole = DER.sequence([
            body, algorithm, DER.value(0x03, [0] + Array(signature.rawRepresentation)),
        ])
        var lines = ["-----BEGIN CERTIFICATE-----"]
        var rest = Data(whole).base64EncodedString()[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        lines.append("-----END CERTIFICATE-----\n")
        return lines.joined(separator: "\n")
    }
}

/// The few pieces of DER that a certificate needs.
///
/// - SeeAlso: ITU-T X.690 section 10.
private enum DER {
    static let sha256WithRSA: [UInt8] = [
        0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B,
    ]
    static let commonName: [UInt8] = [0x06, 0x03, 0x55, 0x04, 0x03]
    static let null: [UInt8] = [0x05, 0x00]

    static func sequence(_ parts: [[UInt8]]) -> [UInt8] { value(0x30, parts.flatMap { $0 }) }

    static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        if count < 128 { return [tag, UInt8(count)] + content }
        if count < 256 { return [tag, 0x81, UInt8(count)] + content }
        return [tag, 0x82, UInt8(count >> 8 & 255), UInt8(count & 255)] + content
    }
}
