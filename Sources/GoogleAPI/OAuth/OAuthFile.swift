import Foundation
import LosslessJSON

/// What a file from Google or from another program holds: a client, or grants.
///
/// Reads client secrets (`installed`, `web`), google-auth's `token.json`, gcloud's
/// `authorized_user`, service-account keys, and oauth2client's storage (`calendar.dat`), single
/// or multiple. The addresses in such files are not followed: a file must not be able to send a
/// refresh token elsewhere.
///
/// - SeeAlso: google-auth for Python, `Credentials.from_authorized_user_info` and
///   `service_account`; oauth2client, `OAuth2Credentials.to_json` and `contrib.multistore_file`;
///   Google API Client Library for Python, "Client Secrets".
public enum OAuthFile: Hashable, Sendable {
    /// A client-secrets file.
    case client(OAuthClient)
    /// A file with one grant or more, in the file's order; grants marked as invalid left out.
    case grants([OAuthGrant])

    /// The largest file that is read: 1 MiB.
    public static let maxBytes = 1 << 20

    /// Reads a file's bytes.
    ///
    /// - Throws: ``OAuthError`` with code `badFile`, or `invalidGrant` when the file itself says
    ///   that its grant was revoked. Messages never quote the file.
    public init(parsing bytes: [UInt8]) throws(OAuthError) {
        guard bytes.count <= Self.maxBytes else {
            throw .badFile("it is larger than \(Self.maxBytes) bytes")
        }
        guard bytes.first != 0x80 else {
            throw .badFile(
                "it is a Python pickle, which only Python can read; save the credentials with "
                    + "to_json() and import that")
        }
        let document: JSONDocument
        do { document = try JSONDocument(parsing: bytes) } catch {
            throw .badFile("it is not JSON (byte \(error.offset))")
        }
        let root = document.root
        guard root.kind == .object else { throw .badFile("it is not a JSON object") }
        try Self.checkUniverse(root)
        if let web = root["web"], web.kind == .object {
            self = .client(try Self.client(web, kind: .web))
        } else if let installed = root["installed"], installed.kind == .object {
            self = .client(try Self.client(installed, kind: .installed))
        } else {
            self = .grants(try GrantFile(root).grants())
        }
    }

    /// Reads a file.
    ///
    /// - Throws: ``OAuthError`` with code `badFile` when it cannot be read or used.
    public init(path: String) throws(OAuthError) {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw .badFile("it does not exist or may not be read")
        }
        let data: Data?
        do {
            data = try handle.read(upToCount: Self.maxBytes + 1)
            try handle.close()
        } catch {
            throw OAuthError(
                code: .badFile, message: "The file cannot be read; check its rights.", cause: error)
        }
        try self.init(parsing: Array(data ?? Data()))
    }

    private static func client(
        _ node: JSONNode, kind: OAuthClient.Kind
    ) throws(OAuthError) -> OAuthClient {
        let id = try node.required("client_id")
        let uris = node["redirect_uris"]
        let redirects = uris?.kind == .array ? uris?.elements.prefix(100).compactMap(\.string) : []
        return OAuthClient(
            id: id, secret: node["client_secret"]?.string, kind: kind,
            redirectURIs: redirects ?? [], projectID: node["project_id"]?.string)
    }

    private static func checkUniverse(_ root: JSONNode) throws(OAuthError) {
        guard let universe = root["universe_domain"]?.string, !universe.isEmpty,
            universe != "googleapis.com"
        else { return }
        throw .badFile("it belongs to another universe than googleapis.com")
    }
}

extension OAuthFile: CustomStringConvertible, CustomReflectable {
    /// What kind of file it is; no secret.
    public var description: String {
        switch self {
        case .client(let client): client.description
        case .grants(let grants): "file with \(grants.count) grants"
        }
    }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["file": description]) }
}

/// Reads the grants of a token file whose kind is told by its members.
private struct GrantFile {
    let root: JSONNode

    init(_ root: JSONNode) { self.root = root }

