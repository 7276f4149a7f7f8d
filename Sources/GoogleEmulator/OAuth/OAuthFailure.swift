import LosslessJSON

/// An error of the OAuth endpoints: flat, without the envelope of the APIs.
///
/// - SeeAlso: RFC 6749 section 5.2.
struct OAuthFailure: Error {
    let status: Int
    let error: String
    let description: String?

    init(_ status: Int, _ error: String, _ description: String? = nil) {
        self.status = status
        self.error = error
        self.description = description
    }

    var reply: Reply {
        var document: JSONObject = ["error": .string(error)]
        if let description { document["error_description"] = .string(description) }
        return .oauth(document, status: status)
    }

    static let deadGrant = Self(400, "invalid_grant", "Token has been expired or revoked.")
    static let badGrant = Self(400, "invalid_grant", "Bad Request")
    static let unknownClient = Self(401, "invalid_client", "The OAuth client was not found.")
    static let badSecret = Self(
        401, "invalid_client", "The provided client secret is invalid.")

    static func missing(_ name: String) -> Self {
        Self(400, "invalid_request", "Missing required parameter: \(name)")
    }
}
