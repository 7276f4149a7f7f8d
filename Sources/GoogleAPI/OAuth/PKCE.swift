import Crypto
import Foundation

/// Where random bytes come from; given from outside so that tests can say what they are.
public typealias RandomBytes = @Sendable (Int) -> [UInt8]

/// Proof Key for Code Exchange: binds an authorization code to the program that asked for it.
///
/// - SeeAlso: RFC 7636; always with method S256 here.
public struct PKCE: Hashable, Sendable {
    /// The secret, 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`.
    public let verifier: String

    /// Takes a verifier.
    ///
    /// - Throws: ``OAuthError`` with code `invalidRequest` for one that RFC 7636 forbids.
    public init(verifier: String) throws(OAuthError) {
        let allowed = verifier.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-._~".utf8.contains(byte)
            }
        }
        guard (43...128).contains(verifier.utf8.count), allowed else {
            throw OAuthError(
                code: .invalidRequest,
                message: "A PKCE verifier has 43 to 128 letters, digits, '-', '.', '_' or '~'.")
        }
        self.verifier = verifier
    }

    /// Makes a verifier of 64 random bytes (86 characters).
    public init(random: RandomBytes) {
        verifier = Base64URL.encode(random(64))
    }

    /// What is shown to Google first: base64url of the verifier's SHA-256, without padding.
    public var challenge: String {
        Base64URL.encode(Array(SHA256.hash(data: Array(verifier.utf8))))
    }
}

extension PKCE: CustomStringConvertible, CustomReflectable {
    /// Only that it is one.
    public var description: String { "PKCE S256" }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["pkce": description]) }
}

/// Random bytes of the operating system.
public enum SystemRandom {
    /// Bytes fit for secrets.
    public static let bytes: RandomBytes = { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<max(0, count)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

/// Base64 with the alphabet for addresses and without padding.
///
/// - SeeAlso: RFC 4648 section 5; RFC 7515 appendix C.
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}

/// Compares secrets in a time that does not tell where they differ.
enum SecretText {
    static func equal(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
