import LosslessJSON

extension OAuthCall {
    /// The authorization endpoint: a form, or with automatic consent the redirect at once.
    func authorize() -> Reply {
        let parameters = request.method == "POST" ? form : query
        let asked: AuthorizationRequest
        do { asked = try AuthorizationRequest(parameters, world: world) } catch {
            return error.reply
        }
        if request.method == "POST" { return decide(asked, form) }
        let hint = parameters.nonEmpty("login_hint")
        let account = hint.map { hint in
            world.allAccounts.first { $0.email == hint.lowercased() || $0.subject == hint }
        }
        let prompts = (parameters["prompt"] ?? "").split(separator: " ")
        if prompts.contains("none") {
            guard let user = account ?? world.defaultAccount, hint == nil || account != nil else {
                return asked.refusal("login_required")
            }
            let granted = world.oauth.grant(user: user.email, client: asked.client.id)?.scopes ?? []
            guard asked.scopes.allSatisfy(granted.contains) else {
                return asked.refusal("consent_required")
            }
            return allow(asked, user: user, scopes: asked.scopes, isConsent: false)
        }
        guard world.configuration.autoConsent else {
            let chosen = account.flatMap { $0 } ?? world.defaultAccount
            return ConsentPage.form(asked, users: world.allAccounts, chosen: chosen)
        }
        guard let user = hint == nil ? world.defaultAccount : account.flatMap({ $0 }) else {
            return AuthorizationError(
                "invalid_request",
                "No user \(hint ?? "") on this local Google; name another one in login_hint."
            ).reply
        }
        let isFirst = world.oauth.grant(user: user.email, client: asked.client.id) == nil
        return allow(
            asked, user: user, scopes: asked.scopes,
            isConsent: isFirst || prompts.contains("consent") || asked.client.kind == .installed)
    }

    /// The answer to the form.
    private func decide(_ asked: AuthorizationRequest, _ form: Parameters) -> Reply {
        guard form["decision"] == "allow" else { return asked.refusal("access_denied") }
        guard let user = form.nonEmpty("user").map({ world.account($0) }) ?? world.defaultAccount
        else {
            return AuthorizationError("invalid_request", "No such user on this local Google.").reply
        }
        let chosen = form.all("granted")
        let scopes = asked.scopes.filter { chosen.contains($0) || $0 == "openid" }
        guard !scopes.isEmpty else { return asked.refusal("access_denied") }
        return allow(asked, user: user, scopes: scopes, isConsent: true)
    }

    /// Notes the consent and sends the browser back with a code.
    private func allow(
        _ asked: AuthorizationRequest, user: Account, scopes: [String], isConsent: Bool
    ) -> Reply {
        var granted = scopes
        let former = world.oauth.grant(user: user.email, client: asked.client.id)
        if asked.includesGranted, let former {
            granted += former.scopes.filter { !granted.contains($0) }
        }
        let grant = world.note(consent: granted, user: user.email, client: asked.client.id)
        let code = "4/0A" + world.random.word(60, from: Alphabet.base64URL)
        let hasRoom = world.oauth.add(
            AuthorizationCode(
                user: user.email, clientID: asked.client.id, redirectURI: asked.redirectURI,
                scopes: granted, challenge: asked.challenge, isHashed: asked.isHashed,
                isOffline: asked.isOffline, givesRefreshToken: asked.isOffline && isConsent,
                nonce: asked.nonce, grantID: grant.id, expires: world.now + 600_000),
            as: code, now: world.now)
        guard hasRoom else {
            return AuthorizationError(
                "rate_limit_exceeded",
                "\(OAuthState.maxCodes) codes wait to be exchanged; the oldest expire in 10 minutes.",
                status: 429
            ).reply
        }
        return asked.redirect([
            ("code", code), ("scope", granted.joined(separator: " ")), ("authuser", "0"),
            ("prompt", isConsent ? "consent" : "none"),
        ])
    }
}

extension World {
    /// Adds scopes to what a user allows a client.
    func note(consent scopes: [String], user: String, client: String) -> Grant {
        if let index = oauth.grants.firstIndex(where: { $0.user == user && $0.clientID == client })
        {
            for scope in scopes where !oauth.grants[index].scopes.contains(scope) {
                oauth.grants[index].scopes.append(scope)
            }
            return oauth.grants[index]
        }
        let grant = Grant(
            id: oauth.nextSerial(), user: user, clientID: client, scopes: scopes)
        oauth.grants.append(grant)
        return grant
    }
}
