import Crypto
import LosslessJSON

extension OAuthCall {
    /// The token endpoint.
    ///
    /// - SeeAlso: RFC 6749 sections 4.1.3 and 6.
    func token() throws(OAuthFailure) -> Reply {
        guard request.method == "POST" else {
            throw OAuthFailure(405, "invalid_request", "Only POST is served here.")
        }
        guard let kind = form.nonEmpty("grant_type") else { throw .missing("grant_type") }
        switch kind {
        case "authorization_code": return try exchangeCode(try client())
        case "refresh_token": return try refresh(try client())
        case "urn:ietf:params:oauth:grant-type:device_code",
            "http://oauth.net/grant_type/device/1.0":
            return try pollDevice(try client())
        default:
            throw OAuthFailure(400, "unsupported_grant_type", "Invalid grant_type: \(kind)")
        }
    }

    /// Who asks, and whether the secret came along and is right.
    struct Caller {
        let client: LocalGoogleConfiguration.Client
        let hasSecret: Bool
    }

    /// The client, from the Basic header or from the body.
    ///
    /// - Throws: 401 `invalid_client`, 400 `invalid_request` without any id.
    func client() throws(OAuthFailure) -> Caller {
        var id = form.nonEmpty("client_id")
        var secret = form.nonEmpty("client_secret")
        if let header = request.header("Authorization"), let basic = Self.basic(header) {
            id = basic.id
            secret = basic.secret.isEmpty ? secret : basic.secret
        }
        guard let id else {
            throw OAuthFailure(
                400, "invalid_request", "Could not determine client ID from request.")
        }
        guard let client = world.oauth.client(id) else { throw .unknownClient }
        guard let secret else { return Caller(client: client, hasSecret: false) }
        guard client.secret == secret else { throw .badSecret }
        return Caller(client: client, hasSecret: true)
    }

    /// The parts of a Basic header; they are form-encoded inside.
    ///
    /// - SeeAlso: RFC 6749 section 2.3.1.
    private static func basic(_ header: String) -> (id: String, secret: String)? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic" else { return nil }
        let urlForm = parts[1].map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }.filter { $0 != "=" }
        guard let bytes = EventLinks.bytes(base64URL: String(urlForm)) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let pair = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2, let id = PercentCoding.decode(pair[0], plusIsBlank: true),
            let secret = PercentCoding.decode(pair[1], plusIsBlank: true), !id.isEmpty
        else { return nil }
        return (id, secret)
    }

    private func exchangeCode(_ caller: Caller) throws(OAuthFailure) -> Reply {
        guard let text = form.nonEmpty("code") else { throw .missing("code") }
        guard let code = world.oauth.codes[text] else {
            throw OAuthFailure(400, "invalid_grant", "Malformed auth code.")
        }
        guard code.clientID == caller.client.id, code.expires > world.now else { throw .badGrant }
        if code.isUsed {
            // Somebody else may have the code: what came from it is not to be trusted either.
            if world.switches.reusedCodeRevokes { world.oauth.revoke(grantID: code.grantID) }
            throw .badGrant
        }
        guard let redirect = form.nonEmpty("redirect_uri") else { throw .missing("redirect_uri") }
        guard redirect == code.redirectURI else {
            throw OAuthFailure(400, "redirect_uri_mismatch", "Bad Request")
        }
        try checkVerifier(code)
        guard caller.hasSecret || (caller.client.kind == .installed && code.challenge != nil) else {
            throw OAuthFailure(400, "invalid_request", "client_secret is missing.")
        }
        world.oauth.codes[text]?.isUsed = true
        return try issue(
            Issue(
                user: code.user, clientID: code.clientID, scopes: code.scopes,
                grantID: code.grantID, isOffline: code.isOffline,
                refresh: code.givesRefreshToken, nonce: code.nonce))
    }

    /// - SeeAlso: RFC 7636 section 4.6.
    private func checkVerifier(_ code: AuthorizationCode) throws(OAuthFailure) {
        guard let challenge = code.challenge else { return }
        guard let verifier = form.nonEmpty("code_verifier") else {
            throw OAuthFailure(400, "invalid_grant", "Missing code verifier.")
        }
        let proof =
            code.isHashed
            ? EventLinks.base64URL(Array(SHA256.hash(data: Array(verifier.utf8)))) : verifier
        guard proof == challenge else {
            throw OAuthFailure(400, "invalid_grant", "Invalid code verifier.")
        }
    }

    /// A refresh token that nobody uses dies after half a year.
    private static let refreshReach: Int64 = 183 * 86_400_000

    private func refresh(_ caller: Caller) throws(OAuthFailure) -> Reply {
        guard let text = form.nonEmpty("refresh_token") else { throw .missing("refresh_token") }
        guard caller.hasSecret || caller.client.kind == .installed else {
            throw OAuthFailure(400, "invalid_request", "client_secret is missing.")
        }
        guard let token = world.oauth.refreshTokens[text],
            world.now - token.lastUsed <= Self.refreshReach,
            token.expires.map({ world.now < $0 }) ?? true
        else { throw .deadGrant }
        guard token.clientID == caller.client.id else {
            throw OAuthFailure(401, "unauthorized_client", "Unauthorized")
        }
        var scopes = token.scopes
        if let wanted = form.nonEmpty("scope") {
            guard let asked = ScopeRules.requested(wanted), asked.allSatisfy(scopes.contains) else {
                throw OAuthFailure(400, "invalid_scope", "Bad Request")
            }
            scopes = asked
        }
        world.oauth.refreshTokens[text]?.lastUsed = world.now
        let next = world.switches.rotatesRefreshTokens ? world.rotate(text) : nil
        return try issue(
            Issue(
                user: token.user, clientID: token.clientID, scopes: scopes,
                grantID: token.grantID, isOffline: true, refresh: false, nonce: nil),
            refreshToken: next, refreshExpires: token.expires)
    }

    /// What the tokens are to say.
    struct Issue {
        let user: String
        let clientID: String
        let scopes: [String]
        let grantID: Int64
        let isOffline: Bool
        /// Whether a refresh token goes with it.
        let refresh: Bool
        let nonce: String?
    }

    /// Hands out tokens, with a refresh token that is there already or a new one.
    ///
    /// Where none goes with them, `refreshExpires` says when the grant behind them ends, in
    /// milliseconds since 1970.
    func issue(
        _ issue: Issue, refreshToken: String? = nil, refreshExpires: Int64? = nil
    ) throws(OAuthFailure) -> Reply {
        let access = world.mintAccessToken(issue)
        var document: JSONObject = [
            "access_token": .string(access), "expires_in": 3599,
        ]
        let refresh = issue.refresh ? world.mintRefreshToken(issue) : refreshToken
        document["refresh_token"] = refresh.map { .string($0) }
        let end = refresh.flatMap { world.oauth.refreshTokens[$0]?.expires } ?? refreshExpires
        document["refresh_token_expires_in"] = end.map { .int(($0 - world.now) / 1000) }
        document["scope"] = .string(issue.scopes.joined(separator: " "))
        document["token_type"] = "Bearer"
        if issue.scopes.contains("openid") {
            document["id_token"] = .string(try identityToken(issue, accessToken: access))
        }
        return .oauth(document)
    }

    private func identityToken(
        _ issue: Issue, accessToken: String
    ) throws(OAuthFailure) -> String {
        guard let account = world.account(issue.user) else { throw .deadGrant }
        let half = SHA256.hash(data: Array(accessToken.utf8)).prefix(16)
        var claims: JSONObject = [
            "iss": "https://accounts.google.com", "azp": .string(issue.clientID),
            "aud": .string(issue.clientID), "sub": .string(account.subject),
        ]
        if issue.scopes.contains(ScopeRules.email) {
            claims["email"] = .string(account.email)
            claims["email_verified"] = true
        }
        claims["at_hash"] = .string(EventLinks.base64URL(Array(half)))
        claims["nonce"] = issue.nonce.map { .string($0) }
        if issue.scopes.contains(ScopeRules.profile) {
            claims["name"] = .string(account.name)
            claims["given_name"] = .string(account.givenName)
            claims["family_name"] = .string(account.familyName)
        }
        claims["iat"] = .number(JSONNumber(world.now / 1000))
        claims["exp"] = .number(JSONNumber(world.now / 1000 + 3600))
        do { return try world.signer.token(claims) } catch {
            throw OAuthFailure(500, "internal_failure", "The identity token cannot be signed.")
        }
    }
}

