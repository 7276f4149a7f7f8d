import LosslessJSON
import _CryptoExtras

extension OAuthSnapshot {
    /// Reads what was kept and answers what puts it in place.
    ///
    /// Clients and fixed tokens stay those of the configuration.
    /// - Throws: ``LocalGoogleError`` with code `invalidSnapshot`.
    static func restoring(_ fields: SnapshotFields) throws(LocalGoogleError) -> (World) -> Void {
        let kept = try state(fields)
        return { world in
            var state = kept
            state.takeConfiguration(of: world.oauth)
            world.oauth = state
        }
    }

    private static func state(_ fields: SnapshotFields) throws(LocalGoogleError) -> OAuthState {
        var state = OAuthState(configuration: LocalGoogleConfiguration())
        state.serial = try fields.int("serial")
        for part in try fields.parts("grants") { state.put(try grant(part)) }
        for part in try fields.parts("codes") {
            state.codes[try part.string("code")] = try code(part)
        }
        try readTokens(fields, into: &state)
        try readDevices(fields, into: &state)
        for part in try fields.parts("serviceAccounts") {
            let account = try serviceAccount(part)
            state.serviceAccounts[account.email] = account
        }
        if let pem = try fields.text("signingKey") {
            do { state.signer = try TokenSigner(pem: pem) } catch {
                throw fields.failure("signingKey")
            }
        }
        return state
    }

    private static func readTokens(
        _ fields: SnapshotFields, into state: inout OAuthState
    ) throws(LocalGoogleError) {
        for part in try fields.parts("accessTokens") {
            state.accessTokens[try part.string("token")] = AccessToken(
                user: try part.string("user"), clientID: try part.string("client"),
                scopes: try part.strings("scopes"), grantID: try part.int("grant"),
                isOffline: part.flag("offline"), origin: try part.int("origin"),
                expires: try part.int("expires"))
        }
        for part in try fields.parts("refreshTokens") {
            let token = RefreshToken(
                user: try part.string("user"), clientID: try part.string("client"),
                scopes: try part.strings("scopes"), grantID: try part.int("grant"),
                origin: try part.int("origin"), dies: try part.number("dies"),
                lastUsed: try part.int("lastUsed"))
            state.put(token, as: try part.string("token"))
        }
    }

    private static func readDevices(
        _ fields: SnapshotFields, into state: inout OAuthState
    ) throws(LocalGoogleError) {
        for part in try fields.parts("devices") {
            let code = try part.string("code")
            let device = try device(part)
            state.devices[code] = device
            state.userCodes[device.userCode] = code
        }
        for part in try fields.parts("deviceQuotas") {
            state.deviceQuotas[try part.string("client")] = DeviceQuota(
                start: try part.int("start"), count: Int(try part.int("count")))
        }
    }

    private static func grant(_ part: SnapshotFields) throws(LocalGoogleError) -> Grant {
        var grant = Grant(
            id: try part.int("id"), user: try part.string("user"),
            clientID: try part.string("client"), scopes: try part.strings("scopes"),
            ends: try part.number("ends"), isRevoked: part.flag("revoked"))
        let serials = part.json["withdrawn"]?.array ?? []
        grant.withdrawn = Set(serials.compactMap(\.int))
        guard serials.count == grant.withdrawn.count else { throw part.failure("withdrawn") }
        return grant
    }

    private static func code(
        _ part: SnapshotFields
    ) throws(LocalGoogleError) -> AuthorizationCode {
        AuthorizationCode(
            serial: try part.int("serial"), user: try part.string("user"),
            clientID: try part.string("client"), redirectURI: try part.string("redirect"),
            scopes: try part.strings("scopes"), challenge: try part.text("challenge"),
            isHashed: part.flag("hashed"), isOffline: part.flag("offline"),
            givesRefreshToken: part.flag("refresh"), nonce: try part.text("nonce"),
            grantID: try part.int("grant"), expires: try part.int("expires"),
            isUsed: part.flag("used"))
    }

    private static func device(_ part: SnapshotFields) throws(LocalGoogleError) -> DeviceRequest {
        var device = DeviceRequest(
            clientID: try part.string("client"), userCode: try part.string("userCode"),
            scopes: try part.strings("scopes"), expires: try part.int("expires"))
        device.interval = try part.int("interval")
        guard (1...3600).contains(device.interval) else { throw part.failure("interval") }
        device.lastPoll = try part.number("lastPoll")
        switch try part.string("state") {
        case "pending": device.state = .pending
        case "denied": device.state = .denied
        case "done": device.state = .done
        case "allowed":
            device.state = .allowed(try part.string("user"), try part.strings("granted"))
        default: throw part.failure("state")
        }
        return device
    }

    private static func serviceAccount(
        _ part: SnapshotFields
    ) throws(LocalGoogleError) -> ServiceAccount {
        var account = ServiceAccount(
            email: try part.string("email"), clientID: try part.string("client"))
        for key in try part.parts("keys") {
            let pem = try key.string("public")
            do {
                account.keys.append(
                    ServiceAccount.Key(
                        try _RSA.Signing.PublicKey(pemRepresentation: pem), id: try key.string("id")
                    )
                )
            } catch { throw part.failure("keys") }
        }
        return account
    }
}

extension SnapshotFields {
    /// A text that may be `null`.
    fileprivate func text(_ name: String) throws(LocalGoogleError) -> String? {
        json[name]?.nonNull == nil ? nil : try string(name)
    }

    /// A number that may be `null`.
    fileprivate func number(_ name: String) throws(LocalGoogleError) -> Int64? {
        json[name]?.nonNull == nil ? nil : try int(name)
    }
}
