import LosslessJSON

/// Signing in on a device that has no browser.
///
/// - SeeAlso: RFC 8628; Google Identity, "OAuth 2.0 for TV and Limited-Input Device Applications".
extension OAuthCall {
    func deviceCode() throws(OAuthFailure) -> Reply {
        guard let id = form.nonEmpty("client_id") else { throw .missing("client_id") }
        guard let client = world.oauth.client(id) else { throw .unknownClient }
        guard let text = form.nonEmpty("scope") else { throw .missing("scope") }
        guard let scopes = ScopeRules.requested(text),
            world.switches.deviceFlowGrantsEveryScope
                || scopes.allSatisfy(ScopeRules.isAllowedForDevices)
        else {
            throw OAuthFailure(400, "invalid_scope", "Invalid device flow scope: \(text)")
        }
        let code = "AH-1Ng" + world.random.word(70, from: Alphabet.base64URL)
        let userCode =
            world.random.word(4, from: Alphabet.userCode) + "-"
            + world.random.word(4, from: Alphabet.userCode)
        let device = DeviceRequest(
            clientID: client.id, userCode: userCode, scopes: scopes,
            expires: world.now + 1_800_000)
        guard world.oauth.add(device, as: code, now: world.now) else {
            // Google's own member is `error_code`; programs that look for `error` find it too.
            return .oauth(
                [
                    "error_code": "rate_limit_exceeded", "error": "rate_limit_exceeded",
                    "error_description": .string(
                        "\(OAuthState.maxDevices) devices wait already; they expire in half an hour."
                    ),
                ], status: 403)
        }
        let page = "\(world.baseURL(request) ?? "https://www.google.com")/device"
        return .oauth([
            "device_code": .string(code), "user_code": .string(userCode), "expires_in": 1800,
            "interval": 5, "verification_url": .string(page), "verification_uri": .string(page),
        ])
    }

    func pollDevice(_ caller: Caller) throws(OAuthFailure) -> Reply {
        guard let code = form.nonEmpty("device_code") else { throw .missing("device_code") }
        guard var device = world.oauth.devices[code], device.clientID == caller.client.id else {
            throw OAuthFailure(400, "invalid_grant", "Malformed device code.")
        }
        guard device.expires > world.now else { throw OAuthFailure(400, "expired_token") }
        let isTooFast = device.lastPoll.map { world.now - $0 < device.interval * 1000 } ?? false
        device.lastPoll = world.now
        if isTooFast { device.interval += 5 }
        defer { world.oauth.devices[code] = device }
        switch device.state {
        case .allowed(let user, let scopes):
            device.state = .done
            let grant = world.note(consent: scopes, user: user, client: device.clientID)
            return try issue(
                Issue(
                    user: user, clientID: device.clientID, scopes: scopes, grantID: grant.id,
                    isOffline: true, refresh: true, nonce: nil))
        case .denied:
            throw OAuthFailure(403, "access_denied", "Forbidden")
        case .done:
            throw .badGrant
        case .pending where isTooFast:
            throw OAuthFailure(403, "slow_down", "Forbidden")
        case .pending:
            throw OAuthFailure(428, "authorization_pending", "Precondition Required")
        }
    }

    /// The page on which the person enters the code; with automatic consent a visit suffices.
    func device() -> Reply {
        let parameters = request.method == "POST" ? form : query
        let typed = (parameters["user_code"] ?? "").uppercased()
        guard let found = waitingDevice(typed) else {
            guard typed.isEmpty else {
                return ConsentPage.message("That code is wrong or no longer valid.", status: 400)
            }
            return .page(
                """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>Local Google</title></head>
                <body><h1>Connect a device</h1><form><p><label>Code <input name="user_code"></label>
                <button>Next</button></p></form></body></html>
                """)
        }
        if request.method == "POST" { return decide(found.code, found.request) }
        if world.configuration.autoConsent, let account = world.defaultAccount {
            world.oauth.devices[found.code]?.state = .allowed(account.email, found.request.scopes)
            return ConsentPage.message("Success! Device connected.")
        }
        return ConsentPage.page(
            title: "Connect a device to \(found.request.clientID)", action: "/device",
            fields: "<input type=\"hidden\" name=\"user_code\" value=\"\(HTML.escaped(typed))\">",
            users: world.allAccounts, chosen: world.defaultAccount,
            scopes: found.request.scopes.filter { $0 != "openid" })
    }

    private func waitingDevice(_ userCode: String) -> (code: String, request: DeviceRequest)? {
        for (code, device) in world.oauth.devices
        where device.userCode == userCode && device.expires > world.now {
            if case .pending = device.state { return (code, device) }
        }
        return nil
    }

    private func decide(_ code: String, _ device: DeviceRequest) -> Reply {
        guard form["decision"] == "allow",
            let user = form.nonEmpty("user").map({ world.account($0) }) ?? world.defaultAccount
        else {
            world.oauth.devices[code]?.state = .denied
            return ConsentPage.message("Access denied.")
        }
        let chosen = form.all("granted")
        let scopes = device.scopes.filter { chosen.contains($0) || $0 == "openid" }
        guard !scopes.isEmpty else {
            world.oauth.devices[code]?.state = .denied
            return ConsentPage.message("Access denied.")
        }
        world.oauth.devices[code]?.state = .allowed(user.email, scopes)
        return ConsentPage.message("Success! Device connected.")
    }
}

extension World {
    /// The address at which the client reached this server, from its Host header.
    func baseURL(_ request: EmulatorRequest) -> String? {
        guard let host = request.header("Host"), HostNames.isLoopback(host) else { return nil }
        return "http://\(host)"
    }
}
