import Crypto
import Foundation
import LosslessJSON
import _CryptoExtras

/// The signed statement by which a service account asks for a token.
///
/// - SeeAlso: RFC 7523; Google Identity guide, "Using OAuth 2.0 for Server to Server
///   Applications", section "Preparing to make an authorized API call".
struct ServiceAccountAssertion {
    private let header: JSON
    private let claims: JSON
    private let pem: String

    /// - Throws: ``OAuthError`` with code `invalidScope` without any scope.
    init(
        key: ServiceAccountKey, scopes: [String], audience: String, now: Date
    ) throws(OAuthError) {
        guard !scopes.isEmpty else {
            throw OAuthError(
                code: .invalidScope,
                message: "A service account's file names no scopes; say which with --scopes.")
        }
        var header = JSONObject([("alg", "RS256"), ("typ", "JWT")])
        if let keyID = key.keyID { header["kid"] = .string(keyID) }
        let issued = Int64(min(max(now.timeIntervalSince1970, 0), 253_402_300_799))
        var claims = JSONObject([
            ("iss", .string(key.email)), ("scope", .string(scopes.joined(separator: " "))),
            ("aud", .string(audience)), ("iat", .number(JSONNumber(issued))),
            ("exp", .number(JSONNumber(issued + 3600))),
        ])
        if let subject = key.subject { claims["sub"] = .string(subject) }
        self.header = .object(header)
        self.claims = .object(claims)
        pem = key.privateKey
    }

    /// The compact form, signed with RS256.
    ///
    /// - Throws: ``OAuthError`` with code `badFile` when the key is not an RSA key of 2048 bits or
    ///   more.
    func signed() throws(OAuthError) -> String {
        let text =
            Base64URL.encode(header.serialized()) + "." + Base64URL.encode(claims.serialized())
        do {
            let key = try _RSA.Signing.PrivateKey(pemRepresentation: pem)
            let signature = try key.signature(
                for: SHA256.hash(data: Array(text.utf8)), padding: .insecurePKCS1v1_5)
            return text + "." + Base64URL.encode(Array(signature.rawRepresentation))
        } catch {
            // The cause is left out: its text could quote the key.
            throw OAuthError(
                code: .badFile,
                message: "The service account's private key is not a usable RSA key; make a new "
                    + "one in Google's console.")
        }
    }
}
