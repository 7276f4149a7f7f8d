import LosslessJSON

/// An error of the OAuth endpoints: flat, without the envelope of the APIs.
///
/// - SeeAlso: RFC 6749 section 5.2.
struct OAuthFailure: Error {
    let status: Int
    let error: String
    let description: String?
    /// What a policy adds, for example `invalid_rapt`.
    var subtype: String?
    var headers: [(name: String, value: String)] = []

    init(_ status: Int, _ error: String, _ description: String? = nil) {
        self.status = status
        self.error = error
        self.description = description
    }

    var reply: Reply {
        var document: JSONObject = ["error": .string(error)]
        if let description { document["error_description"] = .string(description) }
        if let subtype { document["error_subtype"] = .string(subtype) }
        var reply = Reply.oauth(document, status: status)
        reply.headers += headers
        return reply
    }

    static let deadGrant = Self(400, "invalid_grant", "Token has been expired or revoked.")
    static let badGrant = Self(400, "invalid_grant", "Bad Request")
    static let unknownClient = Self(401, "invalid_client", "The OAuth client was not found.")
    static let badSecret = Self(
        401, "invalid_client", "The provided client secret is invalid.")
    static let noSecret = Self(400, "invalid_request", "client_secret is missing.")
    static let blockedByPolicy = Self(
        400, "admin_policy_enforced",
        "Access to your account data is restricted by policies "
            + "within your organization.")
    static let badToken = Self(400, "invalid_token", "Invalid Value")

    /// A bearer token that is good for nothing.
    static var badCredential: Self {
        var failure = Self(401, "invalid_request", "Invalid Credentials")
        failure.headers = GoogleFailure.badCredential.headers
        return failure
    }

    /// A Basic header that cannot be read.
    static var badBasic: Self {
        var failure = Self(401, "invalid_client", "Unauthorized")
        failure.headers = [("WWW-Authenticate", "Basic realm=\"https://accounts.google.com/\"")]
        return failure
    }

    /// The user has to prove who it is once more.
    static var needsReauthentication: Self {
        var failure = Self(400, "invalid_grant", "reauth related error (invalid_rapt)")
        failure.subtype = "invalid_rapt"
        return failure
    }

    static func missing(_ name: String) -> Self {
        Self(400, "invalid_request", "Missing required parameter: \(name)")
    }

    static func repeated(_ name: String) -> Self {
        Self(
            400, "invalid_request",
            "OAuth 2 parameters can only have a single value: \(name)")
    }
}
