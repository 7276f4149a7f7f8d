import Foundation
import LosslessJSON

/// What the token endpoint granted.
public struct TokenAnswer: Hashable, Sendable {
    /// The new access token.
    public var accessToken: AccessToken
    /// A refresh token, when Google gave one; on a refresh it usually does not.
    public var refreshToken: String?
    /// The scopes granted; the requested ones where the answer does not say.
    public var scopes: [String]
    /// How long the grant itself lasts, if Google limited it.
    public var refreshTokenLife: Duration?

    /// Reads the endpoint's JSON.
    ///
    /// - Throws: ``OAuthError`` with code `unreadable` for anything but a usable bearer token.
    init(_ root: JSONNode, now: Date, requestedScopes: [String]) throws(OAuthError) {
        guard let value = root["access_token"]?.string, TokenAnswer.isToken(value),
            (root["token_type"]?.string ?? "Bearer").lowercased() == "bearer"
        else {
            throw OAuthError(
                code: .unreadable,
                message: "Google's token answer holds no usable token; try again later.")
        }
        let life = root["expires_in"].flatMap { $0.double ?? $0.string.flatMap(Double.init) }
        accessToken = AccessToken(
            value: value,
            expires: life.flatMap { $0.isNaN ? nil : $0 }.map {
                now.addingTimeInterval(min(max($0, 0), 86_400))
            })
        refreshToken = root["refresh_token"]?.string.flatMap { Self.isToken($0) ? $0 : nil }
        scopes =
            root["scope"]?.string?.split(separator: " ").map(String.init) ?? requestedScopes
        refreshTokenLife = root["refresh_token_expires_in"]?.double.map {
            .seconds(min(max($0, 0), 315_360_000))
        }
    }

    /// Printable ASCII without blanks, at most 8 KiB: anything else could break a header.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 8192
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension TokenAnswer: CustomStringConvertible, CustomReflectable {
    /// The scopes; no token.
    public var description: String { "token for \(scopes.joined(separator: " "))" }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["answer": description]) }
}
