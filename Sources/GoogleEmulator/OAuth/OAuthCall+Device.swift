import LosslessJSON

/// Signing in on a device that has no browser.
///
/// - SeeAlso: RFC 8628; Google Identity, "OAuth 2.0 for TV and Limited-Input Device Applications".
extension OAuthCall {
    private static let halfHour: Int64 = 1_800_000

    func deviceCode() throws(OAuthFailure) -> Reply {
        try check(methods: ["POST"], single: ["client_id", "client_secret", "scope"])
        guard form.nonEmpty("client_id") != nil || request.header("Authorization") != nil else {
            throw .missing("client_id")
        }
        let client = try client().client
        guard let text = form.nonEmpty("scope") else { throw .missing("scope") }
        guard let scopes = ScopeRules.requested(text),
            world.switches.deviceFlowGrantsEveryScope
                || scopes.allSatisfy(ScopeRules.isAllowedForDevices)
        else {
            throw OAuthFailure(
                400, "invalid_scope", "Invalid device flow scope: \(text.prefix(1000))")
        }
        guard takeDeviceQuota(client.id) else {
            var refusal = Reply.oauth(["error_code": "rate_limit_exceeded"], status: 403)
            refusal.headers.append(("Retry-After", "60"))
            return refusal
        }
        let code = "AH-1Ng" + world.random.word(70, from: Alphabet.base64URL)
        let userCode = newUserCode()
        world.oauth.devices[code] = DeviceRequest(
            clientID: client.id, userCode: userCode, scopes: scopes,
            expires: world.now + Self.halfHour)
        world.oauth.userCodes[userCode] = code
        let page = "\(world.baseURL(request) ?? "https://www.google.com")/device"
        return .oauth([
            "device_code": .string(code), "user_code": .string(userCode), "expires_in": 1800,
            "interval": 5, "verification_url": .string(page), "verification_uri": .string(page),
        ])
    }

    /// Counts a code of the client; `false` if it has had enough of them in this half hour.
    private func takeDeviceQuota(_ client: String) -> Bool {
        let now = world.now
        var quota = world.oauth.deviceQuotas[client] ?? DeviceQuota(start: now, count: 0)
        // A clock that was set back begins a new half hour, too.
        if !(0..<Self.halfHour).contains(now - quota.start) {
            quota = DeviceQuota(start: now, count: 0)
        }
        guard quota.count < world.switches.deviceCodesPerClient else { return false }
        quota.count += 1
        world.oauth.deviceQuotas[client] = quota
        return true
    }

    private func newUserCode() -> String {
        while true {
            let code =
                world.random.word(4, from: Alphabet.userCode) + "-"
                + world.random.word(4, from: Alphabet.userCode)
            if world.oauth.userCodes[code] == nil { return code }
        }
    }

    func pollDevice(_ caller: Caller) throws(OAuthFailure) -> Reply {
        guard let code = form.nonEmpty("device_code") else { throw .missing("device_code") }
        guard caller.mayGoOn else { throw .noSecret }
        guard var device = world.oauth.devices[code], device.clientID == caller.client.id else {
            throw OAuthFailure(400, "invalid_grant", "Malformed device code.")
        }
        guard device.expires > world.now else { throw OAuthFailure(400, "expired_token") }
        let isTooFast =
            device.lastPoll.map { (0..<device.interval * 1000).contains(world.now - $0) } ?? false
        device.lastPoll = world.now
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
            device.interval = min(device.interval + 5, 3600)
            throw OAuthFailure(403, "slow_down", "Forbidden")
        case .pending:
            throw OAuthFailure(428, "authorization_pending", "Precondition Required")
        }
    }
}
