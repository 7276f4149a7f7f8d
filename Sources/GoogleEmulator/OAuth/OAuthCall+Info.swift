import LosslessJSON

extension OAuthCall {
    /// Ends a grant; one of its tokens is enough.
    func revoke() throws(OAuthFailure) -> Reply {
        try check(methods: ["POST", "GET"], single: ["token"])
        guard let token = form.nonEmpty("token") ?? query.nonEmpty("token") else {
            throw .missing("token")
        }
        let known =
            world.oauth.liveRefreshToken(token, under: world.switches, at: world.now)?.grantID
            ?? world.oauth.liveAccessToken(token, at: world.now)?.grantID
        guard let known else {
            throw OAuthFailure(400, "invalid_token", "Token expired or revoked")
        }
        let lag = Int64(world.switches.revocationLagSeconds)
        if lag > 0 {
            world.oauth.revoke(grantID: known, at: world.now + lag * 1000)
        } else {
            world.oauth.revoke(grantID: known)
        }
        return .oauth([:])
    }

    /// What a token is good for.
    func tokenInfo() throws(OAuthFailure) -> Reply {
        let names: Set<String> = ["access_token", "id_token"]
        try check(methods: ["GET", "POST"], single: names)
        if let text = query.nonEmpty("id_token") ?? form.nonEmpty("id_token") {
            guard let token = try claims(ofIdentityToken: text) else { throw .badToken }
            return .oauth(Self.strings(token))
        }
        let text =
            query.nonEmpty("access_token") ?? form.nonEmpty("access_token")
            ?? world.bearerToken(of: request, query: query)
        guard let text else {
            throw OAuthFailure(
                400, "invalid_request", "either access_token, id_token, or token_handle required")
        }
        guard let facts = facts(text) else { throw .badToken }
        let isOld = ["/oauth2/v1/tokeninfo", "/oauth2/v2/tokeninfo"].contains(request.path)
        return .oauth(isOld ? facts.old : facts.document)
    }

    /// The claims of an identity token with every value as a string.
    private static func strings(_ token: ReceivedToken) -> JSONObject {
        var document: JSONObject = [:]
        for member in token.claims.object ?? [:] {
            document[member.key] =
                member.value.string == nil
                ? .string(member.value.text) : member.value
        }
        for name in ["alg", "kid", "typ"] { document[name] = token.header[name] }
        return document
    }

    private func facts(_ text: String) -> TokenFacts? {
        if let user = world.oauth.fixedTokens[text], let account = world.account(user) {
            return TokenFacts(
                account: account, clientID: LocalGoogleConfiguration.Client.tandemLocal.id,
                scopes: ScopeRules.ofFixedTokens, isOffline: true, ends: world.now / 1000 + 3599,
                now: world.now / 1000)
        }
        guard let token = world.oauth.liveAccessToken(text, at: world.now),
            let account = world.account(token.user)
        else { return nil }
        return TokenFacts(
            account: account, clientID: token.clientID, scopes: token.scopes,
            isOffline: token.isOffline, ends: token.expires / 1000, now: world.now / 1000)
    }
}

/// What is told of an access token.
private struct TokenFacts {
    let account: Account
    let clientID: String
    let scopes: [String]
    let isOffline: Bool
    /// In seconds since 1970.
    let ends: Int64
    let now: Int64

    /// In the words of the newer endpoints: every value is a string.
    var document: JSONObject {
        var document: JSONObject = [
            "azp": .string(clientID), "aud": .string(clientID),
            "sub": .string(account.subject), "scope": .string(scopes.joined(separator: " ")),
            "exp": .string(String(ends)), "expires_in": .string(String(ends - now)),
        ]
        if scopes.contains(ScopeRules.email) {
            document["email"] = .string(account.email)
            document["email_verified"] = "true"
        }
        document["access_type"] = isOffline ? "offline" : "online"
        return document
    }

    /// In the words of versions 1 and 2.
    ///
    /// - SeeAlso: Google's discovery document of the OAuth2 API v2, schema `Tokeninfo`.
    var old: JSONObject {
        var document: JSONObject = [
            "issued_to": .string(clientID), "audience": .string(clientID),
            "user_id": .string(account.subject), "scope": .string(scopes.joined(separator: " ")),
            "expires_in": .number(JSONNumber(ends - now)),
        ]
        if scopes.contains(ScopeRules.email) {
            document["email"] = .string(account.email)
            document["verified_email"] = true
        }
        document["access_type"] = isOffline ? "offline" : "online"
        return document
    }
}