    func grants() throws(OAuthError) -> [OAuthGrant] {
        if let data = root["data"], data.kind == .array { return try store(data) }
        if let kind = root["type"]?.string {
            switch kind {
            case "authorized_user": return [try user(root, token: "token", expiry: "expiry")]
            case "service_account": return [try serviceAccount()]
            default:
                throw .badFile(
                    "it is for another kind of sign-in than a person's or a service account's")
            }
        }
        if root["_class"] != nil || root["token_response"] != nil {
            guard root["invalid"]?.bool != true else { throw Self.revoked }
            return [try oldUser(root)]
        }
        return [try user(root, token: "token", expiry: "expiry")]
    }

    /// oauth2client's store of several credentials.
    private func store(_ data: JSONNode) throws(OAuthError) -> [OAuthGrant] {
        var grants: [OAuthGrant] = []
        var sawRevoked = false
        for entry in data.elements.prefix(1000) {
            guard let credential = entry["credential"], credential.kind == .object else {
                throw .badFile("an entry of the store holds no credential")
            }
            if credential["invalid"]?.bool == true {
                sawRevoked = true
            } else {
                grants.append(try oldUser(credential))
            }
        }
        guard !grants.isEmpty else {
            throw sawRevoked ? Self.revoked : OAuthError.badFile("the store is empty")
        }
        return grants
    }

    private func oldUser(_ node: JSONNode) throws(OAuthError) -> OAuthGrant {
        try user(node, token: "access_token", expiry: "token_expiry")
    }

    private func user(
        _ node: JSONNode, token tokenKey: String, expiry expiryKey: String
    ) throws(OAuthError) -> OAuthGrant {
        let client = OAuthClient(
            id: try node.required("client_id"), secret: node["client_secret"]?.string)
        let refreshToken = try node.required("refresh_token")
        // A token without its expiry counts as expired, as it does in google-auth.
        var token: AccessToken?
        if let value = node[tokenKey]?.string, TokenAnswer.isToken(value),
            let expires = node[expiryKey]?.string.flatMap(Timestamps.timestamp)
        {
            token = AccessToken(value: value, expires: expires)
        }
        return OAuthGrant(
            source: .user(client: client, refreshToken: refreshToken), accessToken: token,
            scopes: Self.scopes(node))
    }

    private func serviceAccount() throws(OAuthError) -> OAuthGrant {
        let pem = try root.required("private_key", limit: 32_768, isToken: false)
        guard pem.contains("-----BEGIN") else { throw .badFile("its private key is not PEM") }
        let key = ServiceAccountKey(
            email: try root.required("client_email"), keyID: root["private_key_id"]?.string,
            privateKey: pem)
        return OAuthGrant(source: .serviceAccount(key), scopes: Self.scopes(root))
    }

    /// What the file says it is granted; oauth2client often left that to Google's own answer.
    private static func scopes(_ node: JSONNode) -> [String] {
        let places = [node["scopes"], node["scope"], node["token_response"]?["scope"]]
        for case .some(let place) in places {
            let texts =
                place.kind == .array
                ? place.elements.prefix(200).compactMap(\.string) : place.string.map { [$0] } ?? []
            let scopes = texts.flatMap { $0.split(separator: " ").map(String.init) }
            if !scopes.isEmpty { return scopes }
        }
        return []
    }

    private static let revoked = OAuthError(
        code: .invalidGrant,
        message: "The file says itself that its sign-in was revoked; sign in again.")
}

extension JSONNode {
    /// A member that must be a non-empty text.
    fileprivate func required(
        _ key: String, limit: Int = 8192, isToken: Bool = true
    ) throws(OAuthError) -> String {
        guard let text = self[key]?.string, !text.isEmpty, text.utf8.count <= limit,
            !isToken || TokenAnswer.isToken(text)
        else { throw .badFile("\"\(key)\" is missing or not usable") }
        return text
    }
}

extension OAuthError {
    static func badFile(_ why: String) -> OAuthError {
        OAuthError(code: .badFile, message: "The file cannot be used: \(why).")
    }
}
