/// A program that Google knows: what a client-secrets file says.
///
/// - SeeAlso: Google API Client Library for Python, "Client Secrets".
public struct OAuthClient: Hashable, Sendable {
    /// Which of Google's two kinds of client files it came from.
    public enum Kind: String, Hashable, Sendable {
        /// A program on a person's machine; its secret is not one.
        case installed
        /// A program on a server; redirects must match exactly.
        case web
    }

    /// The client's id.
    public var id: String
    /// The client's secret; `nil` for a client without one.
    public var secret: String?
    /// Installed or web.
    public var kind: Kind
    /// The redirect addresses registered.
    public var redirectURIs: [String]
    /// The project it belongs to, when the file says.
    public var projectID: String?

    /// Makes a client.
    public init(
        id: String, secret: String? = nil, kind: Kind = .installed,
        redirectURIs: [String] = ["http://localhost"], projectID: String? = nil
    ) {
        self.id = id
        self.secret = secret
        self.kind = kind
        self.redirectURIs = redirectURIs
        self.projectID = projectID
    }
}

extension OAuthClient: CustomStringConvertible, CustomReflectable {
    /// The client's id; never its secret.
    public var description: String { "\(kind.rawValue) client \(id)" }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["client": description]) }
}
