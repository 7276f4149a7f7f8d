import LosslessJSON

extension OAuthCall {
    /// The authorization endpoint: a form, or with automatic consent the redirect at once.
    func authorize() -> Reply {
        page { () throws(AuthorizationError) in try authorizing() }
    }

    private func authorizing() throws(AuthorizationError) -> Reply {
        try refuseEmbeddedBrowser()
        let parameters = request.method == "POST" ? form : query
        let asked = try AuthorizationRequest(parameters, world: world)
        if request.method == "POST", form["decision"] != nil { return try decide(asked) }
        let candidates = candidates(for: asked)
        let likely = likely(asked, candidates)
        if asked.prompt.isSilent { return try silent(asked, candidates, likely) }
        guard world.configuration.autoConsent else {
            return ConsentPage.form(asked, users: candidates, chosen: likely ?? candidates.first)
        }
        guard let user = likely else {
            let name = asked.loginHint ?? asked.domain ?? ""
            throw AuthorizationError(
                "invalid_request",
                "No user \(name.prefix(200)) on this local Google; name another one in login_hint.")
        }
        let scopes = asked.scopes.filter { !world.switches.withheldScopes.contains($0) }
        guard !scopes.isEmpty else { return asked.refusal("access_denied") }
        return try allow(asked, user: user, scopes: scopes)
    }

    /// Browsers inside of programs may not see passwords.
    ///
    /// - SeeAlso: Google Identity, "OAuth 2.0 for iOS & Desktop Apps", error
    ///   `disallowed_useragent`.
    private func refuseEmbeddedBrowser() throws(AuthorizationError) {
        guard request.header("User-Agent")?.contains("; wv)") == true else { return }
        throw AuthorizationError(
            "disallowed_useragent",
            "Google can't sign you in safely inside this app. Use a browser of its own.")
    }

    /// Who may sign in, in the order of their making: people, of the wanted domain if there is one.
    private func candidates(for asked: AuthorizationRequest) -> [Account] {
        let people = world.people
        guard let domain = asked.domain, domain != "*" else { return people }
        return people.filter { $0.domain == domain }
    }

    /// Whom the hint means; without a hint the first one.
    private func likely(_ asked: AuthorizationRequest, _ candidates: [Account]) -> Account? {
        guard let hint = asked.loginHint else { return candidates.first }
        return candidates.first { $0.isMeant(by: hint) }
    }

    /// The answer where nobody may be asked.
    ///
    /// - SeeAlso: OpenID Connect Core 1.0 section 3.1.2.6.
    private func silent(
        _ asked: AuthorizationRequest, _ candidates: [Account], _ likely: Account?
    ) throws(AuthorizationError) -> Reply {
        guard let user = likely else { return asked.refusal("login_required") }
        if covers(asked, user) { return try allow(asked, user: user, scopes: asked.scopes) }
        let isAmbiguous = asked.loginHint == nil && candidates.contains { covers(asked, $0) }
        return asked.refusal(isAmbiguous ? "interaction_required" : "consent_required")
    }

    /// Whether the user has allowed the client all of it before.
    private func covers(_ asked: AuthorizationRequest, _ user: Account) -> Bool {
        guard
            let grant = world.oauth.grant(
                user: user.email, client: asked.client.id, at: world.now)
        else { return false }
        return asked.scopes.allSatisfy(grant.scopes.contains)
    }

    /// The answer to the form.
    private func decide(_ asked: AuthorizationRequest) throws(AuthorizationError) -> Reply {
        try refuseForeignForm()
        guard !asked.prompt.isSilent else { return asked.refusal("interaction_required") }
        guard try isAllowed() else { return asked.refusal("access_denied") }
        let user = try chosenUser()
        let scopes = chosenScopes(of: asked.scopes)
        guard !scopes.isEmpty else { return asked.refusal("access_denied") }
        return try allow(asked, user: user, scopes: scopes)
    }

