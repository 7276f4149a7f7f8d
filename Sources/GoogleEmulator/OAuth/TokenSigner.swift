import Crypto
import Foundation
import LosslessJSON
import _CryptoExtras

/// The key that signs identity tokens.
///
/// It is made when it is first needed, because that takes a noticeable while, and it is the one
/// thing here that the seed does not decide.
final class TokenSigner {
    private var made: (key: _RSA.Signing.PrivateKey, id: String)?

    private func key() throws -> (key: _RSA.Signing.PrivateKey, id: String) {
        if let made { return made }
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let digest = SHA256.hash(data: key.publicKey.derRepresentation)
        let id = digest.prefix(20).map { byte in
            String(
                decoding: [Alphabet.hex[Int(byte >> 4)], Alphabet.hex[Int(byte & 15)]],
                as: UTF8.self)
        }.joined()
        made = (key, id)
        return (key, id)
    }

    /// A JSON Web Token with RS256.
    ///
    /// - SeeAlso: RFC 7519; RFC 7518 section 3.3.
    func token(_ claims: JSONObject) throws -> String {
        let (key, id) = try key()
        let header: JSON = ["alg": "RS256", "kid": .string(id), "typ": "JWT"]
        let parts = [header, .object(claims)].map {
            EventLinks.base64URL($0.serialized(.compact))
        }
        let text = parts.joined(separator: ".")
        let signature = try key.signature(
            for: SHA256.hash(data: Array(text.utf8)), padding: .insecurePKCS1v1_5)
        return text + "." + EventLinks.base64URL(Array(signature.rawRepresentation))
    }

    /// The public key as a JSON Web Key set.
    ///
    /// - SeeAlso: RFC 7517.
    func keySet() throws -> JSONObject {
        let (key, id) = try key()
        let numbers = try key.publicKey.getKeyPrimitives()
        return [
            "keys": [
                [
                    "kty": "RSA", "alg": "RS256", "use": "sig", "kid": .string(id),
                    "n": .string(EventLinks.base64URL(Array(numbers.modulus))),
                    "e": .string(EventLinks.base64URL(Array(numbers.publicExponent))),
                ]
            ]
        ]
    }

    /// The public key in a certificate, as older libraries want it.
    func certificates() throws -> JSONObject {
        let (key, id) = try key()
        return [id: .string(try Certificate.selfSigned(by: key))]
    }
}

/// A self-signed certificate that wraps a public key.
///
/// - SeeAlso: RFC 5280 section 4.1.
private enum Certificate {
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
