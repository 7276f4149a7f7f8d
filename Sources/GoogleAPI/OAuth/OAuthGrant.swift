public import Foundation

/// A short-lived token that opens Google's services to its bearer.
public struct AccessToken: Hashable, Sendable {
    /// The token itself.
    public var value: String
    /// When it ends by this machine's clock; `nil` when Google did not say.
    public var expires: Date?

    /// Makes a token.
    public init(value: String, expires: Date?) {
        self.value = value
        self.expires = expires
    }

    /// Whether it is still good for `margin` from `now` on.
    public func isGood(at now: Date, margin: Duration) -> Bool {
        guard let expires else { return true }
        return expires.timeIntervalSince(now) > margin / .seconds(1)
    }
}

extension AccessToken: CustomStringConvertible, CustomReflectable {
    /// Only when it ends.
    public var description: String {
        "access token" + (expires.map { " until \(Timestamps.text($0))" } ?? "")
    }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["token": description]) }
}

/// The key of a service account.
///
/// - SeeAlso: Google Identity guide, "Using OAuth 2.0 for Server to Server Applications".
public struct ServiceAccountKey: Hashable, Sendable {
    /// The account's address.
    public var email: String
    /// The key's id.
    public var keyID: String?
    /// The RSA key, PEM.
    public var privateKey: String
    /// The person acted for, in a domain that delegates; `nil` for the account itself.
    public var subject: String?

    /// Makes a key.
    public init(email: String, keyID: String?, privateKey: String, subject: String? = nil) {
        self.email = email
        self.keyID = keyID
        self.privateKey = privateKey
        self.subject = subject
    }
}

extension ServiceAccountKey: CustomStringConvertible, CustomReflectable {
    /// Only that it is one.
    public var description: String { "service account key" }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["key": description]) }
}

/// What a person (or a service account) granted, and what it takes to use it.
public struct OAuthGrant: Hashable, Sendable {
    /// How new access tokens are had.
    public enum Source: Hashable, Sendable {
        /// By a refresh token of a client.
        case user(client: OAuthClient, refreshToken: String)
        /// By an assertion that a service account signs.
        case serviceAccount(ServiceAccountKey)
        /// Not at all: the access token is all there is.
        case bearerOnly
    }

    /// How new access tokens are had.
    public var source: Source
    /// The current access token, if there is one.
    public var accessToken: AccessToken?
    /// The scopes granted, which may be fewer than those asked for; sorted.
    public var scopes: [String]
    /// When the grant itself ends, if Google limited it; `nil` for no limit known.
    public var expires: Date?

    /// Makes a grant.
    public init(
        source: Source, accessToken: AccessToken? = nil, scopes: [String] = [],
        expires: Date? = nil
    ) {
        self.source = source
        self.accessToken = accessToken
        self.scopes = Array(Set(scopes)).sorted()
        self.expires = expires
    }

    /// Which of `wanted` were not granted, in the order given.
    ///
    /// The short names `email` and `profile` come back from Google in their long spelling.
    public func missing(of wanted: [String]) -> [String] {
        let granted = Set(scopes.map(GoogleScopes.longName))
        return wanted.filter { !granted.contains(GoogleScopes.longName($0)) }
    }
}

extension OAuthGrant: CustomStringConvertible, CustomReflectable {
    /// Its kind and scopes; no token, no key.
    public var description: String {
        let kind =
            switch source {
            case .user: "user grant"
            case .serviceAccount: "service account grant"
            case .bearerOnly: "bearer token"
            }
        return "\(kind) for \(scopes.joined(separator: " "))"
    }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["grant": description]) }
}

extension OAuthGrant.Source: CustomStringConvertible, CustomReflectable {
    /// Its kind only.
    public var description: String {
        switch self {
        case .user(let client, _): "refresh token of \(client)"
        case .serviceAccount: "service account key"
        case .bearerOnly: "bearer token"
        }
    }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["source": description]) }
}

/// The scopes that this product's parts ask for, each the least that does the job.
///
/// - SeeAlso: "OAuth 2.0 Scopes for Google APIs".
public enum GoogleScopes {
    /// Identity: the stable `sub`.
    public static let openID = "openid"
    /// Identity: the e-mail address.
    public static let email = "https://www.googleapis.com/auth/userinfo.email"
    /// Identity: the name.
    public static let profile = "https://www.googleapis.com/auth/userinfo.profile"
    /// Calendars and events, reading and writing.
    public static let calendar = "https://www.googleapis.com/auth/calendar"
    /// Calendars and events, reading only.
    public static let calendarReadonly = "https://www.googleapis.com/auth/calendar.readonly"

    /// The spelling in which Google returns a scope: `email` and `profile` have long names.
    public static func longName(_ scope: String) -> String {
        switch scope {
        case "email": email
        case "profile": profile
        default: scope
        }
    }
}
