import Foundation
public import LosslessJSON

extension OAuthGrant {
    /// The whole grant as JSON, secrets included: to be sealed before it touches a disk.
    public var secretJSON: JSON {
        var object = JSONObject([("version", 1)])
        switch source {
        case .user(let client, let refreshToken):
            object["kind"] = "user"
            object["client"] = client.secretJSON
            object["refresh_token"] = .string(refreshToken)
        case .serviceAccount(let key):
            object["kind"] = "service_account"
            object["client_email"] = .string(key.email)
            object["private_key_id"] = key.keyID.map { .string($0) }
            object["private_key"] = .string(key.privateKey)
            object["subject"] = key.subject.map { .string($0) }
        case .bearerOnly: object["kind"] = "bearer"
        }
        object["scopes"] = .array(scopes.map { .string($0) })
        if let accessToken {
            object["token"] = .string(accessToken.value)
            object["expiry"] = accessToken.expires.map { .string(Timestamps.text($0)) }
        }
        object["grant_expiry"] = expires.map { .string(Timestamps.text($0)) }
        return .object(object)
    }

    /// Reads what ``secretJSON`` wrote.
    ///
    /// - Throws: ``OAuthError`` with code `badFile`; the message never quotes the value.
    public init(secretJSON json: JSON) throws(OAuthError) {
        guard json["version"]?.int == 1 else {
            throw .badFile("the stored grant is of another version")
        }
        func text(_ key: String) throws(OAuthError) -> String {
            guard let text = json[key]?.string, !text.isEmpty else {
                throw .badFile("the stored grant lacks \"\(key)\"")
            }
            return text
        }
        let source: Source
        switch json["kind"]?.string {
        case "user":
            guard let stored = json["client"] else { throw .badFile("the grant has no client") }
            source = .user(
                client: try OAuthClient(secretJSON: stored),
                refreshToken: try text("refresh_token"))
        case "service_account":
            source = .serviceAccount(
                ServiceAccountKey(
                    email: try text("client_email"), keyID: json["private_key_id"]?.string,
                    privateKey: try text("private_key"), subject: json["subject"]?.string))
        case "bearer": source = .bearerOnly
        default: throw .badFile("the stored grant is of an unknown kind")
        }
        let token = json["token"]?.string.map {
            AccessToken(
                value: $0, expires: json["expiry"]?.string.flatMap(Timestamps.timestamp))
        }
        self.init(
            source: source, accessToken: token,
            scopes: json["scopes"]?.array?.compactMap(\.string) ?? [],
            expires: json["grant_expiry"]?.string.flatMap(Timestamps.timestamp))
    }
}

extension OAuthClient {
    /// The client as JSON, its secret included: to be sealed before it touches a disk.
    public var secretJSON: JSON {
        var object = JSONObject([("client_id", .string(id)), ("kind", .string(kind.rawValue))])
        object["client_secret"] = secret.map { .string($0) }
        object["project_id"] = projectID.map { .string($0) }
        object["redirect_uris"] = .array(redirectURIs.map { .string($0) })
        return .object(object)
    }

    /// Reads what ``secretJSON`` wrote.
    ///
    /// - Throws: ``OAuthError`` with code `badFile`; the message never quotes the value.
    public init(secretJSON json: JSON) throws(OAuthError) {
        guard let id = json["client_id"]?.string, !id.isEmpty,
            let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:))
        else { throw .badFile("the stored client is broken") }
        self.init(
            id: id, secret: json["client_secret"]?.string, kind: kind,
            redirectURIs: json["redirect_uris"]?.array?.compactMap(\.string) ?? [],
            projectID: json["project_id"]?.string)
    }
}
