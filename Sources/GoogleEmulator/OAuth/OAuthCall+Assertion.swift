import LosslessJSON

/// Signing in as a program, by a statement that it signs itself.
///
/// - SeeAlso: RFC 7523; Google Identity, "Using OAuth 2.0 for Server to Server Applications".
extension OAuthCall {
    func exchangeAssertion() throws(OAuthFailure) -> Reply {
        guard let text = form.nonEmpty("assertion") else { throw .missing("assertion") }
        guard let token = ReceivedToken(text) else {
            throw .badAssertion("Invalid JWT: it must consist of three parts in Base64 for URLs.")
        }
        let account = try signer(of: token)
        try checkAudience(token)
        try checkTimes(token)
        if let audience = token.claims["target_audience"]?.string, !audience.isEmpty {
            return try identity(of: account, for: audience)
        }
        let scopes = ScopeRules.requested(token.claims["scope"]?.string ?? "")
        guard let scopes else {
            throw OAuthFailure(
                400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        }
        let user = try user(of: token, account)
        let grant = world.oauth.consent(
            scopes, user: user.email, client: account.clientID, ends: nil, at: world.now)
        let access = world.mintAccessToken(
            Issue(
                user: user.email, clientID: account.clientID, scopes: scopes, grantID: grant.id,
                isOffline: false, refresh: false, nonce: nil))
        return .oauth([
            "access_token": .string(access), "expires_in": 3599, "token_type": "Bearer",
        ])
    }

    /// The service account whose key signed the statement.
    private func signer(of token: ReceivedToken) throws(OAuthFailure) -> ServiceAccount {
        guard let issuer = token.claims["iss"]?.string,
            let account = world.oauth.serviceAccounts[issuer.lowercased()]
        else { throw .badAssertion("Invalid grant: account not found") }
        guard account.signed(token) else { throw .badAssertion("Invalid JWT Signature.") }
        return account
    }

    /// The addresses of the token endpoint that a statement may be meant for: Google's, and those
    /// of this machine.
    private func checkAudience(_ token: ReceivedToken) throws(OAuthFailure) {
        let audience = token.claims["aud"]?.string ?? ""
        let hosts = [
            "https://oauth2.googleapis.com", "https://accounts.google.com",
            "https://www.googleapis.com",
        ]
        let isGoogle = hosts.contains { host in
            audience.hasPrefix(host)
                && Self.tokenPaths.contains(String(audience.dropFirst(host.count)))
        }
        guard !isGoogle else { return }
        let rest = audience.dropFirst("http://".count)
        let host = rest.prefix { $0 != "/" }
        guard audience.hasPrefix("http://"), HostNames.isLoopback(String(host)),
            Self.tokenPaths.contains(String(rest.dropFirst(host.count)))
        else {
            throw .badAssertion(
                "Invalid JWT: Failed audience check. The right audience is "
                    + "https://oauth2.googleapis.com/token")
        }
    }

    /// A statement lives for an hour at most; clocks may differ by five minutes.
    private func checkTimes(_ token: ReceivedToken) throws(OAuthFailure) {
        let now = world.now / 1000
        let far: Int64 = 1 << 40
        guard let issued = token.claims["iat"]?.int, let ends = token.claims["exp"]?.int,
            (0...far).contains(issued), (0...far).contains(ends), ends > issued,
            ends - issued <= 3600, issued <= now + 300, ends > now - 300
        else {
            throw .badAssertion(
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                    + "timeframe. Check your iat and exp values in the JWT claim.")
        }
    }

    /// For whom the service account acts: itself, or a user whom it names.
    private func user(
        of token: ReceivedToken, _ account: ServiceAccount
    ) throws(OAuthFailure) -> Account {
        guard let subject = token.claims["sub"]?.string,
            subject.lowercased() != account.email
        else {
            guard let own = world.account(account.email) else { throw .badGrant }
            return own
        }
        guard world.switches.delegatesToServiceAccounts else {
            throw OAuthFailure(
                400, "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client "
                    + "not authorized for any of the scopes requested.")
        }
        guard let user = world.account(subject), world.oauth.serviceAccounts[user.email] == nil
        else { throw OAuthFailure(400, "invalid_grant", "Invalid email or User ID") }
        return user
    }

    /// An identity token instead of an access token.
    private func identity(
        of account: ServiceAccount, for audience: String
    ) throws(OAuthFailure) -> Reply {
        let token = try signed([
            "iss": "https://accounts.google.com", "azp": .string(account.email),
            "aud": .string(audience), "sub": .string(account.clientID),
            "email": .string(account.email), "email_verified": true,
        ])
        return .oauth(["id_token": .string(token)])
    }
}

extension OAuthFailure {
    fileprivate static func badAssertion(_ description: String) -> Self {
        Self(400, "invalid_grant", description)
    }
}
