extension OAuthCall {
    /// Makes a new access token out of a refresh token.
    ///
    /// - SeeAlso: RFC 6749 section 6.
    func refresh(_ caller: Caller) throws(OAuthFailure) -> Reply {
        guard let text = form.nonEmpty("refresh_token") else { throw .missing("refresh_token") }
        guard caller.mayGoOn else { throw .noSecret }
        guard let found = world.oauth.refreshTokens[text] else { throw .deadGrant }
        // RFC 6749 section 5.2: a token of another client is an invalid grant, too.
        guard found.clientID == caller.client.id else { throw .badGrant }
        let switches = world.switches
        guard var token = world.oauth.liveRefreshToken(text, under: switches, at: world.now)
        else { throw .deadGrant }
        guard !switches.requiresReauthentication else { throw .needsReauthentication }
        guard switches.blockedScopes.isDisjoint(with: token.scopes) else { throw .blockedByPolicy }
        let scopes = try wantedScopes(of: token)
        token.lastUsed = world.now
        var issue = Issue(
            user: token.user, clientID: token.clientID, scopes: scopes, grantID: token.grantID,
            isOffline: true, refresh: false, nonce: nil)
        issue.origin = token.origin
        issue.dies = token.dies
        if switches.rotatesRefreshTokens {
            world.oauth.refreshTokens[text] = nil
            issue.readyRefreshToken = world.add(token)
        } else {
            world.oauth.refreshTokens[text] = token
        }
        return try self.issue(issue)
    }

    /// The scopes that the refreshed token is to have: those of the grant, or fewer.
    private func wantedScopes(of token: RefreshToken) throws(OAuthFailure) -> [String] {
        guard let wanted = form.nonEmpty("scope") else { return token.scopes }
        guard let asked = ScopeRules.requested(wanted), asked.allSatisfy(token.scopes.contains)
        else { throw OAuthFailure(400, "invalid_scope", "Bad Request") }
        return asked
    }
}

extension World {
    /// Notes what a user allows a client; how long that lasts is up to the project.
    @discardableResult
    func note(consent scopes: [String], user: String, client: String) -> Grant {
        let former = oauth.grant(user: user, client: client, at: now)?.scopes ?? []
        let ends = grantLifetime(former + scopes).map { now + $0 }
        return oauth.consent(scopes, user: user, client: client, ends: ends, at: now)
    }

    /// How long a consent to these scopes lasts, in milliseconds; `nil` for ever.
    ///
    /// - SeeAlso: Google Identity, "Using OAuth 2.0 to Access Google APIs", section "Refresh token
    ///   expiration".
    func grantLifetime(_ scopes: [String]) -> Int64? {
        // As with access tokens, a second less than one would say.
        let week: Int64 = 7 * 86_400_000 - 1000
        let isLimited = switches.testingGrants && !ScopeRules.signIn.isSuperset(of: scopes)
        guard let chosen = switches.grantSeconds.map({ Int64($0) * 1000 - 1000 }) else {
            return isLimited ? week : nil
        }
        return isLimited ? min(week, chosen) : chosen
    }

    func mintAccessToken(_ issue: OAuthCall.Issue) -> String {
        let token = "ya29.a0" + random.word(120, from: Alphabet.base64URL)
        let now = self.now
        oauth.accessTokens.removeOldest { $0.expires <= now }
        oauth.accessTokens[token] = AccessToken(
            user: issue.user, clientID: issue.clientID, scopes: issue.scopes,
            grantID: issue.grantID, isOffline: issue.isOffline, origin: issue.origin,
            expires: now + 3_599_000)
        return token
    }

    func mintRefreshToken(_ issue: OAuthCall.Issue) -> String {
        add(
            RefreshToken(
                user: issue.user, clientID: issue.clientID, scopes: issue.scopes,
                grantID: issue.grantID, origin: issue.origin,
                dies: grantLifetime(issue.scopes).map { now + $0 }, lastUsed: now))
    }

    /// Gives a refresh token its text.
    func add(_ token: RefreshToken) -> String {
        let text = "1//03" + random.word(90, from: Alphabet.base64URL)
        oauth.add(token, as: text, under: switches, at: now)
        return text
    }
}
