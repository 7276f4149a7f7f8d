extension OAuthCall {
    /// The page on which the person enters the code; with automatic consent a visit suffices.
    func device() -> Reply {
        page { () throws(AuthorizationError) in try devicePage() }
    }

    private func devicePage() throws(AuthorizationError) -> Reply {
        let parameters = request.method == "POST" ? form : query
        guard let typed = parameters.nonEmpty("user_code") else { return Self.entry }
        guard let code = Self.userCode(typed).flatMap({ world.oauth.userCodes[$0] }),
            let asked = world.oauth.devices[code], asked.expires > world.now,
            case .pending = asked.state
        else { throw AuthorizationError("invalid_code", "That code is wrong or no longer valid.") }
        if request.method == "POST", form["decision"] != nil {
            return try decide(code, asked)
        }
        if world.configuration.autoConsent, let account = world.defaultAccount {
            let withheld = world.switches.withheldScopes
            return answer(
                code, account, asked.scopes.filter { !withheld.contains($0) })
        }
        return ConsentPage.page(
            client: asked.clientID,
            note: "Allow only if the device shows the code \(asked.userCode).",
            action: "/device", fields: HTML.hidden("user_code", asked.userCode),
            users: world.people, chosen: world.defaultAccount, scopes: asked.scopes)
    }

    private static let entry = Page.reply(
        title: "Connect a device",
        body: """
            <form>
            <label>The code that the device shows
            <input name="user_code" autocomplete="off" autofocus></label>
            <p class="buttons"><button class="main">Next</button></p>
            </form>
            """)

    /// A code as people type it, with or without hyphen and capitals.
    private static func userCode(_ typed: String) -> String? {
        guard typed.utf8.count <= 64 else { return nil }
        let letters = typed.uppercased().filter { !" -\t".contains($0) }
        guard letters.utf8.count == 8, letters.utf8.allSatisfy(Alphabet.userCode.contains) else {
            return nil
        }
        return "\(letters.prefix(4))-\(letters.suffix(4))"
    }

    private func decide(_ code: String, _ asked: DeviceRequest) throws(AuthorizationError) -> Reply
    {
        try refuseForeignForm()
        guard try isAllowed() else { return answer(code, nil, []) }
        return answer(code, try chosenUser(), chosenScopes(of: asked.scopes))
    }

    /// Notes what the person decided; without any scope that is a refusal.
    private func answer(_ code: String, _ user: Account?, _ scopes: [String]) -> Reply {
        guard let user, !scopes.isEmpty else {
            world.oauth.devices[code]?.state = .denied
            return Page.message("Access denied", "The device was not connected.")
        }
        world.oauth.devices[code]?.state = .allowed(user.email, scopes)
        return Page.message("Success! Device connected", "Go on at the device.")
    }
}