extension World {
    /// How many refresh tokens one user and client may have; the oldest is dropped silently.
    private static let refreshTokensPerGrant = 100

    func mintAccessToken(_ issue: OAuthCall.Issue) -> String {
        let token = "ya29.a0" + random.word(120, from: Alphabet.base64URL)
        oauth.add(
            AccessToken(
                user: issue.user, clientID: issue.clientID, scopes: issue.scopes,
                grantID: issue.grantID, isOffline: issue.isOffline, expires: now + 3_599_000),
            as: token, now: now)
        return token
    }

    func mintRefreshToken(_ issue: OAuthCall.Issue) -> String {
        let token = "1//03" + random.word(90, from: Alphabet.base64URL)
        let serial = oauth.nextSerial()
        oauth.refreshTokens[token] = RefreshToken(
            user: issue.user, clientID: issue.clientID, scopes: issue.scopes,
            grantID: issue.grantID, serial: serial, lastUsed: now,
            expires: isLimitedToTesting(issue.scopes) ? now + Self.testingLifetime : nil)
        let live = oauth.refreshTokens.filter { $0.value.grantID == issue.grantID }
        if live.count > Self.refreshTokensPerGrant,
            let oldest = live.min(by: { $0.value.serial < $1.value.serial })
        {
            oauth.refreshTokens[oldest.key] = nil
        }
        return token
    }

    /// How long a grant of a project in testing lives, told as a second less than 7 days.
    private static let testingLifetime: Int64 = 604_799_000

    /// Whether a grant ends after 7 days: in testing, unless it only says who the user is.
    ///
    /// - SeeAlso: Google Identity, "Refresh token expiration".
    private func isLimitedToTesting(_ scopes: [String]) -> Bool {
        let harmless = ["openid", ScopeRules.email, ScopeRules.profile]
        return switches.testingGrants && !scopes.allSatisfy(harmless.contains)
    }

    /// Puts a new refresh token in the place of one that was used.
    func rotate(_ old: String) -> String? {
        guard let token = oauth.refreshTokens.removeValue(forKey: old) else { return nil }
        let new = "1//03" + random.word(90, from: Alphabet.base64URL)
        oauth.refreshTokens[new] = RefreshToken(
            user: token.user, clientID: token.clientID, scopes: token.scopes,
            grantID: token.grantID, serial: oauth.nextSerial(), lastUsed: now,
            expires: token.expires)
        return new
    }
}