    /// Notes the consent and sends the browser back with a code.
    private func allow(
        _ asked: AuthorizationRequest, user: Account, scopes: [String]
    ) throws(AuthorizationError) -> Reply {
        if let domain = world.switches.internalDomains[asked.client.id],
            user.domain != domain
        {
            throw AuthorizationError(
                "org_internal", "This client is restricted to users within its organization.")
        }
        // A refresh token goes with a consent; programs on people's machines ask for it each time.
        let asksAnew =
            !asked.prompt.isSilent
            && (asked.prompt.asksForConsent || asked.client.kind == .installed
                || !covers(asked, user))
        let former = world.oauth.grant(user: user.email, client: asked.client.id, at: world.now)
        var granted = scopes
        if asked.includesGranted, let former {
            granted += former.scopes.filter { !granted.contains($0) }
        }
        let standing = asksAnew ? nil : former
        let grantID =
            standing?.id
            ?? world.note(consent: granted, user: user.email, client: asked.client.id).id
        let code = "4/0A" + world.random.word(60, from: Alphabet.base64URL)
        let serial = world.oauth.nextSerial()
        world.oauth.codes[code] = AuthorizationCode(
            serial: serial, user: user.email, clientID: asked.client.id,
            redirectURI: asked.redirectURI, scopes: granted, challenge: asked.challenge,
            isHashed: asked.isHashed, isOffline: asked.isOffline,
            givesRefreshToken: asked.isOffline && asksAnew, nonce: asked.nonce,
            grantID: grantID, expires: world.now + 600_000)
        return asked.redirect([
            ("code", code), ("scope", granted.joined(separator: " ")), ("authuser", "0"),
            ("prompt", asksAnew ? "consent" : "none"),
        ])
    }
}

/// What forms of consent have in common.
extension OAuthCall {
    /// Refuses a form that another site's page sent.
    ///
    /// Browsers name the origin of every form; it must be the server that they send it to, under a
    /// name that is ours. Programs that are no browsers name none.
    func refuseForeignForm() throws(AuthorizationError) {
        guard let origin = request.header("Origin") else { return }
        let names = ["http", "https"].compactMap { scheme in
            request.header("Host").map { "\(scheme)://\($0)" }
        }
        let host = request.header("Host") ?? ""
        let isOurs = HostNames.isLoopback(host) || HostNames.isGoogles(host)
        guard isOurs, names.contains(origin), request.header("Sec-Fetch-Site") != "cross-site"
        else {
            throw AuthorizationError(
                "invalid_request", "This form was sent by the page of another site.", status: 403)
        }
    }

    /// Which button was pressed.
    func isAllowed() throws(AuthorizationError) -> Bool {
        switch form["decision"] {
        case "allow": return true
        case "deny": return false
        default: throw AuthorizationError("invalid_request", "Invalid decision: allow or deny.")
        }
    }

    /// The user who was chosen, or the first one.
    func chosenUser() throws(AuthorizationError) -> Account {
        let named = form.nonEmpty("user")
        let account = named.map { world.account($0) } ?? world.defaultAccount
        guard let account, world.oauth.serviceAccounts[account.email] == nil else {
            throw AuthorizationError("invalid_request", "No such user on this local Google.")
        }
        return account
    }

    /// The scopes that were left ticked; who the user is cannot be unticked.
    func chosenScopes(of asked: [String]) -> [String] {
        let ticked = Set(form.all("granted"))
        return asked.filter { ticked.contains($0) || $0 == "openid" }
    }
}

extension World {
    /// The accounts of people, in the order of their making.
    var people: [Account] {
        oauth.serviceAccounts.isEmpty
            ? allAccounts : allAccounts.filter { oauth.serviceAccounts[$0.email] == nil }
    }
}

extension Account {
    /// Whether a `login_hint` means this account.
    func isMeant(by hint: String) -> Bool { email == hint.lowercased() || subject == hint }
}
