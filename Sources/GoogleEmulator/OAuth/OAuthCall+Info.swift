import LosslessJSON

extension OAuthCall {
    /// Ends a grant; one of its tokens is enough.
    func revoke() throws(OAuthFailure) -> Reply {
        guard let token = form.nonEmpty("token") ?? query.nonEmpty("token") else {
            throw .missing("token")
        }
        let known =
            world.oauth.refreshTokens[token]?.grantID ?? world.oauth.accessTokens[token]?.grantID
        guard let known else {
            throw OAuthFailure(400, "invalid_token", "Token expired or revoked")
        }
        world.oauth.revoke(grantID: known)
        return .oauth([:])
    }

    /// What an access token is good for; every value is a string.
    func tokenInfo() throws(OAuthFailure) -> Reply {
        let text = query.nonEmpty("access_token") ?? form.nonEmpty("access_token") ?? ""
        guard let token = world.oauth.accessTokens[text], token.expires > world.now,
            let account = world.account(token.user)
        else { throw OAuthFailure(400, "invalid_token", "Invalid Value") }
        var document: JSONObject = [
            "azp": .string(token.clientID), "aud": .string(token.clientID),
            "sub": .string(account.subject), "scope": .string(token.scopes.joined(separator: " ")),
            "exp": .string(String(token.expires / 1000)),
            "expires_in": .string(String((token.expires - world.now) / 1000)),
        ]
        if token.scopes.contains(ScopeRules.email) {
            document["email"] = .string(account.email)
            document["email_verified"] = "true"
        }
        document["access_type"] = token.isOffline ? "offline" : "online"
        return .oauth(document)
    }

    /// Who the user is, in the words of the version that the path names.
    func userInfo() throws(OAuthFailure) -> Reply {
        let isOld = request.path.hasPrefix("/oauth2/v2") || request.path.hasPrefix("/oauth2/v1")
        guard let token = world.bearerToken(of: request, query: query),
            let credential = world.credential(token), let account = world.account(credential.user)
        else {
            if isOld { return GoogleFailure.badCredential.reply }
            throw OAuthFailure(401, "invalid_request", "Invalid Credentials")
        }
        let scopes = credential.scopes ?? ["openid", ScopeRules.email, ScopeRules.profile]
        guard
            scopes.contains(where: {
                ["openid", ScopeRules.email, ScopeRules.profile].contains($0)
            })
        else {
            return GoogleFailure.missingScope(
                ["userinfo.email", "userinfo.profile"], method: "oauth2.userinfo.get",
                host: "oauth2.googleapis.com"
            ).reply
        }
        return .oauth(isOld ? old(account, scopes) : openID(account, scopes))
    }

    private func openID(_ account: Account, _ scopes: [String]) -> JSONObject {
        var document: JSONObject = ["sub": .string(account.subject)]
        if scopes.contains(ScopeRules.profile) { addProfile(account, to: &document) }
        if scopes.contains(ScopeRules.email) {
            document["email"] = .string(account.email)
            document["email_verified"] = true
        }
        if account.domain != "gmail.com" { document["hd"] = .string(account.domain) }
        return document
    }

    private func old(_ account: Account, _ scopes: [String]) -> JSONObject {
        var document: JSONObject = ["id": .string(account.subject)]
        if scopes.contains(ScopeRules.email) {
            document["email"] = .string(account.email)
            document["verified_email"] = true
        }
        if scopes.contains(ScopeRules.profile) { addProfile(account, to: &document) }
        if account.domain != "gmail.com" { document["hd"] = .string(account.domain) }
        return document
    }

    private func addProfile(_ account: Account, to document: inout JSONObject) {
        document["name"] = .string(account.name)
        document["given_name"] = .string(account.givenName)
        if !account.familyName.isEmpty { document["family_name"] = .string(account.familyName) }
        document["picture"] = .string(
            "https://lh3.googleusercontent.com/a/default-\(account.subject)=s96-c")
        document["locale"] = .string(
            account.settings.first { $0.id == "locale" }?.value ?? "en")
    }

    /// - SeeAlso: OpenID Connect Discovery 1.0 section 3.
    func openIDConfiguration() -> Reply {
        let base = world.baseURL(request)
        func at(_ host: String, _ path: String) -> JSON { .string((base ?? host) + path) }
        return .oauth([
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
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": [
                "authorization_code", "refresh_token",
                "urn:ietf:params:oauth:grant-type:device_code",
            ],
        ])
    }

    /// The keys that identity tokens are signed with.
    func certificates() throws(OAuthFailure) -> Reply {
        do {
            let isOld = request.path.hasPrefix("/oauth2/v1")
            return .oauth(try isOld ? world.signer.certificates() : world.signer.keySet())
        } catch {
            throw OAuthFailure(500, "internal_failure", "The signing key cannot be made.")
        }
    }
}
