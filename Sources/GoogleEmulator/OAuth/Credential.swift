import LosslessJSON

/// What a request's bearer token stands for.
struct Credential {
    let user: String
    let clientID: String
    /// `nil` means every scope.
    let scopes: [String]?

    /// Whether any of these scopes, written without their common beginning, was granted.
    func holds(anyOf names: [String]) -> Bool {
        guard let scopes else { return true }
        return names.contains { scopes.contains(Scopes.prefix + $0) }
    }
}

extension World {
    /// Who sends the request.
    ///
    /// - Throws: 401 or 403 as Google words it for an API.
    func credential(of request: EmulatorRequest, query: Parameters) throws(GoogleFailure)
        -> Credential
    {
        if let sender { return try sender.get() }
        guard let token = bearerToken(of: request, query: query) else {
            throw switches.missingCredential == .forbidden ? .noCredential : .unauthenticated
        }
        guard let credential = credential(token) else { throw .badCredential }
        return credential
    }

    /// The token that a request brings in its header or, as older clients do, in its query.
    func bearerToken(of request: EmulatorRequest, query: Parameters) -> String? {
        if let header = request.header("Authorization") {
            let parts = header[...].parted(at: " ", most: 2)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return "" }
            return String(parts[1])
        }
        return query.nonEmpty("access_token") ?? query.nonEmpty("oauth_token")
    }

    /// What a token stands for; `nil` if it is unknown or expired.
    func credential(_ token: String) -> Credential? {
        if let user = oauth.fixedTokens[token] {
            return Credential(user: user, clientID: "fixed", scopes: nil)
        }
        guard let access = oauth.liveAccessToken(token, at: now) else { return nil }
        return Credential(user: access.user, clientID: access.clientID, scopes: access.scopes)
    }
}

extension GoogleFailure {
    /// A token that is unknown, expired or revoked.
    static var badCredential: GoogleFailure {
        var failure = GoogleFailure(
            401, "global", "authError",
            "Request had invalid authentication credentials. Expected OAuth 2 access token, "
                + "login cookie or other valid authentication credential. "
                + "See https://developers.google.com/identity/sign-in/web/devconsole-project.",
            locationType: "header", location: "Authorization")
        failure.innerMessage = "Invalid Credentials"
        failure.statusWord = "UNAUTHENTICATED"
        failure.headers = [
            (
                "WWW-Authenticate",
                "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\""
            )
        ]
        return failure
    }

    /// No token at all.
    static var noCredential: GoogleFailure {
        var failure = GoogleFailure(
            403, "global", "forbidden",
            "Method doesn't allow unregistered callers (callers without established identity). "
                + "Please use API Key or other form of API consumer identity to call this API.")
        failure.statusWord = "PERMISSION_DENIED"
        return failure
    }

    /// No token at all, as APIs answer that take no API key.
    static var unauthenticated: GoogleFailure {
        var failure = GoogleFailure(
            401, "global", "required",
            "Request is missing required authentication credential. Expected OAuth 2 access token, "
                + "login cookie or other valid authentication credential. "
                + "See https://developers.google.com/identity/sign-in/web/devconsole-project.",
            locationType: "header", location: "Authorization")
        failure.innerMessage = "Login Required."
        failure.statusWord = "UNAUTHENTICATED"
        failure.headers = [
            ("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\"")
        ]
        failure.details = [
            [
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "CREDENTIALS_MISSING", "domain": "googleapis.com",
            ]
        ]
        return failure
    }

    /// A token without the scope that the method needs.
    static func missingScope(_ names: [String], method: String, host: String) -> GoogleFailure {
        var failure = GoogleFailure(
            403, "global", "insufficientPermissions",
            "Request had insufficient authentication scopes.")
        failure.innerMessage = "Insufficient Permission"
        failure.statusWord = "PERMISSION_DENIED"
        let scopes = names.map { Scopes.prefix + $0 }.joined(separator: " ")
        failure.headers = [
            (
                "WWW-Authenticate",
                "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\", "
                    + "scope=\"\(scopes)\""
            )
        ]
        failure.details = [
            [
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domain": "googleapis.com",
                "metadata": ["service": .string(host), "method": .string(method)],
            ]
        ]
        return failure
    }
}
