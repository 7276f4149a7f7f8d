import Crypto
import Foundation
import LosslessJSON
import _CryptoExtras

/// The key that signs identity tokens.
///
/// It is made when it is first needed, because that takes a noticeable while, and it is the one
/// thing here that the seed does not decide.
final class TokenSigner {
    private var made: _RSA.Signing.PrivateKey?
    /// What the key is called; `nil` takes the beginning of its digest.
    private let givenName: String?

    init() { givenName = nil }

    /// Signs with a given key.
    ///
    /// - Throws: An error of the cryptography if it is no RSA key of at least 2048 bits.
    init(pem: String, name: String? = nil) throws {
        made = try _RSA.Signing.PrivateKey(pemRepresentation: pem)
        givenName = name
    }

    /// The private key, once there is one.
    var pem: String? { made?.pkcs8PEMRepresentation }

    private func key() throws -> _RSA.Signing.PrivateKey {
        if let made { return made }
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        made = key
        return key
    }

    /// The public half.
    func publicKey() throws -> _RSA.Signing.PublicKey { try key().publicKey }

    private func name(of key: _RSA.Signing.PrivateKey) -> String {
        givenName ?? Self.name(of: key.publicKey)
    }

    /// A name of a key: the beginning of its digest.
    static func name(of key: _RSA.Signing.PublicKey) -> String {
        SHA256.hash(data: key.derRepresentation).prefix(20).map { byte in
            String(
                decoding: [Alphabet.hex[Int(byte >> 4)], Alphabet.hex[Int(byte & 15)]],
                as: UTF8.self)
        }.joined()
    }

    /// A JSON Web Token with RS256.
    ///
    /// - SeeAlso: RFC 7519; RFC 7518 section 3.3.
    func token(_ claims: JSONObject) throws -> String {
        let key = try key()
        let header: JSON = [
            "alg": "RS256", "kid": .string(name(of: key)), "typ": "JWT",
        ]
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
        let key = try key()
        let numbers = try key.publicKey.getKeyPrimitives()
        return [
            "keys": [
                [
                    "kty": "RSA", "alg": "RS256", "use": "sig",
                    "kid": .string(name(of: key)),
                    "n": .string(EventLinks.base64URL(Array(numbers.modulus))),
                    "e": .string(EventLinks.base64URL(Array(numbers.publicExponent))),
                ]
            ]
        ]
    }

    /// The public key in a certificate, as older libraries want it.
    func certificates() throws -> JSONObject {
        let key = try key()
        return [name(of: key): .string(try SigningCertificate.selfSigned(by: key))]
    }
}

/// A JSON Web Token that somebody sent.
///
/// - SeeAlso: RFC 7515 section 7.1.
struct ReceivedToken {
    let header: JSON
    let claims: JSON
    private let signedText: [UInt8]
    private let signature: [UInt8]

    /// Takes a token apart; `nil` if it is not one.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]),
            let claims = Self.object(parts[1]),
            let signature = EventLinks.bytes(base64URL: String(parts[2]))
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        signedText = Array("\(parts[0]).\(parts[1])".utf8)
    }

    private static func object(_ part: Substring) -> JSON? {
        guard let bytes = EventLinks.bytes(base64URL: String(part)) else { return nil }
        do {
            let json = try JSON(parsing: bytes)
            return json.object == nil ? nil : json
        } catch {
            return nil  // It is no token then, whatever is wrong with the JSON.
        }
    }

    /// Whether it was signed with RS256 by the private half of that key.
    func isSigned(by key: _RSA.Signing.PublicKey) -> Bool {
        header["alg"]?.string == "RS256"
            && key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature),
                for: SHA256.hash(data: signedText), padding: .insecurePKCS1v1_5)
    }
}
