import LosslessJSON

extension OAuthCall {
    /// Who the user is, in the words of the version that the path names.
    func userInfo() throws(OAuthFailure) -> Reply {
        try check(methods: ["GET", "POST"])
        let isOld = request.path.hasPrefix("/oauth2/v2") || request.path.hasPrefix("/oauth2/v1")
        let token = world.bearerToken(of: request, query: query)
        guard let token, let credential = world.credential(token),
            let account = world.account(credential.user)
        else {
            if isOld {
                return (token == nil ? GoogleFailure.unauthenticated : .badCredential).reply
            }
            throw .badCredential
        }
        let scopes = credential.scopes ?? ["openid", ScopeRules.email, ScopeRules.profile]
        guard !ScopeRules.signIn.isDisjoint(with: scopes) else {
            return GoogleFailure.missingScope(
                ["userinfo.email", "userinfo.profile"], method: "oauth2.userinfo.get",
                host: "oauth2.googleapis.com"
            ).reply
        }
        return .oauth(isOld ? old(account, scopes) : openID(account, scopes))
    }

    private func openID(_ account: Account, _ scopes: [String]) -> JSONObject {
        var document: JSONObject = ["sub": .string(account.subject)]
        if scopes.contains(ScopeRules.profile) {
            for member in account.profile { document[member.key] = member.value }
        }
        if scopes.contains(ScopeRules.email) {
            document["email"] = .string(account.email)
            document["email_verified"] = true
        }
        document["hd"] = account.hostedDomain.map { .string($0) }
        return document
    }

    private func old(_ account: Account, _ scopes: [String]) -> JSONObject {
        var document: JSONObject = ["id": .string(account.subject)]
        if scopes.contains(ScopeRules.email) {
            document["email"] = .string(account.email)
            document["verified_email"] = true
        }
        if scopes.contains(ScopeRules.profile) {
            for member in account.profile where member.key != "locale" {
                document[member.key] = member.value
            }
        }
        document["hd"] = account.hostedDomain.map { .string($0) }
        return document
    }

    /// - SeeAlso: OpenID Connect Discovery 1.0 section 3.
    func openIDConfiguration() throws(OAuthFailure) -> Reply {
        try check(methods: ["GET", "HEAD"])
        let base = world.baseURL(request)
        func at(_ host: String, _ path: String) -> JSON { .string((base ?? host) + path) }
        return published([
            "issuer": "https://accounts.google.com",
            "authorization_endpoint": at("https://accounts.google.com", "/o/oauth2/v2/auth"),
            "device_authorization_endpoint": at("https://oauth2.googleapis.com", "/device/code"),
            "token_endpoint": at("https://oauth2.googleapis.com", "/token"),
            "userinfo_endpoint": at("https://openidconnect.googleapis.com", "/v1/userinfo"),
            "revocation_endpoint": at("https://oauth2.googleapis.com", "/revoke"),
            "jwks_uri": at("https://www.googleapis.com", "/oauth2/v3/certs"),
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported": [
                "aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss",
                "name", "picture", "sub",
            ],
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": [
                "authorization_code", "refresh_token",
                "urn:ietf:params:oauth:grant-type:device_code",
                "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ],
        ])
    }

    /// The keys that identity tokens are signed with.
    func certificates() throws(OAuthFailure) -> Reply {
        try check(methods: ["GET", "HEAD"])
        do {
            let isOld = request.path.hasPrefix("/oauth2/v1")
            return published(try isOld ? signer.certificates() : signer.keySet())
        } catch {
            throw OAuthFailure(500, "internal_failure", "The signing key cannot be made.")
        }
    }

    /// A document that clients may keep; not for long, because the next start has another key.
    private func published(_ document: JSONObject) -> Reply {
        var reply = Reply.oauth(document)
        reply.headers = [("Cache-Control", "public, max-age=60, must-revalidate")]
        return reply
    }
}
